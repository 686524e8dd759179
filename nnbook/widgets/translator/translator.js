// Greedy decoding: the encoder's last state, then one token after the other.
import { panel } from "../core/panel.js";
import { svg, html } from "../core/elements.js";
import { clamp } from "../core/numbers.js";
import { halfWidth } from "../core/typed.js";
import { colors } from "../../palette.js";
import { unpack, unpackCell, unpackLinear, ids, translate, field, strip, label, chinese, UNK } from "../core/packed_sequences.js";

const ROW = 26, TOP = 78, CHOICES = 3;

function render({ model, el }) {
  const packed = model.get("model"), separator = model.get("separator");
  const network = { source: unpack(packed.source), encoder: unpackCell(packed.encoder), target: unpack(packed.target),
    decoder: unpackCell(packed.decoder), head: unpackLinear(packed.head) };
  const right = Object.assign(Object.create(null), Object.fromEntries(model.get("examples"))), target = model.get("target_vocabulary");
  const name = id => id === 2 ? "start" : id === 3 ? "end" : target[id];
  const tokensOf = text => separator ? halfWidth(text).trim().split(/\s+/).filter(Boolean) : [...text].filter(c => c.trim());
  const run = text => {
    const tokens = tokensOf(text).slice(0, 40), numbers = ids(tokens, model.get("source_vocabulary"));
    return { tokens, numbers, ...tokens.length ? translate(network, [...numbers].reverse()) : { steps: [] } };
  };
  const ui = panel(model, el, { name: "translator", keys: ["text", "at"], wide: true, code: () =>
    `source = source_vocabulary.encode(${separator ? `${JSON.stringify(model.get("text"))}.split()` : JSON.stringify(model.get("text"))}[::-1])\n` +
    "target_vocabulary.decode(model.translate(source[None])[0])" });
  chinese(ui.root, model.get("font"));
  const whole = text => ({ at: Math.max(1, run(text).steps.length) });
  ui.select("text", { label: "example", options: Object.fromEntries(Object.keys(right).map(t => [t, t])), also: whole });
  field(ui, model, "text", "or type one").addEventListener("input", () => ui.change(whole(model.get("text"))));
  const slider = ui.slider("at", { label: "tokens said", min: 1, max: 2, play: 700, show: n => String(n) });
  const shown = html("p", { lang: "zh", style: "font-size:1.3rem;margin:0.2rem 0;min-height:1.6em;overflow-wrap:anywhere" });

  ui.draw(() => {
    const text = model.get("text"), { tokens, numbers, code, steps } = run(text), n = steps.length;
    slider.max = Math.max(1, n);
    slider.disabled = n < 2;
    slider.value = model.get("at");
    const now = clamp(Math.round(model.get("at")), 1, Math.max(1, n));
    const said = steps.slice(0, now).filter(s => s.output > 3).map(s => target[s.output]).join("");
    shown.textContent = said;
    if (!n) {
      ui.picture.replaceChildren(shown);
      return ui.say("Type something to translate.");
    }
    const head = (x, text) => label(x, TOP - 8, text, { kind: "nnlib-tick" });
    const nodes = [label(0, 18, "the encoder has read it all; its last state is the start:", { kind: "nnlib-tick" }),
      ...strip(code, 0, 26, 360, 16), head(0, "reads"), head(56, "state"), head(176, "says, with probability")];
    steps.slice(0, now).forEach(({ input, state, p, output }, t) => {
      const y = TOP + ROW * t, best = Array.from(p, (v, k) => [v, k]).sort((a, b) => b[0] - a[0]).slice(0, CHOICES);
      if (t === now - 1) nodes.push(svg("rect", { x: -2, y: y - 1, width: 364, height: ROW, fill: colors.highlight, "fill-opacity": 0.2 }));
      nodes.push(label(0, y + 17, name(input)), ...strip(state, 56, y + 3, 110, ROW - 8),
        ...best.flatMap(([v, k], c) => [
          svg("rect", { x: 176 + 62 * c, y: y + 2, width: 58, height: ROW - 5, rx: 3, fill: colors.prediction,
            "fill-opacity": (0.6 * v).toFixed(3), stroke: k === output ? "#000" : "#ccc" }),
          label(180 + 62 * c, y + 17, name(k)),
          label(231 + 62 * c, y + 17, v.toFixed(2), { kind: "nnlib-tick", anchor: "end" })]));
    });
    ui.picture.replaceChildren(shown, svg("svg", { class: "nnlib-plot", viewBox: `-3 4 366 ${TOP + ROW * now}`, role: "img",
      "aria-label": "One row for each step of the decoder: the token it reads, its state, the three likeliest next tokens" }, ...nodes));
    const unknown = tokens.filter((_, t) => numbers[t] === UNK), answer = right[text];
    ui.say(["said", said || "nothing yet"], ["next", name(steps[now - 1].output)],
      ...now === n && answer ? [["right answer", answer === said ? "the same" : answer]] : [],
      ...unknown.length ? [["not in its vocabulary", unknown.join(" ")]] : []);
  });
}

export default { render };
