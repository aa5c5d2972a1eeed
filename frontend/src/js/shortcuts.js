// Single keys that act wherever one is on a page can be switched off on this device (WCAG 2.1.4). The switch stands on the
// help page. Keys of an element that has the focus, such as an image viewer, stay.
const KEPT = "xinglin-single-keys";

export function singleKeysAreOn() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true; // a browser that keeps nothing
  }
}

export function startShortcuts() {
  const label = document.querySelector("[data-single-keys]");
  if (!label) return;
  const box = label.querySelector("input");
  label.hidden = false;
  box.checked = singleKeysAreOn();
  box.addEventListener("change", () => localStorage.setItem(KEPT, box.checked ? "on" : "off"));
}
