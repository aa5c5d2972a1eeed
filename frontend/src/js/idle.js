// The session ends after a time without activity, which the server decides. This page tells it that somebody is there
// (a key, a pointer, a touch; at most once a minute), asks shortly before the end, and leaves when it is over. Several
// windows share what they know.
import { csrfToken } from "./csrf.js";

const TOLD_EVERY = 60_000;
const ASKED_EVERY = 5_000; // after the end, while no answer comes
const INPUTS = ["keydown", "pointerdown", "wheel", "touchstart", "input"];

class Watch {
  constructor(dialog) {
    this.dialog = dialog;
    this.limit = Number(dialog.dataset.limit) * 1000;
    this.warning = Number(dialog.dataset.warning) * 1000;
    this.end = Date.now() + Number(dialog.dataset.left) * 1000;
    this.told = Date.now();
    this.isAsking = false;
    this.others = new BroadcastChannel("xinglin-idle");
    this.others.addEventListener("message", (event) => this.prolong(event.data));
  }

  start() {
    for (const kind of INPUTS) document.addEventListener(kind, () => this.used(), { passive: true, capture: true });
    this.dialog.querySelector("[data-idle-stay]").addEventListener("click", () => this.tell());
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.tell();
    });
    document.addEventListener("visibilitychange", () => this.tick());
    // A page from the browser's memory (Back): somebody else may have signed out in between.
    window.addEventListener("pageshow", (event) => event.persisted && this.ask("GET"));
    window.setInterval(() => this.tick(), 1000);
  }

  used() {
    const pause = Math.min(TOLD_EVERY, this.limit / 4);
    if (!this.dialog.open && Date.now() - this.told > pause) this.tell();
  }

  async tell() {
    this.told = Date.now();
    await this.ask("POST");
  }

  async ask(method) {
    try {
      const headers = { "X-CSRFToken": csrfToken(), Accept: "application/json" };
      const response = await fetch(this.dialog.dataset.idle, { method, headers });
      if (response.status === 401) this.leave();
      if (!response.ok) return;
      const end = Date.now() + (await response.json()).left * 1000;
      this.prolong(end);
      this.others.postMessage(end);
    } catch {
      // Offline: the server's clock goes on, and so does this one.
    }
  }

  prolong(end) {
    this.end = end;
    if (end - Date.now() > this.warning && this.dialog.open) this.dialog.close();
  }

  async tick() {
    const left = this.end - Date.now();
    if (left <= 0) {
      await this.over();
    } else if (left <= this.warning) {
      if (!this.dialog.open) this.warn();
      this.show(left);
    }
  }

  warn() {
    for (const form of document.querySelectorAll("form[data-autosave]")) form.dispatchEvent(new CustomEvent("x:save-pending"));
    this.dialog.showModal();
  }

  show(left) {
    const seconds = Math.ceil(left / 1000);
    const text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    this.dialog.querySelector("[data-idle-left]").textContent = text;
    const said = this.dialog.querySelector("[data-idle-said]");
    if (seconds === 60) said.textContent = said.dataset.minute;
    if (seconds === 15) said.textContent = said.dataset.seconds;
  }

  // Another device may have gone on with the same session: the server has the last word.
  async over() {
    if (this.isAsking) return;
    this.isAsking = true;
    await this.ask("GET");
    window.setTimeout(() => (this.isAsking = false), ASKED_EVERY);
  }

  leave() {
    document.dispatchEvent(new CustomEvent("x:leaving"));
    const page = encodeURIComponent(window.location.pathname + window.location.search);
    window.location.replace(`${this.dialog.dataset.signIn}?next=${page}`);
  }
}

export function startIdle() {
  const dialog = document.querySelector("[data-idle]");
  if (dialog) new Watch(dialog).start();
}
