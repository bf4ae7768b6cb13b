// <details data-menu>: closes on Escape, outside clicks and choices; arrows move in it.

const items = (menu) => [...menu.querySelectorAll(".menu-item")];

function close(menu, { refocus = false } = {}) {
  menu.open = false;
  if (refocus) menu.querySelector("summary").focus();
}

function move(menu, key) {
  const all = items(menu);
  if (!all.length) return;
  const current = all.indexOf(document.activeElement);
  const last = all.length - 1;
  const next = { ArrowDown: current >= last ? 0 : current + 1, ArrowUp: current <= 0 ? last : current - 1, Home: 0, End: last };
  all[next[key]].focus();
}

function onKey(event) {
  const menu = event.target.closest("[data-menu]");
  if (!menu) return;
  if (event.key === "Escape" && menu.open) {
    event.stopPropagation();
    close(menu, { refocus: true });
  } else if (["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) {
    if (!menu.open && event.key !== "ArrowDown") return;
    event.preventDefault();
    menu.open = true;
    move(menu, event.key);
  }
}

// A panel that would leave the window opens towards the other side.
function keepInside(event) {
  const menu = event.target;
  if (!menu.matches?.("[data-menu]") || !menu.open) return;
  const panel = menu.querySelector(".menu-panel");
  panel.classList.remove("is-flipped", "is-raised");
  const box = panel.getBoundingClientRect();
  const width = document.documentElement.clientWidth;
  panel.classList.toggle("is-flipped", box.left < 0 || box.right > width);
  panel.classList.toggle("is-raised", box.bottom > window.innerHeight && box.top > box.height);
}

export function startMenus() {
  document.addEventListener("toggle", keepInside, { capture: true });
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    const inside = event.target.closest("[data-menu]");
    for (const menu of document.querySelectorAll("[data-menu][open]")) {
      const isChoice = event.target.closest(".menu-item") && menu === inside;
      if (menu !== inside || isChoice) close(menu);
    }
  });
}
