// For the widgets of chapters 9 and 10: weights from Python, token ids, recurrent cells, a font for Chinese.
import { html, svg } from "./elements.js";
import { colors } from "../../palette.js";
import { rnn, gru, affine, softmax } from "./network.js";
import { lastOf } from "./numbers.js";
import { halfWidth, fullWidth } from "./typed.js";

export const UNK = 1, BOS = 2, EOS = 3;
function bytes(text) { // without an iterator: it takes a page's start ten times as long
  const letters = atob(text), all = new Uint8Array(letters.length);
  for (let k = 0; k < all.length; k++) all[k] = letters.charCodeAt(k);
  return all;
}

// As Python's pack: a matrix as rows, or a vector. Two characters give the unit of a row, the others its whole numbers.
export function unpack({ shape, zero, values, units }) {
  const n = lastOf(shape), rows = [];
  for (let k = 0; 2 * k < units.length; k++) {
    const unit = (units.charCodeAt(2 * k) + 20) / 128 * 2 ** (units.charCodeAt(2 * k + 1) - 90);
    const row = new Float64Array(n);
    for (let i = 0; i < n; i++) row[i] = (values.charCodeAt(k * n + i) - zero) * unit;
    rows.push(row);
  }
  return shape.length === 1 ? rows[0] : rows;
}

export const unpackLinear = ({ W, b }) => ({ W: unpack(W), b: unpack(b) });
export const unpackCell = ({ kind, U, W, b }) => ({ kind, U: unpack(U), W: unpack(W), b: unpack(b) });

// States (T, H) of a cell over vectors x (T, D), from state h on (zeros without one).
export const run = (cell, x, h) => (cell.kind === "gru" ? gru : rnn)(cell, x, h);
export const linear = (layer, a) => affine(layer.W, layer.b, a);
// Chinese keyboards write "，" and "Ａ" for "," and "A", or the other way round: the one that the network knows is meant.
export const ids = (tokens, vocabulary) => tokens.map(token => {
  const id = [token, halfWidth(token), fullWidth(token)].map(t => vocabulary.indexOf(t)).find(k => k >= 4);
  return id ?? UNK;
});

export const sigmoid = z => 1 / (1 + Math.exp(-z));

// What a keyboard for Chinese types, as ASCII: full-width letters and digits, curly apostrophes.
export const plain = text => text.normalize("NFKC").split("’").join("'");

// As nnbook.data.tokenize: lower-case words, with an apostrophe inside if need be.
export const words = text => halfWidth(text).toLowerCase().match(/[\p{L}\p{N}]+(?:['’][\p{L}\p{N}]+)*/gu) ?? [];

// Reviews. model: { embedding, cell, head, pool } -> { states (T, H), logits (T) } after each token.
export function read(model, tokens) {
  const states = run(model.cell, tokens.map(id => model.embedding[id]));
  let sum = new Float64Array(states[0]?.length ?? 0);
  const logits = states.map((h, t) => {
    sum = sum.map((v, k) => v + h[k]);
    return linear(model.head, model.pool === "last" ? h : sum.map(v => v / (t + 1)))[0];
  });
  return { states, logits };
}

// Tags. model: { embedding, cells, head } -> probabilities (T, 4).
export function tag(model, tokens) {
  const x = tokens.map(id => model.embedding[id]), turned = list => [...list].reverse();
  const states = model.cells.map((cell, k) => k ? turned(run(cell, turned(x))) : run(cell, x));
  return x.map((vector, t) => softmax(linear(model.head, states.length ? states.flatMap(s => [...s[t]]) : vector)));
}

// Whether tag b may follow tag a (numbers in BMES): after B and M the word goes on, by M or E.
export const mayFollow = (a, b) => (a < 2) === (b === 1 || b === 2);

// The legal tags with the highest product of probabilities p (T, 4), as nnbook.data.best_tags: Viterbi.
export function bestTags(p) {
  if (!p.length) return [];
  const forbidden = (a, b) => mayFollow(a, b) ? 0 : -Infinity, from = [];
  let total = Array.from(p[0], (v, b) => Math.log(v) + forbidden(3, b)); // a sentence begins as if after S
  for (const row of p.slice(1)) {
    const before = [0, 1, 2, 3].map(b => [0, 1, 2, 3].reduce((best, a) =>
      total[a] + forbidden(a, b) > total[best] + forbidden(best, b) ? a : best, 0));
    from.push(before);
    total = Array.from(row, (v, b) => total[before[b]] + forbidden(before[b], b) + Math.log(v));
  }
  const tags = [total[3] > total[2] ? 3 : 2];
  for (const before of from.reverse()) tags.unshift(before[tags[0]]);
  return tags;
}

// The words that tags make of characters, as nnbook.data.split_words.
export function split(characters, tags) {
  const result = [];
  let word = "";
  characters.forEach((character, t) => {
    if ("BS".includes(tags[t]) && word) { result.push(word); word = ""; }
    word += character;
    if ("ES".includes(tags[t])) { result.push(word); word = ""; }
  });
  return word ? [...result, word] : result;
}

// A translator from Python's pack_translator; with M it looks back at all states of the encoder.
export const unpackTranslator = p => ({ source: unpack(p.source), encoder: unpackCell(p.encoder), target: unpack(p.target),
  decoder: unpackCell(p.decoder), head: unpackLinear(p.head), M: p.M && unpack(p.M) });

export const encode = (model, tokens) => run(model.encoder, tokens.map(id => model.source[id]));

// One step of the decoder: reads a token; -> { input, state, weights (of each source token, if it looks back), p }.
function step(model, memory, input, before) {
  const [state] = run(model.decoder, [model.target[input]], before);
  if (!model.M) return { input, state, p: softmax(linear(model.head, state)) };
  const asked = new Float64Array(state.length);
  state.forEach((v, i) => model.M[i].forEach((m, j) => { asked[j] += v * m; }));
  const weights = softmax(memory.map(h => h.reduce((sum, v, j) => sum + v * asked[j], 0)));
  const found = asked.map((_, j) => memory.reduce((sum, h, s) => sum + weights[s] * h[j], 0));
  return { input, state, weights, p: softmax(linear(model.head, [...state, ...found])) };
}

// Token ids of the source, backwards. -> [{ log, steps: [{ input, state, weights, p, output }, …] }, …], best first: the
// `width` likeliest translations that a beam of this width finds, as nnlib.sequences.beam_search; 1 is greedy decoding.
export function translate(model, tokens, width = 1, most = 40) {
  const memory = encode(model, tokens), byLog = (a, b) => b.log - a.log, ends = way => lastOf(way.steps).output === EOS;
  let open = [{ log: 0, steps: [] }], ended = [];
  for (let t = 0; t < most && open.length; t++) {
    const ways = open.flatMap(({ log, steps }) => {
      const now = step(model, memory, lastOf(steps)?.output ?? BOS, lastOf(steps)?.state ?? lastOf(memory));
      return Array.from(now.p, (v, output) => ({ log: log + Math.log(v), last: { ...now, output }, steps }));
    }).sort(byLog).slice(0, width).map(({ log, last, steps }) => ({ log, steps: [...steps, last] }));
    ended = [...ended, ...ways.filter(ends)].sort(byLog).slice(0, width);
    open = ways.filter(way => !ends(way));
    if (ended.length === width && (!open.length || lastOf(ended).log >= open[0].log)) break;
  }
  return [...ended, ...open].sort(byLog).slice(0, width);
}

// Chinese is shown even where the machine has no font for it: examples by the widget's font, the rest by the book's.
export const HAN = "font-family:sans-serif,nnlib-han,'Book Chinese','Book Chinese Space'";
export function chinese(root, font) {
  if (font && ![...document.fonts].some(face => face.nnlib === font.length)) {
    const face = new FontFace("nnlib-han", bytes(font).buffer);
    face.nnlib = font.length;
    document.fonts.add(face);
    face.load();
  }
  root.style.fontFamily = "system-ui,sans-serif,nnlib-han,'Book Chinese','Book Chinese Space'";
}

// Numbers from 0 to 1 that look random and are the same each time.
export function dice(seed) {
  let a = seed;
  return () => {
    a = a + 0x6D2B79F5 | 0;
    let t = Math.imul(a ^ a >>> 15, 1 | a);
    t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
    return ((t ^ t >>> 14) >>> 0) / 4294967296;
  };
}

// The token that a number from 0 to 1 chooses.
export function choose(p, share) {
  let sum = 0;
  const found = p.findIndex(v => share < (sum += v));
  return found < 0 ? p.indexOf(Math.max(...p)) : found;
}

// A field for a text, bound to model[key].
export function field(ui, model, key, label) {
  const input = html("input", { type: "text", autocomplete: "off", spellcheck: "false", style: "width:100%;min-width:0;box-sizing:border-box;grid-column:2/4",
    oninput: () => ui.change({ [key]: input.value }) });
  const update = () => { if (input.value !== model.get(key)) input.value = model.get(key); };
  model.on(`change:${key}`, update);
  update();
  ui.accept(key, text => text.replace(/[\x00-\x1f]/g, "").slice(0, 300)); // what no keyboard writes
  ui.controls.append(html("label", { class: "nnlib-row" }, html("span", { class: "nnlib-name" }, label), input));
  return input;
}

// A state as a strip of cells, blue above 0, orange below.
export const strip = (state, x, y, width, height) => Array.from(state, (v, k) => svg("rect", {
  x: x + k * width / state.length, y, width: width / state.length, height,
  fill: v < 0 ? colors.loss : colors.prediction, "fill-opacity": Math.min(1, Math.abs(v)).toFixed(2) }));

export const label = (x, y, content, { kind = "nnlib-node-text", anchor = "start", fill, size } = {}) =>
  svg("text", { x, y, class: kind, "text-anchor": anchor, style: `${HAN}${fill ? `;fill:${fill}` : ""}${size ? `;font-size:${size}px` : ""}` },
    content);
