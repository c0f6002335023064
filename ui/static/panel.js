// The source panel: what a number of an answer rests on, beside the text. Made of what stands in the message already.
import { announce, say, show } from "./common.js";

const panel = document.getElementById("panel");
const title = document.getElementById("panel-title");
let mark = null;

export function openPanel(chosen) {
  const proof = proofOf(chosen);
  if (!proof) return;
  fill(chosen, proof);
  title.focus({ preventScroll: true });
  if (mark.getBoundingClientRect().bottom > panel.getBoundingClientRect().top && isSheet()) show(mark, "start");
}

export function closePanel() {
  if (panel.hidden) return;
  const left = mark;
  const hadFocus = panel.contains(document.activeElement) || document.activeElement === document.body;
  panel.hidden = true;
  document.body.classList.remove("with-panel");
  left?.removeAttribute("aria-current");
  mark = null;
  if (hadFocus && left?.isConnected) {
    left.focus({ preventScroll: true });
    show(left, "nearest");
  }
}

function isSheet() {
  return panel.getBoundingClientRect().width > window.innerWidth / 2;
}

function proofOf(chosen) {
  return document.getElementById(chosen.hash.slice(1));
}

// One mark for each source of the answer, in the order of their numbers.
function marksOf(chosen) {
  const all = [...chosen.closest(".answer").querySelectorAll("a.cite")];
  const first = new Map();
  for (const one of all) if (!first.has(one.hash) && proofOf(one)) first.set(one.hash, one);
  return [...first.values()].sort((a, b) => numberIn(a) - numberIn(b));
}

function numberIn(chosen) {
  return Number(chosen.hash.match(/-s(\d+)$/)[1]);
}

function fill(chosen, proof) {
  mark?.removeAttribute("aria-current");
  mark = chosen;
  mark.setAttribute("aria-current", "true");
  const marks = marksOf(mark);
  title.textContent = say("sourceOf", { n: numberIn(mark), all: marks.length });
  const copy = proof.cloneNode(true);
  copy.removeAttribute("id");
  copy.querySelector(".back")?.remove();
  panel.querySelector(".proof").replaceWith(copy);
  panel.hidden = false;
  panel.scrollTop = 0;
  document.body.classList.add("with-panel");
  const place = marks.findIndex((one) => one.hash === mark.hash);
  setEnd("panel-previous", marks[place - 1]);
  setEnd("panel-next", marks[place + 1]);
}

// A button that has become useless keeps the focus, and says that it is of no use.
function setEnd(id, neighbour) {
  document.getElementById(id).setAttribute("aria-disabled", String(neighbour === undefined));
}

function step(by) {
  const marks = marksOf(mark);
  const next = marks[marks.findIndex((one) => one.hash === mark.hash) + by];
  if (!next) return;
  fill(next, proofOf(next));
  show(next, isSheet() ? "start" : "nearest");
  announce(`${title.textContent}. ${panel.querySelector("blockquote").textContent}`);
}

document.getElementById("panel-close").addEventListener("click", closePanel);
document.getElementById("panel-previous").addEventListener("click", () => step(-1));
document.getElementById("panel-next").addEventListener("click", () => step(1));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || panel.hidden) return;
  if (event.target.closest?.("dialog, form, details[open], #ask, #filters")) return;
  event.preventDefault();
  closePanel();
});
