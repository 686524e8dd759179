// A window through the three channels of a picture; kernels three deep; one feature map for each kernel.
import { panel } from "../core/panel.js";
import { fields } from "../core/fields.js";
import { html, set } from "../core/elements.js";
import { clamp, format } from "../core/numbers.js";
import { short } from "../core/written.js";
import { conv2d } from "../core/network.js";
import { bytes, nested, paint, pixelAt, signed, framed, grid, look } from "../core/pixels.js";
import { _ } from "../core/language.js";

const COUNT = 4, SIZE = 3, CHANNELS = () => [_("red"), _("green"), _("blue")];
const STYLE = `
.nnlib-channels { display: grid; gap: 0.4rem 1.2rem; grid-template-columns: minmax(0, 13rem) minmax(0, 1fr); align-items: start; }
.nnlib-channels > div { min-width: 0; }
.nnlib-depth { display: grid; grid-template-columns: minmax(0, 6.7rem) auto minmax(0, 6.7rem) auto; gap: 0.3rem 0.6rem; align-items: center; justify-content: start; }
.nnlib-depth b { font-variant-numeric: tabular-nums; min-width: 4.2rem; white-space: nowrap; }
.nnlib-maps { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 0.5rem; margin-top: 0.6rem; }
.nnlib-widget .nnlib-maps button { display: block; padding: 0.2rem; min-width: 0; text-align: left; }
.nnlib-widget .nnlib-maps button[aria-pressed="true"] { outline: 2px solid var(--accent); }
@media (max-width: 600px) {
.nnlib-channels { grid-template-columns: minmax(0, 1fr); }
.nnlib-channels > div:first-child { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0.5rem; }
.nnlib-maps { grid-template-columns: repeat(2, minmax(0, 1fr)); }
}`;

// weights (flat) -> [kernel][channel][row][column].
export const kernelsOf = weights => nested(weights, [COUNT, 3, SIZE, SIZE]);

// The products of a window (channel, row, column) with a kernel, summed by channel.
export const sums = (window, kernel) => window.map((rows, k) =>
  rows.reduce((total, row, i) => total + row.reduce((part, value, j) => part + value * kernel[k][i][j], 0), 0));

// A canvas with a caption, and a frame of `size` pixels that goes where one clicks.
function movable(caption, size, go, kind = "") {
  const canvas = html("canvas", { class: `nnlib-canvas ${kind}`, role: "img", onclick: event => {
    const [x, y] = pixelAt(canvas, event);
    go(Math.floor(y - (size - 1) / 2), Math.floor(x - (size - 1) / 2));
  } });
  const { node, place } = framed(canvas);
  return { canvas, place: (row, column) => place(row, column, size, size),
    node: html("div", {}, html("p", { class: "nnlib-caption" }, caption), node) };
}

function code({ row, column, kernel }) {
  return `window = pixels[:, ${row}:${row + SIZE}, ${column}:${column + SIZE}]   # (3, 3, 3)\n` +
    `sums = (window * layer.W[${kernel}]).sum(axis=(1, 2))   # one for each channel\n` +
    `sums.sum() + layer.b[${kernel}]   # = layer(pixels[None])[0, ${kernel}, ${row}, ${column}]`;
}

class Channels {
  constructor(model, el) {
    const [, rows, columns] = model.get("shape");
    Object.assign(this, { model, size: [rows, columns] });
    this.pixels = nested(Float64Array.from(bytes(model.get("pixels")), v => v / 255), [3, rows, columns]);
    this.ui = panel(model, el, { name: "channel_stepper", keys: ["row", "column", "kernel", "weights", "bias"], wide: true,
      code: () => code({ row: model.get("row"), column: model.get("column"), kernel: model.get("kernel") }) });
    this.layOut();
    this.ui.select("kernel", { label: _("kernel"), also: k => ({ kernel: +k }), // a number in links, too
      options: Object.fromEntries(model.get("names").map((name, k) => [k, name])) });
    this.ui.slider("row", { label: _("row of the window"), min: 0, max: rows - SIZE });
    this.ui.slider("column", { label: _("column of the window"), min: 0, max: columns - SIZE, play: 120 });
    this.ui.draw(() => this.draw());
  }

  go(row, column) {
    const [rows, columns] = this.size;
    this.ui.change({ row: clamp(row, 0, rows - SIZE), column: clamp(column, 0, columns - SIZE) });
  }

  layOut() {
    const { model } = this, go = (row, column) => this.go(row, column);
    this.before = movable(_("the picture"), SIZE, go);
    this.after = movable(_("this kernel's map"), 1, go, "nnlib-ink");
    const depth = html("div", { class: "nnlib-depth" });
    this.layers = CHANNELS().map((channel, k) => {
      const window = grid(_("window, {channel}", { channel }), { name: () => "" }), total = html("b");
      const kernel = grid(_("kernel, {channel}", { channel }), {
        name: (i, j) => _("kernel, {channel}, row {i}, column {j}", { channel, i: i + 1, j: j + 1 }),
        change: (i, j, value) => this.edit(k, i, j, value) });
      depth.append(window.node, "×", kernel.node, total);
      return { window, kernel, total };
    });
    this.sum = html("p", { class: "nnlib-sum" });
    const biases = html("div", { class: "nnlib-fields" });
    fields(model, this.ui, "bias", [1, 2, 3, 4].map(k => _("bias {k}", { k })), biases, 9);
    this.buttons = model.get("names").map((name, k) => {
      const canvas = html("canvas", { class: "nnlib-canvas nnlib-ink" });
      const button = html("button", { type: "button", onclick: () => this.ui.change({ kernel: k }) }, canvas, name);
      return { button, canvas };
    });
    this.ui.picture.append(look(), html("style", {}, STYLE), html("div", { class: "nnlib-channels" },
      html("div", {}, this.before.node, this.after.node), html("div", {}, depth, this.sum, biases)),
    html("div", { class: "nnlib-maps" }, ...this.buttons.map(({ button }) => button)));
  }

  edit(k, i, j, value) {
    const { model } = this, list = [...model.get("weights")];
    list[((this.chosen() * 3 + k) * SIZE + i) * SIZE + j] = value;
    this.ui.change({ weights: list });
  }

  chosen() { return clamp(Math.round(+this.model.get("kernel")), 0, COUNT - 1); }

  draw() {
    const { model, pixels, size } = this, [rows, columns] = size, chosen = this.chosen();
    const row = clamp(model.get("row"), 0, rows - SIZE), column = clamp(model.get("column"), 0, columns - SIZE);
    const kernels = kernelsOf(model.get("weights")), bias = model.get("bias");
    const maps = conv2d(kernels, bias, pixels), window = pixels.map(image =>
      Array.from({ length: SIZE }, (unused, i) => Array.from(image[row + i].slice(column, column + SIZE))));
    const parts = sums(window, kernels[chosen]), out = maps[chosen][row][column];
    paint(this.before.canvas, pixels[0].map((line, i) => Array.from(line, (unused, j) => [i, j])),
      ([i, j]) => pixels.map(image => 255 * image[i][j]));
    set(this.before.canvas, { "aria-label": _("the colour picture, {columns} by {rows} pixels", { columns, rows }) });
    const show = (canvas, map) => {
      const largest = map.reduce((most, line) => line.reduce((m, v) => Math.max(m, Math.abs(v)), most), 1e-9);
      paint(canvas, map, v => signed(v / largest));
    };
    show(this.after.canvas, maps[chosen]);
    this.before.place(row, column);
    this.after.place(row, column);
    set(this.after.canvas, { "aria-label": _("the feature map of kernel {k}", { k: chosen + 1 }) });
    this.buttons.forEach(({ button, canvas }, k) => {
      show(canvas, maps[k]);
      set(button, { "aria-pressed": String(k === chosen) });
    });
    this.layers.forEach((layer, k) => {
      layer.window.update(window[k].map(line => line.map(v => +v.toFixed(2))));
      layer.kernel.update(kernels[chosen][k].map(line => Array.from(line, v => +v.toFixed(3))));
      layer.total.textContent = `= ${short(+parts[k].toFixed(3))}`;
    });
    this.sum.textContent = `${parts.map(v => short(+v.toFixed(3))).join(" + ")} + ${_("bias")} ${short(bias[chosen])} = ${short(+out.toFixed(3))}`
      .replace(/\+ −/g, "− ");
    this.ui.say([_("27 products, three sums and a bias give one number of this map"), format(out, 3)],
      _("Blue: above 0, orange: below 0. Four kernels give four maps."));
  }
}

const render = ({ model, el }) => { new Channels(model, el); };

export default { render };
