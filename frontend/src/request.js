// The request form: the step list follows what is typed, laboratory rows come and go, chosen files are sent at once.
import { csrfToken } from "./js/csrf.js";

function followSteps(page, form) {
  form.addEventListener("x:saved", (event) => {
    if (!event.detail?.steps) return;
    for (const place of page.querySelectorAll("[data-request-steps]")) place.innerHTML = event.detail.steps;
  });
}

// A value outside its range says so in a word while it is typed.
function word(range, form) {
  const mark = range.querySelector("[data-word]");
  const number = (name) => {
    const text = range.dataset[name] ?? range.querySelector(`[name$="-${name}"]`)?.value ?? "";
    return text === "" ? null : Number(text);
  };
  const typed = (range.querySelector('[name$="-value"]') ?? range.querySelector("input")).value;
  const value = typed === "" ? null : Number(typed);
  const [low, high] = [number("low"), number("high")];
  const isHigh = value !== null && high !== null && value > high;
  const isLow = value !== null && low !== null && value < low;
  const text = isHigh ? form.dataset.highText : isLow ? form.dataset.lowText : "";
  if (mark.textContent === text) return;
  mark.textContent = text;
  mark.hidden = !text;
  mark.classList.toggle("x-oor--low", isLow);
}

function startRows(form) {
  const rows = form.querySelector('[data-rows="labs"]');
  if (!rows) return;
  const template = form.querySelector("[data-row-template]");
  const total = form.elements["labs-TOTAL_FORMS"];
  const said = form.querySelector("[data-rows-said]");
  const changed = () => form.dispatchEvent(new Event("input", { bubbles: true }));

  function add() {
    const index = Number(total.value);
    const before = rows.querySelector("[data-lab-row]:last-child [type=date]")?.value ?? "";
    const markup = template.innerHTML.replaceAll("__prefix__", index).replaceAll("__number__", index + 1);
    rows.insertAdjacentHTML("beforeend", markup);
    total.value = index + 1;
    const row = rows.lastElementChild;
    row.querySelector("[type=date]").value = before;
    row.querySelector("input").focus();
    said.textContent = said.dataset.addedText;
  }

  function remove(row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    (next?.querySelector("[data-remove-row]") ?? form.querySelector("[data-add-row]")).focus();
    said.textContent = said.dataset.removedText;
    changed();
  }

  form.addEventListener("click", (event) => {
    const isAdd = event.target.closest("[data-add-row]");
    const isRemove = event.target.closest("[data-remove-row]");
    if (!isAdd && !isRemove) return;
    event.preventDefault();
    if (isAdd) add();
    else remove(isRemove.closest("[data-lab-row]"));
  });
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"];

function sizeInWords(bytes) {
  const step = Math.min(Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1024)), UNITS.length - 1);
  const format = { style: "unit", unit: UNITS[step], maximumFractionDigits: step ? 1 : 0 };
  return new Intl.NumberFormat(document.documentElement.lang, format).format(bytes / 1024 ** step);
}

function startFiles(page, form) {
  const list = form.querySelector("[data-files]");
  if (!list) return;
  const template = form.querySelector("[data-file-template]");
  const waiting = [];
  let isSending = false;
  let afterwards = null;

  function post(entry, done) {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("form_key", form.elements.form_key.value);
    body.append("step", "files");
    body.append(entry.name, entry.file);
    entry.request = request;
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) entry.row.querySelector("progress").value = (100 * event.loaded) / event.total;
    });
    request.addEventListener("loadend", () => {
      finish(entry, request);
      done();
    });
    request.responseType = "json";
    request.open("POST", form.dataset.files);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Accept", "application/json");
    request.send(body);
  }

  function finish(entry, request) {
    entry.row.querySelector("progress").remove();
    const kept = request.status === 200 && request.response?.files?.[0];
    if (kept) {
      entry.row.querySelector("[data-remove-file]").value = `remove_file:${kept.id}`;
      entry.row.dataset.kept = "yes";
      if (kept.problem) showProblem(entry.row, kept.problem);
      form.dispatchEvent(new CustomEvent("x:save-now"));
      return;
    }
    entry.row.classList.add("is-failed");
    entry.row.querySelector("[data-size]").textContent = request.response?.title ?? list.dataset.failedText;
  }

  function showProblem(row, sentence) {
    row.classList.add("is-failed");
    row.querySelector("[data-size]").textContent = sentence;
  }

  function next() {
    const entry = waiting.shift();
    isSending = Boolean(entry);
    if (entry) post(entry, next);
    else if (afterwards) form.requestSubmit(afterwards);
  }

  function take(name, file) {
    const row = template.content.firstElementChild.cloneNode(true);
    row.querySelector("[data-name]").textContent = file.name;
    row.querySelector("[data-size]").textContent = sizeInWords(file.size);
    row.querySelector("[data-remove-file]").setAttribute("aria-label", `${template.dataset.removeText} ${file.name}`);
    list.append(row);
    const entry = { name, file, row };
    row.addEventListener("click", (event) => {
      if (!event.target.closest("[data-remove-file]") || row.dataset.kept) return;
      event.preventDefault(); // not kept yet: nothing to tell the server
      entry.request?.abort();
      if (waiting.includes(entry)) waiting.splice(waiting.indexOf(entry), 1);
      row.remove();
    });
    waiting.push(entry);
  }

  form.addEventListener("change", (event) => {
    const input = event.target;
    if (input.type !== "file") return;
    for (const file of input.files) take(input.name, file);
    input.value = ""; // sent from here, not once more with the form
    if (!isSending) next();
  });
  form.addEventListener("submit", (event) => {
    if (!isSending) return;
    event.preventDefault();
    afterwards = event.submitter;
  });
}

export function startRequest(root) {
  for (const page of root.querySelectorAll("[data-request]:not([data-started])")) {
    page.dataset.started = "yes";
    const form = page.querySelector("form");
    followSteps(page, form);
    form.addEventListener("input", (event) => {
      const range = event.target.closest("[data-range]");
      if (range) word(range, form);
    });
    startRows(form);
    startFiles(page, form);
  }
}
