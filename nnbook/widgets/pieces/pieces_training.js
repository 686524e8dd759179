// Training for the pieces: gradient descent moves the knots, and a line behind each knot shows where it came from.
import { Adam, activations } from "../core/network.js";
import { svg, set, reducedMotion } from "../core/elements.js";
import { clamp } from "../core/numbers.js";
import { line } from "../core/plot.js";
import { colors } from "../../palette.js";
import { _ } from "../core/language.js";

const RATE = 0.01, PER_FRAME = 3, MOST = 1000;
const points = Array.from({ length: 401 }, (__, k) => k / 400);

// The same as Knots and train in pieces.py: Adam on the mean squared distance to a curve; the ends keep their x.
export class Training {
  constructor(kind, curve, knots) {
    [this.f, this.slope] = activations[kind === "soft" ? "sigmoid" : "hard_sigmoid"];
    [this.x, this.y] = [0, 1].map(k => Float64Array.from(knots, knot => knot[k]));
    [this.dx, this.dy] = [this.x, this.y].map(list => new Float64Array(list.length));
    this.adam = new Adam([[this.x, this.dx], [this.y, this.dy]], { lr: RATE });
    this.wanted = points.map(curve);
    this.steps = 0;
  }

  get knots() { return Array.from(this.x, (x, k) => [x, this.y[k]]); }

  // Fills dx and dy; returns the mean squared distance.
  gradient() {
    const { x, y, dx, dy } = this, n = x.length - 1;
    let loss = 0;
    dx.fill(0);
    dy.fill(0);
    points.forEach((at, p) => {
      const z = i => 6 * (at - (x[i] + x[i + 1]) / 2) / (x[i + 1] - x[i]);
      let miss = y[0] - this.wanted[p];
      for (let i = 0; i < n; i++) miss += (y[i + 1] - y[i]) * this.f(z(i));
      loss += miss ** 2 / points.length;
      const delta = 2 * miss / points.length;
      dy[0] += delta;
      for (let i = 0; i < n; i++) {
        const rise = delta * this.f(z(i)), turn = delta * this.slope(z(i)) * (y[i + 1] - y[i]) / (x[i + 1] - x[i]);
        dy[i + 1] += rise;
        dy[i] -= rise;
        dx[i] += turn * (z(i) - 3);
        dx[i + 1] -= turn * (z(i) + 3);
      }
    });
    dx[0] = dx[n] = 0;
    return loss;
  }

  step(steps) {
    const { x } = this, n = x.length - 1, gap = Math.min(0.01, 0.3 / n);
    for (; steps > 0; steps--, this.steps++) {
      this.gradient();
      this.adam.step();
      for (let k = 1; k < n; k++) x[k] = clamp(x[k], x[k - 1] + gap, 1 - (n - k) * gap);
    }
  }
}

// A button that trains what now() = { kind, curve, knots } says, laying the knots anew with each picture; the lines go
// into `p`. Returns { follow, steps() }: follow is called at each redraw and forgets the training if another hand moved.
export function trainer(ui, p, place, { now, lay }) {
  const trails = svg("g", { class: "nnlib-trails", fill: "none", stroke: colors.highlight, "stroke-width": 1.5 });
  let run = null, timer = 0, own = false, past = [];
  p.area.append(trails);
  const button = ui.button(_("▶ Train"), toggle, place);

  function go(steps) {
    run.step(Math.min(steps, MOST - run.steps));
    past.push(run.knots);
    own = true;
    lay(run.knots);
    own = false;
  }

  function frame() {
    if (!timer || !button.isConnected) return;
    go(PER_FRAME);
    if (run.steps >= MOST) stop();
    else timer = requestAnimationFrame(frame);
  }

  function toggle() {
    if (timer) return stop();
    if (!run || run.steps >= MOST) {
      const { kind, curve, knots } = now();
      run = new Training(kind, curve, knots);
      past = [run.knots];
    }
    if (reducedMotion()) return go(MOST);
    button.textContent = _("❚❚ Pause");
    ui.readout.setAttribute("aria-live", "off"); // said once, at the end
    ui.timers.add(stop);
    timer = requestAnimationFrame(frame);
  }

  function stop() {
    if (!timer) return;
    cancelAnimationFrame(timer);
    timer = 0;
    ui.timers.delete(stop);
    button.textContent = _("▶ Train");
    ui.readout.setAttribute("aria-live", "polite");
    ui.readout.replaceChildren(...ui.readout.childNodes); // what is put in anew is read out
  }

  function follow() {
    if (!own) {
      stop();
      [run, past] = [null, []];
    }
    trails.replaceChildren(...(past[0] ?? []).map((__, k) => svg("path", { d: line(p, past.map(knots => knots[k])) })));
  }

  return { follow, steps: () => run?.steps ?? 0 };
}
