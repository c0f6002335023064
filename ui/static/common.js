// What the chat's scripts share: words of the page, telling screen readers, and speaking to the chat itself.

export const words = document.body.dataset;

export function say(name, values = {}) {
  return words[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

// Behind an open dialog nothing is read out, so that one has an announcer of its own.
export function announce(text) {
  const announcer = document.querySelector("dialog[open] [role=status]") ?? document.getElementById("announcer");
  announcer.textContent = "";
  announcer.textContent = text;
}

// Beside the field for questions, where everyone looks while waiting.
export function notice(text) {
  document.getElementById("ask").dataset.notice = text;
  if (text) announce(text);
}

// As scrollIntoView, which in a frame would move the page around it too: that page is its reader's.
export function show(element, block) {
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const style = getComputedStyle(document.documentElement);
  const first = parseFloat(style.scrollPaddingTop) || 0;
  const last = window.innerHeight - (parseFloat(style.scrollPaddingBottom) || 0);
  const { top, bottom } = element.getBoundingClientRect();
  let by = 0;
  if (block === "start") by = top - first;
  else if (block === "center") by = (top + bottom - first - last) / 2;
  else if (top < first) by = top - first;
  else if (bottom > last) by = Math.min(bottom - last, top - first);
  window.scrollBy({ top: by, behavior: still ? "auto" : "smooth" });
}

// Which fragment of the conversation an element belongs to: an answer is two messages, `r3` and `r3-rest`.
export function numberOf(element) {
  const message = element.closest(".answer, .rest");
  return message ? Number(message.id.match(/^r(\d+)/)?.[1]) : 0;
}

// The conversation as the chat keeps it: {exchanges: [{number, wanted, answer}], opening}, oldest first.
export function kept() {
  try {
    return { exchanges: [], opening: "", ...JSON.parse(field("kept").value || "{}") };
  } catch {
    return { exchanges: [], opening: "" };
  }
}

export function exchange(number) {
  return kept().exchanges.find((one) => one.number === number);
}

export function ready() {
  return field("command") !== null && field("question") !== null && document.getElementById("run") !== null;
}

export function field(name) {
  return document.querySelector(`#${name} textarea`);
}

export function write(name, text) {
  field(name).value = text;
  field(name).dispatchEvent(new Event("input", { bubbles: true }));
}

export function command(wanted) {
  write("command", JSON.stringify(wanted));
  document.getElementById("run").click();
}
