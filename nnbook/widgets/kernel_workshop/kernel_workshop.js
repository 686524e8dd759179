// A kernel, a picture before and after it. The picture can be the reader's own; it never leaves the computer.
import { panel } from "../core/panel.js";
import { html, set } from "../core/elements.js";
import { clamp } from "../core/numbers.js";
import { fixed, short } from "../core/written.js";
import { conv2d } from "../core/network.js";
import { bytes, nested, paint, pixelAt, light, signed, framed, grid, look } from "../core/pixels.js";
import { pause } from "../core/pause.js";
import { _ } from "../core/language.js";

const SIZE = 5, LARGEST = 256; // kernels are stored as 5 × 5; pictures are reduced to this many pixels across

// A kernel of 9, as 25 numbers with a rim of zeros.
export const rimmed = nine => Array.from({ length: 25 }, (__, k) => {
  const i = Math.floor(k / 5) - 1, j = k % 5 - 1;
  return i >= 0 && i < 3 && j >= 0 && j < 3 ? nine[3 * i + j] : 0;
});

// The picture (rows of numbers) with the kernel (25 numbers) moved over it; what lies outside repeats the border.
export function filtered(picture, kernel) {
  const rows = picture.length, columns = picture[0].length;
  const wide = Array.from({ length: rows + 4 }, (__, i) => {
    const row = picture[clamp(i - 2, 0, rows - 1)], longer = new Float32Array(columns + 4);
    longer.set(row, 2);
    return longer.fill(row[0], 0, 2).fill(row[columns - 1], columns + 2);
  });
  return conv2d([[nested(kernel, [SIZE, SIZE])]], [0], [wide])[0];
}

// How an output number is shown, as [colour function, what to divide by].
export function display(kind, output) {
  if (kind === "grey") return [light, 1];
  let largest = 1e-9;
  const sample = [], apart = Math.ceil(output.length * output[0].length / 10000); // sorting all would take longest of all
  output.forEach((row, i) => row.forEach((v, j) => {
    largest = Math.max(largest, Math.abs(v));
    if ((i * row.length + j) % apart === 0) sample.push(Math.abs(v));
  }));
  if (kind === "size") return [v => light(Math.abs(v)), largest];
  const common = Float32Array.from(sample).sort()[Math.floor(0.99 * (sample.length - 1))];
  return [signed, Math.max(common, largest / 20)]; // a few outliers may be cut off
}

// `count` numbers with the spread of a normal distribution, always the same ones, so drawn once.
let drawn = new Float32Array(0);
function noise(count) {
  let seed = 1;
  const next = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
  if (drawn.length !== count) drawn = Float32Array.from({ length: count }, () =>
    Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()));
  return drawn;
}

async function readPicture(file) {
  const address = URL.createObjectURL(file), image = new Image();
  try {
    image.src = address;
    await image.decode();
    const scale = Math.min(1, LARGEST / Math.max(image.naturalWidth, image.naturalHeight));
    const [width, height] = [image.naturalWidth, image.naturalHeight].map(n => Math.max(8, Math.round(n * scale)));
    const context = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, height);
    context.drawImage(image, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    return nested(Float32Array.from({ length: width * height }, (__, k) =>
      (data[4 * k] + data[4 * k + 1] + data[4 * k + 2]) / 765), [height, width]);
  } finally {
    URL.revokeObjectURL(address);
  }
}

function code(kernel) {
  const rows = nested(kernel, [SIZE, SIZE]).map(row => `[${[...row].join(", ")}]`).join(", ");
  return `layer = Conv2d(1, 1, 5, rng=rng)\nlayer.W[0, 0], layer.b[:] = [${rows}], 0\n` +
    "wide = np.pad(photo.mean(axis=2) / 255, 2, mode=\"edge\")   # the border repeated\n" +
    "after = layer(wide[None, None])[0, 0]";
}

// The 5 × 5 numbers around one pixel; what lies outside repeats the border.
const around = (picture, r, c) => Array.from({ length: SIZE }, (__, i) => Array.from({ length: SIZE }, (__, j) =>
  picture[clamp(r + i - 2, 0, picture.length - 1)][clamp(c + j - 2, 0, picture[0].length - 1)]));

// All canvases hear clicks, the first one arrow keys, too; go(row, column) and by(rows, columns) move the window.
function movable(canvases, go, by) {
  for (const canvas of canvases)
    canvas.addEventListener("click", event => { const [x, y] = pixelAt(canvas, event); go(y - 0.5, x - 0.5); });
  set(canvases[0], { tabindex: 0, role: "application", "aria-roledescription": _("picture with a movable window"),
    onkeydown: event => {
      const [di, dj] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key] ?? [];
      if (di === undefined) return;
      event.preventDefault();
      const far = event.shiftKey ? 10 : 1;
      by(far * di, far * dj);
    } });
}

// The photograph, and what the kernel at the start makes of it.
async function prepared(model) {
  const given = nested(Float32Array.from(bytes(model.get("photo")), v => v / 255), model.get("shape"));
  await pause();
  const first = { kernel: model.get("kernel"), after: filtered(given, model.get("kernel")) };
  await pause();
  return { given, first };
}

async function render({ model, el }) {
  const presets = model.get("presets"), { given, first } = await prepared(model);
  let own = null;
  const keys = ["preset", "kernel", "noise", "view", "row", "column"];
  const ui = panel(model, el, { name: "kernel_workshop", keys, wide: true, code: () => code(model.get("kernel")) });
  const canvases = ["before", "after"].map(name => html("canvas", { class: "nnlib-canvas", role: "img" }));
  const frames = canvases.map(framed);
  const figures = frames.map(({ node }, k) => html("div", {},
    html("p", { class: "nnlib-caption" }, k ? _("after the kernel") : _("before: click or use the arrow keys")), node));
  const window = grid(_("the 5 × 5 window"), { name: () => "" });
  const kernel = grid(_("the kernel (edit it)"), { name: (i, j) => _("kernel, row {i}, column {j}", { i: i + 1, j: j + 1 }),
    change: (i, j, value) => {
      const list = [...model.get("kernel")];
      list[SIZE * i + j] = value;
      ui.change({ kernel: list, preset: "your own" });
    } });
  const sum = html("p", { class: "nnlib-sum" });
  ui.picture.append(look(), html("div", { class: "nnlib-photos" }, ...figures),
    html("div", { class: "nnlib-grids", style: "margin-top:0.75rem" }, kernel.node, window.node), sum);

  const options = { "your own": _("your own") };
  for (const [name, { title }] of Object.entries(presets)) options[name] = title;
  ui.select("preset", { label: _("kernel"), options, also: name => presets[name] ? {
    kernel: rimmed(presets[name].kernel), view: presets[name].view } : {} });
  ui.slider("noise", { label: _("noise added"), min: 0, max: 0.3, step: 0.02 });
  ui.select("view", { label: _("show numbers as"), options: { grey: _("0 black, 1 white"),
    signed: _("blue above 0, orange below 0"), size: _("size: 0 black, largest white") } });
  const message = html("span", { role: "status" });
  const file = html("input", { type: "file", accept: "image/*", style: "min-height:2rem;max-width:100%", onchange: () => open(file.files[0]) });
  ui.controls.append(html("label", { class: "nnlib-row", style: "display:block" },
    html("span", { class: "nnlib-name" }, _("a picture of your own (it stays on your computer) ")), file, " ", message));
  ui.button(_("Back to the photograph"), () => { own = null; file.value = ""; redraw(); }, ui.foot);

  async function open(chosen) {
    if (!chosen) return;
    try {
      own = await readPicture(chosen);
      message.textContent = "";
    } catch {
      message.textContent = _("This file cannot be read as a picture.");
    }
    redraw();
  }

  const picture = () => own ?? given;
  const go = (row, column) => ui.change({ row: clamp(Math.round(row), 0, picture().length - 1),
    column: clamp(Math.round(column), 0, picture()[0].length - 1) });
  movable(canvases, go, (rows, columns) => go(model.get("row") + rows, model.get("column") + columns));

  // The pictures are painted only if they changed: moving the window must be quick.
  let painted = "", before, after;
  function redraw() {
    const [rows, columns] = [picture().length, picture()[0].length], w = model.get("kernel"), view = model.get("view");
    const key = JSON.stringify([w, model.get("noise"), view, own && own.length, own === null]);
    if (key !== painted || own !== redraw.own) {
      const amount = model.get("noise"), random = amount && noise(rows * columns);
      before = amount ? picture().map((row, i) => row.map((v, j) => v + amount * random[i * columns + j])) : picture();
      after = before === given && w === first.kernel ? first.after : filtered(before, w);
      const [colour, largest] = display(view, after);
      paint(canvases[0], before, light);
      paint(canvases[1], after, v => colour(v / largest));
      canvases[1].classList.toggle("nnlib-ink", view === "signed"); // turned over in the dark: no photograph
      [painted, redraw.own] = [key, own];
      const kind = own ? _("your picture") : _("the photograph");
      set(canvases[0], { "aria-label": _("{kind} in grey, {columns} by {rows} pixels", { kind, columns, rows }) });
      set(canvases[1], { "aria-label": _("{kind} after the kernel “{kernel}”", { kind, kernel: options[model.get("preset")] }) });
    }
    const r = clamp(model.get("row"), 0, rows - 1), c = clamp(model.get("column"), 0, columns - 1);
    frames[0].place(r - 2, c - 2, SIZE, SIZE);
    frames[1].place(r, c, 1, 1);
    window.update(around(before, r, c).map(row => row.map(v => fixed(v, 2).replace(/^0\./, "."))));
    kernel.update(nested(w, [SIZE, SIZE]).map(row => [...row]));
    const total = w.reduce((s, v) => s + v, 0), out = after[r][c];
    sum.textContent = _("window × kernel, summed: {sum} (row {r}, column {c})", { sum: short(out), r: r + 1, c: c + 1 });
    ui.say([_("kernel"), options[model.get("preset")]], [_("sum of its numbers"), short(+total.toFixed(4))],
      [_("pixel before"), short(before[r][c])], [_("after"), short(out)]);
  }
  ui.draw(redraw);
}

export default { render };
