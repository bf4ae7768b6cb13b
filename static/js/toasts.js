// Toasts: server messages, htmx answers (copydesk:toast) and failed requests.

const VISIBLE_MS = 6000;
const ICONS = { success: "check-circle", info: "info", warning: "warning", error: "error" };

function dismissLater(toast) {
  // Errors stay until read; the others wait while the pointer or focus is on them.
  if (toast.classList.contains("toast-error")) return;
  let timer;
  const start = () => (timer = setTimeout(() => toast.remove(), VISIBLE_MS));
  const stop = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", stop);
  toast.addEventListener("focusin", stop);
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusout", start);
  start();
}

export function showToast(message, level = "info") {
  const toast = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
  const known = level in ICONS ? level : "info";
  toast.classList.add(`toast-${known}`);
  toast.querySelector(".toast-text").textContent = message;
  const use = toast.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${ICONS[known]}`));
  document.getElementById("toasts").append(toast);
  raise();
  dismissLater(toast);
}

// Shown anew, the popover lies above a dialog that was opened after it.
function raise() {
  const toasts = document.getElementById("toasts");
  if (!toasts.showPopover) return;
  if (toasts.matches(":popover-open")) toasts.hidePopover();
  toasts.showPopover();
}

function onFailure(event) {
  const status = event.detail.xhr?.status;
  const words = document.getElementById("toasts").dataset;
  if (event.detail.elt?.matches?.('[hx-trigger*="every"]')) return;
  if (status === 429) showToast(words.textBusy, "warning");
  else if (status === 403) showToast(words.textForbidden, "error");
  else if (status) showToast(words.textFailed, "error");
  else showToast(words.textOffline, "error");
}

export function startToasts() {
  document.querySelectorAll("#toasts [data-toast]").forEach(dismissLater);
  document.addEventListener("click", (event) => {
    event.target.closest("[data-toast-close]")?.closest("[data-toast]").remove();
  });
  document.body.addEventListener("copydesk:toast", (event) => {
    for (const { message, level } of event.detail.toasts ?? []) showToast(message, level);
  });
  document.body.addEventListener("htmx:responseError", onFailure);
  document.body.addEventListener("htmx:sendError", onFailure);
  document.body.addEventListener("htmx:timeout", onFailure);
}
