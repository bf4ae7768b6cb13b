// localStorage throws where a browser forbids it; a preference is not worth an error.

export function readPreference(name) {
  try {
    return localStorage.getItem(`copydesk.${name}`);
  } catch {
    return null;
  }
}

export function writePreference(name, value) {
  try {
    if (value === null) localStorage.removeItem(`copydesk.${name}`);
    else localStorage.setItem(`copydesk.${name}`, value);
  } catch {
    // The choice then lasts until the next page.
  }
}
