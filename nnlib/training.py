"""Training: forward, loss, backward, update, again and again.  [A23]"""

import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from nnlib import checks
from nnlib.checks import Array, Generator
from nnlib.evaluation import Data, Examples, check_data, measured, take
from nnlib.losses import Loss
from nnlib.model import Layer, Sequential
from nnlib.optimizers import Optimizer, clip_gradients

Metric = Callable[[Array, Array], float]


class History:
    """What `fit` saw: lists with one entry per epoch.

    train_loss: mean loss of the batches, each before its update; validation_loss and metric: after the epoch, empty
    if not asked for. seconds: wall time. interrupted, diverged: whether that ended the training early."""

    def __init__(self) -> None:
        self.train_loss: list[float] = []
        self.validation_loss: list[float] = []
        self.metric: list[float] = []
        self.seconds, self.interrupted, self.diverged = 0.0, False, False

    def append(self, **values: float) -> None:
        """Add the values of an epoch."""
        for name, value in values.items():
            getattr(self, name).append(value)
        self.diverged = not all(np.isfinite(value) for name, value in values.items() if name != "metric")

    @property
    def best_epoch(self) -> int:
        """Number (0, 1, …) of the epoch with the lowest validation loss, the first of equals."""
        return int(np.nanargmin(self.validation_loss))

    def what_diverged(self) -> str:
        """The loss that is not finite, in words."""
        if np.isfinite(self.train_loss[-1]):
            return f"the loss on the validation data became {self.validation_loss[-1]}"
        return f"the loss became {self.train_loss[-1]}"

    def plot(self, ax: Any = None) -> Any:
        """Draw training and validation loss over the epochs, on matplotlib axes that are returned."""
        import matplotlib.pyplot as plt

        ax = ax or plt.figure(figsize=(6, 3.5), layout="constrained").add_subplot()
        for values, style, label in ((self.train_loss, "-", "training"), (self.validation_loss, "--", "validation")):
            if values:
                ax.plot(np.arange(1, len(values) + 1), values, style, color="#D55E00", label=label)
        ax.set(xlabel="epoch", ylabel="loss", title="Loss while training")
        ax.legend()
        return ax

    def __len__(self) -> int:
        return len(self.train_loss)

    def __repr__(self) -> str:
        last = [f"{name}={getattr(self, name)[-1]:.4g}" for name in ("train_loss", "validation_loss", "metric")
                if getattr(self, name)]
        return f"History({len(self)} epochs{', last: ' if last else ''}{', '.join(last)})"


def fit(model: Layer, data: Data, loss: Loss, optimizer: Optimizer, epochs: int, batch_size: int | None = None,
        rng: Generator | None = None, validation: Data | None = None, metric: Metric | None = None,
        clip_norm: float | None = None, on_divergence: str = "raise", on_interrupt: str = "raise",
        progress: bool = True, callback: Callable[[int, History], Any] | None = None,
        keep_best: bool = False) -> History:
    """Train `model` and return its History, which is `model.history` too.

    data, validation   (x, y) or (x, y, mask); x may be a tuple of arrays: forward(*x). Examples on the first axis.
    batch_size         None: all examples in each step; else batches, shuffled anew each epoch with `rng`
    metric             function of (prediction, target), taken on `validation`, or on `data` where there is none
    clip_norm          longest gradient allowed (clip_gradients)
    on_divergence      loss NaN or infinite: "raise" NaNError, or "stop" and return the history so far
    on_interrupt       Ctrl-C or the stop button: "raise" KeyboardInterrupt again, so that "Run all" ends here too, or
                       "return" the history so far
    progress           a bar while it trains, gone at the end (a loop of trainings would pile them up)
    callback           called as callback(epoch, history) after each epoch (0, 1, …); if it returns True, training ends
    keep_best          True: the model ends with the weights of the epoch with the lowest validation loss

    The optimizer may be one for a part of the model, such as Adam(model[3:]): the rest is frozen. However training
    ends, the model is usable, in evaluation mode, and `model.history` tells what happened.
    Errors: ValueError or TypeError for data of wrong shape, empty or with NaN, and for arguments of the wrong kind."""
    check_arguments(model, loss, optimizer, {"metric": metric, "callback": callback})
    for name, value, known in (("on_divergence", on_divergence, ("raise", "stop")),
                               ("on_interrupt", on_interrupt, ("raise", "return"))):
        if value not in known:
            raise ValueError(f'{name} must be "{known[0]}" or "{known[1]}", got {value!r}')
    data = check_data(data, "data", model)
    validation = check_data(validation, "validation", model) if validation is not None else None
    if keep_best and validation is None:
        raise ValueError("keep_best needs validation data, by which the best epoch is known")
    if batch_size is not None and checks.integer(batch_size, "batch_size") < len(data[1]):
        checks.generator(rng, "fit with a batch_size, which shuffles the examples,")
    bar = progress_bar(checks.integer(epochs, "epochs"), progress)
    history, start, first, best = History(), time.perf_counter(), first_layer(model), {}
    model.history, first.input_grad, needed = history, False, first.input_grad
    try:
        with np.errstate(over="ignore", invalid="ignore"):  # divergence is seen in the loss
            for epoch in bar:
                train_loss = train_epoch(model.train(), data, loss, optimizer, batch_size, rng, clip_norm)
                history.append(train_loss=train_loss, **after_epoch(model.eval(), data, validation, loss, metric))
                if history.diverged and on_divergence == "raise":
                    raise checks.NaNError(f"{history.what_diverged()} in epoch {epoch + 1}: the steps are too long; "
                                          f"try a smaller learning rate than in {optimizer!r}")
                if history.diverged:
                    break
                if keep_best and history.best_epoch == epoch:
                    best = {name: value.copy() for name, value in model.arrays().items()}
                if hasattr(bar, "set_postfix"):
                    bar.set_postfix(loss=f"{train_loss:.4g}", refresh=False)
                if callback is not None and is_true(callback(epoch, history)):
                    break
    except KeyboardInterrupt:
        history.interrupted = True
        print(f"stopped after {len(history)} of {epochs} epochs; the model keeps what it has learned, "
              "its history is model.history")
        if on_interrupt == "raise":
            raise
    finally:
        history.seconds, first.input_grad = time.perf_counter() - start, needed
        for name, weights in model.eval().arrays().items():
            weights[...] = best.get(name, weights)
        if hasattr(bar, "close"):
            bar.close()
    return history


def is_true(value: object) -> bool:
    """Only True itself, Python's or NumPy's, stops the training; a callback may return anything else."""
    return isinstance(value, bool | np.bool_) and bool(value)


def train_epoch(model: Layer, data: Examples, loss: Loss, optimizer: Optimizer, batch_size: int | None,
                rng: Generator | None, clip_norm: float | None) -> float:
    """One pass over the data; the mean loss, or the first one that is not finite (which ends the pass)."""
    n, total, count = len(data[1]), 0.0, 0
    batch_size = min(n, batch_size or n)
    order = rng.permutation(n) if batch_size < n else None
    trained = {id(gradient) for _, gradient in optimizer.parameters()}
    frozen = [gradient for _, _, gradient in model.parameters() if id(gradient) not in trained]
    for start in range(0, n, batch_size):
        batch = data if order is None else take(data, order[start : start + batch_size])
        if batch[2] is not None and not batch[2].any():
            continue  # nothing counts in this batch
        for gradient in frozen:
            gradient.fill(0)
        value = train_step(model, batch, loss, optimizer, clip_norm)
        if not np.isfinite(value):
            return value
        total, count = total + value * loss.count, count + loss.count
    return total / count


def train_step(model: Layer, batch: Examples, loss: Loss, optimizer: Optimizer, clip_norm: float | None) -> float:
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
            clip_gradients(optimizer, clip_norm)
        optimizer.step()
    return value


def after_epoch(model: Layer, data: Examples, validation: Examples | None, loss: Loss,
                metric: Metric | None) -> dict[str, float]:
    """The entries of the history that were asked for; NaN where the network has diverged."""
    found = ({} if validation is None else {"validation_loss": np.nan}) | ({} if metric is None else {"metric": np.nan})
    inputs, y, mask = validation or data
    try:
        prediction = model.forward(*inputs) if found else None
        if validation is not None:
            found["validation_loss"] = loss.forward(prediction, y, mask)
        if metric is not None:
            found["metric"] = measured(metric, prediction, y, mask)
    except checks.NaNError:
        pass
    return found


def first_layer(model: Layer) -> Layer:
    """The layer that sees the data, where that can be known; its ∂L/∂input is not needed. Only layers of nnlib skip
    it: a class of your own may go on with what backward returns."""
    while isinstance(model, Sequential) and type(model).backward is Sequential.backward:
        model = model.layers[0]
    backward = getattr(type(model), "backward", fit)  # code run by exec may have no module
    return model if (backward.__module__ or "").startswith("nnlib.") else Layer()


def progress_bar(epochs: int, progress: bool) -> Any:
    """The epochs behind a progress bar; silent where nobody watches (NNLIB_STATIC=1) and without tqdm."""
    if progress and os.environ.get("NNLIB_STATIC") != "1":
        try:
            from tqdm.auto import tqdm  # type: ignore[import-untyped]

            return tqdm(range(epochs), desc="training", unit="epoch", leave=False)
        except ImportError:
            pass
    return range(epochs)


def check_arguments(model: Any, loss: Any, optimizer: Any, functions: dict[str, Any]) -> None:
    for name, value, kind in (("model", model, Layer), ("loss", loss, Loss), ("optimizer", optimizer, Optimizer)):
        if not isinstance(value, kind):
            hint = f": write {value.__name__}(...)" if isinstance(value, type) else ""
            raise TypeError(f"{name} must be an object of class {kind.__name__}, got {value!r}{hint}")
    if not {id(w) for w, _ in optimizer.parameters()} & {id(w) for _, w, _ in model.parameters()}:
        raise ValueError("the optimizer was made for another model: it would change nothing here")
    for name, function in functions.items():
        if function is not None and not callable(function):
            raise TypeError(f"{name} must be a function, got {function!r}")
