// data-shortcut="a" presses or focuses its element; "g p" is g, then p; `?` shows them all.
import { openDialog } from "./dialogs.js";
import { readPreference, writePreference } from "./storage.js";

const SEQUENCE_MS = 1200;
let prefix = "";
let timer;

const isOn = () => readPreference("shortcuts") !== "off";

function isTyping(target) {
  return target.isContentEditable || target.closest("input:not([type=checkbox], [type=radio]), textarea, select");
}

function bindings() {
  // Within an open dialog only the dialog's own shortcuts count.
  const root = [...document.querySelectorAll("dialog[open]")].pop() ?? document;
  return [...root.querySelectorAll("[data-shortcut]")].filter(
    (element) => !element.disabled && (root !== document || !element.closest("dialog")) && element.checkVisibility(),
  );
}

function press(element, event) {
  event.preventDefault();
  if (element.matches("input:not([type=checkbox], [type=radio]), textarea, select")) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
}

function remember(key) {
  clearTimeout(timer);
  prefix = key;
  timer = setTimeout(() => (prefix = ""), SEQUENCE_MS);
}

function onKey(event) {
  const isModified = event.ctrlKey || event.metaKey || event.altKey;
  const wanted = isModified && event.key === "Enter" ? "Ctrl+Enter" : event.key;
  if (wanted === "Ctrl+Enter") {
    const element = bindings().find((candidate) => candidate.dataset.shortcut === wanted);
    if (element) press(element, event);
    return;
  }
  if (isModified || event.defaultPrevented || isTyping(event.target) || !isOn()) return;
  if (event.key === "?") {
    event.preventDefault();
    openHelp();
    return;
  }
  const sequence = prefix ? `${prefix} ${event.key}` : event.key;
  const all = bindings();
  const element = all.find((candidate) => candidate.dataset.shortcut === sequence);
  prefix = "";
  if (element) press(element, event);
  else if (all.some((candidate) => candidate.dataset.shortcut.startsWith(`${event.key} `))) remember(event.key);
}

function label(element) {
  const own = element.dataset.shortcutLabel || element.getAttribute("aria-label") || element.title;
  const inner = element.querySelector(".nav-label, .button-label");
  return (own || inner?.textContent || element.textContent).trim();
}

function line(element) {
  const row = document.createElement("div");
  const name = document.createElement("dt");
  const keys = document.createElement("dd");
  name.textContent = label(element);
  keys.className = "keys";
  for (const key of element.dataset.shortcut.split(/[ +]/)) {
    const mark = document.createElement("kbd");
    mark.textContent = key;
    keys.append(mark);
  }
  row.append(name, keys);
  return row;
}

export function openHelp() {
  const dialog = document.getElementById("shortcut-help");
  if (dialog.open) return;
  const isNavigation = (element) => element.dataset.shortcutGroup === "navigation";
  // The navigation may hide in the drawer; its keys are listed all the same.
  const navigation = [...document.querySelectorAll('[data-shortcut-group="navigation"]')];
  const page = bindings().filter((element) => !isNavigation(element));
  dialog.querySelector('[data-shortcut-list="navigation"]').replaceChildren(...navigation.map(line));
  dialog.querySelector('[data-shortcut-list="page"]').replaceChildren(...page.map(line));
  dialog.querySelector("[data-shortcut-page]").hidden = page.length === 0;
  openDialog(dialog);
}

export function startShortcuts() {
  document.addEventListener("keydown", onKey);
  const toggle = document.querySelector("[data-shortcut-switch]");
  if (toggle) {
    toggle.checked = isOn();
    toggle.addEventListener("change", () => writePreference("shortcuts", toggle.checked ? null : "off"));
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest('[data-dialog-open="shortcut-help"]')) {
      event.stopPropagation();
      openHelp();
    }
  }, { capture: true });
}
