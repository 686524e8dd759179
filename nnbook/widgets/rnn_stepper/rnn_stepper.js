// A recurrent network, folded or unrolled; the inputs and the first state can be typed.
import { panel } from "../core/panel.js";
import { html, svg } from "../core/elements.js";
import { format, clamp } from "../core/numbers.js";
import { fields } from "../core/fields.js";
import { _ } from "../core/language.js";
import { lower } from "../core/written.js";
import { forward, written } from "./rnn_numbers.js";
import { colors } from "../../palette.js";

const ROWS = { o: 40, h: 140, x: 240 }, BOX = { w: 48, h: 52 }, GAP = 75;
const ink = { U: colors.loss, W: colors.prediction, V: colors.gradient };

const mark = Math.random().toString(36).slice(2);
const heads = { grey: `g${mark}`, U: `u${mark}`, W: `w${mark}`, V: `v${mark}` };
const markers = () => svg("defs", {}, ...Object.entries(heads).map(([name, id]) => svg("marker", { id, viewBox: "0 0 8 8",
  refX: 7, refY: 4, markerWidth: 9, markerHeight: 9, orient: "auto-start-reverse", markerUnits: "userSpaceOnUse" },
svg("path", { d: "M0 0L8 4L0 8z", fill: ink[name] ?? "#999" }))));

const text = (x, y, content, kind = "nnlib-node-text", anchor = "middle", style = "") =>
  svg("text", { x, y, class: kind, "text-anchor": anchor, style }, content);

function box(x, row, name, values, mark) {
  const y = ROWS[row], left = x - BOX.w / 2, top = y - BOX.h / 2;
  return [svg("rect", { x: left, y: top, width: BOX.w, height: BOX.h, rx: 8, class: "nnlib-node", ...mark }),
    text(x, top + 14, name, "nnlib-tick", "middle", "font-size:13px"), // 9 pixels and more on a phone
    ...values.map((v, k) => text(x, top + (values.length > 1 ? 29 : 36) + 15 * k, format(v, 2)))];
}

const rows = matrix => `[${(Array.isArray(matrix[0]) ? matrix.map(row => `[${row.map(v => format(v, 3)).join(", ")}]`)
  : matrix.map(v => format(v, 3))).join(", ")}]`;

// An arrow along these points, named by its matrix, bold where it is marked.
function arrow(d, name, [x, y], bold) {
  return [svg("path", { d, fill: "none", stroke: bold ? ink[name] : "#999", "stroke-width": bold ? 3.5 : 1.4,
    "marker-end": bold ? `url(#${heads[name]})` : `url(#${heads.grey})` }),
  text(x, y, name, `nnlib-node-text nnlib-halo`, "middle", `fill:${ink[name]}`)];
}

const size = (T, more) => `0 0 ${56 + GAP * (T - 1) + more} 272`;

// The drawings: now = { xs, h0, h, o, step, shared }.
function column(x, t, { xs, h, o, step, shared }) {
  const now = Math.floor(step / 2), output = step % 2, here = t === now;
  const seen = t < now || here, said = t < now || here && output;
  const on = name => shared === name || shared === "none" && here && (name === "V" ? output : !output);
  return [
    ...arrow(`M${x} ${ROWS.x - 26}V${ROWS.h + 27}`, "U", [x + 13, (ROWS.x + ROWS.h) / 2 + 5], on("U")),
    ...arrow(`M${x} ${ROWS.h - 26}V${ROWS.o + 27}`, "V", [x + 13, (ROWS.h + ROWS.o) / 2 + 5], on("V")),
    ...box(x, "x", `x${lower(t + 1)}`, xs[t], here && !output ? { "data-uses": "forward" } : {}),
    ...box(x, "h", `h${lower(t + 1)}`, seen ? h[t] : [], here ? { [output ? "data-uses" : "data-now"]: "forward" } : {}),
    ...box(x, "o", `o${lower(t + 1)}`, said ? o[t] : [], here && output ? { "data-now": "forward" } : {})];
}

function unrolled(now) {
  const { xs, h0, step, shared } = now, T = xs.length, start = 28 + GAP;
  const nodes = box(28, "h", "h₀", h0, step === 0 ? { "data-uses": "forward" } : {});
  for (let t = 0; t < T; t++) {
    const x = start + GAP * t, on = shared === "W" || shared === "none" && t === Math.floor(step / 2) && step % 2 === 0;
    nodes.push(...column(x, t, now),
      ...arrow(`M${x - GAP + BOX.w / 2} ${ROWS.h}H${x - BOX.w / 2 - 1}`, "W", [x - GAP / 2, ROWS.h - 8], on));
  }
  return svg("svg", { class: "nnlib-plot", viewBox: size(T, GAP), role: "img",
    "aria-label": _("The network drawn {T} times, once for each step, with the same U, W and V", { T }) }, markers(), ...nodes);
}

function folded(now) {
  const { xs, step, shared } = now, t = Math.floor(step / 2), x = 150, on = shared === "W" || shared === "none" && step % 2 === 0;
  const loop = `M${x + BOX.w / 2} ${ROWS.h - 12}C${x + 92} ${ROWS.h - 42} ${x + 92} ${ROWS.h + 42} ${x + BOX.w / 2 + 1} ${ROWS.h + 12}`;
  return svg("svg", { class: "nnlib-plot", viewBox: size(xs.length, GAP), role: "img",
    "aria-label": _("The network drawn once, with a loop from the state back to itself, at step {t}", { t: t + 1 }) },
  markers(), ...column(x, t, now), ...arrow(loop, "W", [x + 92, ROWS.h + 5], on),
  text(x + 108, ROWS.h - 4, _("one step"), "nnlib-tick", "start", "font-size:13px"),
  text(x + 108, ROWS.h + 11, _("later"), "nnlib-tick", "start", "font-size:13px"));
}

function controls(model, ui, T) {
  ui.slider("step", { label: _("step"), min: 0, max: 2 * T - 1, play: 1400,
    show: k => k % 2 ? _("t = {t}, output", { t: Math.floor(k / 2) + 1 }) : _("t = {t}, state", { t: Math.floor(k / 2) + 1 }) });
  ui.select("view", { label: _("view"), options: { unrolled: _("unrolled in time"), folded: _("folded") } });
  ui.select("shared", { label: _("mark"), options: { none: _("what is computed now"), U: _("U, wherever it is used"),
    W: _("W, wherever it is used"), V: _("V, wherever it is used") } });
  const box = html("div", { class: "nnlib-fields" }), pair = (letter, t) => [1, 2].map(k => _("{name}, number {k}", { name: letter + lower(t), k }));
  fields(model, ui, "inputs", Array.from({ length: T }, (unused, t) => pair("x", t + 1)).flat(), box, 9);
  fields(model, ui, "h0", pair("h", 0), box, 9);
  ui.foot.before(html("details", { class: "nnlib-code" }, html("summary", {}, _("Other inputs, another first state")), box));
}

function render({ model, el }) {
  const weights = model.get("weights"), T = model.get("inputs").length / 2, most = 2 * T - 1;
  const ui = panel(model, el, { name: "rnn_stepper", keys: ["step", "view", "shared", "inputs", "h0"], wide: true,
    code: () => "states = RNN(2, 2, rng=rng)(x, h0)   # (1, T, 2): all h_t\nprobability = sigmoid(head(states))" });
  ui.root.classList.add("nnlib-stepper");
  controls(model, ui, T);
  const buttons = html("div", { class: "nnlib-steps" });
  ui.controls.append(buttons);
  const go = by => ui.change({ step: clamp(model.get("step") + by, 0, most) });
  const back = ui.button(_("◀ Back"), () => go(-1), buttons), next = ui.button(_("Next ▶"), () => go(1), buttons);
  const matrices = html("p", { class: "nnlib-legend", lang: "en" });
  matrices.textContent = Object.entries(weights).map(([name, m]) => `${name} = ${rows(m)}`).join("   ");
  ui.readout.after(matrices);
  const line = (...content) => html("span", { class: "nnlib-line" }, ...content);

  ui.draw(() => {
    const step = clamp(Math.round(model.get("step")), 0, most), shared = model.get("shared"), flat = model.get("inputs");
    const xs = Array.from({ length: T }, (unused, t) => flat.slice(2 * t, 2 * t + 2)), h0 = model.get("h0");
    const states = forward(xs, h0, weights), now = { xs, h0, ...states, step, shared };
    back.disabled = step === 0;
    next.disabled = step === most;
    ui.picture.replaceChildren((model.get("view") === "folded" ? folded : unrolled)(now));
    const { formula, numbers } = written(Math.floor(step / 2), step % 2, xs, h0, weights, states);
    const uses = shared === "none" ? [] : [line(html("b", {}, `${shared} = ${rows(weights[shared])}`), _(": one array, used {n} times here", { n: T }))];
    ui.say(line(html("b", {}, formula)), ...numbers.map(text => line(text)), ...uses);
  });
}

export default { render };
