// Runs before Gradio's module. It gives Gradio what its own page would, mends what Gradio does to language and labels,
// holds back what is asked while an answer is under way, and tells screen readers once when an answer has come.
import { announce, command, field, notice, numberOf, ready, show, words, write } from "./common.js";
import { copy } from "./take_away.js";
import { offerOpinion } from "./opinion.js";
import { closePanel, openPanel } from "./panel.js";
import { isOpening, reopen, save, whenOpened } from "./history.js";

window.__gradio_mode__ = "app";
// It would ask below the page's own address, which is not always the chat's.
document.querySelector("gradio-app").setAttribute("src", new URL(".", location.href).href.replace(/\/$/, ""));
window.gradio_api_info = { named_endpoints: {}, unnamed_endpoints: {} };
// Gradio takes its words and the page's language from the browser; this page is in French for everyone.
Object.defineProperty(navigator, "language", { get: () => "fr" });
Object.defineProperty(navigator, "languages", { get: () => ["fr"] });

const shown = new WeakSet();
const told = new WeakSet();
let waiting = false; // for the first piece of an answer
let searching = false; // for all of it but what to ask next
let lastAnswer;
let isReady = false;
let busy = 0; // the timer after which an answer can be stopped: most are there before
let stopped = null; // the answer that was stopped, which stays as it is; "nothing" where none had begun
let heldBack = null; // the button that asks as soon as a conversation is open

// --- what a user does ----------------------------------------------------------------------------------------------

const ASKS = "#send, button.example, button.suggestion, .answer button.remove, .rest button.more";

function act(element) {
  if (element.matches(".cite")) return openPanel(element);
  if (element.matches(".back")) return backToMark(element);
  if (element.matches(".copy")) return copy(element);
  if (element.matches(".useful, .useless")) return offerOpinion(element);
  if (element.matches(".more")) return command({ do: "more", number: numberOf(element) });
  if (element.matches(".edit")) return edit(element.previousElementSibling.textContent);
  if (element.matches(".remove")) {
    const filter = [...element.classList].find((name) => name.startsWith("f-")).slice(2);
    return command({ do: "without", number: numberOf(element), filter });
  }
}

function backToMark(link) {
  const mark = document.getElementById(link.hash.slice(1));
  mark.focus({ preventScroll: true });
  show(mark, "center");
}

function edit(question) {
  write("question", question);
  document.querySelector("#question textarea").focus();
}

// While an answer is under way nothing else is asked; while a conversation is being opened, it is asked right after.
function isHeldBack(event, button) {
  if (!button || !(searching || isOpening())) return false;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (isOpening()) heldBack = button;
  else announce(words.searching);
  return true;
}

document.addEventListener(
  "click",
  (event) => {
    if (isHeldBack(event, event.target.closest(ASKS))) return;
    const element = event.target.closest("#chat :is(a.cite, a.back, button:not([type]))");
    if (!element) return;
    event.preventDefault();
    act(element);
  },
  true,
);

document.addEventListener(
  "keydown",
  (event) => {
    const sends = event.key === "Enter" && !event.shiftKey && event.target.closest("#question");
    isHeldBack(event, sends && document.getElementById("send"));
  },
  true,
);

document.querySelector(".skip").addEventListener("click", (event) => {
  if (!ready()) return;
  event.preventDefault();
  document.querySelector("#question textarea").focus();
});

// --- waiting -------------------------------------------------------------------------------------------------------

function latestAnswer() {
  return [...document.querySelectorAll(".answer")].at(-1); // ids are new with each answer
}

// A question stands there alone while a model has not said anything yet; so it stays when it was stopped.
function isUnanswered() {
  const [asked, answers] = ["#chat .asked", "#chat .answer"].map((one) => document.querySelectorAll(one).length);
  const isLost = document.querySelector("#chat > [data-testid=status-tracker].error") !== null;
  return asked > answers && stopped === null && !words.refused && !isLost;
}

function isUnfinished(answer) {
  return answer !== undefined && answer !== stopped && document.getElementById(`${answer.id}-rest`) === null;
}

// Gradio's own button ends what the server does; what is shown by then is not kept, since it is not whole.
document.addEventListener("click", (event) => {
  if (!event.target.closest("#stop")) return;
  const answer = latestAnswer();
  stopped = isUnfinished(answer) ? answer : "nothing";
  field("question").focus({ preventScroll: true });
});

function offerStop() {
  const ask = document.getElementById("ask");
  if (!searching) {
    clearTimeout(busy);
    busy = 0;
    if (ask?.dataset.busy) {
      delete ask.dataset.busy;
      if (stopped) notice(words.stopped);
      if (document.activeElement === document.body) field("question").focus({ preventScroll: true });
    }
  } else if (!busy) {
    stopped = null;
    busy = setTimeout(() => (ask.dataset.busy = "yes"), 800);
  }
}

// Gradio tells of waiting only once there is a conversation, and of a lost connection in English: its signs are hidden.
// It goes on showing them while suggestions are looked for, but counts seconds only until the first piece.
function noticeWaiting() {
  const counts = document.querySelector("#chat > [data-testid=status-tracker]:not(.hide, .error) .progress-text") !== null;
  const now = (counts && !words.refused) || isUnanswered(); // written by refused.js; Gradio then waits for ever
  searching = now || isUnfinished(latestAnswer());
  offerStop();
  if (now === waiting) return;
  waiting = now;
  if (isOpening()) return;
  if (waiting) {
    lastAnswer = latestAnswer()?.id;
    notice(words.searching);
  } else {
    notice("");
    setTimeout(() => {
      if (waiting || isOpening() || latestAnswer()?.id !== lastAnswer) return;
      notice(stopped ? words.stopped : words.refused || words.notAnswered);
    }, 500);
  }
}

// --- mending -------------------------------------------------------------------------------------------------------

function mendLabels() {
  if (document.documentElement.lang !== "fr") document.documentElement.lang = "fr";
  // Gradio labels each message with its raw markup; without a label, its content is what is read.
  for (const message of document.querySelectorAll("[data-testid=user][aria-label], [data-testid=bot][aria-label]")) {
    message.removeAttribute("aria-label");
  }
  // It announces the whole log at every change; the announcer says the answer once.
  for (const log of document.querySelectorAll("[role=log]:not([aria-live=off])")) {
    log.setAttribute("aria-live", "off");
    log.setAttribute("aria-label", words.conversation);
  }
  const filters = document.querySelector("#filters > button");
  if (filters) {
    const open = String(filters.classList.contains("open"));
    if (filters.getAttribute("aria-expanded") !== open) filters.setAttribute("aria-expanded", open);
  }
  for (const group of document.querySelectorAll("#filters fieldset:not([aria-label])")) {
    group.setAttribute("aria-label", group.querySelector("span").textContent.trim());
  }
  for (const [id, name] of [["examples", "examples"], ["after", "next"]]) {
    const group = document.getElementById(id);
    if (!group || group.hasAttribute("role")) continue;
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", words[name]);
  }
}

function tellAnswers() {
  if (isOpening()) return;
  for (const answer of document.querySelectorAll(".answer")) {
    if (!shown.has(answer)) {
      shown.add(answer);
      const question = answer.closest(".message-row")?.previousElementSibling;
      show(question || answer, "start");
      keepPlace(question);
    }
    if (told.has(answer) || isUnfinished(answer)) continue;
    told.add(answer);
    announce(words.answerReady + answer.querySelector(".answer-text").innerText);
    save();
  }
}

// What is opened again has been read before.
whenOpened(() => {
  for (const answer of document.querySelectorAll(".answer")) {
    told.add(answer);
    shown.add(answer);
  }
  heldBack?.click();
  heldBack = null;
});

// A button that was chosen is gone with its answer: who used the keyboard goes on from the question.
function keepPlace(question) {
  const asked = question?.querySelector(".asked");
  if (!asked || document.activeElement !== document.body) return;
  asked.tabIndex = -1;
  asked.focus({ preventScroll: true });
}

function mend() {
  mendLabels();
  noticeWaiting();
  tellAnswers();
  if (document.querySelector(".answer") === null) closePanel();
  if (isReady || !ready()) return;
  isReady = true;
  document.querySelector(".actions").hidden = false;
  reopen();
}

new MutationObserver(mend).observe(document.documentElement, {
  subtree: true,
  childList: true,
  attributes: true,
  attributeFilter: ["lang", "aria-label", "aria-live", "class", "data-refused"],
});
