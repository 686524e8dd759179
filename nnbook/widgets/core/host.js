// The host of front-end modules in a page without a kernel: gives render() the same model as anywidget does,
// over the JSON state that Python left in the page.

class Model {
  page = true; // no kernel: the panel may read and write the page's address
  #state;
  #handlers = new Map();

  constructor(state) { this.#state = state; }

  get(key) { return this.#state[key]; }

  set(key, value) {
    if (this.#state[key] === value) return;
    this.#state[key] = value;
    for (const event of [`change:${key}`, "change"])
      for (const handler of this.#handlers.get(event) ?? []) handler(this, value);
  }

  on(event, handler) { this.#handlers.set(event, [...this.#handlers.get(event) ?? [], handler]); }

  off(event, handler) {
    this.#handlers.set(event, (this.#handlers.get(event) ?? []).filter(h => handler && h !== handler));
  }

  save_changes() {}
}

function mount(root) {
  root.dataset.nnlibStarted = "";
  const live = document.createElement("div");
  live.className = "nnlib-live";
  const state = JSON.parse(root.querySelector('script[type="application/json"]').textContent);
  root.append(live);
  try {
    window.nnlibWidgets[root.dataset.nnlibModule].default.render({ model: new Model(state), el: live });
    root.classList.add("nnlib-ready");
  } catch (error) { // the static picture stays
    live.remove();
    console.error(root.dataset.nnlibWidget, error);
  }
}

// JupyterLab runs an output's scripts before it puts the output into the page: look again for a while.
export function start(key, attempts = 100) {
  const roots = document.querySelectorAll(`[data-nnlib-key="${key}"]:not([data-nnlib-started])`);
  roots.forEach(mount);
  if (!roots.length && attempts) setTimeout(start, 100, key, attempts - 1);
}
