// The host of front-end modules in a page without a kernel: gives render() the same model as anywidget does,
// over the JSON state that Python left in the page.

import { giveUp } from "./elements.js";

class Model {
  constructor(state) {
    this.page = true; // no kernel: the panel may read and write the address of the page
    this.state = state;
    this.handlers = new Map();
  }

  get(key) { return this.state[key]; }

  set(key, value) {
    if (this.state[key] === value) return;
    this.state[key] = value;
    for (const event of [`change:${key}`, "change"])
      for (const handler of this.handlers.get(event) ?? []) handler(this, value);
  }

  on(event, handler) { this.handlers.set(event, [...this.handlers.get(event) ?? [], handler]); }

  off(event, handler) {
    this.handlers.set(event, (this.handlers.get(event) ?? []).filter(h => handler && h !== handler));
  }

  save_changes() {}
}

async function mount(root) {
  root.dataset.nnlibStarted = "";
  root.closest("div.output")?.classList.add("nnlib-ground");
  const live = document.createElement("div");
  live.className = "nnlib-live";
  root.append(live);
  try {
    const state = JSON.parse(root.querySelector('script[type="application/json"]').textContent);
    const started = window.nnlibWidgets[root.dataset.nnlibModule].default.render({ model: new Model(state), el: live });
    if (started?.then) await started;
    if (root.classList.contains("nnlib-failed")) return;
    if (root.querySelector(":scope > .nnlib-static")) root.classList.add("nnlib-still");
    root.classList.add("nnlib-ready");
  } catch (error) {
    giveUp(root, error);
  }
}

// Widgets start one by one, so that the page answers meanwhile: while nothing else is to do, or when the reader comes near;
// at once if touched. All start as they come where the address holds a state, or what one reads would move (Safari).
const queue = new Set(), idle = window.requestIdleCallback ?? setTimeout;
const near = new IntersectionObserver(seen => seen.forEach(e => e.isIntersecting && setTimeout(begin, 0, e.target)),
  { rootMargin: "100%" });

function begin(root) { if (queue.delete(root)) mount(root); }

function rest() {
  if (queue.size) idle(() => { begin([...queue][0]); rest(); }, { timeout: 1000 });
}

function wait(root) {
  if (location.hash.includes("?") || !CSS.supports("overflow-anchor", "auto")) return void mount(root);
  if (queue.add(root).size === 1) rest();
  near.observe(root);
  for (const event of ["pointerover", "focusin"]) root.addEventListener(event, () => begin(root), true);
}

// JupyterLab runs an output's scripts before it puts the output into the page: look again for a while.
export function start(key, attempts = 100) {
  const roots = document.querySelectorAll(`[data-nnlib-key="${key}"]:not([data-nnlib-started])`);
  roots.forEach(wait);
  if (!roots.length && attempts) setTimeout(start, 100, key, attempts - 1);
}
