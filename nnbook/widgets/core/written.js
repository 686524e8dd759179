// More ways to write numbers, for the widgets that need them.
import { format, minus } from "./numbers.js";

// With this many decimals: fixed(-0.5, 2) -> "−0.50"; withSign(0.5, 2) -> "+0.50".
export const fixed = (x, decimals) => minus(x.toFixed(decimals));
export const withSign = (x, decimals) => `${x < 0 ? "" : "+"}${fixed(x, decimals)}`;

// A number for a narrow cell: 0.0625 -> ".0625", −1.5 -> "−1.5".
export const short = x => minus(+x.toPrecision(3)).replace(/^(−?)0\./, "$1.");

// lower("w12") -> "w₁₂".
export const lower = text => String(text).replace(/[0-9]/g, c => "₀₁₂₃₄₅₆₇₈₉"[c]);

// Within a formula a negative number stands in brackets: bracketed(-0.5) -> "(−0.5)"; products of weights and values.
export const bracketed = value => value < 0 ? `(${format(value, 3)})` : format(value, 3);
export const terms = (weights, values) => weights.map((w, k) => `${bracketed(w)}·${bracketed(values[k])}`);
