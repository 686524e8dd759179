// A run of the playground without its picture: the points, the start weights, the steps, the nnlib code that repeats it.
import { MLP, SGD, Adam, activations, initial, losses, random } from "../core/network.js";

const [sigmoid] = activations.sigmoid;
export const REGRESSION = ["plane", "hills"];

// What the network may be given of a point.
export const FEATURES = { x1: p => p[0], x2: p => p[1], x1x1: p => p[0] ** 2, x2x2: p => p[1] ** 2, x1x2: p => p[0] * p[1],
  sin1: p => Math.sin(Math.PI * p[0]), sin2: p => Math.sin(Math.PI * p[1]) };

// { x: [[x1, x2], …], y: [[0], [1], …] }, the same points as in playground.py
export function dataset(name, noise, seed, n = 200) {
  const next = random(seed), x = [], y = [];
  for (let k = 0; k < n; k++) {
    let u = next(), v = next(), point, label = k % 2;
    if (name === "xor") {
      const side = u < 0.5 ? 1 : -1;
      u = Math.abs(2 * u - 1);
      point = [side * (0.1 + 0.9 * u), side * (0.1 + 0.9 * v) * (label ? -1 : 1)];
    } else if (name === "gauss") {
      const far = Math.sqrt(-2 * Math.log(1 - u)) * 0.25, middle = label ? 0.45 : -0.45;
      point = [middle + far * Math.cos(2 * Math.PI * v), middle + far * Math.sin(2 * Math.PI * v)];
    } else if (REGRESSION.includes(name)) {
      point = [2 * u - 1, 2 * v - 1];
      label = name === "plane" ? (point[0] + point[1]) / 2 : FEATURES.sin1(point) * FEATURES.sin2(point);
    } else {
      const circles = name === "circles";
      const radius = !circles ? 0.1 + 0.9 * u : label ? 0.5 * Math.sqrt(u) : 0.75 + 0.25 * u;
      const angle = circles ? 2 * Math.PI * v : 3 * Math.PI * u + Math.PI * label;
      point = [radius * Math.cos(angle), radius * Math.sin(angle)];
    }
    const spread = noise * Math.sqrt(-2 * Math.log(1 - next())), turn = 2 * Math.PI * next();
    x.push([point[0] + spread * Math.cos(turn), point[1] + spread * Math.sin(turn)]);
    y.push([label]);
  }
  return { x, y };
}

// Of 400 points `share` percent to train on, the rest to test on.
export function split(name, noise, share) {
  const [one, two] = [dataset(name, noise, 1), dataset(name, noise, 2)], n = 4 * share;
  const [x, y] = [[...one.x, ...two.x], [...one.y, ...two.y]];
  return [{ x: x.slice(0, n), y: y.slice(0, n) }, { x: x.slice(n), y: y.slice(n) }];
}

// The rows 0 … n − 1 as epoch number `epoch` takes them.
export function shuffled(n, epoch) {
  const next = random(epoch + 1), order = Array.from({ length: n }, (_, k) => k);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

// The features that a text names, in their own order; x1 and x2 if it names none.
export function readFeatures(text) {
  const asked = text.split(/\s+/), found = Object.keys(FEATURES).filter(name => asked.includes(name));
  return found.length ? found : ["x1", "x2"];
}

export const readPoints = text => text.split(";").map(p => p.trim().split(/\s+/).map(Number))
  .filter(p => p.length === 3 && p.every(Number.isFinite) && (p[2] === 0 || p[2] === 1));

export const writePoints = points => points.map(p => p.map(v => +v.toFixed(3)).join(" ")).join("; ");

export const readHidden = text => text.split(/\s+/).filter(Boolean).map(Number).slice(0, 4)
  .map(n => Math.min(8, Math.max(1, Math.round(n) || 1)));

// [[W, b], …] as text for an address, every digit of it: the sizes, then the numbers in base 64.
export function writeWeights(list) {
  if (!list?.length) return "";
  const numbers = Float64Array.from(list.flat(3)), bytes = new Uint8Array(numbers.buffer);
  const sizes = [list[0][0][0].length, ...list.map(([, b]) => b.length)].join("-");
  return `${sizes}.${btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join("")).replaceAll("+", "-").replaceAll("/", "_")}`;
}

// The same back; null for a text that is not whole.
export function readWeights(text) {
  if (!text.includes(".")) return null;
  const [head, body] = text.split("."), sizes = head.split("-").map(Number);
  const count = sizes.slice(1).reduce((sum, n, l) => sum + n * (sizes[l] + 1), 0);
  let bytes;
  try { bytes = Uint8Array.from(atob(body.replaceAll("-", "+").replaceAll("_", "/")), c => c.charCodeAt(0)); } catch { return null; }
  if (bytes.length !== 8 * count) return null;
  const numbers = [...new Float64Array(bytes.buffer)], take = n => numbers.splice(0, n);
  if (!numbers.every(Number.isFinite)) return null;
  return sizes.slice(1).map((n, l) => [Array.from({ length: n }, () => take(sizes[l])), take(n)]);
}

export class Run {
  constructor(settings) {
    this.settings = settings;
    this.load();
    this.restart();
  }

  // The points: generated ones with 200 more to test on, or the reader's own.
  load() {
    const { dataset: name, noise, points, share } = this.settings;
    this.regression = REGRESSION.includes(name);
    if (name === "own") {
      const own = readPoints(points);
      this.data = { x: own.map(p => p.slice(0, 2)), y: own.map(p => [p[2]]) };
      this.test = null;
    } else [this.data, this.test] = split(name, noise, share);
    this.order = [];
  }

  // What the network gets of these points.
  inputs(points) {
    if (this.features.join() === "x1,x2") return points;
    const columns = this.features.map(name => FEATURES[name]);
    return points.map(point => columns.map(column => column(point)));
  }

  // The outputs for points; what they say: a probability, or a number.
  forward(points) { return this.network.forward(this.inputs(points)); }

  answer(output) { return this.regression ? output : sigmoid(output); }

  restart() {
    const { hidden, activation, seed, features } = this.settings;
    this.features = readFeatures(features);
    this.sizes = [this.features.length, ...readHidden(hidden), 1];
    this.network = new MLP(initial(this.sizes, random(seed)), activation === "none" ? "identity" : activation);
    [this.done, this.base, this.start, this.curve, this.every] = [0, 0, null, [], 1];
    this.begin();
  }

  begin() {
    const { optimizer, lr } = this.settings, parameters = this.network.parameters();
    this.optimizer = optimizer === "adam" ? new Adam(parameters, { lr })
      : new SGD(parameters, { lr, momentum: optimizer === "momentum" ? 0.9 : 0 });
  }

  // [[W, b], …] as nnlib has them
  get weights() {
    return this.network.layers.map(({ W, b }) => [W.map(row => [...row]), [...b]]);
  }

  set weights(list) {
    this.network.layers.forEach(({ W, b }, l) => {
      W.forEach((row, i) => row.set(list[l][0][i]));
      b.set(list[l][1]);
    });
  }

  // Are these weights for a network of this shape?
  fits(list) {
    return list.length === this.sizes.length - 1 && list.every(([W, b], l) => W?.length === this.sizes[l + 1]
      && b?.length === W.length && W.every(row => row.length === this.sizes[l]));
  }

  // Weights from a link or from Python: the run goes on from there.
  restore(list, steps) {
    this.weights = list;
    [this.done, this.curve, this.every] = [steps, [], 1];
    this.change();
  }

  // All weights and biases 0: the units of a layer stay alike for good.
  zero() {
    this.restart();
    this.weights = this.weights.map(([W, b]) => [W.map(row => row.map(() => 0)), b.map(() => 0)]);
    this.change();
  }

  // Settings or weights were changed by hand: from here on the run goes on from these weights, with a new optimizer.
  change(settings = {}) {
    Object.assign(this.settings, settings);
    if ("points" in settings) this.load();
    this.order = [];
    [this.base, this.start] = [this.done, this.weights];
    this.begin();
  }

  // Up to `steps` steps; false if the loss has become infinite, in which case nothing is updated.
  step(steps) {
    for (; steps > 0 && this.data.y.length; steps--) {
      const batch = this.batch(), loss = this.gradient(batch);
      if (!Number.isFinite(loss)) return false;
      this.note(batch === this.data ? () => loss : () => this.measure().loss);
      this.penalise();
      this.optimizer.step();
      this.done++;
    }
    return true;
  }

  // The points of the next step, as batches() in playground.py deals them out.
  batch() {
    const { x, y } = this.data, size = this.settings.batch || y.length, each = Math.ceil(y.length / size);
    if (each < 2) return this.data;
    const part = this.done % each;
    if (!part || !this.order.length) this.order = shuffled(y.length, Math.floor(this.done / each));
    const rows = this.order.slice(part * size, (part + 1) * size);
    return { x: rows.map(k => x[k]), y: rows.map(k => y[k]) };
  }

  // Fills the gradients of the loss over these points, without the penalty; returns the loss.
  gradient({ x, y } = this.data) {
    const { value, delta } = this.loss(this.forward(x), y);
    this.network.backward(delta);
    return value;
  }

  get loss() { return this.regression ? losses.mse : losses.bce; }

  penalise() {
    const { penalty, strength } = this.settings;
    if (penalty === "none") return;
    for (const { W, dW } of this.network.layers)
      dW.forEach((row, i) => row.forEach((_, j) => {
        row[j] += strength * (penalty === "l2" ? W[i][j] : Math.sign(W[i][j]));
      }));
  }

  // The loss curve, thinned out to at most 400 places.
  note(loss) {
    if (this.done % this.every) return;
    this.curve.push([this.done, loss(), this.test ? this.measure(this.test).loss : NaN]);
    if (this.curve.length > 400) {
      this.every *= 2;
      this.curve = this.curve.filter(([step]) => step % this.every === 0);
    }
  }

  measure({ x, y } = this.data) {
    const outputs = this.forward(x);
    return { loss: this.loss(outputs, y).value, right: y.filter(([label], k) => (outputs[k][0] > 0) === (label > 0)).length };
  }

  code() {
    const { dataset: name, noise, points, activation, optimizer, lr, penalty, strength, seed, features, share, batch } = this.settings;
    const layer = { none: "", sigmoid: "Sigmoid", tanh: "Tanh", relu: "ReLU", leaky_relu: "LeakyReLU", swish: "Swish" };
    const { sizes } = this, last = sizes.length - 2, steps = this.done - this.base, parts = batch > 0 && batch < this.data.y.length;
    const own = name === "own" ? readPoints(points) : null, penal = penalty !== "none" && strength !== 0, loop = penal || parts;
    const loss = this.regression ? "MSELoss" : "BCEWithLogitsLoss", given = this.features.join(" ");
    const classes = [optimizer === "adam" ? "Adam" : "SGD", loss, "Linear", "Sequential",
      ...last && layer[activation] ? [layer[activation]] : [], ...this.regression ? [] : ["accuracy"],
      ...!loop && steps ? ["fit"] : []];
    const tools = [...parts && steps ? ["batches"] : [], ...own || share !== 50 ? [] : ["dataset"],
      ...given === "x1 x2" ? [] : ["inputs"], ...own || share === 50 ? [] : ["split"], ...this.start ? [] : ["start_weights"]];
    const rows = sizes.slice(1).map((n, l) =>
      `Linear(${sizes[l]}, ${n}, rng=rng)${l < last && layer[activation] ? `, ${layer[activation]}()` : ""}`);
    const make = { adam: `Adam(model, lr=${lr})`, sgd: `SGD(model, lr=${lr})`,
      momentum: `SGD(model, lr=${lr}, momentum=0.9)` }[optimizer];
    const place = l => (layer[activation] ? 2 * l : l), pair = parts ? "x[rows]), y[rows]" : "x), y";
    const lines = ["import numpy as np", "", `from nnlib import ${classes.join(", ")}`,
      ...tools.length ? [`from nnbook.widgets.playground.playground import ${tools.join(", ")}`] : [], "",
      ...own ? [`points = np.array(${JSON.stringify(own)})`, "x, y = points[:, :2], points[:, 2:]"]
        : [share === 50 ? `x, y = dataset("${name}", noise=${noise}, seed=1)`
          : `(x, y), test = split("${name}", noise=${noise}, share=${share})`],
      ...given === "x1 x2" ? [] : [`x = inputs(x, "${given}")`],
      "rng = np.random.default_rng(0)", `model = Sequential(${rows.join(", ")})`,
      ...this.start ? this.start.flatMap(([W, b], l) => [
        `model[${place(l)}].W[:] = ${JSON.stringify(W)}`, `model[${place(l)}].b[:] = ${JSON.stringify(b)}`])
        : [`start_weights(model, seed=${seed})`],
      `loss = ${loss}()`,
      ...!steps ? [] : !loop ? [`fit(model, (x, y), loss, ${make}, epochs=${steps})`] : [`optimizer = ${make}`,
        parts ? `for rows in batches(len(x), ${batch}, ${steps}, first=${this.base}):` : `for _ in range(${steps}):`,
        "    model.zero_grad()", `    loss(model(${pair})`, "    model.backward(loss.backward())",
        ...!penal ? [] : ["    for name, w, gradient in model.parameters():", '        if name.endswith("W"):',
          `            gradient += ${strength} * ${penalty === "l2" ? "w" : "np.sign(w)"}`], "    optimizer.step()"],
      this.regression ? 'print(f"loss {loss(model(x), y):.6f}")'
        : 'print(f"loss {loss(model(x), y):.6f}, right {accuracy((model(x) > 0) * 1, (y > 0) * 1):.1%}")'];
    return lines.join("\n") + "\n";
  }
}
