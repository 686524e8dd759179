// One unit of an LSTM or a GRU: the cell drawn, the bias of each gate on a slider, all other weights to type, all
// equations with their numbers.
import { panel } from "../core/panel.js";
import { html } from "../core/elements.js";
import { clamp, format } from "../core/numbers.js";
import { fields } from "../core/fields.js";
import { nested } from "../core/pixels.js";
import { lower } from "../core/written.js";
import { inputsOf, lastPress, pressButtons, pressed } from "../core/presses.js";
import { GATES, forward, left, written } from "./gate_numbers.js";
import { cellDrawing, timeline } from "./gate_drawing.js";
import { _ } from "../core/language.js";

const STYLE = `.nnlib-weights { display: grid; grid-template-columns: repeat(3, minmax(0, 8.5rem)); }
.nnlib-weights .nnlib-typed { display: grid; grid-template-columns: 3.5rem minmax(0, 1fr); }
.nnlib-widget .nnlib-weights .nnlib-field { width: 100%; box-sizing: border-box; }`;
const GATED = Object.entries(GATES).flatMap(([kind, names]) => names.filter(name => name !== "n").map(name => [kind, name]));

const KEYS = Object.entries(GATES).flatMap(([kind, names]) => [`${kind}_weights`, ...names.map(name => `${kind}_${name}`)]);

export function weightsOf(model, kind) {
  const rows = nested(model.get(`${kind}_weights`), [GATES[kind].length, 3]);
  return { U: rows.map(row => row.slice(0, 2)), W: rows.map(row => row.slice(2)),
    b: GATES[kind].map(name => model.get(`${kind}_${name}`)) };
}

function code(model, kind) {
  const { U, W, b } = weightsOf(model, kind), rows = m => `[${m.map(row => `[${row.join(", ")}]`).join(", ")}]`;
  return `x = np.array(${rows(inputsOf(model.get("presses")))})   # on, off\ncell = ${kind}(2, 1, rng=rng)\n` +
    `cell.U[:] = ${rows(U)}   # rows ${GATES[kind].join(", ")}\ncell.W[:] = ${rows(W)}\ncell.b[:] = [${b.join(", ")}]\n` +
    `cell(x[None])[0]   # h_t${kind === "LSTM" ? "; then cell.c holds c_t" : ""}`;
}

function controls(model, ui, T) {
  ui.select("kind", { label: _("cell"), options: { LSTM: "LSTM", GRU: "GRU" } });
  ui.slider("step", { label: _("step"), min: 1, max: T, play: 900 });
  const rows = GATED.map(([kind, name]) => [kind, ui.slider(`${kind}_${name}`, { label: _("gate {name}: bias", { name }), min: -6, max: 6,
    step: 0.5 }).closest("label")]);
  const boxes = Object.entries(GATES).map(([kind, names]) => {
    const box = html("div", { class: "nnlib-fields nnlib-weights" });
    fields(model, ui, `${kind}_weights`, names.flatMap(name => [pressed(1), pressed(-1), "h"].map(from => `${name} ← ${from}`)), box, 9);
    fields(model, ui, `${kind}_n`, [_("n: bias")], box, 9);
    return [kind, box];
  });
  ui.foot.before(html("details", { class: "nnlib-code" }, html("style", {}, STYLE),
    html("summary", {}, _("Other weights: gate ← what it reads")), ...boxes.map(([, box]) => box)));
  return [...rows, ...boxes];
}

function render({ model, el }) {
  const T = model.get("presses").length, at = () => clamp(Math.round(model.get("step")), 1, T) - 1;
  const kindNow = () => GATES[model.get("kind")] ? model.get("kind") : "LSTM";
  const ui = panel(model, el, { name: "gate_stepper", keys: ["kind", "step", ...KEYS, "presses"],
    code: () => code(model, kindNow()) });
  ui.root.classList.add("nnlib-stepper");
  const rows = controls(model, ui, T), buttons = pressButtons(model, ui, at);
  const line = (...content) => html("span", { class: "nnlib-line", style: "font-size:0.95rem" }, ...content);

  ui.draw(() => {
    const t = at(), kind = kindNow(), presses = model.get("presses"), xs = inputsOf(presses), weights = weightsOf(model, kind);
    const steps = forward(kind, xs, kind === "LSTM" ? { c: 0, h: 0 } : { h: 0 }, weights), name = kind === "LSTM" ? "c" : "h";
    for (const [of, row] of rows) row.hidden = of !== kind;
    buttons();
    ui.picture.replaceChildren(cellDrawing({ kind, t, step: steps[t], old: steps[t].old, presses }),
      timeline(model, ui, name, steps.map(step => step[name]), t));
    const last = lastPress(presses, t), kept = kind === "LSTM" ? "f" : "u";
    ui.say(...written(kind, t, xs, steps, weights).map(([symbol, formula, numbers, value]) => line(html("b", {}, symbol + lower(t + 1)),
      formula ? ` = ${formula}` : "", ` = ${numbers} = `, html("b", {}, format(value, 3)))),
    ...last < 0 || last === t ? [] : [line(_("Of “{press}”, {n} steps before, the direct path has kept {share}, the product of all {gate} since.", {
      press: pressed(presses[last]), n: t - last, gate: kept, share: format(left(kind, steps, last, t), 3) }))]);
  });
}

export default { render };
