// Tabs after the ARIA pattern: arrows move, one tab stop, panels by aria-controls. Without script all panels are open.
function select(tab) {
  const list = tab.closest("[role=tablist]");
  for (const other of list.querySelectorAll("[role=tab]")) {
    const isChosen = other === tab;
    other.setAttribute("aria-selected", String(isChosen));
    other.tabIndex = isChosen ? 0 : -1;
    const panel = document.getElementById(other.getAttribute("aria-controls"));
    if (panel) panel.hidden = !isChosen;
  }
}

const MOVES = { ArrowRight: 1, ArrowLeft: -1 };

export function startTabs() {
  for (const list of document.querySelectorAll("[role=tablist]")) {
    select(list.querySelector("[aria-selected=true]") ?? list.querySelector("[role=tab]"));
  }
  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) select(tab);
  });
  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (!tab) return;
    const all = [...tab.closest("[role=tablist]").querySelectorAll("[role=tab]")];
    let next = all.indexOf(tab) + (MOVES[event.key] ?? 0);
    if (event.key === "Home") next = 0;
    else if (event.key === "End") next = all.length - 1;
    else if (!MOVES[event.key]) return;
    event.preventDefault();
    const chosen = all[(next + all.length) % all.length];
    select(chosen);
    chosen.focus();
  });
}
