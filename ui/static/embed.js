// In a widget's frame: speaks to the host's page, and brings what that page has set. It tells four things and hears none:
// ready, resize, close, open. What the page has set stands behind "#", which no server is sent.
import { announce, field, ready, say, show, words, write } from "./common.js";

// Whoever opens this page by itself has not chosen what stands there: it could be anyone's words in the service's name.
const given = new URLSearchParams(window.parent === window ? "" : location.hash.slice(1));
const host = origin(given.get("origin"));
const isFramed = host !== "";
const base = new URL(".", location.href).href;
const LOOKS = 30_000; // milliseconds in which the chat is there, or is not coming

// --- speaking to the host's page -------------------------------------------------------------------------------------

function origin(text) {
  try {
    const found = new URL(text).origin;
    return found === text ? found : "";
  } catch {
    return "";
  }
}

// A browser delivers it to that origin alone: a page that claims to be another hears nothing.
function tell(assistant, values = {}) {
  if (isFramed) window.parent.postMessage({ assistant, ...values }, host);
}

const wider = document.getElementById("wider");
wider.addEventListener("click", () => {
  const wide = wider.getAttribute("aria-pressed") !== "true";
  wider.setAttribute("aria-pressed", String(wide));
  tell("resize", { wide });
});

// On the window, which comes last: what can be closed in the chat itself closes first.
window.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
  if (document.querySelector("dialog[open]")) return;
  const source = document.getElementById("panel");
  const unfolded = event.target.closest?.("#filters") && document.querySelector("#filters > button.open");
  if (!source.hidden) document.getElementById("panel-close").click();
  else if (unfolded) {
    unfolded.click();
    unfolded.focus();
  } else tell("close");
});

// Who comes into the frame goes on to the question, unless something has the focus already; on a touch screen to the heading,
// since the question would bring up the keyboard, over the examples.
function goToQuestion() {
  const active = document.activeElement;
  if (active !== null && active !== document.body) return;
  const heading = document.getElementById("title");
  heading.tabIndex = -1;
  const chosen = window.matchMedia("(pointer: coarse)").matches ? heading : field("question");
  if (chosen === null) return;
  chosen.focus({ preventScroll: true });
  show(chosen, "nearest");
}

window.addEventListener("focus", goToQuestion);

// --- links -----------------------------------------------------------------------------------------------------------

function bare(url) {
  return url.hostname.replace(/^www\./, "") + (url.port ? `:${url.port}` : "");
}

function isOfHost(link) {
  if (!isFramed || link.hasAttribute("download")) return false;
  const [target, home] = [new URL(link.href), new URL(host)];
  // Below a path of the host's site, what is ours is told by that path.
  return /^https?:$/.test(target.protocol) && !target.href.startsWith(base) && bare(target) === bare(home);
}

// Gradio gives every link a tab of its own; the host's own pages open where the reader is.
document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest("a[href]");
    if (!link || !isOfHost(link) || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    tell("open", { href: link.href });
  },
  true,
);

function mendLinks() {
  for (const tab of document.querySelectorAll("#chat a[target] > .sr, #panel a[target] > .sr")) {
    if (isOfHost(tab.parentElement)) tab.remove(); // it says "new tab"
  }
}

// --- what the host's page has set --------------------------------------------------------------------------------------

// Gradio's own inputs, so that the reader can see what is set, and change it. Gradio draws them when they are first unfolded, and
// for a moment sets them back: what holds three times has settled.
async function chooseFilters() {
  const wanted = [["radio", given.get("publisher")], ...given.getAll("theme").map((theme) => ["checkbox", theme])];
  const chosen = wanted.filter(([, value]) => value);
  if (chosen.length === 0) return;
  const fold = document.querySelector("#filters > button");
  fold.click();
  for (let held = 0, tries = 0; held < 3 && tries < 50; tries += 1) {
    await new Promise((done) => setTimeout(done, 100));
    const inputs = chosen.map(([type, value]) => inputOf(type, value));
    if (!document.querySelector("#filters input")) continue;
    held = inputs.every((input) => !input || input.checked) ? held + 1 : 0;
    for (const input of inputs) if (input && !input.checked) input.click();
  }
  fold.click();
  for (const [type, value] of chosen) if (!inputOf(type, value)) console.warn(say("unknownFilter", { value }));
}

function inputOf(type, value) {
  const inputs = [...document.querySelectorAll(`#filters input[type=${type}]`)];
  return inputs.find((input) => folded(input.closest("label").textContent) === folded(value));
}

function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

function bring() {
  chooseFilters();
  if (given.get("question") && !field("question").value) write("question", given.get("question").slice(0, 500));
  bringPage();
}

function bringPage() {
  const [url, title] = [["page", 2000], ["title", 300]].map(([name, most]) => [...(given.get(name) || "").trim()].slice(0, most).join(""));
  const page = { url, title };
  if (!page.url && !page.title) return;
  const chip = document.getElementById("on-page");
  chip.querySelector("strong").textContent = page.title || page.url;
  chip.querySelector("button").addEventListener("click", () => {
    chip.hidden = true;
    write("host-page", "");
    announce(words.pageLeft);
    field("question").focus();
  });
  chip.hidden = false;
  write("host-page", JSON.stringify(page));
}

// --- beginning -------------------------------------------------------------------------------------------------------

function begin() {
  document.getElementById("in-english").hidden = given.get("language") !== "en";
  new MutationObserver(mendLinks).observe(document.body, { subtree: true, childList: true });
  wider.hidden = !isFramed || given.get("can") !== "widen"; // on a phone there is no more room
  tell("ready");
  const since = performance.now();
  const look = setInterval(() => {
    const isThere = ready();
    if (!isThere && performance.now() - since < LOOKS) return;
    clearInterval(look);
    if (!isThere) return;
    if (document.hasFocus()) goToQuestion();
    bring();
  }, 50);
}

begin();
