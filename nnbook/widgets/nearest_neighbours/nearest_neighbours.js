// k nearest neighbours: K and the distance change the regions; a new point is dragged and its neighbours vote.
import { panel } from "../core/panel.js";
import { plot, line, draggable } from "../core/plot.js";
import { svg, html, set } from "../core/elements.js";
import { format } from "../core/numbers.js";
import { pause } from "../core/pause.js";
import { colors } from "../../palette.js";
import { _ } from "../core/language.js";

// Distance between two points; cosine: 1 − cos of the angle between them, seen from the origin.
export const distances = {
  euclidean: (p, q) => Math.hypot(p[0] - q[0], p[1] - q[1]),
  manhattan: (p, q) => Math.abs(p[0] - q[0]) + Math.abs(p[1] - q[1]),
  cosine: (p, q) => 1 - (p[0] * q[0] + p[1] * q[1]) / (Math.hypot(...p) * Math.hypot(...q)),
};

// Indices of the points, the nearest to q first; of equally near ones the first in the list comes first.
export function neighbours(points, q, name) {
  const far = points.map(p => distances[name](p, q));
  return far.map((__, k) => k).sort((i, j) => far[i] - far[j] || i - j);
}

const COLUMNS = 75, ROWS = 62;
const shape = (label, x, y, r, attributes) => svg("path", { ...attributes, d: label
  ? `M${x} ${y - r}l${r} ${1.8 * r}h${-2 * r}z` : `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z` });

// The regions of the two classes as SVG paths: each row of cells in runs of one class.
function outlines(p, votes) {
  const cell = [(p.X(p.x[1]) - p.X(p.x[0])) / COLUMNS, (p.Y(p.y[0]) - p.Y(p.y[1])) / ROWS];
  const paths = ["", ""];
  for (let row = 0; row < ROWS; row++)
    for (let column = 0, from = 0; column < COLUMNS; column++) {
      const c = votes[row * COLUMNS + column];
      if (column + 1 < COLUMNS && votes[row * COLUMNS + column + 1] === c) continue;
      const x = p.X(p.x[0]) + from * cell[0], y = p.Y(p.y[1]) + row * cell[1];
      paths[c] += `M${x.toFixed(1)} ${y.toFixed(1)}h${((column + 1 - from) * cell[0]).toFixed(1)}v${
        cell[1].toFixed(1)}H${x.toFixed(1)}z`;
      from = column + 1;
    }
  return paths;
}

// For each cell of the square the labels of the points in order of nearness.
function* ordered(points, labels, [low, high], name) {
  for (let c = 0; c < ROWS * COLUMNS; c++) {
    const q = [low + (c % COLUMNS + 0.5) / COLUMNS * (high - low), high - (Math.floor(c / COLUMNS) + 0.5) / ROWS * (high - low)];
    yield Uint8Array.from(neighbours(points, q, name), i => labels[i]);
  }
}

async function render({ model, el }) {
  const points = model.get("points"), labels = model.get("labels"), ks = model.get("ks"), errors = model.get("errors");
  const [xlabel, ylabel] = model.get("names"), classes = model.get("classes");
  const cells = [], first = model.get("distance"), orders = { [first]: cells };
  for (const near of ordered(points, labels, model.get("range"), first)) if (cells.push(near) % 300 === 0) await pause();
  const ui = panel(model, el, { name: "nearest_neighbours", keys: ["k", "distance", "query"], wide: true, code: () =>
    `k_nearest(x, y, np.array([[${model.get("query").join(", ")}]]), k=${model.get("k")}, ` +
    `distance="${model.get("distance")}")` });
  const stage = html("div", { class: "nnlib-pair" });
  ui.picture.append(stage);
  const left = plot({ x: model.get("range"), y: model.get("range"), width: 360, height: 310, xlabel, ylabel,
    label: _("Points, regions and the new point"), grid: false });
  const right = plot({ x: [0, ks.length - 1], y: [0, 50], width: 360, height: 310, xlabel: "K", ylabel: _("wrong, in %"),
    label: _("Error against K") });
  stage.append(left.svg, right.svg);

  const regions = [0, 1].map(c => svg("path", { fill: colors[`class${c}`], opacity: 0.28, "shape-rendering": "crispEdges" }));
  const links = svg("path", { stroke: colors.highlight, "stroke-width": 2.5 });
  left.area.append(...regions, links, ...points.map(([x, y], k) =>
    shape(labels[k], left.X(x), left.Y(y), 4.5, { fill: colors[`class${labels[k]}`], stroke: "#000", "stroke-width": 0.8 })));
  const handle = svg("circle", { r: 9, fill: colors.highlight, stroke: "#000", "stroke-width": 1.5 });
  left.svg.append(handle);
  const place = q => ui.change({ query: q.map(v => Math.max(0.05, +v.toFixed(2))) });
  const told = draggable(left, handle, { name: _("new point"), step: 0.1, move: place, get: () => model.get("query") });
  left.area.addEventListener("click", event => place(left.at(event)));

  const curves = ["train", "test"].map((name, k) => svg("path", { fill: "none", stroke: colors.loss, "stroke-width": 2.5,
    "stroke-dasharray": k ? "7 4" : "" }));
  const marks = [0, 1].map(() => svg("circle", { r: 5, fill: colors.highlight, stroke: "#000" }));
  right.area.append(...curves, ...marks);
  [_("training points"), _("new points")].forEach((text, k) => right.svg.append(
    svg("path", { d: `M70 ${24 + 18 * k}h26`, stroke: colors.loss, "stroke-width": 2.5, "stroke-dasharray": k ? "7 4" : "" }),
    svg("text", { class: "nnlib-label", x: 102, y: 28 + 18 * k }, text)));
  // K is drawn in equal steps: the ticks are the K themselves
  right.axes.querySelectorAll(".nnlib-tick[text-anchor=middle]").forEach(t => t.remove());
  ks.forEach((k, i) => right.axes.append(svg("text", { class: "nnlib-tick", x: right.X(i), y: 286, "text-anchor": "middle" }, k)));

  ui.slider("k", { label: _("neighbours K"), values: ks, play: 900 });
  ui.select("distance", { label: _("distance"), options:
    { euclidean: _("Euclidean"), manhattan: _("Manhattan"), cosine: _("cosine (angle)") } });

  const order = name => orders[name] ??= [...ordered(points, labels, model.get("range"), name)];

  let shown = "";
  function paint(k, name) {
    if (shown === `${k} ${name}`) return;
    shown = `${k} ${name}`;
    const votes = order(name).map(near => {
      let ones = 0;
      for (let i = 0; i < k; i++) ones += near[i];
      return +(2 * ones > k);
    });
    const paths = outlines(left, votes);
    regions.forEach((region, c) => set(region, { d: paths[c] }));
    curves.forEach((curve, c) => set(curve, { d: line(right, errors[name].map((e, i) => [i, e[c]])) }));
    const now = errors[name][ks.indexOf(k)];
    marks.forEach((mark, c) => set(mark, { cx: right.X(ks.indexOf(k)), cy: right.Y(now[c]) }));
  }

  ui.draw(() => {
    const k = ks.includes(model.get("k")) ? model.get("k") : ks[0], name = model.get("distance"), q = model.get("query");
    const near = neighbours(points, q, name).slice(0, k), ones = near.filter(i => labels[i]).length;
    paint(k, name);
    set(links, { d: near.map(i => `M${left.X(q[0])} ${left.Y(q[1])}L${left.X(points[i][0])} ${left.Y(points[i][1])}`).join("") });
    set(handle, { cx: left.X(q[0]), cy: left.Y(q[1]) });
    told();
    const [train, test] = errors[name][ks.indexOf(k)];
    ui.say([_("votes"), `${k - ones} : ${ones}`], [_("decision"), classes[+(2 * ones > k)]],
      [_("mean of the labels"), format(ones / k, 3)], [_("wrong, training points"), `${format(train, 3)} %`],
      [_("wrong, new points"), `${format(test, 3)} %`]);
  });
}

export default { render };
