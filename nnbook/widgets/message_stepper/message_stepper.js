// One layer of a graph network on a small graph, node by node: gather, add, linear map, activation.
import { panel } from "../core/panel.js";
import { html, svg, set } from "../core/elements.js";
import { format } from "../core/numbers.js";
import { colors } from "../../palette.js";
import { _ } from "../core/language.js";

// The matrix of n nodes from the list of its pairs (0–1, 0–2, …, 1–2, …).
export function adjacency(ties, n) {
  const A = Array.from({ length: n }, () => new Array(n).fill(0));
  let k = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) A[i][j] = A[j][i] = ties[k++] ? 1 : 0;
  return A;
}

export const degrees = A => A.map(row => 1 + row.reduce((sum, v) => sum + v)); // each node counts itself

// What node i multiplies the number of node j by.
export function weights(A, kind) {
  const d = degrees(A);
  return A.map((row, i) => row.map((v, j) => i !== j && !v ? 0
    : { sum: 1, mean: 1 / d[i], symmetric: 1 / Math.sqrt(d[i] * d[j]) }[kind]));
}

// For all nodes: m = Â h, z = w m + b, a = ReLU(z).
export function layer(A_hat, h, w, b) {
  const m = A_hat.map(row => row.reduce((sum, v, j) => sum + v * h[j], 0)), z = m.map(v => w * v + b);
  return { m, z, a: z.map(v => Math.max(0, v)) };
}

const STEPS = [_("look"), _("gather"), _("add"), _("linear"), "ReLU", _("all")];
const WIDTH = 360, HEIGHT = 300, R = 21;
const short = v => format(v, 4), signed = v => v < 0 ? `(${short(v)})` : short(v);
const plus = v => v < 0 ? `− ${short(-v)}` : `+ ${short(v)}`;

// Where n nodes stand.
const around = n => Array.from({ length: n }, (__, k) => [WIDTH / 2 + 96 * Math.sin(2 * Math.PI * k / n),
  152 - 108 * Math.cos(2 * Math.PI * k / n)]);

const heard = (A, i) => A[i].flatMap((v, j) => v ? [j] : []).join(_(", ")) || _("nobody");

const text = (x, y, content, kind = "nnlib-node-text", anchor = "middle", style = "") =>
  svg("text", { x, y, class: kind, "text-anchor": anchor, style }, content);

const head = `h${Math.random().toString(36).slice(2)}`;

// A tie; to the node we look at, an arrow, with the weight of what comes along it.
function tie(i, j, { A_hat, places }, step, node) {
  const [from, to] = j === node ? [i, j] : [j, i], here = to === node && step < 5;
  const [[x1, y1], [x2, y2]] = [places[from], places[to]], far = Math.hypot(x2 - x1, y2 - y1);
  const at = t => [x1 + t * (x2 - x1), y1 + t * (y2 - y1)], [ex, ey] = at(1 - (R + 3) / far), [mx, my] = at(0.5);
  let [nx, ny] = [(y1 - y2) / far, (x2 - x1) / far]; // across the tie; the weight stands on its right, or above it
  if (nx < -0.3 || nx < 0.3 && ny > 0) [nx, ny] = [-nx, -ny];
  return [
    svg("line", { x1, y1, x2: ex, y2: ey, stroke: here ? colors.prediction : "#999", "stroke-width": here ? 3 : 1.4,
      ...here ? { "marker-end": `url(#${head})` } : {} }),
    ...here && step === 1 ? [text(mx + 8 * nx, my + 9 * ny + 4, `× ${format(A_hat[to][from], 3)}`, "nnlib-node-text nnlib-halo",
      nx > 0.3 ? "start" : "middle", `fill:${colors.prediction}`)] : []];
}

function drawing(values, step, node, pick) {
  const { A, A_hat, h, places } = values, key = ["", "", "m", "z", "a", "a"][step];
  const picture = svg("svg", { class: "nnlib-plot", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img",
    "aria-label": _("{n} nodes with the numbers {numbers}; node {node} is tied to {others}",
      { n: h.length, numbers: h.map(short).join(_(", ")), node, others: heard(A, node) }) },
  svg("defs", {}, svg("marker", { id: head, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 10, markerHeight: 10,
    orient: "auto", markerUnits: "userSpaceOnUse" }, svg("path", { d: "M0 0L8 4L0 8z", fill: colors.prediction }))));
  const lines = [], circles = [];
  A.forEach((row, i) => row.forEach((v, j) => { if (v && i < j) lines.push(tie(i, j, values, step, node)); }));
  places.forEach(([x, y], i) => {
    const mine = i === node && step < 5, near = A[node][i] && step < 5, side = x < WIDTH / 2 - 9 ? -1 : 1;
    const anchor = side < 0 ? "end" : "start", left = x + side * (R + 5);
    const circle = svg("circle", { cx: x, cy: y, r: R, fill: "#fff", stroke: mine ? colors.prediction : near ? colors.sky : "#888",
      "stroke-width": mine ? 4 : near ? 2.5 : 1.4 });
    const group = svg("g", { style: "cursor:pointer", onclick: () => pick(i) }, circle,
      text(x, y + 5, short(h[i])), text(left, y - 10, _("node {i}", { i }), "nnlib-tick nnlib-halo", anchor));
    const below = step === 1 && mine ? _("itself × {weight}", { weight: short(A_hat[i][i]) })
      : step > 1 && (mine || step === 5) ? `${key} = ${short(values[key][i])}` : "";
    if (below) group.append(text(left, y + 6, below, "nnlib-node-text nnlib-halo", anchor, `fill:${colors.prediction}`));
    circles.push(group);
  });
  // Lines, then circles, then the numbers on the lines: nothing is hidden.
  picture.append(...lines.map(([line]) => line), ...circles, ...lines.flatMap(([, ...more]) => more));
  return picture;
}

// What happens in this step, in words.
function told({ A, A_hat, d, m, z, a, h, w, b, kind }, step, i) {
  const everyone = A.flatMap((__, j) => A_hat[i][j] ? [j] : []);
  const line = (...content) => html("span", { class: "nnlib-line" }, ...content), bold = t => html("b", {}, t);
  const weight = j => ({ sum: "1", mean: `1/${d[i]}`, symmetric: `1/√(${d[i]}·${d[j]})` }[kind]);
  return [
    () => [line(bold(_("Node {i}", { i })), " ", _("is tied to {others}.", { others: heard(A, i) })),
      line(_("With itself that makes d = {d}.", { d: d[i] })),
      line(_("Its neighbours: {list}.", {
        list: everyone.filter(j => j !== i).map(j => _("d = {d} (node {j})", { d: d[j], j })).join(_(", ")) || _("none") }))],
    () => [line(bold(_("weight × number"))), ...everyone.map(j =>
      line(`${j === i ? _("itself") : _("node {i}", { i: j })}: ${weight(j)} · ${signed(h[j])} = ${short(A_hat[i][j] * h[j])}`))],
    () => [line(bold(_("m = the sum"))), line(everyone.map(j => signed(A_hat[i][j] * h[j])).join(" + ")), line(`= ${short(m[i])}`)],
    () => [line(bold("z = w m + b")), line(`= ${short(w)} · ${signed(m[i])} ${plus(b)} = ${short(z[i])}`),
      line(_("w and b are the same for all nodes."))],
    () => [line(bold("a = ReLU(z)")), line(`= max(0, ${short(z[i])}) = ${short(a[i])}`)],
    () => [line(bold(_("All nodes did the same, at once."))), line(_("before: {list}", { list: h.map(short).join(", ") })),
      line(_("after: {list}", { list: a.map(short).join(", ") }))]][step]();
}

function code({ A, h, w, b, kind }) {
  return `A = np.array([${A.map(row => `[${row.join(", ")}]`).join(",\n              ")}])\n` + {
    symmetric: "A_hat = normalize_adjacency(A)\n", sum: "A_hat = A + np.eye(len(A))\n",
    mean: "A_hat = (A + np.eye(len(A))) / (A.sum(axis=1) + 1)[:, None]\n" }[kind] +
    `layer = GraphConv(1, 1, A_hat, rng=rng)\nlayer.W[:], layer.b[:] = ${w}, ${b}\n` +
    `h = np.array([${h.map(v => `[${v}]`).join(", ")}])\na = relu(layer(h))`;
}

function render({ model, el }) {
  const n = model.get("h").length, places = around(n);
  const ui = panel(model, el, { name: "message_stepper", keys: ["step", "node", "weights", "h", "ties", "w", "b"],
    code: () => code(now()) });
  ui.root.classList.add("nnlib-stepper");
  const stage = html("div");
  ui.readout.style.minHeight = "9.2em"; // six lines: what stands below does not move
  ui.picture.append(stage, ui.readout); // the words stand close to what they tell about
  ui.slider("step", { label: _("step"), min: 0, max: 5, play: 1600, show: k => `${k + 1} ${STEPS[k]}` });
  const buttons = html("div", { class: "nnlib-steps" });
  ui.controls.append(buttons);
  const back = ui.button(_("◀ Back"), () => ui.change({ step: model.get("step") - 1 }), buttons);
  const next = ui.button(_("Next ▶"), () => ui.change({ step: model.get("step") + 1 }), buttons);
  ui.slider("node", { label: _("look at node"), min: 0, max: n - 1 });
  const number = html("input", { type: "range", min: -6, max: 6, step: 0.5, oninput: () => {
    const h = [...model.get("h")];
    h[model.get("node")] = +number.value;
    ui.change({ h });
  } });
  const shown = html("span", { class: "nnlib-value" });
  ui.controls.append(html("label", { class: "nnlib-row" },
    html("span", { class: "nnlib-name" }, _("its number")), number, shown));
  const place = (i, j) => i > j ? place(j, i) : i * n - i * (i + 1) / 2 + j - i - 1;
  const boxes = places.map((__, j) => html("input", { type: "checkbox", onchange: () => {
    const ties = [...model.get("ties")], k = place(model.get("node"), j);
    ties[k] = 1 - ties[k];
    ui.change({ ties });
  } }));
  const labels = boxes.map((box, j) => html("label", {}, box, `${j}`));
  ui.controls.append(html("div", { class: "nnlib-ties", role: "group", "aria-label": _("its ties") },
    html("span", { class: "nnlib-name" }, _("its ties to")), ...labels));
  ui.select("weights", { label: _("weights"), options: { symmetric: _("symmetric 1/√(dᵢdⱼ)"), mean: _("mean 1/dᵢ"), sum: _("sum 1") } });
  ui.slider("w", { label: _("weight w"), min: -2, max: 2, step: 0.25 });
  ui.slider("b", { label: _("bias b"), min: -6, max: 6, step: 0.5 });
  // six digits: as many as the address of this state has room for
  ui.button(_("One more layer: outputs become the numbers"), () => ui.change({ h: now().a.map(v => +v.toPrecision(6)), step: 5 }));

  function now() {
    const [h, w, b, kind] = ["h", "w", "b", "weights"].map(key => model.get(key));
    const A = adjacency(model.get("ties"), n), A_hat = weights(A, kind);
    return { h, w, b, kind, A, A_hat, places, d: degrees(A), ...layer(A_hat, h, w, b) };
  }

  ui.draw(() => {
    const step = Math.min(5, Math.max(0, Math.round(model.get("step"))));
    const node = Math.min(n - 1, Math.max(0, Math.round(model.get("node")))), values = now();
    back.disabled = step === 0;
    next.disabled = step === 5;
    number.value = model.get("h")[node];
    shown.textContent = short(model.get("h")[node]);
    set(number, { "aria-valuetext": shown.textContent });
    labels.forEach((label, j) => {
      set(label, { hidden: j === node });
      boxes[j].checked = values.A[node][j] === 1;
      set(boxes[j], { "aria-label": _("tie from node {node} to node {j}", { node, j }) });
    });
    stage.replaceChildren(drawing(values, step, node, chosen => ui.change({ node: chosen })));
    ui.say(...told(values, step, node));
  });
}

export default { render };
