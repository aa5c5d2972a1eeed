// A form with data-guard asks, in the browser's own words, before typed text is left behind.
const dirty = new Set();

export function startUnsavedGuard() {
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (form) dirty.add(form);
  });
  const forget = (event) => dirty.delete(event.target);
  document.addEventListener("submit", forget);
  document.addEventListener("x:saved", forget);
  document.addEventListener("x:leaving", () => dirty.clear()); // the session is over: nothing can be kept by staying
  window.addEventListener("beforeunload", (event) => {
    if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
  });
}
