// One unit of an LSTM or a GRU, step by step, and each step written out: what gate_stepper.py computes with nnlib, for
// the biases, inputs and first states that a reader chooses.
import { format } from "../core/numbers.js";
import { activations } from "../core/network.js";
import { bracketed, lower, terms } from "../core/written.js";
import { dot } from "../rnn_stepper/rnn_numbers.js";

export const GATES = { LSTM: ["i", "f", "n", "q"], GRU: ["r", "u", "n"] }; // rows of U, W, b as in nnlib, where q is o

const [sigmoid] = activations.sigmoid;

// xs (T, 2), start { c, h } -> at each step its gates by name, c and h (of a GRU h alone), and the old ones.
export function forward(kind, xs, start, { U, W, b }) {
  const steps = [];
  for (const x of xs) {
    const old = steps.length ? steps[steps.length - 1] : start;
    const given = k => dot(U[k], x) + b[k], all = k => given(k) + W[k][0] * old.h;
    if (kind === "LSTM") {
      const [i, f, q] = [0, 1, 3].map(k => sigmoid(all(k))), n = Math.tanh(all(2)), c = f * old.c + i * n;
      steps.push({ i, f, n, q, c, h: q * Math.tanh(c), old });
    } else {
      const [r, u] = [0, 1].map(k => sigmoid(all(k))), n = Math.tanh(given(2) + r * W[2][0] * old.h);
      steps.push({ r, u, n, h: (1 - u) * n + u * old.h, old });
    }
  }
  return steps;
}

// The share of what step `from` wrote that the direct path has left at step t: the product of f, or of u, since then.
export const left = (kind, steps, from, t) =>
  steps.slice(from + 1, t + 1).reduce((share, step) => share * step[kind === "LSTM" ? "f" : "u"], 1);

// What stands before the result of each line at time t (from 0): [[name, formula, numbers, value], …].
export function written(kind, t, xs, steps, { U, W, b }) {
  const step = steps[t], { old } = step, [now, before] = [lower(t + 1), lower(t)];
  const real = (weights, values) => terms(weights.filter(Boolean), values.filter((v, k) => weights[k])); // 0 · x tells nothing
  const plain = k => [...real(U[k], xs[t]), ...real(W[k], [old.h]), ...b[k] ? [bracketed(b[k])] : []].join(" + ") || "0";
  const short = v => format(v, 3), N = name => bracketed(step[name]);
  const gate = name => [name, "", `σ(${plain(GATES[kind].indexOf(name))})`, step[name]];
  if (kind === "LSTM") return [gate("i"), gate("f"), ["n", "", `tanh(${plain(2)})`, step.n], gate("q"),
    ["c", `f${now} · c${before} + i${now} · n${now}`, `${short(step.f)}·${bracketed(old.c)} + ${short(step.i)}·${N("n")}`, step.c],
    ["h", `q${now} · tanh(c${now})`, `${short(step.q)}·tanh(${short(step.c)})`, step.h]];
  const input = [...real(U[2], xs[t]), ...b[2] ? [bracketed(b[2])] : []], memory = `${short(step.r)}·${terms(W[2], [old.h])}`;
  return [gate("r"), gate("u"), ["n", "", `tanh(${[...input, memory].join(" + ")})`, step.n],
    ["h", `(1 − u${now}) · n${now} + u${now} · h${before}`,
      `${short(1 - step.u)}·${N("n")} + ${short(step.u)}·${bracketed(old.h)}`, step.h]];
}
