// data-copy="text": puts it on the clipboard and says so.

async function onClick(event) {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const label = button.querySelector("[data-copy-label]");
  const before = label.textContent;
  await writeClipboard(button.dataset.copy);
  label.textContent = button.dataset.copied;
  button.classList.add("is-copied");
  const use = button.querySelector("use");
  const icon = use.getAttribute("href");
  use.setAttribute("href", icon.replace(/#.*/, "#check"));
  setTimeout(() => {
    label.textContent = before;
    button.classList.remove("is-copied");
    use.setAttribute("href", icon);
  }, 2000);
}

async function writeClipboard(text) {
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  // Plain http on a private network has no clipboard API.
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

export function startCopy() {
  document.addEventListener("click", onClick);
}
