// What every page that people write in shares: how elements are made, and how what was done is kept in the
// browser until the record has it. It stands before the script of each such page.

const QUIET_KEYS = { "data-lm-suppress-shortcuts": "true" }; // or JupyterLab takes single letters for its own
const BUSY_AFTER = 2000; // milliseconds without an answer
const GONE_AFTER = 3500; // where the kernel is not at work on something else
const WHO = "see-the-system who";

function make(tag, attributes = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...inside);
  return element;
}

function button(label, onclick, attributes = {}) {
  return make("button", { type: "button", ...QUIET_KEYS, ...attributes, onclick }, label);
}

const withArticle = (word) => `${/^[aeiou]/.test(word) ? "an" : "a"} ${word}`;

function randomLetters(count) {
  const letters = "abcdefghjkmnpqrstuvwxyz23456789";
  return [...crypto.getRandomValues(new Uint8Array(count))].map((byte) => letters[byte % letters.length]).join("");
}

// --- what is kept in this browser -----------------------------------------------------------------------------

/** Texts under names in localStorage; where a browser refuses it, in memory, and `safe` says so. */
class Shelf {
  constructor(scope) {
    this.prefix = `see-the-system ${scope} `;
    this.memory = new Map();
    this.safe = true;
  }
  put(name, value) {
    try {
      localStorage.setItem(this.prefix + name, JSON.stringify(value));
    } catch {
      this.safe = false; // private windows and full disks
      this.memory.set(name, value);
    }
  }
  get(name) {
    return this.all().find(([key]) => key === name)?.[1];
  }
  remove(name) {
    this.memory.delete(name);
    try {
      localStorage.removeItem(this.prefix + name);
    } catch {
      this.safe = false;
    }
  }
  all() {
    const found = [...this.memory];
    try {
      for (const key of Object.keys(localStorage))
        if (key.startsWith(this.prefix)) found.push([key.slice(this.prefix.length), JSON.parse(localStorage[key])]);
    } catch {
      this.safe = false;
    }
    return found;
  }
}

function remembered(name) {
  try {
    return localStorage.getItem(name) || "";
  } catch {
    return "";
  }
}

function remember(name, text) {
  try {
    localStorage.setItem(name, text);
  } catch {
    // a browser that keeps nothing asks again next time
  }
}

/** Operations in their order, each kept until Python says that the record has it. */
class Queue {
  constructor(shelf, post, show, kernel) {
    Object.assign(this, { shelf, post, show, kernel });
    // One entry for each operation: two tabs with one list would overwrite each other's.
    this.waiting = shelf.all().filter(([name]) => name.startsWith("op ")).map(([, op]) => op);
    this.waiting.sort((one, other) => one.at - other.at || one.turn - other.turn);
    this.turn = 0;
    this.answered = Date.now();
    this.timer = null;
  }
  send(operation) {
    const op = { key: randomLetters(16), at: Date.now(), turn: this.turn++, ...operation };
    this.shelf.put(`op ${op.key}`, op);
    this.waiting.push(op);
    this.post(op);
    this.watch();
    return op;
  }
  replay() {
    this.posted = Date.now();
    this.waiting.forEach((op) => this.post(op));
    this.watch();
  }
  settle(key) {
    const op = this.waiting.find((one) => one.key === key);
    this.shelf.remove(`op ${key}`);
    this.waiting = this.waiting.filter((one) => one.key !== key);
    this.answered = Date.now();
    this.watch();
    return op;
  }
  watch() {
    clearTimeout(this.timer);
    const count = this.waiting.length;
    this.show(this.state(count), count);
    this.timer = setTimeout(() => this.watch(), count ? 500 : 2000);
  }
  /** saved, waiting, busy (the kernel works on something else) or gone (nobody is there to save). */
  state(count) {
    const kernel = this.kernel();
    const stopped = ["dead", "terminating", "autorestarting", "restarting"].includes(kernel?.status);
    const away = stopped || kernel?.connectionStatus === "disconnected";
    if (!count) return away ? "gone" : "saved";
    const silent = Date.now() - Math.max(this.answered, this.waiting[0].at, this.posted || 0);
    if (silent < BUSY_AFTER) return "waiting";
    if (!away && kernel?.status === "busy") return "busy";
    return silent < GONE_AFTER ? "busy" : "gone";
  }
}

/** What a status says: saved, waiting, busy or gone, with the number of changes that wait. */
function statusWords(state, count, safe) {
  const changes = `${count} change${count === 1 ? "" : "s"}`;
  const unsafe = safe ? "" : " This browser keeps nothing: leave the page open until it says Saved.";
  return {
    saved: "Saved",
    waiting: "Saving…",
    busy: `Saving ${changes}: the workshop is busy.${unsafe}`,
    gone: count
      ? `Not saved yet: ${changes} kept in this browser. The workshop behind this page has stopped.${unsafe}`
      : "Saved. The workshop behind this page has stopped.",
  }[state];
}

/** Starts what stands behind the page again: JupyterLab runs its cells, Voila loads the page anew. */
function startAgain() {
  const lab = window.jupyterapp?.commands; // Voila has commands too, but not this one
  if (lab?.hasCommand("notebook:run-all-cells")) lab.execute("notebook:run-all-cells");
  else location.reload();
}

/** Sends to Python; what is done in one go, as all that waited, goes in one message and is drawn once. */
function posting(model) {
  let outbox = [];
  const postAll = () => {
    const operations = outbox;
    outbox = [];
    try {
      model.send({ operations });
    } catch (error) {
      console.warn("kept in this browser for later", error);
    }
  };
  return (op) => {
    outbox.push(op);
    if (outbox.length === 1) queueMicrotask(postAll);
  };
}

/** The kernel behind a page, for its status. */
const kernelOf = (model) => () => model.widget_manager?.kernel || model.widget_manager?._kernel;

/** A queue with the words that say how it stands, and the button that brings back what is behind the page. */
function keeping(model, shelf) {
  const status = make("span", { class: "sts-status", role: "status" }, "Saved");
  const again = button("Bring it back", bringBack, { hidden: true, class: "sts-again" });
  const post = posting(model);
  const show = (state, count) => {
    status.className = `sts-status sts-${state}`;
    again.hidden = state !== "gone";
    const words = statusWords(state, count, shelf.safe);
    if (status.textContent !== words) status.textContent = words;
  };
  const queue = new Queue(shelf, post, show, kernelOf(model));
  /** What waits is sent again; where nobody answers, the page is loaded again, and sends it then. */
  function bringBack() {
    queue.replay();
    setTimeout(() => queue.state(queue.waiting.length) !== "saved" && startAgain(), 1500);
  }
  return { queue, post, status, again };
}

/** Shows what Python sends, now and from now on, and sends what waited; gives what ends it all. */
function attending(model, queue, draw, heard) {
  model.on("change:form", draw);
  model.on("msg:custom", heard);
  draw();
  queue.replay(); // the record takes each of them once, by its key
  return () => {
    model.off("change:form", draw);
    model.off("msg:custom", heard);
    clearTimeout(queue.timer);
  };
}
