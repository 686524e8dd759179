// Three pictures of the playground: the plane of the inputs, the plane of a hidden layer, the loss.
import { plot, line, draggable } from "../core/plot.js";
import { svg, html, set } from "../core/elements.js";
import { format, clamp } from "../core/numbers.js";
import { lower } from "../core/written.js";
import { colors } from "../../palette.js";
import { EDGE, FINE, ROD, rods, paint, border, dots, spots } from "./playground_plane.js";
import { bounds, FEATURE_NAMES } from "./playground_network.js";
import { _ } from "../core/language.js";

const WIDTH = 250, HEIGHT = 244;

function square(box, range, label, names) {
  const p = plot({ x: range, y: range, width: WIDTH, height: HEIGHT, grid: false, label, ...names });
  p.svg.setAttribute("class", "nnlib-own");
  p.svg.setAttribute("style", "display:block;width:100%;height:auto;position:relative");
  p.stage = html("div", { class: "nnlib-stage", style: "max-width:380px;margin:auto" }, p.svg);
  box.append(p.stage);
  return p;
}

// draw(run, places, y): points of classes, or of a regression.
function points(p, size) {
  const classes = dots(p, size), numbers = spots(p, size);
  return (run, places, y) => {
    classes(...run.regression ? [[], []] : [places, y]);
    numbers(...run.regression ? [places, y] : [[], []]);
  };
}

const edge = attributes => svg("path", { fill: "none", stroke: "#000", "stroke-width": 2, ...attributes });
const ring = attributes => svg("circle", { r: 8, fill: "none", stroke: colors.highlight, "stroke-width": 3.5, ...attributes });

// act: { get, move } of the ring, click(place), key(event).
export function inputPlane(box, { get, move, click, key }) {
  const p = square(box, [-EDGE, EDGE], _("The plane of the inputs"), { xlabel: "x₁", ylabel: "x₂" });
  const width = p.X(EDGE) - p.X(-EDGE), height = p.Y(-EDGE) - p.Y(EDGE), share = (a, b) => `${100 * a / b}%`;
  const paper = html("canvas", { width: FINE, height: FINE, "aria-hidden": "true", style: "position:absolute;"
    + `left:${share(p.X(-EDGE), WIDTH)};top:${share(p.Y(EDGE), HEIGHT)};width:${share(width, WIDTH)};height:${share(height, HEIGHT)}` });
  p.stage.prepend(paper);
  const line0 = edge(), probe = ring({ "pointer-events": "all" });
  p.area.append(line0);
  const drawTest = points(p, 0.6), drawPoints = points(p);
  const title = svg("text", { class: "nnlib-label nnlib-halo", x: p.X(-EDGE) + 5, y: p.Y(EDGE) + 14 });
  const hit = svg("rect", { x: p.X(-EDGE), y: p.Y(EDGE), opacity: 0, width, height, "aria-hidden": "true",
    onclick: event => click(p.at(event)) });
  p.svg.append(title, hit, probe);
  const told = draggable(p, probe, { name: _("test point"), step: 0.05, get, move });
  probe.addEventListener("keydown", key);

  // looked: [layer, unit] to paint instead of the output, with the line where its z is 0
  function show(run, logits, layers, looked, test) {
    const [l, k] = looked ?? [0, 0], last = run.sizes.length - 1, unit = looked && l < last;
    const values = unit ? layers[l].map(row => row[k]) : logits.map(z => run.answer(z));
    const z = !unit ? logits : l ? run.network.z[l - 1].map(row => row[k]) : values;
    paint(paper, values, ...bounds(values, unit ? l : last, run));
    set(line0, { d: border(z, p.X, p.Y) });
    title.textContent = !unit ? "" : l ? _("layer {l}, unit {k}: z = 0", { l, k: k + 1 }) : FEATURE_NAMES[run.features[k]];
    drawPoints(run, run.data.x, run.data.y);
    drawTest(run, test ? test.x : [], test ? test.y : []);
  }

  return { show, ring(at, answer, regression) {
    set(probe, { cx: p.X(at[0]), cy: p.Y(at[1]) });
    told();
    const place = { x: format(at[0], 3), y: format(at[1], 3), p: answer.toFixed(2) };
    set(probe, { "aria-valuetext": regression ? _("x1 {x}, x2 {y}: the network says {p}", place)
      : _("x1 {x}, x2 {y}: probability of class 1 {p}", place) });
  } };
}

// The points, the ring and a grid of the plane as one hidden layer sees them.
export function hiddenPlane(box) {
  const p = square(box, [-1.1, 1.1], _("The points as a hidden layer sees them"), { xlabel: "a₁", ylabel: "a₂" });
  const straight = edge(), mesh = edge({ "stroke-width": 0.7, opacity: 0.35 }), image = ring();
  p.area.append(mesh, straight);
  const drawPoints = points(p);
  p.area.append(image);

  function show(run, at, [layer, across, upward]) {
    const { network, sizes } = run, last = sizes.length - 2, l = clamp(layer, 0, last), n = sizes[l];
    const see = places => {
      const logits = run.forward(places), a = network.a[l];
      const pick = (which, k) => (which === -1 ? logits[k][0] : a[k][which] ?? 0);
      return logits.map((__, k) => [pick(across, k), pick(upward, k)]);
    };
    const seen = see(rods), known = see(run.data.x), [place] = see([at]), all = [...seen, ...known];
    p.range(span(all, 0), span(all, 1));
    const names = [...p.axes.querySelectorAll(".nnlib-label")];
    const name = k => (k === -1 ? run.regression ? "ŷ" : _("logit") : l ? _("{a} of layer {l}", { a: `a${lower(k + 1)}`, l }) : FEATURE_NAMES[run.features[k]] ?? "");
    names[0].textContent = name(across);
    names[1].textContent = upward < n ? name(upward) : "";
    set(mesh, { d: Array.from({ length: 14 }, (__, g) => line(p, seen.slice(g * ROD, g * ROD + ROD))).join("") });
    drawPoints(run, known, run.data.y);
    const finite = place.every(Number.isFinite);
    set(image, { cx: finite ? p.X(place[0]) : 0, cy: finite ? p.Y(place[1]) : 0, visibility: finite ? null : "hidden" });
    set(straight, { d: separating(p, network.layers[last], l === last, n, across, upward) });
  }

  return { show };
}

function span(points, k) {
  let [low, high] = [Infinity, -Infinity];
  for (const point of points) if (Number.isFinite(point[k])) { low = Math.min(low, point[k]); high = Math.max(high, point[k]); }
  const pad = Math.max(0.08 * (high - low), 1e-3);
  return Number.isFinite(low) ? [low - pad, high + pad] : [-1, 1];
}

// Where the logit is 0: a straight line in the last hidden layer, if both its units are shown.
function separating(p, { W: [W], b: [c] }, isLast, n, across, upward) {
  if (across === -1) return line(p, [[0, p.y[0]], [0, p.y[1]]]);
  if (!isLast || n > 2 || (n === 2 && across === upward)) return "";
  const w = W[across], v = upward < n && upward !== across ? W[upward] : 0;
  if (Math.abs(v) > 1e-9) return line(p, p.x.map(x => [x, -(w * x + c) / v]));
  return Math.abs(w) > 1e-9 ? line(p, p.y.map(y => [-c / w, y])) : "";
}

export function lossCurve(box) {
  const p = plot({ x: [0, 1], y: [0, 0.8], width: 300, height: 168, xlabel: _("steps"), ylabel: _("loss"),
    label: _("Loss of training and test points against steps") });
  p.svg.setAttribute("role", "img");
  const stroke = more => svg("path", { fill: "none", stroke: colors.loss, ...more });
  const train = stroke({ "stroke-width": 2.2 }), test = stroke({ "stroke-width": 1.6, "stroke-dasharray": "5 4" });
  const legend = (y, dash, text) => [svg("path", { d: `M200 ${y}h26`, stroke: colors.loss, "stroke-width": 2,
    "stroke-dasharray": dash }), svg("text", { class: "nnlib-label", x: 232, y: y + 4 }, text)];
  p.area.append(train, test);
  p.svg.append(...legend(20, null, _("training")), ...legend(36, "5 4", _("test")));
  box.append(html("div", { style: "max-width:420px" }, p.svg));
  return { show({ curve, done }) {
    const values = curve.flatMap(([, a, b]) => [a, b]).filter(Number.isFinite);
    p.range([0, Math.max(10, done)], [0, Math.max(0.05, ...values) * 1.3]);
    set(train, { d: line(p, curve.map(([step, a]) => [step, a])) });
    set(test, { d: line(p, curve.map(([step, , b]) => [step, b])) });
  } };
}
