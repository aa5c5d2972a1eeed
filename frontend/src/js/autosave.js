// A form with data-autosave="URL" keeps its draft: two seconds after the last key it is posted there, and a line says so.
// One post at a time; what is typed meanwhile goes with the next. A form that is stale stops saving and says why; one
// whose reader was signed out says that it is not saved. `x:saved` carries the answer;
// `x:save-ended` comes after each attempt, kept or not.
import { csrfToken } from "./csrf.js";

const PAUSE = 2000;

function show(status, state, text) {
  status.dataset.state = state;
  status.textContent = text;
}

async function send(form, status) {
  show(status, "saving", form.dataset.savingText);
  try {
    const response = await fetch(form.dataset.autosave, {
      method: "POST",
      body: new FormData(form),
      keepalive: document.visibilityState === "hidden",
      headers: { "X-CSRFToken": csrfToken(), Accept: "application/json", "X-Autosave": "1" },
    });
    const isJson = response.headers.get("Content-Type")?.includes("json");
    const answer = isJson ? await response.json() : {};
    if (answer.is_behind || answer.code === "answered_elsewhere") fallBehind(form);
    if (!response.ok || response.redirected) {
      show(status, "unsaved", answer.title ?? form.dataset.unsavedText);
      return { goesOn: response.status !== 409 };
    }
    const time = new Date().toLocaleTimeString(document.documentElement.lang, {
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZone: document.documentElement.dataset.timeZone, // the house's, as all other times of the page
    });
    show(status, "saved", `${form.dataset.savedText} ${time}`);
    standOnPage(form);
    for (const name of ["version", "revision"]) {
      if (answer[name] !== undefined && form.elements[name]) form.elements[name].value = answer[name];
    }
    for (const [key, base] of Object.entries(answer.bases ?? {})) {
      const field = form.elements[`base-${key}`];
      if (field) field.value = base;
    }
    return { goesOn: true, answer };
  } catch {
    show(status, "unsaved", form.dataset.unsavedText);
    return { goesOn: true };
  }
}

// Another window has answered since. What this page keeps on the device is not put back onto newer answers, so from now
// on it says something else of what is not sent.
function fallBehind(form) {
  const notice = form.querySelector("[data-answers-behind]");
  if (!notice) return;
  notice.hidden = false;
  form.dataset.unsavedText = notice.dataset.unsavedText;
}

// A form that came back refused stands at an address that only takes posts: a refresh would send it again as it was.
// Once its text is kept, a refresh asks for the page that shows what was kept.
function standOnPage(form) {
  if (!form.dataset.page) return;
  const page = new URL(form.dataset.page, location.href);
  if (page.pathname !== location.pathname) history.replaceState(history.state, "", page);
}

function keep(form, status) {
  let timer;
  let isSending = false;
  let isWaiting = false;
  let isPending = false;
  let isStopped = false;
  let afterwards = null;

  async function save() {
    clearTimeout(timer);
    if (isStopped || form.dataset.sent) {
      form.dispatchEvent(new CustomEvent("x:save-ended"));
      return;
    }
    if (isSending) {
      isWaiting = true;
      return;
    }
    isSending = true;
    isWaiting = false;
    isPending = false;
    const { goesOn, answer } = await send(form, status);
    isStopped = !goesOn;
    isSending = false;
    if (afterwards) form.requestSubmit(afterwards.submitter);
    else if (isWaiting) save();
    else {
      if (status.dataset.state === "saved") form.dispatchEvent(new CustomEvent("x:saved", { bubbles: true, detail: answer }));
      form.dispatchEvent(new CustomEvent("x:save-ended"));
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    isPending = true;
    if (isSending) isWaiting = true;
    else timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!isSending) return;
    // The post on its way changes what the form must show as its own state: send after its answer.
    event.preventDefault();
    afterwards = { submitter: event.submitter };
  });
  form.addEventListener("x:save-now", save);
  form.addEventListener("x:save-pending", () => isPending && save());
  // A page that is put away may never come back: what was typed in the last two seconds goes now.
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && isPending && save());
  window.addEventListener("online", () => status.dataset.state === "unsaved" && save());
}

export function startAutosave() {
  for (const form of document.querySelectorAll("form[data-autosave]")) {
    const status = form.querySelector("[data-autosave-status]");
    if (status) keep(form, status);
  }
}
