"""Convolution and pooling of images (N, C, H, W).  [A29–A38]

The shape is PyTorch's; the memory behind it is mostly channels-last (N, H, W, C), so that layers chain without copies.
A convolution is a matrix product with an "unfolded" input, in which the numbers under the kernel stand side by side:
few channels: all K·K of them ("im2col"); more: the K of one row, which takes K copies of the input and not K², and
one product for each kernel row. It is made in blocks that fit the cache: 1.3 to 5 times faster than all at once."""

from collections.abc import Iterator

import numpy as np
from numpy.lib.stride_tricks import as_strided

from nnlib import checks
from nnlib.checks import Array, ArrayLike, Generator
from nnlib.layers import uniform
from nnlib.model import Layer

BLOCK = 1 << 19  # bytes of a block


def output_length(length: int, kernel_size: int, stride: int = 1, padding: int = 0) -> int:
    """⌊(L + 2P − K) / S⌋ + 1.  [A34]"""
    return (length + 2 * padding - kernel_size) // stride + 1


def blocks(x: Array, out_rows: int, size: int) -> list[tuple[slice, slice]]:
    """(slice of examples, slice of output rows), so that a block holds `size` numbers for each of these rows: whole
    examples, or strips of one where an example alone is far too large: what strips share is unfolded twice."""
    fitting = max(1, BLOCK // (size * x.itemsize))
    n, rows = max(1, fitting // out_rows), out_rows if out_rows <= 4 * fitting else fitting
    return [(slice(i, min(i + n, len(x))), slice(r, min(r + rows, out_rows)))
            for i in range(0, len(x), n) for r in range(0, out_rows, rows)]


def length(part: slice) -> int:
    return part.stop - part.start


def unfold_windows(x: Array, K: int, s: int, before: int, H: int, W: int) -> Iterator[tuple[slice, slice, Array]]:
    """x (N, C, h, w), padded to H × W -> blocks (examples, output rows, u (n, C·K·K, rows · OW))."""
    N, C, h, w = x.shape
    OH, OW = output_length(H, K, s), output_length(W, K, s)
    parts = blocks(x, OH, C * K * K * OW)
    n, most = map(length, parts[0])
    padded, u = np.zeros((n, C, (most - 1) * s + K, W), x.dtype), np.empty((n, C, K, K, most, OW), x.dtype)
    a, b, c, d = padded.strides
    windows = as_strided(padded, u.shape, (a, b, c, d, s * c, s * d))
    for examples, rows in parts:
        m, R = length(examples), length(rows)
        at, source = place(h, before - s * rows.start, (R - 1) * s + K)
        if most < OH:  # the strip before has left its rows there
            padded.fill(0)
        padded[:m, :, at, before : before + w] = x[examples, :, source]
        u[:m, ..., :R, :] = windows[:m, ..., :R, :]
        yield examples, rows, u[:m, ..., :R, :].reshape(m, C * K * K, R * OW)


def unfold_rows(x: Array, K: int, before: int, H: int, W: int,
                apart: int = 1) -> Iterator[tuple[slice, slice, list[Array]]]:
    """x (N, h, w, C), its entries `apart` in a field of zeros H × W -> blocks (examples, output rows, u).

    u[i] (n, rows · OW, K·C): for each output, the K·C numbers that stand under row i of the kernel."""
    N, h, w, C = x.shape
    OH, OW = output_length(H, K), output_length(W, K)
    parts = blocks(x, OH, OW * K * C)
    n, most = map(length, parts[0])
    padded, u = np.zeros((n, most + K - 1, W, C), x.dtype), np.empty((n, most + K - 1, OW, K * C), x.dtype)
    windows = as_strided(padded, u.shape, padded.strides)  # K neighbours along the width lie side by side in memory
    at_w, from_w = place(w, before, W, apart)
    for examples, rows in parts:
        m, R = length(examples), length(rows)
        at_h, from_h = place(h, before - rows.start, R + K - 1, apart)
        if most < OH:  # the strip before has left its rows there
            padded.fill(0)
        padded[:m, at_h, at_w] = x[examples, from_h, from_w]
        u[:m, : R + K - 1] = windows[:m, : R + K - 1]
        yield examples, rows, [u[:m, i : i + R].reshape(m, R * OW, K * C) for i in range(K)]


def place(n: int, before: int, size: int, apart: int = 1) -> tuple[slice, slice]:
    """The places of n entries, `apart` from each other, in a row of `size` from `before` on; and which of them fit."""
    first, last = max(0, -(before // apart)), min(n, (size - 1 - before) // apart + 1)
    last = max(first, last)
    start = before + apart * first
    return slice(start, start + apart * (last - first), apart), slice(first, last)


def correlate(x: Array, W: Array, before: int, height: int, width: int, apart: int = 1) -> Array:
    """y[n, h, w] = Σ_ij x[n, h + i, w + j] · W[i, j]; x (N, h, w, C) padded to height × width, W (K, K, C, F)."""
    K, _, C, F = W.shape
    OH, OW = output_length(height, K), output_length(width, K)
    y, W = np.empty((len(x), OH, OW, F), x.dtype), W.reshape(K, K * C, F)
    for examples, rows, u in unfold_rows(x, K, before, height, width, apart):
        out = y[examples, rows].reshape(len(u[0]), -1, F)
        np.matmul(u[0], W[0], out=out)
        product = np.empty_like(out)
        for i in range(1, K):
            out += np.matmul(u[i], W[i], out=product)
    return y


class Conv2d(Layer):
    """Each output is the sum of a K×K×C window of the input times a kernel, plus a bias; weights are shared by all
    positions. (This is cross-correlation: the kernel is not flipped, A36.)  [A31, A33, A34, A37]

    x (N, C_in, H, W) -> (N, C_out, H_out, W_out), H_out = ⌊(H + 2P − K)/S⌋ + 1;  W (C_out, C_in, K, K), b (C_out,)
    padding: rings of zeros around the image, or "same" (stride 1): output as large as the input"""
    shown = "{c_in}, {c_out}, kernel_size={kernel_size}, stride={stride}, padding={padding!r}"

    def __init__(self, c_in: int, c_out: int, kernel_size: int, stride: int = 1, padding: int | str = 0, *,
                 rng: Generator | None = None) -> None:
        self.c_in, self.c_out = checks.integer(c_in, "c_in"), checks.integer(c_out, "c_out")
        self.kernel_size, self.stride = checks.integer(kernel_size, "kernel_size"), checks.integer(stride, "stride")
        self.padding = "same" if padding == "same" else checks.integer(padding, "padding", 0)
        if padding == "same" and stride != 1:
            raise ValueError(f'padding="same" needs stride 1, got stride {stride}')
        # before and behind the image together
        self.rings = kernel_size - 1 if isinstance(self.padding, str) else 2 * self.padding
        self.before = self.rings // 2  # an even kernel and "same": one more behind
        self.by_windows = c_in <= 3 or stride > 1  # with 1–3 channels this takes half the time
        fan_in = c_in * kernel_size**2
        rng = checks.generator(rng, "Conv2d")
        self.add_parameters(W=uniform(rng, (c_out, c_in, kernel_size, kernel_size), fan_in),
                            b=uniform(rng, c_out, fan_in))

    def forward(self, x: ArrayLike) -> Array:
        x = checks.floats(x, "input of Conv2d", self.W.dtype)
        checks.shape(self, x, x.ndim == 4 and x.shape[1] == self.c_in, f"(N, {self.c_in}, H, W)")
        check_window(self, x.shape, self.kernel_size, self.rings)
        checks.no_nan(x, "input of Conv2d")
        self.x, self.padded = x, tuple(n + self.rings for n in x.shape[2:])
        OH, OW = (output_length(n, self.kernel_size, self.stride) for n in self.padded)
        self.out_shape = (len(x), self.c_out, OH, OW)
        if self.by_windows:
            y = np.empty(self.out_shape, x.dtype)
            for examples, rows, u in unfold_windows(x, self.kernel_size, self.stride, self.before, *self.padded):
                y[examples, :, rows] = (self.W.reshape(self.c_out, -1) @ u).reshape(len(u), self.c_out, -1, OW)
            y += self.b[:, None, None]
            return y
        self.x = np.ascontiguousarray(x.transpose(0, 2, 3, 1))  # kept for backward
        y = correlate(self.x, np.ascontiguousarray(self.W.transpose(2, 3, 1, 0)), self.before, *self.padded)
        wide = y.reshape(-1, OW * self.c_out)
        wide += np.tile(self.b, OW)  # twice as fast as y += b
        return y.transpose(0, 3, 1, 2)

    def backward(self, delta: Array) -> Array:
        checks.delta(self, delta, self.out_shape)
        (N, F, OH, OW), C, K = self.out_shape, self.c_in, self.kernel_size
        H, W = self.padded[0] - self.rings, self.padded[1] - self.rings
        if self.input_grad or not self.by_windows:
            channels_last = np.ascontiguousarray(delta.transpose(0, 2, 3, 1))
        # each weight met the numbers of one column of u
        if self.by_windows:
            for examples, rows, u in unfold_windows(self.x, K, self.stride, self.before, *self.padded):
                own = delta[examples, :, rows].reshape(len(u), F, -1)
                self.dW += (own @ u.transpose(0, 2, 1)).sum(0).reshape(F, C, K, K)
            self.db += (delta.reshape(N, F, OH * OW) @ np.ones(OH * OW, delta.dtype)).sum(0)
        else:
            dW = np.zeros((K, K * C, F), self.W.dtype)
            for examples, rows, by_row in unfold_rows(self.x, K, self.before, *self.padded):
                own = channels_last[examples, rows].reshape(len(by_row[0]), -1, F)
                for i in range(K):
                    dW[i] += (by_row[i].transpose(0, 2, 1) @ own).sum(0)
            self.dW += dW.reshape(K, K, C, F).transpose(3, 2, 0, 1)
            self.db += np.ones(N * OH * OW, delta.dtype) @ channels_last.reshape(-1, F)
        if not self.input_grad:
            return None
        # ∂L/∂x is a correlation of δ with the flipped kernel: each input gathers the deltas that it reached
        flipped = np.ascontiguousarray(self.W[:, :, ::-1, ::-1].transpose(2, 3, 0, 1))
        dx = correlate(channels_last, flipped, K - 1 - self.before, H + K - 1, W + K - 1, self.stride)
        return dx.transpose(0, 3, 1, 2)

    def multiply_adds(self, output_shape: tuple[int, ...]) -> int:
        return int(np.prod(output_shape)) * self.c_in * self.kernel_size**2


def check_window(layer: Layer, shape: tuple[int, ...], kernel_size: int, rings: int) -> None:
    if min(shape[2:]) + rings < kernel_size:
        raise ValueError(f"{type(layer).__name__}: the kernel ({kernel_size} × {kernel_size}) is larger than the "
                         f"padded image ({shape[2] + rings} × {shape[3] + rings})")


class Pool(Layer):
    """Base of the poolings: K×K windows, S apart (default K: side by side), no padding.  [A38]"""
    shown = "{kernel_size}, stride={stride}"

    def __init__(self, kernel_size: int, stride: int = None) -> None:
        self.kernel_size = checks.integer(kernel_size, "kernel_size")
        self.stride = self.kernel_size if stride is None else checks.integer(stride, "stride")

    def check(self, x: ArrayLike) -> Array:
        """Check x; remember its shape and that of the output."""
        x = checks.floats(x, f"input of {type(self).__name__}")
        checks.shape(self, x, x.ndim == 4, "(N, C, H, W)")
        check_window(self, x.shape, self.kernel_size, 0)
        sizes = (output_length(n, self.kernel_size, self.stride) for n in x.shape[2:])
        self.x, self.out_shape = x, (*x.shape[:2], *sizes)
        return x

    def views(self, x: Array) -> list[Array]:
        """For each place of the window, row by row, the numbers of x that stand there: (N, C, H_out, W_out) views."""
        K, s, (H, W) = self.kernel_size, self.stride, self.out_shape[2:]
        return [x[:, :, i : i + s * (H - 1) + 1 : s, j : j + s * (W - 1) + 1 : s] for i in range(K) for j in range(K)]


class MaxPool2d(Pool):
    """The largest number of each window; δ goes to the place where it stood (the first of equals).  [A38]

    x (N, C, H, W) -> (N, C, ⌊(H − K)/S⌋ + 1, …); windows K×K, S apart: stride=None sets them side by side"""

    def forward(self, x: ArrayLike) -> Array:
        first, *others = (view.copy(order="K") for view in self.views(self.check(x)))
        y, self.place = first, np.zeros_like(first, dtype=np.int8 if self.kernel_size < 12 else np.int32)
        for k, other in enumerate(others, 1):  # 30 times faster than the maximum of one window after the other
            larger = (other > y).astype(self.place.dtype)
            np.maximum(self.place, larger * self.place.dtype.type(k), out=self.place)
            np.maximum(y, other, out=y)
        return y

    def backward(self, delta: Array) -> Array:
        checks.delta(self, delta, self.out_shape)
        own = np.empty_like(self.place, dtype=delta.dtype)
        own[...] = delta  # delta in the memory order of x: four times faster
        dx = np.zeros_like(self.x, dtype=delta.dtype)
        for k, gradient in enumerate(self.views(dx)):
            if self.stride < self.kernel_size:  # windows overlap, the gradients add up
                gradient += own * (self.place == k)
            else:
                np.multiply(own, self.place == k, out=gradient)
        return dx


class AvgPool2d(Pool):
    """The mean of each window; each place gets its share δ/K².  [A38]

    x (N, C, H, W) -> (N, C, ⌊(H − K)/S⌋ + 1, …); windows K×K, S apart: stride=None sets them side by side"""

    def forward(self, x: ArrayLike) -> Array:
        first, *others = self.views(self.check(x))
        return sum(others, first) / self.kernel_size**2

    def backward(self, delta: Array) -> Array:
        checks.delta(self, delta, self.out_shape)
        dx = np.zeros_like(self.x, dtype=delta.dtype)
        for gradient in self.views(dx):
            gradient += delta / self.kernel_size**2
        return dx
