"""A recurrent network, one step at a time, folded or unrolled: every number comes from nnlib.  [A44, A45]"""

import numpy as np

from nnbook.language import _
from nnbook.numbers import lower
from nnbook.widgets.core.host import FrontEnd, widget
from nnlib import RNN, Linear, checks
from nnlib.activations import sigmoid

SWITCH = ((1, 0), (0, 0), (0, 0), (0, 1), (0, 0))  # on, nothing, nothing, off, nothing


@widget
def rnn_stepper(x=SWITCH, U=((2.0, -2.0), (1.0, 1.0)), W=((1.5, 0.0), (0.0, 0.7)), V=((3.0, -0.5),), b_a=(0.0, 0.0),
                b_y=(0.0,), h0=(0.0, 0.0), step=0):
    """Step through h_t = tanh(U x_t + W h_{t−1} + b_a), o_t = σ(V h_t + b_y), unrolled or folded.  [A44, A45]

    x (T, 2), T from 2 to 5; U (2, 2), W (2, 2), V (1, 2), b_a (2,), b_y (1,), h0 (2,). step: where to begin; two steps
    belong to each t: the state, then the output. Shared weights can be marked in all steps at once. The reader may
    change x and h0; the page then computes what nnlib computed here (rnn_numbers.js).

    Raises ValueError for other shapes or a step that does not exist.
    """
    given = {"x": x, "U": U, "W": W, "V": V, "b_a": b_a, "b_y": b_y, "h0": h0}
    shapes = {"x": (len(x), 2), "U": (2, 2), "W": (2, 2), "V": (1, 2), "b_a": (2,), "b_y": (1,), "h0": (2,)}
    given = {name: checks.array(value, name).astype(float) for name, value in given.items()}
    for name, shape in shapes.items():
        if given[name].shape != shape:
            raise ValueError(f"{name} must have shape {shape}, got {given[name].shape}")
    T = len(x)
    if not 2 <= T <= 5:
        raise ValueError(f"x must have 2 to 5 steps, got {T}")
    if not 0 <= step < 2 * T:
        raise ValueError(f"step must be 0 … {2 * T - 1}, got {step}")
    h, o = forward(**given)
    state = {"step": int(step), "view": "unrolled", "shared": "none", "inputs": given["x"].ravel(),
             "h0": given["h0"], "weights": {name: given[name] for name in shapes if name not in ("x", "h0")}}

    def picture():
        from nnbook.plots import recurrent_networks as recurrent
        return recurrent.unrolled(given["x"], h, o)

    answers = ", ".join(f"o{lower(t + 1)} = {o[t, 0]:.2f}" for t in range(T))
    return FrontEnd("rnn_stepper", state, picture, alt=_(
        "A recurrent network unrolled over {T} steps, with the same U, W and V in each; the outputs are {answers}.",
        T=T, answers=answers)).show()


def forward(x, U, W, V, b_a, b_y, h0=(0.0, 0.0)):
    """States (T, 2) and outputs (T, 1), by nnlib's layers."""
    rng = np.random.default_rng(0)  # the random weights are overwritten at once
    cell, head = RNN(2, 2, rng=rng), Linear(2, 1, rng=rng)
    cell.U[:], cell.W[:], cell.b[:], head.W[:], head.b[:] = U, W, b_a, V, b_y
    states = cell(x[None], np.array([h0]))
    return states[0], sigmoid(head(states))[0]
