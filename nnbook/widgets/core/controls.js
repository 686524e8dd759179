// Sliders with their play button, and menus, bound to a model. Each says what values it takes (panel.js: ui.accept).

import { format, nearest, clamp } from "./numbers.js";
import { html, reducedMotion, guarded } from "./elements.js";
import { _ } from "./language.js";

// A slider for model[key]: over `values`, or from min to max by step.
export const sliders = (model, ui) => (key, { label = key, values, min, max, step = 1, show = format, play = false }) => {
  const at = () => values ? nearest(values, model.get(key)) : model.get(key);
  const input = html("input", { type: "range", min: values ? 0 : min, max: values ? values.length - 1 : max,
    step: values ? 1 : step, oninput: () => ui.change({ [key]: values ? values[+input.value] : +input.value }) });
  const output = html("span", { class: "nnlib-value notranslate", translate: "no" });
  const row = html("label", { class: "nnlib-row" }, html("span", { class: "nnlib-name" }, label), input, output);
  const update = guarded(ui.root, () => {
    input.value = at();
    output.textContent = show(model.get(key));
    input.setAttribute("aria-valuetext", output.textContent);
  });
  model.on(`change:${key}`, update);
  update();
  ui.accept(key, value => {
    if (typeof value !== "number") return undefined;
    if (values) return values[nearest(values, value)];
    const inside = clamp(value, +input.min, +input.max); // a widget may move the ends of its slider
    return Number.isInteger(step) ? Math.round(inside) : inside; // finer values come from dragging
  });
  ui.controls.append(play ? html("div", { class: "nnlib-playrow" }, row, playButton(ui, input, play)) : row);
  return input;
};

// Moves a slider to its end, one value each `interval` milliseconds; at once where motion is not wanted.
function playButton(ui, input, interval) {
  let timer = 0;
  const button = html("button", { type: "button", class: "nnlib-play", "aria-label": _("Play"), onclick: toggle }, "▶");
  function go(value) {
    input.value = value;
    input.dispatchEvent(new Event("input"));
  }
  function stop() {
    clearInterval(timer);
    ui.timers.delete(stop);
    timer = 0;
    button.textContent = "▶";
    button.setAttribute("aria-label", _("Play"));
    ui.readout.setAttribute("aria-live", "polite"); // says where it ended: what is put in anew is read out
    ui.readout.replaceChildren(...ui.readout.childNodes);
  }
  function toggle() {
    if (timer) return stop();
    if (reducedMotion()) return go(+input.value < +input.max ? input.max : input.min);
    if (+input.value >= +input.max) go(input.min);
    ui.readout.setAttribute("aria-live", "off"); // not one announcement for each frame
    button.textContent = "❚❚";
    button.setAttribute("aria-label", _("Pause"));
    ui.timers.add(stop);
    timer = setInterval(() => {
      if (!input.isConnected || +input.value >= +input.max) return stop();
      go(+input.value + +input.step);
    }, interval);
  }
  input.addEventListener("pointerdown", () => timer && stop());
  input.addEventListener("keydown", () => timer && stop());
  return button;
}

// A menu for model[key]; options: { value: text }. also(value): what else changes with a choice.
export const menus = (model, ui) => (key, { label = key, options, also = () => ({}) }) => {
  const input = html("select", { onchange: () => ui.change({ [key]: input.value, ...also(input.value) }) },
    ...Object.entries(options).map(([value, text]) => html("option", { value }, text)));
  const update = () => { input.value = model.get(key); };
  model.on(`change:${key}`, update);
  update();
  ui.accept(key, value => [...input.options].some(option => option.value === String(value)) ? value : undefined);
  ui.controls.append(html("label", { class: "nnlib-row" }, html("span", { class: "nnlib-name" }, label), input));
  return input;
};
