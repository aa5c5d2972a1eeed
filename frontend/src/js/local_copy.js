// A form with data-local-copy="NAME" keeps in this browser what the server does not have yet: a phone without a
// connection, or a page dropped within the autosave's pause, loses nothing. The copy goes as soon as it is kept there
// ("x:saved"), or when a page says that what it was for has ended. It is put back only onto the answers it was based on,
// told by when the server kept them: a phone's clock is nobody's.
const PREFIX = "xinglin-copy-";

function store(action) {
  try {
    return action(window.localStorage);
  } catch {
    return null; // storage switched off or full: the server's copy is what there is
  }
}

function isKept(field) {
  return field.name && field.name !== "csrfmiddlewaretoken" && !["submit", "hidden", "file"].includes(field.type);
}

function copyOf(form) {
  const names = new Set([...form.elements].filter(isKept).map((field) => field.name));
  const entries = [...new FormData(form)].filter(([name, value]) => names.has(name) && typeof value === "string");
  return { base: Date.parse(form.dataset.keptAt ?? "") || 0, names: [...names], entries };
}

function putBack(form, { names, entries }) {
  for (const name of names) {
    const fields = [...form.elements].filter((field) => isKept(field) && field.name === name);
    const values = entries.filter(([of]) => of === name).map(([, value]) => value);
    const boxes = fields.filter((field) => field.type === "radio" || field.type === "checkbox");
    // Values that the page does not know any more say nothing about the answer.
    if (values.length === 0 || boxes.some((box) => values.includes(box.value))) {
      for (const box of boxes) box.checked = values.includes(box.value);
    }
    for (const field of fields) if (!boxes.includes(field)) field.value = values[0] ?? "";
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function follow(form) {
  const key = PREFIX + form.dataset.localCopy;
  const found = store((storage) => JSON.parse(storage.getItem(key)));
  form.addEventListener("input", () => store((storage) => storage.setItem(key, JSON.stringify(copyOf(form)))));
  form.addEventListener("x:saved", (event) => {
    if (event.detail?.kept_at) form.dataset.keptAt = event.detail.kept_at;
    store((storage) => storage.removeItem(key));
  });
  if (found?.names && found.base === copyOf(form).base) putBack(form, found);
  else store((storage) => storage.removeItem(key));
}

export function startLocalCopies() {
  for (const ended of document.querySelectorAll("[data-local-copy-ended]")) {
    store((storage) => storage.removeItem(PREFIX + ended.dataset.localCopyEnded));
  }
  document.querySelectorAll("form[data-local-copy]").forEach(follow);
}
