// Forward and backward through the 2-2-1 network, one step at a time. All numbers come from nnlib (backprop_stepper.py).
import { panel } from "../core/panel.js";
import { svg, html, set } from "../core/elements.js";
import { format } from "../core/numbers.js";
import { lower } from "../core/written.js";
import { _ } from "../core/language.js";


// Centres of the boxes, side by side or, on a phone, one below the other.
const layouts = {
  wide: { size: [560, 306], x1: [36, 76], x2: [36, 222], h1: [212, 76], h2: [212, 222], o: [400, 149], L: [514, 149] },
  tall: { size: [330, 520], x1: [65, 34], x2: [265, 34], h1: [65, 190], h2: [265, 190], o: [165, 360], L: [165, 482] },
};
const sizes = { x1: [62, 46], x2: [62, 46], h1: [112, 88], h2: [112, 88], o: [112, 88], L: [84, 36] };
const inside = { h1: ["z1", "a1", "b1"], h2: ["z2", "a2", "b2"], o: ["z3", "a3", "b3"] };
const boxOf = { x1: "x1", x2: "x2", z1: "h1", a1: "h1", z2: "h2", a2: "h2", z3: "o", a3: "o", L: "L" };
// from, to, and where on the line the weight stands: crossing lines have theirs near the start
const edges = { w1: ["x1", "h1", 0.45], w2: ["x1", "h2", 0.3], w3: ["x2", "h1", 0.3], w4: ["x2", "h2", 0.45],
  w5: ["h1", "o", 0.51], w6: ["h2", "o", 0.51], out: ["o", "L", 0.5] };

// The network as SVG; values[name] and gradients[name] are its texts, marks[name] what lights up.
function diagram(given, tall) {
  const places = tall ? layouts.tall : layouts.wide, [width, height] = places.size;
  const picture = svg("svg", { class: "nnlib-plot", viewBox: `0 0 ${width} ${height}`, role: "img",
    "aria-label": _("Two inputs, two hidden neurons, one output, the loss") });
  const values = {}, gradients = {}, marks = {};
  const text = (x, y, content = "", kind = "", anchor = "middle") => {
    const node = svg("text", { x, y, class: `nnlib-node-text ${kind}`, "text-anchor": anchor }, content);
    picture.append(node);
    return node;
  };
  for (const [name, [from, to]] of Object.entries(edges)) {
    const [[x1, y1], [x2, y2]] = [places[from], places[to]];
    picture.append(marks[name] = svg("line", { x1, y1, x2, y2, class: "nnlib-edge" }));
  }
  for (const [name, [w, h]] of Object.entries(sizes)) {
    const [x, y] = places[name], left = x - w / 2, top = y - h / 2;
    picture.append(marks[name] = svg("rect", { x: left, y: top, width: w, height: h, rx: 9, class: "nnlib-node" }));
    if (inside[name]) {
      const [z, a, b] = inside[name];
      picture.append(svg("line", { x1: left, x2: left + w, y1: y, y2: y, class: "nnlib-inner" }));
      [values[z], gradients[z]] = [text(left + 8, y - 25, "", "", "start"), text(left + 8, y - 9, "", "nnlib-slope", "start")];
      [values[a], gradients[a]] = [text(left + 8, y + 18, "", "", "start"), text(left + 8, y + 34, "", "nnlib-slope", "start")];
      marks[b] = text(x, y + h / 2 + 15, `${lower(b)} = ${format(given[b], 3)}`, "nnlib-halo");
      gradients[b] = text(x, y + h / 2 + 29, "", "nnlib-slope nnlib-halo");
    } else if (name === "L") {
      values.L = text(x, y + 5);
      text(x, y + h / 2 + (tall ? 14 : 15), `y = ${format(given.y, 3)}`);
    } else {
      text(x, y - 3, `${lower(name)} = ${format(given[name], 3)}`);
      gradients[name] = text(x, y + 14, "", "nnlib-slope");
    }
  }
  for (const [name, [from, to, t]] of Object.entries(edges).slice(0, 6)) {
    const [[x1, y1], [x2, y2]] = [places[from], places[to]], x = x1 + t * (x2 - x1), y = y1 + t * (y2 - y1);
    text(x, y - 3, `${lower(name)} = ${format(given[name], 3)}`, "nnlib-halo");
    gradients[name] = text(x, y + 12, "", "nnlib-slope nnlib-halo");
  }
  return { picture, values, gradients, marks };
}

function render({ model, el }) {
  const steps = model.get("steps"), given = model.get("given");
  const ui = panel(model, el, { name: "backprop_stepper", keys: ["step"], wide: true });
  ui.root.classList.add("nnlib-stepper");
  ui.slider("step", { label: _("step"), min: 0, max: steps.length - 1, show: k => _("{k} of {n}", { k: k + 1, n: steps.length }), play: 1500 });
  const buttons = html("div", { class: "nnlib-steps" });
  ui.controls.append(buttons);
  const go = by => ui.change({ step: Math.min(steps.length - 1, Math.max(0, model.get("step") + by)) });
  const back = ui.button(_("◀ Back"), () => go(-1), buttons), next = ui.button(_("Next ▶"), () => go(1), buttons);

  let drawing;
  function redraw() {
    const now = model.get("step"), step = steps[now], { values, gradients, marks } = drawing;
    back.disabled = now === 0;
    next.disabled = now === steps.length - 1;
    for (const [name, node] of Object.entries(values)) node.textContent = name === "L" ? "L" : lower(name);
    for (const node of Object.values(gradients)) node.textContent = "";
    for (const mark of Object.values(marks)) set(mark, { "data-now": null, "data-uses": null });
    for (const { phase, node, value } of steps.slice(0, now + 1)) {
      const shown = format(value, 3);
      if (phase === "forward") values[node].textContent = `${lower(node)} = ${shown}`;
      else gradients[node].textContent = node[0] === "z" ? `δ${lower(node[1])} = ${shown}` : shown;
    }
    const mark = name => marks[boxOf[name] ?? name];
    for (const name of step.uses) if (mark(name)) set(mark(name), { "data-uses": step.phase });
    set(mark(step.node), { "data-now": step.phase });
    if (step.node === "L" || step.node === "a3" && step.phase === "backward") set(marks.out, { "data-uses": step.phase });

    const done = steps.slice(0, now + 1).filter(({ phase }) => phase === "backward");
    const count = key => done.reduce((sum, s) => sum + s[key], 0);
    const block = (...content) => html("span", { class: "nnlib-line" }, ...content);
    ui.say(
      block(html("b", { class: `nnlib-${step.phase}` }, step.phase === "forward" ? _("Forward: ") : _("Backward: ")), step.formula),
      block(`= ${step.numbers} = `, html("b", {}, format(step.value, 5))),
      ...step.phase === "backward" ? [[_("finite difference"), format(step.difference, 5)],
        [_("multiplications so far, σ′ as one number"), _("{reused}; without reuse of δ {anew}", { reused: count("reused"), anew: count("anew") })]] : []);
  }
  const narrow = matchMedia("(max-width: 600px)");
  const arrange = () => {
    drawing = diagram(given, narrow.matches);
    ui.picture.replaceChildren(drawing.picture);
  };
  narrow.addEventListener("change", () => { arrange(); redraw(); });
  arrange();
  ui.draw(redraw);
  ui.readout.after(html("p", { class: "nnlib-legend" }, _("In the picture: plain, the values; "),
    html("span", { class: "nnlib-slope" }, _("green, the derivative of L by the value above it."))));
}

export default { render };
