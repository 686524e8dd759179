// A canvas to draw on, with a pen for mouse, finger and keyboard.
import { html, set } from "../core/elements.js";
import { clamp } from "../core/numbers.js";
import { pixelAt } from "../core/pixels.js";
import { _ } from "../core/language.js";

export const SIZE = 28;
const PEN = 1.25, WAYS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

export class Pad {
  // read(): the drawing, SIZE * SIZE numbers;  write(numbers): once a frame while the pen is down
  constructor(read, write) {
    Object.assign(this, { read, write, ink: null, waiting: false, last: null, at: [14, 14], down: false, shown: false });
    this.canvas = html("canvas", { class: "nnlib-canvas nnlib-ink", tabindex: 0, role: "application",
      style: "touch-action:none;cursor:crosshair", "aria-roledescription": _("drawing pad"),
      "aria-label": _("drawing pad: arrow keys move the pen, space lowers or lifts it") });
    this.cursor = html("div", { style: "position:absolute;border:2px solid var(--nn-loss);border-radius:50%;pointer-events:none" });
    this.node = html("div", { style: "position:relative" }, this.canvas, this.cursor);
    this.listen();
    this.showCursor();
  }

  // A soft disc, drawn along the way from `from` to `to` ([column, row]).
  stroke(from, to) {
    const ink = this.ink ??= Float64Array.from(this.read());
    const steps = Math.max(1, Math.ceil(2 * Math.hypot(to[0] - from[0], to[1] - from[1])));
    for (let s = 0; s <= steps; s++) {
      const [x, y] = [0, 1].map(k => from[k] + (to[k] - from[k]) * s / steps);
      for (let i = Math.floor(y) - 2; i <= y + 2; i++)
        for (let j = Math.floor(x) - 2; j <= x + 2; j++) {
          if (i < 0 || j < 0 || i >= SIZE || j >= SIZE) continue;
          const value = clamp(PEN + 0.5 - Math.hypot(j + 0.5 - x, i + 0.5 - y), 0, 1);
          ink[i * SIZE + j] = Math.max(ink[i * SIZE + j], +value.toFixed(2));
        }
    }
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.write([...this.ink]);
      this.ink = null;
    });
  }

  listen() {
    const { canvas } = this, lift = () => { this.last = null; };
    set(canvas, {
      onpointerdown: event => {
        canvas.setPointerCapture(event.pointerId);
        this.shown = false;
        this.last = pixelAt(canvas, event);
        this.stroke(this.last, this.last);
      },
      onpointermove: event => {
        if (!this.last || !canvas.hasPointerCapture(event.pointerId)) return;
        const now = pixelAt(canvas, event);
        this.stroke(this.last, now);
        this.last = now;
      },
      onpointerup: lift,
      onpointercancel: lift,
      onfocus: () => { this.shown = canvas.matches(":focus-visible"); this.showCursor(); },
      onblur: () => { this.shown = this.down = false; this.showCursor(); },
      onkeydown: event => this.key(event),
    });
  }

  key(event) {
    const way = WAYS[event.key];
    if (!way && event.key !== " ") return;
    event.preventDefault();
    const from = this.at;
    if (way) this.at = this.at.map((v, k) => clamp(v + way[k], 1, SIZE - 1));
    else this.down = !this.down;
    this.shown = true;
    if (this.down) this.stroke(from, this.at);
    this.showCursor();
  }

  showCursor() {
    this.cursor.hidden = !this.shown;
    Object.assign(this.cursor.style, { width: "7%", height: "7%", left: `${this.at[0] / SIZE * 100 - 3.5}%`,
      top: `${this.at[1] / SIZE * 100 - 3.5}%`, background: this.down ? "var(--nn-loss)" : "transparent" });
  }
}

// As the digits of MNIST were made: the longer side of what is drawn becomes 20 pixels, its centre of mass the middle.
export function centred(rows) {
  const inked = [];
  rows.forEach((row, i) => row.forEach((v, j) => { if (v > 0.1) inked.push([i, j, v]); }));
  if (!inked.length) return rows.map(row => Float64Array.from(row));
  const [is, js] = [0, 1].map(k => inked.map(p => p[k]));
  const scale = (Math.max(Math.max(...is) - Math.min(...is), Math.max(...js) - Math.min(...js)) + 1) / 20;
  const total = inked.reduce((s, p) => s + p[2], 0);
  const [ci, cj] = [0, 1].map(k => inked.reduce((s, p) => s + p[k] * p[2], 0) / total);
  const at = (i, j) => rows[i]?.[j] ?? 0;
  return Array.from({ length: SIZE }, (__, i) => Float64Array.from({ length: SIZE }, (__, j) => {
    const y = ci + (i - 13.5) * scale, x = cj + (j - 13.5) * scale, r = Math.floor(y), c = Math.floor(x);
    const value = (1 - (y - r)) * ((1 - (x - c)) * at(r, c) + (x - c) * at(r, c + 1)) +
      (y - r) * ((1 - (x - c)) * at(r + 1, c) + (x - c) * at(r + 1, c + 1));
    return Math.round(value * 1000) / 1000;
  }));
}
