// A review, word by word: state, probability, and what each word changed.
import { panel } from "../core/panel.js";
import { svg } from "../core/elements.js";
import { clamp } from "../core/numbers.js";
import { withSign } from "../core/written.js";
import { colors } from "../../palette.js";
import { unpack, unpackCell, unpackLinear, ids, words, plain, read, sigmoid, field, strip, label, UNK } from "../core/packed_sequences.js";
import { _ } from "../core/language.js";

const ROW = 23, TOP = 34, MOST = 80;
const wordsIn = text => words(plain(text));

function render({ model, el }) {
  const vocabulary = model.get("vocabulary"), networks = {};
  const network = name => networks[name] ??= (({ pool, embedding, cell, head }) => ({ pool, embedding: unpack(embedding),
    cell: unpackCell(cell), head: unpackLinear(head) }))(model.get("models")[name]);
  const ui = panel(model, el, { name: "sentiment_reader", keys: ["text", "model", "at"], wide: true, code: () =>
    `ids = vocabulary.encode(data.tokenize(${JSON.stringify(plain(model.get("text")))}))\nsigmoid(model(ids[None]))` });
  const whole = text => ({ at: clamp(wordsIn(text).length, 1, MOST) });
  ui.select("text", { label: _("example"), options: Object.fromEntries(model.get("examples").map(t => [t, t])), also: whole }).lang = "en";
  field(ui, model, "text", _("or type one")).addEventListener("input", () => ui.change(whole(model.get("text"))));
  ui.select("model", { label: _("network"), options: Object.fromEntries(Object.keys(model.get("models")).map(n => [n, n])) });
  const slider = ui.slider("at", { label: _("words read"), min: 1, max: 2, play: 500, show: n => String(n) });

  ui.draw(() => {
    const all = wordsIn(model.get("text")), tokens = all.slice(0, MOST), n = tokens.length;
    slider.max = Math.max(1, n);
    slider.disabled = n < 2;
    slider.value = model.get("at");
    const now = clamp(Math.round(model.get("at")), 1, Math.max(1, n)), numbers = ids(tokens, vocabulary);
    const { states, logits } = read(network(model.get("model")), numbers);
    const head = (x, text, anchor = "start") => label(x, 22, text, { kind: "nnlib-tick", anchor });
    const nodes = [head(0, _("word")), head(128, _("change"), "end"), head(142, _("state")), head(262, _("P(positive)"))];
    tokens.forEach((word, t) => {
      const y = TOP + ROW * t, p = sigmoid(logits[t]), change = logits[t] - (t ? logits[t - 1] : 0);
      const unknown = numbers[t] === UNK, shown = word.length > 12 ? `${word.slice(0, 11)}…` : word;
      nodes.push(svg("g", { opacity: t < now ? 1 : 0.25 },
        ...t === now - 1 ? [svg("rect", { x: -2, y: y - 1, width: 364, height: ROW - 1, fill: colors.highlight, "fill-opacity": 0.2 })] : [],
        label(0, y + 15, unknown ? `(${shown})` : shown, { fill: unknown ? colors.muted : undefined }),
        label(128, y + 15, Math.abs(change) < 0.05 ? "0.0" : withSign(change, 1), { anchor: "end", fill: change < 0 ? "#A84300" : "#005A8F" }),
        ...strip(states[t], 142, y + 2, 110, ROW - 7),
        svg("rect", { x: 262, y: y + 2, width: 62, height: ROW - 7, class: "nnlib-frame" }),
        svg("line", { x1: 293, x2: 293, y1: y + 2, y2: y + ROW - 5, stroke: "#999" }),
        svg("rect", { x: p < 0.5 ? 262 + 62 * p : 293, y: y + 2, width: 62 * Math.abs(p - 0.5), height: ROW - 7,
          fill: p < 0.5 ? colors.loss : colors.prediction }),
        label(360, y + 15, p.toFixed(2), { anchor: "end" })));
    });
    ui.picture.replaceChildren(svg("svg", { class: "nnlib-plot", viewBox: `-3 8 366 ${TOP + ROW * Math.max(1, n) - 8}`,
      role: "img", "aria-label": _("One row for each word: its change of the log odds, the state after it, the probability") }, ...nodes));
    if (!n) return ui.say(_("Type a review in English."));
    const p = sigmoid(logits[now - 1]), unknown = tokens.filter((__, t) => numbers[t] === UNK);
    ui.say([_("after"), `“${tokens[now - 1]}”`], [_("probability positive"), p.toFixed(3)],
      [_("verdict"), now < n ? _("still reading") : p > 0.5 ? _("positive") : _("negative")],
      ...unknown.length ? [[_("in brackets: not in the vocabulary"), String(unknown.length)]] : [],
      ...all.length > MOST ? [_("Only the first {n} words are read.", { n: MOST })] : []);
  });
}

export default { render };
