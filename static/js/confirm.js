// hx-confirm and data-confirm ask in our own dialog instead of the browser's.
import { openDialog } from "./dialogs.js";

const dialog = () => document.getElementById("confirm-dialog");

function ask(question, source) {
  const box = dialog();
  const yes = box.querySelector("[data-confirm-yes]");
  const isDanger = Boolean(source?.closest(".button-danger, .menu-item-danger"));
  box.querySelector("[data-confirm-question]").textContent = question;
  yes.textContent = source?.dataset.confirmLabel || yes.dataset.label;
  yes.className = `button button-md ${isDanger ? "button-danger is-solid" : "button-primary"}`;
  box.returnValue = "";
  openDialog(box);
  return new Promise((resolve) => {
    const accept = () => box.close("yes");
    yes.addEventListener("click", accept, { once: true });
    box.addEventListener(
      "close",
      () => {
        yes.removeEventListener("click", accept);
        resolve(box.returnValue === "yes");
      },
      { once: true },
    );
  });
}

async function onHtmxConfirm(event) {
  if (!event.detail.question) return;
  event.preventDefault();
  if (await ask(event.detail.question, event.detail.elt)) event.detail.issueRequest(true);
}

async function onSubmit(event) {
  const { submitter, target: form } = event;
  const question = submitter?.dataset.confirm || form.dataset.confirm;
  if (!question || form.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!(await ask(question, submitter))) return;
  form.dataset.confirmed = "yes";
  form.requestSubmit(submitter);
  delete form.dataset.confirmed;
}

export function startConfirm() {
  document.body.addEventListener("htmx:confirm", onHtmxConfirm);
  document.addEventListener("submit", onSubmit, { capture: true });
}
