// A plot with axes, and places in it that can be dragged.

import { format, clamp, ticks } from "./numbers.js";
import { svg, set } from "./elements.js";

// A place that every browser can draw: of 1e38 they make anything, and of NaN an error. Far outside is outside.
const FAR = 1e5;
const drawable = place => Number.isNaN(place) ? -FAR : clamp(place, -FAR, FAR);

// An SVG with axes. X and Y turn data into picture coordinates, `at(event)` a pointer event into data.
export function plot({ width = 360, height = 300, x, y, xlabel = "", ylabel = "", label = "", grid = true }) {
  const margin = { left: ylabel ? 44 : 30, right: 10, top: 8, bottom: xlabel ? 38 : 24 };
  const w = width - margin.left - margin.right, h = height - margin.top - margin.bottom;
  const p = { width, height, x, y, margin };
  p.X = value => drawable(margin.left + (value - p.x[0]) / (p.x[1] - p.x[0]) * w);
  p.Y = value => drawable(margin.top + (p.y[1] - value) / (p.y[1] - p.y[0]) * h);
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
    near(p.X(x))} ${near(p.Y(y))}` : "").join("");
const near = v => clamp(v, -99999, 99999).toFixed(2); // browsers refuse numbers such as 1e38 in a path

// Make `node` in plot p draggable: by mouse, finger, and arrow keys (with Shift ten times as far).
// get() and move([x, y]) read and set its place; name is read out together with the place.
export function draggable(p, node, { name, get, move, step }) {
  const inside = ([x, y]) => [clamp(x, ...p.x), clamp(y, ...p.y)];
  p.handles ??= handlesFor(p);
  p.handles.push(node);
  set(node, {
    tabindex: 0, role: "slider", "aria-label": name, class: "nnlib-handle",
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

// The handles of plot p, and what takes hold of them. A finger needs 44 px: it takes the nearest handle within 22.
// Only there the page does not scroll, and only a listener that is not passive can say so: browsers ignore
// `touch-action` on what stands inside an SVG.
function handlesFor(p) {
  const handles = [];
  const under = ({ clientX, clientY, target }, reach) => {
    let best = handles.find(node => node.contains(target)), least = reach;
    if (!best) for (const node of handles) {
      const { left, top, width, height } = node.getBoundingClientRect();
      const far = Math.hypot(clientX - left - width / 2, clientY - top - height / 2);
      if (width && far <= least && node.getAttribute("aria-disabled") !== "true") [best, least] = [node, far];
    }
    return best;
  };
  p.svg.addEventListener("pointerdown", event => {
    const node = under(event, event.pointerType === "mouse" ? -1 : 22);
    if (!node || event.button) return;
    node.setPointerCapture(event.pointerId);
    event.preventDefault();
    node.focus({ preventScroll: true });
  });
  p.svg.addEventListener("touchstart", event => {
    if (event.touches.length === 1 && under({ ...at(event.touches[0]), target: event.target }, 22)) event.preventDefault();
  }, { passive: false });
  return handles;
}
const at = ({ clientX, clientY }) => ({ clientX, clientY });
