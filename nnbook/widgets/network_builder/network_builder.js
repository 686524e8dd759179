// N × (M convolutions + pooling) + K fully connected layers: shapes, weights, work and receptive field of each layer.
import { panel } from "../core/panel.js";
import { html, svg, set } from "../core/elements.js";
import { colors } from "../../palette.js";
import { look } from "../core/pixels.js";
import { lastOf } from "../core/numbers.js";
import { _ } from "../core/language.js";

// Rows { name, shape, parameters, work, field } of the network, until nothing is left of the image.
export function build({ size, colours: c, N, M, kernel, channels, padding, pooling, K, hidden, classes }) {
  const rows = [{ name: _("input"), shape: [c, size, size], parameters: 0, work: 0, field: 1, kind: "input" }];
  let n = size, field = 1, jump = 1, wide = channels;
  const add = (kind, name, shape, parameters, work, code) => rows.push({ kind, name, shape, parameters, work, field, code });
  const pad = padding === "same" ? (kernel - 1) / 2 : 0;
  for (let block = 0; block < N; block++) {
    for (let m = 0; m < M; m++) {
      n = n + 2 * pad - kernel + 1;
      if (n < 1) return { rows, broken: _("convolution {m} of block {block}", { m: m + 1, block: block + 1 }) };
      field += (kernel - 1) * jump;
      add("conv", _("convolution {k} × {k}", { k: kernel }), [wide, n, n], wide * (c * kernel ** 2 + 1),
        wide * n * n * c * kernel ** 2, `Conv2d(${c}, ${wide}, ${kernel}${pad ? ', padding="same"' : ""}, rng=rng), ReLU(),`);
      c = wide;
    }
    if (pooling !== "none") {
      n = Math.floor(n / 2);
      if (n < 1) return { rows, broken: _("the pooling of block {block}", { block: block + 1 }) };
      field += jump;
      jump *= 2;
      add("pool", pooling === "max" ? _("max-pooling 2 × 2") : _("average-pooling 2 × 2"), [c, n, n], 0, 0, pooling === "max" ? "MaxPool2d(2)," : "AvgPool2d(2),");
    }
    if (block < N - 1) wide *= 2;
  }
  field = Infinity; // a fully connected layer sees everything
  let features = c * n * n;
  lastOf(rows).flat = features;
  for (let k = 0; k < K; k++) {
    const out = k < K - 1 ? hidden : classes;
    add("linear", _("fully connected"), [out], out * (features + 1), out * features,
      `${k ? "" : "Flatten(), "}Linear(${features}, ${out}, rng=rng)${k < K - 1 ? ", ReLU()" : ""},`);
    features = out;
  }
  return { rows };
}

// Nested state -> arguments of build.
const KEYS = ["size", "colours", "N", "M", "kernel", "channels", "padding", "pooling", "K", "hidden"];

function render({ model, el }) {
  const state = () => ({ ...Object.fromEntries(KEYS.map(key => [key, model.get(key)])),
    kernel: +model.get("kernel"), classes: model.get("classes") });
  const ui = panel(model, el, { name: "network_builder", keys: KEYS, wide: true, code: () =>
    `model = Sequential(\n${build(state()).rows.filter(r => r.code).map(r => `    ${r.code}\n`).join("")})\n` +
    `summary(model, (${model.get("colours")}, ${model.get("size")}, ${model.get("size")}))` });
  const drawing = html("div", { style: "overflow-x:auto", tabindex: 0, role: "group", "aria-label": _("the network as boxes") });
  const body = html("tbody");
  const table = html("div", { style: "overflow-x:auto", tabindex: 0, role: "group", "aria-label": _("layers") },
    html("table", { class: "nnlib-layers" }, html("thead", {}, html("tr", {},
      ...[_("layer"), _("output"), _("parameters"), _("multiply-adds"), _("receptive field")].map(t => html("th", { scope: "col" }, t)))), body));
  const style = html("style", {}, `.nnlib-layers { border-collapse: collapse; font-size: 0.85rem; width: 100%; }
.nnlib-layers th, .nnlib-layers td { padding: 0.15rem 0.6rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--edge); background: transparent; color: var(--text); }
.nnlib-layers th:first-child, .nnlib-layers td:first-child { text-align: left; }
.nnlib-layers td.nnlib-share { background: linear-gradient(to left, var(--share-colour) var(--share), transparent var(--share)); }
.nnlib-layers tr:last-child td { font-weight: 600; }
@media (min-width: 600px) {
  [data-nnlib-widget="network_builder"] .nnlib-controls { display: grid; max-width: none; column-gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); }
}`);
  const legend = html("p", { class: "nnlib-legend" }, ...Object.entries({ [_("convolution")]: colors.prediction,
    [_("pooling")]: colors.class1, [_("fully connected")]: colors.gradient }).flatMap(([text, colour]) => [
    html("span", { class: "nnlib-ink", style: `display:inline-block;width:0.8em;height:0.8em;margin-right:0.4em;background:${colour}` }),
    html("span", { style: "margin-right:1.2em" }, text)]),
    _("Above a box the side of the image, below it the number of channels or neurons."));
  ui.picture.append(look(), style, drawing, legend, table);
  ui.slider("size", { label: _("image size"), values: [8, 28, 32, 64, 128, 224] });
  ui.slider("colours", { label: _("input channels"), values: [1, 3] });
  ui.slider("N", { label: _("N blocks"), min: 1, max: 5 });
  ui.slider("M", { label: _("M convolutions in a block"), min: 1, max: 5 });
  ui.select("pooling", { label: _("pooling after a block"), options: { max: _("max, 2 × 2"), average: _("average, 2 × 2"), none: _("none") } });
  ui.slider("channels", { label: _("kernels in the first block"), values: [4, 8, 16, 32, 64] });
  ui.slider("K", { label: _("K fully connected"), min: 1, max: 3 });
  ui.slider("hidden", { label: _("neurons in hidden ones"), values: [16, 32, 64, 128, 256, 512, 1024, 4096] });
  ui.select("kernel", { label: _("kernel"), options: { 1: "1 × 1", 3: "3 × 3", 5: "5 × 5", 7: "7 × 7" } });
  ui.select("padding", { label: _("padding"), options: { same: _("same: keep the size"), none: _("none") } });

  ui.draw(() => {
    const { rows, broken } = build(state()), whole = x => String(x).replace(/\B(?=(\d{3})+$)/g, ",");
    const size = model.get("size"), sum = key => rows.reduce((s, r) => s + r[key], 0);
    const share = (value, all, colour) => html("td", { class: "nnlib-share",
      style: `--share:${100 * value / all}%;--share-colour:${colour}66` }, whole(value)); // a bar: its part of the whole
    const line = ({ name, shape, parameters, work, field }) => html("tr", {}, html("td", {}, name),
      html("td", {}, shape.join(" × ")), share(parameters, sum("parameters"), colors.class1),
      share(work, sum("work"), colors.sky),
      html("td", {}, field === Infinity ? _("all")
        : field > size ? _("{field} × {field} (> image)", { field }) : `${field} × ${field}`));
    body.replaceChildren(...rows.map(line), html("tr", {}, ...[_("total"), "", whole(sum("parameters")), whole(sum("work")), ""]
      .map(t => html("td", {}, t))));
    drawing.replaceChildren(blocks(rows, size));
    const field = lastOf(rows.filter(r => r.field !== Infinity)).field;
    ui.say(...broken ? [_("Too deep: nothing is left of the image at {place}.", { place: broken })] : [],
      [_("parameters"), whole(sum("parameters"))], [_("multiply-adds"), whole(sum("work"))],
      [_("receptive field before the fully connected part"), `${field} × ${field}`]);
  });
}

// One box a layer: as high as the image, as wide as the number of channels (both on a scale of roots).
function blocks(rows, size) {
  const colour = { input: colors.muted, conv: colors.prediction, pool: colors.class1, linear: colors.gradient };
  const node = svg("svg", { class: "nnlib-plot", role: "img",
    "aria-label": _("{n} layers, from {first} to {last}", {
      n: rows.length - 1, first: rows[0].shape.join(" × "), last: lastOf(rows).shape.join(" × ") }) });
  let x = 4;
  for (const { kind, shape } of rows) {
    const image = shape.length === 3, height = image ? 16 + 84 * Math.sqrt(shape[1] / size) : 60;
    const width = image ? 5 + 1.5 * Math.sqrt(shape[0]) : 8, place = Math.max(width, 30), middle = x + place / 2;
    const label = (y, text) => svg("text", { class: "nnlib-tick", x: middle, y, "text-anchor": "middle" }, String(text));
    node.append(svg("rect", { x: middle - width / 2, y: 66 - height / 2, width, height, fill: colour[kind], opacity: 0.85 }),
      label(130, shape[0]), ...image ? [label(60 - height / 2, shape[1])] : []);
    x += place + 6;
  }
  set(node, { viewBox: `0 0 ${x} 134`, style: `width:${x}px;max-width:none` }); // a long network is moved sideways
  return node;
}

export default { render };
