// The playground's numbers: one unit with its weights to read and to type, and all weights as tables.
import { html } from "../core/elements.js";
import { format } from "../core/numbers.js";
import { lower } from "../core/written.js";
import { FEATURE_NAMES } from "./playground_network.js";
import { _ } from "../core/language.js";

const NAMES = { none: "z", sigmoid: "σ(z)", tanh: "tanh(z)", relu: "max(0, z)", leaky_relu: "max(0.01 z, z)",
  swish: "z σ(z)" };
const up = n => "⁰¹²³⁴⁵"[n];
const head = text => html("th", { scope: "col" }, text);
const side = text => html("th", { scope: "row" }, text);

// draw(run, [layer, unit], point, busy): typed([layer, unit], j, value) is called for a weight j, or the bias (last).
export function unitTable(box, typed) {
  let shown = "";

  function build(chosen, names) {
    const field = (name, j) => html("input", { type: "text", inputmode: "text", "aria-label": name,
      onchange: event => typed(chosen, j, event.target.value),
      style: "width:5.5rem;min-height:1.6rem;font:inherit;font-size:16px;color:inherit;background:var(--face);border:1px solid var(--edge)" });
    const cell = content => html("td", { style: "padding:0.1rem 0.5rem 0.1rem 0;white-space:nowrap" }, ...content);
    const row = (name, j) => html("tr", {}, side(name), cell([field(name, j)]), cell([]), cell([]));
    box.replaceChildren(html("p", { style: "margin:0 0 0.3rem" }),
      html("div", { style: "overflow:auto;max-height:13rem" }, html("table", {},
        html("thead", {}, html("tr", {}, ...[_("weight"), _("value"), "∂L/∂w", _("input at the ring")].map(head))),
        html("tbody", {}, ...names.map(row)))),
      html("p", { style: "margin:0.3rem 0 0" }));
  }

  return (run, chosen, point, busy) => {
    const { network, sizes } = run, [l, k] = chosen, n = sizes[l - 1], out = l === sizes.length - 1;
    const { W, b, dW, db } = network.layers[l - 1], values = [...W[k], b[k]];
    if (run.data.y.length) run.gradient(); // of all points
    const slopes = [...dW[k], db[k]];
    run.forward([point]);
    const inputs = [...network.a[l - 1][0], 1], z = network.z[l - 1][0][k], a = out ? run.answer(z) : network.a[l][0][k];
    const weight = j => `w${lower(k + 1)}${lower(j + 1)}${up(l)}`;
    const names = values.map((__, j) => (j === n ? `b${lower(k + 1)}${up(l)}`
      : l === 1 ? _("{weight} from {input}", { weight: weight(j), input: FEATURE_NAMES[run.features[j]] })
        : _("{weight} from unit {j}", { weight: weight(j), j: j + 1 })));
    if (shown !== String([chosen, names])) build(chosen, names);
    shown = String([chosen, names]);
    const [title, formula] = box.querySelectorAll("p");
    title.replaceChildren(html("strong", {}, out ? _("Output") : _("Layer {l}, unit {k}", { l, k: k + 1 })), _(" (choose another in the drawing)"));
    box.querySelectorAll("tbody tr").forEach((row, j) => {
      const field = row.querySelector("input");
      if (document.activeElement !== field || busy) field.value = +values[j].toPrecision(6);
      row.children[2].textContent = run.data.y.length ? format(slopes[j], 3) : "";
      row.children[3].textContent = format(inputs[j], 3);
    });
    const answer = out ? run.regression ? "ŷ = z" : "p = σ(z)" : `a${lower(k + 1)} = ${NAMES[run.settings.activation]}`;
    formula.textContent = _("At the ring: {z} = {value}, {a} = {output}",
      { z: `z${out ? "" : lower(k + 1)}`, value: format(z, 4), a: answer, output: format(a, 4) });
  };
}

// Tables of W and b, one for each layer.
export const weightTables = ({ network, features }) => network.layers.map(({ W, b }, l) => html("table", {},
  html("caption", {}, _("W{l} ({n} × {m}) and b{l}", { l: up(l + 1), n: W.length, m: W[0].length })),
  html("thead", {}, html("tr", {}, head(_("unit")), ...Array.from(W[0], (__, j) => head(l ? `a${lower(j + 1)}` : FEATURE_NAMES[features[j]])),
    head("b"))),
  html("tbody", {}, ...W.map((row, i) => html("tr", {}, side(i + 1),
    ...[...row, b[i]].map(value => html("td", {}, format(value, 4))))))));
