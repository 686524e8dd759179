// The playground's network as a drawing: what each unit answers on the plane, and the weights as lines between them.
import { html, set } from "../core/elements.js";
import { clamp } from "../core/numbers.js";
import { colors } from "../../palette.js";
import { EDGE, FINE, sigmoid, paint } from "./playground_plane.js";
import { _ } from "../core/language.js";

const HEIGHT = 244;

// Lowest and highest value that the colours of a unit in layer l stand for.
export function bounds(values, l, last, activation) {
  if (l === 0) return [-EDGE, EDGE];
  if (l === last || activation === "sigmoid") return [0, 1];
  const top = activation === "tanh" ? 1 : Math.max(1e-9, ...values.map(Math.abs));
  return [-top, top];
}

// draw(run, layers, chosen, busy): layers are the answers on the field; choose([layer, unit]) is called for a click,
// look([layer, unit]) while a unit is pointed at or in focus, look(null) after it.
export function drawing(parent, { choose, look }) {
  const box = html("div", { class: "nnlib-stage", style: "margin:0 auto" });
  const stamp = html("canvas", { width: FINE, height: FINE });
  let canvas, spots = [], laidOut = "";
  parent.append(box);

  function layOut(sizes, width) {
    const most = Math.max(...sizes), size = clamp(Math.min(width / (sizes.length * 1.7), (HEIGHT - 22) / most - 3), 24, 44);
    const height = HEIGHT;
    const ratio = Math.min(2, globalThis.devicePixelRatio || 1);
    canvas = html("canvas", { width: width * ratio, height: height * ratio, "aria-hidden": "true",
      style: `width:${width}px;height:${height}px;display:block` });
    canvas.getContext("2d").scale(ratio, ratio);
    spots = sizes.map((n, l) => Array.from({ length: n }, (__, k) => ({ size,
      x: 14 + size / 2 + (width - 28 - size) * l / (sizes.length - 1), y: 20 + (height - 22) * (k + 0.5) / n })));
    const button = (l, { x, y }, k) => html("button", { type: "button", onclick: () => choose([l, k]),
      onpointerenter: () => look([l, k]), onpointerleave: () => look(null), onfocus: () => look([l, k]), onblur: () => look(null),
      style: `position:absolute;left:${x - size / 2}px;top:${y - size / 2}px;width:${size}px;height:${size}px;`
        + "min-width:0;min-height:0;padding:0;border-radius:3px" });
    box.style.width = `${width}px`;
    box.replaceChildren(canvas, ...spots.slice(1).flatMap((list, l) => list.map((spot, k) => button(l + 1, spot, k))));
  }

  function drawWeights(pen, layers) {
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

  function drawUnit(pen, { x, y, size }, values, range, selected) {
    paint(stamp, values, ...range);
    pen.drawImage(stamp, x - size / 2, y - size / 2, size, size);
    pen.strokeStyle = selected ? colors.highlight : "#000";
    pen.lineWidth = selected ? 4 : 1;
    pen.strokeRect(x - size / 2, y - size / 2, size, size);
  }

  function label(button, { W, b }, l, k, selected) {
    const name = l === spots.length - 1 ? _("output") : _("layer {l} unit {k}", { l, k: k + 1 }), two = w => w.toFixed(2);
    set(button, { "aria-pressed": String(selected),
      "aria-label": _("{name}: weights {weights}, bias {bias}",
        { name, weights: Array.from(W[k], two).join(", "), bias: two(b[k]) }) });
  }

  return ({ network, sizes, settings }, layers, chosen, busy) => {
    const width = clamp(parent.clientWidth || 280, 230, 420), last = sizes.length - 1;
    if (laidOut !== String([sizes, width])) layOut(sizes, width);
    laidOut = String([sizes, width]);
    const pen = canvas.getContext("2d"), buttons = box.querySelectorAll("button");
    pen.clearRect(0, 0, canvas.width, canvas.height);
    drawWeights(pen, network.layers);
    let number = 0;
    spots.forEach((list, l) => list.forEach((spot, k) => {
      const values = layers[l].map(a => (l === last ? sigmoid(a[k]) : a[k]));
      const selected = chosen[0] === l && chosen[1] === k;
      drawUnit(pen, spot, values, bounds(values, l, last, settings.activation), selected);
      if (l && !busy) label(buttons[number], network.layers[l - 1], l, k, selected);
      if (l) number++;
    }));
    pen.fillStyle = "#222";
    pen.font = "12px sans-serif, 'Book Chinese'";
    pen.textAlign = "center";
    spots.forEach(([{ x }], l) => pen.fillText(l === 0 ? "x" : l === last ? _("output") : _("layer {l}", { l }),
      clamp(x, 22, width - 24), 12));
  };
}
