// Runs before Gradio's module. It gives Gradio what its own page would, mends what Gradio does to language and labels,
// opens sources from their marks, and tells screen readers once when an answer has come. Sends nothing, keeps nothing.
"use strict";

window.__gradio_mode__ = "app";
window.gradio_api_info = { named_endpoints: {}, unnamed_endpoints: {} };
// Gradio takes its words and the page's language from the browser; this page is in French for everyone.
Object.defineProperty(navigator, "language", { get: () => "fr" });
Object.defineProperty(navigator, "languages", { get: () => ["fr"] });

const words = () => document.body.dataset;
const openedFrom = new WeakMap();
const announced = new WeakSet();
let searching = false;
let lastAnswer;

function announce(text) {
  document.getElementById("announcer").textContent = text;
}

function still() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function show(element, block) {
  element.scrollIntoView({ block, behavior: still() ? "auto" : "smooth" });
}

// --- sources -------------------------------------------------------------------------------------------------------

function openSource(mark) {
  const source = document.getElementById(mark.hash.slice(1));
  if (!source) return false;
  source.open = true;
  openedFrom.set(source, mark);
  const summary = source.querySelector("summary");
  summary.focus({ preventScroll: true });
  show(source, "nearest");
  return true;
}

function backToMark(source) {
  const mark = openedFrom.get(source) || document.getElementById(source.id.replace(/-s(\d+)$/, "-m$1"));
  if (!mark) return false;
  mark.focus({ preventScroll: true });
  show(mark, "center");
  return true;
}

// --- copying -------------------------------------------------------------------------------------------------------

function plainText(answer) {
  const said = answer.querySelector(".answer-text").cloneNode(true);
  for (const mark of said.querySelectorAll(".cite")) {
    mark.querySelector(".sr").remove();
    mark.textContent = `[${mark.textContent}]`;
  }
  const lines = [...said.querySelectorAll("h4, li, p")].map((e) => (e.matches("li") ? "- " : "") + e.textContent);
  for (const source of answer.querySelectorAll(".source")) {
    const link = source.querySelector(".ways a[href^='https:']");
    const where = source.querySelector(".where").textContent;
    lines.push(`[${source.querySelector(".n").textContent}] ${where}${link ? ` ${link.href}` : ""}`);
  }
  return lines.join("\n");
}

async function copy(answer) {
  try {
    await navigator.clipboard.writeText(plainText(answer));
    return true;
  } catch {
    return false; // refused, or not a secure context
  }
}

// --- what a user does ----------------------------------------------------------------------------------------------

document.addEventListener(
  "click",
  (event) => {
    const element = event.target.closest("a.cite, a.back, button.copy");
    if (!element) return;
    if (element.matches(".cite")) {
      if (openSource(element)) event.preventDefault();
    } else if (element.matches(".back")) {
      if (backToMark(element.closest(".source"))) event.preventDefault();
    } else {
      copy(element.closest(".answer")).then((done) => {
        const said = done ? words().copied : words().notCopied;
        element.dataset.label ||= element.textContent;
        element.textContent = said;
        announce(said);
        setTimeout(() => (element.textContent = element.dataset.label), 3000);
      });
    }
  },
  true,
);

document.addEventListener("keydown", (event) => {
  const source = event.target.closest?.(".source");
  if (event.key === "Escape" && source) {
    source.open = false;
    if (backToMark(source)) event.preventDefault();
  }
});

// --- waiting -------------------------------------------------------------------------------------------------------

function notice(text) {
  document.getElementById("ask").dataset.notice = text;
  if (text) announce(text);
}

function latestAnswer() {
  return [...document.querySelectorAll(".answer")].at(-1)?.id; // ids are new with each answer
}

// Gradio tells of waiting only once there is a conversation, and of a lost connection in English: its signs are hidden.
function noticeWaiting() {
  const refused = words().refused; // written by refused.js; Gradio then waits for ever
  const waits = !refused && document.querySelector("#chat > [data-testid=status-tracker]:not(.hide, .error)") !== null;
  if (waits === searching) return;
  searching = waits;
  if (waits) {
    lastAnswer = latestAnswer();
    notice(words().searching);
  } else {
    notice("");
    setTimeout(() => {
      if (!searching && latestAnswer() === lastAnswer) notice(words().refused || words().notAnswered);
    }, 500);
  }
}

// --- mending -------------------------------------------------------------------------------------------------------

function mend() {
  if (document.documentElement.lang !== "fr") document.documentElement.lang = "fr";
  // Gradio labels each message with its raw markup; without a label, its content is what is read.
  for (const message of document.querySelectorAll("[data-testid=user][aria-label], [data-testid=bot][aria-label]")) {
    message.removeAttribute("aria-label");
  }
  // It announces the whole log at every change; the announcer says the answer once.
  for (const log of document.querySelectorAll("[role=log]:not([aria-live=off])")) {
    log.setAttribute("aria-live", "off");
    log.setAttribute("aria-label", words().conversation);
  }
  noticeWaiting();
  const filters = document.querySelector("#filters > button");
  if (filters) {
    const open = String(filters.classList.contains("open"));
    if (filters.getAttribute("aria-expanded") !== open) filters.setAttribute("aria-expanded", open);
  }
  for (const group of document.querySelectorAll("#filters fieldset:not([aria-label])")) {
    group.setAttribute("aria-label", group.querySelector("span").textContent.trim());
  }
  const examples = document.querySelector("#examples:not([role])");
  if (examples) {
    examples.setAttribute("role", "group");
    examples.setAttribute("aria-label", words().examples);
  }
  for (const answer of document.querySelectorAll(".answer")) {
    if (announced.has(answer)) continue;
    announced.add(answer);
    announce(words().answerReady + answer.querySelector(".answer-text").innerText);
    show(answer.closest(".message-row")?.previousElementSibling || answer, "start");
  }
}

document.addEventListener("DOMContentLoaded", () => {
  new MutationObserver(mend).observe(document.documentElement, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["lang", "aria-label", "aria-live", "class", "data-refused"],
  });
});
