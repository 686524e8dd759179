// The playground's settings: menus and sliders below the picture, and what each of them may be.
import { html } from "../core/elements.js";
import { clamp } from "../core/numbers.js";
import { lower } from "../core/written.js";
import { readHidden, readPoints, writePoints } from "./playground_run.js";
import { _ } from "../core/language.js";

export const CHOICES = {
  dataset: ["xor", "circles", "spirals", "gauss", "own"],
  activation: ["none", "sigmoid", "tanh", "relu", "leaky_relu", "swish"],
  optimizer: ["sgd", "momentum", "adam"], penalty: ["none", "l2", "l1"],
};
export const NUMBERS = { noise: [0, 0.5], lr: [1e-12, Infinity], strength: [0, Infinity], seed: [0, 2 ** 31], speed: [1, 1000],
  layer: [0, 4], across: [-1, 7], up: [0, 7], new_class: [0, 1], steps: [0, Infinity], probe_x: [-9, 9], probe_y: [-9, 9] };

const NAMES = { xor: "XOR", circles: _("circles"), spirals: _("spirals"), gauss: _("two Gaussians"), own: _("your own points"),
  none: _("none"), leaky_relu: "leaky relu", sgd: "SGD", momentum: _("SGD with momentum 0.9"), adam: "Adam",
  l2: "L2: λ/2 · Σ w²", l1: "L1: λ · Σ |w|" };
const options = key => Object.fromEntries(CHOICES[key].map(name => [name, NAMES[name] ?? name]));

// do: { sizes(), atRing(), add(place, label), remove() }. Returns { follow(run) }: show what the run is.
export function settingsPanel(ui, model, act) {
  ui.controls.style.cssText = "display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,18rem),1fr));"
    + "gap:0.2rem 1.5rem;width:100%;max-width:none;align-content:start;order:3";
  ui.picture.after(ui.controls);
  limits(ui);
  ui.select("dataset", { label: _("data"), options: options("dataset") });
  const own = ownPoints(ui, model, act);
  const noise = ui.slider("noise", { label: _("noise"), min: 0, max: 0.3, step: 0.01 }).parentNode;
  const layers = layerSliders(ui, act.sizes);
  ui.select("activation", { label: _("activation"), options: options("activation") });
  ui.select("optimizer", { label: _("optimizer"), options: options("optimizer") });
  ui.slider("lr", { label: _("learning rate η"), values: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3] });
  ui.select("penalty", { label: _("regularisation"), options: options("penalty") });
  const strength = ui.slider("strength", { label: _("strength λ"), values: [1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1] }).parentNode;
  ui.slider("seed", { label: _("start weights no."), min: 0, max: 20 });
  ui.slider("speed", { label: _("steps per frame"), values: [1, 2, 5, 10, 25] });
  const space = spaceMenus(ui, model), tests = testPoints(ui, model);
  return { follow(run) {
    layers.forEach(update => update());
    space(run);
    own.hidden = run.settings.dataset !== "own";
    for (const row of [noise, tests]) row.hidden = !own.hidden;
    strength.hidden = run.settings.penalty === "none";
    tests.querySelector("input").checked = model.get("tests");
    own.querySelectorAll("input").forEach((radio, label) => { radio.checked = label === model.get("new_class"); });
  } };
}

// What has no menu and no slider of its own, as far as a link may set it.
function limits(ui) {
  for (const [key, [low, high]] of Object.entries(NUMBERS)) ui.accept(key, value => clamp(value, low, high));
  for (const key of ["layer", "across", "up", "new_class", "steps", "seed"])
    ui.accept(key, value => Math.round(clamp(value, ...NUMBERS[key])));
  ui.accept("hidden", text => (readHidden(text).join(" ") === text.trim() ? text.trim() : undefined));
  ui.accept("points", text => writePoints(readPoints(text)));
}

function ownPoints(ui, model, { atRing, add, remove }) {
  const row = html("div", { class: "nnlib-foot", style: "grid-column:1/-1" }), group = `class-${Math.random()}`;
  row.append(html("span", {}, _("Click into the plane to add")), ...[_("● class 0"), _("▲ class 1")].map((text, label) =>
    html("label", {}, html("input", { type: "radio", name: group, value: label, style: "min-height:24px;min-width:24px",
      onchange: () => ui.change({ new_class: label }) }), ` ${text}`)));
  ui.button(_("Add at the ring"), () => add(atRing(), model.get("new_class")), row);
  ui.button(_("Remove nearest to the ring"), remove, row);
  ui.button(_("Remove all"), () => ui.change({ points: "" }), row);
  ui.controls.append(row);
  return row;
}

function testPoints(ui, model) {
  const box = html("input", { type: "checkbox", style: "width:24px;height:24px",
    onchange: () => ui.change({ tests: !model.get("tests") }) });
  const row = html("label", { class: "nnlib-row" }, html("span", { class: "nnlib-name" }, _("show test points")), box);
  ui.controls.append(row);
  return row;
}

// Sliders for the numbers of the text `hidden`: how many layers, and the units of each.
function layerSliders(ui, sizes) {
  const range = (label, min, max, get, list) => {
    const value = html("span", { class: "nnlib-value" }), slider = html("input", { type: "range", min, max,
      oninput: () => ui.change({ hidden: list(+slider.value).join(" ") }) });
    const row = html("label", { class: "nnlib-row" }, html("span", { class: "nnlib-name" }, label), slider, value);
    ui.controls.append(row);
    return () => {
      row.hidden = get() === undefined;
      slider.value = get() ?? min;
      value.textContent = get() ?? "";
    };
  };
  return [range(_("hidden layers"), 0, 4, () => sizes().length, n => [...sizes(), 4, 4, 4, 4].slice(0, n)),
    ...[0, 1, 2, 3].map(l => range(_("units in layer {l}", { l: l + 1 }), 1, 8, () => sizes()[l],
      n => sizes().map((s, k) => (k === l ? n : s))))];
}

// What the right plane can show depends on the network.
function spaceMenus(ui, model) {
  const keys = ["layer", "across", "up"];
  const menus = keys.map((key, k) => {
    const menu = html("select", { onchange: () => ui.change({ [key]: +menu.value }) });
    ui.controls.append(html("label", { class: "nnlib-row" },
      html("span", { class: "nnlib-name" }, [_("right plane shows"), _("across"), _("upwards")][k]), menu));
    return menu;
  });
  return ({ sizes }) => {
    const last = sizes.length - 2, l = clamp(model.get("layer"), 0, last);
    const units = Array.from({ length: sizes[l] }, (__, k) => [k, `${l ? "a" : "x"}${lower(k + 1)}`]);
    const lists = [sizes.slice(0, -1).map((__, k) => [k, k ? _("hidden layer {l}", { l: k }) : _("the inputs")]),
      [...units, ...l === last ? [[-1, _("the logit")]] : []], units];
    menus.forEach((menu, k) => {
      if (menu.dataset.options !== String(lists[k])) {
        menu.dataset.options = lists[k];
        menu.replaceChildren(...lists[k].map(([value, text]) => html("option", { value }, text)));
      }
      menu.value = model.get(keys[k]);
    });
  };
}
