// Where one is in a unit. On [data-unit] (with data-seen-text): its parts are the .x-unit__part with an id, its lists of
// parts the [data-part]. Marks the part that is being read, and keeps a part that was looked at for a while, so that
// another device goes on there. A part with a video is kept by its player.
import { csrfToken } from "./js/csrf.js";

const LONG_ENOUGH = 4000;
const LINE = "-35% 0px -64% 0px";

class Unit {
  constructor(root) {
    this.root = root;
    this.parts = [...root.querySelectorAll(".x-unit__part[id]")];
    this.reasons = new Map(this.parts.map((part) => [part, new Set()]));
    this.timers = new Map();
    this.watch("line", { rootMargin: LINE }, (entry) => entry.isIntersecting);
    this.watch("whole", { threshold: [0, 1] }, (entry) => entry.intersectionRatio === 1);
    document.addEventListener("visibilitychange", () => this.parts.forEach((part) => this.time(part)));
    document.querySelector(".x-ubar__pop")?.addEventListener("click", ({ target }) => {
      if (target.closest('a[href^="#"]')) target.closest("details").open = false;
    });
  }

  // A part is looked at while it crosses the line at which one reads, or stands on the screen as a whole.
  watch(reason, options, holds) {
    const observer = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        const reasons = this.reasons.get(entry.target);
        if (holds(entry)) reasons.add(reason);
        else reasons.delete(reason);
        this.time(entry.target);
      }
      this.showPlace();
    }, options);
    this.parts.forEach((part) => observer.observe(part));
  }

  time(part) {
    const isLookedAt = this.reasons.get(part).size > 0 && document.visibilityState === "visible";
    if (isLookedAt && !this.timers.has(part)) {
      this.timers.set(
        part,
        setTimeout(() => this.keep(part), LONG_ENOUGH),
      );
    } else if (!isLookedAt) {
      clearTimeout(this.timers.get(part));
      this.timers.delete(part);
    }
  }

  // The part at the line; behind the last one the end of the page decides.
  showPlace() {
    const at = (reason) => this.parts.filter((part) => this.reasons.get(part).has(reason));
    const here = at("line")[0] ?? at("whole").at(-1);
    if (!here || here === this.here) return;
    this.here = here;
    for (const item of document.querySelectorAll("[data-part]")) {
      const isHere = item.dataset.part === here.id;
      item.classList.toggle("is-here", isHere);
      const link = item.querySelector("a");
      if (isHere) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
  }

  async keep(part) {
    const url = part.dataset.positionUrl;
    if (!url || part.querySelector("video[data-hls]") || this.kept === part) return;
    this.kept = part;
    try {
      const answer = await fetch(url, { method: "POST", keepalive: true, headers: { "X-CSRFToken": csrfToken() } });
      if (answer.ok) this.markSeen(part.id);
    } catch {
      this.kept = null; // offline: kept when it is looked at again
    }
  }

  markSeen(key) {
    const items = [...document.querySelectorAll(".is-open[data-part]")].filter((item) => item.dataset.part === key);
    for (const item of items) {
      item.classList.replace("is-open", "is-seen");
      item.querySelector("[data-part-state]").textContent = this.root.dataset.seenText;
    }
    if (!items.length) return;
    const reached = document.querySelector("[data-parts-reached]");
    if (reached) reached.textContent = String(Number(reached.textContent) + 1);
    const bar = document.querySelector("[data-parts-bar]");
    if (bar) bar.value += 1;
  }
}

export function startUnit(root) {
  for (const unit of root.querySelectorAll("[data-unit]:not([data-started])")) {
    unit.dataset.started = "";
    new Unit(unit);
  }
}
