// Decoding step by step: the three likeliest tokens at each step, and with attention a map of where the decoder looks.
import { panel } from "../core/panel.js";
import { svg, html } from "../core/elements.js";
import { clamp, lastOf } from "../core/numbers.js";
import { colors } from "../../palette.js";
import { unpackTranslator, encode, ids, plain, translate, field, strip, label, chinese, UNK } from "../core/packed_sequences.js";
import { _ } from "../core/language.js";

const ROW = 26, CHOICES = 3, MOST = 40, STRIP = 48;

// As nnbook.data.chinese_number, below 100,000,000.
export function numeral(n) {
  const small = m => {
    let text = "", zeros = false;
    for (const [unit, value] of [["千", 1000], ["百", 100], ["十", 10], ["", 1]]) {
      const digit = Math.floor(m / value) % 10;
      if (digit) text += (zeros && text ? "零" : "") + "零一二三四五六七八九"[digit] + unit;
      zeros = digit === 0;
    }
    return text || "零";
  };
  const high = Math.floor(n / 10000), low = n % 10000;
  const text = (high ? `${small(high)}万` : "") + (low || !high ? (high && low < 1000 ? "零" : "") + small(low) : "");
  return text.startsWith("一十") ? text.slice(1) : text;
}

// Tokens as the vocabulary writes them: "We", "cars." and full-width digits are known; a number may have commas.
export function tokensOf(text, separator, vocabulary) {
  const clean = plain(text);
  if (!separator) return [...clean.replace(/[\s,，]/g, "")];
  return clean.split(/[\s.,!?;:]+/).filter(Boolean).map(word =>
    vocabulary.find(token => token.toLowerCase() === word.toLowerCase()) ?? word);
}

// A step of the decoder as one row: the token it reads, the three likeliest next ones, framed the one it says.
function rowOf({ input, p, output }, y, current, name) {
  const likeliest = Array.from(p, (v, k) => [v, k]).sort((a, b) => b[0] - a[0]).slice(0, CHOICES);
  const best = likeliest.some(([, k]) => k === output) ? likeliest : [...likeliest.slice(0, -1), [p[output], output]];
  const ground = svg("rect", { x: -2, y: y - 1, width: 364, height: ROW, fill: colors.highlight, "fill-opacity": 0.2 });
  return [...current ? [ground] : [], label(0, y + 17, name(input)), ...best.flatMap(([v, k], c) => [
    svg("rect", { x: 66 + 98 * c, y: y + 2, width: 94, height: ROW - 5, rx: 3, fill: colors.prediction,
      "fill-opacity": (0.6 * v).toFixed(3), stroke: k === output ? "#000" : "#ccc" }),
    label(72 + 98 * c, y + 17, name(k)), label(154 + 98 * c, y + 17, v.toFixed(2), { kind: "nnlib-tick", anchor: "end" })])];
}

function render({ model, el }) {
  const separator = model.get("separator"), networks = {}, names = Object.keys(model.get("models"));
  const network = () => networks[model.get("model")] ??= unpackTranslator(model.get("models")[model.get("model")]);
  const known = Object.assign(Object.create(null), Object.fromEntries(model.get("examples"))), target = model.get("target_vocabulary");
  const name = id => id === 2 ? _("start") : id === 3 ? _("end") : target[id];
  const spoken = steps => steps.filter(s => s.output > 3).map(s => target[s.output]).join("");
  const tokensIn = text => tokensOf(text, separator, model.get("source_vocabulary"));
  const run = text => {
    const all = tokensIn(text), tokens = all.slice(0, MOST), numbers = ids(tokens, model.get("source_vocabulary"));
    return { tokens, numbers, left: all.length - tokens.length,
      ways: tokens.length ? translate(network(), [...numbers].reverse(), +model.get("beam")) : [{ log: 0, steps: [] }] };
  };
  const rightFor = (text, tokens) => known[tokens.join(separator)] ?? known[text]
    ?? (model.get("numerals") && /^\d{1,8}$/.test(tokens.join("")) ? numeral(+tokens.join("")) : undefined);
  const ui = panel(model, el, { name: "translator", keys: ["text", "at", "model", "beam"], wide: true, code: () => {
    const source = separator ? `${JSON.stringify(tokensIn(model.get("text")).join(" "))}.split()` : JSON.stringify(tokensIn(model.get("text")).join(""));
    return `source = source_vocabulary.encode(${source}[::-1])\nfor log_p, ids in beam_search(model, source, ${model.get("beam")}):\n` +
      "    print(log_p, target_vocabulary.decode(ids))";
  } });
  chinese(ui.root, model.get("font"));
  const whole = () => ui.change({ at: Math.max(1, run(model.get("text")).ways[0].steps.length) });
  const anew = control => control.addEventListener(control.tagName === "SELECT" ? "change" : "input", whole);
  const examples = ui.select("text", { label: _("example"), options: Object.fromEntries(Object.keys(known).map(t => [t, t])) });
  examples.lang = "en";
  anew(examples);
  anew(field(ui, model, "text", _("or type one")));
  if (names.length > 1) anew(ui.select("model", { label: _("network"), options: Object.fromEntries(names.map(n => [n, n])) }));
  anew(ui.select("beam", { label: _("decoding"), options: { 1: _("greedy"), 5: _("beam of 5") } }));
  const slider = ui.slider("at", { label: _("tokens said"), min: 1, max: 2, play: 700, show: n => String(n) });
  const shown = html("p", { lang: "zh", style: "font-size:1.3rem;margin:0.2rem 0;min-height:1.6em;overflow-wrap:anywhere" });
  const plot = (height, text, nodes) => svg("svg", { class: "nnlib-plot", viewBox: `-3 0 366 ${height}`, role: "img", "aria-label": text }, ...nodes);

  // The encoder's last state, or where the decoder looks: one column a token said, one row a source token.
  function above({ tokens, numbers }, steps, now) {
    if (!network().M) {
      const code = Array.from(lastOf(encode(network(), [...numbers].reverse()))), rows = Math.ceil(code.length / STRIP);
      return plot(30 + 16 * rows, _("The encoder's last state, as cells"), [
        label(0, 14, _("all that is handed over: {n} numbers, blue above 0, orange below", { n: code.length }), { kind: "nnlib-tick" }),
        ...Array.from({ length: rows }, (__, k) => strip(code.slice(k * STRIP, (k + 1) * STRIP), 0, 22 + 16 * k, 360, 14)).flat()]);
    }
    const left = separator ? 82 : 24, width = Math.min(26, (360 - left) / Math.max(steps.length, 8)), row = 19, top = 24;
    const nodes = steps.slice(0, now).flatMap(({ weights, output }, t) => {
      const x = left + width * t, current = t === now - 1;
      return [label(x + width / 2, 16, output === 3 ? "·" : name(output), { anchor: "middle" }),
        ...tokens.map((__, s) => svg("rect", { x, y: top + row * s, width: width - 1, height: row - 1, fill: colors.prediction,
          "fill-opacity": (0.03 + 0.92 * weights[tokens.length - 1 - s]).toFixed(3), stroke: current ? "#555" : "none" }))];
    });
    tokens.forEach((token, s) => nodes.push(label(left - 5, top + row * s + 14, token.length > 10 ? `${token.slice(0, 9)}…` : token, { anchor: "end" })));
    return plot(top + row * tokens.length + 4, _("Where the decoder looks: one column for each token said, one row for each token of the source; the darker, the more"), nodes);
  }

  ui.draw(() => {
    const text = model.get("text"), result = run(text), { tokens, numbers, ways, left } = result, steps = ways[0].steps, n = steps.length;
    slider.max = Math.max(1, n);
    slider.disabled = n < 2;
    slider.value = model.get("at");
    const now = clamp(Math.round(model.get("at")), 1, Math.max(1, n)), said = spoken(steps.slice(0, now));
    shown.textContent = said;
    if (!n) {
      ui.picture.replaceChildren(shown);
      return ui.say(_("Type something to translate."));
    }
    const nodes = [label(0, 14, _("reads"), { kind: "nnlib-tick" }), label(66, 14, _("says, with probability"), { kind: "nnlib-tick" })];
    const first = Math.max(0, network().M ? now - 3 : 0); // beside the map the last steps are enough
    steps.slice(first, now).forEach((step, t) => nodes.push(...rowOf(step, 20 + ROW * t, first + t === now - 1, name)));
    const others = ways.length > 1 ? [html("ol", { lang: "zh", style: "margin:0.3rem 0;padding-left:1.4em;font-size:0.95rem" },
      ...ways.map(way => html("li", {}, `${spoken(way.steps)} `, html("span", { class: "nnlib-name" }, Math.exp(way.log).toFixed(3)))))] : [];
    ui.picture.replaceChildren(shown, above(result, steps, now), plot(24 + ROW * (now - first),
      _("One row for each step of the decoder: the token it reads, the three likeliest next tokens"), nodes), ...others);
    const unknown = tokens.filter((__, t) => numbers[t] === UNK), answer = rightFor(text, tokens);
    ui.say([_("said"), said || _("nothing yet")], [_("next"), name(steps[now - 1].output)],
      ...now === n && answer ? [[_("right answer"), answer === said ? _("the same") : answer]] : [],
      ...ways.length > 1 ? [[_("the list"), _("the beam's five, with their probabilities")]] : [],
      ...unknown.length ? [[_("not in its vocabulary"), unknown.join(" ")]] : [],
      ...left ? [_("Only the first {n} tokens are read.", { n: MOST })] : []);
  });
}

export default { render };
