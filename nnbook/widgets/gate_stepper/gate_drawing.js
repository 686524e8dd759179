// A cell of LSTM or GRU as a drawing: lines are as thick as their gate is open, a gate is as full.
import { svg } from "../core/elements.js";
import { format } from "../core/numbers.js";
import { lower } from "../core/written.js";
import { pressRows, pressed } from "../core/presses.js";
import { colors } from "../../palette.js";
import { _ } from "../core/language.js";

const WIDTH = 380, TOP = 36, GATE = 170, BUS = 226;
const ink = { keep: colors.prediction, write: colors.class1, show: colors.gradient };

const text = (x, y, content, { kind = "nnlib-node-text", anchor = "middle", style = "" } = {}) =>
  svg("text", { x, y, class: kind, "text-anchor": anchor, style }, content);
const value = (x, y, v, anchor = "start") => text(x, y, format(v, 2), { kind: "nnlib-node-text nnlib-halo", anchor });

// A line to where an arrow's head or a circle stands; open: from 0 to 1, how much comes through.
const line = (d, head) => svg("path", { d, fill: "none", stroke: "#999", "stroke-width": 1.4, "marker-end": head ? `url(#${head})` : null });
const valve = (d, open, colour) => svg("path", { d, fill: "none", stroke: colour, "stroke-width": 1 + 7 * open, "stroke-opacity": 0.8 });

const circle = (x, y, sign) => [svg("circle", { cx: x, cy: y, r: 11, class: "nnlib-node" }), text(x, y + 5, sign, { style: "font-size:16px" })];

function box(x, y, name, content, width = 52) {
  return [svg("rect", { x: x - width / 2, y: y - 22, width, height: 44, rx: 8, class: "nnlib-node" }),
    text(x, y - 6, name, { style: "font-size:13px" }), text(x, y + 13, content)];
}

function gate(x, name, v, colour) {
  const full = 44 * Math.max(0, v);
  return [svg("rect", { x: x - 23, y: GATE - 22, width: 46, height: 44, class: "nnlib-node" }),
    svg("rect", { x: x - 23, y: GATE + 22 - full, width: 46, height: full, fill: colour, "fill-opacity": 0.35 }),
    text(x, GATE - 6, name, { style: "font-size:13px;font-weight:bold" }), text(x, GATE + 13, format(v, 2))];
}

// From the old state h and the input to the gates.
function bus(from, xs, input, { t, presses, old }, head) {
  return [line(`M${from} ${from === 32 && old.c === undefined ? TOP + 22 : GATE + 22}V${BUS}H${Math.max(...xs)}`),
    ...xs.map(x => line(`M${x} ${BUS}V${GATE + 23}`, head)), line(`M${input} 252V${BUS + 1}`, head),
    ...box(input, 272, `x${lower(t + 1)}`, pressed(presses[t]), 76)];
}

function lstm(now, head) {
  const { t, step, old } = now, [was, is] = [lower(t), lower(t + 1)];
  return [...bus(32, [95, 150, 220, 285], 185, now, head),
    line(`M58 ${TOP}H84`), valve(`M106 ${TOP}H174`, step.f, ink.keep), line(`M196 ${TOP}H321`, head),
    line("M95 148V47"), line("M150 148V100H174"), line("M220 148V100H196"), valve(`M185 89V${TOP + 11}`, step.i, ink.write),
    line(`M285 ${TOP}V94`), text(291, 72, "tanh", { anchor: "start" }), line("M285 148V116"), valve("M296 105H321", step.q, ink.show),
    ...circle(95, TOP, "×"), ...circle(185, TOP, "+"), ...circle(185, 100, "×"), ...circle(285, 105, "×"),
    ...gate(95, `f${is}`, step.f, ink.keep), ...gate(150, `i${is}`, step.i, ink.write), ...gate(220, `n${is}`, step.n, "#fff"),
    ...gate(285, `q${is}`, step.q, ink.show), ...box(32, TOP, `c${was}`, format(old.c, 2)), ...box(348, TOP, `c${is}`, format(step.c, 2)),
    ...box(32, GATE, `h${was}`, format(old.h, 2)), ...box(348, 105, `h${is}`, format(step.h, 2)),
    value(140, 24, step.f * old.c, "middle"), value(195, 76, step.i * step.n)];
}

function gru(now, head) {
  const { t, step, old } = now, [was, is] = [lower(t), lower(t + 1)];
  return [...bus(32, [110, 180, 275], 145, now, head),
    line(`M58 ${TOP}H99`), valve(`M121 ${TOP}H264`, step.u, ink.keep), line(`M286 ${TOP}H321`, head),
    line("M110 148V47"), line("M110 100H264"), text(190, 94, `1 − u${is}`, { kind: "nnlib-node-text nnlib-halo" }),
    line("M275 148V111"), valve(`M275 89V${TOP + 11}`, 1 - step.u, ink.write),
    line(`M228 ${BUS}V182`), valve("M203 170H217", step.r, ink.show), line("M239 170H251", head),
    ...circle(110, TOP, "×"), ...circle(275, TOP, "+"), ...circle(275, 100, "×"), ...circle(228, GATE, "×"),
    ...gate(110, `u${is}`, step.u, ink.keep), ...gate(180, `r${is}`, step.r, ink.show), ...gate(275, `n${is}`, step.n, "#fff"),
    ...box(32, TOP, `h${was}`, format(old.h, 2)), ...box(348, TOP, `h${is}`, format(step.h, 2)),
    value(190, 24, step.u * old.h, "middle"), value(285, 76, (1 - step.u) * step.n)];
}

const mark = `gate${Math.random().toString(36).slice(2)}`;

// now = { kind, t (from 0), step, old, presses }
export function cellDrawing(now) {
  const head = svg("defs", {}, svg("marker", { id: mark, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 9, markerHeight: 9,
    orient: "auto", markerUnits: "userSpaceOnUse" }, svg("path", { d: "M0 0L8 4L0 8z", fill: "#999" })));
  return svg("svg", { class: "nnlib-plot", viewBox: `0 0 ${WIDTH} 296`, role: "img",
    "aria-label": _("The {kind} cell at step {t}: each gate is filled as far as it is open", { kind: now.kind, t: now.t + 1 }) },
  head, ...(now.kind === "LSTM" ? lstm : gru)(now, mark));
}

// The state at every step, and below what is pressed; a click leads to a step, or presses a button there.
export function timeline(model, ui, name, states, t) {
  const left = 34, step = (WIDTH - left - 4) / states.length, base = 42, most = Math.max(1, ...states.map(Math.abs));
  const bars = states.flatMap((v, k) => {
    const height = Math.abs(v) / most * 36, x = left + k * step;
    return [svg("rect", { x: x + 3, y: v < 0 ? base : base - height, width: step - 6, height, fill: v < 0 ? colors.loss : colors.prediction,
      "fill-opacity": k > t ? 0.35 : 0.9 }),
    svg("rect", { x, y: 0, width: step, height: 84, fill: "transparent", style: "cursor:pointer", onclick: () => ui.change({ step: k + 1 }) })];
  });
  const label = (y, content) => text(left - 6, y, content, { anchor: "end" });
  return svg("svg", { class: "nnlib-plot", viewBox: `0 0 ${WIDTH} 132`, role: "group",
    "aria-label": _("The state at each step, and what is pressed") },
  svg("line", { x1: left, x2: WIDTH - 4, y1: base, y2: base, stroke: "#888" }), ...bars,
  ...pressRows(model, ui, { left, step, top: 86, height: 22 }),
  svg("rect", { x: left + t * step, y: 2, width: step, height: 128, class: "nnlib-frame", style: "stroke:var(--nn-highlight);stroke-width:2" }),
  label(base + 5, name), label(102, pressed(1)), label(124, pressed(-1)));
}
