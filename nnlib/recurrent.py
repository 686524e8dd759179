"""Recurrent layers: the same weights at every step, a state that remembers.  [A42–A48, X03]

x (N, T, D) -> all states (N, T, H). `layer.h_last` (N, H) is the last one. A decoder starts from it with
forward(x, h0=encoder.h_last) and hands its gradient back with encoder.backward(dh_last=decoder.dh0).

mask (N, T), True = a real step: at the other steps the state stays as it was, so h_last is the state after the last
real step however much padding follows, and padding gets no gradient.

Inside, time comes first and each example is a column: states (T + 1, H, N), gates (T, G·H, N), so that the loops read
as the formulas do, z = W h, and the rows of a gate lie side by side in memory. Only what depends on the state before
stands in the loop over time; the rest is done for all steps at once, before or after it."""

from collections.abc import Iterable

import numpy as np

from nnlib import checks
from nnlib.checks import Array, ArrayLike, Generator
from nnlib.layers import uniform
from nnlib.model import Layer


def pad_sequences(sequences: Iterable[ArrayLike], value: float = 0) -> tuple[Array, Array]:
    """Sequences of different lengths as one array (N, T, ...), filled up with `value`, and the mask (N, T)."""
    rows = [checks.array(s, f"sequence {i}") for i, s in enumerate(sequences)]
    if not rows or any(s.ndim == 0 or len(s) == 0 or s.shape[1:] != rows[0].shape[1:] for s in rows):
        raise ValueError("pad_sequences expects at least one sequence, none empty, with steps of one shape; "
                         f"got shapes {[s.shape for s in rows[:5]]}")
    lengths = np.array([len(s) for s in rows])
    mask = np.arange(lengths.max()) < lengths[:, None]
    padded = np.full((*mask.shape, *rows[0].shape[1:]), value, np.result_type(*rows))
    padded[mask] = np.concatenate(rows)
    return padded, mask


class Recurrent(Layer):
    """Base: U (G·H, D) for the input, W (G·H, H) for the state, b (G·H,), where G gates have H rows each."""
    gates = 1
    shown = "{n_in}, {n_hidden}"

    def __init__(self, n_in: int, n_hidden: int, *, rng: Generator | None = None) -> None:
        self.n_in, self.n_hidden = checks.integer(n_in, "n_in"), checks.integer(n_hidden, "n_hidden")
        rng, rows = checks.generator(rng, type(self).__name__), self.gates * n_hidden
        self.add_parameters(U=uniform(rng, (rows, n_in), n_hidden), W=uniform(rng, (rows, n_hidden), n_hidden),
                            b=uniform(rng, rows, n_hidden))

    def begin(self, x: ArrayLike, h0: ArrayLike | None, mask: ArrayLike | None) -> Array:
        """Check x and mask, make room for the states; returns U x_t + b for all steps (T, G·H, N)."""
        x = checks.floats(x, f"input of {type(self).__name__}", self.U.dtype)
        checks.shape(self, x, x.ndim == 3 and x.shape[2] == self.n_in, f"(N, T, {self.n_in})")
        checks.no_nan(x, f"input of {type(self).__name__}")
        self.mask = checks.mask(mask, x.shape[:2])
        self.padding = None if mask is None else ~self.mask.T[:, None, :]
        self.x = columns(x)
        self.h = self.states(h0, "h0")
        z = self.U @ self.x
        z += self.b[:, None]
        return z

    def states(self, start: ArrayLike | None, name: str) -> Array:
        """Room for T + 1 states (T + 1, H, N), the first one being `start` (N, H) or zeros."""
        T, _, N = self.x.shape
        h = np.empty((T + 1, self.n_hidden, N), self.U.dtype)
        h[0] = self.state(start, name)
        return h

    def state(self, value: ArrayLike | None, name: str) -> Array:
        """A state or its gradient (N, H), checked, as columns (H, N); None stands for zeros."""
        shape = (self.x.shape[2], self.n_hidden)
        value = np.zeros(shape, self.U.dtype) if value is None else checks.floats(value, name, self.U.dtype)
        if value.shape != shape:
            raise ValueError(f"{name} must have shape {shape}, got {value.shape}")
        return value.T

    def hold(self, t: int, new: Array, old: Array) -> Array:
        """At padding keep the old state (forward), or hand the gradient on as it came (backward)."""
        if self.padding is not None:
            np.copyto(new, old, where=self.padding[t])
        return new

    def incoming(self, dh: Array | None, dh_last: Array | None) -> tuple[Array, Array]:
        """∂L/∂h_t from outside (T, H, N), and ∂L/∂h_T from the steps after the last one (H, N)."""
        T, _, N = self.x.shape
        if dh is None:
            dh = np.zeros((N, T, self.n_hidden), self.U.dtype)
        checks.delta(self, dh, (N, T, self.n_hidden))
        return columns(dh), self.state(dh_last, "dh_last")

    def finish(self, delta: Array, dh0: Array, through_W: Array | None = None) -> Array:
        """dU, dW, db and ∂L/∂x from delta = ∂L/∂z (T, G·H, N); through_W: ∂L/∂(W h), where it is not delta."""
        through_W, self.dh0 = delta if through_W is None else through_W, dh0.T
        for d in (delta, through_W):
            if self.padding is not None:
                np.copyto(d, 0, where=self.padding)
        flat = side_by_side(delta)
        self.dU += flat @ side_by_side(self.x).T
        self.dW += (flat if through_W is delta else side_by_side(through_W)) @ side_by_side(self.h[:-1]).T
        self.db += flat @ np.ones(flat.shape[1], flat.dtype)
        if not self.input_grad:
            return None
        return (self.U.T @ flat).reshape(self.n_in, len(delta), -1).transpose(2, 1, 0)

    def all_states(self) -> Array:
        """The states (N, T, H) as a copy: the caller may change it."""
        return self.h[1:].transpose(2, 0, 1).copy()

    @property
    def h_last(self) -> Array:
        """The last state (N, H), a copy."""
        return self.h[-1].T.copy()

    def multiply_adds(self, output_shape: tuple[int, ...]) -> int:
        return int(np.prod(output_shape)) * self.gates * (self.n_in + self.n_hidden)


def columns(x: Array) -> Array:
    """(N, T, K) as (T, K, N): at each step, each example a column."""
    return np.ascontiguousarray(x.transpose(1, 2, 0))


def side_by_side(x: Array) -> Array:
    """(T, K, N) as (K, T·N): the columns of all steps side by side, for one large product."""
    return x.transpose(1, 0, 2).reshape(x.shape[1], -1)


def apply_sigmoid(z: Array) -> None:
    """σ(z) = ½ tanh(z/2) + ½ in place: twice as fast as with exp."""
    z *= 0.5
    np.tanh(z, out=z)
    z *= 0.5
    z += 0.5


class RNN(Recurrent):
    """h_t = tanh(U x_t + W h_{t−1} + b), h_0 = 0 or given.  [A44, A45]

    x (N, T, n_in) -> all states (N, T, n_hidden); `layer.h_last` (N, n_hidden) is the last one
    h0 (N, n_hidden): the state to start from, else zeros; backward leaves its gradient in `layer.dh0`
    mask (N, T), True = a real step: at the others the state stays as it was, and they get no gradient
    U (n_hidden, n_in), W (n_hidden, n_hidden), b (n_hidden,)"""

    def forward(self, x: ArrayLike, h0: ArrayLike | None = None, mask: ArrayLike | None = None) -> Array:
        z, h = self.begin(x, h0, mask), self.h
        for t in range(len(z)):
            z[t] += self.W @ h[t]
            np.tanh(z[t], out=h[t + 1])
            self.hold(t, h[t + 1], h[t])
        return self.all_states()

    def backward(self, dh: Array | None = None, dh_last: Array | None = None) -> Array:
        dh, carry = self.incoming(dh, dh_last)
        delta, WT = 1 - self.h[1:] ** 2, self.W.T.copy()  # tanh′
        for t in reversed(range(len(delta))):
            total = dh[t] + carry  # h_t acts on the output and on the next step
            delta[t] *= total
            carry = self.hold(t, WT @ delta[t], total)
        return self.finish(delta, carry)


class LSTM(Recurrent):
    """A cell state c that is only scaled and added to, so that it can remember for long.  [X03]

    i, f, o = σ(U x_t + W h_{t−1} + b), g = tanh(…);  c_t = f ⊙ c_{t−1} + i ⊙ g;  h_t = o ⊙ tanh(c_t)

    x (N, T, n_in) -> all states (N, T, n_hidden); `layer.h_last` (N, n_hidden) is the last one
    h0 (N, n_hidden): the state to start from, else zeros; backward leaves its gradient in `layer.dh0`
    mask (N, T), True = a real step: at the others the state stays as it was, and they get no gradient
    c0, `c_last`, `dc0`: the same for the cell state
    U (4·n_hidden, n_in), W (4·n_hidden, n_hidden), b: the rows of i, f, g, o, as in PyTorch"""
    gates = 4

    def forward(self, x: ArrayLike, h0: ArrayLike | None = None, mask: ArrayLike | None = None,
                c0: ArrayLike | None = None) -> Array:
        z, h = self.begin(x, h0, mask), self.h
        self.c = c = self.states(c0, "c0")
        self.tanh_c, self.a = np.empty_like(c[1:]), z.reshape(len(z), 4, *h.shape[1:])
        half = np.repeat(np.array([0.5, 0.5, 1, 0.5], z.dtype), self.n_hidden)[:, None]
        z *= half  # σ(z) = ½ tanh(z/2) + ½, so one tanh serves all four gates
        W = half * self.W
        for t, (i, f, g, o) in enumerate(self.a):
            z[t] += W @ h[t]
            np.tanh(z[t], out=z[t])
            z[t] *= half
            z[t] += 1 - half
            np.multiply(f, c[t], out=c[t + 1])
            c[t + 1] += i * g
            np.tanh(c[t + 1], out=self.tanh_c[t])
            np.multiply(o, self.tanh_c[t], out=h[t + 1])
            self.hold(t, c[t + 1], c[t])
            self.hold(t, h[t + 1], h[t])
        return self.all_states()

    def backward(self, dh: Array | None = None, dh_last: Array | None = None, dc_last: Array | None = None) -> Array:
        dh, carry = self.incoming(dh, dh_last)
        dc, WT, delta = self.state(dc_last, "dc_last"), self.W.T.copy(), np.empty_like(self.a)
        (i, f, g, o), (di, df, dg, do) = self.a.swapaxes(0, 1), delta.swapaxes(0, 1)
        # what each gate did to c_t (i, f, g) or to h_t (o), and c_t to h_t
        np.multiply(i * g, 1 - i, out=di)
        np.multiply(self.c[:-1] * f, 1 - f, out=df)
        np.subtract(i, i * g * g, out=dg)
        np.multiply(self.h[1:], 1 - o, out=do)
        through_c = o - self.h[1:] * self.tanh_c
        for t in reversed(range(len(dh))):
            total = dh[t] + carry
            dc_t = dc + total * through_c[t]
            delta[t, :3] *= dc_t
            do[t] *= total
            carry = self.hold(t, WT @ delta[t].reshape(len(self.W), -1), total)
            dc = self.hold(t, dc_t * f[t], dc)
        self.dc0 = dc.T
        return self.finish(delta.reshape(len(dh), len(self.W), -1), carry)

    @property
    def c_last(self) -> Array:
        """The last cell state (N, H), a copy."""
        return self.c[-1].T.copy()


class GRU(Recurrent):
    """Two gates decide how much of the old state to use and how much to keep.  [X03]

    r, u = σ(U x_t + W h_{t−1} + b);  n = tanh(U_n x_t + b_n + r ⊙ W_n h_{t−1});  h_t = (1 − u) ⊙ n + u ⊙ h_{t−1}

    x (N, T, n_in) -> all states (N, T, n_hidden); `layer.h_last` (N, n_hidden) is the last one
    h0 (N, n_hidden): the state to start from, else zeros; backward leaves its gradient in `layer.dh0`
    mask (N, T), True = a real step: at the others the state stays as it was, and they get no gradient
    U (3·n_hidden, n_in), W (3·n_hidden, n_hidden), b: the rows of r, u, n, as in PyTorch, without its second bias"""
    gates = 3

    def forward(self, x: ArrayLike, h0: ArrayLike | None = None, mask: ArrayLike | None = None) -> Array:
        z, h = self.begin(x, h0, mask), self.h
        self.a = z.reshape(len(z), 3, *h.shape[1:])
        self.memory = np.empty_like(h[1:])  # W_n h_{t−1}
        for t, (r, u, n) in enumerate(self.a):
            Wh = (self.W @ h[t]).reshape(self.a[t].shape)
            self.a[t, :2] += Wh[:2]
            apply_sigmoid(self.a[t, :2])
            self.memory[t] = Wh[2]
            n += r * Wh[2]
            np.tanh(n, out=n)
            h[t + 1] = n + u * (h[t] - n)
            self.hold(t, h[t + 1], h[t])
        return self.all_states()

    def backward(self, dh: Array | None = None, dh_last: Array | None = None) -> Array:
        dh, carry = self.incoming(dh, dh_last)
        WT, (r, u, n), delta = self.W.T.copy(), self.a.swapaxes(0, 1), np.empty_like(self.a)
        dr, du, dn = delta.swapaxes(0, 1)
        np.multiply(1 - u, 1 - n * n, out=dn)
        np.multiply(self.h[1:] - n, 1 - u, out=du)  # h_t − n = u ⊙ (h_{t−1} − n)
        np.multiply(dn * r, self.memory * (1 - r), out=dr)
        through_W = delta.copy()
        through_W[:, 2] *= r
        for t in reversed(range(len(dh))):
            total = dh[t] + carry
            delta[t] *= total
            through_W[t] *= total
            carry = self.hold(t, total * u[t] + WT @ through_W[t].reshape(len(self.W), -1), total)
        delta, through_W = (d.reshape(len(dh), len(self.W), -1) for d in (delta, through_W))
        return self.finish(delta, carry, through_W)
