// Fields in which readers type the numbers of a widget's state.
import { html, guarded } from "./elements.js";
import { clamp, format } from "./numbers.js";
import { readNumber } from "./typed.js";

// One field for each number of model[key], an array or a single number; names: how they are called. What is no number
// is taken back; none is larger than `most`.
export function fields(model, ui, key, names, place, most = 20) {
  const list = () => [model.get(key)].flat();
  const typed = (k, text) => {
    const value = readNumber(text);
    if (value === undefined) return update();
    const now = list().map((old, j) => j === k ? clamp(value, -most, most) : old);
    ui.change({ [key]: Array.isArray(model.get(key)) ? now : now[0] });
  };
  const inputs = names.map((name, k) => html("input", { type: "text", inputmode: "text", class: "nnlib-field",
    "aria-label": name, onchange: event => typed(k, event.target.value) }));
  const update = guarded(ui.root, () => list().forEach((value, k) => { inputs[k].value = format(value, 6); }));
  place.append(...names.map((name, k) => html("label", { class: "nnlib-typed" }, html("span", {}, name), inputs[k])));
  ui.accept(key, given => Array.isArray(given) ? given.map(value => clamp(value, -most, most)) : clamp(given, -most, most));
  model.on(`change:${key}`, update);
  update();
}
