// Polling (hx-trigger="every …"): rests in hidden tabs, slows down while the server fails.

const failures = new WeakMap();
const MAX_SKIPPED = 15;

const isPolling = (element) => element?.matches?.('[hx-trigger*="every"]');

function onBeforeRequest(event) {
  const element = event.detail.elt;
  if (!isPolling(element) || event.detail.requestConfig?.triggeringEvent) return;
  const state = failures.get(element);
  if (document.hidden || (state && state.toSkip-- > 0)) event.preventDefault();
}

function onAfterRequest(event) {
  const element = event.detail.elt;
  if (!isPolling(element)) return;
  if (event.detail.successful) {
    failures.delete(element);
    return;
  }
  const count = (failures.get(element)?.count ?? 0) + 1;
  failures.set(element, { count, toSkip: Math.min(2 ** count - 1, MAX_SKIPPED) });
}

export function startPolling() {
  document.body.addEventListener("htmx:beforeRequest", onBeforeRequest);
  document.body.addEventListener("htmx:afterRequest", onAfterRequest);
}
