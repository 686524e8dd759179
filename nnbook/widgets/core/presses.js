// The lamp of chapter 9: two buttons, on and off, that can be pressed at any step. A list holds 1 where on is pressed,
// −1 where off is, 0 elsewhere.
import { html, svg } from "./elements.js";
import { colors } from "../../palette.js";
import { _ } from "./language.js";

// Inputs of a network: [on, off] at each step.
export const inputsOf = presses => presses.map(v => [+(v > 0), +(v < 0)]);

// What was pressed, in words.
export const pressed = v => v > 0 ? _("on") : v < 0 ? _("off") : _("no press");

// The step of the last press until step t, both from 0; −1 before any.
export const lastPress = (presses, t) => presses.slice(0, t + 1).reduce((found, v, k) => v ? k : found, -1);

// Three buttons that set model.presses at step now() (from 0). Returns what brings them up to date.
export function pressButtons(model, ui, now) {
  const put = value => ui.change({ presses: model.get("presses").map((old, t) => t === now() ? value : old) });
  const label = html("span", { class: "nnlib-name", style: "align-self:center" });
  const box = html("div", { class: "nnlib-steps", role: "group", style: "flex-wrap:wrap" }, label);
  const buttons = [1, -1, 0].map(value => [value, ui.button(pressed(value), () => put(value), box)]);
  ui.controls.append(box);
  ui.accept("presses", list => list.map(v => Math.sign(Math.round(v))));
  return () => {
    label.textContent = _("pressed at step {t}:", { t: now() + 1 });
    box.setAttribute("aria-label", label.textContent);
    for (const [value, button] of buttons) {
      button.setAttribute("aria-pressed", String(model.get("presses")[now()] === value));
      button.style.outline = model.get("presses")[now()] === value ? "2px solid var(--accent)" : "";
    }
  };
}

// Two rows of places, on above off, filled where a button is pressed; a click on one presses it, or lets it go; the step
// that is shown follows, or stays.
export function pressRows(model, ui, { left, step, top, height, follow = true }) {
  return model.get("presses").flatMap((value, t) => [1, -1].map((way, row) => svg("rect", {
    x: left + t * step + 1, y: top + row * height + 1, width: step - 2, height: height - 2, rx: 3, style: "cursor:pointer",
    fill: value === way ? way > 0 ? colors.class1 : colors.data : "#fff", stroke: "#999",
    onclick: () => ui.change({ ...follow ? { step: t + 1 } : {}, presses: model.get("presses").map((old, k) => k === t ? old === way ? 0 : way : old) }),
  })));
}
