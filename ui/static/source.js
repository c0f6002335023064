// Copies the reference, where the browser lets us; without it the reference is a text that can be selected. Sends nothing.
"use strict";

const button = document.querySelector(".reference button");
const reference = document.getElementById("reference");
const told = document.querySelector(".reference [role=status]");
const label = button.textContent;

async function copy() {
  try {
    await navigator.clipboard.writeText(reference.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(reference); // refused: a key press is left to do
    return false;
  }
}

button.addEventListener("click", async () => {
  const said = (await copy()) ? button.dataset.copied : button.dataset.notCopied;
  button.textContent = said;
  told.textContent = said;
  setTimeout(() => {
    button.textContent = label;
    told.textContent = "";
  }, 3000);
});
// Only a secure context has a clipboard.
button.hidden = navigator.clipboard === undefined;
