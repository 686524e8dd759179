// The rules of formula.py, for the page. Errors have { kind: "unreadable" | "name", detail }.

import { halfWidth } from "../widgets/core/typed.js";
import { _ } from "../widgets/core/language.js";

const longest = 200, sigmoid = z => (1 + Math.tanh(z / 2)) / 2;
const log = x => x > 0 ? Math.log(x) : NaN;
const functions = {
  exp: Math.exp, log, ln: log, sqrt: Math.sqrt, abs: Math.abs, sin: Math.sin, cos: Math.cos,
  tanh: Math.tanh, sigmoid, sigma: sigmoid,
  sigmaprime: z => (1 - Math.tanh(z / 2) ** 2) / 4, relu: z => Math.max(z, 0), max: Math.max, min: Math.min,
};
const greek = "alpha beta gamma delta epsilon zeta eta theta kappa lambda mu nu xi pi rho sigma tau phi chi psi omega";
const plain = [
  ...[..."αβγδεζηθκλμνξπρστφχψω"].map((letter, k) => [letter, greek.split(" ")[k]]),
  ["·", "*"], ["×", "*"], ["∗", "*"], ["⋅", "*"], ["−", "-"], ["–", "-"], ["÷", "/"], ["∂", "d"], ["_", ""], ["**", "^"],
];
const token = /\s*(?:([0-9]+\.?[0-9]*(?:e[+-]?[0-9]+)?|\.[0-9]+(?:e[+-]?[0-9]+)?)|(\p{L}[\p{L}\p{N}]*)|([-+*/^(),]))/uy;

const fail = (kind, detail) => { throw Object.assign(new Error(kind), { kind, detail }); };

export function normalise(text) {
  text = halfWidth(text);
  for (const [sign, letters] of plain) text = text.split(sign).join(letters);
  text = text.replace(/(sigma|sigmoid)['′’]/gi, "sigmaprime");
  text = text.replace(/⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, m => "^" + [...m].map(c => "0123456789-"["⁰¹²³⁴⁵⁶⁷⁸⁹⁻".indexOf(c)]).join(""));
  return text.replace(/[₀-₉]/g, c => "₀₁₂₃₄₅₆₇₈₉".indexOf(c));
}

export function evaluate(text, given) {
  const variables = Object.fromEntries(Object.entries(given).map(([name, value]) => [normalise(name), value]));
  if (text.length > longest) fail("unreadable", text.slice(longest));
  const tokens = tokenize(normalise(text), Object.keys(variables));
  let position = 0;
  const peek = () => tokens[position] ?? ["end", ""];
  const take = sign => {
    const found = peek();
    if (sign && found[1] !== sign) fail("unreadable", found[1] || _("the end"));
    position++;
    return found;
  };
  const expression = () => {
    let value = term();
    while ("+-".includes(peek()[1]) && peek()[1]) value = take()[1] === "+" ? value + term() : value - term();
    return value;
  };
  const term = () => {
    let value = factor();
    for (;;)
      if (peek()[1] === "/") {
        take();
        const divisor = factor();
        value = divisor ? value / divisor : NaN;
      } else if (["*", "("].includes(peek()[1]) || ["name", "constant", "function"].includes(peek()[0])
        || peek()[0] === "number" && tokens[position - 1][0] !== "number") { // 1 000 is not 1 times 0
        if (peek()[1] === "*") take();
        value *= factor();
      } else return value;
  };
  const factor = () => {
    if (["-", "+"].includes(peek()[1])) return take()[1] === "-" ? -factor() : factor();
    const base = atom();
    if (peek()[1] !== "^") return base;
    take();
    const exponent = factor();
    return base === 0 && exponent < 0 ? NaN : base ** exponent;
  };
  const atom = () => {
    const [kind, found] = take();
    if (kind === "number" || kind === "constant") return +found;
    if (kind === "name") return variables[found];
    if (kind === "function") {
      take("(");
      const values = [expression()];
      while (peek()[1] === ",") { take(); values.push(expression()); }
      take(")");
      if (values.length !== 1 && found !== "max" && found !== "min") fail("unreadable", ",");
      return functions[found](...values);
    }
    if (found !== "(") fail("unreadable", found || _("the end"));
    const value = expression();
    take(")");
    return value;
  };
  const value = expression();
  if (position < tokens.length) fail("unreadable", peek()[1]);
  return value;
}

function tokenize(text, known) {
  const tokens = [];
  if (known.every(name => name === name.toLowerCase())) text = text.toLowerCase(); // W1 can only mean w1
  text = text.trimEnd();
  for (token.lastIndex = 0; token.lastIndex < text.length;) {
    const at = token.lastIndex, match = token.exec(text);
    if (!match) fail("unreadable", [...text.slice(at).trim()][0]);
    const [, number, name, sign] = match;
    if (number) tokens.push(["number", number]);
    else if (sign) tokens.push(["sign", sign]);
    else {
      const [kind, before] = tokens[tokens.length - 1] ?? [];
      const between = (["number", "name", "constant"].includes(kind) || before === ")")
        && (name.length > 1 || token.lastIndex < text.length);
      tokens.push(...names(name, known, between));
    }
  }
  return tokens;
}

// between: something stands before and behind. There the letter x, if it is no variable, is the sign: 28x28, n x n.
function names(text, known, between = false) {
  if (known.includes(text)) return [["name", text]];
  if (Object.keys(functions).includes(text)) return [["function", text]];
  if (text === "pi" || text === "e") return [["constant", text === "e" ? Math.E : Math.PI]];
  if (between && "xX".includes(text[0]) && !known.includes("x")) {
    const number = /^[0-9]*/.exec(text.slice(1))[0], rest = text.slice(1 + number.length);
    return [["sign", "*"], ...number ? [["number", number]] : [], ...rest ? names(rest, known, !!number) : []];
  }
  for (const start of [...known].sort((a, b) => b.length - a.length))
    if (start && text.startsWith(start))
      try { return [["name", start], ...names(text.slice(start.length), known, true)]; } catch { continue; }
  return fail("name", text);
}

// The formula at the five test points of formula.py; where: what some variables stand for.
export const values = (text, variables, where = {}) => [0, 1, 2, 3, 4].map(k => {
  const given = Object.fromEntries(
    variables.map((name, i) => [name, 0.4 + 1.7 * ((7 * i + 3 * k + 1) * 0.6180339887498949 % 1)]));
  for (const [name, meant] of Object.entries(where)) given[name] = evaluate(meant, given);
  return evaluate(text, given);
});

export function equal(a, b) {
  const pairs = a.map((x, k) => [x, b[k]]).filter(([x, y]) => Number.isFinite(x) || Number.isFinite(y));
  return pairs.length > 0 && pairs.every(([x, y]) => Math.abs(x - y) <= 1e-9 * Math.max(1, Math.abs(y)));
}
