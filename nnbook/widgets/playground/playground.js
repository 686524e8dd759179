// The playground: a small network trains in the page; its plane, its hidden space, every unit and every weight in sight.
import { panel } from "../core/panel.js";
import { html, reducedMotion } from "../core/elements.js";
import { format, clamp } from "../core/numbers.js";
import { readNumber } from "../core/typed.js";
import { pause } from "../core/pause.js";
import { Run, readPoints, writePoints, readFeatures, readHidden, writeWeights, readWeights } from "./playground_run.js";
import { field } from "./playground_plane.js";
import { inputPlane, hiddenPlane, lossCurve } from "./playground_views.js";
import { drawing } from "./playground_network.js";
import { settingsPanel, CHOICES, NUMBERS } from "./playground_settings.js";
import { unitTable, weightTables } from "./playground_numbers.js";
import { _ } from "../core/language.js";

const MOST_STEPS = 20000, AT_ONCE = 400; // milliseconds of training before the first picture
const ANEW = ["dataset", "noise", "share", "features", "hidden", "activation", "seed"];
const ONWARD = ["optimizer", "lr", "batch", "penalty", "strength", "points"];
const KEYS = [...ANEW, ...ONWARD, "probe_x", "probe_y", "layer", "across", "up", "speed", "new_class", "tests", "steps",
  "snapshot"];

// All that moves in one grid: on one screen at 1280 × 800; on a phone the picture stays with its buttons.
const STYLE = `
.nnlib-playground { display: grid; gap: 0.3rem 0.8rem; grid-template-columns: repeat(3, minmax(0, 1fr));
grid-template-areas: "bar bar bar" "input net space" "loss unit unit" "told told told"; }
.nnlib-playground-bar { grid-area: bar; display: flex; flex-wrap: wrap; gap: 0.3rem 0.5rem; padding: 0.2rem 0; background: var(--face); }
.nnlib-playground .nnlib-readout { margin: 0; }
@media (max-width: 700px) {
.nnlib-playground { grid-template-columns: minmax(0, 1fr); grid-template-areas: "bar" "input" "net" "space" "loss" "told" "unit"; }
.nnlib-playground-bar { position: sticky; top: var(--pst-header-height, 0); z-index: 1; }
}`;

class Playground {
  constructor(model, el) {
    Object.assign(this, { model, el, mine: false, byHand: false, given: null, timer: 0, goal: 0, published: 0, late: null });
    Object.assign(this, { chosen: [1, 0], looked: null, complaint: "", begun: null, pictures: 0 });
    this.first = Object.fromEntries(KEYS.map(key => [key, model.get(key)]));
    this.known = model.get("weights");
    this.ui = panel(model, el, { name: "playground", keys: KEYS, wide: true, code: () => this.run.code() });
    this.layOut();
    this.buttons();
  }

  // The second part of the preparation: the settings, and what follows changes.
  listen() {
    const { model } = this;
    this.settings = settingsPanel(this.ui, model, { atRing: () => this.atRing(), add: (place, label) => this.addPoint(place, label), remove: () => this.removePoint() });
    for (const event of ["input", "change"]) {
      this.ui.controls.addEventListener(event, () => { this.byHand = true; }, true);
      this.ui.controls.addEventListener(event, () => { this.byHand = false; });
    }
    model.on("change:snapshot", () => { if (!this.mine) this.given = readWeights(model.get("snapshot")); }); // a link
    model.on("change:weights", () => { // Python
      if (this.mine) return;
      this.given = model.get("weights");
      this.follow();
    });
    this.ui.timers.add(() => this.stop()); // a link that comes while it trains begins anew
    const reset = [...this.ui.foot.querySelectorAll("button")].find(b => b.textContent === _("Reset"));
    reset.addEventListener("click", () => { this.run.restart(); this.follow(); });
  }

  // One grid for all that moves, so that it fits on one screen; the settings come below.
  layOut() {
    const { ui } = this, cell = (area, ...content) => html("div", { style: `grid-area:${area};min-width:0` }, ...content);
    this.bar = html("div", { class: "nnlib-playground-bar" });
    const boxes = Object.fromEntries(["input", "space", "net", "loss", "unit"].map(area => [area, cell(area)]));
    ui.picture.append(html("style", {}, STYLE), html("div", { class: "nnlib-playground" }, this.bar, ...Object.values(boxes), cell("told", ui.readout)));
    this.input = inputPlane(boxes.input, { get: () => this.atRing(), move: place => this.moveProbe(place),
      click: place => this.clicked(place), key: event => this.key(event) });
    this.space = hiddenPlane(boxes.space);
    this.net = drawing(boxes.net, { choose: unit => { this.chosen = unit; this.show(); },
      look: unit => { this.looked = unit; if (!this.timer) this.show(); },
      resize: sizes => {
        this.byHand = true;
        this.ui.change({ hidden: sizes.join(" ") });
        this.byHand = false;
      } });
    this.loss = lossCurve(boxes.loss);
    this.unit = unitTable(boxes.unit, (unit, j, text) => this.edit(unit, j, text));
    this.table = html("div", { style: "overflow-x:auto" });
    this.all = html("details", { class: "nnlib-code", ontoggle: () => this.all.open && this.showAll() },
      html("summary", { onclick: () => this.showAll() }, _("All weights as numbers")), this.table);
    this.el.append(this.all);
  }

  buttons() {
    const add = (text, act) => this.ui.button(text, act, this.bar);
    this.play = add(_("▶ Train"), () => this.toggle());
    this.play.style.minWidth = "6.2rem";
    add(_("1 step"), () => this.advance(1));
    add(_("10 steps"), () => this.advance(10));
    add(_("Start again"), () => this.begin(() => this.run.restart()));
    add(_("All weights 0"), () => this.begin(() => this.run.zero()));
  }

  // ---- what the reader does
  atRing() { return [this.model.get("probe_x"), this.model.get("probe_y")]; }

  moveProbe([x, y]) { this.ui.change({ probe_x: +x.toFixed(3), probe_y: +y.toFixed(3) }); }

  clicked(place) {
    if (this.model.get("dataset") === "own") this.addPoint(place, this.model.get("new_class"));
    this.moveProbe(place);
  }

  key(event) {
    if (this.model.get("dataset") !== "own") return;
    if (event.key === "0" || event.key === "1") this.addPoint(this.atRing(), +event.key);
    else if (event.key === "Delete" || event.key === "Backspace") this.removePoint();
    else return;
    event.preventDefault();
  }

  addPoint([x, y], label) {
    const points = [...readPoints(this.model.get("points")), [x, y, label]].slice(-300);
    this.ui.change({ points: writePoints(points) });
  }

  removePoint() {
    const points = readPoints(this.model.get("points")), [x0, y0] = this.atRing(), far = ([x, y]) => Math.hypot(x - x0, y - y0);
    const nearest = points.reduce((best, p, k) => (far(p) < far(points[best]) ? k : best), 0);
    this.ui.change({ points: writePoints(points.filter((__, k) => k !== nearest)) });
  }

  // A weight was typed: j counts the weights of a unit, its bias comes last.
  edit([l, k], j, text) {
    const { W, b } = this.run.network.layers[l - 1], value = readNumber(text);
    if (value === undefined) return;
    this.begin(() => {
      if (j < W[k].length) W[k][j] = value;
      else b[k] = value;
      this.run.change();
    });
  }

  // ---- training
  begin(change) {
    this.settle();
    this.stop();
    change();
    this.publish();
    this.show();
  }

  advance(steps) {
    this.begin(() => this.run.step(Math.min(steps, MOST_STEPS - this.run.done)));
  }

  toggle() {
    if (this.timer) return this.stop();
    this.settle();
    if (!this.run.data.y.length || this.run.done >= MOST_STEPS) return this.show(); // the read-out says why
    this.goal = MOST_STEPS;
    this.play.textContent = _("❚❚ Pause");
    this.ui.readout.setAttribute("aria-live", "off"); // said once, at the end
    this.timer = requestAnimationFrame(time => this.frame(time));
  }

  frame(time) {
    const { run } = this, late = this.goal < MOST_STEPS; // on the way to where a link or Python wants it
    if (!this.el.isConnected) return this.stop();
    const rest = reducedMotion() && time - this.published < 500; // fewer pictures where motion is not wanted
    const fine = late ? this.hurry(12) : run.step(Math.min(this.model.get("speed"), this.goal - run.done));
    if (!rest || !fine) {
      if (time - this.published > 400) { this.publish(); this.published = time; }
      this.show();
    }
    if (!fine || run.done >= this.goal || !run.data.y.length) return this.stop();
    this.timer = requestAnimationFrame(next => this.frame(next));
  }

  // Steps towards the goal for some milliseconds.
  hurry(milliseconds) {
    const { run } = this, until = performance.now() + milliseconds;
    while (run.done < this.goal && performance.now() < until)
      if (!run.data.y.length || !run.step(Math.min(5, this.goal - run.done))) return false;
    return true;
  }

  stop() {
    if (!this.timer) return;
    cancelAnimationFrame(this.timer);
    this.timer = 0;
    this.play.textContent = _("▶ Train");
    this.ui.readout.setAttribute("aria-live", "polite");
    this.publish();
    this.show();
  }

  // Tell Python, or the page's state, where the run is.
  publish() { this.quietly({ steps: this.run.done, weights: this.run.weights, snapshot: writeWeights(this.run.weights) }); }

  quietly(values) {
    this.mine = true;
    this.ui.change(values);
    this.mine = false;
  }

  // ---- following the state
  follow() {
    if (this.mine) return;
    this.settle();
    this.check();
    const { model } = this, now = Object.fromEntries([...ANEW, ...ONWARD].map(key => [key, model.get(key)]));
    const { given } = this, fresh = !this.run || ANEW.some(key => now[key] !== this.run.settings[key]);
    this.given = null;
    if (fresh) this.startAnew(now);
    else {
      const changes = Object.fromEntries(ONWARD.filter(key => now[key] !== this.run.settings[key]).map(key => [key, now[key]]));
      if (Object.keys(changes).length) this.run.change(changes);
    }
    const steps = clamp(Math.round(model.get("steps")), 0, MOST_STEPS);
    if (given && this.run.fits(given)) {
      this.stop();
      this.run.restore(given, steps);
    } else this.reach(steps);
    this.publish();
    this.settings.follow(this.run);
    if (this.begun) this.show();
    else this.begun = this.showBySlices();
  }

  startAnew(now) {
    this.stop();
    this.run = new Run(now);
    this.chosen = [1, 0];
    this.looked = null;
    if (this.byHand || !this.fits()) this.suit();
    if (this.byHand) this.quietly({ steps: 0 }); // a link, Reset or Python says itself how many steps to make
  }

  // The state in which the page opens was trained by Python already: its weights are drawn at once, and the run that leads
  // to them, which knows the loss on the way and the optimizer's state, is made up for in slices that block nothing.
  ahead(steps) {
    const { first, known, run: late } = this;
    const opening = !late.done && [...ANEW, ...ONWARD].every(key => late.settings[key] === first[key]) && steps === first.steps;
    if (!opening || !known?.length || !late.fits(known)) return false;
    this.run = new Run({ ...late.settings });
    [this.run.weights, this.run.done, this.late] = [known, steps, late];
    const slice = () => {
      if (this.late !== late || !this.el.isConnected) return;
      let fine = true;
      for (const until = performance.now() + 8; fine && late.done < steps && performance.now() < until;) fine = late.step(1);
      if (fine && late.done < steps) return setTimeout(slice);
      this.settle();
      return this.begun.then(() => this.showBySlices());
    };
    setTimeout(slice);
    return true;
  }

  // The run itself in place of the one that is drawn ahead of it.
  settle() {
    const { late, run } = this;
    if (!late) return;
    this.late = null;
    late.step(run.done - late.done);
    this.run = late;
  }

  // Train up to a number of steps: at once what a moment allows, the rest picture by picture.
  reach(steps) {
    if (steps < this.run.done && !this.timer) this.run.restart();
    if (steps <= this.run.done || this.timer || this.ahead(steps)) return;
    this.goal = steps;
    if (this.hurry(AT_ONCE) && this.run.done < steps) this.timer = requestAnimationFrame(time => this.frame(time));
  }

  // What an address or Python asks for may not exist: the value that was there before stays, and the reader is told.
  check() {
    const { model, first } = this, wrong = [];
    for (const [key, allowed] of Object.entries(CHOICES))
      if (!allowed.includes(model.get(key))) wrong.push([key, this.run?.settings[key] ?? first[key]]);
    for (const [key, [low, high]] of Object.entries(NUMBERS))
      if (!(model.get(key) >= low && model.get(key) <= high)) wrong.push([key, first[key]]);
    for (const [key, read] of [["hidden", readHidden], ["features", readFeatures]])
      if (read(model.get(key)).join(" ") !== model.get(key)) wrong.push([key, this.run?.settings[key] ?? first[key]]);
    const list = wrong.map(([key]) => `${key} = ${model.get(key)}`);
    if (wrong.length) this.quietly(Object.fromEntries(wrong));
    this.complaint = wrong.length ? _("There is no {list}: taken as before.", { list: list.join(_(", ")) }) : "";
  }

  // The hidden space that says most: the last layer; its two units, or the logit if there are more.
  suit() {
    const { sizes } = this.run, layer = sizes.length - 2, plain = sizes[layer] < 3;
    this.quietly({ layer, across: plain ? 0 : -1, up: plain ? 1 : 0 });
  }

  fits() {
    const { sizes } = this.run, last = sizes.length - 2, layer = this.model.get("layer"), across = this.model.get("across");
    return layer <= last && across < sizes[layer] && (across >= 0 || layer === last);
  }

  // ---- drawing
  show() {
    this.pictures++;
    for (const draw of this.parts()) draw();
    this.rest();
  }

  // The same so that the page answers in between; gives way to any other picture.
  async showBySlices() {
    const mine = ++this.pictures;
    this.bar.parentNode.setAttribute("aria-busy", "true");
    for (const draw of this.parts()) {
      await pause();
      if (mine !== this.pictures) return;
      draw();
    }
    this.rest();
  }

  rest() { if (!this.late) this.bar.parentNode.removeAttribute("aria-busy"); }

  parts() {
    const { run, model } = this, at = this.atRing(), busy = this.timer;
    let logits, layers;
    return [
      () => {
        logits = run.forward(field).map(([z]) => z);
        layers = run.network.a;
      },
      () => this.input.show(run, logits, layers, this.looked, model.get("tests") && run.test),
      () => this.net(run, layers, this.chosen, busy),
      () => this.space.show(run, at, ["layer", "across", "up"].map(key => model.get(key))),
      () => {
        this.loss.show(run);
        this.input.ring(at, run.answer(run.forward([at])[0][0]), run.regression);
        if (!busy || run.done % 10 === 0) this.unit(run, this.chosen, at, busy);
        if (this.all.open && !busy) this.showAll();
        this.tell(at);
      },
    ];
  }

  tell(at) {
    const { run, ui } = this;
    if (this.complaint) return ui.say(this.complaint);
    if (!run.data.y.length) return ui.say(_("No points yet: click into the plane, or move the ring with the arrow keys and press 0 or 1."));
    const train = run.measure(), count = run.network.parameters().reduce((sum, [w]) => sum + w.length, 0);
    if (!Number.isFinite(train.loss)) return ui.say(_("The loss grew without bound: take a smaller learning rate, then start again."));
    const test = run.test && run.measure(run.test);
    const right = (m, { y }) => (run.regression ? [] : [[_("right"), `${(100 * m.right / y.length).toFixed(1)} %`]]);
    ui.say([_("step"), run.done], [_("loss"), train.loss.toFixed(4)], ...right(train, run.data),
      ...test ? [[_("test loss"), test.loss.toFixed(4)], ...right(test, run.test)] : [],
      [run.regression ? _("ŷ at the ring") : _("p at the ring"), run.answer(run.forward([at])[0][0]).toFixed(3)], [_("parameters"), count],
      ...run.settings.batch ? [[_("batch size"), run.settings.batch]] : [],
      run.done >= MOST_STEPS ? _("The playground stops at {n} steps: start again, or take the nnlib code home.", { n: MOST_STEPS })
        : [_("next"), this.nextStep()]);
  }

  // What the next step will be made of.
  nextStep() {
    const { optimizer, lr, penalty, strength } = this.run.settings;
    const rule = { sgd: "SGD", momentum: _("SGD with momentum"), adam: "Adam" }[optimizer];
    const values = { rule, lr: format(lr), penalty: penalty.toUpperCase(), strength: format(strength), n: this.model.get("speed") };
    return penalty === "none" ? _("{rule}, η = {lr}, {n} per frame", values)
      : _("{rule}, η = {lr}, {penalty} with λ = {strength}, {n} per frame", values);
  }

  showAll() { this.table.replaceChildren(...weightTables(this.run)); }
}

async function render({ model, el }) {
  const playground = new Playground(model, el);
  await pause();
  playground.listen();
  await pause();
  playground.ui.draw(() => playground.follow());
  await playground.begun;
  return () => playground.stop();
}

export default { render };
