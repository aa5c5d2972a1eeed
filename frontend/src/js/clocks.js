// Urgency clocks run between page loads: ring, words and tone follow the time that is left. A paused clock stands still.
// Words: data-left="%h 时 %m 分", data-left-short="%m 分", data-left-seconds="%s 秒", data-over="..."; times in ISO 8601.
const MINUTE = 60_000;
const THRESHOLDS = [0, 0.25];

function words(clock, milliseconds) {
  const over = milliseconds < 0;
  const total = Math.abs(milliseconds);
  const minutes = over ? Math.floor(total / MINUTE) : Math.ceil(total / MINUTE);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const kind = over ? "over" : "left";
  const pick = (name) => clock.dataset[kind + name] ?? "";
  const days = Math.floor(hours / 24);
  if (days >= 2) return pick("Days").replace("%d", days).replace("%h", hours % 24);
  if (!over && total < MINUTE) return clock.dataset.leftSeconds.replace("%s", Math.ceil(total / 1000));
  if (hours === 0) return pick("Short").replace("%m", rest);
  return pick("Long").replace("%h", hours).replace("%m", rest);
}

function draw(clock, now) {
  const due = Date.parse(clock.dataset.due);
  const started = Date.parse(clock.dataset.started);
  const left = due - now;
  const share = Math.max(0, Math.min(1, left / Math.max(1, due - started)));
  clock.classList.toggle("x-clock--late", left < 0);
  clock.classList.toggle("x-clock--soon", left >= 0 && share < 0.25);
  clock.querySelector(".v")?.setAttribute("stroke-dasharray", `${(left < 0 ? 100 : share * 100).toFixed(1)} 100`);
  const text = clock.querySelector("[data-clock-text]");
  const next = words(clock, left);
  if (text && text.textContent !== next) text.textContent = next;
  announce(clock, left < 0 ? -1 : share, next);
}

// Screen readers hear a threshold, not every tick.
function announce(clock, share, text) {
  const level = share < 0 ? 0 : THRESHOLDS.findLastIndex((limit) => share >= limit) + 1;
  const before = clock.dataset.level;
  clock.dataset.level = String(level);
  const voice = clock.querySelector("[data-clock-voice]");
  if (voice && before !== undefined && before !== String(level)) voice.textContent = text;
}

export function startClocks() {
  const tick = () => {
    const now = Date.now();
    let soonest = 30_000;
    for (const clock of document.querySelectorAll(".x-clock[data-due]:not([data-paused])")) {
      draw(clock, now);
      if (Math.abs(Date.parse(clock.dataset.due) - now) < 2 * MINUTE) soonest = 1000;
    }
    setTimeout(tick, soonest);
  };
  tick();
}
