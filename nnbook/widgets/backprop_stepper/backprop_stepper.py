"""The lecture's 2-2-1 network, forward and backward, node by node: every number comes from nnlib.  [A22, A25]"""

import numpy as np

from nnbook.language import _
from nnbook.numbers import bracketed, lower
from nnbook.palette import COLORS
from nnbook.widgets.core.host import FrontEnd, widget
from nnlib import Linear, MSELoss, Sequential, Sigmoid

EPS = 1e-5  # of the finite differences


@widget
def backprop_stepper(x=(1.0, 2.0), y=1.0, w=(0.5, -0.4, 0.25, 0.3, 0.8, -0.6), b=(0.1, -0.2, 0.3), step=0):
    """Step through a 2-2-1 network with sigmoids and L = ½(y − a₃)²: values forward, then δ and gradients backward,
    each with its formula, its numbers and a finite difference beside it.  [A22, A25]

    x: two inputs; y: target; b: (b₁, b₂, b₃); w: (w₁ … w₆) with w₁: x₁→z₁, w₂: x₁→z₂, w₃: x₂→z₁, w₄: x₂→z₂,
    w₅: a₁→z₃, w₆: a₂→z₃, the numbering of the lecture's backward slides. step: where to begin.

    Raises ValueError if x, w, b have other lengths or step does not exist.
    """
    for name, values, count in (("x", x, 2), ("w", w, 6), ("b", b, 3)):
        if len(values) != count:
            raise ValueError(f"{name} must have {count} numbers, got {len(values)}")
    network = Network(x, y, w, b)
    steps = network.steps()
    if not 0 <= step < len(steps):
        raise ValueError(f"step must be 0 … {len(steps) - 1}, got {step}")
    values = {f"x{k + 1}": v for k, v in enumerate(x)} | {f"w{k + 1}": v for k, v in enumerate(w)}
    values |= {f"b{k + 1}": v for k, v in enumerate(b)} | {"y": y}
    state = {"step": int(step), "steps": steps, "given": values}
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
        """One dict a step: phase, node, formula, the same with numbers, value, what it uses, and for the backward
        phase the finite difference and how many factors are multiplied with and without reuse of what is known."""
        v, g = self.values, self.gradients
        number = self.number
        table = []

        def forward(node, formula, with_numbers, uses):
            table.append({"phase": "forward", "node": node, "formula": formula, "numbers": with_numbers,
                          "value": v[node], "uses": uses.split()})

        def backward(node, name, formula, with_numbers, uses, reused, anew):
            """reused, anew: multiplications of this formula, and of the full chain from the loss."""
            table.append({"phase": "backward", "node": node, "name": name, "formula": formula, "numbers": with_numbers,
                          "value": g[node], "uses": uses.split(), "difference": self.difference(node),
                          "reused": reused, "anew": anew})

        for k, (i, j) in ((1, "13"), (2, "24")):
            s = lower(k)
            forward(f"z{k}", f"z{s} = w{lower(i)}·x₁ + w{lower(j)}·x₂ + b{s}",
                    f"{number(f'w{i}')}·{number('x1')} + {number(f'w{j}')}·{number('x2')} + {number(f'b{k}')}",
                    f"w{i} x1 w{j} x2 b{k}")
            forward(f"a{k}", f"a{s} = σ(z{s})", f"1 / (1 + e^−({number(f'z{k}')}))", f"z{k}")
        forward("z3", "z₃ = w₅·a₁ + w₆·a₂ + b₃",
                f"{number('w5')}·{number('a1')} + {number('w6')}·{number('a2')} + {number('b3')}", "w5 a1 w6 a2 b3")
        forward("a3", "a₃ = σ(z₃)", f"1 / (1 + e^−({number('z3')}))", "z3")
        forward("L", "L = ½(y − a₃)²", f"½·({number('y')} − {number('a3')})²", "a3 y")

        backward("a3", "∂L/∂a₃", "∂L/∂a₃ = a₃ − y", f"{number('a3')} − {number('y')}", "a3 y", 0, 0)
        backward("z3", "δ₃", "δ₃ = ∂L/∂z₃ = ∂L/∂a₃ · σ′(z₃),  σ′(z₃) = a₃(1 − a₃)",
                 f"{number('a3', g)}·{number('a3')}·(1 − {number('a3')})", "a3", 1, 1)
        for i, k in (("5", 1), ("6", 2)):
            backward(f"w{i}", f"∂L/∂w{lower(i)}", f"∂L/∂w{lower(i)} = δ₃ · a{lower(k)}",
                     f"{number('z3', g)}·{number(f'a{k}')}", f"z3 a{k} w{i}", 1, 2)
        backward("b3", "∂L/∂b₃", "∂L/∂b₃ = δ₃", number("z3", g), "z3 b3", 0, 1)
        for k, i in ((1, "5"), (2, "6")):
            s = lower(k)
            backward(f"a{k}", f"∂L/∂a{s}", f"∂L/∂a{s} = δ₃ · w{lower(i)}", f"{number('z3', g)}·{number(f'w{i}')}",
                     f"z3 w{i}", 1, 2)
            backward(f"z{k}", f"δ{s}", f"δ{s} = ∂L/∂z{s} = ∂L/∂a{s} · σ′(z{s}),  σ′(z{s}) = a{s}(1 − a{s})",
                     f"{number(f'a{k}', g)}·{number(f'a{k}')}·(1 − {number(f'a{k}')})", f"a{k}", 1, 3)
        for i, k, n in (("1", 1, 1), ("3", 1, 2), ("2", 2, 1), ("4", 2, 2)):
            backward(f"w{i}", f"∂L/∂w{lower(i)}", f"∂L/∂w{lower(i)} = δ{lower(k)} · x{lower(n)}",
                     f"{number(f'z{k}', g)}·{number(f'x{n}')}", f"z{k} x{n} w{i}", 1, 4)
        for k in (1, 2):
            s = lower(k)
            backward(f"b{k}", f"∂L/∂b{s}", f"∂L/∂b{s} = δ{s}", number(f"z{k}", g), f"z{k} b{k}", 0, 3)
        for n, (i, j) in ((1, "12"), (2, "34")):
            backward(f"x{n}", f"∂L/∂x{lower(n)}", f"∂L/∂x{lower(n)} = δ₁ · w{lower(i)} + δ₂ · w{lower(j)}",
                     f"{number('z1', g)}·{number(f'w{i}')} + {number('z2', g)}·{number(f'w{j}')}",
                     f"z1 w{i} z2 w{j}", 2, 8)
        return table

    def number(self, name, source=None):
        """A number as it stands in a formula, negative ones in brackets."""
        if source is None and name in self.weights:
            array, at = self.weights[name]
            value = float(array[at])
        elif name == "y":
            value = float(self.y[0, 0])
        else:
            value = (source or self.values)[name]
        return bracketed(value, ".4g")


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
