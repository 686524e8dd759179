// The layers of a network as a reader sees them: stages of maps; what a cell of one saw, and how its number came about.
import { flatten, softmax } from "../core/network.js";
import { lastOf } from "../core/numbers.js";

// Layers (packed_layers.js) -> [{ kind: "conv", "pool" or "linear", number: which of its kind, l: its layer,
// out: the layer whose output is shown (behind ReLU), relu }]
export function stagesOf(layers) {
  const stages = [], count = {};
  layers.forEach(({ kind }, l) => {
    if (kind === "relu") Object.assign(lastOf(stages), { out: l, relu: true });
    else if (kind !== "flatten") stages.push({ kind, number: count[kind] = (count[kind] ?? 0) + 1, l, out: l, relu: false });
  });
  return stages;
}

// The maps of each stage, the image first; numbers without a place are maps of one cell.
export const mapsOf = (stages, outputs, image) => [[image], ...stages.map(({ out }) =>
  typeof outputs[out][0] === "number" ? Array.from(outputs[out], v => [[v]]) : outputs[out])];

// Of `at` = [row, column] or of rows and columns [[first, last], [first, last]] what one layer before it is looked at.
// before: the maps there.
export function back({ kind, size, stride, padding = 0 }, box, before) {
  if (kind === "linear") return [[0, before[0].length - 1], [0, before[0][0].length - 1]];
  return box.map(([a, b]) => [a * stride - padding, b * stride - padding + size - 1]);
}

// Rows and columns of every map before stage s that its cell `at` sees, ends included: [image, stage 0, …, stage s].
export function seen(layers, stages, maps, s, at) {
  const boxes = [at.map(n => [n, n])];
  for (let t = s; t >= 0; t--) boxes.unshift(back(layers[stages[t].l], boxes[0], maps[t]));
  return boxes;
}

const cut = (map, [[top, bottom], [left, right]]) => Array.from({ length: bottom - top + 1 }, (__, i) =>
  Array.from({ length: right - left + 1 }, (unused, j) => map[top + i]?.[left + j] ?? 0));

// The kernel of map k, one part for each map before; a fully connected layer has one as large as those maps.
export function kernelOf({ kind, W }, k, before) {
  if (kind === "conv") return W[k];
  const [rows, columns] = [before[0].length, before[0][0].length], all = W[k];
  return before.map((unused, c) => Array.from({ length: rows }, (__, i) =>
    Array.from(all.slice((c * rows + i) * columns, (c * rows + i + 1) * columns))));
}

const dot = (a, b) => a.reduce((sum, row, i) => row.reduce((part, v, j) => part + v * b[i][j], sum), 0);

// How the number at `at` of map k of stage s came about: its windows, one for each map before it, and of a convolution
// the kernel, the sum of each part's products, the bias, and z before ReLU.
export function arithmetic(layers, stages, maps, s, k, at) {
  const stage = stages[s], layer = layers[stage.l], before = maps[s], value = maps[s + 1][k][at[0]][at[1]];
  const box = back(layer, at.map(n => [n, n]), before);
  if (stage.kind === "pool") return { from: [k], windows: [cut(before[k], box)], value };
  const kernel = kernelOf(layer, k, before), windows = before.map(map => cut(map, box));
  const parts = windows.map((rows, c) => dot(rows, kernel[c])), bias = layer.b[k];
  return { from: before.map((unused, c) => c), windows, kernel, parts, bias, value,
    z: parts.reduce((sum, part) => sum + part, bias) };
}

// Where in the windows the most came from: { c, at } in the maps before.
function source(layer, { from, windows, kernel }, at, before) {
  let best = { most: -Infinity };
  const [[top], [left]] = back(layer, at.map(n => [n, n]), before);
  windows.forEach((rows, n) => rows.forEach((row, i) => row.forEach((v, j) => {
    const most = kernel ? v * kernel[n][i][j] : v;
    if (most > best.most && before[from[n]][top + i]?.[left + j] !== undefined)
      best = { most, c: from[n], at: [top + i, left + j] };
  })));
  return best;
}

// The cell and, stage by stage back to the image, the cell that gave it most: [{ s, k, at, sum }, …], `sum` as
// arithmetic says.
export function path(layers, stages, maps, s, k, at) {
  const steps = [];
  for (let t = s; t >= 0; t--) {
    const sum = arithmetic(layers, stages, maps, t, k, at);
    steps.push({ s: t, k, at, sum });
    ({ c: k, at } = source(layers[stages[t].l], sum, at, maps[t]));
  }
  return steps;
}

export function strongest(image) {
  let best = [0, 0];
  image.forEach((row, i) => row.forEach((v, j) => { if (v > image[best[0]][best[1]]) best = [i, j]; }));
  return best;
}

// Of scores their powers e^(z − largest) and the shares of these.
export function shares(scores) {
  const z = flatten(scores), top = Math.max(...z);
  return { z, powers: z.map(v => Math.exp(v - top)), p: softmax(z) };
}
