// The playground's network as a drawing: what each unit answers on the plane, and the weights as lines between them.
import { html, set } from "../core/elements.js";
import { clamp } from "../core/numbers.js";
import { colors } from "../../palette.js";
import { EDGE, FINE, paint } from "./playground_plane.js";
import { _ } from "../core/language.js";

const HEIGHT = 270, TOP = 41, FOOT = 26; // above the units stand names and +, below them −
const MOST_UNITS = 8, MOST_LAYERS = 4;
export const FEATURE_NAMES = { x1: "x₁", x2: "x₂", x1x1: "x₁²", x2x2: "x₂²", x1x2: "x₁x₂", sin1: _("sin πx₁"), sin2: _("sin πx₂") };

// Lowest and highest value that the colours of a unit in layer l stand for.
export function bounds(values, l, { sizes, settings, regression }) {
  const last = sizes.length - 1;
  if (l === last && regression) return [-1, 1];
  if (l === 0) return [-EDGE, EDGE];
  if (l === last || settings.activation === "sigmoid") return [0, 1];
  const top = settings.activation === "tanh" ? 1 : Math.max(1e-9, ...values.map(Math.abs));
  return [-top, top];
}

const at = (x, y, width, height) => `position:absolute;left:${x - width / 2}px;top:${y - height / 2}px;width:${width}px;`
  + `height:${height}px;min-width:0;min-height:0;padding:0;`;

// [above, below] the units: + and − at each hidden layer, and for layers, with what each of them makes of the sizes.
function changes(sizes, spots, width, resize) {
  const hidden = sizes.slice(1, -1), x = l => clamp(spots[l][0].x, 22, width - 24);
  const top = TOP - 14, foot = HEIGHT - 13, end = sizes.length - 1;
  const button = (key, place, text, name, next) => html("button", { type: "button", "data-key": key, "aria-label": name,
    title: name, "aria-disabled": next ? null : "true", onclick: () => next && resize(next),
    style: `${at(...place)}color:#222;line-height:1;font-size:${text.length > 1 ? 11 : 15}px;${next ? "" : "opacity:0.35"}` }, text);
  const change = (l, by) => hidden.map((n, k) => (k === l - 1 ? n + by : n));
  const above = hidden.map((n, k) => button(`+${k + 1}`, [x(k + 1), top, 24, 24], "+",
    _("one more unit in layer {l}", { l: k + 1 }), n < MOST_UNITS && change(k + 1, 1)));
  const below = hidden.map((n, k) => button(`-${k + 1}`, [x(k + 1), foot, 24, 24], "−",
    _("one unit fewer in layer {l}", { l: k + 1 }), n > 1 && change(k + 1, -1)));
  return [[...above, button("+", [x(end), top, 44, 24], _("+ layer"), _("one more hidden layer"),
    hidden.length < MOST_LAYERS && [...hidden, hidden[hidden.length - 1] ?? 4])],
  [...below, button("-", [x(end), foot, 44, 24], _("− layer"), _("one hidden layer fewer"),
    hidden.length > 0 && hidden.slice(0, -1))]];
}

function drawWeights(pen, spots, layers) {
  layers.forEach(({ W }, l) => spots[l + 1].forEach((to, i) => spots[l].forEach((from, j) => {
    const w = W[i][j];
    pen.strokeStyle = w > 0 ? "#B87F00" : colors.prediction;
    pen.setLineDash(w > 0 ? [] : [6, 4]); // the sign is not told by colour alone
    pen.lineWidth = clamp(Math.abs(w) * 1.4, 0.3, 7);
    pen.globalAlpha = clamp(0.15 + Math.abs(w) / 2, 0.15, 0.9);
    pen.beginPath();
    pen.moveTo(from.x + from.size / 2, from.y);
    pen.lineTo(to.x - to.size / 2, to.y);
    pen.stroke();
  })));
  pen.globalAlpha = 1;
  pen.setLineDash([]);
}

function drawUnit(pen, stamp, { x, y, size }, values, range, selected) {
  paint(stamp, values, ...range);
  pen.drawImage(stamp, x - size / 2, y - size / 2, size, size);
  pen.strokeStyle = selected ? colors.highlight : "#000";
  pen.lineWidth = selected ? 4 : 1;
  pen.strokeRect(x - size / 2, y - size / 2, size, size);
}

function label(button, { W, b }, l, k, last, selected) {
  const name = l === last ? _("output") : _("layer {l} unit {k}", { l, k: k + 1 }), two = w => w.toFixed(2);
  set(button, { "aria-pressed": String(selected),
    "aria-label": _("{name}: weights {weights}, bias {bias}",
      { name, weights: Array.from(W[k], two).join(", "), bias: two(b[k]) }) });
}

// draw(run, layers, chosen, busy): layers are the answers on the field; choose([layer, unit]) is called for a click,
// look([layer, unit]) while a unit is pointed at or in focus, look(null) after it; resize(sizes of the hidden layers).
export function drawing(parent, { choose, look, resize }) {
  const box = html("div", { class: "nnlib-stage", style: "margin:0 auto" });
  const stamp = html("canvas", { width: FINE, height: FINE });
  let canvas, spots = [], units = [], laidOut = "", wide = 280, given = null;
  parent.append(box);

  const looks = (l, k) => ({ onpointerenter: () => look([l, k]), onpointerleave: () => look(null) });
  const unit = (l, { x, y, size }, k) => html("button", { type: "button", "data-key": `${l} ${k}`, onclick: () => choose([l, k]),
    ...looks(l, k), onfocus: () => look([l, k]), onblur: () => look(null), style: `${at(x, y, size, size)}border-radius:3px` });

  function layOut({ sizes, features }, width) {
    const room = HEIGHT - TOP - FOOT, most = Math.max(...sizes);
    const size = clamp(Math.min(width / (sizes.length * 1.7), room / most - 3), 24, 44);
    const ratio = Math.min(2, globalThis.devicePixelRatio || 1), held = box.contains(document.activeElement)
      && document.activeElement.dataset.key;
    canvas = html("canvas", { width: width * ratio, height: HEIGHT * ratio, "aria-hidden": "true",
      style: `width:${width}px;height:${HEIGHT}px;display:block` });
    canvas.getContext("2d").scale(ratio, ratio);
    spots = sizes.map((n, l) => Array.from({ length: n }, (__, k) => ({ size,
      x: 14 + size / 2 + (width - 28 - size) * l / (sizes.length - 1), y: TOP + room * (k + 0.5) / n })));
    box.style.width = `${width}px`;
    const [above, below] = changes(sizes, spots, width, resize), given = spots[0].map((spot, k) => html("span", {
      title: FEATURE_NAMES[features[k]], ...looks(0, k), style: at(spot.x, spot.y, size, size) }));
    units = spots.slice(1).flatMap((list, l) => list.map((spot, k) => unit(l + 1, spot, k)));
    box.replaceChildren(canvas, ...above, ...given, ...units, ...below); // as Tab goes
    if (held) box.querySelector(`[data-key="${held}"]`)?.focus();
  }

  function draw(run, layers, chosen, busy) {
    given = [run, layers, chosen, busy];
    const { network, sizes, features } = run;
    const width = clamp(wide, 230, 420), last = sizes.length - 1, state = String([features, sizes, width]);
    if (laidOut !== state) layOut(run, width);
    laidOut = state;
    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, canvas.width, canvas.height);
    drawWeights(pen, spots, network.layers);
    let number = 0;
    spots.forEach((list, l) => list.forEach((spot, k) => {
      const values = layers[l].map(a => (l === last ? run.answer(a[k]) : a[k]));
      const selected = chosen[0] === l && chosen[1] === k;
      drawUnit(pen, stamp, spot, values, bounds(values, l, run), selected);
      if (l && !busy) label(units[number], network.layers[l - 1], l, k, last, selected);
      if (l) number++;
    }));
    pen.fillStyle = "#222";
    pen.font = "12px sans-serif, 'Book Chinese', 'Book Chinese Space'";
    pen.textAlign = "center";
    const name = width / sizes.length < 44 ? String : l => _("layer {l}", { l });
    spots.forEach(([{ x }], l) => pen.fillText(l === 0 ? "x" : l === last ? _("output") : name(l),
      clamp(x, 22, width - 24), 11));
  }

  new ResizeObserver(([{ contentRect }]) => { // nobody asks for the width: the answer would take a layout of the page
    if (Math.round(contentRect.width) === wide) return;
    wide = Math.round(contentRect.width);
    if (given) draw(...given);
  }).observe(parent);
  return draw;
}
