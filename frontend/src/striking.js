// Words selected in a text stand in the field that strikes them out.

const LONGEST = 200;

function chosenIn(root) {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return "";
  const within = selection.getRangeAt(0).commonAncestorContainer;
  const element = within.nodeType === Node.ELEMENT_NODE ? within : within.parentElement;
  const text = element?.closest("[data-words]");
  return text && root.contains(text) ? selection.toString().trim() : "";
}

export function startStriking(within = document) {
  for (const root of within.querySelectorAll("[data-striking]:not([data-started])")) {
    root.dataset.started = "";
    const form = root.querySelector("[data-strike-form]");
    if (!form) continue;
    root.querySelector("[data-strike-hint]").hidden = false;
    document.addEventListener("selectionchange", () => {
      const words = chosenIn(root);
      if (words && words.length <= LONGEST) form.elements.words.value = words;
    });
  }
}
