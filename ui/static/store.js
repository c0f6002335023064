// Conversations in this browser, and nowhere else: bounded in number and size. Where a browser refuses, they live as long
// as the page, and `lasts()` is false.

const KEY = "assistant.conversations";
const KEEP = "assistant.keep";
const CURRENT = "assistant.current";
const MOST = 30;
const SIZE = 2_000_000; // characters; browsers allow about five million for a site
const memory = new Map();
let refused = false;

export function lasts() {
  return !refused;
}

export function keeps() {
  return read("localStorage", KEEP) !== "no";
}

// What is kept already stays until it is erased.
export function setKeeps(yes) {
  if (yes) drop("localStorage", KEEP);
  else write("localStorage", KEEP, "no");
}

// Newest first: [{id, title, saved, exchanges}]. What another hand has written there and is not of the form is left out.
export function all() {
  try {
    const found = JSON.parse(read("localStorage", KEY) || "[]");
    return found.filter((one) => typeof one.id === "string" && typeof one.title === "string" && Array.isArray(one.exchanges));
  } catch {
    return [];
  }
}

export function keep(conversation) {
  if (!keeps()) return;
  const others = all().filter((one) => one.id !== conversation.id);
  let list = [conversation, ...others].slice(0, MOST);
  // The oldest give way, to our bound and to the browser's.
  while (list.length > 1 && !(size(list) <= SIZE && put("localStorage", KEY, JSON.stringify(list)))) list = list.slice(0, -1);
  if (list.length === 1) write("localStorage", KEY, JSON.stringify(list));
}

export function remove(id) {
  write("localStorage", KEY, JSON.stringify(all().filter((one) => one.id !== id)));
}

export function removeAll() {
  drop("localStorage", KEY);
}

// Which conversation this tab shows, so that it is there again after reloading.
export function current() {
  return read("sessionStorage", CURRENT);
}

export function setCurrent(id) {
  if (id === null) drop("sessionStorage", CURRENT);
  else write("sessionStorage", CURRENT, id);
}

function size(list) {
  return JSON.stringify(list).length;
}

function read(area, key) {
  if (memory.has(key)) return memory.get(key);
  try {
    return window[area].getItem(key);
  } catch {
    refused = true; // private windows, or storage forbidden
    return null;
  }
}

function write(area, key, text) {
  if (put(area, key, text)) return;
  refused = true;
  memory.set(key, text);
}

function put(area, key, text) {
  try {
    window[area].setItem(key, text);
    memory.delete(key);
    return true;
  } catch {
    return false; // forbidden, or full
  }
}

function drop(area, key) {
  memory.delete(key);
  try {
    window[area].removeItem(key);
  } catch {
    refused = true;
  }
}
