// Maximum margin: turn the direction of w, see the empty street between two classes and its width.
import { panel } from "../core/panel.js";
import { plot, line } from "../core/plot.js";
import { svg, html, set } from "../core/elements.js";
import { format } from "../core/numbers.js";
import { colors } from "../../palette.js";

// The street at right angles to the direction (degrees): where class 0 ends and class 1 begins along it.
export function street(points, labels, angle) {
  const c = Math.cos(angle * Math.PI / 180), s = Math.sin(angle * Math.PI / 180);
  const along = points.map(([x, y]) => c * x + s * y), of = k => along.filter((_, i) => labels[i] === k);
  return { c, s, along, low: Math.max(...of(0)), high: Math.min(...of(1)) };
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
    label: "Two classes and the street between them", grid: false });
  const angles = Array.from({ length: 2 * (high - low) + 1 }, (_, k) => low + k / 2);
  const curve = angles.map(a => [a, width(a)]), values = curve.map(([, w]) => w);
  const right = plot({ x: [low, high], y: [Math.min(...values), Math.max(...values) + 0.5], width: 360, height: 330,
    xlabel: "direction of w, in degrees", ylabel: "width of the street", label: "Width over the direction" });
  stage.append(left.svg, right.svg);

  const band = svg("path", { fill: colors.highlight, opacity: 0.3 });
  const edges = svg("path", { stroke: "#000", "stroke-width": 1.2, "stroke-dasharray": "6 4" });
  const middle = svg("path", { stroke: "#000", "stroke-width": 2.5 });
  const rings = svg("path", { fill: "none", stroke: "#A0306F", "stroke-width": 2.5 });
  left.area.append(band, edges, middle, ...points.map(([x, y], k) => svg("path", {
    d: marks[labels[k]](left.X(x), left.Y(y), 5.5), fill: colors[`class${labels[k]}`], stroke: "#000" })), rings);
  const arrow = svg("path", { stroke: colors.gradient, "stroke-width": 3, fill: "none" });
  left.area.append(arrow);
  right.area.append(svg("path", { d: line(right, [[low, 0], [high, 0]]), stroke: "#888", "stroke-width": 1.5 }),
    svg("path", { d: line(right, curve), stroke: "#000", "stroke-width": 2, fill: "none" }));
  const here = svg("circle", { r: 7, fill: colors.highlight, stroke: "#000", "stroke-width": 1.5 });
  right.area.append(here);

  ui.slider("angle", { label: "direction of w", min: low, max: high, step: 0.5, play: 60, show: v => `${format(v)}°` });
  ui.button("Widest street", () => ui.change({ angle: best }), ui.foot);
  ui.draw(() => {
    const angle = model.get("angle"), { c, s, along, low: from, high: to } = street(points, labels, angle);
    const open = to > from, far = 30;
    const across = v => [[v * c + far * s, v * s - far * c], [v * c - far * s, v * s + far * c]];
    const path = list => line(left, list);
    set(band, { d: open ? path([...across(from), ...[...across(to)].reverse()]) + "z" : "" });
    set(edges, { d: open ? path(across(from)) + path(across(to)) : "" });
    set(middle, { d: open ? path(across((from + to) / 2)) : "" });
    const touch = along.map((v, k) => labels[k] ? v < to + 0.03 : v > from - 0.03);
    set(rings, { d: open ? points.filter((_, k) => touch[k]).map(([x, y]) => marks[0](left.X(x), left.Y(y), 10)).join("") : "" });
    const [x, y] = model.get("range").map(v => v), foot = [x + (y - x) * 0.12, x + (y - x) * 0.14];
    const tip = [foot[0] + c * 0.9, foot[1] + s * 0.9], wing = turn => [tip[0] - 0.25 * Math.cos(angle * Math.PI / 180 + turn),
      tip[1] - 0.25 * Math.sin(angle * Math.PI / 180 + turn)];
    set(arrow, { d: path([foot, tip]) + path([wing(0.5), tip, wing(-0.5)]) });
    set(here, { cx: right.X(angle), cy: right.Y(to - from) });
    ui.say(open ? ["width of the street", (to - from).toFixed(2)] : "No street in this direction: the classes overlap.",
      open ? ["points that touch it", `${touch.filter(Boolean).length}`] : "",
      ["widest possible", `${width(best).toFixed(2)} at ${format(best)}°`]);
  });
}

export default { render };
