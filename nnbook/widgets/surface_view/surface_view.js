// A loss surface in three dimensions, with a path of gradient descent on it, turned by hand.
import { panel } from "../core/panel.js";
import { html, svg, set } from "../core/elements.js";
import { plot, line } from "../core/plot.js";
import { format, clamp, lastOf } from "../core/numbers.js";
import { fixed } from "../core/written.js";
import { colors } from "../../palette.js";
import { _ } from "../core/language.js";

const WIDTH = 520, HEIGHT = 430, LOW = -0.55;

// A point of the cube −1 … 1 (z up), seen after turning: [right, up, nearer].
export function turn([x, y, z], azimuth, elevation) {
  const a = azimuth * Math.PI / 180, e = elevation * Math.PI / 180;
  const right = -x * Math.sin(a) + y * Math.cos(a), back = x * Math.cos(a) + y * Math.sin(a);
  return [right, z * Math.cos(e) - back * Math.sin(e), back * Math.cos(e) + z * Math.sin(e)];
}

// From pale (low) to the colour of the loss (high); light tells the slope.
const shade = (share, light) => `rgb(${[213, 94, 0].map(c => Math.round((255 + (c - 255) * (0.12 + 0.8 * share)) * light)).join(" ")})`;

// The canvas turned by mouse, finger and arrow keys.
function turnable(model, ui, canvas) {
  const turnBy = (right, up) => ui.change({
    azimuth: Math.round((model.get("azimuth") - right + 540) % 360 - 180),
    elevation: Math.round(clamp(model.get("elevation") + up, 0, 90)) });
  let from = null;
  set(canvas, {
    onpointerdown: event => { from = [event.clientX, event.clientY]; canvas.setPointerCapture(event.pointerId); },
    onpointermove: event => {
      if (!from) return;
      turnBy((event.clientX - from[0]) / 2, (event.clientY - from[1]) / 2);
      from = [event.clientX, event.clientY];
    },
    onpointerup: () => { from = null; },
    onpointercancel: () => { from = null; },
    onkeydown: event => {
      const way = { ArrowLeft: [-5, 0], ArrowRight: [5, 0], ArrowUp: [0, 5], ArrowDown: [0, -5] }[event.key];
      if (!way) return;
      event.preventDefault();
      turnBy(...way);
    },
  });
}

// The square below the surface, with the axes' names at its nearer sides.
function drawFloor(c, seen, [right, up]) {
  c.beginPath();
  for (const [x, y] of [[-1, -1], [1, -1], [1, 1], [-1, 1]]) c.lineTo(...seen([x, y, LOW]).slice(0, 2));
  c.closePath();
  c.strokeStyle = "#888";
  c.lineWidth = 2;
  c.stroke();
  c.fillStyle = "#222";
  c.font = "28px sans-serif";
  c.textAlign = "center";
  const nearer = (p, q) => seen(p)[2] > seen(q)[2] ? p : q;
  const label = (text, p) => { const [x, y] = seen(p); c.fillText(text, x, y + 10); };
  label(right, nearer([0, -1.15, LOW], [0, 1.15, LOW]));
  label(up, nearer([-1.15, 0, LOW], [1.15, 0, LOW]));
}

// The surface in pieces of four corners.
function facesOf(heights, seen, z) {
  const n = heights.length - 1, at = k => 2 * k / n - 1;
  const grid = heights.map((row, j) => row.map((h, i) => seen([at(i), at(j), z(h)])));
  const quads = [];
  for (let j = 0; j < n; j++)
    for (let i = 0; i < n; i++) {
      const corners = [grid[j][i], grid[j][i + 1], grid[j + 1][i + 1], grid[j + 1][i]];
      const h = (heights[j][i] + heights[j + 1][i + 1] + heights[j][i + 1] + heights[j + 1][i]) / 4;
      const slope = heights[j + 1][i + 1] - heights[j][i];
      quads.push({ corners, near: corners.reduce((s, p) => s + p[2], 0) / 4, fill: shade(h, 1 - clamp(slope * 1.2, 0, 0.25)) });
    }
  return quads;
}

// The path in pieces, each from one place to the next.
function linksOf(lifted) {
  return lifted.map((p, k) => {
    const q = lifted[Math.max(k - 1, 0)];
    return { dot: p, link: q, near: (p[2] + q[2]) / 2 + 0.1 };
  });
}

function ball(c, [x, y], radius, fill, edge) {
  c.beginPath();
  c.arc(x, y, radius, 0, 7);
  c.fillStyle = fill;
  c.fill();
  c.strokeStyle = "#000";
  c.lineWidth = edge;
  c.stroke();
}

// All pieces, the farthest first.
function drawFaces(c, faces) {
  c.lineJoin = "round";
  for (const { corners, fill, dot, link } of faces.sort((p, q) => p.near - q.near)) {
    c.beginPath();
    if (corners) {
      corners.forEach(([x, y]) => c.lineTo(x, y));
      c.closePath();
      c.fillStyle = fill;
      c.fill();
      c.strokeStyle = "rgb(120 50 0 / 0.35)";
      c.lineWidth = 1;
      c.stroke();
    } else {
      c.moveTo(link[0], link[1]);
      c.lineTo(dot[0], dot[1]);
      c.strokeStyle = "#006B4D";
      c.lineWidth = 4;
      c.stroke();
      ball(c, dot, 6, colors.gradient, 1.5);
    }
  }
}

// What a wall hides of the path shines through.
function drawHidden(c, lifted) {
  c.beginPath();
  lifted.forEach(([x, y]) => c.lineTo(x, y));
  c.setLineDash([3, 7]);
  c.strokeStyle = "#004d38";
  c.lineWidth = 2.5;
  c.stroke();
  c.setLineDash([]);
}

// The points, and the line of a step; what says so in words.
function lineThrough(points) {
  const span = k => {
    const values = points.map(p => p[k]), low = Math.min(0, ...values), high = Math.max(...values), rim = 0.1 * (high - low || 1);
    return [low - rim, high + rim];
  };
  const p = plot({ x: span(0), y: span(1), width: 360, height: 170, xlabel: "x", ylabel: "y", label: _("The line of this step") });
  const fitted = svg("path", { stroke: colors.prediction, "stroke-width": 3 });
  p.svg.style.maxWidth = "34rem";
  p.area.append(fitted, ...points.map(([x, y]) => svg("circle", { cx: p.X(x), cy: p.Y(y), r: 5, fill: colors.data })));
  return { svg: p.svg, show: (w, b) => {
    fitted.setAttribute("d", line(p, p.x.map(x => [x, w * x + b])));
    return points.reduce((sum, [x, y]) => sum + (w * x + b - y) ** 2, 0) / points.length;
  } };
}

function render({ model, el }) {
  const surfaces = model.get("surfaces"), steps = lastOf(Object.values(surfaces)).paths.SGD.length - 1;
  const ui = panel(model, el, { name: "surface_view", wide: true,
    keys: ["surface", "optimizer", "step", "azimuth", "elevation"] });
  const canvas = html("canvas", { width: 2 * WIDTH, height: 2 * HEIGHT, tabindex: 0, role: "img", class: "nnlib-handle",
    style: "width:100%;height:auto;display:block;touch-action:pan-y" });
  const below = lineThrough(model.get("points"));
  ui.picture.append(html("div", { class: "nnlib-stage" }, canvas), below.svg);
  const c = canvas.getContext("2d");

  const names = { line: _("the line's loss"), bowl: _("bowl"), ravine: _("ravine"), saddle: _("saddle"), bumps: _("bumps"), "four valleys": _("four valleys") };
  ui.select("surface", { label: _("surface"), options: names });
  ui.select("optimizer", { label: _("path of"), options: { SGD: "SGD", "momentum 0.9": _("momentum 0.9"), Adam: "Adam" } });
  ui.slider("step", { label: _("step"), min: 0, max: steps, play: 150 });
  ui.slider("azimuth", { label: _("turn"), min: -180, max: 175, step: 5, play: 120, show: v => `${format(v)}°` });
  ui.slider("elevation", { label: _("from above"), min: 0, max: 90, step: 5, show: v => `${format(v)}°` });

  turnable(model, ui, canvas);

  ui.draw(() => {
    const name = surfaces[model.get("surface")] ? model.get("surface") : Object.keys(surfaces)[0];
    const { heights, paths, note, axes, range: [low, high] } = surfaces[name], ours = name === "line";
    const path = (paths[model.get("optimizer")] ?? paths.SGD).slice(0, model.get("step") + 1);
    const azimuth = model.get("azimuth"), elevation = model.get("elevation");
    const scale = HEIGHT * 0.65;
    const seen = p => {
      const [right, up, near] = turn(p, azimuth, elevation);
      return [WIDTH + scale * right, HEIGHT * 1.02 - scale * up, near];
    };
    const z = h => 1.1 * h + LOW;
    c.fillStyle = "#fff";
    c.fillRect(0, 0, 2 * WIDTH, 2 * HEIGHT);
    drawFloor(c, seen, axes);
    const lifted = path.map(([x, y, h]) => seen([x, y, z(h) + 0.02]));
    drawFaces(c, [...facesOf(heights, seen, z), ...linksOf(lifted)]);
    drawHidden(c, lifted);
    ball(c, lifted[0], 12, "#fff", 3);
    ball(c, lastOf(lifted), 11, colors.highlight, 2);
    set(canvas, { "aria-label": _("{name}: {value}", { name: names[name], value: note }) });
    const [w, b] = lastOf(path).map(v => low + (v + 1) / 2 * (high - low));
    below.svg.style.display = ours ? "" : "none";
    ui.say(note, _("The open ring is the start, the pink ball the step."), ours
      ? [_("line"), `w = ${fixed(w, 2)}, b = ${fixed(b, 2)}, ${_("loss")} ${format(below.show(w, b), 3)}`]
      : [_("Height at the end"), _("{share} % of the highest", { share: format(100 * lastOf(path)[2], 3) })]);
  });
}

export default { render };
