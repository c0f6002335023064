// Conversations that can be reopened: kept by store.js as data, and drawn anew by the chat, which trusts none of it.
import { announce, command, kept, notice, say, words } from "./common.js";
import { closePanel } from "./panel.js";
import * as store from "./store.js";

const dialog = document.getElementById("history");
const forgetting = ["forget", "forget-sure", "forget-not"].map((id) => document.getElementById(id));
let id = null;
let seen = () => {};
let opening = ""; // by which the chat's data are told to be of what is being opened

// --- keeping -------------------------------------------------------------------------------------------------------

// The chat draws an answer and writes its data in one go, but not in one moment.
export function save(tries = 20) {
  const { exchanges } = kept();
  const answers = document.querySelectorAll(".answer");
  const isWhole = exchanges.length > 0 && answers[answers.length - 1]?.id === `r${exchanges.at(-1).number}`;
  if (!isWhole) {
    if (tries > 0) setTimeout(() => save(tries - 1), 50);
    return;
  }
  id ??= newId();
  store.setCurrent(id);
  store.keep({ id, title: exchanges[0].wanted.question, saved: new Date().toISOString(), exchanges });
}

function newId() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// --- opening -------------------------------------------------------------------------------------------------------

export function isOpening() {
  return opening !== "";
}

function open(conversation, told) {
  closePanel();
  id = conversation?.id ?? null;
  store.setCurrent(id);
  opening = newId();
  command({ do: "show", conversation: { exchanges: conversation?.exchanges ?? [], opening } });
  window.scrollTo(0, 0);
  settle(told, opening);
}

export function whenOpened(act) {
  seen = act;
}

// Waits until what is drawn is what was to be opened; a quarter of a minute at most.
function settle(told, wanted, tries = 300) {
  if (opening !== wanted) return; // another is being opened
  if (isDrawn(wanted)) {
    opening = "";
    notice("");
    if (told) announce(told);
    seen();
  } else if (tries > 0) {
    setTimeout(() => settle(told, wanted, tries - 1), 50);
  } else {
    opening = "";
    notice(words.notReopened);
    seen();
  }
}

function isDrawn(wanted) {
  const now = kept();
  const drawn = document.querySelectorAll(".rest").length === now.exchanges.length;
  const asked = [...document.querySelectorAll(".asked")].at(-1)?.textContent ?? "";
  const last = now.exchanges.at(-1)?.wanted.question ?? "";
  return now.opening === wanted && drawn && folded(asked).endsWith(folded(last));
}

function folded(text) {
  return text.replace(/\s+/g, " ").trim();
}

// After a reload of the page, what this tab showed.
export function reopen() {
  const conversation = store.all().find((one) => one.id === store.current());
  if (conversation) open(conversation, "");
}

// --- the dialog ----------------------------------------------------------------------------------------------------

function draw() {
  const list = store.all();
  document.getElementById("keep").checked = store.keeps();
  document.getElementById("history-none").hidden = list.length > 0;
  document.getElementById("history-problem").hidden = store.lasts();
  document.getElementById("conversations").replaceChildren(...list.map(item));
  setForgetting(false);
  forgetting[0].hidden = list.length === 0;
}

function item(conversation) {
  const { title } = conversation;
  const name = document.createElement("span");
  name.className = "title";
  name.textContent = title;
  const when = document.createElement("time");
  when.dateTime = conversation.saved;
  when.textContent = day(conversation.saved);
  const chosen = button("conversation", () => {
    dialog.close();
    open(conversation, say("reopened", { title }));
  });
  chosen.append(name, when);
  if (conversation.id === id) chosen.setAttribute("aria-current", "true");
  const erase = button("delete", () => erased(conversation.id), words.delete);
  const what = document.createElement("span");
  what.className = "sr";
  what.textContent = ` ${say("deleteWhat", { title })}`;
  erase.append(what);
  const line = document.createElement("li");
  line.append(chosen, erase);
  return line;
}

function button(name, act, text = "") {
  const made = document.createElement("button");
  made.type = "button";
  made.className = name;
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function day(saved) {
  const date = new Date(saved);
  if (Number.isNaN(date.getTime())) return "";
  return new Intl.DateTimeFormat("fr", { dateStyle: "long", timeStyle: "short" }).format(date);
}

function erased(gone) {
  const place = store.all().findIndex((one) => one.id === gone);
  store.remove(gone);
  if (gone === id) open(null, "");
  draw();
  const left = document.querySelectorAll("#conversations .delete");
  (left[Math.min(place, left.length - 1)] ?? dialog.querySelector("form button")).focus();
  announce(words.deleted);
}

function setForgetting(asks) {
  forgetting[0].hidden = asks;
  forgetting[1].hidden = forgetting[2].hidden = !asks;
}

function forgetAll() {
  store.removeAll();
  open(null, "");
  draw();
  dialog.querySelector("form button").focus();
  announce(words.forgotten);
}

document.getElementById("new").addEventListener("click", () => {
  open(null, words.started);
  document.querySelector("#question textarea").focus();
});
document.getElementById("open-history").addEventListener("click", () => {
  draw();
  dialog.showModal();
});
document.getElementById("keep").addEventListener("change", (event) => {
  store.setKeeps(event.target.checked);
  if (event.target.checked && kept().exchanges.length > 0) save();
  draw();
});
forgetting[0].addEventListener("click", () => {
  setForgetting(true);
  forgetting[1].focus();
});
forgetting[1].addEventListener("click", forgetAll);
forgetting[2].addEventListener("click", () => {
  setForgetting(false);
  forgetting[0].focus();
});
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});
