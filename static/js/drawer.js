// The side navigation on small screens.

let opener = null;

function setOpen(drawer, isOpen) {
  drawer.classList.toggle("is-open", isOpen);
  document.querySelector("[data-drawer-scrim]").hidden = !isOpen;
  document.querySelector(".shell-main").inert = isOpen;
  document.querySelector(".topbar").inert = isOpen;
  opener?.setAttribute("aria-expanded", String(isOpen));
  if (isOpen) drawer.querySelector("[data-drawer-close]").focus();
  else opener?.focus();
}

export function startDrawer() {
  const drawer = document.querySelector("[data-drawer]");
  if (!drawer) return;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-drawer-open]");
    if (button) {
      opener = button;
      setOpen(drawer, true);
    } else if (event.target.closest("[data-drawer-close], [data-drawer-scrim]")) {
      setOpen(drawer, false);
    }
  });
  document.addEventListener("keydown", (event) => {
    const isOpen = drawer.classList.contains("is-open");
    if (event.key === "Escape" && isOpen && !document.querySelector("dialog[open]")) setOpen(drawer, false);
  });
  matchMedia("(min-width: 60.01rem)").addEventListener("change", (event) => {
    if (event.matches && drawer.classList.contains("is-open")) setOpen(drawer, false);
  });
}
