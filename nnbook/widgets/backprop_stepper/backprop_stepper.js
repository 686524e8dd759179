// Forward and backward through the 2-2-1 network, one step at a time, and the update; every number can be typed.
import { panel } from "../core/panel.js";
import { fields } from "../core/fields.js";
import { svg, html, set } from "../core/elements.js";
import { format, clamp } from "../core/numbers.js";
import { lower } from "../core/written.js";
import { _ } from "../core/language.js";
import { forward, backward, difference, descend, TRAINED } from "./backprop_numbers.js";

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

// The network as SVG; given[name], values[name] and gradients[name] are its texts, marks[name] what lights up.
function diagram(tall) {
  const places = tall ? layouts.tall : layouts.wide, [width, height] = places.size;
  const picture = svg("svg", { class: "nnlib-plot", viewBox: `0 0 ${width} ${height}`, role: "img",
    "aria-label": _("Two inputs, two hidden neurons, one output, the loss") });
  const given = {}, values = {}, gradients = {}, marks = {};
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
      marks[b] = given[b] = text(x, y + h / 2 + 15, "", "nnlib-halo");
      gradients[b] = text(x, y + h / 2 + 29, "", "nnlib-slope nnlib-halo");
    } else if (name === "L") {
      values.L = text(x, y + 5);
      given.y = text(x, y + h / 2 + (tall ? 14 : 15));
    } else {
      given[name] = text(x, y - 3);
      gradients[name] = text(x, y + 14, "", "nnlib-slope");
    }
  }
  for (const [name, [from, to, t]] of Object.entries(edges).slice(0, 6)) {
    const [[x1, y1], [x2, y2]] = [places[from], places[to]], x = x1 + t * (x2 - x1), y = y1 + t * (y2 - y1);
    given[name] = text(x, y - 3, "", "nnlib-halo");
    gradients[name] = text(x, y + 12, "", "nnlib-slope nnlib-halo");
  }
  return { picture, given, values, gradients, marks };
}

// All numbers of the network by name, from the state.
const numbersOf = model => Object.fromEntries([["y", model.get("y")],
  ...["x", "w", "b"].flatMap(key => model.get(key).map((value, k) => [`${key}${k + 1}`, value]))]);

const bracketed = value => value < 0 ? `(${format(value)})` : format(value);
const filled = (template, v, g) => template.replace(/\{(d\.)?(\w+)\}/g, (all, d, name) => bracketed((d ? g : v)[name]));
const block = (...content) => html("span", { class: "nnlib-line" }, ...content);

// A text that would touch the frame of its box is drawn closer; a character is about 7 units wide.
const fit = (node, width) => set(node, node.textContent.length * 7 > width
  ? { textLength: width, lengthAdjust: "spacingAndGlyphs" } : { textLength: null, lengthAdjust: null });

// What the picture shows after step `now`; the last step is the update.
function fill({ given, values, gradients, marks }, steps, now, numbers, lr) {
  const v = forward(numbers), g = backward(v), last = now === steps.length;
  const updated = last ? descend(numbers, lr).now : {};
  for (const [name, node] of Object.entries(given)) node.textContent = `${lower(name)} = ${format(numbers[name], 3)}`;
  for (const [name, node] of Object.entries(values)) node.textContent = name === "L" ? "L" : lower(name);
  for (const node of Object.values(gradients)) node.textContent = "";
  for (const mark of Object.values(marks)) set(mark, { "data-now": null, "data-uses": null });
  for (const { phase, node } of steps.slice(0, now + 1)) {
    if (phase === "forward") values[node].textContent = `${lower(node)} = ${format(v[node], 3)}`;
    else gradients[node].textContent = (node[0] === "z" ? `δ${lower(node[1])} = ` : "") + format(g[node], 3);
  }
  const mark = name => marks[boxOf[name] ?? name];
  if (last) for (const name of TRAINED) {
    gradients[name].textContent = `→ ${format(updated[name], 3)}`;
    set(mark(name), { "data-now": "backward" });
  } else {
    const step = steps[now];
    for (const name of step.uses) if (mark(name)) set(mark(name), { "data-uses": step.phase });
    set(mark(step.node), { "data-now": step.phase });
    if (step.node === "L" || step.node === "a3" && step.phase === "backward") set(marks.out, { "data-uses": step.phase });
  }
  for (const [name, box] of Object.entries(boxOf)) for (const node of [given[name], values[name], gradients[name]])
    if (node) fit(node, sizes[box][0] - 14);
}

// The read-out: the step's formula with its numbers.
function say(ui, steps, now, numbers) {
  const step = steps[now], v = forward(numbers), g = backward(v), isForward = step.phase === "forward";
  const done = steps.slice(0, now + 1).filter(({ phase }) => phase === "backward");
  const count = key => done.reduce((sum, s) => sum + s[key], 0);
  ui.say(
    block(html("b", { class: `nnlib-${step.phase}` }, isForward ? _("Forward: ") : _("Backward: ")), step.formula),
    block(`= ${filled(step.template, v, g)} = `, html("b", {}, format((isForward ? v : g)[step.node], 5))),
    ...isForward ? [] : [[_("finite difference"), format(difference(numbers, step.node), 5)],
      [_("multiplications so far, σ′ as one number"), _("{reused}; without reuse of δ {anew}", { reused: count("reused"), anew: count("anew") })]]);
}

function sayUpdate(ui, numbers, lr) {
  const { now, predicted, actual } = descend(numbers, lr), { w5 } = backward(forward(numbers));
  ui.say(block(html("b", { class: "nnlib-backward" }, _("Update: ")), _("w ← w − η · ∂L/∂w, and b alike; each new number stands after its arrow")),
    block(`w₅: ${format(numbers.w5)} − ${format(lr)}·${bracketed(w5)} = `, html("b", {}, format(now.w5))),
    [_("L falls, as the slope predicts (η · sum of the squared gradients), by"), format(predicted, 4)],
    [_("in truth by"), format(actual, 4)], ["L", `${format(forward(numbers).L, 4)} → ${format(forward(now).L, 4)}`]);
}

function typedNumbers(model, ui) {
  const box = html("div", { class: "nnlib-fields" }), names = (key, count) => Array.from({ length: count }, (unused, k) => lower(`${key}${k + 1}`));
  ui.foot.before(html("details", { class: "nnlib-code" }, html("summary", {}, _("Other numbers")), box));
  fields(model, ui, "x", names("x", 2), box);
  fields(model, ui, "y", ["y"], box);
  fields(model, ui, "w", names("w", 6), box);
  fields(model, ui, "b", names("b", 3), box);
}

function render({ model, el }) {
  const steps = model.get("steps"), most = steps.length; // the update comes after them
  const ui = panel(model, el, { name: "backprop_stepper", keys: ["step", "lr", "x", "y", "w", "b"], wide: true });
  ui.root.classList.add("nnlib-stepper");
  ui.slider("step", { label: _("step"), min: 0, max: most, show: k => _("{k} of {n}", { k: k + 1, n: most + 1 }), play: 1500 });
  ui.slider("lr", { label: _("learning rate η"), values: [0.1, 0.2, 0.5, 1, 2, 5, 10, 20] });
  const buttons = html("div", { class: "nnlib-steps" });
  ui.controls.append(buttons);
  const go = by => ui.change({ step: clamp(model.get("step") + by, 0, most) });
  const back = ui.button(_("◀ Back"), () => go(-1), buttons), next = ui.button(_("Next ▶"), () => go(1), buttons);
  const take = ui.button(_("Go on from the new weights"), () => {
    const { now } = descend(numbersOf(model), model.get("lr"));
    ui.change({ w: TRAINED.slice(0, 6).map(name => now[name]), b: TRAINED.slice(6).map(name => now[name]) });
  }, buttons);
  typedNumbers(model, ui);

  let drawing;
  function redraw() {
    const now = clamp(Math.round(model.get("step")), 0, most), numbers = numbersOf(model), lr = model.get("lr");
    back.disabled = now === 0;
    next.disabled = now === most;
    take.hidden = now < most;
    fill(drawing, steps, now, numbers, lr);
    if (now < most) say(ui, steps, now, numbers);
    else sayUpdate(ui, numbers, lr);
  }
  const narrow = matchMedia("(max-width: 600px)");
  const arrange = () => {
    drawing = diagram(narrow.matches);
    ui.picture.replaceChildren(drawing.picture);
  };
  narrow.addEventListener("change", () => { arrange(); redraw(); });
  arrange();
  ui.draw(redraw);
  ui.readout.after(html("p", { class: "nnlib-legend" }, _("In the picture: plain, the values; "),
    html("span", { class: "nnlib-slope" }, _("green, the derivative of L by the value above it."))));
}

export default { render };
