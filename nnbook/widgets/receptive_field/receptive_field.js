// What one number of the last map sees of each map before it and of the picture, for layers of a reader's choice.
import { panel } from "../core/panel.js";
import { html, set } from "../core/elements.js";
import { clamp } from "../core/numbers.js";
import { bytes, framed, look, nested, paint, pixelAt, strength } from "../core/pixels.js";
import { LAYERS, formula, paths, sides, span } from "./field_numbers.js";
import { _ } from "../core/language.js";

const DEPTH = 5;
const TITLES = { conv3: _("convolution 3 × 3"), conv5: _("convolution 5 × 5"), strided: _("convolution 3 × 3, stride 2"),
  pool2: _("pooling 2 × 2"), pool3: _("pooling 3 × 3"), none: _("none") };
const CODE = { conv3: "Conv2d(1, 1, 3, rng=rng)", conv5: "Conv2d(1, 1, 5, rng=rng)", strided: "Conv2d(1, 1, 3, stride=2, rng=rng)",
  pool2: "AvgPool2d(2)", pool3: "AvgPool2d(3)" };
const STYLE = `
.nnlib-fieldmaps { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 0.6rem 0.9rem; align-items: end; }
.nnlib-widget .nnlib-fieldmaps .nnlib-caption { font-size: 0.75rem; line-height: 1.25; white-space: pre-line; }`;

function render({ model, el }) {
  const side = model.get("side"), picture = nested(Float32Array.from(bytes(model.get("pixels")), v => v / 255), [side, side]);
  const keys = Array.from({ length: DEPTH }, (__, k) => `layer${k + 1}`), names = () => keys.map(key => model.get(key)).filter(name => LAYERS[name]);
  const ui = panel(model, el, { name: "receptive_field", keys: [...keys, "row", "column"], code: () =>
    `layers = [${names().map(name => CODE[name]).join(",\n          ")}]\nsees(*layers, size=${side})   # by backpropagation` });
  const place = key => clamp(Math.round(model.get(key)), 0, +slider[key].max), slider = {};
  keys.forEach((key, k) => ui.select(key, { label: _("layer {k}", { k: k + 1 }), options: TITLES }));
  for (const [key, label] of [["row", _("output, row")], ["column", _("output, column")]])
    slider[key] = ui.slider(key, { label, min: 0, max: side - 1, play: key === "column" && 500, show: v => String(v + 1) });
  const maps = Array.from({ length: DEPTH + 1 }, () => {
    const canvas = html("canvas", { class: "nnlib-canvas nnlib-ink", role: "img" }), caption = html("p", { class: "nnlib-caption" });
    const { node, place: put } = framed(canvas);
    return { canvas, caption, put, node: html("div", {}, caption, node) };
  });
  const sum = html("p", { class: "nnlib-sum" });
  ui.picture.append(look(), html("style", {}, STYLE), html("div", { class: "nnlib-fieldmaps" }, ...maps.map(({ node }) => node)), sum);

  // A click on any map chooses the output that sees this place in the middle of its window.
  let seen = { all: [side], layers: [] };
  maps.forEach(({ canvas }, level) => canvas.addEventListener("click", event => {
    const [x, y] = pixelAt(canvas, event), { all, layers } = seen, { field, step } = formula(layers.slice(level));
    const to = v => clamp(Math.round((v - field / 2) / step), 0, all[all.length - 1] - 1);
    ui.change({ row: to(y), column: to(x) });
  }));

  ui.draw(() => {
    const chosen = names(), wanted = chosen.map(name => LAYERS[name]), all = sides(wanted, side), fit = all.length - 1;
    const layers = wanted.slice(0, fit), most = all[fit] - 1, { field, step, text } = formula(layers);
    seen = { all, layers };
    for (const key of ["row", "column"]) {
      slider[key].max = most;
      slider[key].value = model.get(key);
    }
    const rows = paths(layers, all, place("row")), columns = paths(layers, all, place("column"));
    maps.forEach(({ node, canvas, caption, put }, level) => {
      node.hidden = level > fit;
      if (level > fit) return;
      const [r, c] = [rows[level], columns[level]], top = Math.max(...r) * Math.max(...c), [window] = [span(r)[1]];
      paint(canvas, r.map((a, i) => c.map((b, j) => [a * b / top, level ? 0 : picture[i][j]])),
        ([share, dark]) => strength(0.75 * share).map(v => v * (1 - 0.85 * dark)));
      put(span(r)[0], span(c)[0], window, window);
      caption.textContent = `${level ? TITLES[chosen[level - 1]] : _("picture")}\n${all[level]} × ${all[level]}`.replace(/ × /g, "\u00a0×\u00a0");
      set(canvas, { "aria-label": _("{caption}, a window of {window} × {window} from row {row}, column {column}", {
        caption: caption.textContent, window, row: span(r)[0] + 1, column: span(c)[0] + 1 }) });
    });
    sum.textContent = _("receptive field = {formula}", { formula: text });
    const counted = span(rows[0])[1];
    ui.say([_("the frame in the picture"), _("{n} × {n} pixels", { n: counted })], [_("formula"), String(field)],
      [_("the next output sees a window further by"), String(step)],
      ...fit < chosen.length ? [_("{layer} does not fit any more.", { layer: TITLES[chosen[fit]] })] : []);
  });
}

export default { render };
