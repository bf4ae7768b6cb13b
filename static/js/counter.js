// <textarea data-count="{count} characters"> says below itself how much has been written.

function output(area) {
  const found = area.parentElement.querySelector(":scope > .field-count");
  if (found) return found;
  const made = document.createElement("output");
  made.className = "field-count";
  area.after(made);
  return made;
}

function refresh(area) {
  const count = [...area.value.trim()].length.toLocaleString(document.documentElement.lang || undefined);
  output(area).textContent = area.dataset.count.replace("{count}", count);
}

const refreshAll = () => document.querySelectorAll("textarea[data-count]").forEach(refresh);

export function startCounter() {
  document.addEventListener("input", (event) => {
    if (event.target.matches("textarea[data-count]")) refresh(event.target);
  });
  document.body.addEventListener("htmx:afterSettle", refreshAll);
  refreshAll();
}
