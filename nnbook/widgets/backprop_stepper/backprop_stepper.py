"""The lecture's 2-2-1 network, forward and backward, node by node: every number comes from nnlib.  [A22, A25]"""

import re

import numpy as np

from nnbook.language import _
from nnbook.numbers import bracketed, lower
from nnbook.palette import COLORS
from nnbook.widgets.core.host import FrontEnd, widget
from nnlib import Linear, MSELoss, Sequential, Sigmoid

EPS = 1e-5  # of the finite differences


@widget
def backprop_stepper(x=(1.0, 2.0), y=1.0, w=(0.5, -0.4, 0.25, 0.3, 0.8, -0.6), b=(0.1, -0.2, 0.3), step=0, lr=0.5):
    """Step through a 2-2-1 network with sigmoids and L = ½(y − a₃)²: values forward, then δ and gradients backward,
    each with its formula, its numbers and a finite difference beside it, then the update. The reader may change all
    numbers; the page then computes what nnlib computed here (backprop_numbers.js).  [A22, A24, A25]

    x: two inputs; y: target; b: (b₁, b₂, b₃); w: (w₁ … w₆) with w₁: x₁→z₁, w₂: x₁→z₂, w₃: x₂→z₁, w₄: x₂→z₂,
    w₅: a₁→z₃, w₆: a₂→z₃, the numbering of the lecture's backward slides. step: where to begin. lr: η of the update.

    Raises ValueError if x, w, b have other lengths or step does not exist.
    """
    for name, values, count in (("x", x, 2), ("w", w, 6), ("b", b, 3)):
        if len(values) != count:
            raise ValueError(f"{name} must have {count} numbers, got {len(values)}")
    network = Network(x, y, w, b)
    steps = network.steps()
    if not 0 <= step <= len(steps):
        raise ValueError(f"step must be 0 … {len(steps)}, got {step}")
    state = {"step": int(step), "lr": float(lr), "y": float(y)} | {
        name: [float(v) for v in values] for name, values in (("x", x), ("w", w), ("b", b))}
    shown = ("phase", "node", "formula", "template", "uses", "reused", "anew")  # the page computes the numbers
    state["steps"] = [{key: each[key] for key in shown if key in each} for each in steps]
    loss, w5 = network.values["L"], network.gradients["w5"]
    return FrontEnd("backprop_stepper", state, lambda: picture(network, steps), alt=_(
        "A network of two inputs, two hidden neurons and one output. Forward, the loss is {loss:.4f}; backward, "
        "each node gets its δ, and each weight its gradient, such as ∂L/∂w₅ = {w5:.4f} = δ₃ · a₁.", loss=loss,
        w5=w5)).show()


class Network:
    """The values, gradients and finite differences of all nodes, computed by nnlib."""

    def __init__(self, x, y, w, b):
        rng = np.random.default_rng(0)  # the random weights are overwritten at once
        first, second = Linear(2, 2, rng=rng), Linear(2, 1, rng=rng)
        first.W[:], first.b[:] = [[w[0], w[2]], [w[1], w[3]]], b[:2]
        second.W[:], second.b[:] = [[w[4], w[5]]], b[2:]
        self.layers = [first, Sigmoid(), second, Sigmoid()]
        self.loss, self.y = MSELoss(half=True), np.array([[float(y)]])
        self.x = np.array([x], dtype=float)
        # places of the named numbers: (layer, "W" or "b", index), and the nodes that come out of each layer
        self.weights = {"w1": (first.W, (0, 0)), "w2": (first.W, (1, 0)), "w3": (first.W, (0, 1)),
                        "w4": (first.W, (1, 1)), "w5": (second.W, (0, 0)), "w6": (second.W, (0, 1)),
                        "b1": (first.b, 0), "b2": (first.b, 1), "b3": (second.b, 0)}
        self.nodes = [["x1", "x2"], ["z1", "z2"], ["a1", "a2"], ["z3"], ["a3"]]
        self.forward_and_backward()

    def outputs(self):
        result = [self.x]
        for layer in self.layers:
            result.append(layer(result[-1]))
        return result

    def forward_and_backward(self):
        outputs = self.outputs()
        # rounded, since 0.3·2 − 0.4 − 0.2 is to be read as 0, not as −5.6e−17
        self.values = {name: round(float(v), 15) for names, row in zip(self.nodes, outputs, strict=True)
                       for name, v in zip(names, row[0], strict=True)}
        self.values["L"] = self.loss(outputs[-1], self.y)
        deltas = [self.loss.backward()]
        for layer in reversed(self.layers):
            deltas.append(layer.backward(deltas[-1]))
        self.gradients = {name: float(v) for names, row in zip(self.nodes, reversed(deltas), strict=True)
                          for name, v in zip(names, row[0], strict=True)}
        first, _, second, _ = self.layers
        slope = {id(first.W): first.dW, id(first.b): first.db, id(second.W): second.dW, id(second.b): second.db}
        self.gradients |= {name: float(slope[id(array)][at]) for name, (array, at) in self.weights.items()}

    def loss_with(self, name, change):
        """The loss if this node or weight were larger by `change`, the rest of the network computed anew."""
        if name in self.weights:
            array, at = self.weights[name]
            old = array[at]
            array[at] = old + change
            loss = self.loss(self.outputs()[-1], self.y)
            array[at] = old
            return loss
        depth = next(k for k, names in enumerate(self.nodes) if name in names)
        row = np.array([[self.values[n] for n in self.nodes[depth]]])
        row[0, self.nodes[depth].index(name)] += change
        return self.loss(Sequential(*self.layers[depth:])(row) if depth < 4 else row, self.y)

    def difference(self, name):
        """Central difference of the loss."""
        return (self.loss_with(name, EPS) - self.loss_with(name, -EPS)) / (2 * EPS)

    def steps(self):
        """One dict a step: phase, node, formula, its template and the same with numbers, value, what it uses, and for
        the backward phase the finite difference and how many factors are multiplied with and without reuse of what is
        known."""
        table = []

        def forward(node, formula, template, uses):
            table.append({"phase": "forward", "node": node, "formula": formula, "template": template,
                          "numbers": self.filled(template), "value": self.values[node], "uses": uses.split()})

        def backward(node, name, formula, template, uses, reused, anew):
            """reused, anew: multiplications of this formula, and of the full chain from the loss."""
            table.append({"phase": "backward", "node": node, "name": name, "formula": formula, "template": template,
                          "numbers": self.filled(template), "value": self.gradients[node], "uses": uses.split(),
                          "difference": self.difference(node), "reused": reused, "anew": anew})

        for k, (i, j) in ((1, "13"), (2, "24")):
            s = lower(k)
            forward(f"z{k}", f"z{s} = w{lower(i)}·x₁ + w{lower(j)}·x₂ + b{s}",
                    f"{{w{i}}}·{{x1}} + {{w{j}}}·{{x2}} + {{b{k}}}",
                    f"w{i} x1 w{j} x2 b{k}")
            forward(f"a{k}", f"a{s} = σ(z{s})", f"1 / (1 + e^−({{z{k}}}))", f"z{k}")
        forward("z3", "z₃ = w₅·a₁ + w₆·a₂ + b₃",
                "{w5}·{a1} + {w6}·{a2} + {b3}", "w5 a1 w6 a2 b3")
        forward("a3", "a₃ = σ(z₃)", "1 / (1 + e^−({z3}))", "z3")
        forward("L", "L = ½(y − a₃)²", "½·({y} − {a3})²", "a3 y")

        backward("a3", "∂L/∂a₃", "∂L/∂a₃ = a₃ − y", "{a3} − {y}", "a3 y", 0, 0)
        backward("z3", "δ₃", "δ₃ = ∂L/∂z₃ = ∂L/∂a₃ · σ′(z₃),  σ′(z₃) = a₃(1 − a₃)",
                 "{d.a3}·{a3}·(1 − {a3})", "a3", 1, 1)
        for i, k in (("5", 1), ("6", 2)):
            backward(f"w{i}", f"∂L/∂w{lower(i)}", f"∂L/∂w{lower(i)} = δ₃ · a{lower(k)}",
                     f"{{d.z3}}·{{a{k}}}", f"z3 a{k} w{i}", 1, 2)
        backward("b3", "∂L/∂b₃", "∂L/∂b₃ = δ₃", "{d.z3}", "z3 b3", 0, 1)
        for k, i in ((1, "5"), (2, "6")):
            s = lower(k)
            backward(f"a{k}", f"∂L/∂a{s}", f"∂L/∂a{s} = δ₃ · w{lower(i)}", f"{{d.z3}}·{{w{i}}}",
                     f"z3 w{i}", 1, 2)
            backward(f"z{k}", f"δ{s}", f"δ{s} = ∂L/∂z{s} = ∂L/∂a{s} · σ′(z{s}),  σ′(z{s}) = a{s}(1 − a{s})",
                     f"{{d.a{k}}}·{{a{k}}}·(1 − {{a{k}}})", f"a{k}", 1, 3)
        for i, k, n in (("1", 1, 1), ("3", 1, 2), ("2", 2, 1), ("4", 2, 2)):
            backward(f"w{i}", f"∂L/∂w{lower(i)}", f"∂L/∂w{lower(i)} = δ{lower(k)} · x{lower(n)}",
                     f"{{d.z{k}}}·{{x{n}}}", f"z{k} x{n} w{i}", 1, 4)
        for k in (1, 2):
            s = lower(k)
            backward(f"b{k}", f"∂L/∂b{s}", f"∂L/∂b{s} = δ{s}", f"{{d.z{k}}}", f"z{k} b{k}", 0, 3)
        for n, (i, j) in ((1, "12"), (2, "34")):
            backward(f"x{n}", f"∂L/∂x{lower(n)}", f"∂L/∂x{lower(n)} = δ₁ · w{lower(i)} + δ₂ · w{lower(j)}",
                     f"{{d.z1}}·{{w{i}}} + {{d.z2}}·{{w{j}}}",
                     f"z1 w{i} z2 w{j}", 2, 8)
        return table

    def filled(self, template):
        """"{w5}·{d.z3}" with numbers: d. marks a derivative; negative ones stand in brackets."""
        return re.sub(r"\{(d\.)?(\w+)\}", lambda found: bracketed(self.number(found[2], found[1]), ".4g"), template)

    def number(self, name, derivative=None):
        if derivative:
            return self.gradients[name]
        if name in self.weights:
            array, at = self.weights[name]
            return float(array[at])
        return float(self.y[0, 0]) if name == "y" else self.values[name]


def picture(network, steps):
    """The formulas with their values as a table, for print."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.6, 6.2), layout="constrained")
    ax = figure.subplots()
    ax.axis("off")
    ax.set_title(_("Forward the values, backward the gradients"), loc="left")
    for row, step in enumerate(steps):
        colour = COLORS["prediction"] if step["phase"] == "forward" else COLORS["gradient"]
        ax.text(0, -row, step["formula"].split(",")[0], color=colour, va="center", fontsize=9.5)
        ax.text(0.52, -row, f"= {step['value']:.6f}", va="center", fontsize=9.5)
        if "difference" in step:
            ax.text(0.76, -row, f"≈ {step['difference']:.6f}", va="center", fontsize=9.5, color="#555555")
    ax.text(0.76, -6, _("finite difference"), va="center", fontsize=9, color="#555555")
    ax.set(xlim=(0, 1), ylim=(-len(steps) + 0.5, 0.5))
    return figure
