// The arithmetic of nnlib that widgets need in the browser; same shapes and conventions, tested against nnlib.
// Matrices are arrays of rows; weights come as Python hands them over (layer.W.tolist()).

const sigmoid = z => z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));

// [f, f′]; `p` is slope, alpha or beta.
export const activations = {
  identity: [z => z, () => 1],
  sigmoid: [sigmoid, z => sigmoid(z) * sigmoid(-z)],
  tanh: [Math.tanh, z => 1 - Math.tanh(z) ** 2],
  relu: [z => Math.max(z, 0), z => z > 0 ? 1 : 0],
  leaky_relu: [(z, p = 0.01) => z > 0 ? z : p * z, (z, p = 0.01) => z > 0 ? 1 : p],
  elu: [(z, p = 1) => z > 0 ? z : p * Math.expm1(z), (z, p = 1) => z > 0 ? 1 : p * Math.exp(z)],
  softplus: [z => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))), sigmoid],
  swish: [(z, p = 1) => z * sigmoid(p * z), (z, p = 1) => sigmoid(p * z) * (1 + p * z * sigmoid(-p * z))],
  step: [z => z >= 0 ? 1 : 0, () => 0],
  hard_sigmoid: [z => Math.min(1, Math.max(0, z / 6 + 0.5)), z => Math.abs(z) < 3 ? 1 / 6 : 0],
};

export const zeros = (...shape) => shape.length === 1 ? new Float64Array(shape[0])
  : Array.from({ length: shape[0] }, () => zeros(...shape.slice(1)));

export function dot(a, b) {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

// z = W a + b for one example a.
export function affine(W, b, a) {
  const z = new Float64Array(b.length); // Float64Array.from(b, …) would take several times as long
  for (let k = 0; k < z.length; k++) z[k] = b[k] + dot(W[k], a);
  return z;
}

// A batch A (N, n_in) -> (N, n_out); W (n_out, n_in), b (n_out).
export const dense = (W, b, A) => A.map(a => affine(W, b, a));

export function softmax(z) {
  const top = Math.max(...z), e = Array.from(z, v => Math.exp(v - top)), sum = e.reduce((s, v) => s + v);
  return e.map(v => v / sum);
}

// One image x (C_in, H, W) -> (C_out, H', W'); weights W (C_out, C_in, K, K), b (C_out). Cross-correlation, as in nnlib.
// padding: a number, or "same" (odd K, stride 1). One weight at a time over a whole row: 1.4 times quicker than one output
// at a time, and 3 times on the first call.
export function conv2d(W, b, x, { stride = 1, padding = 0 } = {}) {
  const K = W[0][0].length, pad = padding === "same" ? (K - 1) / 2 : padding, inside = x.map(image => padded(image, pad));
  const [rows, columns] = [inside[0].length, inside[0][0].length].map(n => Math.floor((n - K) / stride) + 1);
  return W.map((kernels, out) => Array.from({ length: rows }, (_, i) => {
    const sums = new Float64Array(columns).fill(b[out]);
    for (let c = 0; c < kernels.length; c++)
      for (let u = 0; u < K; u++) {
        const row = inside[c][i * stride + u];
        for (let v = 0; v < K; v++) addScaled(sums, kernels[c][u][v], row, v, stride);
      }
    return sums;
  }));
}

function addScaled(sums, weight, row, start, stride) {
  for (let j = 0, k = start; j < sums.length; j++, k += stride) sums[j] += weight * row[k];
}

// An image with `pad` rings of zeros, rows as typed arrays.
function padded(image, pad) {
  const width = image[0].length + 2 * pad, empty = new Float64Array(width);
  const rows = image.map(row => { const wide = new Float64Array(width); wide.set(row, pad); return wide; });
  return [...Array(pad).fill(empty), ...rows, ...Array(pad).fill(empty)];
}

// One image (C, H, W) -> (C, H', W'); kind "max" or "mean".
export function pool2d(x, size, stride = size, kind = "max") {
  return x.map(channel => {
    const rows = Math.floor((channel.length - size) / stride) + 1;
    const columns = Math.floor((channel[0].length - size) / stride) + 1;
    return Array.from({ length: rows }, (_, i) => {
      const result = new Float64Array(columns).fill(kind === "max" ? -Infinity : 0);
      for (let u = 0; u < size; u++) {
        const row = channel[i * stride + u];
        for (let j = 0; j < columns; j++)
          for (let v = 0; v < size; v++) {
            const value = row[j * stride + v];
            if (kind !== "max") result[j] += value / size ** 2;
            else if (value > result[j]) result[j] = value;
          }
      }
      return result;
    });
  });
}

// Element-wise on nested arrays.
export const map = (x, f) => typeof x[0] === "number" ? Float64Array.from(x, v => f(v)) : x.map(row => map(row, f));
export const flatten = x => typeof x[0] === "number" ? [...x] : [...x].flatMap(flatten);

// One sequence x (T, D) -> states (T, H). U (H, D), W (H, H), b (H).
export function rnn({ U, W, b }, x, h = zeros(b.length)) {
  return x.map(input => h = affine(U, b, input).map((z, k) => Math.tanh(z + dot(W[k], h))));
}

// As rnn; rows of U, W, b are those of the gates i, f, g, o. Returns { states, cells }.
export function lstm({ U, W, b }, x, h = zeros(b.length / 4), c = zeros(b.length / 4)) {
  const H = h.length, states = [], cells = [];
  for (const input of x) {
    const z = affine(U, b, input).map((v, k) => v + dot(W[k], h));
    c = c.map((old, k) => sigmoid(z[H + k]) * old + sigmoid(z[k]) * Math.tanh(z[2 * H + k]));
    h = c.map((cell, k) => sigmoid(z[3 * H + k]) * Math.tanh(cell));
    states.push(h);
    cells.push(c);
  }
  return { states, cells };
}

// As rnn; rows of U, W, b are those of r, u, n.
export function gru({ U, W, b }, x, h = zeros(b.length / 3)) {
  const H = h.length;
  return x.map(input => {
    const z = affine(U, b, input), Wh = W.map(row => dot(row, h));
    return h = h.map((old, k) => {
      const r = sigmoid(z[k] + Wh[k]), u = sigmoid(z[H + k] + Wh[H + k]);
      return (1 - u) * Math.tanh(z[2 * H + k] + r * Wh[2 * H + k]) + u * old;
    });
  });
}

// Losses: (outputs (N, K), targets) => { value, delta } with delta = ∂L/∂outputs, means as in nnlib.
export const losses = {
  mse: (outputs, targets) => mean(outputs, (p, n, k) => [(p - targets[n][k]) ** 2, 2 * (p - targets[n][k])]),
  bce: (logits, targets) => mean(logits, (z, n, k) => [
    Math.max(z, 0) - z * targets[n][k] + Math.log1p(Math.exp(-Math.abs(z))), sigmoid(z) - targets[n][k]]),
  cross_entropy(logits, labels) { // labels (N) integers
    let value = 0;
    const delta = logits.map((z, n) => {
      const p = softmax(z), top = Math.max(...z);
      value += Math.log(z.reduce((s, v) => s + Math.exp(v - top), 0)) - (z[labels[n]] - top);
      return p.map((v, k) => (v - (k === labels[n])) / logits.length);
    });
    return { value: value / logits.length, delta };
  },
};

function mean(outputs, entry) {
  const count = outputs.length * outputs[0].length;
  let value = 0;
  const delta = outputs.map((row, n) => Float64Array.from(row, (p, k) => {
    const [loss, slope] = entry(p, n, k);
    value += loss / count;
    return slope / count;
  }));
  return { value, delta };
}

// Weights as nnlib draws them: uniform in ±1/√n_in. random: a function like random(seed).
export const initial = (sizes, random) => sizes.slice(1).map((n, l) => {
  const draw = () => (2 * random() - 1) / Math.sqrt(sizes[l]);
  return { W: Array.from({ length: n }, () => Float64Array.from({ length: sizes[l] }, draw)),
    b: Float64Array.from({ length: n }, draw) };
});

// Uniform numbers in [0, 1) from a seed (mulberry32).
export function random(seed) {
  return () => {
    seed = seed + 0x6D2B79F5 | 0;
    let t = Math.imul(seed ^ seed >>> 15, 1 | seed);
    t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
    return ((t ^ t >>> 14) >>> 0) / 4294967296;
  };
}

// Multilayer perceptron: layers [{ W, b }, …], one activation between them, none after the last.
export class MLP {
  constructor(layers, activation = "tanh") {
    [this.f, this.slope] = activations[activation];
    this.layers = layers.map(({ W, b }) => ({ W: W.map(row => Float64Array.from(row)), b: Float64Array.from(b),
      dW: zeros(W.length, W[0].length), db: zeros(b.length) }));
  }

  // X (N, n_in) -> outputs (N, n_out); keeps a and z of every layer.
  forward(X) {
    this.a = [X];
    this.z = [];
    this.layers.forEach(({ W, b }, l) => {
      const z = dense(W, b, this.a[l]);
      this.z.push(z);
      this.a.push(l === this.layers.length - 1 ? z : z.map(row => row.map(v => this.f(v))));
    });
    return this.a[this.a.length - 1];
  }

  // delta = ∂L/∂outputs (N, n_out): sets dW, db; returns ∂L/∂X.
  backward(delta) {
    for (let l = this.layers.length - 1; l >= 0; l--) {
      const { W, dW, db } = this.layers[l], below = this.a[l];
      dW.forEach(row => row.fill(0));
      db.fill(0);
      const passed = delta.map((d, n) => {
        const back = zeros(W[0].length);
        W.forEach((row, i) => {
          const slopes = dW[i], a = below[n];
          db[i] += d[i];
          for (let j = 0; j < back.length; j++) {
            slopes[j] += d[i] * a[j];
            back[j] += d[i] * row[j];
          }
        });
        return back;
      });
      delta = l === 0 ? passed : passed.map((row, n) => row.map((v, j) => v * this.slope(this.z[l - 1][n][j])));
    }
    return delta;
  }

  // [[values, gradient], …], each a row of numbers
  parameters() {
    return this.layers.flatMap(({ W, b, dW, db }) => [...W.map((row, i) => [row, dW[i]]), [b, db]]);
  }
}

// Optimizers over parameters [[values, gradient], …], as nnlib's.
export class SGD {
  constructor(parameters, { lr, momentum = 0 }) {
    Object.assign(this, { parameters, lr, momentum, velocity: parameters.map(([w]) => zeros(w.length)) });
  }

  step() {
    this.parameters.forEach(([w, g], n) => {
      const v = this.velocity[n];
      for (let k = 0; k < w.length; k++) {
        v[k] = this.momentum * v[k] + g[k];
        w[k] -= this.lr * v[k];
      }
    });
  }
}

export class Adam {
  constructor(parameters, { lr = 1e-3, betas = [0.9, 0.999], eps = 1e-8 }) {
    Object.assign(this, { parameters, lr, betas, eps, steps: 0 });
    [this.m, this.v] = [0, 0].map(() => parameters.map(([w]) => zeros(w.length)));
  }

  step() {
    const [beta1, beta2] = this.betas;
    this.steps++;
    const rate = this.lr / (1 - beta1 ** this.steps), root = Math.sqrt(1 - beta2 ** this.steps);
    this.parameters.forEach(([w, g], n) => {
      const m = this.m[n], v = this.v[n];
      for (let k = 0; k < w.length; k++) {
        m[k] += (1 - beta1) * (g[k] - m[k]);
        v[k] += (1 - beta2) * (g[k] * g[k] - v[k]);
        w[k] -= rate * m[k] / (Math.sqrt(v[k]) / root + this.eps);
      }
    });
  }
}
