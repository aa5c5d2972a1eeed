// "/" goes to the search box; j and k walk a list whose rows carry data-row and hold one link. Never inside a field.
import { singleKeysAreOn } from "./shortcuts.js";

const TYPING = "input, textarea, select, [contenteditable]";

function walk(rows, step) {
  const at = rows.findIndex((row) => row.classList.contains("is-selected"));
  const next = Math.max(0, Math.min(rows.length - 1, at + step));
  rows[at]?.classList.remove("is-selected");
  rows[next].classList.add("is-selected");
  rows[next].querySelector("a")?.focus();
}

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.target.matches(TYPING) || event.ctrlKey || event.metaKey || event.altKey || !singleKeysAreOn()) return;
    if (event.key === "/") {
      const find = document.querySelector("[data-search]");
      if (find) {
        event.preventDefault();
        find.matches("a") ? find.click() : find.focus();
      }
    }
    const rows = [...document.querySelectorAll("[data-row]")];
    if (rows.length && (event.key === "j" || event.key === "k")) walk(rows, event.key === "j" ? 1 : -1);
  });
}
