// The playground: a small network trains in the page; its plane, its hidden space, every unit and every weight in sight.
import { panel } from "../core/panel.js";
import { plot, line, draggable } from "../core/plot.js";
import { svg, html, set, reducedMotion } from "../core/elements.js";
import { format, clamp } from "../core/numbers.js";
import { readNumber } from "../core/typed.js";
import { colors } from "../../palette.js";
import { Run, readPoints, writePoints, readHidden } from "./playground_run.js";
import { EDGE, FINE, ROD, field, rods, sigmoid, paint, border, dots } from "./playground_plane.js";
import { drawing } from "./playground_network.js";
import { unitTable, weightTables, sub } from "./playground_numbers.js";

const MOST_STEPS = 20000;

function render({ model, el }) {
  const keys = ["dataset", "noise", "points", "hidden", "activation", "optimizer", "lr", "penalty", "strength", "seed",
    "probe_x", "probe_y", "layer", "across", "up", "speed", "new_class", "steps"];
  const anew = ["dataset", "noise", "hidden", "activation", "seed"];
  const onward = ["optimizer", "lr", "penalty", "strength", "points"];
  const settings = () => Object.fromEntries([...anew, ...onward].map(key => [key, model.get(key)]));
  const ui = panel(model, el, { name: "playground", keys, wide: true, code: () => run.code() });
  let run, mine = false, byHand = false, timer = 0, chosen = [1, 0], published = 0;

  // ---- the picture: two planes, the network, the loss
  const flex = "display:flex;flex-wrap:wrap;gap:0.5rem 1rem;align-items:flex-start";
  const bar = html("div", { style: `${flex};margin:0 0 0.5rem;align-items:center` });
  const planes = html("div", { style: flex });
  ui.picture.append(bar, planes);
  const drawNetwork = drawing(ui.picture, unit => { chosen = unit; show(); });
  const square = (x, label, more) => plot({ x, y: x, width: 340, height: 330, grid: false, label, ...more });
  const input = square([-EDGE, EDGE], "The plane of the inputs", { xlabel: "x₁", ylabel: "x₂" });
  const space = square([-1.1, 1.1], "The points as a hidden layer sees them", { xlabel: "a₁", ylabel: "a₂" });
  const box = p => html("div", { class: "nnlib-stage", style: "flex:1 1 260px;max-width:380px" }, p.svg);
  for (const p of [input, space]) p.svg.setAttribute("class", "nnlib-own");
  for (const p of [input, space]) p.svg.setAttribute("style", "display:block;width:100%;height:auto;position:relative");
  const paper = html("canvas", { width: FINE, height: FINE, "aria-hidden": "true", style: "position:absolute;"
    + `left:${input.X(-EDGE) / 3.4}%;top:${input.Y(EDGE) / 3.3}%;width:${(input.X(EDGE) - input.X(-EDGE)) / 3.4}%;`
    + `height:${(input.Y(-EDGE) - input.Y(EDGE)) / 3.3}%` });
  const inputBox = box(input);
  inputBox.prepend(paper);
  const lossPlot = plot({ x: [0, 1], y: [0, 0.8], width: 340, height: 230, xlabel: "steps", ylabel: "loss",
    label: "Loss of training and test points against steps" });
  lossPlot.svg.setAttribute("role", "img");
  const curves = html("div", { style: "flex:1 1 260px;max-width:380px" }, lossPlot.svg);
  const unitBox = html("div", { style: "flex:1 1 260px;min-width:0;font-size:0.9rem" });
  const drawUnit = unitTable(unitBox, edit);
  planes.append(inputBox, box(space));
  ui.picture.append(html("div", { style: flex }, curves, unitBox));

  const edge = attributes => svg("path", { fill: "none", stroke: "#000", "stroke-width": 2, ...attributes });
  const inputBorder = edge(), spaceBorder = edge(), mesh = edge({ "stroke-width": 0.7, opacity: 0.35 });
  input.area.append(inputBorder);
  space.area.append(mesh, spaceBorder);
  const drawInput = dots(input), drawSpace = dots(space);
  const ring = attributes => svg("circle", { r: 8, fill: "none", stroke: colors.highlight, "stroke-width": 3.5, ...attributes });
  const probe = ring({ "pointer-events": "all" }), image = ring();
  input.svg.append(probe);
  space.area.append(image);
  const hit = input.svg.insertBefore(svg("rect", { x: input.X(-EDGE), y: input.Y(EDGE), opacity: 0,
    width: input.X(EDGE) - input.X(-EDGE), height: input.Y(-EDGE) - input.Y(EDGE),
    onclick: event => clicked(input.at(event)) }), probe);
  hit.setAttribute("aria-hidden", "true");
  const told = draggable(input, probe, { name: "test point", step: 0.05,
    get: () => atRing(), move: moveProbe });
  probe.addEventListener("keydown", event => {
    if (model.get("dataset") !== "own") return;
    if (event.key === "0" || event.key === "1") addPoint(atRing(), +event.key);
    else if (event.key === "Delete" || event.key === "Backspace") removePoint();
    else return;
    event.preventDefault();
  });
  const trainLine = lossPlot.area.appendChild(svg("path", { fill: "none", stroke: colors.loss, "stroke-width": 2.2 }));
  const testLine = lossPlot.area.appendChild(svg("path", { fill: "none", stroke: colors.loss, "stroke-width": 1.6,
    "stroke-dasharray": "5 4" }));
  const legend = (y, dash, text) => [svg("path", { d: `M230 ${y}h26`, stroke: colors.loss, "stroke-width": 2,
    "stroke-dasharray": dash }), svg("text", { class: "nnlib-label", x: 262, y: y + 4 }, text)];
  lossPlot.svg.append(...legend(20, null, "training"), ...legend(38, "5 4", "test"));

  // ---- controls
  const play = ui.button("▶ Train", toggle, bar);
  play.style.minWidth = "6.2rem";
  ui.button("1 step", () => advance(1), bar);
  ui.button("10 steps", () => advance(10), bar);
  ui.button("Start again", () => { stop(); run.restart(); publish(); show(); }, bar);
  ui.controls.style.cssText = "display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,18rem),1fr));"
    + "gap:0.2rem 1.5rem;width:100%;max-width:none;align-content:start";
  for (const event of ["input", "change"]) {
    ui.controls.addEventListener(event, () => { byHand = true; }, true);
    ui.controls.addEventListener(event, () => { byHand = false; });
  }
  const choices = list => Object.fromEntries(list.map(text => [text, text.replace("_", " ")]));
  ui.select("dataset", { label: "data", options: { xor: "XOR", circles: "circles", spirals: "spirals", own: "your own points" } });
  const ownRow = html("div", { class: "nnlib-foot", style: "grid-column:1/-1" });
  const group = `class-${Math.random()}`;
  const radios = ["● class 0", "▲ class 1"].map((text, label) => html("label", {}, html("input", { type: "radio", name: group,
    value: label, style: "min-height:24px;min-width:24px", onchange: () => ui.change({ new_class: label }) }), ` ${text}`));
  ownRow.append(html("span", {}, "Click into the plane to add"), ...radios);
  ui.button("Add at the ring", () => addPoint(atRing(), model.get("new_class")), ownRow);
  ui.button("Remove nearest to the ring", removePoint, ownRow);
  ui.button("Remove all", () => ui.change({ points: "" }), ownRow);
  ui.controls.append(ownRow);
  const noiseRow = ui.slider("noise", { label: "noise", min: 0, max: 0.3, step: 0.01 }).parentNode;
  const sizesNow = () => readHidden(model.get("hidden"));
  const layerRows = [
    range("hidden layers", 0, 4, () => sizesNow().length, n => [...sizesNow(), 4, 4, 4, 4].slice(0, n)),
    ...[0, 1, 2, 3].map(l => range(`units in layer ${l + 1}`, 1, 8, () => sizesNow()[l],
      n => sizesNow().map((s, k) => (k === l ? n : s))))];
  ui.select("activation", { options: choices(["none", "sigmoid", "tanh", "relu", "leaky_relu", "swish"]) });
  ui.select("optimizer", { options: { sgd: "SGD", momentum: "SGD with momentum 0.9", adam: "Adam" } });
  ui.slider("lr", { label: "learning rate η", values: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3] });
  ui.select("penalty", { label: "regularisation", options: { none: "none", l2: "L2: λ/2 · Σ w²", l1: "L1: λ · Σ |w|" } });
  const strengthRow = ui.slider("strength", { label: "strength λ", values: [1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1] }).parentNode;
  ui.slider("seed", { label: "start weights no.", min: 0, max: 20 });
  ui.slider("speed", { label: "steps a picture", values: [1, 2, 5, 10, 25] });
  const spaceMenus = ["layer", "across", "up"].map(key => {
    const menu = html("select", { onchange: () => ui.change({ [key]: +menu.value }) });
    const label = { layer: "right plane shows", across: "across", up: "upwards" }[key];
    ui.controls.append(html("label", { class: "nnlib-row" }, html("span", { class: "nnlib-name" }, label), menu));
    return menu;
  });
  const table = html("div", { style: "overflow-x:auto" });
  const all = html("details", { class: "nnlib-code", ontoggle: () => all.open && showAll() },
    html("summary", {}, "All weights as numbers"), table);
  el.append(all);

  // A slider for one number of the text `hidden`.
  function range(label, min, max, get, list) {
    const value = html("span", { class: "nnlib-value" }), slider = html("input", { type: "range", min, max,
      oninput: () => ui.change({ hidden: list(+slider.value).join(" ") }) });
    const row = html("label", { class: "nnlib-row" }, html("span", { class: "nnlib-name" }, label), slider, value);
    ui.controls.append(row);
    return () => {
      row.hidden = get() === undefined;
      slider.value = get() ?? min;
      value.textContent = get() ?? "";
    };
  }

  // What the right plane can show depends on the network.
  function showSpaceChoice() {
    const { sizes } = run, last = sizes.length - 2, l = clamp(model.get("layer"), 0, last);
    const units = Array.from({ length: sizes[l] }, (_, k) => [k, `${l ? "a" : "x"}${sub(k + 1)}`]);
    const options = [sizes.slice(0, -1).map((_, k) => [k, k ? `hidden layer ${k}` : "the inputs"]),
      [...units, ...l === last ? [[-1, "the logit"]] : []], units];
    spaceMenus.forEach((menu, k) => {
      if (menu.dataset.options !== String(options[k])) {
        menu.dataset.options = options[k];
        menu.replaceChildren(...options[k].map(([value, text]) => html("option", { value }, text)));
      }
      menu.value = model.get(["layer", "across", "up"][k]);
    });
  }

  // ---- what the reader does
  const atRing = () => [model.get("probe_x"), model.get("probe_y")];

  function moveProbe([x, y]) {
    ui.change({ probe_x: +x.toFixed(3), probe_y: +y.toFixed(3) });
  }

  function clicked(place) {
    if (model.get("dataset") === "own") addPoint(place, model.get("new_class"));
    moveProbe(place);
  }

  function addPoint([x, y], label) {
    const points = [...readPoints(model.get("points")), [x, y, label]].slice(-300);
    ui.change({ points: writePoints(points) });
  }

  function removePoint() {
    const points = readPoints(model.get("points")), far = ([x, y]) => Math.hypot(x - model.get("probe_x"), y - model.get("probe_y"));
    const nearest = points.reduce((best, p, k) => (far(p) < far(points[best]) ? k : best), 0);
    ui.change({ points: writePoints(points.filter((_, k) => k !== nearest)) });
  }

  function advance(steps) {
    stop();
    run.step(steps);
    publish();
    show();
  }

  function toggle() {
    if (timer) return stop();
    play.textContent = "❚❚ Pause";
    ui.readout.setAttribute("aria-live", "off"); // said once, at the end
    timer = requestAnimationFrame(frame);
  }

  function frame(time) {
    if (!el.isConnected) return stop();
    const rest = reducedMotion() && time - published < 500; // fewer pictures where motion is not wanted
    const fine = run.step(model.get("speed"));
    if (!rest || !fine) {
      if (time - published > 400) { publish(); published = time; }
      show();
    }
    if (!fine || run.done >= MOST_STEPS) return stop();
    timer = requestAnimationFrame(frame);
  }

  function stop() {
    if (!timer) return;
    cancelAnimationFrame(timer);
    timer = 0;
    play.textContent = "▶ Train";
    ui.readout.setAttribute("aria-live", "polite");
    publish();
    show();
  }

  // Tell Python, or the page's state, where the run is.
  function publish() {
    quietly({ steps: run.done, weights: run.weights });
  }

  // A weight was typed: j counts the weights of a unit, its bias comes last.
  function edit([l, k], j, text) {
    const { W, b } = run.network.layers[l - 1];
    const value = readNumber(text);
    if (value === undefined) return;
    stop();
    if (j < W[k].length) W[k][j] = value;
    else b[k] = value;
    run.change();
    publish();
    show();
  }

  // ---- following the state
  function follow() {
    if (mine) return;
    const now = settings(), fresh = !run || anew.some(key => now[key] !== run.settings[key]);
    if (fresh) {
      stop();
      run = new Run(now);
      chosen = [1, 0];
      layerRows.forEach(update => update());
      if (byHand || !fits()) suit();
      if (byHand) quietly({ steps: 0 }); // a link, Reset or Python says itself how many steps to make
    } else {
      const changes = Object.fromEntries(onward.filter(key => now[key] !== run.settings[key]).map(key => [key, now[key]]));
      if (Object.keys(changes).length) run.change(changes);
    }
    const steps = clamp(Math.round(model.get("steps")), 0, MOST_STEPS);
    if (steps < run.done && !timer) run.restart();
    if (steps > run.done) run.step(steps - run.done);
    publish();
    showSpaceChoice();
    radios.forEach((radio, label) => { radio.querySelector("input").checked = label === model.get("new_class"); });
    show();
  }

  // The hidden space that says most: the last layer; its two units, or the logit if there are more.
  function suit() {
    const { sizes } = run, layer = sizes.length - 2, plain = sizes[layer] < 3;
    quietly({ layer, across: plain ? 0 : -1, up: plain ? 1 : 0 });
  }

  function fits() {
    const last = run.sizes.length - 2, layer = model.get("layer"), across = model.get("across");
    return layer <= last && across < run.sizes[layer] && (across >= 0 || layer === last);
  }

  function quietly(values) {
    mine = true;
    ui.change(values);
    mine = false;
  }

  model.on("change:weights", () => {
    const list = model.get("weights") ?? [], fits = list.length === run.network.layers.length && list.every(([W, b], l) =>
      W.length === run.sizes[l + 1] && b.length === W.length && W.every(row => row.length === run.sizes[l]));
    if (mine || !fits) return;
    stop();
    run.weights = list;
    run.change();
    show();
  });
  const reset = [...ui.foot.querySelectorAll("button")].find(b => b.textContent === "Reset");
  reset.addEventListener("click", () => { run.restart(); follow(); });

  // ---- drawing
  function show() {
    const { network, data, sizes } = run, logits = network.forward(field).map(([z]) => z), layers = network.a;
    paint(paper, logits.map(sigmoid), 0, 1);
    set(inputBorder, { d: border(logits, input.X, input.Y) });
    drawInput(data.x, data.y);
    drawNetwork(run, layers, chosen, timer);
    drawHidden();
    drawLoss();
    const at = atRing(), p = sigmoid(network.forward([at])[0][0]);
    set(probe, { cx: input.X(at[0]), cy: input.Y(at[1]) });
    told();
    set(probe, { "aria-valuetext": `x1 ${format(at[0], 3)}, x2 ${format(at[1], 3)}: probability of class 1 ${p.toFixed(2)}` });
    if (!timer || run.done % 10 === 0) drawUnit(run, chosen, at, timer);
    if (all.open && !timer) showAll();
    ownRow.hidden = run.settings.dataset !== "own";
    noiseRow.hidden = !ownRow.hidden;
    strengthRow.hidden = run.settings.penalty === "none";
    if (!data.y.length) return ui.say("No points yet: click into the plane, or move the ring with the arrow keys and press 0 or 1.");
    const train = run.measure();
    if (!Number.isFinite(train.loss)) return ui.say("The loss grew without bound: take a smaller learning rate, then start again.");
    const test = run.test && run.measure(run.test), share = m => `${(100 * m / data.y.length).toFixed(1)} %`;
    ui.say(["step", run.done], ["loss", train.loss.toFixed(4)], ["right", share(train.right)],
      ...test ? [["test loss", test.loss.toFixed(4)], ["right", share(test.right)]] : [],
      ["p at the ring", p.toFixed(3)], ["parameters", network.parameters().reduce((sum, [w]) => sum + w.length, 0)],
      ["next", nextStep()]);
  }

  // What the next step will be made of.
  function nextStep() {
    const { optimizer, lr, penalty, strength } = run.settings;
    const rule = { sgd: "SGD", momentum: "SGD with momentum", adam: "Adam" }[optimizer];
    return `${rule}, η = ${format(lr)}${penalty === "none" ? "" : `, ${penalty.toUpperCase()} with λ = ${format(strength)}`}, `
      + `${model.get("speed")} a picture`;
  }

  // The points, the ring and a grid of the plane as hidden layer `l` sees them.
  function drawHidden() {
    const { network, sizes } = run, last = sizes.length - 2, l = clamp(model.get("layer"), 0, last), n = sizes[l];
    const across = model.get("across"), upward = model.get("up");
    const see = points => {
      const logits = network.forward(points), a = network.a[l];
      const pick = (which, k) => (which === -1 ? logits[k][0] : a[k][which] ?? 0);
      return logits.map((_, k) => [pick(across, k), pick(upward, k)]);
    };
    const seen = see(rods), points = see(run.data.x), [ring] = see([atRing()]);
    const span = k => {
      let [low, high] = [Infinity, -Infinity];
      for (const p of [...seen, ...points]) if (Number.isFinite(p[k])) { low = Math.min(low, p[k]); high = Math.max(high, p[k]); }
      const pad = Math.max(0.08 * (high - low), 1e-3);
      return Number.isFinite(low) ? [low - pad, high + pad] : [-1, 1];
    };
    space.range(span(0), span(1));
    const names = [...space.axes.querySelectorAll(".nnlib-label")], name = k =>
      (k === -1 ? "logit" : l ? `a${sub(k + 1)} of layer ${l}` : `x${sub(k + 1)}`);
    names[0].textContent = name(across);
    names[1].textContent = upward < n ? name(upward) : "";
    set(mesh, { d: Array.from({ length: 14 }, (_, g) => line(space, seen.slice(g * ROD, g * ROD + ROD))).join("") });
    drawSpace(points, run.data.y);
    set(image, { cx: space.X(ring[0]), cy: space.Y(ring[1]) });
    set(spaceBorder, { d: separating(l, last, n, across, upward) });
  }

  // Where the logit is 0: a straight line in the last hidden layer, if both its units are shown.
  function separating(l, last, n, across, upward) {
    if (across === -1) return line(space, [[0, space.y[0]], [0, space.y[1]]]);
    if (l !== last || n > 2 || (n === 2 && across === upward)) return "";
    const { W: [W], b: [c] } = run.network.layers[last], w = W[across], v = upward < n && upward !== across ? W[upward] : 0;
    if (Math.abs(v) > 1e-9) return line(space, space.x.map(x => [x, -(w * x + c) / v]));
    return line(space, space.y.map(y => [-c / w, y]));
  }

  function drawLoss() {
    const curve = run.curve, values = curve.flatMap(([, a, b]) => [a, b]).filter(Number.isFinite);
    lossPlot.range([0, Math.max(10, run.done)], [0, Math.max(0.05, ...values) * 1.3]);
    set(trainLine, { d: line(lossPlot, curve.map(([s, a]) => [s, a])) });
    set(testLine, { d: line(lossPlot, curve.map(([s, , b]) => [s, b])) });
  }

  function showAll() {
    table.replaceChildren(...weightTables(run.network.layers));
  }

  new ResizeObserver(() => run && !timer && show()).observe(ui.picture);
  ui.draw(follow);
  return stop;
}

export default { render };
