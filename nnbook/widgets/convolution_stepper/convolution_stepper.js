// A window that slides over an input: the products with the kernel and their sum, or the largest or the mean of the
// window, and how often each pixel is used.
import { panel } from "../core/panel.js";
import { html } from "../core/elements.js";
import { clamp } from "../core/numbers.js";
import { bracketed, short } from "../core/written.js";
import { conv2d } from "../core/network.js";
import { grid, look, paint, signed } from "../core/pixels.js";
import { _ } from "../core/language.js";

const FIELD = 9, LARGEST = 5; // the state holds this many rows; L and K say how many of them count

export const outputSize = (L, K, S, P) => Math.floor((L + 2 * P - K) / S) + 1;

// The upper left n × n numbers of a list that holds rows of `width`.
export const corner = (list, width, n) => Array.from({ length: n }, (__, i) => list.slice(i * width, i * width + n));

const flipped = rows => rows.map(row => [...row].reverse()).reverse();

export const POOLINGS = { "max-pooling": numbers => Math.max(...numbers),
  "average pooling": numbers => numbers.reduce((sum, v) => sum + v, 0) / numbers.length };

const windowAt = (padded, K, top, left) => padded.slice(top, top + K).map(row => row.slice(left, left + K));

// Everything that the state determines: the kernel as it is used, the padded input, the output (empty if the kernel
// does not fit), and in how many windows each pixel of the padded input stands. mode: a pooling uses the kernel's size.
export function convolve({ input, kernel, stride, padding, flip, mode }) {
  const used = flip ? flipped(kernel) : kernel, K = kernel.length, size = input.length + 2 * padding;
  const padded = Array.from({ length: size }, (__, i) => Array.from({ length: size }, (__, j) =>
    input[i - padding]?.[j - padding] ?? 0));
  const n = Math.max(0, outputSize(input.length, K, stride, padding));
  const pooled = POOLINGS[mode], places = Array.from({ length: n }, (__, k) => k * stride);
  const output = !n ? [] : pooled ? places.map(top => places.map(left => pooled(windowAt(padded, K, top, left).flat())))
    : conv2d([[used]], [0], [padded], { stride })[0].map(row => [...row]);
  const along = Array.from({ length: size }, (__, i) => {
    let windows = 0;
    for (let k = 0; k < n; k++) windows += k * stride <= i && i < k * stride + K;
    return windows;
  });
  return { used, padded, output, uses: along.map(a => along.map(b => a * b)) };
}

// How many pixels of the input, without its padding, stand in no window.
export const unseen = (uses, padding) => uses.slice(padding, uses.length - padding)
  .flatMap(row => row.slice(padding, row.length - padding)).filter(count => !count).length;

function code({ K, S, P, flip, mode, input, kernel }) {
  const matrix = rows => `[${rows.map(row => `[${row.join(", ")}]`).join(", ")}]`;
  if (POOLINGS[mode])
    return `x = np.array(${matrix(input)})\n${mode === "max-pooling" ? "Max" : "Avg"}Pool2d(${K}, stride=${S})(x[None, None])[0, 0]`;
  return `x = np.array(${matrix(input)})\nlayer = Conv2d(1, 1, ${K}, stride=${S}, padding=${P}, rng=rng)\n` +
    `layer.W[0, 0], layer.b[:] = ${matrix(flip ? flipped(kernel) : kernel)}, 0\nlayer(x[None, None])[0, 0]`;
}

// What is done with the numbers of a window, written out.
function written(mode, window, kernel) {
  const numbers = window.flat();
  if (mode === "max-pooling") return `max(${numbers.map(short).join(", ")})`;
  if (mode === "average pooling") return `(${numbers.map(v => bracketed(v)).join(" + ")}) / ${numbers.length}`;
  return kernel.flat().map((v, k) => `${short(numbers[k])}·${v < 0 ? `(${short(v)})` : short(v)}`).join(" + ");
}

// The controls below the slider of windows.
function controls(ui) {
  ui.slider("length", { label: _("input size L"), min: 3, max: FIELD });
  ui.slider("kernel_size", { label: _("kernel size K"), min: 1, max: LARGEST });
  ui.slider("stride", { label: _("stride S"), min: 1, max: 4 });
  const padding = ui.slider("padding", { label: _("padding P"), min: 0, max: 2 }).closest("label");
  ui.select("mode", { label: _("operation"), options: { "cross-correlation": _("cross-correlation (networks)"),
    convolution: _("convolution (kernel flipped)"), "max-pooling": _("max-pooling"), "average pooling": _("average pooling") } });
  ui.select("show", { label: _("in the input"), options: { numbers: _("numbers (edit them)"),
    uses: _("how often each pixel is used") } });
  return padding;
}

function render({ model, el }) {
  const whole = (key, low, high) => clamp(Math.round(model.get(key)), low, high); // a link may say anything
  const keys = ["length", "kernel_size", "stride", "padding", "mode", "show", "step", "input", "kernel"];
  const state = () => {
    const [L, K] = [whole("length", 3, FIELD), whole("kernel_size", 1, LARGEST)];
    const mode = model.get("mode"), P = POOLINGS[mode] ? 0 : whole("padding", 0, 2); // nnlib's pooling knows no padding
    return { L, K, S: whole("stride", 1, 4), P, mode, flip: mode === "convolution",
      input: corner(model.get("input"), FIELD, L), kernel: corner(model.get("kernel"), LARGEST, K) };
  };
  const ui = panel(model, el, { name: "convolution_stepper", keys, wide: true, code: () => code(state()) });
  const put = (key, width) => (i, j, value) => {
    const list = [...model.get(key)];
    list[i * width + j] = value;
    ui.change({ [key]: list });
  };
  const place = (what, i, j) => _("{what}, row {i}, column {j}", { what, i: i + 1, j: j + 1 });
  const edge = () => state().P;
  const input = grid(_("input"), { name: (i, j) => place(_("input"), i - edge(), j - edge()),
    change: (i, j, value) => {
      const { P: p, L: n } = state();
      if (i >= p && j >= p && i < n + p && j < n + p && model.get("show") === "numbers")
        put("input", FIELD)(i - p, j - p, value);
    } });
  const kernel = grid(_("kernel"), { name: (i, j) => place(_("kernel"), i, j), change: put("kernel", LARGEST) });
  const turned = grid(_("kernel, flipped"), { name: () => "" });
  const products = grid(_("window × kernel"), { name: () => "" });
  const output = grid(_("output"), { name: (i, j) => place(_("output"), i, j),
    pick: (i, j) => ui.change({ step: i * output.size + j }) });
  const sum = html("p", { class: "nnlib-sum" }), formula = html("p", { class: "nnlib-sum" });
  const image = html("canvas", { class: "nnlib-canvas nnlib-ink", style: "width:6.5rem", role: "img",
    "aria-label": _("the output so far as a picture: blue above 0, orange below") });
  const grids = html("div", { class: "nnlib-grids" }, ...[input, kernel, turned, products].map(g => g.node),
    html("div", { class: "nnlib-grid-box" }, output.node,
      html("div", { style: "margin-top:0.6rem" }, html("p", { class: "nnlib-caption" }, _("output as a picture")), image)));
  ui.picture.append(look(), grids, sum, formula);

  const step = ui.slider("step", { label: _("window"), min: 0, max: 1, play: 700, show: k => String(k + 1) });
  const padding = controls(ui);

  ui.draw(() => {
    const { L, K, S, P, flip, mode, input: x, kernel: w } = state(), pooled = POOLINGS[mode];
    const { used, padded, output: y, uses } = convolve({ input: x, kernel: w, stride: S, padding: P, flip, mode });
    const n = output.size = y.length, last = Math.max(0, n * n - 1), k = clamp(model.get("step"), 0, last);
    step.max = last;
    step.value = k;
    const r = n ? Math.floor(k / n) : -1, c = n ? k % n : -1, top = r * S, left = c * S;
    const inside = (i, j) => n && i >= top && i < top + K && j >= left && j < left + K;
    const border = (i, j) => i < P || j < P || i >= L + P || j >= L + P;
    input.caption(P ? _("input {L} × {L}, padded to {n} × {n}", { L, n: L + 2 * P }) : _("input {L} × {L}", { L }));
    const counting = model.get("show") === "uses", mostUsed = Math.max(1, ...uses.flat());
    input.update(counting ? uses : padded, (i, j) => [inside(i, j) && "in-window", border(i, j) && "padded",
      uses[i][j] ? counting && "shaded" : !border(i, j) && "lost"].filter(Boolean).join(" "), (i, j) => uses[i][j] / mostUsed);
    for (const cell of input.node.querySelectorAll("input"))
      cell.readOnly = cell.classList.contains("padded") || counting;
    padding.hidden = kernel.node.hidden = !!pooled;
    kernel.caption(_("kernel {K} × {K}", { K }));
    kernel.update(w);
    turned.node.hidden = !flip;
    turned.update(used);
    products.node.hidden = output.node.hidden = sum.hidden = image.parentNode.hidden = !n;
    const lost = unseen(uses, P), ratio = (L + 2 * P - K) / S;
    formula.textContent = n ? _("output size = ⌊(L + 2P − K)/S⌋ + 1 = ⌊({L} + 2·{P} − {K})/{S}⌋ + 1 = ⌊{ratio}⌋ + 1 = {size}",
      { L, P, K, S, ratio: short(ratio), size: outputSize(L, K, S, P) })
      : pooled ? "" : _("The kernel, {K} wide, is larger than the padded input, {L} + 2·{P} = {n}.", { K, L, P, n: L + 2 * P });
    if (!n) return ui.say(_("No window fits."));
    const window = windowAt(padded, K, top, left);
    products.caption(pooled ? _("window") : _("window × kernel"));
    products.update(pooled ? window : used.map((row, i) => row.map((v, j) => +(v * window[i][j]).toFixed(6) + 0)),
      (i, j) => mode === "max-pooling" && window[i][j] === y[r][c] ? "now" : "");
    const most = Math.max(1e-9, ...y.flat().map(Math.abs));
    paint(image, y.map((row, i) => row.map((v, j) => i * n + j > k ? 0 : v / most)), signed);
    output.caption(_("output {n} × {n}", { n }));
    output.update(y, (i, j) => i * n + j === k ? "now" : i * n + j > k ? "later" : "");
    sum.textContent = `${written(mode, window, used)} = ${short(y[r][c])}`;
    ui.say([_("window"), _("{k} of {n}", { k: k + 1, n: n * n })], [pooled ? _("its number") : _("sum"), short(y[r][c])], [_("output"), `${n} × ${n}`],
      [_("pixels in no window"), String(lost)], [_("most used"), _("{n} times", { n: Math.max(...uses.flat()) })],
      ...counting ? [_("The input shows how often each pixel is used.")] : []);
  });
}

export default { render };
