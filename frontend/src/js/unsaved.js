// A form with data-guard asks, in the browser's own words, before typed text is left behind.
const dirty = new Set();
let sending = null; // the form with typed text that was sent last

export function startUnsavedGuard() {
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (form) dirty.add(form);
  });
  const forget = (event) => dirty.delete(event.target);
  document.addEventListener("submit", (event) => {
    sending = dirty.has(event.target) ? event.target : null;
    forget(event);
  });
  document.addEventListener("x:saved", forget);
  document.addEventListener("x:leaving", () => dirty.clear()); // the session is over: nothing can be kept by staying
  window.addEventListener("beforeunload", (event) => {
    if (![...dirty].some((form) => form.isConnected)) return;
    event.preventDefault();
    window.setTimeout(stay); // it runs when the person has chosen to stay
  });
}

// What was pressed before the question can be pressed again, and what was about to be sent is unsaved as before.
function stay() {
  if (sending) dirty.add(sending);
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  }
}
