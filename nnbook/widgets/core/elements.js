// HTML and SVG elements, and what keeps a page's keys and motion as readers want them.

// Elements: html("p", { class: "note", onclick }, "text", child), svg("circle", { r: 3 }).
export const html = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
export const svg = (tag, attributes, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

function fill(node, attributes = {}, children = []) {
  set(node, attributes);
  node.append(...children);
  return node;
}

// Set attributes; functions become event listeners.
export function set(node, attributes) {
  for (const [key, value] of Object.entries(attributes))
    if (typeof value === "function") node.addEventListener(key.slice(2), value);
    else if (value === false || value == null) node.removeAttribute(key);
    else node.setAttribute(key, value === true ? "" : value);
}

export const reducedMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// JupyterLab and Notebook 7 would take the arrow keys and Enter for their cells: the one by shortcuts (an attribute
// of the focused element forbids them), the other when the event bubbles up.
export function keepKeys(root) {
  root.addEventListener("focusin", event => { event.target.dataset.lmSuppressShortcuts = "true"; });
  root.addEventListener("keydown", event => { if (root.closest(".jp-Notebook")) event.stopPropagation(); });
}
