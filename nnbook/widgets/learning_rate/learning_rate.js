// Gradient descent on L(w) = λ/2 · w²: what the learning rate does, with the thresholds 1/λ and 2/λ.
import { panel } from "../core/panel.js";
import { plot, line, draggable } from "../core/plot.js";
import { svg, html, set } from "../core/elements.js";
import { format, clamp, lastOf } from "../core/numbers.js";
import { colors } from "../../palette.js";
import { _ } from "../core/language.js";

// w after 0, 1, …, steps updates w ← w − η λ w.
export function descend(w, curvature, rate, steps) {
  const path = [w];
  for (let k = 0; k < steps; k++) path.push(path[k] - rate * curvature * path[k]);
  return path;
}

const ZONES = [[0, 1, "sky", _("down on one side")], [1, 2, "class1", _("zigzags down")], [2, 3, "loss", _("diverges")]];

// The three zones of the learning rate on the strip, and the two thresholds between them.
function drawZones(strip, zones, notes, curvature) {
  const top = strip.x[1];
  zones.replaceChildren(...ZONES.map(([from, to, colour]) => svg("rect", {
    x: strip.X(from / curvature), width: Math.max(0, strip.X(to === 3 ? top + 1 : to / curvature) - strip.X(from / curvature)),
    y: 0, height: 94, fill: colors[colour], opacity: 0.3 })));
  notes.replaceChildren(...[1, 2].flatMap(k => {
    const x = strip.X(k / curvature), inside = k / curvature < top;
    return inside ? [svg("path", { d: `M${x} ${strip.margin.top}V${strip.Y(0)}`, stroke: "#000", "stroke-width": 1.5 }),
      svg("text", { class: "nnlib-label", x: x + 4, y: 6 + 14 * k }, `${k}/λ = ${format(k / curvature, 3)}`)] : [];
  }));
}

// What the steps do if each multiplies w by `factor`.
function verdict(factor) {
  const size = Math.abs(factor);
  return size < 1e-9 ? _("one step to the bottom") : size > 1 + 1e-9 ? _("diverges") : size > 1 - 1e-9
    ? _("jumps to and fro for ever") : factor > 0 ? _("comes down on one side") : _("zigzags down");
}

function render({ model, el }) {
  const top = model.get("largest");
  const ui = panel(model, el, { name: "learning_rate", keys: ["rate", "curvature", "steps", "start"], wide: true, code: () =>
    `w = ${model.get("start")}\nfor step in range(${model.get("steps")}):\n    w = w - ${model.get("rate")} * ${model.get("curvature")} * w` });
  const strip = plot({ x: [0, top], y: [0, 1], width: 360, height: 94, xlabel: _("learning rate η"),
    label: _("The learning rate and its two thresholds"), grid: false });
  strip.svg.style.maxWidth = "24rem"; // letters as large as in the plots below
  const legend = html("p", { class: "nnlib-legend" }, ...ZONES.map(([, , colour, name]) =>
    html("span", { style: "display:inline-block;margin-right:1.2em" }, html("span", { "aria-hidden": "true",
      style: `display:inline-block;width:0.8em;height:0.8em;margin-right:0.35em;background:${colors[colour]}66` }), name)));
  const stage = html("div", { class: "nnlib-pair" });
  const left = plot({ x: [-3, 3], y: [0, 5], width: 360, height: 300, xlabel: "w", ylabel: _("loss L(w)"),
    label: _("The steps on the parabola") });
  const right = plot({ x: [0, 30], y: [-6, 2], width: 360, height: 300, xlabel: _("step"), ylabel: _("log₁₀ of the loss"),
    label: _("The loss after each step") });
  stage.append(left.svg, right.svg);
  ui.picture.append(strip.svg, legend, stage);

  strip.axes.querySelectorAll(".nnlib-tick[text-anchor=end]").forEach(t => t.remove());
  const zones = svg("g"), notes = svg("g", { "aria-hidden": "true" });
  strip.area.append(zones);
  const handle = svg("circle", { r: 9, fill: colors.highlight, stroke: "#000", "stroke-width": 1.5, cy: strip.Y(0.24) });
  strip.svg.append(notes, handle);
  const place = ([rate]) => ui.change({ rate: +clamp(rate, 0.01, top).toFixed(2) });
  const tellRate = draggable(strip, handle, { name: _("learning rate"), step: 0.01, move: place, get: () => [model.get("rate"), 0] });
  strip.area.addEventListener("click", event => place(strip.at(event)));

  const bowl = svg("path", { stroke: colors.loss, "stroke-width": 2.5, fill: "none" });
  const way = svg("path", { stroke: colors.gradient, "stroke-width": 1.6, fill: "none" });
  const stops = svg("path", { stroke: colors.gradient, "stroke-width": 7, "stroke-linecap": "round" });
  const last = svg("circle", { r: 6.5, fill: colors.highlight, stroke: "#000" });
  const first = svg("circle", { r: 8, fill: "#fff", stroke: "#000", "stroke-width": 2 });
  left.area.append(bowl, way, stops, last);
  left.svg.append(first);
  const begin = ([w]) => { // not at the bottom itself, and not outside the picture that one sees at first
    const far = clamp(Math.abs(w), 0.1, 2.5);
    ui.change({ start: +(w < 0 ? -far : far).toFixed(2) });
  };
  const tellStart = draggable(left, first, { name: _("start"), step: 0.05, move: begin,
    get: () => [model.get("start"), model.get("curvature") / 2 * model.get("start") ** 2] });
  left.area.addEventListener("click", event => begin(left.at(event)));
  const curve = svg("path", { stroke: colors.loss, "stroke-width": 2.5, fill: "none" });
  const dots = svg("path", { stroke: colors.loss, "stroke-width": 6, "stroke-linecap": "round" });
  right.area.append(curve, dots);

  ui.slider("rate", { label: _("learning rate η"), min: 0.01, max: top, step: 0.01, show: v => format(v, 3) });
  ui.slider("curvature", { label: _("curvature λ"), values: model.get("curvatures") });
  ui.slider("steps", { label: _("steps"), min: 1, max: 30, play: 350 });

  const point = (p, x, y) => `M${p.X(x).toFixed(1)} ${p.Y(y).toFixed(1)}h0`;
  ui.draw(() => {
    const rate = model.get("rate"), curvature = model.get("curvature"), steps = model.get("steps");
    const start = model.get("start");
    const path = descend(start, curvature, rate, steps), loss = path.map(w => curvature / 2 * w * w);
    drawZones(strip, zones, notes, curvature);
    set(handle, { cx: strip.X(rate) });
    tellRate();
    const far = Math.max(2.4, ...path.map(Math.abs)) * 1.1; // the axes grow with the path: nothing is cut off
    left.range([-far, far], [0, curvature / 2 * far * far]);
    const ws = Array.from({ length: 97 }, (__, k) => far * (k / 48 - 1));
    set(bowl, { d: line(left, ws.map(w => [w, curvature / 2 * w * w])) });
    set(way, { d: line(left, path.map((w, k) => [w, loss[k]])) });
    set(stops, { d: path.map((w, k) => point(left, w, loss[k])).join("") });
    set(first, { cx: left.X(start), cy: left.Y(loss[0]) });
    tellStart();
    set(last, { cx: left.X(lastOf(path)), cy: left.Y(lastOf(loss)) });
    const logs = loss.map((l, k) => [k, Math.log10(Math.max(l, 1e-16))]), heights = logs.map(([, l]) => l);
    right.range([0, 30], [Math.min(-2, Math.floor(Math.min(...heights))), Math.max(2, Math.ceil(Math.max(...heights) + 0.1))]);
    set(curve, { d: line(right, logs) });
    set(dots, { d: logs.map(([k, l]) => point(right, k, l)).join("") });
    const factor = 1 - rate * curvature;
    ui.say([_("each step multiplies w by 1 − ηλ ="), format(+factor.toFixed(6), 4)], ["", verdict(factor)],
      ["w", format(lastOf(path), 4)], [_("loss"), format(lastOf(loss), 4)]);
  });
}

export default { render };
