// The case editor by keyboard: Alt and an arrow move the step whose button has the focus, Ctrl or Cmd and S save.
export function startCaseEditor(root) {
  for (const editor of root.querySelectorAll("[data-case-editor]:not([data-started])")) {
    editor.dataset.started = "yes";
    editor.addEventListener("keydown", (event) => {
      const way = { ArrowUp: "up", ArrowDown: "down" }[event.key];
      const row = event.target.closest("[data-step]");
      if (!event.altKey || !way || !row) return;
      event.preventDefault();
      row.querySelector(`[data-move="${way}"]`)?.click();
    });
  }
  const form = document.getElementById("part-form");
  if (!form) return;
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      form.dispatchEvent(new CustomEvent("x:save-now"));
    }
  });
}
