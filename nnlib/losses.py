"""Losses: one number that says how wrong the predictions are, and its derivative δ = ∂L/∂prediction.  [A13]

forward(prediction, target, mask=None) -> float;  backward() -> array shaped as the prediction. All losses are means;
with a mask (True = counts), only over the entries that count: real steps of padded sequences, nodes with a label."""

import numpy as np

from nnlib import checks
from nnlib.activations import sigmoid
from nnlib.checks import Array, ArrayLike


class Loss(checks.TellsWhatIsMissing):
    """Base of the losses: checks shapes, takes the mean over what counts.

    forward(prediction, target, mask=None) -> float; backward() -> δ = ∂L/∂prediction. Only entries where the mask is
    True count. One of your own uses self.pair, self.mean and self.share as MSELoss does."""

    def __call__(self, prediction: ArrayLike, target: ArrayLike, mask: ArrayLike | None = None) -> float:
        return self.forward(prediction, target, mask)

    def pair(self, prediction: ArrayLike, target: ArrayLike, mask: ArrayLike | None) -> tuple[Array, Array]:
        """Prediction and target as floats of exactly the same shape: (N,) against (N, 1) is an error."""
        prediction = checks.floats(prediction, "prediction")
        target = checks.floats(target, "target", prediction.dtype)
        if prediction.shape != target.shape:
            raise ValueError(f"{self!r} expects a target of the prediction's shape {prediction.shape}, "
                             f"got {target.shape}")
        self.set_mask(mask, prediction.shape)
        return prediction, target

    def set_mask(self, mask: ArrayLike | None, shape: tuple[int, ...]) -> None:
        self.mask = checks.mask(mask, shape)
        self.count = int(np.prod(shape) if mask is None else self.mask.sum())
        if self.count == 0:
            raise ValueError(f"{self!r} expects at least one entry that counts, got shape {shape}")

    def counted(self, values: Array) -> Array:
        return values if self.mask is None else values[self.mask]

    def mean(self, values: Array, target: Array) -> float:
        """The mean of the values that count; a NaN in the target is told apart from a network that has diverged."""
        total = float(self.counted(values).sum())
        if np.isnan(total):
            checks.no_nan(self.counted(target), "target")
        return total / self.count

    def share(self, derivative: Array) -> Array:
        """Each entry's part of the derivative of the mean; 0 where the mask is False."""
        if self.mask is not None:
            counts = self.mask if self.mask.shape == derivative.shape else self.mask[..., None]
            derivative = np.where(counts, derivative, 0)
        return derivative * (1 / self.count)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class MSELoss(Loss):
    """L = mean of (ŷ − y)², δ = 2 (ŷ − y)/n; half=True: L = mean of ½ (ŷ − y)², δ = (ŷ − y)/n.  [A13, A24]"""

    def __init__(self, half: bool = False) -> None:
        self.factor = 0.5 if half else 1.0

    def forward(self, prediction: ArrayLike, target: ArrayLike, mask: ArrayLike | None = None) -> float:
        prediction, target = self.pair(prediction, target, mask)
        self.error = prediction - target
        return self.factor * self.mean(self.error * self.error, target)

    def backward(self) -> Array:
        return self.share(2 * self.factor * self.error)


class MAELoss(Loss):
    """L = mean of |ŷ − y|, δ = sign(ŷ − y)/n.  [A13, E01]"""

    def forward(self, prediction: ArrayLike, target: ArrayLike, mask: ArrayLike | None = None) -> float:
        prediction, target = self.pair(prediction, target, mask)
        self.error = prediction - target
        return self.mean(np.abs(self.error), target)

    def backward(self) -> Array:
        return self.share(np.sign(self.error))


class BCEWithLogitsLoss(Loss):
    """Binary cross-entropy of the logits z, p = σ(z): L = mean of −y log p − (1 − y) log(1 − p), δ = (p − y)/n.

    Targets lie in [0, 1]. Computed as max(z, 0) − z y + log(1 + e^{−|z|}), which never overflows.  [A13]"""

    def forward(self, prediction: ArrayLike, target: ArrayLike, mask: ArrayLike | None = None) -> float:
        z, y = self.pair(prediction, target, mask)
        counted = self.counted(y)
        if counted.min() < 0 or counted.max() > 1:
            raise ValueError(f"target must lie in [0, 1], got {counted.min():g} … {counted.max():g}")
        self.error = sigmoid(z) - y
        return self.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))), y)

    def backward(self) -> Array:
        return self.share(self.error)


class CrossEntropyLoss(Loss):
    """Cross-entropy of the logits z with labels y: L = mean of −log p_y, p = softmax(z), δ = (p − onehot(y))/N.

    logits (N, K), labels (N,) integers 0 … K − 1; sequences (N, T, K), (N, T), mask (N, T). Computed as
    log Σ_j e^{z_j − max z} − (z_y − max z), which never overflows.  [A13]"""

    def forward(self, prediction: ArrayLike, target: ArrayLike, mask: ArrayLike | None = None) -> float:
        logits, labels = checks.floats(prediction, "logits"), checks.array(target, "labels")
        if logits.ndim < 2 or labels.shape != logits.shape[:-1]:
            raise ValueError(f"CrossEntropyLoss expects logits (..., K) and labels (...), "
                             f"got {logits.shape} and {labels.shape}")
        self.set_mask(mask, labels.shape)
        checks.labels(self.counted(labels), "labels", logits.shape[-1])
        flat = (labels if mask is None else np.where(self.mask, labels, 0)).flatten()  # padding may hold any label
        z = logits.reshape(-1, logits.shape[-1])
        z = z - z.max(1, keepdims=True)
        e = np.exp(z)
        total = e.sum(1, keepdims=True)
        self.p, self.right, self.shape = e / total, (np.arange(len(z)), flat), logits.shape
        return self.mean((np.log(total[:, 0]) - z[self.right]).reshape(labels.shape), labels)

    def backward(self) -> Array:
        delta = self.p.copy()
        delta[self.right] -= 1
        return self.share(delta.reshape(self.shape))
