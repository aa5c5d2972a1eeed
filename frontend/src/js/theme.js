// The appearance changes at once; the form behind the button stores it for the next page.
export function startTheme() {
  for (const form of document.querySelectorAll("form[data-theme-form]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const root = document.documentElement;
      const theme = root.dataset.bsTheme === "dark" ? "light" : "dark";
      root.dataset.bsTheme = theme;
      const body = new FormData(form);
      body.set("theme", theme);
      delete form.dataset.sent;
      await fetch(form.action, { method: "POST", body });
      const label = form.querySelector("[data-theme-label]");
      if (label) label.textContent = label.dataset[theme];
    });
  }
}
