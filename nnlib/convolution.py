"""Convolution and pooling of images (N, C, H, W).  [A29–A38]

The shape is PyTorch's; the memory behind it is channels-last (N, H, W, C), so that the layers chain without copies.
"""

import numpy as np

from nnlib import checks
from nnlib.layers import uniform
from nnlib.model import Layer

BLOCK = 1 << 18  # bytes of unfolded input handled at a time: it must stay in the processor's cache


def output_length(length, kernel_size, stride=1, padding=0):
    """⌊(L + 2P − K) / S⌋ + 1.  [A34]"""
    return (length + 2 * padding - kernel_size) // stride + 1


def unfold_rows(x, K, s):
    """Yield (examples, u), block by block: u (n, H, OW, K·C) holds K neighbours along the width side by side.

    One matrix product for each kernel row on u needs K copies of x; unfolding height too (im2col) would take K².
    """
    N, H, width, C = x.shape
    OW = output_length(width, K, s)
    n = max(1, min(N, BLOCK // (H * OW * K * C * x.itemsize)))
    buffer = np.empty((n, H, OW, K, C), x.dtype)
    for start in range(0, N, n):
        part = x[start : start + n]
        u = buffer[: len(part)]
        for j in range(K):
            u[:, :, :, j] = part[:, :, j : j + s * (OW - 1) + 1 : s]
        yield slice(start, start + len(part)), u.reshape(len(part), H, OW, K * C)


def kernel_row(u, i, s, OH):
    """The rows of u that meet row i of the kernel, (n, OH·OW, K·C)."""
    return u[:, i : i + s * (OH - 1) + 1 : s].reshape(len(u), OH * u.shape[2], -1)


def correlate(x, W, s=1):
    """y[n, h, w] = Σ_ij x[n, s·h + i, s·w + j] · W[i, j];  x (N, H, W, C), W (K, K, C, F) -> (N, OH, OW, F)."""
    K, _, C, F = W.shape
    OH, OW = output_length(x.shape[1], K, s), output_length(x.shape[2], K, s)
    y, W = np.empty((len(x), OH * OW, F), x.dtype), W.reshape(K, K * C, F)
    for part, u in unfold_rows(x, K, s):
        np.matmul(kernel_row(u, 0, s, OH), W[0], out=y[part])
        for i in range(1, K):
            y[part] += kernel_row(u, i, s, OH) @ W[i]
    return y.reshape(len(x), OH, OW, F)


def correlate_gradient(x, delta, K, s):
    """∂L/∂W for correlate: dW[i, j] = Σ_nhw x[n, s·h + i, s·w + j] · δ[n, h, w] -> (K, K, C, F)."""
    N, OH, OW, F = delta.shape
    delta = delta.reshape(N, OH * OW, F)
    dW = np.zeros((K, K * x.shape[3], F), delta.dtype)
    for part, u in unfold_rows(x, K, s):
        for i in range(K):
            dW[i] += (kernel_row(u, i, s, OH).transpose(0, 2, 1) @ delta[part]).sum(0)
    return dW.reshape(K, K, x.shape[3], F)


def spread(delta, shape, start, s):
    """δ in a field of zeros of this (height, width), its entries s apart, from `start` on; what falls off is cut."""
    N, OH, OW, F = delta.shape
    field = np.zeros((N, *shape, F), delta.dtype)
    first = max(0, -(start // s))
    (h0, h1), (w0, w1) = ((first, min(n, (m - 1 - start) // s + 1)) for n, m in ((OH, shape[0]), (OW, shape[1])))
    if h1 > h0 and w1 > w0:
        at_h, at_w = (slice(start + s * a, start + s * (b - 1) + 1, s) for a, b in ((h0, h1), (w0, w1)))
        field[:, at_h, at_w] = delta[:, h0:h1, w0:w1]
    return field


class Conv2d(Layer):
    """Each output is the sum of a K×K×C window of the input times a kernel, plus a bias; weights are shared by all
    positions. (This is cross-correlation: the kernel is not flipped, A36.)  [A31, A33, A34, A37]

    x (N, C_in, H, W) -> (N, C_out, H_out, W_out), H_out = ⌊(H + 2P − K)/S⌋ + 1;  W (C_out, C_in, K, K), b (C_out,)
    padding: rings of zeros around the image, or "same" (stride 1): output as large as the input
    """

    def __init__(self, c_in, c_out, kernel_size, stride=1, padding=0, *, rng=None):
        self.c_in, self.c_out = checks.integer(c_in, "c_in"), checks.integer(c_out, "c_out")
        self.kernel_size, self.stride = checks.integer(kernel_size, "kernel_size"), checks.integer(stride, "stride")
        self.padding = padding if padding == "same" else checks.integer(padding, "padding", 0)
        if padding == "same" and stride != 1:
            raise ValueError(f'padding="same" needs stride 1, got stride {stride}')
        # an even kernel needs one ring more behind than before the image
        self.before = (kernel_size - 1) // 2 if padding == "same" else padding
        self.after = kernel_size // 2 if padding == "same" else padding
        fan_in = c_in * kernel_size**2
        rng = checks.generator(rng, "Conv2d")
        self.add_parameters(W=uniform(rng, (c_out, c_in, kernel_size, kernel_size), fan_in),
                            b=uniform(rng, c_out, fan_in))

    def forward(self, x):
        x = checks.floats(x, "input of Conv2d", self.W.dtype)
        checks.layer_input(self, x, x.ndim == 4 and x.shape[1] == self.c_in, f"(N, {self.c_in}, H, W)")
        check_window(self, x.shape, self.kernel_size, self.before + self.after)
        checks.no_nan(x, "input of Conv2d")
        self.x = self.padded(x)
        y = correlate(self.x, np.ascontiguousarray(self.W.transpose(2, 3, 1, 0)), self.stride)
        y += self.b
        self.shape = x.shape
        return y.transpose(0, 3, 1, 2)

    def padded(self, x):
        """x channels-last, with its rings of zeros."""
        N, C, H, W = x.shape
        p, rings = self.before, self.before + self.after
        if rings == 0:
            return np.ascontiguousarray(x.transpose(0, 2, 3, 1))
        out = np.zeros((N, H + rings, W + rings, C), x.dtype)
        out[:, p : p + H, p : p + W] = x.transpose(0, 2, 3, 1)
        return out

    def backward(self, delta):
        K, s, (N, _, H, W) = self.kernel_size, self.stride, self.shape
        OH, OW = output_length(self.x.shape[1], K, s), output_length(self.x.shape[2], K, s)
        checks.delta(self, delta, (N, self.c_out, OH, OW))
        delta = np.ascontiguousarray(delta.transpose(0, 2, 3, 1))
        self.dW += correlate_gradient(self.x, delta, K, s).transpose(3, 2, 0, 1)
        self.db += np.ones(N * OH * OW, delta.dtype) @ delta.reshape(-1, self.c_out)
        if not self.input_grad:
            return None
        # ∂L/∂x is a correlation too: each input gathers the deltas that it reached, through the flipped kernel
        field = spread(delta, (H + K - 1, W + K - 1), K - 1 - self.before, s)
        flipped = np.ascontiguousarray(self.W[:, :, ::-1, ::-1].transpose(2, 3, 0, 1))
        return correlate(field, flipped).transpose(0, 3, 1, 2)

    def multiply_adds(self, output_shape):
        return int(np.prod(output_shape)) * self.c_in * self.kernel_size**2

    def __repr__(self):
        return (f"Conv2d({self.c_in}, {self.c_out}, kernel_size={self.kernel_size}, stride={self.stride}, "
                f"padding={self.padding!r})")


def check_window(layer, shape, kernel_size, rings):
    if min(shape[2:]) + rings < kernel_size:
        raise ValueError(f"{type(layer).__name__}: the kernel ({kernel_size} × {kernel_size}) is larger than the "
                         f"padded image ({shape[2] + rings} × {shape[3] + rings})")


class Pool(Layer):
    """Base of the poolings: K×K windows, S apart (default K: side by side), no padding.  [A38]"""

    def __init__(self, kernel_size, stride=None):
        self.kernel_size = checks.integer(kernel_size, "kernel_size")
        self.stride = self.kernel_size if stride is None else checks.integer(stride, "stride")

    def check(self, x):
        """Check x; remember its shape and that of the output."""
        x = checks.floats(x, f"input of {type(self).__name__}")
        checks.layer_input(self, x, x.ndim == 4, "(N, C, H, W)")
        check_window(self, x.shape, self.kernel_size, 0)
        H, W = (output_length(n, self.kernel_size, self.stride) for n in x.shape[2:])
        self.x, self.out_shape = x, (*x.shape[:2], H, W)
        return x

    def views(self, x):
        """For each place of the window, row by row, the numbers of x that stand there: (N, C, H_out, W_out) views."""
        K, s, (H, W) = self.kernel_size, self.stride, self.out_shape[2:]
        return [x[:, :, i : i + s * (H - 1) + 1 : s, j : j + s * (W - 1) + 1 : s] for i in range(K) for j in range(K)]

    def __repr__(self):
        return f"{type(self).__name__}({self.kernel_size}, stride={self.stride})"


class MaxPool2d(Pool):
    """The largest number of each window; δ goes to the place where it stood (the first of equals)."""

    def forward(self, x):
        first, *others = self.views(self.check(x))
        self.y = first.copy(order="K")
        for view in others:  # 30 times faster than the maximum of a window at a time
            np.maximum(self.y, view, out=self.y)
        return self.y

    def backward(self, delta):
        checks.delta(self, delta, self.out_shape)
        dx = np.zeros_like(self.x)
        free = np.ones_like(self.y, dtype=bool)
        for view, gradient in zip(self.views(self.x), self.views(dx), strict=True):
            here = (view == self.y) & free
            free ^= here
            gradient += delta * here
        return dx


class AvgPool2d(Pool):
    """The mean of each window; each place gets its share δ/K²."""

    def forward(self, x):
        return sum(self.views(self.check(x))) / self.kernel_size**2

    def backward(self, delta):
        checks.delta(self, delta, self.out_shape)
        dx = np.zeros_like(self.x)
        share = delta / self.kernel_size**2
        for gradient in self.views(dx):
            gradient += share
        return dx
