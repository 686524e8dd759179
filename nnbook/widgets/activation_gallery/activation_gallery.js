// Activation functions: f and f′, and what many layers of them do to signals and gradients.
import { panel } from "../core/panel.js";
import { plot, line } from "../core/plot.js";
import { svg, html, set } from "../core/elements.js";
import { format, lastOf, tenTo } from "../core/numbers.js";
import { pause } from "../core/pause.js";
import { colors } from "../../palette.js";
import { curves, experiment, layerByLayer, weights, WIDTH } from "./activation_layers.js";
import { _ } from "../core/language.js";

const DEPTH = 50, LOWEST = -16, HIGHEST = 8;
const ranges = { slope: [0, 0.5, 0.01], alpha: [0.1, 3, 0.1], beta: [0, 10, 0.1] };
const symbols = { slope: _("slope a"), alpha: "α", beta: "β" };
const classes = { sigmoid: "Sigmoid()", tanh: "Tanh()", softmax: "Softmax()", relu: "ReLU()", softplus: "Softplus()" };
// SwiGLU can explode beyond all numbers.
const show = (x, digits) => Number.isFinite(x) ? format(x, digits) : _("overflow");
const power = x => Math.max(LOWEST, Math.log10(Math.abs(x)));

// The experiment is asked for again by each redraw: keep the latest answers.
const known = new Map();
function keep(question, found) {
  if (known.size > 30) known.clear();
  known.set(question.join(" "), found);
  return found;
}
function answer(...question) {
  return known.get(question.join(" ")) ?? keep(question, experiment(...question));
}
async function ahead(...question) {
  const work = layerByLayer(...question);
  for (let layer = 1; ; layer++) {
    const { done, value } = work.next();
    if (done) return keep(question, value);
    if (layer % 10 === 0) await pause();
  }
}

// What f(z) is called: softmax and SwiGLU take more than one number.
const called = {
  softmax: z => _("Softmax({z}, 0, 0), first output", { z }),
  swiglu: z => `SwiGLU(a = ${z}, b = 1)`,
};

// one point for each layer; a single layer is a short line, so that it can be seen
const places = values => (values.length === 1 ? [0.5, 1.5].map(l => [l, values[0]]) : values.map((v, k) => [k + 1, v]));
const alongLayers = (p, values) => line(p, places(values));
const sampled = f => Array.from({ length: 241 }, (__, k) => -6 + k / 20).map(z => [z, f(z)]);

// The four empty plots.
function plots() {
  const size = { width: 360, height: 270 };
  const shape = plot({ ...size, x: [-6, 6], y: [-2, 4], xlabel: "z", ylabel: _("f solid, f′ dashed"),
    label: _("The function, solid, and its derivative, dashed") });
  const signals = plot({ ...size, x: [0, DEPTH], y: [-2, 3], xlabel: _("layer"), ylabel: _("signal: mean ± spread"),
    label: _("Mean and spread of the signal in each layer") });
  const gradients = plot({ ...size, x: [0, DEPTH], y: [LOWEST, HIGHEST], xlabel: _("layer"), ylabel: " ",
    label: _("Spread of the gradient in each layer, from the last to the first; what is below 10⁻¹⁶ is drawn at 10⁻¹⁶") });
  const deaths = plot({ ...size, x: [0, DEPTH], y: [0, WIDTH], xlabel: _("layer"), ylabel: _("dead units of {n}", { n: WIDTH }),
    label: _("Number of dead units in each layer") });
  for (const tick of gradients.axes.querySelectorAll(".nnlib-tick")) { // its vertical axis stands for powers of ten
    if (tick.getAttribute("text-anchor") === "end") tick.textContent = tenTo(tick.textContent);
  }
  gradients.svg.append(svg("text", { class: "nnlib-label nnlib-halo", x: gradients.margin.left + 8, y: 24 },
    _("spread of the gradient (if less: at 10⁻¹⁶)")));
  return { shape, signals, gradients, deaths };
}

// The curves in the plots, still without a shape: of the function and, dotted, of the one compared with.
function curvesIn({ shape, signals, gradients, deaths }) {
  const path = (p, stroke, more = {}) => {
    const node = svg("path", { fill: "none", stroke, "stroke-width": 2.5, ...more });
    p.area.append(node);
    return node;
  };
  const dashes = { "stroke-dasharray": "7 4" }, thin = { "stroke-width": 1.8, "stroke-dasharray": "2 3" };
  const drawn = {
    otherShape: path(shape, colors.muted, thin), slope: path(shape, colors.gradient, dashes),
    value: path(shape, colors.prediction), probe: path(shape, colors.highlight, { "stroke-width": 1.5 }),
    dots: [colors.prediction, colors.gradient].map(fill => svg("circle", { r: 5, fill, stroke: "#000" })),
    band: path(signals, "none", { fill: colors.prediction, "fill-opacity": 0.2 }),
    otherMean: path(signals, colors.muted, thin), mean: path(signals, colors.prediction),
    otherGradient: path(gradients, colors.muted, thin), gradient: path(gradients, colors.gradient, dashes),
    otherDead: path(deaths, colors.muted, thin), dead: path(deaths, colors.loss),
  };
  shape.area.append(...drawn.dots);
  return drawn;
}

const means = (p, { signal }) => alongLayers(p, signal.map(([mean]) => clip(mean)));
const spreads = (p, { gradient }) => alongLayers(p, gradient.map(([, spread]) => power(spread)));

function drawFunction({ shape, signals, gradients, deaths }, drawn, [f, slope], z, found) {
  set(drawn.value, { d: line(shape, sampled(f)) });
  set(drawn.slope, { d: line(shape, sampled(slope)) });
  set(drawn.probe, { d: `M${shape.X(z)} ${shape.Y(-2)}V${shape.Y(4)}` });
  drawn.dots.forEach((dot, k) => set(dot, { cx: shape.X(z), cy: shape.Y([f, slope][k](z)) }));
  const [upper, lower] = [1, -1].map(sign => places(found.signal.map(([mean, spread]) => clip(mean + sign * spread))));
  set(drawn.band, { d: `${line(signals, [...upper, ...[...lower].reverse()])}Z` });
  set(drawn.mean, { d: means(signals, found) });
  set(drawn.gradient, { d: spreads(gradients, found) });
  set(drawn.dead, { d: alongLayers(deaths, found.dead) });
}

// The function that is compared with; nothing without `found`.
function drawOther({ shape, signals, gradients, deaths }, drawn, f, found) {
  set(drawn.otherShape, { d: found ? line(shape, sampled(f)) : "" });
  set(drawn.otherMean, { d: found ? means(signals, found) : "" });
  set(drawn.otherGradient, { d: found ? spreads(gradients, found) : "" });
  set(drawn.otherDead, { d: found ? alongLayers(deaths, found.dead) : "" });
}

async function render({ model, el }) {
  for (let layer = 1; layer <= model.get("depth"); layer++) { // drawn once: it takes longer than the experiment itself
    weights(layer, 0);
    if (layer % 5 === 0) await pause();
  }
  const titles = model.get("titles"), parameters = model.get("parameters");
  const parameterOf = name => parameters[name] && model.get(parameters[name]);
  const chosen = (key, otherwise) => titles[model.get(key)] ? model.get(key) : otherwise;
  const question = name => [name, parameterOf(name), model.get("gain"), model.get("depth")];
  const layersOf = name => answer(...question(name));
  const ui = panel(model, el, { name: "activation_gallery", wide: true,
    keys: ["function", "other", "slope", "alpha", "beta", "gain", "depth", "z"], code });
  ui.select("function", { label: _("function"), options: titles });
  const rows = Object.fromEntries(Object.entries(ranges).map(([key, [min, max, step]]) =>
    [key, ui.slider(key, { label: symbols[key], min, max, step }).closest("label")]));
  ui.slider("z", { label: _("look at z"), min: -6, max: 6, step: 0.1 });
  ui.slider("gain", { label: _("weight scale g"), min: 0.2, max: 3, step: 0.05 });
  ui.slider("depth", { label: _("layers"), min: 1, max: DEPTH, play: 120 });
  ui.select("other", { label: _("compare with"), options: { none: _("nothing"), ...titles } });

  await pause();
  const views = plots(), drawn = curvesIn(views), stage = html("div", { class: "nnlib-pair" });
  ui.picture.append(stage);
  stage.append(...Object.values(views).map(view => view.svg));

  for (const name of [chosen("function", "sigmoid"), chosen("other")]) { // what the first drawing asks for
    await pause();
    if (name) await ahead(...question(name));
  }
  await pause();
  ui.draw(() => {
    const name = chosen("function", "sigmoid"), other = chosen("other"), depth = model.get("depth"), z = model.get("z");
    for (const [key, row] of Object.entries(rows)) row.hidden = parameters[name] !== key;
    const pair = curves(name, parameterOf(name)), found = layersOf(name), { signal, gradient, dead } = found;
    drawFunction(views, drawn, pair, z, found);
    const second = other && other !== name && layersOf(other);
    drawOther(views, drawn, second && curves(other, parameterOf(other))[0], second);
    const total = counts => _("{k} of {n}", { k: counts.reduce((s, d) => s + d), n: WIDTH * depth });
    ui.say([called[name]?.(format(z)) ?? `${titles[name]} f(${format(z)})`, format(pair[0](z), 3)],
      [`f′(${format(z)})`, format(pair[1](z), 3)],
      [_("signal in layer {depth}", { depth }), `${show(lastOf(signal)[0], 3)} ± ${show(lastOf(signal)[1], 3)}`],
      [_("gradient in layer 1"), `${show(gradient[0][0], 2)} ± ${show(gradient[0][1], 3)}`],
      [_("dead units in layer {depth}", { depth }), _("{k} of {n}", { k: lastOf(dead), n: WIDTH })], [_("in all layers"), total(dead)],
      ...(second ? [[_("{name} gradient in layer 1", { name: titles[other] }), show(second.gradient[0][1], 3)],
        [_("{name} dead units", { name: titles[other] }), total(second.dead)]] : []));
  });

  function code() {
    const name = model.get("function"), depth = model.get("depth"), option = parameters[name];
    const call = name === "swiglu" ? `SwiGLU(64, 64, beta=${model.get("beta")}, rng=rng)`
      : `Linear(64, 64, rng=rng), ${classes[name] ?? `${titles[name].replace(" ", "")}(${option}=${model.get(option)})`}`;
    const kind = call.split(/[(,]/)[0] === "SwiGLU" ? "SwiGLU" : `Linear, ${call.match(/rng\), (\w+)/)[1]}`;
    return `import numpy as np\n\nfrom nnlib import ${kind}, Sequential\n\nrng = np.random.default_rng(0)\n`
      + `model = Sequential(*[layer for _ in range(${depth}) for layer in (${call},)])\n`
      + `for name, w, _ in model.parameters():\n`
      + `    w[:] = rng.normal(size=w.shape) * ${model.get("gain")} / 8 if name.endswith("W") else 0`;
  }
}

const clip = v => Math.min(1e6, Math.max(-1e6, v));

export default { render };
