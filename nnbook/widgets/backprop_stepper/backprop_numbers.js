// The 2-2-1 network with sigmoids and L = ½(y − a₃)²: values forward, gradients backward, one step of gradient descent.
// What backprop_stepper.py computes with nnlib, for the numbers that a reader types.

export const TRAINED = ["w1", "w2", "w3", "w4", "w5", "w6", "b1", "b2", "b3"];
const sigmoid = z => 1 / (1 + Math.exp(-z));

// All values from n = { x1, x2, y, w1 … w6, b1 … b3 }; nudge: { name: by how much this one is larger }.
export function forward(n, nudge = {}) {
  const v = {}, put = (name, value) => { v[name] = value + (nudge[name] ?? 0); };
  for (const [name, value] of Object.entries(n)) put(name, value);
  put("z1", v.w1 * v.x1 + v.w3 * v.x2 + v.b1);
  put("z2", v.w2 * v.x1 + v.w4 * v.x2 + v.b2);
  put("a1", sigmoid(v.z1));
  put("a2", sigmoid(v.z2));
  put("z3", v.w5 * v.a1 + v.w6 * v.a2 + v.b3);
  put("a3", sigmoid(v.z3));
  v.L = (v.y - v.a3) ** 2 / 2;
  for (const name of ["z1", "z2", "z3"]) v[name] = +v[name].toFixed(15); // 0.3·2 − 0.4 − 0.2 is 0, not −5.6e−17
  return v;
}

// ∂L/∂(each value) from the values of `forward`.
export function backward(v) {
  const g = { a3: v.a3 - v.y };
  g.z3 = g.a3 * v.a3 * (1 - v.a3);
  Object.assign(g, { w5: g.z3 * v.a1, w6: g.z3 * v.a2, b3: g.z3, a1: g.z3 * v.w5, a2: g.z3 * v.w6 });
  g.z1 = g.a1 * v.a1 * (1 - v.a1);
  g.z2 = g.a2 * v.a2 * (1 - v.a2);
  return Object.assign(g, { w1: g.z1 * v.x1, w3: g.z1 * v.x2, w2: g.z2 * v.x1, w4: g.z2 * v.x2, b1: g.z1, b2: g.z2,
    x1: g.z1 * v.w1 + g.z2 * v.w2, x2: g.z1 * v.w3 + g.z2 * v.w4 });
}

// Central difference of the loss.
export const difference = (n, name, step = 1e-5) =>
  (forward(n, { [name]: step }).L - forward(n, { [name]: -step }).L) / (2 * step);

// One step of gradient descent: the new numbers, and by how much L should fall (as the slope says) and does fall.
export function descend(n, lr) {
  const v = forward(n), g = backward(v), now = { ...n };
  for (const name of TRAINED) now[name] = n[name] - lr * g[name];
  return { now, predicted: lr * TRAINED.reduce((sum, name) => sum + g[name] ** 2, 0), actual: v.L - forward(now).L };
}
