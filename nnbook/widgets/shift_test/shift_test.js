// A digit moved pixel by pixel, and what several networks say about it. All probabilities come from nnlib.
import { panel } from "../core/panel.js";
import { html, svg, set } from "../core/elements.js";
import { clamp } from "../core/numbers.js";
import { colors } from "../../palette.js";
import { bytes, nested, paint, pixelAt, ink, look } from "../core/pixels.js";
import { _ } from "../core/language.js";

// The image (rows of numbers) moved right and down; 0 flows in.
export const moved = (image, dx, dy) => image.map((row, i) => Array.from(row, (__, j) => image[i - dy]?.[j - dx] ?? 0));

export const largest = list => list.reduce((best, v, k) => v > list[best] ? k : best, 0);

// The digit beside all networks; on a phone, above them.
const STYLE = `
.nnlib-shift { display: grid; grid-template-columns: minmax(0, 12rem) minmax(0, 24rem); gap: 0.6rem 1.5rem; }
@media (max-width: 600px) { .nnlib-shift { grid-template-columns: minmax(0, 1fr); } }`;

function sliders(ui, reach, labels) {
  ui.slider("right", { label: _("pixels to the right"), min: -reach, max: reach, play: 350 });
  ui.slider("down", { label: _("pixels down"), min: -reach, max: reach });
  ui.slider("example", { label: _("digit"), min: 0, max: labels.length - 1, show: k => String(labels[k]) });
}

function render({ model, el }) {
  const names = model.get("names"), labels = model.get("labels"), reach = model.get("reach"), side = 2 * reach + 1;
  const [rows, columns] = model.get("shape");
  const images = nested(Float32Array.from(bytes(model.get("images")), v => v / 255), [labels.length, rows, columns]);
  const table = nested(bytes(model.get("table")), [labels.length, side, side, names.length, 10]); // 0 … 255
  const ui = panel(model, el, { name: "shift_test", keys: ["example", "right", "down"], wide: true,
    code: () => `moved = np.roll(images[${model.get("example")}], (${model.get("down")}, ${model.get("right")}), axis=(1, 2))\n` +
      "model(moved[None])   # as long as the ink does not reach the border" });
  const canvas = html("canvas", { class: "nnlib-canvas nnlib-ink", style: "max-width:15rem;touch-action:none;cursor:move", tabindex: 0,
    role: "application", "aria-roledescription": _("digit that can be moved") });
  const cards = names.map(card);
  ui.picture.append(look(), html("style", {}, STYLE), html("div", { class: "nnlib-shift" },
    html("div", {}, html("p", { class: "nnlib-caption" }, _("the digit: drag it, or use the arrow keys")), canvas),
    html("div", {}, ...cards.map(c => c.node))));

  // One network: ten bars, and a map of all shifts on which it is right.
  function card(name, which) {
    const title = html("p", { class: "nnlib-caption" });
    const bars = Array.from({ length: 10 }, (__, d) => svg("rect", { x: 8 + 18 * d, width: 13 }));
    const map = svg("g"), here = svg("rect", { fill: "none", stroke: colors.highlight, "stroke-width": 2.5 });
    const size = 100 / side;
    const picture = svg("svg", { class: "nnlib-plot", viewBox: "0 0 300 118", role: "img" },
      svg("line", { x1: 4, x2: 190, y1: 98, y2: 98, class: "nnlib-frame" }), ...bars,
      ...bars.map((__, d) => svg("text", { class: "nnlib-tick", x: 14.5 + 18 * d, y: 112, "text-anchor": "middle" }, String(d))),
      svg("g", { transform: "translate(196 0)", style: "cursor:pointer", onclick: event => {
        const box = map.getBoundingClientRect();
        go(Math.floor((event.clientX - box.left) / box.width * side) - reach,
          Math.floor((event.clientY - box.top) / box.height * side) - reach);
      } }, map, here),
      svg("text", { class: "nnlib-tick", x: 246, y: 114, "text-anchor": "middle" }, _("all shifts: right?")));
    const node = html("div", {}, title, picture);
    return { node, title, picture, draw(k, dx, dy) {
      const p = table[k][dy + reach][dx + reach][which], label = labels[k], best = largest(p);
      bars.forEach((bar, d) => set(bar, { y: 98 - p[d] / 255 * 90, height: p[d] / 255 * 90 + 0.5,
        fill: d === label ? colors.prediction : colors.loss }));
      const cells = table[k].flatMap((line, i) => line.map((q, j) => [i, j, largest(q[which]) === label, q[which][label]]));
      map.replaceChildren(...cells.map(([i, j, right]) => svg("rect", { x: j * size, y: i * size, width: size - 0.6,
        height: size - 0.6, fill: right ? colors.prediction : colors.loss, opacity: right ? 0.75 : 0.9 })));
      set(here, { x: (dx + reach) * size - 1, y: (dy + reach) * size - 1, width: size + 1.4, height: size + 1.4 });
      const count = cells.filter(c => c[2]).length, share = Math.round(p[best] / 2.55);
      title.textContent = `${name}: “${best}”, ${share} % ${best === label ? "✓" : "✗"}`;
      set(picture, { "aria-label": _("{name} says {best} with {share} percent; right on {count} of {all} shifts",
        { name, best, share, count, all: side * side }) });
      return { best, share, count };
    } };
  }

  const go = (dx, dy) => ui.change({ right: clamp(dx, -reach, reach), down: clamp(dy, -reach, reach) });
  let grip = null;
  set(canvas, {
    onpointerdown: event => {
      canvas.setPointerCapture(event.pointerId);
      grip = [pixelAt(canvas, event), model.get("right"), model.get("down")];
    },
    onpointermove: event => {
      if (!grip || !canvas.hasPointerCapture(event.pointerId)) return;
      const [x, y] = pixelAt(canvas, event), [[x0, y0], dx, dy] = grip;
      go(dx + Math.round(x - x0), dy + Math.round(y - y0));
    },
    onpointerup: () => { grip = null; },
    onkeydown: event => {
      const [dx, dy] = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key] ?? [];
      if (dx === undefined) return;
      event.preventDefault();
      go(model.get("right") + dx, model.get("down") + dy);
    },
  });
  sliders(ui, reach, labels);

  ui.draw(() => {
    const k = clamp(model.get("example"), 0, labels.length - 1);
    const dx = clamp(model.get("right"), -reach, reach), dy = clamp(model.get("down"), -reach, reach);
    paint(canvas, moved(images[k], dx, dy), ink);
    set(canvas, { "aria-label": _("a {digit}, moved {dx} pixels to the right and {dy} down", { digit: labels[k], dx, dy }) });
    const results = cards.map(c => c.draw(k, dx, dy));
    ui.say(...results.map(({ best, share, count }, n) =>
      [names[n], _("“{best}” {share} % {mark}, right on {count} of {all} shifts",
        { best, share, mark: best === labels[k] ? "✓" : "✗", count, all: side * side })]));
  });
}

export default { render };
