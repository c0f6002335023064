// Runs before Gradio's module. Gradio goes on showing that it waits when a turn was refused (429, 503): the reason, which the
// server gives in French, is kept in the body's data for the page to tell. Sends nothing, keeps nothing else.
"use strict";

const unwatched = window.fetch;

window.fetch = async (...asked) => {
  const joins = String(asked[0]?.url ?? asked[0]).includes("/queue/join");
  if (joins) delete document.body.dataset.refused;
  const response = await unwatched(...asked);
  if (joins && (response.status === 429 || response.status === 503)) {
    const told = await response.clone().json();
    document.body.dataset.refused = told.detail;
  }
  return response;
};
