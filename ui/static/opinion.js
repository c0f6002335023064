// "Utile" and "Pas utile": a form below the answer, sent only by its own button.
import { announce, exchange, numberOf, words } from "./common.js";

export function offerOpinion(button) {
  const tools = button.closest(".tools");
  const useful = button.matches(".useful");
  for (const one of tools.querySelectorAll(".useful, .useless")) one.setAttribute("aria-pressed", String(one === button));
  let form = tools.parentElement.querySelector("form.opinion");
  if (!form) {
    form = document.getElementById("opinion").content.cloneNode(true).querySelector("form");
    form.querySelector(".cancel").addEventListener("click", () => withdraw(form, tools));
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      withdraw(form, tools);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form, tools);
    });
    tools.after(form);
  }
  form.dataset.useful = String(useful);
  form.querySelector("textarea").focus();
}

function withdraw(form, tools) {
  const pressed = tools.querySelector("[aria-pressed=true]");
  for (const one of tools.querySelectorAll("[aria-pressed]")) one.removeAttribute("aria-pressed");
  form.remove();
  pressed?.focus();
}

async function send(form, tools) {
  const problem = form.querySelector(".problem");
  problem.hidden = true;
  if (!(await post(opinionOf(form, tools)))) {
    problem.hidden = false;
    announce(words.opinionLost);
    return;
  }
  const thanks = document.createElement("p");
  thanks.className = "thanks";
  thanks.tabIndex = -1;
  thanks.textContent = words.thanks;
  form.remove();
  tools.querySelector(".feedback").replaceWith(thanks);
  thanks.focus();
}

function opinionOf(form, tools) {
  const { wanted, answer } = exchange(numberOf(tools));
  const withQuestion = form.querySelector("input[type=checkbox]").checked;
  return {
    useful: form.dataset.useful === "true",
    comment: form.querySelector("textarea").value.trim(),
    answer: {
      ...(withQuestion ? { question_understood: answer.question_understood || wanted.question } : {}),
      text: answer.text,
      citations: (answer.citations || []).map(({ publication_id, start, end }) => ({ publication_id, start, end })),
      index_build: answer.index_build || "",
      status: answer.status,
    },
  };
}

async function post(opinion) {
  try {
    const reply = await fetch("api/feedback", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(opinion),
    });
    return reply.status === 201;
  } catch {
    return false; // no connection
  }
}
