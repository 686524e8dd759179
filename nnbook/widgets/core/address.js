// A widget's state in the page's address: page.html#name?learning_rate=0.1&steps=20. What comes from there may be
// outdated, damaged or made up: each value is read by itself, brought within what the widget takes, or left out.

import { clamp } from "./numbers.js";
import { _ } from "./language.js";

const FAR = 1e6, LONG = 20000;

// {key: limit}, limit(value) -> allowed value or undefined; a start for what no control says more exactly.
export const registry = first => Object.fromEntries(Object.entries(first).map(([key, value]) => [key, limitLike(value)]));

function limitLike(value) {
  if (typeof value === "number") return x => clamp(x, -FAR, FAR);
  if (Array.isArray(value)) return list => list.map(x => typeof x === "number" ? clamp(x, -FAR, FAR) : x);
  return x => x;
}

// Where in the address the state of this widget stands: the name, and which of several of that name on the page.
function place(root) {
  const same = [...document.querySelectorAll("[data-nnlib-widget]")].filter(
    other => other.dataset.nnlibWidget === root.dataset.nnlibWidget);
  const number = same.indexOf(root);
  return encodeURIComponent(root.dataset.nnlibWidget) + (number > 0 ? `-${number + 1}` : "");
}

export const addressOf = (root, first, get) => `#${place(root)}?${
  new URLSearchParams(Object.keys(first).map(key => [key, write(get(key))]))}`;

// What the address asks of this widget: { within(limits) -> values, left(get) -> what could not be had, in words };
// undefined if it asks nothing.
export function readAddress(root, first) {
  const [target, ...rest] = location.hash.slice(1).split("?"), query = rest.join("?");
  if (!query || target !== place(root)) return undefined;
  const asked = [...new URLSearchParams(query)].map(([key, text]) =>
    ({ key, text, value: Object.prototype.hasOwnProperty.call(first, key) ? readLike(first[key], text) : undefined }));
  const within = limits => Object.fromEntries(asked.filter(({ value }) => value !== undefined)
    .map(({ key, value }) => [key, limits[key](value)]).filter(([, value]) => value !== undefined));
  const left = get => {
    const words = asked.flatMap(({ key, text, value }) => {
      const name = `${key.slice(0, 30).replace(/_/g, " ")} = ${text.slice(0, 30)}`;
      if (value === undefined || !sameKind(get(key), value)) return [_("{name} (left out)", { name })];
      return write(get(key)) === write(value) ? [] : [_("{name} (now {value})", { name, value: write(get(key)).slice(0, 30) })];
    });
    return words.length ? _("This link asks for what this widget does not have: {list}.", { list: words.join(_(", ")) }) : "";
  };
  return { within, left };
}

const sameKind = (now, value) => typeof now === typeof value && (typeof value !== "string" || now === value);

// A value as text, and back as the same kind as `like`; undefined if the text makes no sense.
function write(value) {
  return Array.isArray(value) ? value.map(x => typeof x === "number" ? +x.toPrecision(6) : x).join(" ") : String(value);
}

function readLike(like, text) {
  if (text.length > LONG) return undefined;
  const number = part => part.trim() !== "" && Number.isFinite(+part) ? +part : undefined;
  if (typeof like === "number") return number(text);
  if (typeof like === "boolean") return /^(true|false)$/.test(text) ? text === "true" : undefined;
  if (typeof like === "string") return text;
  if (!Array.isArray(like)) return undefined;
  const list = text.trim().split(/\s+/).map(number);
  return list.length === like.length && !list.includes(undefined) ? list : undefined;
}
