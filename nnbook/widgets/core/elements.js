// HTML and SVG elements, and what keeps a page's keys, motion and still pictures as readers want them.

import { _ } from "./language.js";

// Elements: html("p", { class: "note", onclick }, "text", child), svg("circle", { r: 3 }).
export function html(tag, attributes, ...children) {
  const node = document.createElement(tag);
  // a browser that goes Back fills in what stood in a control; the picture would not follow
  if (tag === "input" || tag === "select" || tag === "textarea") node.setAttribute("autocomplete", "off");
  return fill(node, attributes, children);
}
export const svg = (tag, attributes, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

function fill(node, attributes = {}, children = []) {
  set(node, attributes);
  node.append(...children);
  return node;
}

// Set attributes; functions become event listeners. What is no number stays as it was: "NaN" draws nothing and only
// fills the console.
export function set(node, attributes) {
  for (const [key, value] of Object.entries(attributes))
    if (typeof value === "function") node.addEventListener(key.slice(2), guarded(node, value));
    else if (value === false || value == null) node.removeAttribute(key);
    else if (typeof value !== "number" || Number.isFinite(value)) node.setAttribute(key, value === true ? "" : value);
}

// f, for listeners and timers: if it fails, at once or later, the widget around `node` gives way to its still picture.
export const guarded = (node, f) => (...given) => {
  if (widgetOf(node).classList.contains("nnlib-failed")) return undefined;
  try {
    const result = f(...given);
    if (result instanceof Promise) result.catch(error => giveUp(node, error));
    return result;
  } catch (error) {
    return giveUp(node, error);
  }
};

const widgetOf = node => node.closest("[data-nnlib-widget]") ?? node;

// What fails while a widget starts or works leaves the picture that stands in the page, and a word.
export function giveUp(node, error) {
  const root = widgetOf(node), live = root.querySelector(".nnlib-live"), stage = root.querySelector(".nnlib-stage");
  console.error(root.dataset.nnlibWidget, error);
  if (root.classList.contains("nnlib-failed")) return;
  root.classList.remove("nnlib-ready");
  root.classList.add("nnlib-failed");
  const base = live?.querySelector(".nnlib-base");
  if (base) { // the prepared frames are drawn over the still picture itself
    stage.querySelector("canvas")?.remove();
    base.alt = base.dataset.alt ?? base.alt;
    root.append(stage);
  }
  if (live) live.remove();
  else root.replaceChildren(); // live, in a notebook: there is no other picture
  root.append(html("p", { class: "nnlib-failure", role: "status" }, live
    ? _("This widget has stopped working here; its picture shows how it begins. A current browser may help. ({error})", { error })
    : _("This widget has stopped working here. Run its cell again. ({error})", { error })));
}

export const reducedMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// JupyterLab and Notebook 7 would take the arrow keys and Enter for their cells: the one by shortcuts (an attribute
// of the focused element forbids them), the other when the event bubbles up.
export function keepKeys(root) {
  root.addEventListener("focusin", event => { event.target.dataset.lmSuppressShortcuts = "true"; });
  root.addEventListener("keydown", event => { if (root.closest(".jp-Notebook")) event.stopPropagation(); });
}

// A finger that scrolls the page may begin on a slider. The browser has moved the slider by then: it goes back.
export function keepSliders(root) {
  let held = null;
  root.addEventListener("pointerdown", ({ target }) => { held = target.type === "range" ? [target, target.value] : null; }, true);
  root.addEventListener("pointercancel", () => {
    if (!held || held[0].value === held[1]) return;
    held[0].value = held[1];
    held[0].dispatchEvent(new Event("input", { bubbles: true }));
  }, true);
}
