// The arithmetic of one cell: its window, the kernel, the sums, ReLU; the four numbers of a pooling; the softmax.
import { html, set } from "../core/elements.js";
import { clamp, format } from "../core/numbers.js";
import { short } from "../core/written.js";
import { paint, pixelAt, signed, strength, grid } from "../core/pixels.js";
import { shares } from "./stages.js";
import { _ } from "../core/language.js";

const LARGEST = 6; // rows of a window whose numbers are written
const three = v => short(+v.toFixed(3)), two = rows => rows.map(row => Array.from(row, v => +v.toFixed(2)));
const signedSum = parts => parts.join(" + ").replace("+ −", "− ");

export class Arithmetic {
  // choose([row, column]): a cell of the map, [-1, -1] for the strongest;  open(part): one of the maps before, from 0
  constructor(choose, open) {
    Object.assign(this, { open });
    this.title = html("p", { class: "nnlib-caption nnlib-sum-of" });
    this.canvas = html("canvas", { class: "nnlib-canvas nnlib-ink", role: "img", style: "cursor:pointer", onclick: event => {
      const [x, y] = pixelAt(this.canvas, event);
      choose([clamp(Math.floor(y), 0, this.canvas.height - 1), clamp(Math.floor(x), 0, this.canvas.width - 1)]);
    } });
    this.mark = html("div", { class: "nnlib-mark" });
    this.button = html("button", { type: "button", onclick: () => choose([-1, -1]) }, _("its strongest cell"));
    this.window = grid(_("window"), { name: () => "" });
    this.kernel = grid(_("kernel"), { name: () => "" });
    this.times = html("span", {}, "×");
    this.pictures = html("div", { class: "nnlib-grids" });
    this.grids = html("div", { class: "nnlib-grids nnlib-factors" }, this.window.node, this.times, this.kernel.node);
    this.before = html("p", { class: "nnlib-caption" });
    this.parts = html("div", { class: "nnlib-parts" });
    this.sum = html("p", { class: "nnlib-sum" });
    this.softmax = html("div", {});
    this.node = html("div", { class: "nnlib-arithmetic" },
      html("div", {}, this.title, html("div", { style: "position:relative" }, this.canvas, this.mark), this.button),
      html("div", {}, this.before, this.parts, this.grids, this.pictures, this.sum, this.softmax));
  }

  // name: of the map; sum: stages.js; part: which of the maps before is opened; top: number of the strongest colour
  show({ name, map, at, sum, stage, part, top, scores, naming }) {
    this.title.textContent = name;
    paint(this.canvas, map, v => strength(v / top));
    set(this.canvas, { "aria-label": name });
    Object.assign(this.mark.style, { left: `${at[1] / map[0].length * 100}%`, top: `${at[0] / map.length * 100}%`,
      width: `${100 / map[0].length}%`, height: `${100 / map.length}%` });
    const several = sum.from.length > 1;
    this.button.hidden = this.canvas.parentNode.hidden = map.length === 1 && map[0].length === 1;
    this.before.hidden = this.parts.hidden = !several;
    if (several) this.showParts(sum, part, naming);
    this.showWindow(sum, stage, part, naming);
    this.sum.textContent = sum.kernel ? added(sum, stage) : pooled(sum, stage);
    this.softmax.replaceChildren(...scores ? [table(scores, name)] : []);
  }

  showParts({ parts }, part, naming) {
    const largest = Math.max(...parts.map(Math.abs)) || 1;
    this.before.textContent = _("what each of the {n} maps before adds, in sum; a click opens its products:", { n: parts.length });
    while (this.parts.children.length > parts.length) this.parts.lastChild.remove();
    parts.forEach((value, c) => {
      const button = this.parts.children[c] ?? html("button", { type: "button", onclick: () => this.open(c) });
      if (!button.parentNode) this.parts.append(button);
      button.textContent = three(value);
      button.style.borderBottom = `${(0.5 + 4 * Math.abs(value) / largest).toFixed(1)}px solid var(--nn-${value < 0 ? "loss" : "prediction"})`;
      set(button, { "aria-pressed": String(c === part), "aria-label": `${naming(c)}: ${three(value)}` });
    });
  }

  showWindow({ windows, kernel, from }, stage, part, naming) {
    const n = kernel ? part : 0, window = windows[n], small = Math.max(window.length, window[0].length) <= LARGEST;
    const best = strongestOf(window, kernel?.[n]);
    this.grids.hidden = !small;
    this.pictures.hidden = small;
    this.times.hidden = this.kernel.node.hidden = !kernel;
    if (!small) return this.pictures.replaceChildren(...[window, ...kernel ? [kernel[n]] : []].map(rows => {
      const canvas = html("canvas", { class: "nnlib-canvas nnlib-ink", role: "img", style: "width:9rem", "aria-label": naming(from[n]) });
      const most = Math.max(...rows.flatMap(row => Array.from(row, Math.abs))) || 1;
      paint(canvas, rows, v => signed(v / most));
      return canvas;
    }));
    const most = Math.max(...window.flat().map(Math.abs)) || 1, mark = (i, j) => i === best[0] && j === best[1];
    this.window.caption(_("window of {map}", { map: naming(from[n]) }));
    this.window.update(two(window), (i, j) => mark(i, j) ? "now" : window[i][j] > 0 ? "shaded" : "", (i, j) => window[i][j] / most);
    if (!kernel) return undefined;
    this.kernel.caption(_("its weights"));
    return this.kernel.update(two(kernel[n]), (i, j) => mark(i, j) ? "now" : "");
  }
}

// Where the largest product is, or the largest number; nowhere if none is above 0.
function strongestOf(window, kernel) {
  let best = [-1, -1], most = 0;
  window.forEach((row, i) => row.forEach((v, j) => {
    const value = kernel ? v * kernel[i][j] : v;
    if (value > most) [most, best] = [value, [i, j]];
  }));
  return best;
}

function added({ windows, parts, bias, z, value }, stage) {
  const products = windows.length * windows[0].length * windows[0][0].length;
  const sum = `${signedSum([three(z - bias), three(bias)])} ${_("(bias)")} = ${three(z)}`;
  const line = parts.length > 1 ? _("{n} products in {k} sums: {sum}", { n: products, k: parts.length, sum })
    : _("{n} products: {sum}", { n: products, sum });
  return stage.relu ? `${line}; ReLU: max(0, ${three(z)}) = ${three(value)}` : line;
}

function pooled({ windows, value }, { mean }) {
  const numbers = windows[0].flatMap(row => row.map(v => short(+v.toFixed(3)))).join(", ");
  return mean ? _("mean of {numbers} = {value}", { numbers, value: three(value) })
    : _("largest of {numbers} = {value}", { numbers, value: three(value) });
}

// Scores, their powers, the shares.
function table(scores, name) {
  const { z, powers, p } = shares(scores), row = (kind, ...cells) => html("tr", {}, ...cells.map(text => html(kind, {}, text)));
  const total = powers.reduce((sum, v) => sum + v), best = p.indexOf(Math.max(...p));
  const rows = z.map((v, d) => row("td", String(d), format(v, 3), format(powers[d], 3), `${(100 * p[d]).toFixed(1)} %`));
  set(rows[best], { class: "nnlib-best" });
  return html("table", { class: "nnlib-softmax", "aria-label": name },
    row("th", "", _("score z"), `e^(z − ${three(Math.max(...z))})`.replace("− −", "+ "), _("softmax: its share")), ...rows,
    row("td", _("sum"), "", format(total, 3), "100 %"));
}

export const ARITHMETIC_STYLE = `
.nnlib-arithmetic { display: grid; gap: 0.6rem 1.2rem; grid-template-columns: minmax(0, 1fr); margin-top: 1rem; border-top: 1px solid var(--edge); padding-top: 0.6rem; }
.nnlib-arithmetic > div { min-width: 0; }
.nnlib-arithmetic > div:first-child { max-width: 13rem; }
.nnlib-arithmetic button { margin-top: 0.4rem; font-size: 0.85rem; }
.nnlib-mark { position: absolute; box-sizing: border-box; border: 2px solid var(--nn-highlight); box-shadow: 0 0 0 1px #fff; min-width: 6px; min-height: 6px; pointer-events: none; }
.nnlib-factors { align-items: end; gap: 0.4rem 0.8rem; margin: 0.5rem 0; }
.nnlib-factors > span { align-self: center; }
.nnlib-widget .nnlib-factors .nnlib-cells .nnlib-cell { font-size: min(0.8rem, var(--letters)); }
.nnlib-factors .nnlib-grid-box { width: min(100%, 10.8rem); }
.nnlib-parts { display: grid; grid-template-columns: repeat(auto-fill, minmax(3.4rem, 1fr)); gap: 3px; }
.nnlib-widget .nnlib-parts button { margin: 0; padding: 0; min-height: 1.8rem; font-size: 0.8rem; font-variant-numeric: tabular-nums; }
.nnlib-widget .nnlib-parts button[aria-pressed="true"] { outline: 2px solid var(--nn-highlight); }
.nnlib-softmax { border-collapse: collapse; margin-top: 0.5rem; font-size: 0.85rem; font-variant-numeric: tabular-nums; }
.nnlib-softmax th, .nnlib-softmax td { padding: 0.1rem 0.6rem; text-align: right; border: 0; border-bottom: 1px solid var(--edge); }
.nnlib-best td { font-weight: bold; }
@media (min-width: 600px) { .nnlib-arithmetic { grid-template-columns: 11rem minmax(0, 1fr); } }`;
