// <details> menus close by Escape, by a click outside and when the focus leaves.
export function startMenus() {
  const close = (menu, refocus) => {
    menu.open = false;
    if (refocus) menu.querySelector("summary").focus();
  };
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(".x-menu[open]")) if (!menu.contains(event.target)) close(menu, false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll(".x-menu[open]")) close(menu, menu.contains(document.activeElement));
  });
  document.addEventListener("focusout", (event) => {
    const menu = event.target.closest(".x-menu[open]");
    if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) close(menu, false);
  });
}
