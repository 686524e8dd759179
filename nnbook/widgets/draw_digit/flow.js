// The image, all maps and the answers as one flow: edges from map to map, frames around what a cell saw.
import { html, svg, set } from "../core/elements.js";
import { clamp, lastOf } from "../core/numbers.js";
import { pixelAt } from "../core/pixels.js";
import { colors } from "../../palette.js";
import { _ } from "../core/language.js";

const WAYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

const curve = ([x, y], [u, v]) => `M${x} ${y}C${x} ${(y + v) / 2} ${u} ${(y + v) / 2} ${u} ${v}`;
const bottom = ({ x, y, width, height }) => [x + width / 2, y + height];
const top = ({ x, y, width }) => [x + width / 2, y];

export class Flow {
  // levels: [{ caption, names, side, kind }, …], the image first; kind: of the stage that makes it
  // choose(level, map, [row, column]): clicked, or moved to with the keys;  hover: the same for pointing, or nothing
  constructor(levels, { choose, hover }) {
    Object.assign(this, { kinds: levels.map(({ kind }) => kind), choose, hover, at: [1, 0, [0, 0]], trace: null });
    this.faint = levels.map(() => svg("path", { fill: "none", stroke: colors.muted, "stroke-width": 0.7 }));
    this.strong = svg("g", { fill: "none" });
    this.marks = svg("g", { fill: "none", stroke: colors.highlight, "stroke-width": 1.7 });
    this.layers = [svg("svg", { class: "nnlib-plot nnlib-edges", "data-measured": true, "aria-hidden": "true" }, ...this.faint, this.strong),
      svg("svg", { class: "nnlib-marks", "data-measured": true, "aria-hidden": "true" }, this.marks)];
    this.places = new Map(); // canvas -> [level, map]
    this.canvases = [];
    this.labels = [];
    const rows = levels.map((level, t) => this.row(level, t));
    this.node = html("div", { class: "nnlib-flow", tabindex: 0, role: "application", "aria-roledescription": _("network"),
      "aria-label": _("the network: arrow keys move the cell, over the edge to the next map or layer; " +
        "Page Up and Page Down change the layer, Home goes to the strongest cell") }, this.layers[0], ...rows, this.layers[1]);
    this.listen();
    this.watch = new ResizeObserver(() => this.measure());
    this.watch.observe(this.node);
  }

  row({ caption, names, side, answers }, t) {
    const row = html("div", { class: "nnlib-level-maps", style: `--few:${answers ? 10 : Math.min(names.length, 8)};--many:${
      answers ? 10 : Math.min(names.length, 16)};--widest:${Math.round(t === 0 ? 112 : 22 + 1.5 * side)}px` });
    this.canvases.push(names.map((name, k) => {
      const canvas = html("canvas", { class: "nnlib-canvas nnlib-ink", role: "img", "aria-label": name });
      this.places.set(canvas, [t, k]);
      if (answers) {
        this.labels.push(html("span", {}));
        row.append(html("div", {}, canvas, lastOf(this.labels)));
      } else row.append(canvas);
      return canvas;
    }));
    return html("div", { class: "nnlib-level" }, html("p", { class: "nnlib-caption" }, caption), row);
  }

  cellOf(event) {
    const place = this.places.get(event.target);
    if (!place || place[0] === 0) return undefined;
    const { width, height } = event.target, [x, y] = pixelAt(event.target, event);
    return [...place, [clamp(Math.floor(y), 0, height - 1), clamp(Math.floor(x), 0, width - 1)]];
  }

  listen() {
    set(this.node, {
      onclick: event => {
        const cell = this.cellOf(event);
        if (cell) this.choose(...cell);
      },
      onpointermove: event => {
        if (event.pointerType === "touch") return;
        const cell = this.cellOf(event), key = String(cell);
        if (key !== this.pointed) this.hover(cell);
        this.pointed = key;
      },
      onpointerleave: () => { if (this.pointed !== "undefined") this.hover(undefined); this.pointed = "undefined"; },
      onkeydown: event => this.key(event),
    });
    this.pointed = "undefined";
  }

  key(event) {
    const way = WAYS[event.key], leap = { PageUp: -1, PageDown: 1 }[event.key];
    if (!way && !leap && event.key !== "Home") return;
    event.preventDefault();
    const [t, k, at] = this.at;
    if (!way) return leap ? this.leap(t + leap, k, [-1, -1]) : this.choose(t, k, [-1, -1]);
    const { width, height } = this.canvases[t][k], next = at.map((n, axis) => n + way[axis]);
    if (next[0] < 0 || next[0] >= height) return this.leap(t + way[0], k, [-1, -1]);
    if (next[1] >= 0 && next[1] < width) return this.choose(t, k, next);
    const map = k + way[1];
    return this.canvases[t][map] && this.choose(t, map, [next[0], way[1] > 0 ? 0 : width - 1]);
  }

  // To another level, to the map that stands at the same share of its row.
  leap(t, k, at) {
    if (t < 1 || t >= this.canvases.length) return;
    const [now, next] = [this.canvases[this.at[0]].length, this.canvases[t].length];
    this.choose(t, Math.min(next - 1, Math.floor((k + 0.5) / now * next)), at);
  }

  // Where everything stands; edges of all maps, faint.
  measure() {
    const frame = this.node.getBoundingClientRect();
    if (!frame.width) return;
    this.boxes = this.canvases.map(level => level.map(canvas => {
      const { left, top: y, width, height } = canvas.getBoundingClientRect();
      return { x: left - frame.left, y: y - frame.top, width, height };
    }));
    for (const layer of this.layers) set(layer, { viewBox: `0 0 ${frame.width} ${frame.height}` });
    const round = place => place.map(v => Math.round(v));
    this.boxes.slice(1).forEach((level, t) => {
      const lines = level.flatMap((box, k) => (this.kinds[t + 1] === "pool" ? [this.boxes[t][k]] : this.boxes[t])
        .map(from => curve(round(bottom(from)), round(top(box)))));
      set(this.faint[t + 1], { d: lines.join(""), "stroke-opacity": Math.max(0.05, Math.min(0.5, 13 / lines.length)) });
    });
    this.show(...this.trace ?? []);
  }

  // steps: the cell and its way back (stages.js: path); boxes: what it sees on each level (seen)
  show(steps, boxes) {
    if (!steps) {
      this.trace = null;
      this.strong.replaceChildren();
      return this.marks.replaceChildren();
    }
    this.trace = [steps, boxes];
    if (!this.boxes) return undefined;
    this.strong.replaceChildren(...steps.flatMap((step, n) => this.fan(step, n === 0 ? 0.9 : 0.4)));
    let chosen = [steps[0].k];
    const frames = [this.frame(this.boxes[steps[0].s + 1][steps[0].k], 3)];
    for (let t = steps[0].s + 1; t >= 0; t--) {
      frames.push(...chosen.map(k => this.part(t, k, boxes[t])));
      if (this.kinds[t] !== "pool") chosen = this.canvases[Math.max(t - 1, 0)].map((unused, k) => k);
    }
    return this.marks.replaceChildren(...frames);
  }

  // The edges into one map, as wide as what they carry; blue adds, orange takes away.
  fan({ s, k, sum }, opacity) {
    const largest = Math.max(...(sum.parts ?? [1]).map(Math.abs)) || 1, end = top(this.boxes[s + 1][k]);
    return sum.from.map((from, n) => {
      const share = sum.parts ? sum.parts[n] / largest : 1;
      return svg("path", { d: curve(bottom(this.boxes[s][from]), end), "stroke-opacity": Math.abs(share) < 0.02 ? 0 : opacity,
        "stroke-width": 0.6 + 3.4 * Math.abs(share), stroke: share < 0 ? colors.loss : colors.prediction });
    });
  }

  frame({ x, y, width, height }, wider = 0) {
    return svg("rect", { x: x - wider, y: y - wider, width: width + 2 * wider, height: height + 2 * wider });
  }

  // The frame around rows and columns of a map, as far as they are inside it.
  part(t, k, [[up, down], [left, right]]) {
    const { width, height } = this.canvases[t][k], box = this.boxes[t][k], [a, b] = [box.width / width, box.height / height];
    const x = clamp(left, 0, width), y = clamp(up, 0, height);
    return this.frame({ x: box.x + a * x, y: box.y + b * y, width: Math.max(2, a * (clamp(right + 1, 0, width) - x)),
      height: Math.max(2, b * (clamp(down + 1, 0, height) - y)) });
  }
}

export const FLOW_STYLE = `
.nnlib-flow { position: relative; margin-top: 0.8rem; outline-offset: 4px; }
.nnlib-widget .nnlib-flow > svg { position: absolute; top: 0; left: 0; width: 100%; height: 100%; max-width: none; pointer-events: none; overflow: visible; }
.nnlib-level { position: relative; margin-top: 1.9rem; }
.nnlib-level .nnlib-caption { width: fit-content; background: var(--face); padding-right: 0.4rem; }
.nnlib-level-maps { display: grid; gap: 4px 3px; grid-template-columns: repeat(var(--few), minmax(0, 1fr)); justify-items: center; align-items: center; }
.nnlib-level-maps canvas { max-width: var(--widest); width: 100%; position: relative; margin: 0 auto; }
.nnlib-level-maps > div { width: 100%; }
.nnlib-level:not(:nth-child(2)) canvas { cursor: pointer; }
.nnlib-level-maps span { display: block; text-align: center; white-space: pre; font-size: 0.8rem; line-height: 1.25; background: var(--face); font-variant-numeric: tabular-nums; }
@media (min-width: 600px) {
  .nnlib-level { display: grid; grid-template-columns: 7.5rem minmax(0, 1fr); gap: 0.6rem; align-items: center; margin-top: 1.2rem; }
  .nnlib-level-maps { grid-template-columns: repeat(var(--many), minmax(0, 1fr)); }
}`;
