// Runs before Gradio's module. Gradio shows in a sign of its own, which the page hides, that a turn was refused: the reason,
// which the server gives in French, is kept in the body's data for the page to tell. Sends nothing, keeps nothing else.
"use strict";

const unwatched = window.fetch;

window.fetch = async (...asked) => {
  const response = await unwatched(...asked);
  if (new URL(response.url, location.href).pathname.endsWith("/queue/join")) {
    delete document.body.dataset.refused;
    if (response.status === 429 || response.status === 503) {
      const told = await response.clone().json();
      document.body.dataset.refused = told.detail;
    }
  }
  return response;
};
