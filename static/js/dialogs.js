// Native <dialog>: opened by data-dialog-open, filled by htmx through #dialog-host.

export function openDialog(dialog) {
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("[autofocus]")?.focus();
}

function onClick(event) {
  const opener = event.target.closest("[data-dialog-open]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialogOpen);
    if (dialog) {
      event.preventDefault();
      openDialog(dialog);
    }
    return;
  }
  const closer = event.target.closest("[data-dialog-close]");
  if (closer) closer.closest("dialog")?.close();
  // A click on the backdrop has the dialog itself as its target.
  else if (event.target instanceof HTMLDialogElement && isOutside(event)) event.target.close();
}

function isOutside(event) {
  const box = event.target.getBoundingClientRect();
  const { clientX: x, clientY: y } = event;
  return x < box.left || x > box.right || y < box.top || y > box.bottom;
}

function closeTopDialog() {
  [...document.querySelectorAll("dialog[open]")].pop()?.close();
}

export function startDialogs() {
  document.addEventListener("click", onClick);
  document.body.addEventListener("copydesk:close-dialog", closeTopDialog);
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (!event.target.matches("[data-dialog-host]")) return;
    const dialog = event.target.querySelector("dialog");
    if (dialog) openDialog(dialog);
  });
}
