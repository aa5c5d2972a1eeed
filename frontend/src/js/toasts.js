// Toasts leave after six seconds, wait while hovered or focused, and can be sent away.
const LIFE = 6000;

function arm(toast) {
  let timer;
  const start = () => (timer = setTimeout(() => toast.remove(), LIFE));
  const stop = () => clearTimeout(timer);
  for (const name of ["mouseenter", "focusin"]) toast.addEventListener(name, stop);
  for (const name of ["mouseleave", "focusout"]) toast.addEventListener(name, start);
  toast.querySelector("[data-toast-close]")?.addEventListener("click", () => toast.remove());
  start();
}

export function startToasts() {
  document.querySelectorAll(".x-toast[data-toast]").forEach(arm);
  document.addEventListener("htmx:load", (event) => {
    event.target.querySelectorAll?.(".x-toast[data-toast]").forEach(arm);
  });
}
