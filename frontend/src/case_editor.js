// The case editor by keyboard: Alt and an arrow move the step whose button has the focus, Ctrl or Cmd and S save. The
// image that is chosen stands big beside its caption at once, and each save says what the part still lacks.
function showKeyImage(form, radio) {
  const big = form.querySelector("[data-key-image]");
  const small = radio.closest("li").querySelector("img");
  if (big && small) big.src = small.src.replace("side=160", "side=640");
}

function tellGaps(form, gaps) {
  const note = form.querySelector("[data-part-gaps]");
  if (!note || !gaps) return;
  note.querySelector("ul").replaceChildren(
    ...gaps.map((gap) => {
      const link = document.createElement("a");
      link.className = "x-link";
      link.href = `#id_part-${gap.field}`;
      link.textContent = gap.sentence;
      const row = document.createElement("li");
      row.append(link);
      return row;
    }),
  );
  note.hidden = gaps.length === 0;
}

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
  form.addEventListener("change", (event) => event.target.name === "part-frame" && showKeyImage(form, event.target));
  form.addEventListener("x:saved", (event) => tellGaps(form, event.detail?.gaps));
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      form.dispatchEvent(new CustomEvent("x:save-now"));
    }
  });
}
