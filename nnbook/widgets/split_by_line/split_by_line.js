// A straight line dragged by its two ends: how many points of two classes does it leave on the right side?
import { panel } from "../core/panel.js";
import { plot, draggable } from "../core/plot.js";
import { svg, set } from "../core/elements.js";
import { colors } from "../../palette.js";
import { _ } from "../core/language.js";

// How many points the line through p and q classifies rightly, if its better side is called class 1.
export function rightSide(points, labels, p, q) {
  const ones = points.filter(([x, y], k) =>
    ((q[0] - p[0]) * (y - p[1]) - (q[1] - p[1]) * (x - p[0]) > 0) === (labels[k] === 1)).length;
  return { right: Math.max(ones, points.length - ones), left: ones >= points.length - ones };
}

const triangle = (x, y, r) => `M${x} ${y - r}l${r} ${1.8 * r}h${-2 * r}z`;
const disc = (x, y, r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
const round = v => +v.toFixed(2);

function render({ model, el }) {
  const sets = model.get("sets");
  const ui = panel(model, el, { name: "split_by_line", keys: ["set", "p", "q"] });
  const area = plot({ x: [-1.5, 1.5], y: [-1.5, 1.5], width: 360, height: 340, xlabel: "x₁", ylabel: "x₂",
    label: _("Two classes and a line"), grid: false });
  ui.picture.append(area.svg);
  const shade = [0, 1].map(c => svg("path", { fill: colors[`class${c}`], opacity: 0.22 }));
  const border = svg("path", { stroke: "#000", "stroke-width": 2.5 });
  const dots = svg("g");
  area.area.append(...shade, border, dots);
  const ends = ["p", "q"].map((key, k) => {
    const node = svg("circle", { r: 9, fill: colors.highlight, stroke: "#000", "stroke-width": 1.5 });
    area.svg.append(node);
    const told = draggable(area, node, { name: k ? _("second end of the line") : _("first end of the line"), step: 0.05,
      get: () => model.get(key), move: at => ui.change({ [key]: at.map(round) }) });
    return { node, key, told };
  });
  ui.select("set", { label: _("points"), options: {
    "two clouds": _("two clouds"), XOR: "XOR", "XOR with clouds": _("XOR with clouds"), "a ring": _("a ring") } });

  ui.draw(() => {
    const { points, labels, best } = sets[model.get("set")] ?? Object.values(sets)[0];
    const p = model.get("p"), q = model.get("q"), { right, left } = rightSide(points, labels, p, q);
    const way = [q[0] - p[0], q[1] - p[1]], size = Math.hypot(...way) || 1, [dx, dy] = way.map(v => 20 * v / size);
    const far = [[p[0] - dx, p[1] - dy], [p[0] + dx, p[1] + dy]];
    const path = (...list) => "M" + list.map(([x, y]) => `${area.X(x)} ${area.Y(y)}`).join("L");
    const half = side => path(...far, ...[...far].reverse().map(([x, y]) => [x - side * dy, y + side * dx])) + "z";
    set(shade[1], { d: half(left ? 1 : -1) });
    set(shade[0], { d: half(left ? -1 : 1) });
    set(border, { d: path(...far) });
    dots.replaceChildren(...points.map(([x, y], k) => svg("path", {
      d: (labels[k] ? triangle : disc)(area.X(x), area.Y(y), 5.5), fill: colors[`class${labels[k]}`],
      stroke: "#000", "stroke-width": 1 })));
    for (const { node, key, told } of ends) {
      set(node, { cx: area.X(model.get(key)[0]), cy: area.Y(model.get(key)[1]) });
      told();
    }
    ui.say([_("on the right side"), _("{k} of {n}", { k: right, n: points.length })], [_("the best that any line can do"), `${best}`],
      right === points.length ? _("Separated!") : "");
  });
}

export default { render };
