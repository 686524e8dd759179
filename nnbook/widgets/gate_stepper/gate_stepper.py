"""One unit of an LSTM or a GRU, gate by gate: the lamp once more, every number from nnlib.  [X03]"""

import numpy as np

from nnbook.language import _
from nnbook.widgets.core.host import FrontEnd, widget
from nnlib import GRU, LSTM, checks

PRESSES = (1, 0, 0, 0, 0, 0, -1, 0, 0, 0, 1, 0)  # on at the first step, off at the seventh, on again at the eleventh
WEIGHTS = {  # rows i, f, n, q and r, u, n: a press opens the way in and closes the way from before
    "LSTM": ([[5, 5], [-4, -4], [3, -3], [0, 0]], [0, 0, 0.5, 0], [-3, 3, 0, 2]),
    "GRU": ([[-4, -4], [-5, -5], [3, -3]], [0, 0, 0.5], [2, 3, 0]),
}
GATES = {"LSTM": "ifnq", "GRU": "run"}


@widget
def gate_stepper(presses=PRESSES, kind="LSTM", step=4):
    """Step through a cell of one unit that keeps a lamp, with the bias of each gate on a slider.  [X03]

    presses: 3 to 12 numbers, 1 where on is pressed, −1 where off is, 0 elsewhere. kind: "LSTM" or "GRU", what is shown
    first. step: where to begin, from 1. The weights are set by hand, and the reader may type others; the page computes
    what nnlib computes here.

    Raises ValueError for other presses, another kind of cell or a step that does not exist.
    """
    presses = checked(presses, step, 3, 12)
    if kind not in WEIGHTS:
        raise ValueError(f"kind must be one of {', '.join(WEIGHTS)}, got {kind!r}")
    state = {"kind": kind, "step": int(step), "presses": presses.astype(int)}
    for name, (U, W, b) in WEIGHTS.items():
        state[f"{name}_weights"] = np.hstack([U, np.reshape(W, (-1, 1))]).astype(float).ravel()
        state |= {f"{name}_{gate}": float(v) for gate, v in zip(GATES[name], b, strict=True)}
    steps = forward(kind, inputs(presses))

    def picture():
        from nnbook.plots import recurrent_networks as recurrent
        return recurrent.gates_over_time(inputs(presses), steps)

    return FrontEnd("gate_stepper", state, picture, alt=_(
        "A cell of one unit keeps what was pressed last: a press moves its gates for a moment, between two presses "
        "they keep the state. After {T} steps it is {h:.2f}.", T=len(presses), h=steps["h"][-1])).show()


def checked(presses, step, least, most):
    """The presses as an array, if they and the step can be."""
    presses = checks.array(presses, "presses")
    if presses.ndim != 1 or not least <= len(presses) <= most or not np.isin(presses, [-1, 0, 1]).all():
        raise ValueError(f"presses must be {least} to {most} numbers, each 1, 0 or −1, got {presses.tolist()}")
    if not 1 <= checks.integer(step, "step", 1) <= len(presses):
        raise ValueError(f"step must be from 1 to {len(presses)}, got {step}")
    return presses


def inputs(presses):
    """x (T, 2): on, off."""
    presses = np.asarray(presses)
    return np.stack([presses > 0, presses < 0], axis=1).astype(float)


def forward(kind, x, U=None, W=None, b=None, h0=0.0, c0=0.0):
    """{gate, "c" or "h": (T,)} of a cell of one unit, by nnlib; without weights those of the lamp."""
    given = (U, W, b) if U is not None else WEIGHTS[kind]
    cell = {"LSTM": LSTM, "GRU": GRU}[kind](2, 1, rng=np.random.default_rng(0))  # its weights are overwritten at once
    cell.U[:], cell.W[:, 0], cell.b[:] = given
    first = {"h0": np.array([[h0]])} | ({"c0": np.array([[c0]])} if kind == "LSTM" else {})
    h = cell(np.asarray(x)[None], **first)[0, :, 0]
    steps = dict(zip(GATES[kind], cell.a[:, :, 0, 0].T, strict=True))
    return steps | ({"c": cell.c[1:, 0, 0]} if kind == "LSTM" else {}) | {"h": h}
