// Files in pieces: <form data-uploads="/…/uploads/"> sends its file so, then itself without it.
// A cut connection costs one piece; a reload of the page goes on where the upload stopped.

const MAX_TRIES = 10;
const MAX_WAIT_SECONDS = 30;
const PIECE_TIMEOUT_SECONDS = 120;

class Stop extends Error {}
class Again extends Error {}

const store = (file, form) =>
  `copydesk:upload:${form.dataset.uploads}:${file.name}:${file.size}:${file.lastModified}`;

function remember(key, url) {
  try {
    if (url) localStorage.setItem(key, url);
    else localStorage.removeItem(key);
  } catch {
    // Without storage an upload cannot go on after a reload; it still works.
  }
}

function remembered(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

class Upload {
  constructor(form, file) {
    this.form = form;
    this.file = file;
    this.panel = form.querySelector("[data-upload]");
    this.words = this.panel.dataset;
    this.token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    this.key = store(file, form);
    this.abort = new AbortController();
  }

  async run() {
    this.show("");
    const begun = (await this.resume()) ?? (await this.retrying(() => this.begin()));
    remember(this.key, begun.url);
    let state = begun;
    this.progress(state);
    while (state.n_received_bytes < this.file.size) {
      const from = state;
      state = await this.retrying(() => this.send(from));
      this.progress(state);
    }
    remember(this.key, null);
    return state.upload;
  }

  async resume() {
    const url = remembered(this.key);
    if (!url) return null;
    const state = await this.retrying(() => this.ask(url, { method: "GET" }, [404]));
    return state?.size_bytes === this.file.size ? state : null;
  }

  begin() {
    const body = new URLSearchParams({ file_name: this.file.name, size_bytes: this.file.size });
    return this.ask(this.form.dataset.uploads, { method: "POST", body });
  }

  async send(state) {
    const from = state.n_received_bytes;
    const body = await this.read(from, Math.min(from + state.piece_bytes, this.file.size));
    const headers = { "Upload-Offset": String(from), "Content-Type": "application/octet-stream" };
    return this.ask(state.url, { method: "POST", body, headers }, [], state);
  }

  // A file that was saved again meanwhile can no longer be read, or has another length.
  async read(from, to) {
    try {
      const piece = await this.file.slice(from, to).arrayBuffer();
      if (piece.byteLength === to - from) return piece;
    } catch {
      // told below
    }
    remember(this.key, null);
    throw new Stop(this.words.textChanged);
  }

  async ask(url, { headers = {}, ...options }, accepted = [], state = null) {
    const timeout = AbortSignal.timeout(PIECE_TIMEOUT_SECONDS * 1000);
    let answer;
    let found;
    try {
      answer = await fetch(url, {
        ...options,
        headers: { "X-CSRFToken": this.token, Accept: "application/json", ...headers },
        signal: AbortSignal.any ? AbortSignal.any([timeout, this.abort.signal]) : this.abort.signal,
        redirect: "manual",
      });
      found = await answer.json().catch(() => ({}));
    } catch {
      if (this.abort.signal.aborted) throw new Stop("");
      throw new Again();
    }
    if (answer.type === "opaqueredirect") throw new Stop(this.words.textSignedOut);
    if (answer.ok) return found;
    if (accepted.includes(answer.status)) return null;
    if (found.code === "upload_wrong_offset") return { ...state, n_received_bytes: found.n_received_bytes };
    const passes = answer.status >= 500 && answer.status !== 507;
    if (passes || [400, 408, 429].includes(answer.status)) throw new Again();
    if (found.code !== "file_not_stored") remember(this.key, null);
    throw new Stop(found.message ?? this.words.textRefused);
  }

  async retrying(attempt) {
    for (let n = 0; ; n += 1) {
      try {
        return await attempt();
      } catch (problem) {
        if (!(problem instanceof Again)) throw problem;
        if (n + 1 >= MAX_TRIES) throw new Stop(this.words.textLost);
        await this.wait(Math.min(2 ** n, MAX_WAIT_SECONDS));
      }
    }
  }

  // Goes on at once when the network is back.
  wait(seconds) {
    this.say(this.words.textWaiting.replace("{seconds}", seconds));
    return new Promise((resolve) => {
      const timer = setTimeout(done, seconds * 1000);
      const online = () => done();
      function done() {
        clearTimeout(timer);
        window.removeEventListener("online", online);
        resolve();
      }
      window.addEventListener("online", online);
      this.abort.signal.addEventListener("abort", done, { once: true });
    });
  }

  show(text) {
    this.panel.hidden = false;
    this.say(text);
  }

  progress({ n_received_bytes: n }) {
    const percent = Math.floor((100 * n) / this.file.size);
    const bar = this.panel.querySelector("progress");
    bar.max = 100;
    bar.value = percent;
    this.panel.querySelector("[data-upload-percent]").textContent = `${percent}%`;
    // Read aloud in steps of a quarter only.
    const quarter = Math.floor(percent / 25);
    if (quarter !== this.quarter) this.say(this.words.textSent.replace("{percent}", percent));
    this.quarter = quarter;
  }

  say(text) {
    this.panel.querySelector("[data-upload-status]").textContent = text;
  }
}

let current = null;

function refuse(form, message) {
  const box = form.querySelector("[data-upload-error]");
  box.hidden = !message;
  box.querySelector("[data-upload-message]").textContent = message;
  if (message) box.focus();
}

function setBusy(form, isBusy) {
  for (const button of form.querySelectorAll("button[type=submit]")) {
    button.setAttribute("aria-busy", String(isBusy));
  }
  form.querySelector("[data-upload]").hidden = !isBusy;
  form.querySelector("input[type=file]").disabled = isBusy;
}

async function onSubmit(event) {
  const form = event.target.closest("form[data-uploads]");
  const file = form?.querySelector("input[type=file]")?.files?.[0];
  if (!file?.size || event.defaultPrevented) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (current) return;
  refuse(form, "");
  current = new Upload(form, file);
  setBusy(form, true);
  try {
    form.elements.upload.value = await current.run();
    current.say(current.words.textDone);
    current = null;
    // The file is there already: the form goes without it.
    form.submit();
  } catch (problem) {
    current = null;
    setBusy(form, false);
    if (!(problem instanceof Stop)) throw problem;
    refuse(form, problem.message);
  }
}

function onClick(event) {
  if (event.target.closest("[data-upload-stop]")) current?.abort.abort();
}

// Back from the next page: the form is as it was.
function onShow(event) {
  for (const form of document.querySelectorAll("form[data-uploads]")) {
    if (!event.persisted) continue;
    form.elements.upload.value = "";
    setBusy(form, false);
  }
}

function forgetUploaded(event) {
  const form = event.target.closest?.("form[data-uploads]");
  if (!form || !event.target.matches("input[type=file]")) return;
  form.elements.upload.value = "";
  const name = form.querySelector("[data-upload-here]");
  if (name) name.hidden = true;
}

export function startUploads() {
  document.addEventListener("submit", onSubmit, { capture: true });
  document.addEventListener("click", onClick);
  document.addEventListener("change", forgetUploaded);
  window.addEventListener("pageshow", onShow);
  window.addEventListener("beforeunload", (event) => {
    if (current) event.preventDefault();
  });
}
