// Small kindnesses of forms: one submission each, focus on the first error, filters, files.

function lockSubmit(event) {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || form.method === "dialog" || form.matches("[hx-get], [hx-post]")) return;
  // Disabling at once would drop the pressed button's name from the submission.
  setTimeout(() => submitter?.setAttribute("aria-busy", "true"));
  if (form.dataset.submitted) event.preventDefault();
  form.dataset.submitted = "yes";
}

function unlock() {
  for (const form of document.querySelectorAll("form[data-submitted]")) delete form.dataset.submitted;
  for (const button of document.querySelectorAll("[aria-busy=true]")) button.removeAttribute("aria-busy");
}

function focusFirstError(root) {
  root.querySelector(".has-errors :is(input, select, textarea), [data-autofocus]")?.focus();
}

function submitFilters(event) {
  const form = event.target.closest("form[data-filters]:not([hx-get])");
  if (form && event.target.matches("select")) form.requestSubmit();
}

function highlightDrop(event) {
  const zone = event.target.closest?.("[data-drop-zone]");
  for (const other of document.querySelectorAll("[data-drop-zone].is-over")) {
    if (other !== zone || event.type === "drop") other.classList.remove("is-over");
  }
  if (!zone) return;
  event.preventDefault();
  if (event.type !== "drop") {
    zone.classList.add("is-over");
    return;
  }
  const input = zone.querySelector("input[type=file]");
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

export function startForms() {
  document.addEventListener("submit", lockSubmit);
  window.addEventListener("pageshow", unlock);
  document.addEventListener("change", submitFilters);
  for (const type of ["dragover", "dragleave", "drop"]) document.addEventListener(type, highlightDrop);
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.xhr?.status === 422) focusFirstError(event.detail.elt ?? document);
  });
  if (document.querySelector('.has-errors')) focusFirstError(document);
}
