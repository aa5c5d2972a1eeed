// One click sends once; the error summary takes the focus when a form comes back.
export function startForms() {
  document.querySelector("main .x-errors:not(.x-cmp *), main [data-first-focus]")?.focus();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  // A page restored by "back" may be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
    }
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form[data-sent]");
    if (form) delete form.dataset.sent;
  });
  sendFiltersOnChange();
}

// A filter chosen with mouse or finger is sent at once. From the keyboard it is not: arrows walk through the options of
// a closed list, and each would load the page under the person's hands (WCAG 3.2.2); Enter or the button sends.
function sendFiltersOnChange() {
  let byPointer = false;
  document.addEventListener("pointerdown", () => (byPointer = true), true);
  document.addEventListener("keydown", () => (byPointer = false), true);
  document.addEventListener("change", ({ target }) => {
    const isChosen = target.matches("select, [type=checkbox], [type=radio]");
    if (byPointer && isChosen && target.form?.matches("[data-submit-on-change]")) target.form.requestSubmit();
  });
  // What is not set stays out of the address, so that it can be shared, and a public list is found in the page cache.
  document.addEventListener("formdata", ({ target, formData }) => {
    if (!target.matches("form[data-submit-on-change]")) return;
    for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
  });
}
