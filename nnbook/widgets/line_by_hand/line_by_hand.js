// A line through data and its place on the loss surface: w and b by sliders, or the point dragged over the surface.
import { panel } from "../core/panel.js";
import { plot, line, draggable } from "../core/plot.js";
import { svg, html, set } from "../core/elements.js";
import { format } from "../core/numbers.js";
import { colors } from "../../palette.js";
import { _ } from "../core/language.js";

// Mean squared error of the line w x + b, from the means of x², x, xy, y and y².
export function meanSquaredError({ xx, x, xy, y, yy }, w, b) {
  return w * w * xx + 2 * w * b * x + b * b - 2 * w * xy - 2 * b * y + yy;
}

// The ellipse of all (w, b) whose loss is `extra` above the least one, as points [w, b].
export function ellipse({ xx, x }, best, extra, count = 96) {
  const spread = Math.sqrt(1 - x * x / xx), size = Math.sqrt(extra);
  return Array.from({ length: count + 1 }, (__, k) => {
    const angle = 2 * Math.PI * k / count;
    const b = size * Math.sin(angle) / spread;
    const w = (size * Math.cos(angle) - b * x / Math.sqrt(xx)) / Math.sqrt(xx);
    return [best[0] + w, best[1] + b];
  });
}

// From white (share 0) to the colour of the loss (share 1).
const shade = share => `rgb(${[213, 94, 0].map(c => Math.round(255 + (c - 255) * share)).join(" ")})`;
const round = (value, step) => +(Math.round(value / step) * step).toFixed(6);

function render({ model, el }) {
  const points = model.get("points"), shown = model.get("shown"), means = model.get("means"), best = model.get("best");
  const [xlabel, ylabel] = model.get("labels"), least = meanSquaredError(means, ...best);
  const ui = panel(model, el, { name: "line_by_hand", keys: ["w", "b"], wide: true, code: () =>
    `w, b = ${model.get("w")}, ${model.get("b")}\nprint(metrics.mse(w * x + b, y))` });
  const stage = html("div", { class: "nnlib-pair" });
  ui.picture.append(stage);

  const range = model.get("range");
  const left = plot({ x: range, y: range, width: 360, height: 310, xlabel, ylabel,
    label: _("The line among the data") });
  const right = plot({ x: model.get("w_range"), y: model.get("b_range"), width: 360, height: 310,
    xlabel: "w", ylabel: "b", label: _("The loss surface over w and b"), grid: false });
  stage.append(left.svg, right.svg);

  const dots = points.map(([x, y]) => `M${left.X(x).toFixed(1)} ${left.Y(y).toFixed(1)}h0`).join("");
  const squares = svg("path", { fill: colors.loss, "fill-opacity": 0.1, stroke: colors.loss, "stroke-width": 0.5 });
  const mean = svg("rect", { x: left.margin.left + 10, fill: colors.loss, "fill-opacity": 0.45, stroke: colors.loss });
  const meaning = svg("text", { class: "nnlib-label", x: left.margin.left + 10, y: left.margin.top + 18 }, _("average square"));
  const residuals = svg("path", { stroke: colors.loss, "stroke-width": 1.6 });
  const fitted = svg("path", { stroke: colors.prediction, "stroke-width": 3, fill: "none" });
  left.area.append(
    svg("path", { d: dots, stroke: colors.muted, "stroke-width": 3, "stroke-linecap": "round", opacity: 0.35 }),
    squares, residuals,
    svg("path", { d: shown.map(k => `M${left.X(points[k][0])} ${left.Y(points[k][1])}h0`).join(""),
      stroke: colors.data, "stroke-width": 5, "stroke-linecap": "round" }),
    fitted, mean, meaning);

  const levels = model.get("levels");
  right.area.append(
    svg("rect", { width: 360, height: 310, fill: shade(0.85) }),
    ...[...levels].reverse().map((level, k) => svg("path", {
      d: line(right, ellipse(means, best, level - least)), fill: shade(0.85 * (1 - (k + 1) / levels.length)),
      stroke: colors.loss, "stroke-width": 0.8 })));
  const point = svg("circle", { r: 8, fill: colors.highlight, stroke: "#000", "stroke-width": 1.5 });
  right.svg.append(point);
  const place = ([w, b]) => ui.change({ w: round(w, 0.01), b: round(b, 0.05) });
  const told = draggable(right, point, { name: _("w and b"), step: 0.05, move: place,
    get: () => [model.get("w"), model.get("b")] });
  right.area.addEventListener("click", event => place(right.at(event)));

  ui.slider("w", { label: _("slope w"), min: right.x[0], max: right.x[1], step: 0.01, show: v => format(v, 3) });
  ui.slider("b", { label: _("intercept b"), min: right.y[0], max: right.y[1], step: 0.05, show: v => format(v, 3) });
  ui.button(_("Jump to the lowest point"), () => ui.change({ w: +best[0].toFixed(4), b: +best[1].toFixed(4) }), ui.foot);

  ui.draw(() => {
    const w = model.get("w"), b = model.get("b"), loss = meanSquaredError(means, w, b);
    set(fitted, { d: line(left, range.map(x => [x, w * x + b])) });
    set(residuals, { d: shown.map(k => points[k]).map(([x, y]) =>
      `M${left.X(x)} ${left.Y(y)}V${left.Y(w * x + b)}`).join("") });
    // each error's square stands to the right of it; its side is the error as drawn, so its area is what the loss averages
    set(squares, { d: shown.map(k => points[k]).map(([x, y]) => {
      const [from, to] = [left.Y(y), left.Y(w * x + b)].sort((p, q) => p - q);
      return `M${left.X(x)} ${from}h${to - from}V${to}h${from - to}z`;
    }).join("") });
    const side = left.Y(0) - left.Y(Math.sqrt(loss));
    set(mean, { y: left.margin.top + 24, width: side, height: side });
    set(point, { cx: right.X(w), cy: right.Y(b) });
    told();
    ui.say([_("loss (MSE), the average square"), loss.toFixed(3)], [_("its side, the root"), Math.sqrt(loss).toFixed(3)],
      [_("lowest possible"), least.toFixed(3)]);
  });
}

export default { render };
