// What many layers with random weights do to a signal on its way forward and to a gradient on its way back.
// activation_gallery.py computes the same with nnlib; a test compares them.
import { activations, random, softmax } from "../core/network.js";

export const WIDTH = 64;
export const BATCH = 32;

const drawn = new Map();

// `count` numbers of a standard normal distribution (Box and Muller), the same for the same seed.
export function normals(seed, count) {
  const key = `${seed} ${count}`;
  if (!drawn.has(key)) {
    const uniform = random(seed);
    drawn.set(key, Float64Array.from({ length: count }, () =>
      Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())));
  }
  return drawn.get(key);
}

// [f, f′] of one number, for the picture: softmax with the scores (z, 0, 0), SwiGLU with b = 1.
export function curves(name, parameter) {
  if (name === "softmax") {
    const f = z => softmax([z, 0, 0])[0];
    return [f, z => f(z) * (1 - f(z))];
  }
  return activations[name === "swiglu" ? "swish" : name].map(f => z => f(z, parameter));
}

// rows (BATCH, WIDTH), W (WIDTH, WIDTH), all flat: scale · rows Wᵀ, or scale · rows W if `back`. Four rows of W at a time
// and no scaled copy of W: a third less time.
function times(rows, W, scale, back) {
  const result = new Float64Array(BATCH * WIDTH);
  for (let n = 0; n < BATCH * WIDTH; n += WIDTH)
    for (let j = 0; j < WIDTH; j += 4) {
      const w = j * WIDTH, at = n + j;
      let a = 0, b = 0, c = 0, d = 0;
      if (back) {
        a = scale * rows[at]; b = scale * rows[at + 1]; c = scale * rows[at + 2]; d = scale * rows[at + 3];
        for (let k = 0; k < WIDTH; k++)
          result[n + k] += a * W[w + k] + b * W[w + WIDTH + k] + c * W[w + 2 * WIDTH + k] + d * W[w + 3 * WIDTH + k];
        continue;
      }
      for (let k = 0; k < WIDTH; k++) {
        const r = rows[n + k];
        a += r * W[w + k]; b += r * W[w + WIDTH + k]; c += r * W[w + 2 * WIDTH + k]; d += r * W[w + 3 * WIDTH + k];
      }
      result[at] = scale * a; result[at + 1] = scale * b; result[at + 2] = scale * c; result[at + 3] = scale * d;
    }
  return result;
}

// Forward and backward of an activation: z (and b of SwiGLU) -> { a, slope, back(delta) -> deltas of z (and b) }.
function activate(name, parameter, z, b) {
  if (name === "softmax") {
    const a = new Float64Array(z.length);
    for (let n = 0; n < z.length; n += WIDTH) a.set(softmax(z.subarray(n, n + WIDTH)), n);
    return { a, slope: a.map(p => p * (1 - p)), back: delta => {
      const result = new Float64Array(z.length);
      for (let n = 0; n < z.length; n += WIDTH) {
        let sum = 0;
        for (let k = n; k < n + WIDTH; k++) sum += delta[k] * a[k];
        for (let k = n; k < n + WIDTH; k++) result[k] = a[k] * (delta[k] - sum);
      }
      return [result];
    } };
  }
  const [f, slopeOf] = curves(name, parameter), value = z.map(f), slope = z.map(slopeOf);
  if (!b) return { a: value, slope, back: delta => [delta.map((d, k) => d * slope[k])] };
  return { a: value.map((v, k) => v * b[k]), slope: slope.map((s, k) => Math.abs(s * b[k]) + Math.abs(value[k])),
    back: delta => [delta.map((d, k) => d * slope[k] * b[k]), delta.map((d, k) => d * value[k])] };
}

export const weights = (layer, part) => normals(layer + 1000 * part, WIDTH * WIDTH);

function meanAndSpread(values) {
  const mean = values.reduce((s, v) => s + v, 0) / values.length;
  return [mean, Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / values.length)];
}

// Units whose slope is below 0.001 for every input: they learn nothing. A slope that overflowed (NaN) is not small.
function countDead(slope) {
  let dead = 0;
  for (let j = 0; j < WIDTH; j++) {
    let alive = false;
    for (let n = j; n < slope.length; n += WIDTH) alive ||= !(Math.abs(slope[n]) < 1e-3);
    dead += !alive;
  }
  return dead;
}

// `depth` layers with weights from N(0, gain²/WIDTH): { signal, gradient: [mean, spread] for each layer, dead }.
export function experiment(...question) {
  const work = layerByLayer(...question);
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

// The same for who does something else after each layer, forward and back.
export function* layerByLayer(name, parameter, gain, depth) {
  const parts = name === "swiglu" ? [0, 1] : [0], layers = [], scale = gain / Math.sqrt(WIDTH);
  let a = normals(2001, BATCH * WIDTH);
  for (let l = 1; l <= depth; l++) {
    const Ws = parts.map(part => weights(l, part));
    const layer = activate(name, parameter, ...Ws.map(W => times(a, W, scale)));
    layers.push({ ...layer, Ws });
    a = layer.a;
    yield;
  }
  let delta = normals(2002, BATCH * WIDTH);
  const gradient = [];
  for (const { back, Ws } of [...layers].reverse()) {
    gradient.unshift(meanAndSpread(delta));
    const rows = back(delta).map((d, part) => times(d, Ws[part], scale, true));
    delta = rows.length === 1 ? rows[0] : rows[0].map((d, k) => d + rows[1][k]);
    yield;
  }
  return { signal: layers.map(layer => meanAndSpread(layer.a)), gradient, dead: layers.map(l => countDead(l.slope)) };
}
