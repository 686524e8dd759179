// The playground: a small network trains in the page; its plane, its hidden space, every unit and every weight in sight.
import { panel, plot, svg, html, set, line, draggable, format, clamp, reducedMotion, colours } from "./shared.js";
import { activations } from "./network.js";
import { Run, readPoints, writePoints, readHidden } from "./playground_run.js";

const EDGE = 1.3, FINE = 40, MOST_STEPS = 20000;
const NAMES = { none: "z", sigmoid: "σ(z)", tanh: "tanh(z)", relu: "max(0, z)", leaky_relu: "max(0.01 z, z)",
  swish: "z σ(z)" };
const sub = n => [...String(n)].map(c => "₀₁₂₃₄₅₆₇₈₉"[c]).join("");
const up = n => "⁰¹²³⁴⁵"[n];

const [sigmoid] = activations.sigmoid;

// FINE × FINE points of the plane, row after row from the top
const place = q => -EDGE + 2 * EDGE * (q + 0.5) / FINE;
const field = Array.from({ length: FINE * FINE }, (_, k) => [place(k % FINE), -place(Math.floor(k / FINE))]);

// From the colour of class 0 (share −1) through white to the colour of class 1 (share 1).
function shade(share) {
  const [r, g, b] = share > 0 ? [230, 159, 0] : [0, 114, 178], s = Math.min(1, Math.abs(share)) * 0.75;
  return [255 + (r - 255) * s, 255 + (g - 255) * s, 255 + (b - 255) * s];
}

// Line segments where the values on the field change sign, as an SVG path.
export function border(values, X, Y) {
  const parts = [];
  for (let r = 0; r < FINE - 1; r++)
    for (let c = 0; c < FINE - 1; c++) {
      const k = r * FINE + c, corners = [[r, c, k], [r, c + 1, k + 1], [r + 1, c + 1, k + FINE + 1], [r + 1, c, k + FINE]];
      const cuts = corners.flatMap(([r0, c0, k0], e) => {
        const [r1, c1, k1] = corners[(e + 1) % 4], [v0, v1] = [values[k0], values[k1]];
        if ((v0 > 0) === (v1 > 0)) return [];
        const t = v0 / (v0 - v1);
        return [`${X(place(c0 + t * (c1 - c0))).toFixed(1)} ${Y(-place(r0 + t * (r1 - r0))).toFixed(1)}`];
      });
      for (let i = 0; i + 1 < cuts.length; i += 2) parts.push(`M${cuts[i]}L${cuts[i + 1]}`);
    }
  return parts.join("");
}

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
  const planes = html("div", { style: flex }), diagram = html("div", { class: "nnlib-stage", style: "margin:0.5rem 0" });
  ui.picture.append(bar, planes, diagram);
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
  planes.append(inputBox, box(space));
  ui.picture.append(html("div", { style: flex }, curves, unitBox));

  const dots = p => {
    const make = attributes => p.area.appendChild(svg("path", { "stroke-linejoin": "round", ...attributes }));
    const classes = [make({ fill: colours.class0, stroke: "#fff", "stroke-width": 1 }),
      make({ fill: colours.class1, stroke: "#000", "stroke-width": 0.8 })];
    return places => classes.forEach((path, label) => set(path, { d: places.map(([x, y], k) => {
      if (run.data.y[k][0] !== label || !Number.isFinite(x + y)) return "";
      const [X, Y] = [p.X(x).toFixed(1), p.Y(y).toFixed(1)];
      return label ? `M${X} ${Y - 4.6}l4.4 7.8h-8.8z` : `M${X - 3.6} ${Y}a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0 -7.2 0z`;
    }).join("") }));
  };
  const edge = attributes => svg("path", { fill: "none", stroke: "#000", "stroke-width": 2, ...attributes });
  const inputBorder = edge(), spaceBorder = edge(), mesh = edge({ "stroke-width": 0.7, opacity: 0.35 });
  input.area.append(inputBorder);
  space.area.append(mesh, spaceBorder);
  const drawInput = dots(input), drawSpace = dots(space);
  const ring = attributes => svg("circle", { r: 8, fill: "none", stroke: colours.highlight, "stroke-width": 3.5, ...attributes });
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
  const trainLine = lossPlot.area.appendChild(svg("path", { fill: "none", stroke: colours.loss, "stroke-width": 2.2 }));
  const testLine = lossPlot.area.appendChild(svg("path", { fill: "none", stroke: colours.loss, "stroke-width": 1.6,
    "stroke-dasharray": "5 4" }));
  const legend = (y, dash, text) => [svg("path", { d: `M230 ${y}h26`, stroke: colours.loss, "stroke-width": 2,
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
  ui.select("activation", { options: choices(Object.keys(NAMES)) });
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
    const fine = run.step(steps);
    publish();
    show();
    if (!fine) diverged();
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
    if (!fine) { stop(); return diverged(); }
    if (run.done >= MOST_STEPS) return stop();
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

  function diverged() {
    ui.say("The loss grew without bound: take a smaller learning rate, then start again.");
  }

  // Tell Python, or the page's state, where the run is.
  function publish() {
    quietly({ steps: run.done, weights: run.weights });
  }

  function edit(array, k, text) {
    if (text.trim() === "" || !Number.isFinite(+text)) return;
    stop();
    array[k] = +text;
    run.change();
    publish();
    show(true);
  }

  // ---- following the state
  function follow() {
    if (mine) return;
    const now = settings(), fresh = !run || anew.some(key => now[key] !== run.settings[key]);
    if (fresh) {
      stop();
      run = new Run(now);
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
    chosen = [1, 0];
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
  const off = html("canvas", { width: FINE, height: FINE }), ink = off.getContext("2d");
  function fieldPicture(values, low, high) {
    const pixels = ink.createImageData(FINE, FINE);
    values.forEach((value, i) => {
      const [r, g, b] = shade(2 * (value - low) / (high - low || 1) - 1);
      pixels.data.set([r, g, b, 255], 4 * i);
    });
    return pixels;
  }

  function bounds(values) {
    const { activation } = run.settings;
    if (activation === "sigmoid") return [0, 1];
    const top = activation === "tanh" ? 1 : Math.max(1e-9, ...values.map(Math.abs));
    return [-top, top];
  }

  function show(keep = false) {
    const { network, data, sizes } = run, logits = network.forward(field).map(([z]) => z), layers = network.a;
    paper.getContext("2d").putImageData(fieldPicture(logits.map(sigmoid), 0, 1), 0, 0);
    set(inputBorder, { d: border(logits, input.X, input.Y) });
    drawInput(data.x);
    drawDiagram(layers);
    drawHidden();
    drawLoss();
    const at = atRing(), p = sigmoid(network.forward([at])[0][0]);
    set(probe, { cx: input.X(at[0]), cy: input.Y(at[1]) });
    told();
    set(probe, { "aria-valuetext": `x1 ${format(at[0], 3)}, x2 ${format(at[1], 3)}: probability of class 1 ${p.toFixed(2)}` });
    drawUnit(keep);
    if (all.open && !timer) showAll();
    ownRow.hidden = run.settings.dataset !== "own";
    noiseRow.hidden = !ownRow.hidden;
    strengthRow.hidden = run.settings.penalty === "none";
    if (!data.y.length) return ui.say("No points yet: click into the plane, or move the ring with the arrow keys and press 0 or 1.");
    const train = run.measure(), test = run.test && run.measure(run.test), share = m => `${(100 * m / data.y.length).toFixed(1)} %`;
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
    const rods = [], count = 33;
    for (let g = -3; g <= 3; g++)
      for (const way of [0, 1])
        for (let k = 0; k < count; k++) {
          const along = -1.2 + 2.4 * k / (count - 1);
          rods.push(way ? [g * 0.4, along] : [along, g * 0.4]);
        }
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
    set(mesh, { d: Array.from({ length: 14 }, (_, g) => line(space, seen.slice(g * count, g * count + count))).join("") });
    drawSpace(points);
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
    lossPlot.range([0, Math.max(10, run.done)], [0, Math.max(0.05, ...values) * 1.05]);
    set(trainLine, { d: line(lossPlot, curve.map(([s, a]) => [s, a])) });
    set(testLine, { d: line(lossPlot, curve.map(([s, , b]) => [s, b])) });
  }

  // The network as a drawing: a picture of what each unit answers on the plane, weights as lines between them.
  let sketch, spots = [];
  function layOut() {
    const { sizes } = run, width = clamp(ui.picture.clientWidth || 700, 280, 700);
    const size = clamp(width / (sizes.length * 1.9), 26, 40), height = Math.max(...sizes) * (size + 10) + 26;
    const ratio = Math.min(2, globalThis.devicePixelRatio || 1);
    sketch = html("canvas", { width: width * ratio, height: height * ratio, "aria-hidden": "true",
      style: `width:${width}px;height:${height}px;display:block` });
    sketch.getContext("2d").scale(ratio, ratio);
    const column = l => 14 + size / 2 + (width - 28 - size) * l / (sizes.length - 1);
    spots = sizes.map((n, l) => Array.from({ length: n }, (_, k) =>
      ({ x: column(l), y: 22 + (height - 26) * (k + 0.5) / n, size })));
    diagram.style.width = `${width}px`;
    diagram.replaceChildren(sketch, ...spots.flatMap((list, l) => l ? list.map(({ x, y }, k) => html("button", {
      type: "button", onclick: () => { chosen = [l, k]; show(); }, style: `position:absolute;left:${x - size / 2}px;`
        + `top:${y - size / 2}px;width:${size}px;height:${size}px;min-width:0;min-height:0;padding:0;border-radius:3px` })) : []));
    diagram.dataset.sizes = [sizes, width];
  }

  function drawDiagram(layers) {
    const { network, sizes } = run, width = clamp(ui.picture.clientWidth || 700, 280, 700);
    if (diagram.dataset.sizes !== String([sizes, width])) layOut();
    const pen = sketch.getContext("2d"), buttons = [...diagram.querySelectorAll("button")];
    pen.clearRect(0, 0, 800, 800);
    network.layers.forEach(({ W }, l) => spots[l + 1].forEach((to, i) => spots[l].forEach((from, j) => {
      const w = W[i][j];
      pen.strokeStyle = w > 0 ? "#B87F00" : "#0072B2";
      pen.setLineDash(w > 0 ? [] : [6, 4]);
      pen.lineWidth = clamp(Math.abs(w) * 1.4, 0.3, 7);
      pen.globalAlpha = clamp(0.15 + Math.abs(w) / 2, 0.15, 0.9);
      pen.beginPath();
      pen.moveTo(from.x + from.size / 2, from.y);
      pen.lineTo(to.x - to.size / 2, to.y);
      pen.stroke();
    })));
    pen.globalAlpha = 1;
    pen.setLineDash([]);
    let number = 0;
    spots.forEach((list, l) => list.forEach(({ x, y, size }, k) => {
      const out = l === spots.length - 1, values = layers[l].map(a => (out ? sigmoid(a[k]) : a[k]));
      const [low, high] = out ? [0, 1] : l ? bounds(values) : [-EDGE, EDGE];
      ink.putImageData(fieldPicture(values, low, high), 0, 0);
      pen.drawImage(off, x - size / 2, y - size / 2, size, size);
      const selected = chosen[0] === l && chosen[1] === k;
      pen.strokeStyle = selected ? colours.highlight : "#000";
      pen.lineWidth = selected ? 4 : 1;
      pen.strokeRect(x - size / 2, y - size / 2, size, size);
      if (l && !timer) {
        const { W, b } = network.layers[l - 1];
        set(buttons[number], { "aria-pressed": String(selected), "aria-label": `${out ? "output" : `layer ${l} unit ${k + 1}`}: weights `
          + `${[...W[k]].map(w => w.toFixed(2)).join(", ")}, bias ${b[k].toFixed(2)}` });
      }
      if (l) number++;
    }));
    pen.fillStyle = "#222";
    pen.font = "12px sans-serif";
    pen.textAlign = "center";
    spots.forEach((list, l) => pen.fillText(l === 0 ? "x" : l === spots.length - 1 ? "output" : `layer ${l}`,
      clamp(list[0].x, 22, width - 24), 12));
  }

  // The chosen unit in numbers: each weight can be typed; its slope; what it answers at the ring.
  const entry = (array, k, label) => html("input", { type: "number", step: "any", "aria-label": label, value: +array[k].toPrecision(6),
    onchange: event => edit(array, k, event.target.value), style: "width:6.5rem;min-height:1.7rem;font:inherit;color:inherit;background:var(--face);border:1px solid var(--edge)" });
  let shown = "";
  function drawUnit(keep) {
    const { network, sizes } = run;
    if (chosen[0] >= sizes.length || chosen[1] >= sizes[chosen[0]]) chosen = [sizes.length - 1, 0];
    const [l, k] = chosen, m = sizes[l - 1], { W, b, dW, db } = network.layers[l - 1], out = l === sizes.length - 1;
    if (timer && run.done % 10) return;
    if (run.data.y.length) run.gradient();
    const slopes = [...dW[k], db[k]];
    network.forward([atRing()]);
    const before = network.a[l - 1][0], z = network.z[l - 1][0][k], a = out ? sigmoid(z) : network.a[l][0][k];
    const names = [...Array.from({ length: m }, (_, j) => `w${sub(k + 1)}${sub(j + 1)}${up(l)}`), `b${sub(k + 1)}${up(l)}`];
    const arrays = [...Array.from({ length: m }, (_, j) => [W[k], j]), [b, k]];
    const from = j => (j === m ? "" : l === 1 ? `from x${sub(j + 1)}` : `from unit ${j + 1}`);
    if (shown !== `${chosen};${sizes}`) {
      shown = `${chosen};${sizes}`;
      unitBox.replaceChildren(html("p", { style: "margin:0 0 0.3rem" }), html("div", { style: "overflow-x:auto" }, html("table", {},
        html("thead", {}, html("tr", {}, ...["weight", "value", "∂L/∂w", "input at the ring"].map(t => html("th", { scope: "col" }, t)))),
        html("tbody", {}, ...names.map((name, j) => html("tr", {}, html("th", { scope: "row" }, `${name} ${from(j)}`),
          html("td", {}, entry(...arrays[j], `${name} ${from(j)}`)), html("td", {}), html("td", {})))))), html("p", { style: "margin:0.3rem 0 0" }));
    }
    const [title, formula] = unitBox.querySelectorAll("p");
    title.replaceChildren(html("strong", {}, out ? "Output" : `Layer ${l}, unit ${k + 1}`), " (choose another in the drawing)");
    unitBox.querySelectorAll("tbody tr").forEach((row, j) => {
      const field = row.querySelector("input");
      if (document.activeElement !== field || keep || timer) field.value = +arrays[j][0][arrays[j][1]].toPrecision(6);
      row.children[2].textContent = run.data.y.length ? format(slopes[j], 3) : "";
      row.children[3].textContent = j < m ? format(before[j], 3) : "1";
    });
    const zName = out ? "z" : `z${sub(k + 1)}`, fName = out ? "p = σ(z)" : `a${sub(k + 1)} = ${NAMES[run.settings.activation]}`;
    formula.textContent = `At the ring: ${zName} = ${format(z, 4)}, ${fName} = ${format(a, 4)}`;
  }

  function showAll() {
    const cell = value => html("td", {}, format(value, 4)), head = text => html("th", { scope: "col" }, text);
    table.replaceChildren(...run.network.layers.map(({ W, b }, l) => html("table", {},
      html("caption", {}, `W${up(l + 1)} (${W.length} × ${W[0].length}) and b${up(l + 1)}`),
      html("thead", {}, html("tr", {}, head("unit"), ...Array.from(W[0], (_, j) => head(`${l ? "a" : "x"}${sub(j + 1)}`)), head("b"))),
      html("tbody", {}, ...W.map((row, i) => html("tr", {}, html("th", { scope: "row" }, i + 1),
        ...Array.from(row, cell), cell(b[i])))))));
  }

  new ResizeObserver(() => run && !timer && show()).observe(ui.picture);
  ui.draw(follow);
  return stop;
}

export default { render };
