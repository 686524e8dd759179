"""What a network that was trained on the lamp remembers, and what its gradient still sees.  [A45]"""

import numpy as np

from nnbook.language import _
from nnbook.widgets.core.host import FrontEnd, widget
from nnbook.widgets.gate_stepper.gate_stepper import checked, inputs
from nnlib import RNN, Linear
from nnlib.activations import sigmoid
from nnlib.sequences import sensitivity

PRESSES = (1, *[0] * 6, -1, *[0] * 12)


def example():
    rng = np.random.default_rng(0)
    return {"cell": RNN(2, 4, rng=rng), "head": Linear(4, 1, rng=rng)}


@widget(example=example)
def lamp_memory(cell, head, presses=PRESSES, step=20):
    """Press on and off at any step; see each state and answer, and ‖∂h_t/∂x_k‖ of the step that looks back.  [A45]

    cell: RNN with 2 inputs and at most 8 units. head: Linear from its state to one score. presses: 5 to 20 numbers,
    1 where on is pressed, −1 where off is, 0 elsewhere. step: which state looks back, from 1.

    Raises ValueError for a network of another shape, other presses or a step that does not exist.
    """
    presses = checked(presses, step, 5, 20)
    if cell.n_in != 2 or cell.n_hidden > 8 or head.W.shape != (1, cell.n_hidden):
        raise ValueError(f"lamp_memory expects an RNN(2, n ≤ 8) and a Linear(n, 1), got {cell!r} and {head!r}")
    x = inputs(presses)
    h = cell(x[None])[0]
    o, norms = sigmoid(head(h[None]))[0, :, 0], sensitivity(cell, x)[step - 1]
    state = {"step": int(step), "presses": presses.astype(int),
             "weights": {"U": cell.U, "W": cell.W, "b_a": cell.b, "V": head.W, "b_y": head.b}}

    def picture():
        from nnbook.plots import recurrent_networks as recurrent
        return recurrent.switch_trace(x, h, o, norms[:step])

    last = np.flatnonzero(presses[:step])[-1] if presses[:step].any() else 0
    return FrontEnd("lamp_memory", state, picture, alt=_(
        "{n} steps after a press the network says “on” with probability {p:.3f}; the gradient of its state by that "
        "press is {size:.0e}.", n=step - 1 - last, p=o[step - 1], size=norms[last])).show()
