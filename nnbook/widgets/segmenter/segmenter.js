// A Chinese sentence as a lattice: one row a character, one box a tag; the best path through it cuts the words.
import { panel } from "../core/panel.js";
import { svg, html } from "../core/elements.js";
import { colors } from "../../palette.js";
import { unpack, unpackCell, unpackLinear, ids, tag, bestTags, mayFollow, split, field, label, chinese, UNK } from "../core/packed_sequences.js";
import { _ } from "../core/language.js";

const TAGS = "BMES", ROW = 34, TOP = 30, MOST = 60, NAMES = { B: _("begins"), M: _("middle"), E: _("ends"), S: _("single") };

function render({ model, el }) {
  const vocabulary = model.get("vocabulary"), networks = {};
  const truth = Object.fromEntries(model.get("examples").map(words => [words.split("|").join(""), words.split("|")]));
  const network = name => networks[name] ??= (({ embedding, cells, head }) => ({ embedding: unpack(embedding),
    cells: cells.map(unpackCell), head: unpackLinear(head) }))(model.get("models")[name]);
  const ui = panel(model, el, { name: "segmenter", keys: ["text", "model", "decode"], wide: true, code: () =>
    `text = ${JSON.stringify(model.get("text"))}\nscores = model(vocabulary.encode(text)[None])[0]\n` +
    `data.split_words(text, ${model.get("decode") === "legal" ? "data.best_tags(scores)" : '"".join(data.TAGS[k] for k in scores.argmax(axis=1))'})` });
  chinese(ui.root, model.get("font"));
  const select = ui.select("text", { label: _("example"), options: Object.fromEntries(Object.keys(truth).map(t => [t, t])) });
  const input = field(ui, model, "text", _("or type one"));
  for (const node of [select, input]) {
    node.style.fontFamily = "inherit";
    node.lang = "zh";
  }
  ui.select("model", { label: _("network"), options: Object.fromEntries(Object.keys(model.get("models")).map(n => [n, n])) });
  ui.select("decode", { label: _("take"), options: { legal: _("the best legal path"), each: _("each character's likeliest tag") } });
  const shown = html("p", { lang: "zh", style: "font-size:1.3rem;margin:0.2rem 0;overflow-wrap:anywhere" });

  ui.draw(() => {
    const all = [...model.get("text")].filter(c => c.trim()), characters = all.slice(0, MOST), numbers = ids(characters, vocabulary);
    const p = tag(network(model.get("model")), numbers), legal = model.get("decode") === "legal";
    const each = p.map(row => row.indexOf(Math.max(...row))), path = legal ? bestTags(p) : each;
    const tags = path.map(k => TAGS[k]), found = split(characters, tags), right = truth[characters.join("")];
    const x = k => 76 + 68 * k, y = t => TOP + ROW * t, n = characters.length, broken = [];
    if (n && (each[0] === 1 || each[0] === 2)) broken.push(0);
    if (n && each[n - 1] < 2) broken.push(n);
    each.forEach((k, t) => t && !mayFollow(each[t - 1], k) && broken.push(t));
    const nodes = [...TAGS].map((t, k) => label(x(k), 18, `${t} ${NAMES[t]}`, { kind: "nnlib-tick", anchor: "middle" }));
    for (let t = 1; t < n; t++) {
      for (let a = 0; a < 4; a++) for (let b = 0; b < 4; b++) if (mayFollow(a, b))
        nodes.push(svg("line", { x1: x(a), x2: x(b), y1: y(t) - 9, y2: y(t), stroke: colors.muted, "stroke-opacity": 0.35 }));
      const ok = mayFollow(path[t - 1], path[t]);
      nodes.push(svg("line", { x1: x(path[t - 1]), x2: x(path[t]), y1: y(t) - 9, y2: y(t), stroke: ok ? colors.prediction : colors.loss,
        "stroke-width": 3.5, "stroke-dasharray": ok ? "none" : "3 2" }));
    }
    let at = 0;
    const starts = new Set(found.map(word => (at += [...word].length) - [...word].length));
    characters.forEach((character, t) => {
      const unknown = numbers[t] === UNK;
      if (t && starts.has(t)) nodes.push(svg("line", { x1: 4, x2: 36, y1: y(t) - 5, y2: y(t) - 5, class: "nnlib-axis", stroke: "#888", "stroke-width": 2 }));
      nodes.push(label(20, y(t) + 18, character, { anchor: "middle", size: 17, fill: unknown ? colors.muted : undefined }),
        ...p[t].flatMap((v, k) => [
          svg("rect", { x: x(k) - 32, y: y(t), width: 64, height: ROW - 9, rx: 3, fill: "#fff" }),
          svg("rect", { x: x(k) - 32, y: y(t), width: 64, height: ROW - 9, rx: 3, fill: colors.prediction,
            "fill-opacity": (0.75 * v).toFixed(3), stroke: path[t] === k ? "#000" : "#bbb", "stroke-width": path[t] === k ? 2 : 1 }),
          label(x(k), y(t) + 17, v.toFixed(2), { anchor: "middle", fill: v > 0.6 ? "#fff" : "#222" })]),
        ...unknown ? [label(326, y(t) + 17, _("new"), { kind: "nnlib-tick", fill: colors.muted })] : []);
    });
    shown.textContent = found.join(" | ");
    ui.picture.replaceChildren(shown, svg("svg", { class: "nnlib-plot", viewBox: `0 0 352 ${TOP + ROW * Math.max(1, n)}`, role: "img",
      "aria-label": _("A lattice: one row for each character, with the probabilities of B, M, E and S; lines join tags that may follow each other, the thick line is the path taken") }, ...nodes));
    if (!n) return ui.say(_("Type a sentence in Chinese."));
    ui.say([_("words"), found.join(" | ")],
      ...right ? [[_("right"), right.join(" | ") === found.join(" | ") ? _("these words") : right.join(" | ")]] : [],
      [_("tags"), tags.join("")],
      ...legal ? [[_("each its likeliest"), each.map(k => TAGS[k]).join("")]] : [],
      [legal ? _("of these, impossible") : _("impossible"), !broken.length ? _("none")
        : broken.length > 1 ? _("{n} places", { n: broken.length }) : _("1 place")],
      ...all.length > MOST ? [_("Only the first {n} characters are read.", { n: MOST })] : []);
  });
}

export default { render };
