// How strongly each state depends on each input, as a map and by distance; the numbers come from Python.
import { panel } from "../core/panel.js";
import { plot, line } from "../core/plot.js";
import { html, svg } from "../core/elements.js";
import { format, clamp, nearest, tenTo } from "../core/numbers.js";
import { colors } from "../../palette.js";
import { _ } from "../core/language.js";

const LIMIT = 8; // powers of ten; what is beyond is drawn at the edge

// White at 1, ever darker blue below, ever darker red above.
function shade(power) {
  const part = clamp(power / LIMIT, -1, 1), dark = part < 0 ? [5, 60, 130] : [150, 20, 30];
  return `rgb(${dark.map(v => Math.round(255 + (v - 255) * Math.abs(part) ** 0.8)).join()})`;
}

// What to call a gradient of which this share is left.
export const judge = share => share < 0.01 ? _("vanishes") : share < 1 / 3 ? _("fades")
  : share <= 3 ? _("keeps its size") : share <= 100 ? _("grows") : _("explodes");

function render({ model, el }) {
  const radii = model.get("radii"), maps = model.get("maps"), T = maps.tiny[0].means.length;
  const ui = panel(model, el, { name: "memory_map", keys: ["spectral_radius", "inputs"], wide: true, code: () =>
    `cell.W *= ${format(model.get("spectral_radius"))} / np.abs(np.linalg.eigvals(cell.W)).max()\nsensitivity(cell, x)   # (T, T): ‖∂h_t/∂x_k‖` });
  ui.slider("spectral_radius", { label: _("spectral radius ρ"), values: radii, play: 900 });
  ui.select("inputs", { label: _("inputs"), options: { tiny: _("tiny: tanh stays straight"), ordinary: _("ordinary: tanh bends") } });

  const map = plot({ x: [0.5, T + 0.5], y: [0.5, T + 0.5], height: 320, xlabel: _("input xₖ"), ylabel: _("state hₜ"), grid: false,
    label: _("How strongly each state depends on each input") });
  const far = plot({ x: [0, T - 1], y: [-LIMIT, LIMIT], height: 320, xlabel: _("distance t − k"),
    label: _("Mean dependence against the distance") });
  for (const text of far.axes.querySelectorAll("text[text-anchor=end]"))
    text.textContent = tenTo(text.textContent);
  const cells = maps.tiny[0].tenths.map(() => svg("rect", { width: map.X(2) - map.X(1) + 0.4, height: map.Y(1) - map.Y(2) + 0.4, "shape-rendering": "crispEdges" }));
  for (let t = 1, n = 0; t <= T; t++)
    for (let k = 1; k <= t; k++, n++) {
      cells[n].setAttribute("x", map.X(k - 0.5));
      cells[n].setAttribute("y", map.Y(t + 0.5));
    }
  map.area.append(...cells);
  // The scale stands in the empty half: a state does not depend on later inputs.
  const bar = [...Array(33)].map((__, n) => svg("rect", { x: 196 + 4 * n, y: 228, width: 4.4, height: 12, fill: shade(n / 2 - LIMIT) }));
  map.svg.append(...bar, ...[-8, -4, 0, 4, 8].map(k =>
    svg("text", { x: 262 + 8.25 * k, y: 254, class: "nnlib-tick", "text-anchor": "middle" }, tenTo(k))));
  const curve = svg("path", { fill: "none", stroke: colors.gradient, "stroke-width": 2.4 });
  const power = svg("path", { fill: "none", stroke: colors.muted, "stroke-width": 1.4, "stroke-dasharray": "5 4" });
  const note = (y, text, fill) => svg("text", { x: 54, y, class: "nnlib-label", style: `fill:${fill}` }, text);
  far.area.append(power, curve);
  far.svg.append(note(256, _("mean of ‖∂hₜ/∂xₖ‖"), "#00714F"), note(272, _("dashed: ρ to the power of the distance"), "#555"));
  ui.picture.append(html("div", { class: "nnlib-pair" }, map.svg, far.svg));

  ui.draw(() => {
    const radius = model.get("spectral_radius"), inputs = maps[model.get("inputs")] ? model.get("inputs") : "tiny";
    const at = nearest(radii, radius), { tenths, means, last, first } = maps[inputs][at];
    cells.forEach((cell, n) => cell.setAttribute("fill", shade(tenths[n] / 10)));
    const points = values => line(far, values.map((v, lag) => [lag, clamp(Math.log10(v), -20, 20)]));
    curve.setAttribute("d", points(means));
    power.setAttribute("d", points(means.map((__, lag) => means[0] * radii[at] ** lag)));
    const verdict = judge(first / last);
    ui.say([_("the last state depends on the last input by"), format(last, 2)],
      [_("on the first, {steps} steps back, by", { steps: T - 1 }), format(first, 2)], [_("the gradient"), verdict]);
  });
}

export default { render };
