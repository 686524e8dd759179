// A Chinese sentence, character by character: probabilities of the tags, and the words that they make.
import { panel } from "../core/panel.js";
import { svg, html } from "../core/elements.js";
import { colors } from "../../palette.js";
import { unpack, unpackCell, unpackLinear, ids, tag, split, field, label, chinese, UNK } from "../core/packed_sequences.js";

const TAGS = "BMES", ROW = 26, TOP = 30, NAMES = { B: "begins", M: "middle", E: "ends", S: "single" };

function render({ model, el }) {
  const vocabulary = model.get("vocabulary"), networks = {};
  const truth = Object.fromEntries(model.get("examples").map(words => [words.split("|").join(""), words.split("|")]));
  const network = name => networks[name] ??= (({ embedding, cells, head }) => ({ embedding: unpack(embedding),
    cells: cells.map(unpackCell), head: unpackLinear(head) }))(model.get("models")[name]);
  const ui = panel(model, el, { name: "segmenter", keys: ["text", "model"], wide: true, code: () =>
    `text = ${JSON.stringify(model.get("text"))}\ntags = model(vocabulary.encode(text)[None])[0].argmax(axis=1)\n` +
    `data.split_words(text, "".join(data.TAGS[k] for k in tags))` });
  chinese(ui.root, model.get("font"));
  const select = ui.select("text", { label: "example", options: Object.fromEntries(Object.keys(truth).map(t => [t, t])) });
  const input = field(ui, model, "text", "or type one");
  for (const node of [select, input]) {
    node.style.fontFamily = "inherit";
    node.lang = "zh";
  }
  ui.select("model", { label: "network", options: Object.fromEntries(Object.keys(model.get("models")).map(n => [n, n])) });
  const shown = html("p", { lang: "zh", style: "font-size:1.3rem;margin:0.2rem 0;overflow-wrap:anywhere" });

  ui.draw(() => {
    const characters = [...model.get("text")].filter(c => c.trim()).slice(0, 40), numbers = ids(characters, vocabulary);
    const p = tag(network(model.get("model")), numbers), best = p.map(row => TAGS[row.indexOf(Math.max(...row))]);
    const found = split(characters, best), right = truth[characters.join("")];
    const nodes = [...TAGS].map((t, k) => label(76 + 68 * k, 18, `${t} ${NAMES[t]}`, { kind: "nnlib-tick", anchor: "middle" }));
    let at = 0;
    const starts = new Set(found.map(word => (at += [...word].length) - [...word].length));
    characters.forEach((character, t) => {
      const y = TOP + ROW * t, unknown = numbers[t] === UNK;
      if (t && starts.has(t)) nodes.push(svg("line", { x1: 4, x2: 322, y1: y - 1, y2: y - 1, stroke: "#444", "stroke-width": 1.6 }));
      nodes.push(label(20, y + 18, character, { anchor: "middle", size: 17, fill: unknown ? colors.muted : undefined }),
        ...p[t].flatMap((v, k) => [
          svg("rect", { x: 44 + 68 * k, y: y + 2, width: 64, height: ROW - 6, rx: 3, fill: colors.prediction,
            "fill-opacity": (0.75 * v).toFixed(3), stroke: best[t] === TAGS[k] ? "#000" : "#bbb" }),
          label(76 + 68 * k, y + 17, v.toFixed(2), { anchor: "middle", fill: v > 0.6 ? "#fff" : "#222" })]),
        ...unknown ? [label(326, y + 17, "new", { kind: "nnlib-tick", fill: colors.muted })] : []);
    });
    shown.textContent = found.join(" | ");
    ui.picture.replaceChildren(shown, svg("svg", { class: "nnlib-plot", viewBox: `0 0 352 ${TOP + ROW * Math.max(1, characters.length)}`,
      role: "img", "aria-label": "One row for each character, with the probabilities of B, M, E and S; lines between words" }, ...nodes));
    if (!characters.length) return ui.say("Type a sentence in Chinese.");
    ui.say(["words", found.join(" | ")], ...right ? [["right", right.join(" | ") === found.join(" | ") ? "exactly so" : right.join(" | ")]] : [],
      ["tags", best.join("")]);
  });
}

export default { render };
