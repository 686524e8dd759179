// Nudges of (w, b) in every direction: on a dial over the loss surface, and the change of the loss over the direction.
import { panel } from "../core/panel.js";
import { plot, line, draggable } from "../core/plot.js";
import { svg, html, set } from "../core/elements.js";
import { format } from "../core/numbers.js";
import { colors } from "../../palette.js";
import { meanSquaredError, ellipse } from "../line_by_hand/line_by_hand.js";
import { _ } from "../core/language.js";

const sizes = [0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1], SPAN = 1.15;
// From white (share 0) to the colour of the loss (share 1).
const shade = share => `rgb(${[213, 94, 0].map(c => Math.round(255 + (c - 255) * share)).join(" ")})`;
const radians = degrees => degrees * Math.PI / 180;

// Place and direction (degrees) and length of a nudge -> the new place.
export const nudged = ([w, b], direction, size) =>
  [w + size * Math.cos(radians(direction)), b + size * Math.sin(radians(direction))];

// The change of the loss that a nudge makes.
export const change = (means, place, direction, size) =>
  meanSquaredError(means, ...nudged(place, direction, size)) - meanSquaredError(means, ...place);

function render({ model, el }) {
  const means = model.get("means"), best = model.get("best"), place = model.get("place"), gradient = model.get("gradient");
  const steepness = Math.hypot(...gradient), uphill = Math.atan2(gradient[1], gradient[0]) * 180 / Math.PI;
  const downhill = uphill > 0 ? uphill - 180 : uphill + 180;
  const ui = panel(model, el, { name: "every_direction", keys: ["direction", "size"], wide: true, code: () =>
    `angle = np.radians(${model.get("direction")})\nd = ${model.get("size")} * np.array([np.cos(angle), np.sin(angle)])\n` +
    `print(loss(${place[0]} + d[0], ${place[1]} + d[1]) - loss(${place.join(", ")}), gradient(np.array([${place.join(", ")}])) @ d)` });
  const stage = html("div", { class: "nnlib-pair" });
  ui.picture.append(stage);
  const around = k => [place[k] - SPAN, place[k] + SPAN];
  const left = plot({ x: around(0), y: around(1), width: 360, height: 352, xlabel: "w", ylabel: "b", grid: false,
    label: _("The loss surface around the place, with the nudge") });
  const right = plot({ x: [-180, 180], y: [-1, 1], width: 360, height: 352, xlabel: _("direction of the nudge, in degrees"),
    ylabel: _("change of the loss"), label: _("Change of the loss over the direction") });
  stage.append(left.svg, right.svg);

  const levels = [0.002, 0.02, 0.08, 0.2, 0.4, 0.7, 1.1, 1.7, 2.5, 4, 6, 9, 13, 18];
  left.area.append(svg("rect", { width: 360, height: 352, fill: shade(0.8) }),
    ...[...levels].reverse().map((extra, k) => svg("path", { d: line(left, ellipse(means, best, extra)),
      fill: shade(0.75 * (1 - (k + 1) / levels.length)), stroke: colors.loss, "stroke-width": 0.7 })));
  const circle = svg("path", { fill: "none", stroke: "#000", "stroke-width": 1.2, "stroke-dasharray": "4 3" });
  const arrow = svg("path", { stroke: "#000", "stroke-width": 2.5 });
  const compass = svg("path", { stroke: colors.gradient, "stroke-width": 4 });
  left.area.append(circle, compass, arrow,
    svg("circle", { r: 5, cx: left.X(place[0]), cy: left.Y(place[1]), fill: "#000" }),
    svg("text", { class: "nnlib-label", x: left.X(place[0] - 0.3 * gradient[0] / steepness) + 8,
      y: left.Y(place[1] - 0.3 * gradient[1] / steepness) + 14 }, _("−gradient")));
  const tip = svg("circle", { r: 9, fill: colors.highlight, stroke: "#000", "stroke-width": 1.5 });
  left.svg.append(tip);
  const turn = ([w, b]) => ui.change({ direction: Math.round(Math.atan2(b - place[1], w - place[0]) * 180 / Math.PI) });
  const told = draggable(left, tip, { name: _("end of the nudge"), step: 0.05, move: turn,
    get: () => nudged(place, model.get("direction"), model.get("size")) });
  left.area.addEventListener("click", event => turn(left.at(event)));

  const wave = svg("path", { fill: "none", stroke: colors.loss, "stroke-width": 3 });
  const cosine = svg("path", { fill: "none", stroke: "#000", "stroke-width": 1.3, "stroke-dasharray": "5 4" });
  const marks = svg("path", { stroke: colors.gradient, "stroke-width": 2 });
  const here = svg("circle", { r: 8, fill: colors.highlight, stroke: "#000", "stroke-width": 1.5 });
  const names = [[uphill, _("gradient")], [downhill, _("−gradient")]].map(([angle, name]) =>
    [angle, svg("text", { class: "nnlib-label", "text-anchor": angle > 120 ? "end" : angle < -120 ? "start" : "middle" }, name)]);
  right.area.append(marks, cosine, wave, here);
  right.svg.append(...names.map(([, text]) => text));

  ui.slider("direction", { label: _("direction"), min: -180, max: 180, step: 1, play: 30, show: v => `${format(v)}°` });
  ui.slider("size", { label: _("size of the nudge"), values: sizes });
  ui.button(_("Steepest descent"), () => ui.change({ direction: Math.round(downhill) }), ui.foot);

  const all = Array.from({ length: 181 }, (__, k) => 2 * k - 180);
  ui.draw(() => {
    const direction = model.get("direction"), size = model.get("size");
    const real = all.map(angle => change(means, place, angle, size));
    const linear = angle => steepness * size * Math.cos(radians(angle - uphill));
    const reach = 1.25 * Math.max(...real.map(Math.abs), steepness * size);
    right.range([-180, 180], [-reach, reach]);
    set(wave, { d: line(right, all.map((angle, k) => [angle, real[k]])) });
    set(cosine, { d: line(right, all.map(angle => [angle, linear(angle)])) });
    set(marks, { d: line(right, [[uphill, -reach], [uphill, reach]]) + line(right, [[downhill, -reach], [downhill, reach]]) });
    for (const [angle, text] of names) set(text, { x: right.X(angle), y: right.Y(angle === uphill ? -reach : reach) + (angle === uphill ? -6 : 14) });
    set(circle, { d: line(left, all.map(angle => nudged(place, angle, size))) });
    const end = nudged(place, direction, size);
    set(arrow, { d: line(left, [place, end]) });
    set(compass, { d: line(left, [place, nudged(place, downhill, 0.3)]) });
    set(tip, { cx: left.X(end[0]), cy: left.Y(end[1]) });
    const now = change(means, place, direction, size);
    set(here, { cx: right.X(direction), cy: right.Y(now) });
    told();
    ui.say([_("change of the loss"), format(now)], [_("g · d (dashed)"), format(linear(direction))],
      [_("steepest down"), `${format(Math.round(downhill))}°`]);
  });
}

export default { render };
