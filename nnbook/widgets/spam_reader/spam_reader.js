// A message and the weight of each of its words in a linear classifier; the sum decides.
import { panel } from "../core/panel.js";
import { svg } from "../core/elements.js";
import { withSign } from "../core/written.js";
import { colors } from "../../palette.js";
import { words, sigmoid, field, label } from "../core/packed_sequences.js";
import { _ } from "../core/language.js";

const ROW = 22, MIDDLE = 225, WIDE = 105, MOST = 5;

// The different words of a text with their weights (undefined: not known), and their sum with the bias.
export function weigh(text, weights, bias) {
  const found = [...new Set(words(text))].map(word => [word, weights.get(word)]);
  return { found, z: found.reduce((sum, [, weight]) => sum + (weight ?? 0), bias) };
}

function render({ model, el }) {
  const bias = model.get("bias"), list = model.get("weights");
  const weights = new Map(model.get("words").map((word, k) => [word, list[k]]));
  const ui = panel(model, el, { name: "spam_reader", keys: ["text"], wide: true });
  ui.select("text", { label: _("example"), options: Object.fromEntries(model.get("examples").map(t => [t, t])) }).lang = "en";
  field(ui, model, "text", _("or type one"));

  ui.draw(() => {
    const { found, z } = weigh(model.get("text"), weights, bias), shown = found.slice(0, 40);
    const bar = (y, weight, fill) => svg("rect", { y, height: ROW - 6, fill,
      x: MIDDLE + Math.min(0, Math.max(weight, -MOST)) * WIDE / MOST, width: Math.min(Math.abs(weight), MOST) * WIDE / MOST });
    const rows = [[_("bias and absent words"), bias], ...shown].flatMap(([word, weight], k) => {
      const y = 4 + ROW * k, name = word.length > 21 ? `${word.slice(0, 20)}…` : word;
      return [label(0, y + 14, weight === undefined ? `(${name})` : name, { fill: weight === undefined ? colors.muted : undefined }),
        ...weight === undefined ? [] : [bar(y, weight, weight < 0 ? colors.class0 : colors.class1),
          label(380, y + 14, withSign(weight, 2), { anchor: "end" })]];
    });
    const height = 8 + ROW * (shown.length + 1);
    ui.picture.replaceChildren(svg("svg", { class: "nnlib-plot", viewBox: `-3 0 390 ${height}`, role: "img",
      "aria-label": _("One bar for each word: to the right it speaks for spam, to the left against it") },
    svg("line", { x1: MIDDLE, x2: MIDDLE, y1: 2, y2: height - 2, stroke: "#999" }), ...rows));
    ui.say([_("sum z"), withSign(z, 2)], [_("probability of spam"), sigmoid(z).toFixed(4)], [_("verdict"), z > 0 ? _("spam") : _("not spam")],
      ...found.some(([, weight]) => weight === undefined) ? [_("In brackets: words that are not in the vocabulary.")] : []);
  });
}

export default { render };
