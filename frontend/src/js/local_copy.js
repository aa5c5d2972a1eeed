// A form with data-local-copy="NAME" keeps in this browser what the server does not have yet: a phone without a
// connection, or a page dropped within the autosave's pause, loses nothing. The copy goes as soon as it is kept there
// ("x:saved"), or when a page says that what it was for has ended. It is put back only when it is newer.
const PREFIX = "xinglin-copy-";

function store(action) {
  try {
    return action(window.localStorage);
  } catch {
    return null; // storage switched off or full: the server's copy is what there is
  }
}

function entries(form) {
  return [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
}

function putBack(form, kept) {
  for (const field of form.elements) {
    if (!field.name || field.name === "csrfmiddlewaretoken" || field.type === "submit" || field.type === "hidden") continue;
    const values = kept.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
    else field.value = values[0] ?? "";
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function follow(form) {
  const key = PREFIX + form.dataset.localCopy;
  const found = store((storage) => JSON.parse(storage.getItem(key)));
  const keptAt = Date.parse(form.dataset.keptAt ?? "") || 0;
  form.addEventListener("input", () => {
    const copy = JSON.stringify({ at: Date.now(), entries: entries(form) });
    store((storage) => storage.setItem(key, copy));
  });
  form.addEventListener("x:saved", () => store((storage) => storage.removeItem(key)));
  if (found?.at > keptAt) putBack(form, found.entries);
  else store((storage) => storage.removeItem(key));
}

export function startLocalCopies() {
  for (const ended of document.querySelectorAll("[data-local-copy-ended]")) {
    store((storage) => storage.removeItem(PREFIX + ended.dataset.localCopyEnded));
  }
  document.querySelectorAll("form[data-local-copy]").forEach(follow);
}
