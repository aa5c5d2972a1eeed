// A form with data-autosave="URL" keeps its draft: two seconds after the last key it is posted there, and a line says so.
import { csrfToken } from "./csrf.js";

async function save(form, status) {
  status.textContent = form.dataset.savingText;
  try {
    const response = await fetch(form.dataset.autosave, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-CSRFToken": csrfToken(), Accept: "application/json", "X-Autosave": "1" },
    });
    const isJson = response.headers.get("Content-Type")?.includes("json");
    const answer = isJson ? await response.json() : {};
    status.textContent = response.ok ? form.dataset.savedText : (answer.title ?? form.dataset.unsavedText);
    if (answer.version !== undefined && form.elements.version) form.elements.version.value = answer.version;
    if (response.ok) form.dispatchEvent(new CustomEvent("x:saved", { bubbles: true }));
  } catch {
    status.textContent = form.dataset.unsavedText;
  }
}

export function startAutosave() {
  for (const form of document.querySelectorAll("form[data-autosave]")) {
    const status = form.querySelector("[data-autosave-status]");
    if (!status) continue;
    let timer;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => save(form, status), 2000);
    });
    form.addEventListener("submit", () => clearTimeout(timer));
  }
}
