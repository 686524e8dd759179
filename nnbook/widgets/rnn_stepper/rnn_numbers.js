// h_t = tanh(U x_t + W h_{t−1} + b_a), o_t = σ(V h_t + b_y), and each step written out: what rnn_stepper.py computes
// with nnlib, for the inputs and the first state that a reader types.
import { format } from "../core/numbers.js";
import { bracketed, lower, terms } from "../core/written.js";

export const dot = (a, b) => a.reduce((sum, value, k) => sum + value * b[k], 0);

// xs (T, 2), h0 (2) -> { h (T, 2), o (T, 1) }.
export function forward(xs, h0, { U, W, V, b_a, b_y }) {
  const h = [], o = [];
  for (const x of xs) {
    const old = h.length ? h[h.length - 1] : h0;
    h.push(U.map((row, k) => Math.tanh(dot(row, x) + dot(W[k], old) + b_a[k])));
    o.push(V.map((row, k) => 1 / (1 + Math.exp(-dot(row, h[h.length - 1]) - b_y[k]))));
  }
  return { h, o };
}

const sum = (weights, values) => terms(weights, values).join(" + ");
const plus = bias => bias ? ` + ${bracketed(bias)}` : "";

// Formula and numbers of a step: of the state at time t (from 0), or of its output.
export function written(t, isOutput, xs, h0, weights, { h, o }) {
  const now = lower(t + 1), { U, W, V, b_a, b_y } = weights, old = t ? h[t - 1] : h0;
  if (isOutput) return { formula: `o${now} = σ(V h${now} + b_y)`,
    numbers: [`σ(${sum(V[0], h[t])}${plus(b_y[0])}) = ${format(o[t][0], 3)}`] };
  return { formula: `h${now} = tanh(U x${now} + W h${lower(t)} + b_a)`,
    numbers: h[t].map((value, k) => `tanh(${sum(U[k], xs[t])} + ${sum(W[k], old)}${plus(b_a[k])}) = ${format(value, 3)}`) };
}
