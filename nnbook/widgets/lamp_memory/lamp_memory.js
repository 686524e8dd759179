// A trained network keeps a lamp: what it remembers at every step, and how strongly that depends on each press.
import { panel } from "../core/panel.js";
import { html, svg } from "../core/elements.js";
import { clamp, format, tenTo } from "../core/numbers.js";
import { fixed, lower } from "../core/written.js";
import { inputsOf, lastPress, pressButtons, pressed, pressRows } from "../core/presses.js";
import { forward } from "../rnn_stepper/rnn_numbers.js";
import { lookingBack } from "./lamp_numbers.js";
import { colors } from "../../palette.js";
import { _ } from "../core/language.js";

const WIDTH = 380, LEFT = 42, LOWEST = 8, UNIT = 13, ROW = 22; // the scale of the gradient ends at 10⁻⁸

const label = (y, content) => svg("text", { x: LEFT - 5, y, class: "nnlib-node-text", "text-anchor": "end" }, content);

// A column of the picture is a step: its lamp, its state, its presses, and how much the chosen state depends on them.
function drawing(model, ui, { t, h, o, norms }) {
  const T = h.length, H = h[0].length, step = (WIDTH - LEFT - 4) / T, x = k => LEFT + k * step;
  const states = 30, presses = states + H * UNIT + 8, zero = presses + 2 * ROW + 14, tall = 96, base = zero + tall;
  const up = v => tall * clamp(1 + Math.log10(Math.max(v, 1e-99)) / LOWEST, 0, 1);
  const level = k => base - tall * (1 - k / LOWEST);
  return svg("svg", { class: "nnlib-plot", viewBox: `0 0 ${WIDTH} ${base + 6}`, role: "group",
    "aria-label": _("At each step the lamp, the state, and what is pressed; below, how strongly the state of step {t} depends on each input", { t: t + 1 }) },
  ...h.flatMap((state, k) => [
    svg("circle", { cx: x(k) + step / 2, cy: 14, r: Math.min(8, step / 2 - 1), fill: colors.yellow, "fill-opacity": o[k][0].toFixed(2), stroke: "#777" }),
    ...state.map((v, unit) => svg("rect", { x: x(k) + 0.5, y: states + unit * UNIT, width: step - 1, height: UNIT - 1,
      fill: v < 0 ? colors.loss : colors.prediction, "fill-opacity": Math.abs(v).toFixed(2) })),
    svg("rect", { x: x(k) + 2, y: base - up(norms[k] ?? 0), width: step - 4, height: k > t ? 0 : up(norms[k]), fill: colors.gradient })]),
  ...[0, 2, 4, 6, 8].flatMap(k => [svg("line", { x1: LEFT, x2: WIDTH - 4, y1: level(k), y2: level(k), class: "nnlib-grid" }),
    svg("text", { x: LEFT - 5, y: level(k) + 4, class: "nnlib-tick", "text-anchor": "end" }, tenTo(-k))]),
  svg("text", { x: LEFT + 4, y: zero + 10, class: "nnlib-node-text nnlib-halo" }, `‖∂h${lower(t + 1)}/∂xₖ‖`),
  ...h.flatMap((unused, k) => [[0, presses], [zero, tall]].map(([y, height]) => svg("rect", { x: x(k), y, width: step, height,
    fill: "transparent", style: "cursor:pointer", onclick: () => ui.change({ step: k + 1 }) }))),
  ...pressRows(model, ui, { left: LEFT, step, top: presses, height: ROW, follow: false }),
  svg("rect", { x: x(t), y: 2, width: step, height: base + 2, class: "nnlib-frame", style: "stroke:var(--nn-highlight);stroke-width:2" }),
  label(19, "oₜ"), label(states + H * UNIT / 2 + 4, "hₜ"), label(presses + 16, pressed(1)), label(presses + ROW + 16, pressed(-1)));
}

function code(model) {
  return `x = np.array([${inputsOf(model.get("presses")).map(row => `[${row.join(", ")}]`).join(", ")}])   # on, off\n` +
    `h = rnn.cell(x[None])\nsigmoid(rnn.head(h))[0, ${model.get("step") - 1}]   # is the lamp on?\n` +
    `sensitivity(rnn.cell, x)[${model.get("step") - 1}]   # ‖∂h_t/∂x_k‖ for each k`;
}

function render({ model, el }) {
  const weights = model.get("weights"), T = model.get("presses").length, H = weights.W.length;
  const at = () => clamp(Math.round(model.get("step")), 1, T) - 1;
  const ui = panel(model, el, { name: "lamp_memory", keys: ["step", "presses"], code: () => code(model) });
  ui.slider("step", { label: _("step that looks back"), min: 1, max: T, play: 500 });
  const buttons = pressButtons(model, ui, at), line = text => html("span", { class: "nnlib-line" }, text);
  ui.draw(() => {
    const t = at(), presses = model.get("presses"), { h, o } = forward(inputsOf(presses), new Array(H).fill(0), weights);
    const norms = lookingBack(h, t, weights), last = lastPress(presses, t);
    buttons();
    ui.picture.replaceChildren(drawing(model, ui, { t, h, o, norms }));
    const values = { t: t + 1, p: fixed(o[t][0], 3), press: pressed(presses[last] ?? 0), n: t - last };
    ui.say(line(last < 0 ? _("Step {t}: nothing was pressed yet; the network says “on” with probability {p}.", values)
      : _("Step {t}: the last press was “{press}”, {n} steps before; the network says “on” with probability {p}.", values)),
    ...last < 0 ? [] : [line(_("A small change of that press changes the state {size} times as much.", { size: format(norms[last], 2) }))]);
  });
}

export default { render };
