// Parts that all front-end modules share: numbers, colours, controls, a plot with axes, dragging, the panel itself.

// The book's palette (Okabe–Ito): the same thing has the same colour everywhere.
export const colours = {
  data: "#000000", grey: "#767676", prediction: "#0072B2", loss: "#D55E00", gradient: "#009E73",
  class0: "#0072B2", class1: "#E69F00", highlight: "#CC79A7", sky: "#56B4E9",
};

// 0.03125 -> "0.03125", 1234567 -> "1.23×10⁶", -1 -> "−1" with a true minus sign.
export function format(x, digits = 4) {
  if (typeof x !== "number") return String(x);
  if (Number.isNaN(x)) return "not a number";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  const size = Math.abs(x);
  if (size > 0 && (size >= 1e6 || size < 1e-4)) {
    const [mantissa, exponent] = x.toExponential(Math.min(digits, 3) - 1).split("e");
    const raised = [...String(+exponent)].map(c => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] ?? "⁻").join("");
    return `${mantissa}×10${raised}`.replace("-", "−");
  }
  return String(+x.toPrecision(digits)).replace("-", "−");
}

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

export const clamp = (x, low, high) => Math.min(high, Math.max(low, x));

export const reducedMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// Round numbers between low and high, about `count` of them.
export function ticks(low, high, count = 5) {
  const raw = (high - low) / count, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map(k => k * power).find(k => k >= raw * 0.99);
  const result = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) result.push(k * step);
  return result;
}

// An SVG with axes. X and Y turn data into picture coordinates, `at(event)` a pointer event into data.
export function plot({ width = 360, height = 300, x, y, xlabel = "", ylabel = "", label = "", grid = true }) {
  const margin = { left: ylabel ? 44 : 30, right: 10, top: 8, bottom: xlabel ? 38 : 24 };
  const w = width - margin.left - margin.right, h = height - margin.top - margin.bottom;
  const p = { width, height, x, y, margin };
  p.X = value => margin.left + (value - p.x[0]) / (p.x[1] - p.x[0]) * w;
  p.Y = value => margin.top + (p.y[1] - value) / (p.y[1] - p.y[0]) * h;
  p.svg = svg("svg", { class: "nnlib-plot", viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": label });
  p.axes = svg("g", { "aria-hidden": "true" });
  const clip = `nnlib-clip-${Math.random().toString(36).slice(2)}`; // each live widget has its own copy of this module
  p.clip = svg("clipPath", { id: clip }, svg("rect", { x: margin.left, y: margin.top, width: w, height: h }));
  p.area = svg("g", { "clip-path": `url(#${clip})` });
  p.svg.append(p.clip, p.area, p.axes);
  p.at = event => {
    const matrix = p.svg.getScreenCTM().inverse(), point = new DOMPoint(event.clientX, event.clientY);
    const { x: px, y: py } = point.matrixTransform(matrix);
    return [p.x[0] + (px - margin.left) / w * (p.x[1] - p.x[0]), p.y[1] - (py - margin.top) / h * (p.y[1] - p.y[0])];
  };
  p.range = (newX, newY) => {
    [p.x, p.y] = [newX, newY];
    const text = (value, attributes) => svg("text", { class: "nnlib-tick", ...attributes }, format(value));
    const line = (x1, y1, x2, y2) => svg("line", { x1, y1, x2, y2, class: "nnlib-grid" });
    p.axes.replaceChildren(
      ...ticks(...newX).flatMap(v => [
        ...grid ? [line(p.X(v), margin.top, p.X(v), margin.top + h)] : [],
        text(v, { x: p.X(v), y: margin.top + h + 14, "text-anchor": "middle" })]),
      ...ticks(...newY).flatMap(v => [
        ...grid ? [line(margin.left, p.Y(v), margin.left + w, p.Y(v))] : [],
        text(v, { x: margin.left - 5, y: p.Y(v) + 4, "text-anchor": "end" })]),
      svg("rect", { x: margin.left, y: margin.top, width: w, height: h, class: "nnlib-frame" }),
      svg("text", { class: "nnlib-label", x: margin.left + w / 2, y: height - 5, "text-anchor": "middle" }, xlabel),
      svg("text", { class: "nnlib-label", "text-anchor": "middle",
        transform: `translate(12 ${margin.top + h / 2}) rotate(-90)` }, ylabel));
  };
  p.range(x, y);
  return p;
}

// Points [[x, y], …] as an SVG path through plot p; points that are not finite break the line.
export const line = (p, points) => points.map(([x, y], k) =>
  Number.isFinite(x + y) ? `${k && Number.isFinite(points[k - 1][0] + points[k - 1][1]) ? "L" : "M"}${
    p.X(x).toFixed(2)} ${p.Y(y).toFixed(2)}` : "").join("");

// Make `node` in plot p draggable: by pointer, touch, and arrow keys (with Shift ten times as far).
// get() and move([x, y]) read and set its place; name is read out together with the place.
export function draggable(p, node, { name, get, move, step }) {
  const inside = ([x, y]) => [clamp(x, ...p.x), clamp(y, ...p.y)];
  set(node, {
    tabindex: 0, role: "slider", "aria-label": name, class: "nnlib-handle",
    onpointerdown: event => { node.setPointerCapture(event.pointerId); event.preventDefault(); node.focus(); },
    onpointermove: event => { if (node.hasPointerCapture(event.pointerId)) move(inside(p.at(event))); },
    onkeydown: event => {
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (!way) return;
      event.preventDefault();
      const [x, y] = get(), far = step * (event.shiftKey ? 10 : 1);
      move(inside([+(x + way[0] * far).toPrecision(12), +(y + way[1] * far).toPrecision(12)]));
    },
  });
  return () => { // call after each redraw
    const [x, y] = get();
    set(node, { "aria-valuenow": x, "aria-valuemin": p.x[0], "aria-valuemax": p.x[1],
      "aria-valuetext": `${format(x)}, ${format(y)}` });
  };
}

// JupyterLab and Notebook 7 would take the arrow keys and Enter for their cells: the one by shortcuts (an attribute
// of the focused element forbids them), the other when the event bubbles up.
export function keepKeys(root) {
  root.addEventListener("focusin", event => { event.target.dataset.lmSuppressShortcuts = "true"; });
  root.addEventListener("keydown", event => { if (root.closest(".jp-Notebook")) event.stopPropagation(); });
}

// The frame around a widget: controls bound to the model, a place for the picture, a read-out, Reset and Link.
//   name: of the widget;  keys: of the model that make up its state;  code: () => nnlib code for this state
export function panel(model, el, { name, keys, code, wide = false }) {
  const root = el.closest("[data-nnlib-widget]") ?? el;
  root.classList.add("nnlib-widget");
  root.dataset.nnlibWidget ??= name;
  keepKeys(root);
  const first = Object.fromEntries(keys.map(key => [key, model.get(key)]));
  const coders = Object.fromEntries(keys.map(key => [key, coder(first[key])]));
  const controls = html("div", { class: "nnlib-controls" });
  const readout = html("p", { class: "nnlib-readout", "aria-live": "polite" });
  const picture = html("div", { class: "nnlib-picture" });
  const foot = html("div", { class: "nnlib-foot" });
  const side = html("div", { class: "nnlib-side" }, controls, readout);
  el.append(html("div", { class: wide ? "nnlib-body nnlib-wide" : "nnlib-body" }, picture, side), foot);
  const ui = { root, controls, picture, readout, foot };
  const timers = new Set();
  let changing = false, redrawAll = () => {};

  // Change several values of the state at once, with one redraw.
  ui.change = values => {
    changing = true;
    for (const [key, value] of Object.entries(values)) model.set(key, value);
    changing = false;
    redrawAll();
    model.save_changes();
  };

  // Text of the read-out; arrays [label, value] are set as pairs.
  ui.say = (...parts) => readout.replaceChildren(...parts.flatMap(part => [
    html("span", { class: "nnlib-item" }, ...Array.isArray(part)
      ? [html("span", { class: "nnlib-name" }, part[0]), " ", html("span", { class: "nnlib-value" }, part[1])]
      : [part]), " "]));

  // Call redraw now and after each change of the state.
  ui.draw = redraw => {
    if (model.page) fromAddress();
    redrawAll = () => {
      if (changing) return;
      redraw();
      root.dataset.state = JSON.stringify(Object.fromEntries(keys.map(key => [key, model.get(key)])));
    };
    for (const key of keys) model.on(`change:${key}`, redrawAll);
    redrawAll();
  };

  ui.button = (text, onclick, place = controls) => {
    const button = html("button", { type: "button", onclick }, text);
    place.append(button);
    return button;
  };

  // A slider for model[key]: over `values`, or from min to max by step.
  ui.slider = (key, { label = key, values, min, max, step = 1, show = format, play = false }) => {
    const at = () => values ? nearest(values, model.get(key)) : model.get(key);
    const input = html("input", { type: "range", min: values ? 0 : min, max: values ? values.length - 1 : max,
      step: values ? 1 : step, oninput: () => ui.change({ [key]: values ? values[+input.value] : +input.value }) });
    const output = html("span", { class: "nnlib-value" });
    const row = html("label", { class: "nnlib-row" }, html("span", { class: "nnlib-name" }, label), input, output);
    const update = () => {
      input.value = at();
      output.textContent = show(model.get(key));
      input.setAttribute("aria-valuetext", output.textContent);
    };
    model.on(`change:${key}`, update);
    update();
    controls.append(play ? html("div", { class: "nnlib-playrow" }, row, playButton(input, play)) : row);
    return input;
  };

  // Moves a slider to its end, one value each `interval` milliseconds; at once where motion is not wanted.
  function playButton(input, interval) {
    let timer = 0;
    const button = html("button", { type: "button", class: "nnlib-play", "aria-label": "Play", onclick: toggle }, "▶");
    function go(value) {
      input.value = value;
      input.dispatchEvent(new Event("input"));
    }
    function stop() {
      clearInterval(timer);
      timers.delete(stop);
      timer = 0;
      button.textContent = "▶";
      button.setAttribute("aria-label", "Play");
      readout.setAttribute("aria-live", "polite"); // says where it ended: what is put in anew is read out
      readout.replaceChildren(...readout.childNodes);
    }
    function toggle() {
      if (timer) return stop();
      if (reducedMotion()) return go(+input.value < +input.max ? input.max : input.min);
      if (+input.value >= +input.max) go(input.min);
      readout.setAttribute("aria-live", "off"); // not one announcement for each frame
      button.textContent = "❚❚";
      button.setAttribute("aria-label", "Pause");
      timers.add(stop);
      timer = setInterval(() => {
        if (!input.isConnected || +input.value >= +input.max) return stop();
        go(+input.value + +input.step);
      }, interval);
    }
    input.addEventListener("pointerdown", () => timer && stop());
    input.addEventListener("keydown", () => timer && stop());
    return button;
  }

  // A menu for model[key]; options: { value: text }. also(value): what else changes with a choice.
  ui.select = (key, { label = key, options, also = () => ({}) }) => {
    const input = html("select", { onchange: () => ui.change({ [key]: input.value, ...also(input.value) }) },
      ...Object.entries(options).map(([value, text]) => html("option", { value }, text)));
    const update = () => { input.value = model.get(key); };
    model.on(`change:${key}`, update);
    update();
    controls.append(html("label", { class: "nnlib-row" }, html("span", { class: "nnlib-name" }, label), input));
    return input;
  };

  ui.button("Reset", () => { timers.forEach(stop => stop()); ui.change(first); }, foot);
  if (model.page) addressButton();
  if (code) codeBox();

  // The state in the page's address: page.html#name?learning_rate=0.1&steps=20
  function place() {
    const same = [...document.querySelectorAll("[data-nnlib-widget]")].filter(
      r => r.dataset.nnlibWidget === root.dataset.nnlibWidget);
    const number = same.indexOf(root);
    return encodeURIComponent(root.dataset.nnlibWidget) + (number > 0 ? `-${number + 1}` : "");
  }

  function addressButton() {
    const button = ui.button("Link to this state", async () => {
      const state = new URLSearchParams(keys.map(key => [key, coders[key].write(model.get(key))]));
      history.replaceState(null, "", `#${place()}?${state}`);
      await copy(location.href);
      flash(button, "Link copied");
    }, foot);
    addEventListener("hashchange", fromAddress);
  }

  function fromAddress() {
    const [target, query] = location.hash.slice(1).split("?");
    if (!query || target !== place()) return;
    const values = {};
    for (const [key, text] of new URLSearchParams(query)) {
      const value = coders[key]?.read(text);
      if (value !== undefined) values[key] = value;
    }
    ui.change(values);
    requestAnimationFrame(() => root.scrollIntoView({ block: "center" }));
  }

  function codeBox() {
    const text = html("pre", { tabindex: 0 });
    const box = html("details", { class: "nnlib-code" }, html("summary", {}, "This state as nnlib code"), text);
    const button = ui.button("Copy", async () => { await copy(code()); flash(button, "Copied"); }, box);
    const update = () => { text.textContent = code(); };
    for (const key of keys) model.on(`change:${key}`, () => box.open && update());
    box.addEventListener("toggle", update);
    el.append(box);
  }

  return ui;
}

// How a value of this kind is written into an address and read back; undefined if the text makes no sense.
function coder(value) {
  const number = text => text.trim() !== "" && Number.isFinite(+text) ? +text : undefined;
  if (typeof value === "number") return { write: String, read: number };
  if (typeof value === "boolean") return { write: String, read: text => text === "true" };
  if (typeof value === "string") return { write: String, read: String };
  return {
    write: list => list.map(x => +x.toPrecision(6)).join(" "),
    read: text => {
      const list = text.split(" ").map(number);
      return list.length === value.length && !list.includes(undefined) ? list : undefined;
    },
  };
}

export function nearest(values, value) {
  let best = 0;
  values.forEach((v, k) => { if (Math.abs(v - value) < Math.abs(values[best] - value)) best = k; });
  return best;
}

function flash(button, text) {
  button.dataset.name ??= button.textContent; // a second click may come while the text is another
  button.textContent = text;
  button.setAttribute("aria-live", "polite");
  setTimeout(() => { button.textContent = button.dataset.name; }, 1500);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // no permission, or an old browser
    const area = html("textarea", { style: "position:fixed;opacity:0" });
    document.body.append(area);
    area.value = text;
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}
