// Maximum margin: turn the direction of w, see the empty street between two classes and its width.
import { panel } from "../core/panel.js";
import { plot, line, draggable } from "../core/plot.js";
import { svg, html, set } from "../core/elements.js";
import { format } from "../core/numbers.js";
import { colors } from "../../palette.js";
import { _ } from "../core/language.js";

// The street at right angles to the direction (degrees): where class 0 ends and class 1 begins along it.
export function street(points, labels, angle) {
  const c = Math.cos(angle * Math.PI / 180), s = Math.sin(angle * Math.PI / 180);
  const along = points.map(([x, y]) => c * x + s * y), of = k => along.filter((__, i) => labels[i] === k);
  return { c, s, along, low: Math.max(...of(0)), high: Math.min(...of(1)) };
}

const TOUCH = 0.005; // how near to the edge counts as touching it: a tenth of a degree moves the edges by less

// Which points touch the street.
export function touching(points, labels, angle) {
  const { along, low, high } = street(points, labels, angle);
  return along.map((v, k) => labels[k] ? v < high + TOUCH : v > low - TOUCH);
}

const marks = { 0: (x, y, r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
  1: (x, y, r) => `M${x} ${y - r}l${r} ${1.8 * r}h${-2 * r}z` };

function render({ model, el }) {
  const points = model.get("points"), labels = model.get("labels"), best = model.get("best");
  const [low, high] = model.get("angles");
  const width = angle => { const s = street(points, labels, angle); return s.high - s.low; };
  const ui = panel(model, el, { name: "widest_street", keys: ["angle"], wide: true, code: () =>
    `import numpy as np\n\nw = np.array([np.cos(np.radians(${model.get("angle")})), np.sin(np.radians(${model.get("angle")}))])\n` +
    "s = x @ w\nprint(s[y == 1].min() - s[y == 0].max())" });
  const stage = html("div", { class: "nnlib-pair" });
  ui.picture.append(stage);
  const left = plot({ x: model.get("range"), y: model.get("range"), width: 360, height: 330, xlabel: "x₁", ylabel: "x₂",
    label: _("Two classes and the street between them"), grid: false });
  const angles = Array.from({ length: 2 * (high - low) + 1 }, (__, k) => low + k / 2);
  const curve = angles.map(a => [a, width(a)]), values = curve.map(([, w]) => w);
  const right = plot({ x: [low, high], y: [Math.min(...values), Math.max(...values) + 0.5], width: 360, height: 330,
    xlabel: _("direction of w, in degrees"), ylabel: _("width of the street"), label: _("Width over the direction") });
  stage.append(left.svg, right.svg);

  const band = svg("path", { fill: colors.highlight, opacity: 0.3 });
  const edges = svg("path", { stroke: "#000", "stroke-width": 1.2, "stroke-dasharray": "6 4" });
  const middle = svg("path", { stroke: "#000", "stroke-width": 2.5 });
  const rings = svg("path", { fill: "none", stroke: "#A0306F", "stroke-width": 2.5 });
  left.area.append(band, edges, middle, ...points.map(([x, y], k) => svg("path", {
    d: marks[labels[k]](left.X(x), left.Y(y), 5.5), fill: colors[`class${labels[k]}`], stroke: "#000" })), rings);
  const arrow = svg("path", { stroke: colors.gradient, "stroke-width": 3, fill: "none" });
  const range = model.get("range"), foot = [0.72, 0.13].map(share => range[0] + (range[1] - range[0]) * share);
  const tipOf = angle => [foot[0] + 0.9 * Math.cos(angle * Math.PI / 180), foot[1] + 0.9 * Math.sin(angle * Math.PI / 180)];
  const handle = svg("circle", { r: 8, fill: colors.gradient, stroke: "#000", "stroke-width": 1.5 });
  left.area.append(arrow);
  left.svg.append(handle);
  const told = draggable(left, handle, { name: _("direction of w"), step: 0.02, get: () => tipOf(model.get("angle")),
    move: ([x, y]) => {
      const turned = Math.atan2(y - foot[1], x - foot[0]) * 180 / Math.PI; // −180 … 180; the slider ends before that
      const angle = turned < (low + high) / 2 - 180 ? turned + 360 : turned;
      ui.change({ angle: Math.round(10 * Math.min(high, Math.max(low, angle))) / 10 });
    } });
  right.area.append(svg("path", { d: line(right, [[low, 0], [high, 0]]), stroke: "#888", "stroke-width": 1.5 }),
    svg("path", { d: line(right, curve), stroke: "#000", "stroke-width": 2, fill: "none" }));
  const here = svg("circle", { r: 7, fill: colors.highlight, stroke: "#000", "stroke-width": 1.5 });
  right.area.append(here);

  ui.slider("angle", { label: _("direction of w"), min: low, max: high, step: 0.1, play: 12, show: v => `${format(v)}°` });
  ui.button(_("Widest street"), () => ui.change({ angle: best }), ui.foot);
  ui.draw(() => {
    const angle = model.get("angle"), { c, s, low: from, high: to } = street(points, labels, angle);
    const open = to > from, far = 30;
    const across = v => [[v * c + far * s, v * s - far * c], [v * c - far * s, v * s + far * c]];
    const path = list => line(left, list);
    set(band, { d: open ? path([...across(from), ...[...across(to)].reverse()]) + "z" : "" });
    set(edges, { d: open ? path(across(from)) + path(across(to)) : "" });
    set(middle, { d: open ? path(across((from + to) / 2)) : "" });
    const touch = touching(points, labels, angle);
    set(rings, { d: open ? points.filter((__, k) => touch[k]).map(([x, y]) => marks[0](left.X(x), left.Y(y), 10)).join("") : "" });
    const tip = tipOf(angle);
    set(arrow, { d: path([foot, tip]) });
    set(handle, { cx: left.X(tip[0]), cy: left.Y(tip[1]) });
    told();
    set(here, { cx: right.X(angle), cy: right.Y(to - from) });
    ui.say(open ? [_("width of the street"), (to - from).toFixed(3)] : _("No street in this direction: the classes overlap."),
      open ? [_("points that touch it"), `${touch.filter(Boolean).length}`] : "",
      [_("widest possible"), _("{width} at {angle}°", { width: width(best).toFixed(3), angle: format(best) })]);
  });
}

export default { render };
