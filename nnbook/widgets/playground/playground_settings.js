// The playground's settings: menus and sliders below the picture, and what each of them may be.
import { html } from "../core/elements.js";
import { clamp } from "../core/numbers.js";
import { lower } from "../core/written.js";
import { FEATURES, readFeatures, readHidden, readPoints, writePoints } from "./playground_run.js";
import { FEATURE_NAMES } from "./playground_network.js";
import { _ } from "../core/language.js";

export const CHOICES = {
  dataset: ["xor", "circles", "spirals", "gauss", "plane", "hills", "own"],
  activation: ["none", "sigmoid", "tanh", "relu", "leaky_relu", "swish"],
  optimizer: ["sgd", "momentum", "adam"], penalty: ["none", "l2", "l1"],
};
export const NUMBERS = { noise: [0, 0.5], lr: [1e-12, Infinity], strength: [0, Infinity], seed: [0, 2 ** 31], speed: [1, 1000],
  batch: [0, 400], share: [10, 90], layer: [0, 4], across: [-1, 7], up: [0, 7], new_class: [0, 1], steps: [0, Infinity], probe_x: [-9, 9], probe_y: [-9, 9] };

const NAMES = { xor: "XOR", circles: _("circles"), spirals: _("spirals"), gauss: _("two Gaussians"),
  plane: _("regression: a plane"), hills: _("regression: hills"), own: _("your own points"),
  none: _("none"), leaky_relu: "leaky relu", sgd: "SGD", momentum: _("SGD with momentum 0.9"), adam: "Adam",
  l2: "L2: λ/2 · Σ w²", l1: "L1: λ · Σ |w|" };
const options = key => Object.fromEntries(CHOICES[key].map(name => [name, NAMES[name] ?? name]));

// act: { atRing(), add(place, label), remove() }. Returns { follow(run) }: show what the run is.
export function settingsPanel(ui, model, act) {
  ui.controls.style.cssText = "display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,18rem),1fr));"
    + "gap:0.2rem 1.5rem;width:100%;max-width:none;align-content:start;order:3";
  ui.picture.after(ui.controls);
  limits(ui);
  ui.select("dataset", { label: _("data"), options: options("dataset") });
  const own = ownPoints(ui, model, act);
  const noise = ui.slider("noise", { label: _("noise"), min: 0, max: 0.3, step: 0.01 }).parentNode;
  const features = inputBoxes(ui, model);
  ui.select("activation", { label: _("activation"), options: options("activation") });
  ui.select("optimizer", { label: _("optimizer"), options: options("optimizer") });
  ui.slider("lr", { label: _("learning rate η"), values: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3] });
  ui.slider("batch", { label: _("batch size"), values: [1, 5, 10, 20, 50, 100, 0], show: n => n || _("all") });
  ui.select("penalty", { label: _("regularisation"), options: options("penalty") });
  const strength = ui.slider("strength", { label: _("strength λ"), values: [1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1] }).parentNode;
  const share = ui.slider("share", { label: _("share that trains"), min: 10, max: 90, step: 10, show: n => `${n} %` }).parentNode;
  ui.slider("seed", { label: _("start weights no."), min: 0, max: 20 });
  ui.slider("speed", { label: _("steps per frame"), values: [1, 2, 5, 10, 25] });
  const space = spaceMenus(ui, model), tests = testPoints(ui, model);
  return { follow(run) {
    features.forEach(([name, box]) => { box.checked = run.features.includes(name); });
    space(run);
    own.hidden = run.settings.dataset !== "own";
    for (const row of [noise, share, tests]) row.hidden = !own.hidden;
    strength.hidden = run.settings.penalty === "none";
    tests.querySelector("input").checked = model.get("tests");
    own.querySelectorAll("input").forEach((radio, label) => { radio.checked = label === model.get("new_class"); });
  } };
}

// What has no menu and no slider of its own, as far as a link may set it.
function limits(ui) {
  for (const [key, [low, high]] of Object.entries(NUMBERS)) ui.accept(key, value => clamp(value, low, high));
  for (const key of ["layer", "across", "up", "new_class", "steps", "seed", "batch", "share"])
    ui.accept(key, value => Math.round(clamp(value, ...NUMBERS[key])));
  ui.accept("hidden", text => (readHidden(text).join(" ") === text.trim() ? text.trim() : undefined));
  ui.accept("features", text => (readFeatures(text).join(" ") === text.trim() ? text.trim() : undefined));
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

// A box for each feature that the network may be given; the last one stays.
function inputBoxes(ui, model) {
  const row = html("div", { class: "nnlib-foot", style: "grid-column:1/-1", role: "group", "aria-label": _("inputs") });
  const boxes = Object.keys(FEATURES).map(name => [name, html("input", { type: "checkbox", style: "width:24px;height:24px",
    onchange: () => {
      const chosen = boxes.filter(([, box]) => box.checked).map(([other]) => other);
      ui.change({ features: chosen.length ? chosen.join(" ") : name });
    } })]);
  row.append(html("span", {}, _("inputs")), ...boxes.map(([name, box]) =>
    html("label", { style: "display:inline-flex;align-items:center;gap:0.2rem" }, box, FEATURE_NAMES[name])));
  ui.controls.append(row);
  return boxes;
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
  return ({ sizes, features, regression }) => {
    const last = sizes.length - 2, l = clamp(model.get("layer"), 0, last);
    const units = Array.from({ length: sizes[l] }, (__, k) => [k, l ? `a${lower(k + 1)}` : FEATURE_NAMES[features[k]]]);
    const lists = [sizes.slice(0, -1).map((__, k) => [k, k ? _("hidden layer {l}", { l: k }) : _("the inputs")]),
      [...units, ...l === last ? [[-1, regression ? _("the output") : _("the logit")]] : []], units];
    menus.forEach((menu, k) => {
      if (menu.dataset.options !== String(lists[k])) {
        menu.dataset.options = lists[k];
        menu.replaceChildren(...lists[k].map(([value, text]) => html("option", { value }, text)));
      }
      menu.value = model.get(keys[k]);
    });
  };
}
