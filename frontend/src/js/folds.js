/* Secondary parts of a long page: open where there is room, folded on a phone, open on paper. Without this script they
   are open everywhere. data-fold="narrow" says that the part can be folded on a phone only: it opens when there is room,
   since nothing there would open it. */
const narrow = window.matchMedia("(max-width: 767.98px)");
let printed = [];

function fold(root) {
  if (!narrow.matches) return;
  for (const part of root.querySelectorAll("details[data-fold][open]")) part.open = false;
}

export function startFolds() {
  fold(document);
  document.addEventListener("htmx:load", (event) => fold(event.detail.elt));
  narrow.addEventListener("change", () => {
    if (narrow.matches) return;
    for (const part of document.querySelectorAll('details[data-fold="narrow"]')) part.open = true;
  });
  window.addEventListener("beforeprint", () => {
    printed = [...document.querySelectorAll("details[data-fold]:not([open])")];
    for (const part of printed) part.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const part of printed) part.open = false;
  });
}
