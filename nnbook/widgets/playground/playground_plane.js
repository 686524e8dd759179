// The plane of the inputs as the playground paints it: a field of colours, a border, the points of two classes.
import { svg, set } from "../core/elements.js";
import { colors } from "../../palette.js";
import { activations } from "../core/network.js";

export const EDGE = 1.3;
export const FINE = 40;
export const sigmoid = activations.sigmoid[0];

// FINE × FINE points of the plane, row after row from the top
const place = q => -EDGE + 2 * EDGE * (q + 0.5) / FINE;
export const field = Array.from({ length: FINE * FINE }, (_, k) => [place(k % FINE), -place(Math.floor(k / FINE))]);

// Two families of straight lines in the plane, ROD points on each of the 14 lines.
export const ROD = 33;
export const rods = [-3, -2, -1, 0, 1, 2, 3].flatMap(g => [0, 1].flatMap(upright =>
  Array.from({ length: ROD }, (_, k) => {
    const along = -1.2 + 2.4 * k / (ROD - 1);
    return upright ? [g * 0.4, along] : [along, g * 0.4];
  })));

const AMBER = [230, 159, 0], BLUE = [0, 114, 178];

// From the colour of class 0 (share −1) through white to the colour of class 1 (share 1).
function shade(share) {
  const full = share > 0 ? AMBER : BLUE, s = Math.min(1, Math.abs(share)) * 0.75;
  return [255 + (full[0] - 255) * s, 255 + (full[1] - 255) * s, 255 + (full[2] - 255) * s];
}

// One value for each point of the field, as a picture on the canvas of FINE × FINE pixels.
export function paint(canvas, values, low, high) {
  const pen = canvas.getContext("2d"), pixels = pen.createImageData(FINE, FINE), { data } = pixels;
  for (let i = 0; i < values.length; i++) {
    const rgb = shade(2 * (values[i] - low) / (high - low || 1) - 1);
    data[4 * i] = rgb[0];
    data[4 * i + 1] = rgb[1];
    data[4 * i + 2] = rgb[2];
    data[4 * i + 3] = 255;
  }
  pen.putImageData(pixels, 0, 0);
}

// Line segments where the values on the field change sign, as an SVG path.
export function border(values, X, Y) {
  const parts = [];
  for (let r = 0; r < FINE - 1; r++)
    for (let c = 0; c < FINE - 1; c++) {
      const k = r * FINE + c, above = (values[k] > 0) + (values[k + 1] > 0) + (values[k + FINE] > 0) + (values[k + FINE + 1] > 0);
      if (above % 4 === 0) continue; // nearly all cells
      const corners = [[r, c, k], [r, c + 1, k + 1], [r + 1, c + 1, k + FINE + 1], [r + 1, c, k + FINE]];
      const cuts = corners.flatMap(([r0, c0, k0], e) => {
        const [r1, c1, k1] = corners[(e + 1) % 4], [v0, v1] = [values[k0], values[k1]];
        if ((v0 > 0) === (v1 > 0)) return [];
        const t = v0 / (v0 - v1);
        return [`${X(place(c0 + t * (c1 - c0))).toFixed(1)} ${Y(-place(r0 + t * (r1 - r0))).toFixed(1)}`];
      });
      for (let i = 0; i + 1 < cuts.length; i += 2) parts.push(`M${cuts[i]}L${cuts[i + 1]}`);
    }
  return parts.join("");
}

// draw(places, y): the points of a regression, each in the colour of its number; where the network has it right, they
// vanish in the ground.
const SHADES = 13;
export function spots(p, size = 1) {
  const r = 3.4 * size, paths = Array.from({ length: SHADES }, (__, s) => p.area.appendChild(svg("path",
    { fill: `rgb(${shade(2 * s / (SHADES - 1) - 1)})`, stroke: "#000", "stroke-width": 0.5 })));
  return (places, y) => paths.forEach((path, s) => set(path, { d: places.map(([x1, x2], k) => {
    const own = Math.round((Math.min(1, Math.max(-1, y[k][0])) + 1) / 2 * (SHADES - 1));
    return own === s && Number.isFinite(x1 + x2) ? `M${p.X(x1) - r} ${p.Y(x2)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z` : "";
  }).join("") }));
}

// draw(places, y): the points in plot p, circles for class 0, triangles for class 1, of full or of another size.
export function dots(p, size = 1) {
  const make = attributes => p.area.appendChild(svg("path", { "stroke-linejoin": "round", ...attributes }));
  const [r, up, side] = [3.2 * size, 4.1 * size, 3.9 * size];
  const classes = [make({ fill: colors.class0, stroke: "#fff", "stroke-width": 1 }),
    make({ fill: colors.class1, stroke: "#000", "stroke-width": 0.8 })];
  const shape = (X, Y, label) => (label ? `M${X} ${Y - up}l${side} ${1.75 * side}h${-2 * side}z`
    : `M${X - r} ${Y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`);
  return (places, y) => classes.forEach((path, label) => set(path, {
    d: places.map(([x1, x2], k) => (y[k][0] !== label || !Number.isFinite(x1 + x2) ? ""
      : shape(+p.X(x1).toFixed(1), +p.Y(x2).toFixed(1), label))).join("") }));
}
