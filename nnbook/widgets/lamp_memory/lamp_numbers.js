// How strongly a state depends on each input: ‖∂h_t/∂x_k‖ as nnlib.sequences.sensitivity, for the presses of a reader.
import { dot } from "../rnn_stepper/rnn_numbers.js";

// h (T, H), t from 0 -> the norm for k = 0 … t. ∂h_t/∂x_k = D_t W ⋯ D_{k+1} W D_k U with D_j = diag(1 − h_j²).
export function lookingBack(h, t, { U, W }) {
  const columns = matrix => matrix[0].map((__, j) => matrix.map(row => row[j])), [inputs, states] = [U, W].map(columns);
  const norms = new Array(t + 1);
  let product = W.map((__, i) => W.map((unused, j) => +(i === j)));
  for (let k = t; k >= 0; k--) {
    const bent = product.map(row => row.map((v, j) => v * (1 - h[k][j] ** 2)));
    norms[k] = Math.hypot(...bent.flatMap(row => inputs.map(column => dot(row, column))));
    product = bent.map(row => states.map(column => dot(row, column)));
  }
  return norms;
}
