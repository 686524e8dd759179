"""Batch, mini-batch and stochastic gradient descent from one start, against three clocks."""

import numpy as np

from nnbook.language import N_, _
from nnbook.widgets.core.host import FrontEnd, widget
from nnlib import Linear, MSELoss
from nnlib.optimizers import SGD, inverse_decay


def small_example():
    rng = np.random.default_rng(1)
    x = rng.uniform(-2, 2, (64, 1))
    return {"x": x, "y": 1.2 * x + 0.5 + 0.8 * rng.normal(size=x.shape)}


def descend(x, y, batch_size, lr, updates, start, rng):
    """The path (updates + 1, 2) of (w, b) for ŷ = w x + b, ½ squared error, batches shuffled anew each epoch."""
    model, loss = Linear(1, 1, rng=rng), MSELoss(half=True)
    model.W[:], model.b[:] = start
    optimizer, path, batches = SGD(model, lr=lr), [start], []
    for _update in range(updates):
        if not batches:
            batches = np.split(rng.permutation(len(x)), len(x) // batch_size)
        batch = batches.pop(0)
        model.zero_grad()
        loss.forward(model(x[batch]), y[batch])
        model.backward(loss.backward())
        optimizer.step()
        path.append((model.W[0, 0], model.b[0]))
    return np.array(path)


@widget(example=small_example)
def batch_paths(x, y, start=(-0.6, 2.4), epochs=10, mini_batch=8, seed=0):
    """Three paths over one loss surface, and their loss against updates, epochs or examples seen.  [A20, E08]

    x, y: (N, 1), N a multiple of mini_batch. Each path is computed by nnlib with learning rates 0.03, 0.15 and one that
    falls from 0.3.

    Raises ValueError for other shapes or an N that is no multiple of mini_batch.
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if x.shape != y.shape or x.ndim != 2 or x.shape[1] != 1 or len(x) % mini_batch:
        raise ValueError(f"batch_paths expects x and y of shape (N, 1), N a multiple of {mini_batch}, "
                         f"got {x.shape} and {y.shape}")
    n = len(x)
    best_w = np.cov(x.T, y.T, bias=True)[0, 1] / np.var(x)
    best = np.array([best_w, np.mean(y) - best_w * np.mean(x)])
    shown = epochs * n // mini_batch
    sizes = (n, mini_batch, 1)
    updates = (shown, shown, epochs * n)
    rates = {"0.03": 0.03, "0.15": 0.15, N_("falling: 0.3/(1 + 0.05 t)"): inverse_decay(0.3, 0.05)}
    runs = {name: [np.round(descend(x, y, size, lr, count, start, np.random.default_rng(seed)), 3)
                   for size, count in zip(sizes, updates, strict=True)] for name, lr in rates.items()}
    state = {
        "rate": "0.15", "axis": "epochs", "part": 100, "count": n, "sizes": sizes, "start": start,
        "runs": runs, "best": best,
        "names": [_("batch ({n})", n=n), _("mini-batch ({n})", n=mini_batch), _("stochastic (1)")],
        "rates": {name: _(name) for name in rates},
        "axes": {"updates": shown, "epochs": epochs, "examples seen": epochs * n},
        "means": {"xx": np.mean(x * x), "x": np.mean(x), "xy": np.mean(x * y), "y": np.mean(y), "yy": np.mean(y * y)},
        "w_range": [-1.0, 2.6], "b_range": [-1.0, 2.8],
    }

    def picture():
        from nnbook.plots import gradient_descent
        return gradient_descent.three_paths(x, y, dict(zip(state["names"], runs["0.15"], strict=True)), sizes)

    return FrontEnd("batch_paths", state, picture, alt=_(
        "Left: from one start the batch path is smooth, the mini-batch path trembles, the stochastic path staggers. "
        "Right: against epochs the stochastic loss falls first by far but then stays noisy; the batch loss falls "
        "slowly and smoothly.")).show()
