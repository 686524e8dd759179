"""Checks of arguments, all in one voice: the argument, what was expected, what was given."""

from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

import numpy as np

Array = np.ndarray  # what the library works with; ArrayLike is what it takes: arrays, lists, numbers
if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import ArrayLike, DTypeLike
else:  # NumPy's own would double the time that import nnlib takes
    ArrayLike, DTypeLike, Generator = (type(name, (), {}) for name in ("ArrayLike", "DTypeLike", "Generator"))


class NaNError(ValueError):
    """NaN ("not a number") in data, or in a network whose training has diverged."""


class Unknown(AttributeError, ValueError):
    """An attribute that is not there (yet)."""


class TellsWhatIsMissing:
    """Base of layers and losses: an attribute that is not there gets a message that helps."""

    def __getattr__(self, name: str) -> Any:  # called only when there is no such attribute
        raise Unknown(f"{type(self).__name__} has no {name!r}: is it misspelt, or was backward called before forward?")


def array(value: ArrayLike, name: str) -> Array:
    """`value` as an array of numbers, without a copy if it is one already."""
    if type(value) is not np.ndarray:
        if np.ma.is_masked(value):
            raise TypeError(f"{name} is a masked array, and its mask would be lost: fill the gaps with .filled(...), "
                            "or pass the mask (True = counts) beside it")
        try:
            value = np.asarray(value)
        except ValueError:
            raise ValueError(f"{name} must be rectangular, got rows of different lengths: see pad_sequences") from None
    if value.dtype.kind not in "fiub":
        raise TypeError(f"{name} must hold numbers, got dtype {value.dtype}")
    return value


def floats(value: ArrayLike, name: str = "z", dtype: DTypeLike | None = None) -> Array:
    """`value` as an array of floating-point numbers of this dtype; None: float32 stays, everything else is float64."""
    value = array(value, name)
    return value.astype(dtype or (np.float32 if value.dtype == np.float32 else np.float64), copy=False)


def float_type(dtype: DTypeLike) -> np.dtype:
    """float32 or float64. In float16 an average of squared gradients, or a norm, soon leaves the range of numbers."""
    dtype = np.dtype(dtype)
    if dtype not in (np.float32, np.float64):
        raise TypeError(f"dtype must be a floating-point type, float32 or float64, got {dtype}")
    return dtype


def parameter(layer: object, name: str) -> None:
    """A parameter must be an array that can be changed in place, of a type that can be trained."""
    value = getattr(layer, name)
    if not isinstance(value, np.ndarray):
        raise TypeError(f"{type(layer).__name__}.{name} must be an array: make it with add_parameters({name}=...)")
    float_type(value.dtype)


def no_nan(value: Array, name: str) -> None:
    """Raise NaNError if `value` holds a NaN. max() spreads NaN and is the quickest way to look."""
    if value.size and value.dtype.kind == "f" and np.isnan(value.max()):
        raise NaNError(f"{name} contains NaN: remove or fill the gaps in the data; if it arose in training, "
                       "the network has diverged, so try a smaller learning rate")


def shape(layer: object, x: Array, fits: bool, expected: str) -> None:
    """The input of a layer must fit, and must not be empty."""
    if not fits or x.size == 0:
        raise ValueError(f"{type(layer).__name__} expects inputs of shape {expected}, got {x.shape}")


def delta(layer: object, value: Array, shape: tuple[int, ...]) -> None:
    """The incoming ∂L/∂output must have exactly the shape of the output: nothing is broadcast."""
    if not isinstance(value, np.ndarray):
        raise TypeError(f"{type(layer).__name__}.backward expects an array, got {type(value).__name__}")
    if value.shape != shape:
        raise ValueError(f"{type(layer).__name__}.backward expects delta of shape {shape}, got {value.shape}")


def mask(value: ArrayLike | None, shape: tuple[int, ...]) -> Array | None:
    """A boolean mask of this shape (True = counts), or None."""
    if value is not None:
        value = array(value, "mask")
        if value.dtype != bool:
            raise TypeError(f"mask must be boolean (True = counts), got {value.dtype}")
        if value.shape != shape:
            raise ValueError(f"mask must have shape {shape}, got {value.shape}")
    return value


def labels(value: ArrayLike, name: str, n: int) -> Array:
    """Whole numbers from 0 to n − 1."""
    value = array(value, name)
    if value.dtype.kind not in "iu":
        raise TypeError(f"{name} must be integers, got {value.dtype}")
    if value.size == 0 or value.min() < 0 or value.max() >= n:
        given = f"{value.min()} … {value.max()}" if value.size else f"none, shape {value.shape}"
        raise ValueError(f"{name} must be integers from 0 to {n - 1}, got {given}")
    return value


def integer(value: object, name: str, minimum: int = 1) -> int:
    """A whole number, at least `minimum`."""
    if not isinstance(value, Integral) or isinstance(value, bool):
        raise TypeError(f"{name} must be an integer, got {value!r}")
    if value < minimum:
        raise ValueError(f"{name} must be at least {minimum}, got {value}")
    return int(value)


def number(value: Any, name: str, low: float = 0.0, high: float = np.inf, low_included: bool = True) -> float:
    """A finite number in [low, high), or in (low, high)."""
    if not isinstance(value, Real) or isinstance(value, bool):
        raise TypeError(f"{name} must be a number, got {value!r}")
    found = float(value)
    if not (low <= found < high) or (found == low and not low_included):
        raise ValueError(f"{name} must lie in {'[' if low_included else '('}{low:g}, {high:g}), got {value}")
    return found


def generator(rng: Generator | None, who: str) -> Generator:
    """A numpy Generator: nothing random happens without one that the reader can see."""
    if not isinstance(rng, np.random.Generator):
        given = "nothing" if rng is None else repr(rng)
        raise TypeError(f"{who} needs rng=np.random.default_rng(seed), got {given}")
    return rng
