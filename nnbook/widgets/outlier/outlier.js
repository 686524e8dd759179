// One point dragged away from the others, and what four measures of error make of it. All numbers come from nnlib.
import { panel } from "../core/panel.js";
import { plot, line, draggable } from "../core/plot.js";
import { svg, html, set } from "../core/elements.js";
import { format, nearest, lastOf } from "../core/numbers.js";
import { colors } from "../../palette.js";
import { _ } from "../core/language.js";

const styles = { MSE: "", RMSE: "7 3", MAE: "2 3" }, dashes = ["", "7 3"];

function render({ model, el }) {
  const values = model.get("values"), measures = model.get("measures");
  const targets = model.get("targets"), predictions = model.get("predictions"), moved = targets.length - 1;
  const ui = panel(model, el, { name: "outlier", keys: ["value", "chance"], wide: true, code: () =>
    `y = np.array([${[...targets.slice(0, -1), model.get("value")].join(", ")}])\n` +
    `prediction = np.array([${predictions.join(", ")}])\n` +
    "print(metrics.mse(prediction, y), metrics.mae(prediction, y), metrics.rmse(prediction, y), " +
    "metrics.r2(prediction, y))" });
  const stage = html("div", { class: "nnlib-pair" });
  ui.picture.append(stage);
  const left = plot({ x: [0.4, targets.length + 0.6], y: [values[0], lastOf(values)], width: 360, height: 310,
    xlabel: _("day"), ylabel: _("thousand views"), label: _("Targets and predictions") });
  const right = plot({ x: [values[0], lastOf(values)], y: [0, 40], width: 360, height: 310,
    xlabel: _("target of the last day"), ylabel: _("error"), label: _("Measures of error") });
  stage.append(left.svg, right.svg);

  const sticks = svg("path", { stroke: colors.loss, "stroke-width": 2.5 });
  left.area.append(sticks,
    ...predictions.map((p, k) => svg("rect", { x: left.X(k + 1) - 6, y: left.Y(p) - 6, width: 12, height: 12,
      fill: colors.prediction })),
    ...targets.slice(0, -1).map((y, k) => svg("circle", { cx: left.X(k + 1), cy: left.Y(y), r: 6, fill: colors.data })));
  const handle = svg("circle", { r: 9, cx: left.X(moved + 1), fill: colors.highlight, stroke: "#000",
    "stroke-width": 1.5 });
  left.svg.append(handle);
  const told = draggable(left, handle, { name: _("target of the last day"), step: 0.5,
    get: () => [moved + 1, model.get("value")],
    move: ([, y]) => ui.change({ value: values[nearest(values, y)] }) });

  const marks = {};
  for (const [name, dash] of Object.entries(styles)) {
    const curve = values.map((v, k) => [v, measures[name][k]]);
    const end = lastOf(curve.filter(([, e]) => e <= 38));
    right.area.append(svg("path", { d: line(right, curve), fill: "none", stroke: colors.loss, "stroke-width": 2,
      "stroke-dasharray": dash }));
    right.svg.append(svg("text", { class: "nnlib-label", x: right.X(end[0]) - (end[1] > 30 ? 6 : 4),
      y: right.Y(end[1]) + (end[1] > 30 ? 4 : name === "MAE" ? 16 : -6), "text-anchor": "end" }, name));
    marks[name] = svg("circle", { r: 5, fill: colors.highlight, stroke: "#000" });
    right.area.append(marks[name]);
  }

  ui.slider("value", { label: _("target of the last day"), values });

  // the outlier of classes: a day whose truth was thought improbable
  const entropies = Object.entries(model.get("entropies")), chances = model.get("chances"), spots = [];
  if (entropies.length) {
    const third = plot({ x: [0, 1], y: [0, 2.6], width: 360, height: 310, ylabel: _("cross-entropy"),
      xlabel: _("probability given to the truth of the last day"), label: _("Cross-entropies") });
    stage.append(third.svg);
    entropies.forEach(([name, list], k) => {
      third.area.append(svg("path", { d: line(third, list.map((v, i) => [chances[i], v])), fill: "none", stroke: colors.loss,
        "stroke-width": 2, "stroke-dasharray": dashes[k] }));
      third.svg.append(svg("text", { class: "nnlib-label", x: third.X(0.62), y: third.Y(list[nearest(chances, 0.62)]) - 8 }, name));
      const spot = svg("circle", { r: 5, fill: colors.highlight, stroke: "#000" });
      third.area.append(spot);
      spots.push(k => set(spot, { cx: third.X(chances[k]), cy: third.Y(list[k]) }));
    });
    ui.slider("chance", { label: _("probability of its class"), values: chances });
  }
  ui.draw(() => {
    const value = model.get("value"), k = nearest(values, value), now = [...targets.slice(0, -1), value];
    set(sticks, { d: now.map((y, i) => `M${left.X(i + 1)} ${left.Y(y)}V${left.Y(predictions[i])}`).join("") });
    set(handle, { cy: left.Y(value) });
    told();
    for (const name of Object.keys(styles)) set(marks[name], { cx: right.X(values[k]), cy: right.Y(measures[name][k]) });
    const c = entropies.length ? nearest(chances, model.get("chance")) : 0;
    for (const move of spots) move(c);
    ui.say(...Object.entries(measures).map(([name, list]) => [name, format(list[k], 6)]),
      ...entropies.map(([name, list]) => [_("cross-entropy, {name}", { name }), format(list[c])]));
  });
}

export default { render };
