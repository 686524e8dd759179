// Gradient descent on a surface over two weights: start by click, drag or arrow keys; SGD with momentum, or Adam.
import { panel } from "../core/panel.js";
import { plot, line, draggable } from "../core/plot.js";
import { svg, html, set } from "../core/elements.js";
import { format } from "../core/numbers.js";
import { pause } from "../core/pause.js";
import { colors } from "../../palette.js";
import { SGD, Adam } from "../core/network.js";
import { _ } from "../core/language.js";

// name: [f, ∇f, how f's gradient is written in Python]
export const surfaces = {
  bowl: [(x, y) => 0.5 * x * x + y * y, (x, y) => [x, 2 * y], "x, 2 * y"],
  ravine: [(x, y) => 0.05 * x * x + 3 * y * y, (x, y) => [0.1 * x, 6 * y], "0.1 * x, 6 * y"],
  "curved valley": [(x, y) => (1 - x) ** 2 + 10 * (y - x * x) ** 2,
    (x, y) => [-2 * (1 - x) - 40 * x * (y - x * x), 20 * (y - x * x)],
    "-2 * (1 - x) - 40 * x * (y - x**2), 20 * (y - x**2)"],
  "four valleys": [(x, y) => (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2,
    (x, y) => [4 * x * (x * x + y - 11) + 2 * (x + y * y - 7), 2 * (x * x + y - 11) + 4 * y * (x + y * y - 7)],
    "4*x * (x**2 + y - 11) + 2 * (x + y**2 - 7), 2 * (x**2 + y - 11) + 4*y * (x + y**2 - 7)"],
  saddle: [(x, y) => 0.5 * x * x - 0.5 * y * y + 0.125 * y ** 4, (x, y) => [x, -y + 0.5 * y ** 3], "x, -y + 0.5 * y**3"],
  bumps: [(x, y) => 0.3 * (x * x + y * y) + Math.sin(2 * x) * Math.sin(2 * y),
    (x, y) => [0.6 * x + 2 * Math.cos(2 * x) * Math.sin(2 * y), 0.6 * y + 2 * Math.sin(2 * x) * Math.cos(2 * y)],
    "0.6 * x + 2 * np.cos(2 * x) * np.sin(2 * y), 0.6 * y + 2 * np.sin(2 * x) * np.cos(2 * y)"],
};

const names = { bowl: _("bowl"), ravine: _("ravine"), "curved valley": _("curved valley"),
  "four valleys": _("four valleys"), saddle: _("saddle"), bumps: _("bumps") };

// name: [η in step t of `steps`, the same as nnlib code]
const SCHEDULES = {
  constant: [rate => rate, rate => `${rate}`],
  "1/t": [(rate, t) => rate / (1 + 0.1 * t), rate => `inverse_decay(${rate}, 0.1)`],
  cosine: [(rate, t, steps) => rate * (1 + Math.cos(Math.PI * t / steps)) / 2, (rate, steps) => `cosine_decay(${rate}, ${steps})`],
};

// The points visited; ends early where numbers overflow.
export function descend({ surface, start, steps, learning_rate, momentum, optimizer, schedule = "constant" }) {
  const w = Float64Array.from(start), g = new Float64Array(2), gradient = surfaces[surface][1];
  const options = { lr: learning_rate, momentum };
  const rule = optimizer === "Adam" ? new Adam([[w, g]], options) : new SGD([[w, g]], options);
  const path = [[...w]];
  for (let k = 0; k < steps; k++) {
    g.set(gradient(...w));
    rule.lr = SCHEDULES[schedule][0](learning_rate, k, steps);
    rule.step();
    if (!Number.isFinite(surfaces[surface][0](...w))) break;
    path.push([...w]);
  }
  return path;
}

const keys = ["surface", "start", "optimizer", "learning_rate", "schedule", "momentum", "steps"];
const plain = { optimizer: "SGD", momentum: 0, schedule: "constant" };
const momenta = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.97, 0.99];
const rates = [0.001, 0.002, 0.003, 0.005, 0.007, 0.01, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3, 0.32,
  0.34, 0.36, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.5, 2, 2.1];
const bands = 14;
const far = v => Math.max(-9999, Math.min(9999, v)).toFixed(1); // places far outside: browsers refuse 1e38

// The surface from above, and on it the path, the path of plain descent, and their start.
function mapOfSurface() {
  const map = plot({ width: 360, height: 350, x: [-1, 1], y: [-1, 1], xlabel: "x", ylabel: "y", grid: false,
    label: _("The surface from above, with the path") });
  const [left, top] = [map.margin.left, map.margin.top];
  const [width, height] = [map.width - left - map.margin.right, map.height - top - map.margin.bottom];
  const ground = svg("image", { x: left, y: top, width, height, preserveAspectRatio: "none" });
  const contours = svg("path", { class: "nnlib-contour" });
  const halo = svg("path", { fill: "none", stroke: "#fff", "stroke-width": 4, opacity: 0.8 });
  const ghost = svg("path", { fill: "none", stroke: "#555", "stroke-width": 1.3, "stroke-dasharray": "3 3" });
  const trail = svg("path", { fill: "none", stroke: colors.prediction, "stroke-width": 1.6 });
  const dots = svg("path", { stroke: colors.prediction, "stroke-width": 5, "stroke-linecap": "round" });
  const end = svg("circle", { r: 6, fill: colors.prediction, stroke: "#fff", "stroke-width": 1.5 });
  const start = svg("circle", { r: 8, fill: "#fff", stroke: "#000", "stroke-width": 2 });
  map.area.append(ground, contours, ghost, halo, trail, dots, end);
  map.svg.append(start);
  return { map, ground, contours, halo, ghost, trail, dots, end, start };
}

// The loss by step, of the path and of plain descent.
function curveOfLoss() {
  const curve = plot({ width: 360, height: 150, x: [0, 1], y: [0, 1], xlabel: _("step"), ylabel: _("loss"), label: _("Loss by step") });
  const pale = svg("path", { fill: "none", stroke: "#555", "stroke-width": 1.3, "stroke-dasharray": "3 3" });
  const falling = svg("path", { fill: "none", stroke: colors.loss, "stroke-width": 2 });
  const last = svg("circle", { r: 3.5, fill: colors.loss });
  curve.area.append(pale, falling);
  curve.svg.append(last);
  return { curve, pale, falling, last };
}

function controls(model, ui) {
  const defaults = model.get("surfaces");
  ui.select("surface", { label: _("surface"), options: names,
    also: name => ({ start: defaults[name].start, learning_rate: defaults[name].rate }) });
  ui.select("optimizer", { label: _("optimizer"), options: { SGD: "SGD", Adam: "Adam" } });
  ui.slider("learning_rate", { label: _("learning rate η"), values: rates });
  ui.select("schedule", { label: _("schedule of η"), options: { constant: _("constant"), "1/t": "η/(1 + 0.1 t)", cosine: _("cosine to 0") } });
  const momentum = ui.slider("momentum", { label: _("momentum"), values: momenta });
  ui.slider("steps", { label: _("steps"), min: 0, max: 200, play: 60 });

  if (model.get("brief")) {
    const rest = [...ui.controls.children].filter(row => !row.textContent.startsWith(_("learning rate η")));
    ui.controls.append(html("details", {}, html("summary", {}, _("more: other surfaces, momentum, Adam, schedules")),
      html("div", { class: "nnlib-controls" }, ...rest)));
  }
  return momentum;
}

async function render({ model, el }) {
  const state = () => Object.fromEntries(keys.map(key => [key, model.get(key)]));
  const defaults = model.get("surfaces");
  const ui = panel(model, el, { name: "gradient_descent", keys, code: () => code(state()) });

  const { map, ground, contours, halo, ghost, trail, dots, end, start } = mapOfSurface();
  const move = ([x, y]) => ui.change({ start: [+x.toFixed(3), +y.toFixed(3)] });
  const told = draggable(map, start, { name: _("Start point"), step: 0.05, get: () => model.get("start"), move });
  map.area.addEventListener("click", event => move(map.at(event)));

  const { curve, pale, falling, last } = curveOfLoss();
  ui.picture.append(map.svg);
  ui.readout.before(html("div", { class: "nnlib-small" }, curve.svg));

  const momentum = controls(model, ui);

  let drawn = "";
  function drawGround(surface, zoom) {
    if (drawn === surface + zoom) return;
    drawn = surface + zoom;
    const span = defaults[surface].range.map(v => v * zoom);
    map.range(span, span);
    const f = surfaces[surface][0], [image, path] = landscape(map, f);
    set(ground, { href: image });
    set(contours, { d: path });
  }

  await pause();
  drawGround(model.get("surface"), 1); // what the first picture takes longest for
  await pause();
  ui.draw(() => {
    const now = state(), f = surfaces[now.surface][0], path = descend(now), steps = path.length - 1;
    const same = now.optimizer === "SGD" && !now.momentum && now.schedule === "constant";
    const other = same ? [] : descend({ ...now, ...plain }); // what plain descent would have done with the same η
    const reach = Math.max(...path.flat().map(Math.abs)) / defaults[now.surface].range[1];
    const zoom = [1, 2, 4].find(z => reach <= z) ?? 8; // a path that leaves is followed, up to eight times as far
    drawGround(now.surface, zoom);
    const traced = points => line(map, points.filter(([x, y]) => Math.abs(x) + Math.abs(y) < 1e6)), trace = traced(path);
    set(ghost, { d: traced(other) });
    set(halo, { d: trace });
    set(trail, { d: trace });
    set(dots, { d: path.map(([x, y]) => `M${far(map.X(x))} ${far(map.Y(y))}h0`).join("") });
    set(end, { cx: far(map.X(path[steps][0])), cy: far(map.Y(path[steps][1])) });
    set(start, { cx: map.X(now.start[0]), cy: map.Y(now.start[1]) });
    told();
    momentum.disabled = now.optimizer === "Adam";

    const losses = path.map(point => f(...point));
    // a loss that grows is followed up to ten times its start: beyond that no axis could show both
    const low = Math.min(0, ...losses), high = Math.max(Math.min(Math.max(...losses), 10 * losses[0]), low + 1e-9);
    curve.range([0, Math.max(now.steps, 1)], [low, high + 0.06 * (high - low)]);
    set(pale, { d: line(curve, other.map((point, k) => [k, Math.min(f(...point), 1e6)])) });
    set(falling, { d: line(curve, losses.map((v, k) => [k, v])) });
    set(last, { cx: curve.X(steps), cy: curve.Y(Math.min(losses[steps], high)) });

    const slope = Math.hypot(...surfaces[now.surface][1](...path[steps]));
    const grown = losses[steps] > 10 * Math.max(losses[0], 1e-3);
    ui.say([_("step"), String(steps)], ["x", format(path[steps][0])], ["y", format(path[steps][1])],
      [_("loss"), format(losses[steps])], [_("slope"), format(slope)],
      ...same ? [] : [_("Dashed: plain descent with the same η.")],
      ...grown || steps < now.steps ? [html("b", {}, _("It diverges: each step makes the loss larger."))] : []);
  });
}

// The surface as a picture in bands of colour, and the lines between the bands as an SVG path.
function landscape(p, f) {
  const n = 140, [x0, x1] = p.x, [y0, y1] = p.y;
  const X = i => x0 + (x1 - x0) * i / n, Y = j => y0 + (y1 - y0) * j / n;
  const z = Array.from({ length: n + 1 }, () => new Float64Array(n + 1));
  let low = Infinity, high = -Infinity;
  for (let j = 0; j <= n; j++)
    for (let i = 0; i <= n; i++) {
      const value = z[j][i] = f(X(i), Y(j));
      if (value < low) low = value;
      if (value > high) high = value;
    }
  const levels = Array.from({ length: bands }, (__, k) => low + (high - low) * (k / bands) ** 3);
  const canvas = html("canvas", { width: n, height: n }), context = canvas.getContext("2d");
  const image = context.createImageData(n, n), { data } = image;
  for (let j = 0; j < n; j++)
    for (let i = 0; i < n; i++) {
      const v = (z[j][i] + z[j + 1][i + 1]) / 2, share = Math.cbrt((v - low) / (high - low)) * 0.6;
      const at = 4 * ((n - 1 - j) * n + i);
      data[at] = 255 + (213 - 255) * share;
      data[at + 1] = 255 + (94 - 255) * share;
      data[at + 2] = 255 + (0 - 255) * share;
      data[at + 3] = 255;
    }
  context.putImageData(image, 0, 0);
  return [canvas.toDataURL(), isolines(p, z, levels.slice(1), X, Y)];
}

// Marching squares: in each cell the lines where z passes a level; in nearly all cells it passes none.
function isolines(p, z, levels, X, Y) {
  let path = "";
  const step = 2, at = ([i, j]) => `${p.X(X(i)).toFixed(1)} ${p.Y(Y(j)).toFixed(1)}`;
  for (let j = 0; j + step < z.length; j += step)
    for (let i = 0; i + step < z.length; i += step) {
      const a = z[j][i], b = z[j][i + step], c = z[j + step][i + step], d = z[j + step][i];
      const low = Math.min(a, b, c, d), high = Math.max(a, b, c, d);
      for (const level of levels) {
        if (level < low || level >= high) continue;
        const cuts = crossed([[i, j, a], [i + step, j, b], [i + step, j + step, c], [i, j + step, d]], level).map(at);
        path += `M${cuts[0]}L${cuts[1]}`;
        if (cuts.length === 4) path += `M${cuts[2]}L${cuts[3]}`;
      }
    }
  return path;
}

// Where on the way round the corners (i, j, z) a level is passed.
const crossed = (corners, level) => corners.flatMap(([i0, j0, z0], k) => {
  const [i1, j1, z1] = corners[(k + 1) % 4], from = z0 - level, t = from / (z0 - z1);
  return from > 0 === z1 > level ? [] : [[i0 + t * (i1 - i0), j0 + t * (j1 - j0)]];
});

function code({ surface, start, optimizer, learning_rate, schedule, momentum, steps }) {
  const lr = SCHEDULES[schedule][1](learning_rate, steps);
  const rule = optimizer === "Adam" ? `Adam(point, lr=${lr})` : `SGD(point, lr=${lr}, momentum=${momentum})`;
  return `import numpy as np
from nnlib import ${optimizer}, Layer
${schedule === "constant" ? "" : `from nnlib.optimizers import ${lr.split("(")[0]}\n`}
point = Layer()  # a model with one parameter: the point itself
point.add_parameters(w=np.array([${start.join(", ")}]))
optimizer = ${rule}
for step in range(${steps}):
    x, y = point.w
    optimizer.zero_grad()
    point.dw += np.array([${surfaces[surface][2]}])  # the gradient of the surface "${surface}"
    optimizer.step()
print(point.w)`;
}

export default { render };
