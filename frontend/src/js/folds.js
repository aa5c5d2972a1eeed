/* Secondary parts of a long page: open where there is room, folded on a phone, open on paper. Without this script they
   are open everywhere. */
const narrow = window.matchMedia("(max-width: 767.98px)");
let printed = [];

function fold(root) {
  if (!narrow.matches) return;
  for (const part of root.querySelectorAll("details[data-fold][open]")) part.open = false;
}

export function startFolds() {
  fold(document);
  document.addEventListener("htmx:load", (event) => fold(event.detail.elt));
  window.addEventListener("beforeprint", () => {
    printed = [...document.querySelectorAll("details[data-fold]:not([open])")];
    for (const part of printed) part.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const part of printed) part.open = false;
  });
}
