// The line ŷ = w x among points that are added one by one, and the loss over w: a parabola whose coefficients add up.
import { panel } from "../core/panel.js";
import { plot, line, draggable } from "../core/plot.js";
import { svg, html, set } from "../core/elements.js";
import { format, clamp } from "../core/numbers.js";
import { colors } from "../../palette.js";
import { _ } from "../core/language.js";

// a, b, c of Σ (w x − y)² = a w² + b w + c.
export function coefficients(points) {
  const sum = f => points.reduce((total, p) => total + f(p), 0);
  return [sum(([x]) => x * x), sum(([x, y]) => -2 * x * y), sum(([, y]) => y * y)];
}

export const lossOf = (points, w) => points.reduce((total, [x, y]) => total + (w * x - y) ** 2, 0) / points.length;

const round = v => +v.toFixed(2);

function render({ model, el }) {
  const points = model.get("points"), wRange = model.get("w_range");
  const ui = panel(model, el, { name: "loss_parabola", keys: ["n", "w"], wide: true, code: () => {
    const used = points.slice(0, model.get("n")), list = k => used.map(p => p[k]).join(", ");
    return `import numpy as np\nfrom nnlib import metrics\n\nx, y = np.array([${list(0)}]), np.array([${list(1)}])\n` +
      `print(np.sum(x**2), -2 * np.sum(x * y), np.sum(y**2), metrics.mse(${model.get("w")} * x, y))`;
  } });
  const stage = html("div", { class: "nnlib-pair" });
  const left = plot({ x: [0, 4], y: [-2, 6], width: 360, height: 310, xlabel: "x", ylabel: "y",
    label: _("The line through the origin") });
  const right = plot({ x: wRange, y: [0, 12], width: 360, height: 310, xlabel: "w", ylabel: _("loss"),
    label: _("The loss over w") });
  stage.append(left.svg, right.svg);
  const table = html("table", { style: "border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.9rem" });
  ui.picture.append(stage, html("div", { style: "overflow-x:auto" }, table));

  const fitted = svg("path", { stroke: colors.prediction, "stroke-width": 3 });
  const residuals = svg("path", { stroke: colors.loss, "stroke-width": 2 });
  const dots = points.map(([x, y]) => svg("circle", { cx: left.X(x), cy: left.Y(y), r: 5.5, stroke: colors.data }));
  left.area.append(fitted, residuals, ...dots);
  const single = svg("path", { stroke: colors.muted, "stroke-width": 1.2, fill: "none", "stroke-dasharray": "4 3" });
  const mean = svg("path", { stroke: colors.loss, "stroke-width": 3, fill: "none" });
  const lowest = svg("path", { stroke: colors.gradient, "stroke-width": 2, "stroke-dasharray": "2 3" });
  const tangent = svg("path", { stroke: colors.gradient, "stroke-width": 2.5 });
  right.area.append(lowest, single, mean, tangent);
  const handle = svg("circle", { r: 8, fill: colors.highlight, stroke: "#000", "stroke-width": 1.5 });
  right.svg.append(handle);
  const place = ([w]) => ui.change({ w: round(clamp(w, ...wRange)) });
  const used = () => points.slice(0, model.get("n"));
  const told = draggable(right, handle, { name: _("w on the loss curve"), step: 0.02, move: place,
    get: () => [model.get("w"), lossOf(used(), model.get("w"))] });
  right.area.addEventListener("click", event => place(right.at(event)));

  ui.slider("n", { label: _("number of points"), min: 1, max: points.length, play: 1200 });
  ui.slider("w", { label: _("slope w"), min: wRange[0], max: wRange[1], step: 0.01, show: v => format(v, 3) });
  ui.button(_("Jump to the lowest point"), () => {
    const [a, b] = coefficients(used());
    place([-b / (2 * a)]);
  }, ui.foot);

  const ws = Array.from({ length: 81 }, (__, k) => wRange[0] + k * (wRange[1] - wRange[0]) / 80);
  const cells = (tag, values) => html("tr", {}, ...values.map((v, k) =>
    html(k ? tag : "th", { style: `padding: 0.1rem 1.4rem 0.1rem 0; text-align: ${k ? "right" : "left"}` }, v)));
  ui.draw(() => {
    const w = model.get("w"), now = used(), [a, b, c] = coefficients(now), n = now.length, loss = lossOf(now, w);
    set(fitted, { d: line(left, [[0, 0], [4, 4 * w]]) });
    set(residuals, { d: now.map(([x, y]) => `M${left.X(x)} ${left.Y(y)}V${left.Y(w * x)}`).join("") });
    dots.forEach((dot, k) => set(dot, { fill: k < n ? colors.data : "#fff", opacity: k < n ? 1 : 0.35 }));
    set(single, { d: n > 1 ? now.map(p => line(right, ws.map(v => [v, lossOf([p], v)]))).join("") : "" });
    set(mean, { d: line(right, ws.map(v => [v, (a * v * v + b * v + c) / n])) });
    set(lowest, { d: line(right, [[-b / (2 * a), 0], [-b / (2 * a), right.y[1]]]) });
    const slope = (2 * a * w + b) / n, reach = 0.35;
    set(tangent, { d: line(right, [[w - reach, loss - reach * slope], [w + reach, loss + reach * slope]]) });
    set(handle, { cx: right.X(w), cy: Math.max(right.Y(loss), right.margin.top) });
    told();
    table.replaceChildren(
      cells("th", [_("point"), "a: x²", "b: −2xy", "c: y²"]),
      ...now.map((p, k) => cells("td", [`${k + 1}`, ...coefficients([p]).map(v => format(round(v)))])),
      cells("th", [_("sum"), ...[a, b, c].map(v => format(round(v)))]));
    ui.say([_("loss (a w² + b w + c)/{n}", { n }), loss.toFixed(3)], [_("its slope"), format(round(slope))],
      [_("lowest at w = −b/(2a)"), format(-b / (2 * a), 4)]);
  });
}

export default { render };
