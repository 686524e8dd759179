// For widgets that show images: arrays packed as text, images on a canvas, grids of numbers that can be edited.
import { html, set } from "./elements.js";
import { short } from "./written.js";
import { readNumber } from "./typed.js";
import { colors } from "../../palette.js";

// Base64 of bytes, or of little-endian float32 numbers, as Python's `packed` writes it.
export function bytes(text) { // without an iterator: it takes a page's start ten times as long
  const letters = atob(text), all = new Uint8Array(letters.length);
  for (let k = 0; k < all.length; k++) all[k] = letters.charCodeAt(k);
  return all;
}
export const floats = text => new Float32Array(bytes(text).buffer);

// Flat numbers -> nested arrays of this shape.
export function nested(flat, shape) {
  if (shape.length === 1) return flat;
  const size = flat.length / shape[0];
  return Array.from({ length: shape[0] }, (_, k) => nested(flat.slice(k * size, (k + 1) * size), shape.slice(1)));
}

const rgb = hex => [1, 3, 5].map(k => parseInt(hex.slice(k, k + 2), 16));
function blend(full, share) { // called once a pixel: no map, no spread, nothing taken apart
  const part = Math.min(1, Math.max(0, share));
  return [255 + (full[0] - 255) * part, 255 + (full[1] - 255) * part, 255 + (full[2] - 255) * part];
}
const [blue, vermillion, black] = [colors.prediction, colors.loss, "#000000"].map(rgb);
export const ink = share => blend(black, share); // 0 white, 1 black
export const light = share => ink(1 - share); // 0 black, 1 white
export const strength = share => blend(blue, share); // 0 white, 1 blue
export const signed = share => blend(share < 0 ? vermillion : blue, Math.abs(share)); // −1 vermillion, 0 white, 1 blue

// Put an image (rows of numbers) on a canvas, one pixel each; colour(number) -> [r, g, b].
export function paint(canvas, rows, colour) {
  const width = rows[0].length;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== rows.length) canvas.height = rows.length;
  const context = canvas.getContext("2d"), image = context.createImageData(width, rows.length);
  const { data } = image;
  let place = 0;
  for (const row of rows)
    for (let j = 0; j < width; j++) {
      const rgb = colour(row[j]);
      data[place++] = rgb[0];
      data[place++] = rgb[1];
      data[place++] = rgb[2];
      data[place++] = 255;
    }
  context.putImageData(image, 0, 0);
}

// Where in a canvas of `size` pixels across a pointer is: [column, row], fractions allowed.
export function pixelAt(canvas, event) {
  const box = canvas.getBoundingClientRect();
  return [(event.clientX - box.left) / box.width * canvas.width, (event.clientY - box.top) / box.height * canvas.height];
}

// A canvas with a frame that can be moved over it; place(top, left, height, width) counts in the canvas's pixels. The
// border lies around them, so that one pixel can be seen in its frame.
export function framed(canvas) {
  const mark = html("div", { style: "position:absolute;box-sizing:content-box;margin:-2px;border:2px solid var(--nn-highlight);" +
    "box-shadow:0 0 0 1px #fff;pointer-events:none" });
  const place = (top, left, height, width) => Object.assign(mark.style, {
    top: `${top / canvas.height * 100}%`, left: `${left / canvas.width * 100}%`,
    height: `${height / canvas.height * 100}%`, width: `${width / canvas.width * 100}%` });
  return { node: html("div", { style: "position:relative;line-height:0" }, canvas, mark), place };
}

// A grid of cells, moved through with the arrow keys; one Tab stop.
//   name(i, j): what a screen reader says;  change(i, j, number): makes the cells editable;  pick(i, j): clickable
export function grid(label, { name, change, pick }) {
  const body = html("div", { class: "nnlib-cells", role: "group", "aria-label": label });
  const node = html("div", { class: "nnlib-grid-box" }, html("p", { class: "nnlib-caption" }, label), body);
  let cells = [], at = [0, 0];

  function build(rows, columns) {
    body.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 2.1rem))`;
    cells = Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => cell(i, j)));
    body.replaceChildren(...cells.flat());
    focusable(0, 0);
  }

  function cell(i, j) {
    const node = change ? html("input", { type: "text", inputmode: "text", autocomplete: "off",
      oninput: () => read(node, i, j), onblur: () => { node.removeAttribute("aria-invalid"); node.redraw(); } })
      : html(pick ? "button" : "span", pick ? { type: "button", onclick: () => pick(i, j) } : {});
    set(node, { class: "nnlib-cell", onfocus: () => { focusable(i, j); node.select?.(); },
      onkeydown: event => move(event, i, j) });
    return node;
  }

  function read(node, i, j) {
    const value = readNumber(node.value);
    if (value === undefined) return node.setAttribute("aria-invalid", "true");
    node.removeAttribute("aria-invalid");
    change(i, j, +value.toFixed(4));
  }

  function focusable(i, j) {
    for (const row of cells) for (const c of row) if (c.tagName !== "SPAN") c.tabIndex = -1;
    if (cells[i]?.[j]?.tagName !== "SPAN") cells[i][j].tabIndex = 0;
    at = [i, j];
  }

  function move(event, i, j) {
    const [di, dj] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key] ?? [];
    const next = cells[i + di]?.[j + dj];
    if (!next || next.tagName === "SPAN") return;
    event.preventDefault();
    next.focus();
  }

  // values: rows of numbers or texts; look(i, j): class names of a cell; shade(i, j): from 0 to 1, how dark it is
  const update = (values, look = () => "", shade = () => 0) => {
    if (cells.length !== values.length || cells[0]?.length !== values[0]?.length) build(values.length, values[0].length);
    cells.forEach((row, i) => row.forEach((c, j) => {
      const text = typeof values[i][j] === "number" ? short(values[i][j]) : values[i][j];
      c.redraw = () => { if (c.tagName === "INPUT") c.value = text; else c.textContent = text; };
      if (c !== document.activeElement || c.tagName !== "INPUT") c.redraw();
      c.className = `nnlib-cell ${look(i, j)}`;
      c.style.setProperty("--letters", text.length > 4 ? `${Math.max(0.55, 3.2 / text.length)}rem` : "0.8rem"); // to fit
      c.style.setProperty("--shade", `${Math.round(40 * shade(i, j))}%`);
      if (c.tagName !== "SPAN") c.setAttribute("aria-label", `${name(i, j)}: ${text}`);
    }));
  };
  return { node, update, caption: text => { node.firstChild.textContent = text; body.setAttribute("aria-label", text); } };
}

// The style of all this, for `el.append(look())`.
export const look = () => html("style", {}, `
.nnlib-grids { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; align-items: flex-start; }
.nnlib-grid-box { margin: 0; max-width: 100%; }
.nnlib-widget .nnlib-caption { color: var(--soft); font-size: 0.85rem; margin: 0 0 0.2rem; text-align: left; }
.nnlib-cells { display: grid; gap: 2px; }
.nnlib-widget .nnlib-cells .nnlib-cell {
  box-sizing: border-box; width: 100%; min-width: 0; min-height: 0; aspect-ratio: 1; padding: 0; margin: 0;
  display: flex; align-items: center; justify-content: center; text-align: center; overflow: hidden; line-height: 1;
  font-size: var(--letters, 0.8rem); font-variant-numeric: tabular-nums; border: 1px solid var(--edge); border-radius: 2px;
  color: var(--text); background: var(--face);
}
.nnlib-widget .nnlib-cells .nnlib-cell:focus { font-size: 16px; }
.nnlib-widget .nnlib-cells .nnlib-cell.shaded { background: rgb(${rgb(colors.class1).join(" ")} / var(--shade)); }
.nnlib-widget .nnlib-cells .nnlib-cell.shaded.in-window { border: 2px solid var(--accent); }
.nnlib-widget .nnlib-cells .nnlib-cell.in-window:not(.shaded) { background: rgb(${blue.join(" ")} / 28%); }
.nnlib-widget .nnlib-cells .nnlib-cell.padded { border-style: dashed; }
.nnlib-widget .nnlib-cells .nnlib-cell.padded:not(.shaded) { color: var(--soft); }
.nnlib-widget .nnlib-cells .nnlib-cell.now { background: rgb(${rgb(colors.highlight).join(" ")} / 45%); border: 2px solid var(--nn-highlight); }
.nnlib-widget .nnlib-cells .nnlib-cell.later { color: transparent; }
.nnlib-widget .nnlib-cells .nnlib-cell.lost {
  background: repeating-linear-gradient(45deg, transparent 0 4px, rgb(213 94 0 / 0.5) 4px 6px), var(--face);
}
.nnlib-widget .nnlib-cells .nnlib-cell[aria-invalid] { outline: 2px solid var(--nn-loss); }
.nnlib-sum { margin: 0.6rem 0 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.nnlib-canvas { display: block; width: 100%; height: auto; image-rendering: pixelated; border: 1px solid var(--edge); background: #fff; box-sizing: border-box; }
.nnlib-photos { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); gap: 0.75rem; }
.nnlib-photos > div { margin: 0; position: relative; }
.nnlib-ink { background: #fff; }
html[data-theme="dark"] .nnlib-widget .nnlib-ink, body[data-jp-theme-light="false"] .nnlib-widget .nnlib-ink { filter: invert(.93) hue-rotate(180deg) brightness(1.3); }
@media print { .nnlib-widget .nnlib-ink { filter: none !important; } }
`);
