// A language model of Tang poems: the likeliest next characters, and stanzas drawn from the probabilities.
import { panel } from "../core/panel.js";
import { html, svg } from "../core/elements.js";
import { format, clamp } from "../core/numbers.js";
import { softmax } from "../core/network.js";
import { unpack, unpackCell, unpackLinear, run, linear, field, label, chinese, dice, choose } from "../core/packed_sequences.js";
import { pause } from "../core/pause.js";
import { colors } from "../../palette.js";
import { _ } from "../core/language.js";

const LONGEST = 24, POEMS = 3, SHOWN = 12, WIDTH = 360, BAR = 30, TALL = 90;
const OTHER = 1; // the token of a character that the model does not know; it reads it, and never writes it

// The Chinese characters of a text, with a comma or a full stop after each five.
export const marked = text => [...text].filter(c => /\p{Script=Han}/u.test(c)).slice(0, 20)
  .flatMap((c, k) => k % 5 < 4 ? [c] : [c, "，。"[k % 10 === 4 ? 0 : 1]]);

// Their tokens, after the one that begins each stanza.
export const tokensOf = (text, tokens) => [0, ...marked(text).map(c => Math.max(OTHER, tokens.indexOf(c)))];

// The state after the tokens, and the probabilities of the next one; from a state, or from the beginning.
export function read(network, ids, temperature, before) {
  const states = run(network.cell, ids.map(id => network.embedding[id]), before), state = states[states.length - 1];
  const scores = linear(network.head, state).map((z, k) => k > OTHER ? z / temperature : -Infinity);
  return { state, p: softmax(scores) };
}

// The beginning, continued to a whole stanza: token ids without the first.
export function write(network, start, temperature, roll) {
  const ids = [...start];
  for (let now = read(network, ids, temperature); ids.length <= LONGEST; now = read(network, ids.slice(-1), temperature, now.state))
    ids.push(choose(now.p, roll()));
  return ids.slice(1, LONGEST + 1);
}

function bars(best, p, tokens, add) {
  const top = p[best[0]];
  return [...best.flatMap((k, n) => {
    const x = BAR * n, height = TALL * p[k] / top;
    return [svg("rect", { x: x + 3, y: 16 + TALL - height, width: BAR - 6, height, fill: colors.prediction }),
      label(x + BAR / 2, TALL + 34, tokens[k], { anchor: "middle", size: 17 }),
      svg("rect", { x, y: 0, width: BAR, height: TALL + 42, fill: "transparent", style: "cursor:pointer", onclick: () => add(k) })];
  }), svg("text", { x: BAR / 2, y: 12, class: "nnlib-tick", "text-anchor": "middle" }, top.toFixed(2))];
}

async function render({ model, el }) {
  const network = { embedding: unpack(model.get("embedding")) };
  await pause();
  network.cell = unpackCell(model.get("cell"));
  await pause();
  network.head = unpackLinear(model.get("head"));
  await pause();
  const tokens = [...model.get("tokens")], heat = () => clamp(model.get("temperature"), 0.1, 2);
  const start = () => tokensOf(model.get("text"), tokens);
  let poems = [], shown = "";
  const asked = () => [model.get("text"), heat(), model.get("seed")].join();
  function* writing() { // one poem after the other
    [poems, shown] = [[], asked()];
    for (const ids = start(), roll = dice(model.get("seed")); poems.length < POEMS;)
      yield poems.push(write(network, ids, heat(), roll).slice(ids.length - 1).map(k => tokens[k]).join(""));
  }
  for (const step = writing(); !step.next().done;) await pause();
  const ui = panel(model, el, { name: "poem_writer", keys: ["text", "temperature", "seed"], code: () =>
    `ids = [[tokens.index(c) for c in "${start().map(k => tokens[k]).join("")}"]]\n` +
    `logits = poet(ids)[0, -1, 2:]\nactivations.softmax(logits / ${format(heat())})` });
  chinese(ui.root, "");
  field(ui, model, "text", _("begins with")).lang = "zh";
  ui.slider("temperature", { label: _("temperature"), min: 0.1, max: 2, step: 0.1 });
  const buttons = html("div", { class: "nnlib-steps" });
  ui.controls.append(buttons);
  const add = token => ui.change({ text: marked(model.get("text")).join("") + tokens[token] });
  const again = () => ui.change({ seed: model.get("seed") % 9999 + 1 });
  ui.button(_("Next character ▶"), () => {
    const { p } = read(network, start(), heat());
    if (start().length <= LONGEST) add(choose(p, dice(model.get("seed") * 31 + start().length)()));
    again();
  }, buttons);
  ui.button(_("Other poems"), again, buttons);
  const plot = svg("svg", { class: "nnlib-plot", viewBox: `0 0 ${WIDTH} ${TALL + 44}`, role: "group",
    "aria-label": _("Probability of the likeliest next characters; choose one to write it") });
  const list = html("p", { class: "nnlib-stage", lang: "zh", style: "background:#fff;color:#222;padding:0.6rem;margin:0.4rem 0 0;line-height:1.8;font-size:1.1rem" });
  ui.picture.append(plot, list);

  ui.draw(() => {
    const ids = start(), { p } = read(network, ids, heat());
    const best = p.map((v, k) => k).sort((a, b) => p[b] - p[a]).slice(0, SHOWN);
    plot.replaceChildren(...bars(best, p, tokens, k => ids.length <= LONGEST && add(k)));
    const given = marked(model.get("text")).join("");
    if (shown !== asked()) Array.from(writing());
    list.replaceChildren(...poems.map(poem => html("span", { style: "display:block" }, html("b", {}, given), poem)));
    ui.say([_("likeliest next"), best.slice(0, 3).map(k => `${tokens[k]} ${p[k].toFixed(2)}`).join(", ")]);
  });
}

export default { render };
