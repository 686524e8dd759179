// A curve built from pieces: knots are dragged, each stretch between two knots is one hard or soft sigmoid (or ReLU).
import { panel } from "../core/panel.js";
import { plot, line, draggable } from "../core/plot.js";
import { svg, html, set } from "../core/elements.js";
import { format, clamp } from "../core/numbers.js";
import { colors } from "../../palette.js";
import { trainer } from "./pieces_training.js";
import { _ } from "../core/language.js";

export const targets = {
  wave: x => Math.sin(2 * Math.PI * x),
  hill: x => 1.6 * Math.exp(-40 * (x - 0.4) ** 2) - 0.8,
  kink: x => 2 * Math.abs(x - 0.37) - 0.6,
  jump: x => (x < 0.37 ? -0.7 : 0.7),
};

const functions = {
  hard: z => clamp(z / 6 + 0.5, 0, 1),
  soft: z => 1 / (1 + Math.exp(-z)),
  relu: z => Math.max(0, z),
};

// constant and one [c, w, b] for each piece: y = constant + Σ c f(w x + b)
export function parameters(kind, knots) {
  let before = 0;
  const parts = knots.slice(1).map(([x, y], i) => {
    const [x0, y0] = knots[i];
    if (kind === "relu") {
      const slope = (y - y0) / (x - x0), change = slope - before;
      before = slope;
      return [change, 1, -x0];
    }
    const w = 6 / (x - x0);
    return [y - y0, w, -w * (x + x0) / 2];
  });
  return { constant: knots[0][1], parts };
}

export const piece = (kind, [c, w, b], x) => c * functions[kind](w * x + b);

export const total = (kind, { constant, parts }, x) =>
  parts.reduce((sum, part) => sum + piece(kind, part, x), constant);

const grid = Array.from({ length: 401 }, (__, k) => k / 400);

// Root of the mean squared distance between curve and sum, over 401 points.
export function distance(target, kind, knots) {
  const p = parameters(kind, knots);
  return Math.sqrt(grid.reduce((sum, x) => sum + (targets[target](x) - total(kind, p, x)) ** 2, 0) / grid.length);
}

export const read = text => text.split(";").map(pair => pair.trim().split(" ").map(Number));
export const write = knots => knots.map(([x, y]) => `${+x.toPrecision(9)} ${+y.toFixed(9)}`).join("; ");
export const even = (target, n) => Array.from({ length: n + 1 }, (__, k) => [k / n, targets[target](k / n)]);

function logarithmicAxes(right, most) {
  const tick = (text, attributes) => svg("text", { class: "nnlib-tick", ...attributes }, text);
  const old = right.axes.querySelectorAll(".nnlib-tick");
  old.forEach(node => node.remove());
  right.axes.append(
    ...[1, 2, 4, 8, 16, 32].filter(n => n <= most).map(n =>
      tick(n, { x: right.X(Math.log10(n)), y: 300 - 24, "text-anchor": "middle" })),
    ...[0, -1, -2, -3, -4].map(e =>
      tick(["1", "0.1", "0.01", "0.001", "10⁻⁴"][-e], { x: 40, y: right.Y(e) + 4, "text-anchor": "end" })));
}

// The two plots and what moves in them.
function pictures(most) {
  const left = plot({ x: [-0.04, 1.04], y: [-1.6, 1.6], width: 360, height: 300, xlabel: "x", ylabel: "y",
    label: _("The curve and the sum of the pieces; drag its knots") });
  const right = plot({ x: [0, Math.log10(most)], y: [-4, 0.3], width: 360, height: 300, grid: false,
    xlabel: _("number of pieces"), ylabel: _("error (RMSE)"), label: _("Error against the number of pieces") });
  right.svg.setAttribute("role", "img");
  logarithmicAxes(right, most);
  const wanted = svg("path", { stroke: colors.data, "stroke-width": 2, "stroke-dasharray": "6 4", fill: "none" });
  const single = svg("g", { fill: "none", stroke: colors.muted, "stroke-width": 1, opacity: 0.75 });
  const sum = svg("path", { stroke: colors.prediction, "stroke-width": 3, fill: "none" });
  left.area.append(single, wanted, sum);
  const handles = svg("g");
  left.svg.append(handles);
  const measured = svg("path", { stroke: colors.loss, "stroke-width": 1.5, fill: "none" });
  const dots = svg("path", { stroke: colors.loss, "stroke-width": 5, "stroke-linecap": "round", fill: "none" });
  const here = svg("circle", { r: 7, fill: colors.highlight, stroke: "#000", "stroke-width": 1.5 });
  right.area.append(measured, dots);
  right.svg.append(here);
  return { left, right, wanted, single, sum, handles, measured, dots, here };
}

function code(kind, knots) {
  const { constant, parts } = parameters(kind, knots);
  const f = { hard: "hard_sigmoid", soft: "sigmoid", relu: "relu" }[kind];
  const column = k => `np.array([${parts.map(part => +part[k].toPrecision(6)).join(", ")}])`;
  return `import numpy as np\nfrom nnlib.activations import ${f}\n\nx = np.linspace(0, 1, 401)\n`
    + `c = ${column(0)}\nw = ${column(1)}\nb = ${column(2)}\ny = ${+constant.toPrecision(6)} + ${f}(x[:, None] * w + b) @ c\n`;
}

function render({ model, el }) {
  const names = { hard: _("hard sigmoids"), soft: _("soft sigmoids"), relu: "ReLUs" }, errors = model.get("errors");
  const most = errors.wave.hard.length;
  let knots = read(model.get("knots"));
  const ui = panel(model, el, { name: "pieces", keys: ["kind", "target", "knots"], wide: true,
    code: () => code(model.get("kind"), knots) });
  ui.accept("knots", text => {
    const list = read(text), last = list.length - 1;
    const rising = list.every(([x, y], k) => Math.abs(y) <= 10 && (k ? x > list[k - 1][0] : x === 0));
    return last >= 1 && last <= most && rising && list[last][0] === 1 ? text : undefined;
  });
  const { left, right, wanted, single, sum, handles, measured, dots, here } = pictures(most);
  ui.picture.append(html("div", { class: "nnlib-pair" }, left.svg, right.svg));

  ui.select("target", { label: _("curve"), options: { wave: _("wave"), hill: _("hill"), kink: _("kink"), jump: _("jump") } })
    .addEventListener("change", () => lay(even(model.get("target"), knots.length - 1)));
  ui.select("kind", { label: _("pieces"), options: names });
  const count = html("input", { type: "range", min: 1, max: most, step: 1,
    oninput: () => lay(even(model.get("target"), +count.value)) });
  const counted = html("span", { class: "nnlib-value" });
  ui.controls.append(html("label", { class: "nnlib-row" },
    html("span", { class: "nnlib-name" }, _("number")), count, counted));
  const buttons = html("div", { class: "nnlib-foot" });
  ui.controls.append(buttons);
  ui.button(_("Lay the knots on the curve"), () => lay(knots.map(([x]) => [x, targets[model.get("target")](x)])), buttons);
  ui.button(_("Lay them flat"), () => lay(knots.map(([x]) => [x, 0])), buttons);

  function lay(list) { ui.change({ knots: write(list) }); }

  const training = trainer(ui, left, buttons, { lay, now: () => ({ kind: model.get("kind"),
    curve: targets[model.get("target")], knots }) });

  function move(k, [x, y]) {
    const list = knots.map(knot => [...knot]), last = list.length - 1;
    const gap = Math.min(0.01, 0.3 / last);
    const between = k === 0 ? 0 : k === last ? 1 : clamp(x, list[k - 1][0] + gap, list[k + 1][0] - gap);
    list[k] = [between, y].map(value => +value.toFixed(3)); // what a hand places is short in links
    lay(list);
  }

  const told = Array.from({ length: most + 1 }, (__, k) => {
    const node = svg("circle", { r: 7, fill: "#fff", stroke: colors.prediction, "stroke-width": 2.5 });
    handles.append(node);
    return [node, draggable(left, node, { name: _("knot {k}", { k: k + 1 }), step: 0.01, get: () => knots[k] ?? [0, 0],
      move: place => move(k, place) })];
  });

  ui.draw(() => {
    const parsed = read(model.get("knots"));
    if (parsed.length < 2 || parsed.flat().some(v => !Number.isFinite(v))) return;
    knots = parsed;
    const kind = model.get("kind"), target = model.get("target"), p = parameters(kind, knots), n = knots.length - 1;
    training.follow();
    set(wanted, { d: line(left, target === "jump"
      ? [[0, -0.7], [0.37, -0.7], [0.37, 0.7], [1, 0.7]] : grid.map(x => [x, targets[target](x)])) });
    set(sum, { d: line(left, grid.map(x => [x, total(kind, p, x)])) });
    single.replaceChildren(...p.parts.map(part =>
      svg("path", { d: line(left, grid.filter((__, k) => k % 4 === 0).map(x => [x, piece(kind, part, x)])) })));
    told.forEach(([node, tell], k) => {
      const [x, y] = knots[k] ?? [0, 0];
      set(node, { cx: left.X(x), cy: left.Y(y), hidden: k >= knots.length });
      tell();
    });
    const curve = errors[target][kind === "relu" ? "hard" : kind]
      .map((error, k) => [Math.log10(k + 1), Math.max(Math.log10(error), -4)]);
    set(measured, { d: line(right, curve) });
    set(dots, { d: curve.map(([x, y]) => `M${right.X(x)} ${right.Y(y)}h0`).join("") });
    const error = distance(target, kind, knots), evenly = errors[target][kind === "relu" ? "hard" : kind];
    const m = Math.floor(n / 2), order = Math.log(evenly[m - 1] / evenly[n - 1]) / Math.log(n / m);
    set(here, { cx: right.X(Math.log10(n)), cy: right.Y(clamp(Math.log10(error), -4, 0.3)) });
    count.value = n;
    counted.textContent = n;
    count.setAttribute("aria-valuetext", `${n} ${names[kind]}`);
    ui.say([_("pieces"), `${n} ${names[kind]}`], [_("error of your sum"), format(error, 3)],
      [_("evenly spaced on the curve"), format(evenly[n - 1], 3)],
      ...training.steps() ? [[_("steps"), training.steps()]] : [],
      ...n > 3 ? [[_("order of the fall from {m} to {n}", { m, n }), format(order, 2)]] : []);
  });
}

export default { render };
