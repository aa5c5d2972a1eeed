// Dialogs by the platform's own element. A form with data-confirm="dialog-id" asks there before it is sent.
function confirmFirst(form, submitter, dialog) {
  const go = dialog.querySelector("[data-confirm-go]");
  const send = () => {
    dialog.close();
    form.dataset.confirmed = "yes";
    form.requestSubmit(submitter ?? undefined);
  };
  go.addEventListener("click", send, { once: true });
  dialog.addEventListener("close", () => go.removeEventListener("click", send), { once: true });
  dialog.showModal();
}

export function startDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
      event.preventDefault();
      document.getElementById(opener.dataset.dialog)?.showModal();
    }
    const closer = event.target.closest("[data-dialog-close]");
    if (closer) closer.closest("dialog")?.close();
  });
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const name = event.submitter?.dataset.confirm ?? form.dataset.confirm;
      const dialog = name ? document.getElementById(name) : null;
      if (!dialog || form.dataset.confirmed) return;
      event.preventDefault();
      event.stopPropagation();
      confirmFirst(form, event.submitter, dialog);
    },
    true,
  );
}
