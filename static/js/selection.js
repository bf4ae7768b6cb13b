// Ticking rows: the page, a range with Shift, or everything that the filter matches.
// Works inside <form data-selection>, also after htmx has swapped the table.

const rows = (form) => [...form.querySelectorAll("[data-select-row]")];
let lastTicked = null;

function text(template, count) {
  return template.replace("{count}", count.toLocaleString(document.documentElement.lang || undefined));
}

function refresh(form) {
  const bar = form.querySelector("[data-bulk-bar]");
  if (!bar) return;
  const all = rows(form);
  const nTicked = all.filter((row) => row.checked).length;
  const matching = bar.querySelector("[data-all-matching]");
  const isWholePage = all.length > 0 && nTicked === all.length;
  if (!isWholePage) matching.value = "";
  const total = Number(bar.dataset.total);
  const isEverything = matching.value === "1";
  const count = bar.querySelector("[data-bulk-count]");
  count.textContent = isEverything ? count.dataset.textAll.replace("{count}", bar.dataset.totalLabel) : text(count.dataset.text, nTicked);
  bar.classList.toggle("is-active", nTicked > 0);
  bar.querySelector("[data-select-matching]").hidden = !isWholePage || isEverything || total <= all.length;
  const page = form.querySelector("[data-select-page]");
  if (page) {
    page.checked = isWholePage;
    page.indeterminate = nTicked > 0 && !isWholePage;
  }
}

function tickRange(form, row) {
  const all = rows(form);
  const [from, to] = [all.indexOf(lastTicked), all.indexOf(row)].sort((a, b) => a - b);
  if (from < 0) return;
  for (const between of all.slice(from, to + 1)) between.checked = row.checked;
}

function onClick(event) {
  const form = event.target.closest("[data-selection]");
  if (!form) return;
  if (event.target.matches("[data-select-row]")) {
    if (event.shiftKey && lastTicked) tickRange(form, event.target);
    lastTicked = event.target;
  } else if (event.target.matches("[data-select-page]")) {
    for (const row of rows(form)) row.checked = event.target.checked;
  } else if (event.target.closest("[data-select-matching]")) {
    form.querySelector("[data-all-matching]").value = "1";
  } else if (event.target.closest("[data-select-none]")) {
    form.querySelector("[data-all-matching]").value = "";
    for (const row of rows(form)) row.checked = false;
  } else {
    return;
  }
  refresh(form);
}

function refreshAll() {
  document.querySelectorAll("[data-selection]").forEach(refresh);
}

export function startSelection() {
  document.addEventListener("click", onClick);
  document.body.addEventListener("htmx:afterSettle", refreshAll);
  // The browser restores ticks when one comes back to the page.
  window.addEventListener("pageshow", refreshAll);
  refreshAll();
}
