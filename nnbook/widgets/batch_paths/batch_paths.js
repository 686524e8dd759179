// Batch, mini-batch and stochastic gradient descent from one start: their paths, and their loss against three clocks.
import { panel } from "../core/panel.js";
import { plot, line } from "../core/plot.js";
import { svg, html, set } from "../core/elements.js";
import { format } from "../core/numbers.js";
import { colors } from "../../palette.js";
import { meanSquaredError, ellipse } from "../line_by_hand/line_by_hand.js";
import { _ } from "../core/language.js";

const STYLES = [["prediction", 4, ""], ["gradient", 2.4, ""], ["class1", 1.2, ""]];

function render({ model, el }) {
  const means = model.get("means"), best = model.get("best"), count = model.get("count"), runs = model.get("runs");
  const units = { updates: _("updates"), epochs: _("epochs"), "examples seen": _("examples seen") };
  const names = model.get("names"), sizes = model.get("sizes"), axes = model.get("axes");
  const least = meanSquaredError(means, ...best);
  const ui = panel(model, el, { name: "batch_paths", keys: ["rate", "axis", "part"], wide: true, code: () => code(model) });
  const stage = html("div", { class: "nnlib-pair" });
  const left = plot({ x: model.get("w_range"), y: model.get("b_range"), width: 360, height: 310, xlabel: "w", ylabel: "b",
    label: _("Three paths over the loss surface"), grid: false });
  const right = plot({ x: [0, 1], y: [-4, 1], width: 360, height: 310, xlabel: " ", ylabel: _("log₁₀ (loss − lowest)"),
    label: _("The loss of the three") });
  stage.append(left.svg, right.svg);
  ui.picture.append(stage);

  left.area.append(
    ...[0.03, 0.15, 0.5, 1.2, 2.5, 4.5, 7, 10].reverse().map(extra => svg("path", {
      d: line(left, ellipse(means, best, extra)), fill: colors.loss, "fill-opacity": 0.07, stroke: colors.loss,
      "stroke-width": 0.7 })),
    svg("path", { d: `M${left.X(best[0]) - 6} ${left.Y(best[1])}h12m-6 -6v12`, stroke: "#000", "stroke-width": 2 }));
  const order = [2, 1, 0]; // the wildest path lies lowest
  const make = (p, attributes) => {
    const paths = STYLES.map(([colour, width]) => svg("path", { fill: "none", stroke: colors[colour],
      "stroke-width": width, "stroke-linejoin": "round", ...attributes }));
    p.area.append(...order.map(k => paths[k]));
    return paths;
  };
  const ways = make(left, {}), faint = make(right, { opacity: 0.3 }), curves = make(right, {});
  const ends = STYLES.map(([colour]) => [left, right].map(p => {
    const node = svg("circle", { r: 5.5, fill: colors[colour], stroke: "#000", "stroke-width": 1.2 });
    p.area.append(node);
    return node;
  }));
  left.svg.append(legend(names));

  ui.select("rate", { label: _("learning rate"), options: model.get("rates") });
  ui.select("axis", { label: _("count in"), options: units });
  ui.slider("part", { label: _("how far"), min: 0, max: 100, play: 90, show: part => {
    const axis = axes[model.get("axis")] ? model.get("axis") : "updates";
    return `${format(part / 100 * axes[axis], 3)} ${units[axis]}`;
  } });

  // One update of batch size B is B examples seen, B/N of an epoch.
  const unit = (axis, size) => axis === "updates" ? 1 : axis === "epochs" ? size / count : size;
  const caption = right.axes;
  ui.draw(() => {
    const axis = axes[model.get("axis")] ? model.get("axis") : "updates", limit = axes[axis];
    const paths = runs[model.get("rate")] ?? Object.values(runs)[0], upTo = model.get("part") / 100 * limit;
    right.range([0, limit], [-4, 1]);
    [...caption.querySelectorAll(".nnlib-label")][0].textContent = units[axis];
    ui.controls.querySelector("input[type=range]").parentElement.querySelector(".nnlib-value").textContent =
      `${format(upTo, 3)} ${units[axis]}`;
    const said = paths.map((path, k) => {
      const step = unit(axis, sizes[k]);
      const height = ([w, b]) => Math.log10(Math.max(meanSquaredError(means, w, b) - least, 1e-9));
      const points = path.map((p, i) => [i * step, height(p)]).filter(([x]) => x <= limit + 1e-9);
      const last = Math.min(points.length - 1, Math.floor(upTo / step + 1e-9));
      set(ways[k], { d: line(left, path.slice(0, last + 1)) });
      set(faint[k], { d: line(right, points) });
      set(curves[k], { d: line(right, points.slice(0, last + 1)) });
      set(ends[k][0], { cx: left.X(path[last][0]), cy: left.Y(path[last][1]) });
      set(ends[k][1], { cx: right.X(points[last][0]), cy: right.Y(points[last][1]) });
      return [_("{name}: {updates} updates, {examples} examples, loss", { name: names[k], updates: last, examples: last * sizes[k] }),
        meanSquaredError(means, ...path[last]).toFixed(3)];
    });
    ui.say(...said, [_("lowest"), least.toFixed(3)]);
  });
}

// Which line is which, in the corner of the left plot.
function legend(names) {
  const key = svg("g", { "aria-hidden": "true" }, svg("rect", { x: 184, y: 211, width: 158, height: 57, fill: "#fff", opacity: 0.85 }));
  names.forEach((name, k) => key.append(
    svg("path", { d: `M190 ${226 + 17 * k}h20`, stroke: colors[STYLES[k][0]], "stroke-width": STYLES[k][1] + 1 }),
    svg("text", { class: "nnlib-label", x: 216, y: 230 + 17 * k }, name)));
  return key;
}

function code(model) {
  const falling = /([\d.]+)\/\(1 \+ ([\d.]+) t\)/.exec(model.get("rate"));
  const lr = falling ? `inverse_decay(${falling[1]}, ${falling[2]})` : model.get("rate");
  return `import numpy as np
from nnlib import SGD, Linear, MSELoss, fit
${falling ? "from nnlib.optimizers import inverse_decay\n" : ""}
for batch_size in (${model.get("sizes").join(", ")}):  # x, y: the ${model.get("count")} points, each of shape (${model.get("count")}, 1)
    rng = np.random.default_rng(0)
    model = Linear(1, 1, rng=rng)
    model.W[:], model.b[:] = ${model.get("start").join(", ")}
    fit(model, (x, y), MSELoss(half=True), SGD(model, lr=${lr}),
        epochs=${model.get("axes").epochs}, batch_size=batch_size, rng=rng)
    print(batch_size, model.W.item(), model.b.item())`;
}

export default { render };
