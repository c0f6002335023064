// Copying an answer, printing and exporting a conversation.
import { announce, kept, notice, words } from "./common.js";

// --- copying -------------------------------------------------------------------------------------------------------

function plainText(rest) {
  const said = document.getElementById(rest.id.replace(/-rest$/, "")).querySelector(".answer-text").cloneNode(true);
  for (const mark of said.querySelectorAll(".cite")) {
    mark.querySelector(".sr").remove();
    mark.textContent = `[${mark.textContent}]`;
  }
  const lines = [...said.querySelectorAll("h4, li, p")].map((e) => (e.matches("li") ? "- " : "") + e.textContent);
  for (const source of rest.querySelectorAll(".source")) {
    const link = source.querySelector(".ways a[href^='https:']");
    const where = source.querySelector(".where").textContent;
    lines.push(`[${source.querySelector(".n").textContent}] ${where}${link ? ` ${link.href}` : ""}`);
  }
  return lines.join("\n");
}

export async function copy(button) {
  let said = words.copied;
  try {
    await navigator.clipboard.writeText(plainText(button.closest(".rest")));
  } catch {
    said = words.notCopied; // refused, or not a secure context
  }
  button.dataset.label ||= button.textContent;
  button.textContent = said;
  announce(said);
  setTimeout(() => (button.textContent = button.dataset.label), 3000);
}

// --- exporting -----------------------------------------------------------------------------------------------------

// The one place that knows what the server's export wants.
async function exported(format) {
  // What was refused as it was asked (too long, a date that is none) has no answer to take away.
  const taken = kept().exchanges.filter(({ answer }) => answer.status !== "error");
  const turns = taken.map(({ wanted }) => ({
    question: wanted.question,
    filters: wanted.filters || {},
    without: wanted.without || [],
    detailed: wanted.detailed || false,
    ...(wanted.on_page ? { on_page: wanted.on_page } : {}),
  }));
  const reply = await fetch("export", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ format, turns }),
  });
  if (!reply.ok) throw new Error(String(reply.status));
  return reply.blob();
}

function hand(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function exportAs(format) {
  if (kept().exchanges.length === 0) return notice(words.nothingToExport);
  notice(words.exporting);
  try {
    const day = new Date().toISOString().slice(0, 10);
    hand(await exported(format), `conversation-${day}.${format}`);
    notice(words.exported);
  } catch {
    notice(words.notExported);
  }
}

// --- the menu ------------------------------------------------------------------------------------------------------

const menu = document.getElementById("take-away");

function close() {
  menu.open = false;
  menu.querySelector("summary").focus();
}

for (const button of menu.querySelectorAll("[data-format]")) {
  button.addEventListener("click", () => {
    close();
    exportAs(button.dataset.format);
  });
}
document.getElementById("print").addEventListener("click", () => {
  close();
  window.print();
});
menu.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !menu.open) return;
  event.preventDefault();
  close();
});
document.addEventListener("click", (event) => {
  if (!menu.contains(event.target)) menu.open = false;
});

// --- printing ------------------------------------------------------------------------------------------------------

let closed = [];

window.addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details.source:not([open])")];
  for (const source of closed) source.open = true;
});
window.addEventListener("afterprint", () => {
  for (const source of closed) source.open = false;
});
