// "12 minutes ago" stays true while the page is open. Only within 24 hours; older times are written out by the server.
const STEPS = [
  [60, "second"],
  [3600, "minute"],
  [86_400, "hour"],
];

function relative(element, now) {
  const seconds = (Date.parse(element.dateTime) - now) / 1000;
  const size = Math.abs(seconds);
  const step = STEPS.findIndex(([limit]) => size < limit);
  if (step < 0) return null;
  if (step === 0) return element.dataset.now;
  const divisor = [1, 60, 3600][step];
  const language = document.documentElement.lang || "en";
  return new Intl.RelativeTimeFormat(language, { numeric: "always" }).format(Math.trunc(seconds / divisor), STEPS[step][1]);
}

export function startTimes() {
  const tick = () => {
    for (const element of document.querySelectorAll("time[data-relative]")) {
      const text = relative(element, Date.now());
      if (text !== null && element.textContent !== text) element.textContent = text;
    }
    setTimeout(tick, 30_000);
  };
  tick();
}
