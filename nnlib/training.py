"""Training: forward, loss, backward, update, again and again.  [A23]"""

import os
import time

import numpy as np

from nnlib import checks
from nnlib.losses import Loss
from nnlib.model import Layer, Sequential
from nnlib.optimizers import Optimizer, clip_gradients


class History:
    """What `fit` saw: lists with one entry an epoch.

    train_loss: mean loss of the batches, each before its update; validation_loss and metric: after the epoch, empty
    if not asked for. seconds: wall time. interrupted, diverged: whether that ended the training early."""

    def __init__(self):
        self.train_loss, self.validation_loss, self.metric = [], [], []
        self.seconds, self.interrupted, self.diverged = 0.0, False, False

    def append(self, **values):
        """Add the values of an epoch."""
        for name, value in values.items():
            getattr(self, name).append(value)
        self.diverged = not all(np.isfinite(value) for name, value in values.items() if name != "metric")

    def plot(self, ax=None):
        """Draw training and validation loss over the epochs, on matplotlib axes that are returned."""
        import matplotlib.pyplot as plt

        ax = ax or plt.figure(figsize=(6, 3.5), layout="constrained").add_subplot()
        for values, style, label in ((self.train_loss, "-", "training"), (self.validation_loss, "--", "validation")):
            if values:
                ax.plot(np.arange(1, len(values) + 1), values, style, color="#D55E00", label=label)
        ax.set(xlabel="epoch", ylabel="loss", title="Loss while training")
        ax.legend()
        return ax

    def __len__(self):
        return len(self.train_loss)

    def __repr__(self):
        last = [f"{name}={getattr(self, name)[-1]:.4g}" for name in ("train_loss", "validation_loss", "metric")
                if getattr(self, name)]
        return f"History({len(self)} epochs{', last: ' if last else ''}{', '.join(last)})"


def fit(model, data, loss, optimizer, epochs, batch_size=None, rng=None, validation=None, metric=None,
        clip_norm=None, on_divergence="raise", progress=True, callback=None):
    """Train `model` and return its History.

    data, validation   (x, y) or (x, y, mask); x may be a tuple of arrays: forward(*x). Examples on the first axis.
    batch_size         None: all examples in each step; else batches, shuffled anew each epoch with `rng`
    metric             function of (prediction, target), taken on `validation`, or on `data` where there is none
    clip_norm          longest gradient allowed (clip_gradients)
    on_divergence      loss NaN or infinite: "raise" NaNError, or "stop" and return the history so far
    progress           a bar while it trains, gone at the end (a loop of trainings would pile them up)
    callback           called as callback(epoch, history) after each epoch (0, 1, …)

    Ctrl-C (the stop button) ends training early, with a usable model and history. The model is left in eval mode.
    Errors: ValueError or TypeError for data of wrong shape, empty or with NaN, and for arguments of the wrong kind."""
    check_arguments(model, loss, optimizer, on_divergence, {"metric": metric, "callback": callback})
    data = check_data(data, "data", model)
    validation = check_data(validation, "validation", model) if validation is not None else None
    if batch_size is not None and checks.integer(batch_size, "batch_size") < len(data[1]):
        checks.generator(rng, "fit with a batch_size, which shuffles the examples,")
    bar = progress_bar(checks.integer(epochs, "epochs"), progress)
    history, start, first = History(), time.perf_counter(), first_layer(model)
    first.input_grad, needed = False, first.input_grad
    try:
        with np.errstate(over="ignore", invalid="ignore"):  # divergence is seen in the loss
            for epoch in bar:
                train_loss = train_epoch(model.train(), data, loss, optimizer, batch_size, rng, clip_norm)
                history.append(train_loss=train_loss, **evaluate(model.eval(), data, validation, loss, metric))
                if history.diverged and on_divergence == "raise":
                    raise checks.NaNError(f"the loss became {train_loss} in epoch {epoch + 1}: the steps are too "
                                          f"long; try a smaller learning rate than in {optimizer!r}")
                if history.diverged:
                    break
                if hasattr(bar, "set_postfix"):
                    bar.set_postfix(loss=f"{train_loss:.4g}", refresh=False)
                if callback is not None:
                    callback(epoch, history)
    except KeyboardInterrupt:
        history.interrupted = True
    finally:
        history.seconds, first.input_grad = time.perf_counter() - start, needed
        model.eval()
        if hasattr(bar, "close"):
            bar.close()
    return history


def train_epoch(model, data, loss, optimizer, batch_size, rng, clip_norm):
    """One pass over the data; the mean loss, or the first one that is not finite (which ends the pass)."""
    n, total, count = len(data[1]), 0.0, 0
    batch_size = min(n, batch_size or n)
    order = rng.permutation(n) if batch_size < n else None
    for start in range(0, n, batch_size):
        batch = data if order is None else take(data, order[start : start + batch_size])
        value = train_step(model, batch, loss, optimizer, clip_norm)
        if not np.isfinite(value):
            return value
        total, count = total + value * loss.count, count + loss.count
    return total / count


def train_step(model, batch, loss, optimizer, clip_norm):
    """Forward, loss, backward, update. Returns the loss before the update; no update if it is not finite."""
    inputs, y, mask = batch
    optimizer.zero_grad()
    try:
        value = loss.forward(model.forward(*inputs), y, mask)
    except checks.NaNError:  # the data have none, so it arose inside the network
        return float("nan")
    if np.isfinite(value):
        model.backward(loss.backward())
        if clip_norm is not None:
            clip_gradients(model, clip_norm)
        optimizer.step()
    return value


def evaluate(model, data, validation, loss, metric):
    """The entries of the history that were asked for; NaN where the network has diverged."""
    found = ({} if validation is None else {"validation_loss": np.nan}) | ({} if metric is None else {"metric": np.nan})
    inputs, y, mask = validation or data
    try:
        prediction = model.forward(*inputs) if found else None
        if validation is not None:
            found["validation_loss"] = loss.forward(prediction, y, mask)
        if metric is not None:
            found["metric"] = float(metric(prediction, y) if mask is None else metric(prediction[mask], y[mask]))
    except checks.NaNError:
        pass
    return found


def take(data, rows):
    """The examples with these row numbers."""
    inputs, y, mask = data
    return tuple(a[rows] for a in inputs), y[rows], None if mask is None else mask[rows]


def first_layer(model):
    """The layer that sees the data, where that can be known; its ∂L/∂input is not needed."""
    while isinstance(model, Sequential):
        model = model.layers[0]
    return model


def progress_bar(epochs, progress):
    """The epochs behind a progress bar; silent where nobody watches (NNLIB_STATIC=1) and without tqdm."""
    if progress and os.environ.get("NNLIB_STATIC") != "1":
        try:
            from tqdm.auto import tqdm

            return tqdm(range(epochs), desc="training", unit="epoch", leave=False)
        except ImportError:
            pass
    return range(epochs)


def check_arguments(model, loss, optimizer, on_divergence, functions):
    for name, value, kind in (("model", model, Layer), ("loss", loss, Loss), ("optimizer", optimizer, Optimizer)):
        if not isinstance(value, kind):
            hint = f": write {value.__name__}(...)" if isinstance(value, type) else ""
            raise TypeError(f"{name} must be an object of class {kind.__name__}, got {value!r}{hint}")
    if not {id(w) for w, _ in optimizer.parameters()} & {id(w) for _, w, _ in model.parameters()}:
        raise ValueError("the optimizer was made for another model: it would change nothing here")
    if on_divergence not in ("raise", "stop"):
        raise ValueError(f'on_divergence must be "raise" or "stop", got {on_divergence!r}')
    for name, function in functions.items():
        if function is not None and not callable(function):
            raise TypeError(f"{name} must be a function, got {function!r}")


def check_data(data, name, model):
    """(x, y) or (x, y, mask) as (inputs, y, mask): inputs a tuple of arrays, floats in the model's dtype."""
    if not isinstance(data, tuple | list) or len(data) not in (2, 3):
        raise TypeError(f"{name} must be (x, y) or (x, y, mask), got {type(data).__name__}")
    x, y, mask = (*data, None)[:3]
    dtype = next(value.dtype for _, value, _ in model.parameters())
    inputs = tuple(checks.array(a, f"x of {name}") for a in (x if isinstance(x, tuple) else (x,)))
    inputs = tuple(a.astype(dtype, copy=False) if a.dtype.kind == "f" else a for a in inputs)
    y = checks.array(y, f"y of {name}")
    mask = None if mask is None else checks.array(mask, f"mask of {name}")
    shapes = [a.shape for a in (*inputs, y, mask) if a is not None]
    if any(len(shape) == 0 or shape[0] != shapes[0][0] or shape[0] == 0 for shape in shapes):
        raise ValueError(f"{name} must have the same number of examples, at least one, in x and y; got shapes {shapes}")
    for a in inputs:
        checks.no_nan(a, f"x of {name}")
    checks.no_nan(y if mask is None or mask.shape != y.shape or mask.dtype != bool else y[mask], f"y of {name}")
    return inputs, y, mask
