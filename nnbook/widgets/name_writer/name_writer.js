// A language model for given names: the next letter's probabilities, names drawn from them, one unit as colour.
import { panel } from "../core/panel.js";
import { html, svg } from "../core/elements.js";
import { format, clamp } from "../core/numbers.js";
import { fixed } from "../core/written.js";
import { softmax } from "../core/network.js";
import { signed } from "../core/pixels.js";
import { unpackCell, unpackLinear, run, linear, field, dice, choose } from "../core/packed_sequences.js";
import { colors } from "../../palette.js";
import { _ } from "../core/language.js";
import { halfWidth } from "../core/typed.js";

export const LETTERS = ".abcdefghijklmnopqrstuvwxyz"; // the dot begins and ends a name
const LONGEST = 14, NAMES = 10, WIDTH = 352, LEFT = 28, BAR = 12, TALL = 110;

// The letters of a text that the model knows, as numbers, after the dot that begins each name.
export const tokens = text =>
  [0, ...[...halfWidth(text).toLowerCase()].map(c => LETTERS.indexOf(c)).filter(k => k > 0)].slice(0, LONGEST);

const oneHot = token => LETTERS.split("").map((__, k) => +(k === token));

// States after each token, and the probabilities of the next one.
export function read(network, ids, temperature, before) {
  const states = run(network.cell, ids.map(oneHot), before), last = states[states.length - 1];
  return { states, p: softmax(linear(network.head, last).map(z => z / temperature)) };
}

// The start, continued to a dot or to the longest name: [[token, state], …] without the dots.
export function write(network, start, temperature, roll) {
  let { states, p } = read(network, start, temperature);
  const letters = start.slice(1).map((token, k) => [token, states[k + 1]]);
  let state = states[states.length - 1];
  while (letters.length < LONGEST) {
    const token = choose(p, roll());
    if (!token) break;
    ({ states: [state], p } = read(network, [token], temperature, state));
    letters.push([token, state]);
  }
  return letters;
}

function render({ model, el }) {
  const network = { cell: unpackCell(model.get("cell")), head: unpackLinear(model.get("head")) };
  const H = network.head.W[0].length, unit = () => clamp(Math.round(model.get("unit")), 1, H);
  const heat = () => clamp(model.get("temperature"), 0.1, 3);
  const ui = panel(model, el, { name: "name_writer", keys: ["text", "temperature", "unit", "seed"], wide: true, code: () =>
    `ids = [LETTERS.index(c) for c in ".${tokens(model.get("text")).slice(1).map(k => LETTERS[k]).join("")}"]\n` +
    `logits = model(np.eye(27, dtype=np.float32)[[ids]])[0, -1]\nactivations.softmax(logits / ${format(heat())})` });
  const input = field(ui, model, "text", _("begins with"));
  input.maxLength = LONGEST;
  input.setAttribute("autocapitalize", "off");
  ui.slider("temperature", { label: _("temperature"), min: 0.1, max: 2, step: 0.1 });
  ui.slider("unit", { label: _("colour: unit"), min: 1, max: H });
  const buttons = html("div", { class: "nnlib-steps" });
  ui.controls.append(buttons);
  const add = token => ui.change({ text: token ? model.get("text") + LETTERS[token] : "" });
  let p = [];
  ui.button(_("Next letter ▶"), () => {
    add(choose(p, dice(model.get("seed") * 31 + model.get("text").length)()));
    ui.change({ seed: model.get("seed") % 9999 + 1 });
  }, buttons);
  ui.button(_("Other names"), () => ui.change({ seed: model.get("seed") % 9999 + 1 }), buttons);
  const bars = svg("svg", { class: "nnlib-plot", viewBox: `0 0 ${WIDTH} ${TALL + 34}`, role: "group",
    "aria-label": _("Probability of each next letter; choose one to write it") });
  const list = html("p", { class: "nnlib-stage", style: "background:#fff;color:#222;padding:0.4rem;margin:0.4rem 0 0;line-height:1.9;overflow-wrap:anywhere" });
  ui.picture.append(bars, list);

  const coloured = ([token, state], bold) => html("span", { style: `padding:0.1rem 0.12rem;${bold ? "font-weight:bold;" : ""}` +
    `background:${tint(state[unit() - 1])}` }, LETTERS[token]);
  const tint = v => `rgb(${signed(0.55 * v).map(Math.round).join()})`;

  ui.draw(() => {
    const start = tokens(model.get("text")), T = heat(), full = start.length >= LONGEST;
    p = read(network, start, T).p;
    const top = Math.max(...p), best = p.map((v, k) => k).sort((a, b) => p[b] - p[a]).slice(0, 3);
    bars.replaceChildren(...p.flatMap((v, k) => {
      const x = LEFT + BAR * k, height = TALL * v / top;
      return [svg("rect", { x: x + 1, y: 12 + TALL - height, width: BAR - 2, height: Math.max(0.5, height), fill: k ? colors.prediction : colors.gradient }),
        svg("text", { x: x + BAR / 2, y: TALL + 27, class: "nnlib-tick", "text-anchor": "middle" }, k ? LETTERS[k] : "●"),
        svg("rect", { x, y: 0, width: BAR, height: TALL + 34, fill: "transparent", style: "cursor:pointer", onclick: () => !full && add(k) })];
    }), svg("text", { x: LEFT - 3, y: 20, class: "nnlib-tick", "text-anchor": "end" }, top.toFixed(2)));
    const roll = dice(model.get("seed"));
    const names = Array.from({ length: NAMES }, () => write(network, start, T, roll));
    list.replaceChildren(...names.flatMap(name => [html("span", { style: "white-space:nowrap;margin-right:0.9rem" },
      ...name.map((letter, k) => coloured(letter, k < start.length - 1))), " "]));
    ui.say([_("likeliest next"), best.map(k => `${k ? LETTERS[k] : _("end")} ${p[k].toFixed(2)}`).join(", ")],
      _("ten names:"), ...names.map(name => name.map(([k]) => LETTERS[k]).join("")),
      [_("colour: unit {n} after each letter, blue above 0, orange below; in the first name", { n: unit() }),
        names[0].map(([k, state]) => `${LETTERS[k]} ${fixed(state[unit() - 1], 1)}`).join(", ")]);
  });
}

export default { render };
