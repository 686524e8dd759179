// One unit of an LSTM or a GRU: the cell drawn, the bias of each gate on a slider, all equations with their numbers.
import { panel } from "../core/panel.js";
import { html } from "../core/elements.js";
import { clamp, format } from "../core/numbers.js";
import { lower } from "../core/written.js";
import { inputsOf, lastPress, pressButtons, pressed } from "../core/presses.js";
import { GATES, forward, left, written } from "./gate_numbers.js";
import { cellDrawing, timeline } from "./gate_drawing.js";
import { _ } from "../core/language.js";

const GATED = Object.entries(GATES).flatMap(([kind, names]) => names.filter(name => name !== "n").map(name => [kind, name]));

// The weights of the chosen cell with the biases of the sliders.
function weightsOf(model, kind) {
  const { U, W, b } = model.get("weights")[kind];
  return { U, W, b: GATES[kind].map((name, k) => name === "n" ? b[k] : model.get(`${kind}_${name}`)) };
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
  return GATED.map(([kind, name]) => [kind, ui.slider(`${kind}_${name}`, { label: _("gate {name}: bias", { name }), min: -6, max: 6,
    step: 0.5 }).closest("label")]);
}

function render({ model, el }) {
  const T = model.get("presses").length, at = () => clamp(Math.round(model.get("step")), 1, T) - 1;
  const kindNow = () => GATES[model.get("kind")] ? model.get("kind") : "LSTM";
  const ui = panel(model, el, { name: "gate_stepper", keys: ["kind", "step", ...GATED.map(([kind, name]) => `${kind}_${name}`), "presses"],
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
