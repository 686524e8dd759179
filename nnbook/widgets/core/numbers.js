// Numbers: written for people, rounded for axes, kept within bounds.

import { _ } from "./language.js";

// 0.03125 -> "0.03125", 1234567 -> "1.23×10⁶", -1 -> "−1" with a true minus sign.
export function format(x, digits = 4) {
  if (typeof x !== "number") return String(x);
  if (Number.isNaN(x)) return _("not a number");
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  const size = Math.abs(x);
  if (size > 0 && (size >= 1e6 || size < 1e-4)) {
    const [mantissa, exponent] = x.toExponential(Math.min(digits, 3) - 1).split("e");
    return minus(`${+mantissa}×`) + tenTo(+exponent);
  }
  return minus(+x.toPrecision(digits));
}

export const minus = text => String(text).replace("-", "−");

// tenTo(-3) -> "10⁻³", tenTo(0) -> "1".
export const tenTo = k => +k !== 0 ? `10${[...String(k)].map(c => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] ?? "⁻").join("")}` : "1";

export const clamp = (x, low, high) => Math.min(high, Math.max(low, x));

// Round numbers between low and high, about `count` of them.
export function ticks(low, high, count = 5) {
  const raw = (high - low) / count, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map(k => k * power).find(k => k >= raw * 0.99);
  const result = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) result.push(k * step);
  return result;
}

export function nearest(values, value) {
  let best = 0;
  values.forEach((v, k) => { if (Math.abs(v - value) < Math.abs(values[best] - value)) best = k; });
  return best;
}

export const lastOf = list => list[list.length - 1];
