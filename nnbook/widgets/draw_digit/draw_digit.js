// A drawing pad in front of a trained network: probabilities, every feature map, and how each of their numbers came about.
import { panel } from "../core/panel.js";
import { html, svg, set } from "../core/elements.js";
import { clamp, lastOf } from "../core/numbers.js";
import { short } from "../core/written.js";
import { colors } from "../../palette.js";
import { flatten, softmax } from "../core/network.js";
import { unpacked, forward } from "../core/packed_layers.js";
import { bytes, nested, paint, ink, strength, look } from "../core/pixels.js";
import { Pad, centred, SIZE } from "./drawing_pad.js";
import { stagesOf, mapsOf, seen, path, strongest } from "./stages.js";
import { Flow, FLOW_STYLE } from "./flow.js";
import { Arithmetic, ARITHMETIC_STYLE } from "./arithmetic.js";
import { pause } from "../core/pause.js";
import { _ } from "../core/language.js";

const STYLE = `.nnlib-pads { display: grid; gap: 0.75rem; grid-template-columns: 1fr; }
.nnlib-pads > div { margin: 0; }
.nnlib-pads > div:first-child { max-width: 20rem; }
.nnlib-pads .nnlib-plot { max-width: 18rem; }
@media (min-width: 600px) {
  .nnlib-pads { grid-template-columns: 15rem minmax(0, 1fr); }
  .nnlib-pads > div:first-child { grid-row: 1 / 3; max-width: none; }
}`;

class Digits {
  constructor(model, layers) {
    Object.assign(this, { model, layers, input: null, turn: {} });
    this.stages = stagesOf(this.layers).map(stage => ({ ...stage, mean: this.layers[stage.l].pooling === "mean" }));
    const { labels, images } = model.get("examples");
    this.samples = nested(Float32Array.from(bytes(images), v => v / 255), [labels.length, SIZE * SIZE]);
    this.run();
  }

  show(el) {
    this.ui = panel(this.model, el, { name: "draw_digit", keys: ["centre", "stage", "channel", "row", "column", "part", "drawing"],
      wide: true, code: () => this.code() });
    this.layOut();
    this.addControls();
    this.ui.draw(() => this.draw());
  }

  code() {
    const { s, k, at } = this.chosen(), { out } = this.stages[s], place = this.model.get("places")[out];
    const index = this.maps[s + 1][0].length > 1 || this.maps[s + 1][0][0].length > 1 ? [k, ...at] : [k];
    return "pad = draw_digit(model)   # in a notebook of your own: draw, then\n" +
      `model[:${place + 1}](pad.image)[0, ${index.join(", ")}]   # ${this.nameOf(s, k, at)}\n` +
      "softmax(model(pad.image)).round(3)";
  }

  last(s) { return s === this.stages.length - 1 && !this.stages[s].relu; }

  stageName(s) {
    const { kind, number, relu } = this.stages[s];
    if (this.last(s)) return _("the answers");
    if (kind === "conv") return relu ? _("convolution {k} and ReLU", { k: number }) : _("convolution {k}", { k: number });
    return kind === "pool" ? _("pooling {k}", { k: number }) : _("fully connected {k}", { k: number });
  }

  mapName(s, k) {
    if (s < 0) return _("the image");
    return this.last(s) ? _("digit {d}", { d: k }) : _("map {k} of {stage}", { k: k + 1, stage: this.stageName(s) });
  }

  nameOf(s, k, [i, j]) {
    const map = this.maps[s + 1][k];
    return map.length === 1 && map[0].length === 1 ? this.mapName(s, k)
      : _("{map}, row {i}, column {j}", { map: this.mapName(s, k), i: i + 1, j: j + 1 });
  }

  layOut() {
    const { ui, model } = this, part = (title, ...content) => html("div", {}, html("p", { class: "nnlib-caption" }, title), ...content);
    this.pad = new Pad(() => model.get("drawing"), drawing => ui.change({ drawing }));
    this.bars = Array.from({ length: 10 }, (__, d) => svg("rect", { x: 24, y: 4 + 19 * d, height: 14 }));
    this.numbers = this.bars.map((__, d) => svg("text", { class: "nnlib-tick", y: 15 + 19 * d }));
    this.chart = svg("svg", { class: "nnlib-plot", viewBox: "0 0 240 196", role: "img" }, ...this.bars, ...this.numbers,
      ...this.bars.map((__, d) => svg("text", { class: "nnlib-label", x: 8, y: 15 + 19 * d }, String(d))));
    this.clock = html("p", { class: "nnlib-caption nnlib-time" });
    this.tools = html("div", { class: "nnlib-foot", style: "align-items:center" });
    this.told = html("p", { class: "nnlib-caption", "aria-hidden": "true" });
    this.flow = new Flow(this.levels(), {
      choose: (t, k, at) => this.choose(t - 1, k, at),
      hover: cell => this.point(cell && { s: cell[0] - 1, k: cell[1], at: cell[2] }),
    });
    this.arithmetic = new Arithmetic(at => { const { s, k } = this.chosen(); this.choose(s, k, at); }, c => ui.change({ part: c + 1 }));
    ui.picture.append(look(), html("style", {}, STYLE + FLOW_STYLE + ARITHMETIC_STYLE), html("div", { class: "nnlib-pads" },
      part(_("draw here (keys: arrows, space)"), this.pad.node), part(_("how sure it is"), this.chart, this.clock), this.tools),
    this.flow.node, this.told, this.arithmetic.node);
  }

  levels() {
    return this.maps.map((level, t) => {
      const s = t - 1, size = { n: level.length, height: level[0].length, width: level[0][0].length };
      if (t === 0) return { caption: _("what the network sees"), names: [_("what the network sees")], side: SIZE };
      const answers = this.last(s), vector = size.height * size.width === 1;
      return { kind: this.stages[s].kind, side: size.height, answers,
        caption: answers ? _("fully connected and softmax: the answers") : vector ? this.stageName(s)
          : _("{kind}: {n} maps of {height} × {width}", { kind: this.stageName(s), ...size }),
        names: level.map((unused, k) => answers ? _("answer {d}", { d: k }) : _("feature map {n}", { n: k + 1 })) };
    });
  }

  addControls() {
    const { ui, model, tools } = this, { labels } = model.get("examples");
    ui.select("stage", { label: _("layer"), also: stage => this.freshIn(stage - 1),
      options: Object.fromEntries(this.stages.map((unused, s) => [s + 1, this.stageName(s)])) });
    this.channel = ui.slider("channel", { label: _("its map number"), min: 1, max: 8 });
    ui.select("centre", { label: _("before the network"), options: { yes: _("centre and scale the drawing, as in MNIST"),
      no: _("leave it where it is") } });
    const last = (axis, value) => { // of the rows or columns of the chosen map
      const map = this.maps[this.chosen().s + 1][0];
      return clamp(Math.round(value), 0, axis ? map[0].length : map.length);
    };
    ui.accept("row", value => last(0, value));
    ui.accept("column", value => last(1, value));
    ui.accept("part", value => clamp(Math.round(value), 0, this.maps[this.chosen().s].length));
    ui.button(_("Clear"), () => ui.change({ drawing: Array(SIZE * SIZE).fill(0) }), tools);
    tools.append(html("span", {}, _("or a test digit:")));
    for (const d of [...new Set(labels)].sort())
      ui.button(String(d), () => this.next(d), tools).setAttribute("aria-label", _("a test digit {d}", { d }));
    if (model.get("misread").length) ui.button(_("one it misreads"), () => this.next("misread"), tools);
  }

  // What is chosen in a layer at first: the strongest cell; of the answers that which is given.
  freshIn(s) {
    const scores = lastOf(this.outputs);
    return { stage: s + 1, row: 0, column: 0, part: 0, ...this.last(s) ? { channel: scores.indexOf(Math.max(...scores)) + 1 } : {} };
  }

  // Another example of this digit, or of those that the network misreads, each time.
  next(d) {
    const misread = this.model.get("misread"), { labels } = this.model.get("examples");
    const all = d === "misread" ? misread : labels.flatMap((label, k) => label === d && !misread.includes(k) ? [k] : []);
    this.turn[d] = (this.turn[d] ?? -1) + 1;
    this.ui.change({ drawing: Array.from(this.samples[all[this.turn[d] % all.length]], v => +v.toFixed(2)) });
  }

  // The network runs only when its input changed.
  run() {
    const { model } = this, now = model.get("centre") + model.get("drawing");
    if (now === this.input) return false;
    this.input = now;
    this.drawing = nested(Float64Array.from(model.get("drawing")), [SIZE, SIZE]);
    const start = performance.now(), image = model.get("centre") === "yes" ? centred(this.drawing) : this.drawing;
    this.outputs = forward(this.layers, [image]);
    this.milliseconds = performance.now() - start;
    this.maps = mapsOf(this.stages, this.outputs, image);
    return true;
  }

  paintAll() {
    const tops = this.model.get("tops"), p = softmax(lastOf(this.outputs));
    this.model.set("pixels", [...flatten(this.maps[0][0])]);
    paint(this.pad.canvas, this.drawing, ink);
    this.maps.forEach((level, t) => level.forEach((map, k) => { // one scale for each drawing: a blank page looks blank
      const canvas = this.flow.canvases[t][k];
      if (t === 0) paint(canvas, map, ink);
      else if (this.last(t - 1)) paint(canvas, [[p[k]]], strength);
      else paint(canvas, map, v => strength(v / tops[this.stages[t - 1].out]));
    }));
    this.flow.labels.forEach((label, d) => { label.textContent = `${d}\n${(100 * p[d]).toFixed(0)} %`; });
    this.showAnswers(p);
  }

  showAnswers(p) {
    p.forEach((share, d) => {
      set(this.bars[d], { width: 160 * share + 0.5, fill: share === Math.max(...p) ? colors.prediction : colors.muted });
      set(this.numbers[d], { x: 30 + 160 * share });
      this.numbers[d].textContent = `${(100 * share).toFixed(1)} %`;
    });
    set(this.chart, { "aria-label": _("probabilities: {list}", {
      list: p.map((v, d) => _("{d}: {share} percent", { d, share: (100 * v).toFixed(1) })).join(_(", ")) }) });
    this.clock.textContent = _("computed in {time} ms", { time: this.milliseconds.toFixed(1) });
    Object.assign(this.ui.root.dataset, { milliseconds: this.milliseconds, scores: JSON.stringify([...lastOf(this.outputs)]) });
  }

  // The chosen cell: row and column 0 stand for the strongest of its map.
  chosen() {
    const { model } = this, s = clamp(Math.round(+model.get("stage")), 1, this.stages.length) - 1, level = this.maps[s + 1];
    const k = clamp(Math.round(model.get("channel")), 1, level.length) - 1, map = level[k];
    const [row, column] = [model.get("row"), model.get("column")], free = row < 1 || column < 1;
    return { s, k, free, at: free ? strongest(map) : [clamp(row, 1, map.length) - 1, clamp(column, 1, map[0].length) - 1] };
  }

  choose(s, k, [i, j]) {
    this.ui.change({ stage: s + 1, channel: k + 1, row: i + 1, column: j + 1, part: 0 });
  }

  // What this cell saw: in the flow, and in a line below it.
  point(cell) {
    const { s, k, at, free } = cell ?? this.chosen(), { layers, stages, maps } = this;
    const value = maps[s + 1][k][at[0]][at[1]], boxes = seen(layers, stages, maps, s, at);
    const steps = path(layers, stages, maps, s, k, at), [[top, bottom], [left, right]] = boxes[0];
    const dead = free && value <= 0 && !this.last(s); // nothing is its strongest cell
    this.flow.show(...dead ? [] : [steps, boxes]);
    this.told.textContent = cell ? _("{cell}: {value}; it sees rows {top} to {bottom}, columns {left} to {right} of the image", {
      cell: this.nameOf(s, k, at), value: short(value), top: Math.max(top, 0) + 1, bottom: Math.min(bottom, SIZE - 1) + 1,
      left: Math.max(left, 0) + 1, right: Math.min(right, SIZE - 1) + 1 })
      : _("Point at a cell: frames show what it saw, lines what added (blue) and took away (orange) most. Click: its arithmetic.");
    return { dead, value, sum: steps[0].sum, height: bottom - top + 1, width: right - left + 1 };
  }

  draw() {
    const { model, ui } = this;
    if (this.run() || !this.painted) this.paintAll();
    this.painted = true;
    const { s, k, at } = this.chosen(), { dead, value, sum, height, width } = this.point();
    this.channel.max = this.maps[s + 1].length;
    this.channel.value = k + 1;
    this.flow.at = [s + 1, k, at];
    const parts = sum.parts ?? [1], part = model.get("part") || parts.indexOf(Math.max(...parts)) + 1;
    this.arithmetic.show({ name: this.mapName(s, k), map: this.maps[s + 1][k], at, sum, stage: this.stages[s],
      part: clamp(Math.round(part), 1, parts.length) - 1, top: model.get("tops")[this.stages[s].out],
      scores: this.last(s) && lastOf(this.outputs), naming: c => this.mapName(s - 1, c) });
    const p = softmax(lastOf(this.outputs)), best = p.indexOf(Math.max(...p));
    ui.say(...model.get("drawing").some(v => v > 0.1) ? [] : [_("Nothing is drawn: even then the network gives an answer.")],
      [_("answer"), String(best)], [_("probability"), `${(100 * p[best]).toFixed(1)} %`],
      [this.nameOf(s, k, at), dead ? _("0: it answers nowhere") : short(value)],
      [_("it sees"), _("{height} × {width} pixels", { height, width })]);
  }
}

async function render({ model, el }) {
  const layers = [];
  for (const layer of model.get("layers")) {
    layers.push(...unpacked([layer]));
    if (layer.W !== undefined) await pause();
  }
  const digits = new Digits(model, layers);
  await pause();
  digits.show(el);
}

export default { render };
