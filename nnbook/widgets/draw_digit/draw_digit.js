// A drawing pad in front of a trained network: probabilities, every feature map, what each kernel looks at.
import { panel } from "../core/panel.js";
import { html, svg, set } from "../core/elements.js";
import { clamp, lastOf } from "../core/numbers.js";
import { short } from "../core/written.js";
import { colors } from "../../palette.js";
import { flatten, softmax } from "../core/network.js";
import { unpacked, forward } from "../core/packed_layers.js";
import { bytes, nested, paint, pixelAt, ink, signed, strength, look } from "../core/pixels.js";
import { _ } from "../core/language.js";

const SIZE = 28, PEN = 1.25;

// Rows and columns of the input that number `at` = [row, column] of layer l's output can see, ends included.
export function receptiveField(layers, l, at) {
  let box = at.map(n => [n, n]);
  for (let k = l; k >= 0; k--) {
    const { kind, size, stride, padding = 0 } = layers[k];
    if (kind === "conv" || kind === "pool")
      box = box.map(([a, b]) => [a * stride - padding, b * stride - padding + size - 1]);
  }
  return box;
}

// As the digits of MNIST were made: the longer side of what is drawn becomes 20 pixels, its centre of mass the middle.
export function centred(rows) {
  const inked = [];
  rows.forEach((row, i) => row.forEach((v, j) => { if (v > 0.1) inked.push([i, j, v]); }));
  if (!inked.length) return rows.map(row => Float64Array.from(row));
  const [is, js] = [0, 1].map(k => inked.map(p => p[k]));
  const scale = (Math.max(Math.max(...is) - Math.min(...is), Math.max(...js) - Math.min(...js)) + 1) / 20;
  const total = inked.reduce((s, p) => s + p[2], 0);
  const [ci, cj] = [0, 1].map(k => inked.reduce((s, p) => s + p[k] * p[2], 0) / total);
  const at = (i, j) => rows[i]?.[j] ?? 0;
  return Array.from({ length: SIZE }, (__, i) => Float64Array.from({ length: SIZE }, (__, j) => {
    const y = ci + (i - 13.5) * scale, x = cj + (j - 13.5) * scale, r = Math.floor(y), c = Math.floor(x);
    const value = (1 - (y - r)) * ((1 - (x - c)) * at(r, c) + (x - c) * at(r, c + 1)) +
      (y - r) * ((1 - (x - c)) * at(r + 1, c) + (x - c) * at(r + 1, c + 1));
    return Math.round(value * 1000) / 1000;
  }));
}

const strongest = image => {
  let best = [0, 0];
  image.forEach((row, i) => row.forEach((v, j) => { if (v > image[best[0]][best[1]]) best = [i, j]; }));
  return best;
};

function render({ model, el }) {
  const layers = unpacked(model.get("layers")), examples = model.get("examples");
  const tops = model.get("tops"), misread = model.get("misread"); // of each layer the strongest colour; numbers of examples
  const convolutions = layers.flatMap(({ kind }, l) => kind === "conv" ? [l] : []);
  const samples = nested(Float32Array.from(bytes(examples.images), v => v / 255), [examples.labels.length, SIZE * SIZE]);
  const ui = panel(model, el, { name: "draw_digit", keys: ["centre", "layer", "channel", "drawing"], wide: true,
    code: () => "pad = draw_digit(model)   # in a notebook of your own: draw, then\n" +
      "softmax(model(pad.image)).round(3)" });

  const pad = html("canvas", { class: "nnlib-canvas nnlib-ink", tabindex: 0, role: "application",
    style: "touch-action:none;cursor:crosshair", "aria-roledescription": _("drawing pad"),
    "aria-label": _("drawing pad: arrow keys move the pen, space lowers or lifts it") });
  const cursor = html("div", { style: "position:absolute;border:2px solid var(--nn-loss);border-radius:50%;pointer-events:none" });
  const seen = html("canvas", { class: "nnlib-canvas nnlib-ink", role: "img", "aria-label": _("what the network sees") });
  const field = html("div", { style: "position:absolute;border:2px solid var(--nn-highlight);pointer-events:none" });
  const on = (canvas, mark) => html("div", { style: "position:relative" }, canvas, mark);
  const part = (title, ...content) =>
    html("div", {}, html("p", { class: "nnlib-caption" }, title), ...content);
  const bars = Array.from({ length: 10 }, (__, d) => svg("rect", { x: 24, y: 4 + 19 * d, height: 14 }));
  const numbers = bars.map((__, d) => svg("text", { class: "nnlib-tick", y: 15 + 19 * d }));
  const chart = svg("svg", { class: "nnlib-plot", viewBox: "0 0 240 196", role: "img" }, ...bars, ...numbers,
    ...bars.map((__, d) => svg("text", { class: "nnlib-label", x: 8, y: 15 + 19 * d }, String(d))));
  const clock = html("p", { class: "nnlib-caption nnlib-time" });
  const tools = html("div", { class: "nnlib-foot", style: "align-items:center" });
  const style = html("style", {}, `.nnlib-pads { display: grid; gap: 0.75rem; grid-template-columns: 1fr; }
.nnlib-pads > div { margin: 0; }
.nnlib-pads > div:first-child { max-width: 20rem; }
.nnlib-pads > div:last-child { max-width: 12rem; }
.nnlib-pads .nnlib-plot { max-width: 18rem; }
.nnlib-maps { display: grid; gap: 3px; grid-template-columns: repeat(8, 1fr); max-width: 27rem; }
@media (min-width: 600px) {
  .nnlib-pads { grid-template-columns: 1.35fr 1.1fr 0.9fr; }
  .nnlib-pads > .nnlib-foot { grid-area: 2 / 1 / 3 / 4; }
  .nnlib-many { grid-template-columns: repeat(16, 1fr); max-width: 40rem; }
}`);
  ui.picture.append(look(), style, html("div", { class: "nnlib-pads" },
    part(_("draw here (keys: arrows, space)"), on(pad, cursor)), tools, part(_("how sure it is"), chart, clock),
    part(_("what the network sees"), on(seen, field))));

  // Every feature map, layer by layer; a click chooses one.
  const maps = new Map(), kernelBox = html("div", { class: "nnlib-grids" });
  layers.forEach(({ kind, channels }, l) => {
    if (kind !== "relu" && kind !== "pool") return;
    const conv = convolutions.filter(c => c < l).length, row = html("div", {
      class: channels > 8 ? "nnlib-maps nnlib-many" : "nnlib-maps" });
    maps.set(l, Array.from({ length: channels }, (__, k) => {
      const canvas = html("canvas", { class: "nnlib-canvas nnlib-ink", style: "cursor:pointer", role: "img",
        onclick: () => ui.change({ layer: conv, channel: k + 1 }) });
      row.append(canvas);
      return canvas;
    }));
    ui.picture.append(html("p", { class: "nnlib-caption", style: "margin-top:0.6rem" },
      kind === "relu"
      ? _("convolution {k} and ReLU: {n} maps", { k: conv, n: channels }) : _("pooling: the same {n} maps, smaller", { n: channels })), row);
  });
  ui.picture.append(html("p", { class: "nnlib-caption nnlib-kernel-name", style: "margin-top:0.6rem" }), kernelBox);
  const kernelName = ui.picture.querySelector(".nnlib-kernel-name");

  ui.slider("layer", { label: _("convolution"), min: 1, max: convolutions.length });
  const channel = ui.slider("channel", { label: _("its map number"), min: 1, max: 8 });
  ui.select("centre", { label: _("before the network"), options: { yes: _("centre and scale the drawing, as in MNIST"),
    no: _("leave it where it is") } });
  ui.button(_("Clear"), () => ui.change({ drawing: Array(SIZE * SIZE).fill(0) }), tools);
  tools.append(html("span", {}, _("or a test digit:")));
  for (const d of [...new Set(examples.labels)].sort())
    ui.button(String(d), () => next(d), tools).setAttribute("aria-label", _("a test digit {d}", { d }));

  if (misread.length) ui.button(_("one it misreads"), () => next("misread"), tools);

  const turn = {};
  function next(d) { // another example of this digit, or of those that the network misreads, each time
    const all = d === "misread" ? misread : examples.labels.flatMap((label, k) => label === d && !misread.includes(k) ? [k] : []);
    turn[d] = (turn[d] ?? -1) + 1;
    ui.change({ drawing: Array.from(samples[all[turn[d] % all.length]], v => +v.toFixed(2)) });
  }

  // The pen: a soft disc, drawn along the way from `from` to `to` ([column, row]).
  let ink28 = null, waiting = false;
  function stroke(from, to) {
    ink28 ??= Float64Array.from(model.get("drawing"));
    const steps = Math.max(1, Math.ceil(2 * Math.hypot(to[0] - from[0], to[1] - from[1])));
    for (let s = 0; s <= steps; s++) {
      const [x, y] = [0, 1].map(k => from[k] + (to[k] - from[k]) * s / steps);
      for (let i = Math.floor(y) - 2; i <= y + 2; i++)
        for (let j = Math.floor(x) - 2; j <= x + 2; j++) {
          if (i < 0 || j < 0 || i >= SIZE || j >= SIZE) continue;
          const value = clamp(PEN + 0.5 - Math.hypot(j + 0.5 - x, i + 0.5 - y), 0, 1);
          ink28[i * SIZE + j] = Math.max(ink28[i * SIZE + j], +value.toFixed(2));
        }
    }
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      ui.change({ drawing: [...ink28] });
      ink28 = null;
    });
  }
  let last = null;
  const key = { at: [14, 14], down: false, shown: false };
  set(pad, {
    onpointerdown: event => {
      pad.setPointerCapture(event.pointerId);
      key.shown = false;
      last = pixelAt(pad, event);
      stroke(last, last);
    },
    onpointermove: event => {
      if (!last || !pad.hasPointerCapture(event.pointerId)) return;
      const now = pixelAt(pad, event);
      stroke(last, now);
      last = now;
    },
    onpointerup: () => { last = null; },
    onpointercancel: () => { last = null; },
    onfocus: () => { key.shown = pad.matches(":focus-visible"); showCursor(); },
    onblur: () => { key.shown = key.down = false; showCursor(); },
    onkeydown: event => {
      const way = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
      if (!way && event.key !== " ") return;
      event.preventDefault();
      const from = key.at;
      if (way) key.at = key.at.map((v, k) => clamp(v + way[k], 1, SIZE - 1));
      else key.down = !key.down;
      key.shown = true;
      if (key.down) stroke(from, key.at);
      showCursor();
    },
  });
  function showCursor() {
    cursor.hidden = !key.shown;
    Object.assign(cursor.style, { width: "7%", height: "7%", left: `${key.at[0] / SIZE * 100 - 3.5}%`,
      top: `${key.at[1] / SIZE * 100 - 3.5}%`, background: key.down ? "var(--nn-loss)" : "transparent" });
  }
  showCursor();

  // Once on an empty page, so that the browser has translated the loops before the first stroke.
  forward(layers, [nested(new Float64Array(SIZE * SIZE), [SIZE, SIZE])]);

  // The network runs only when its input changed.
  let input = null, outputs, milliseconds;
  function run() {
    const drawing = nested(Float64Array.from(model.get("drawing")), [SIZE, SIZE]);
    paint(pad, drawing, ink);
    const start = performance.now(), image = model.get("centre") === "yes" ? centred(drawing) : drawing;
    outputs = forward(layers, [image]);
    milliseconds = performance.now() - start;
    model.set("pixels", [...flatten(image)]);
    paint(seen, image, ink);
    for (const [l, canvases] of maps) {
      const top = tops[l]; // the same for each drawing: a blank page looks blank
      canvases.forEach((canvas, k) => paint(canvas, outputs[l][k], v => strength(v / top)));
    }
  }

  ui.draw(() => {
    const now = model.get("centre") + model.get("drawing");
    if (now !== input) run();
    input = now;
    const p = softmax(lastOf(outputs)), best = p.indexOf(Math.max(...p)), empty = !model.get("drawing").some(v => v > 0.1);
    p.forEach((share, d) => {
      set(bars[d], { width: 160 * share + 0.5, fill: d === best ? colors.prediction : colors.muted });
      set(numbers[d], { x: 30 + 160 * share });
      numbers[d].textContent = `${(100 * share).toFixed(1)} %`;
    });
    set(chart, { "aria-label": _("probabilities: {list}", {
      list: p.map((v, d) => _("{d}: {share} percent", { d, share: (100 * v).toFixed(1) })).join(_(", ")) }) });
    clock.textContent = _("computed in {time} ms", { time: milliseconds.toFixed(1) });
    ui.root.dataset.milliseconds = milliseconds;
    ui.root.dataset.scores = JSON.stringify([...lastOf(outputs)]);

    const c = clamp(model.get("layer"), 1, convolutions.length), l = convolutions[c - 1], { W, channels } = layers[l];
    const k = clamp(model.get("channel"), 1, channels) - 1;
    channel.max = channels;
    channel.value = k + 1;
    for (const [m, canvases] of maps) canvases.forEach((canvas, n) => {
      const mine = n === k && convolutions.filter(a => a < m).length === c;
      canvas.style.outline = mine ? "3px solid var(--nn-highlight)" : "";
      set(canvas, { "aria-label": _("feature map {n}", { n: n + 1 }) });
    });
    const at = strongest(outputs[l][k]), value = outputs[l][k][at[0]][at[1]];
    field.hidden = value <= 0; // behind ReLU nothing is left of it
    const [[top, bottom], [left, right]] = receptiveField(layers, l, at);
    Object.assign(field.style, { top: `${top / SIZE * 100}%`, left: `${left / SIZE * 100}%`,
      width: `${(right - left + 1) / SIZE * 100}%`, height: `${(bottom - top + 1) / SIZE * 100}%` });
    const size = W[0][0].length, most = Math.max(...flatten(W[k]).map(Math.abs));
    kernelName.textContent = _("kernel {k} of convolution {c}: {depth} × {size} × {size} weights (blue above 0, " +
      "orange below 0), and the part of the image where it answers most strongly", { k: k + 1, c, depth: W[k].length, size });
    const patch = html("canvas", { class: "nnlib-canvas nnlib-ink", style: "width:6rem", role: "img", "aria-label":
      _("rows {top} to {bottom}, columns {left} to {right} of the image",
        { top: top + 1, bottom: bottom + 1, left: left + 1, right: right + 1 }) });
    const image = nested(Float64Array.from(model.get("pixels")), [SIZE, SIZE]);
    paint(patch, Array.from({ length: bottom - top + 1 }, (__, i) => Array.from({ length: right - left + 1 }, (__, j) =>
      image[top + i]?.[left + j] ?? 0)), ink);
    kernelBox.replaceChildren(patch, ...W[k].map((slice, n) => {
      const canvas = html("canvas", { class: "nnlib-canvas nnlib-ink", role: "img", style: W[k].length > 1 ? "width:2.6rem" : "width:6rem",
        "aria-label": _("weights for input channel {n}", { n: n + 1 }) });
      paint(canvas, [...slice].map(row => [...row]), v => signed(v / most));
      return canvas;
    }));
    ui.say(...empty ? [_("Nothing is drawn: even then the network gives an answer.")] : [],
      [_("answer"), String(best)], [_("probability"), `${(100 * p[best]).toFixed(1)} %`],
      [_("map {k} of convolution {c}, strongest", { k: k + 1, c }), value > 0 ? short(value) : _("0: it answers nowhere")],
      [_("it sees"), _("{height} × {width} pixels", { height: bottom - top + 1, width: right - left + 1 })]);
  });
}

export default { render };
