"""Recurrent layers: the same weights at every step, a state that remembers.  [A42–A48, X03]

x (N, T, D) -> all states (N, T, H). `layer.h_last` (N, H) is the last one. A decoder starts from it with
forward(x, h0=encoder.h_last) and hands its gradient back with encoder.backward(dh_last=decoder.dh0).

mask (N, T), True = a real step: at the other steps the state stays as it was, so h_last is the state after the last
real step however much padding follows, and padding gets no gradient.

Inside, gates come first, then time: (G, T, N, H). Only what depends on the state before stands in the loop over time;
the rest is done for all steps at once, before the loop (forward) or around it (backward)."""

import numpy as np

from nnlib import checks
from nnlib.layers import uniform
from nnlib.model import Layer


def pad_sequences(sequences, value=0):
    """Sequences of different lengths as one array (N, T, ...), filled up with `value`, and the mask (N, T)."""
    sequences = [checks.array(s, f"sequence {i}") for i, s in enumerate(sequences)]
    if not sequences or any(s.ndim == 0 or len(s) == 0 or s.shape[1:] != sequences[0].shape[1:] for s in sequences):
        raise ValueError("pad_sequences expects at least one sequence, none empty, with steps of one shape; "
                         f"got shapes {[s.shape for s in sequences[:5]]}")
    lengths = np.array([len(s) for s in sequences])
    mask = np.arange(lengths.max()) < lengths[:, None]
    padded = np.full((*mask.shape, *sequences[0].shape[1:]), value, np.result_type(*sequences))
    padded[mask] = np.concatenate(sequences)
    return padded, mask


class Recurrent(Layer):
    """Base: U (G·H, D) for the input, W (G·H, H) for the state, b (G·H,), where G gates have H rows each."""
    gates = 1
    shown = "{n_in}, {n_hidden}"

    def __init__(self, n_in, n_hidden, *, rng=None):
        self.n_in, self.n_hidden = checks.integer(n_in, "n_in"), checks.integer(n_hidden, "n_hidden")
        rng, rows = checks.generator(rng, type(self).__name__), self.gates * n_hidden
        self.add_parameters(U=uniform(rng, (rows, n_in), n_hidden), W=uniform(rng, (rows, n_hidden), n_hidden),
                            b=uniform(rng, rows, n_hidden))

    def begin(self, x, h0, mask):
        """Check x and mask, make room for the states; U x_t + b for all steps (G, T, N, H), and Wᵀ (G, H, H)."""
        x = checks.floats(x, f"input of {type(self).__name__}", self.U.dtype)
        checks.shape(self, x, x.ndim == 3 and x.shape[2] == self.n_in, f"(N, T, {self.n_in})")
        checks.no_nan(x, f"input of {type(self).__name__}")
        self.mask = checks.mask(mask, x.shape[:2])
        self.padding = None if mask is None else ~self.mask.T[:, :, None]
        self.x = np.ascontiguousarray(x.transpose(1, 0, 2))
        T, N, _ = self.x.shape
        self.h = self.states(h0, "h0", T, N)
        z = self.x.reshape(T * N, -1) @ self.by_gate(self.U).transpose(0, 2, 1)
        z += self.b.reshape(self.gates, 1, -1)
        return z.reshape(self.gates, T, N, -1), self.by_gate(self.W).transpose(0, 2, 1).copy()

    def by_gate(self, weights):
        """(G·H, K) as (G, H, K)."""
        return weights.reshape(self.gates, self.n_hidden, -1)

    def states(self, start, name, T, N):
        """Room for T + 1 states (T + 1, N, H), the first one being `start` or zeros."""
        h = np.empty((T + 1, N, self.n_hidden), self.U.dtype)
        h[0] = self.state(start, name, N)
        return h

    def state(self, value, name, N):
        """A state or its gradient (N, H), checked; None stands for zeros."""
        shape = (N, self.n_hidden)
        value = np.zeros(shape, self.U.dtype) if value is None else checks.floats(value, name, self.U.dtype)
        if value.shape != shape:
            raise ValueError(f"{name} must have shape {shape}, got {value.shape}")
        return value

    def hold(self, t, new, old):
        """At padding keep the old state (forward), or hand the gradient on as it came (backward)."""
        if self.padding is not None:
            np.copyto(new, old, where=self.padding[t])
        return new

    def incoming(self, dh, dh_last):
        """∂L/∂h_t from outside, time first (T, N, H), and ∂L/∂h_T from the steps after the last one (N, H)."""
        T, N, _ = self.x.shape
        if dh is None:
            dh = np.zeros((N, T, self.n_hidden), self.U.dtype)
        checks.delta(self, dh, (N, T, self.n_hidden))
        return dh.transpose(1, 0, 2), self.state(dh_last, "dh_last", N)

    def finish(self, delta, dh0, through_W=None):
        """dU, dW, db and ∂L/∂x from delta = ∂L/∂z (G, T, N, H); through_W: ∂L/∂(W h), where it is not delta."""
        T, N, _ = self.x.shape
        through_W, self.dh0 = delta if through_W is None else through_W, dh0
        for d in (delta, through_W):
            if self.padding is not None:
                np.copyto(d, 0, where=self.padding)
        delta, through_W = (d.reshape(self.gates, T * N, -1) for d in (delta, through_W))
        self.dU += (delta.transpose(0, 2, 1) @ self.x.reshape(T * N, -1)).reshape(self.U.shape)
        self.dW += (through_W.transpose(0, 2, 1) @ self.h[:-1].reshape(T * N, -1)).reshape(self.W.shape)
        self.db += (np.ones(T * N, delta.dtype) @ delta).ravel()
        if not self.input_grad:
            return None
        return (delta @ self.by_gate(self.U)).sum(0).reshape(T, N, -1).transpose(1, 0, 2)

    @property
    def h_last(self):
        """The last state (N, H)."""
        return self.h[-1]

    def multiply_adds(self, output_shape):
        return int(np.prod(output_shape)) * self.gates * (self.n_in + self.n_hidden)


class RNN(Recurrent):
    """h_t = tanh(U x_t + W h_{t−1} + b), h_0 = 0 or given.  [A44, A45]"""

    def forward(self, x, h0=None, mask=None):
        (z,), (WT,) = self.begin(x, h0, mask)
        h = self.h
        for t in range(len(z)):
            z[t] += h[t] @ WT
            np.tanh(z[t], out=h[t + 1])
            self.hold(t, h[t + 1], h[t])
        return h[1:].transpose(1, 0, 2)

    def backward(self, dh=None, dh_last=None):
        dh, carry = self.incoming(dh, dh_last)
        delta = 1 - self.h[1:] ** 2  # tanh′
        for t in reversed(range(len(delta))):
            total = dh[t] + carry  # h_t acts on the output and on the next step
            delta[t] *= total
            carry = self.hold(t, delta[t] @ self.W, total)
        return self.finish(delta[None], carry)


def sigmoid(half_z):
    """σ(z) = ½ tanh(z/2) + ½, from z/2 and in place: twice as fast as with exp."""
    np.tanh(half_z, out=half_z)
    half_z *= 0.5
    half_z += 0.5


class LSTM(Recurrent):
    """A cell state c that is only scaled and added to, so that it can remember for long.  [X03]

    i, f, o = σ(U x_t + W h_{t−1} + b), g = tanh(…);  c_t = f ⊙ c_{t−1} + i ⊙ g;  h_t = o ⊙ tanh(c_t)
    The rows of U, W, b are those of i, f, g, o, as in PyTorch. `c_last` and the gradient `dc0` go with `h_last`, `dh0`.
    """
    gates = 4

    def forward(self, x, h0=None, mask=None, c0=None):
        z, WT = self.begin(x, h0, mask)
        h, c = self.h, self.states(c0, "c0", z.shape[1], len(x))
        for gate in (0, 1, 3):
            z[gate] *= 0.5
            WT[gate] *= 0.5
        for t in range(z.shape[1]):
            z[:, t] += h[t] @ WT
            i, f, g, o = z[:, t]
            sigmoid(z[:2, t])
            np.tanh(g, out=g)
            sigmoid(o)
            np.multiply(f, c[t], out=c[t + 1])
            c[t + 1] += i * g
            np.multiply(o, np.tanh(c[t + 1]), out=h[t + 1])
            self.hold(t, c[t + 1], c[t])
            self.hold(t, h[t + 1], h[t])
        self.a, self.c = z, c
        return h[1:].transpose(1, 0, 2)

    def backward(self, dh=None, dh_last=None, dc_last=None):
        dh, carry = self.incoming(dh, dh_last)
        dc = self.state(dc_last, "dc_last", len(carry))
        i, f, g, o = self.a
        tanh_c, W = np.tanh(self.c[1:]), self.by_gate(self.W)
        dh_dc = o * (1 - tanh_c**2)
        # what each gate did to c_t (i, f, g) or to h_t (o)
        delta = np.stack([g * i * (1 - i), self.c[:-1] * f * (1 - f), i * (1 - g**2), tanh_c * o * (1 - o)])
        for t in reversed(range(len(dh))):
            total = dh[t] + carry
            dc_t = dc + total * dh_dc[t]
            delta[:3, t] *= dc_t
            delta[3, t] *= total
            carry = self.hold(t, (delta[:, t] @ W).sum(0), total)
            dc = self.hold(t, dc_t * f[t], dc)
        self.dc0 = dc
        return self.finish(delta, carry)

    @property
    def c_last(self):
        """The last cell state (N, H)."""
        return self.c[-1]


class GRU(Recurrent):
    """Two gates decide how much of the old state to use and how much to keep.  [X03]

    r, u = σ(U x_t + W h_{t−1} + b);  n = tanh(U_n x_t + b_n + r ⊙ W_n h_{t−1});  h_t = (1 − u) ⊙ n + u ⊙ h_{t−1}
    The rows of U, W, b are those of r, u, n, as in PyTorch, without its second bias."""
    gates = 3

    def forward(self, x, h0=None, mask=None):
        z, WT = self.begin(x, h0, mask)
        h, self.memory = self.h, np.empty_like(self.h[1:])  # W_n h_{t−1}
        z[:2] *= 0.5
        WT[:2] *= 0.5
        for t in range(z.shape[1]):
            Wh, (r, u, n) = h[t] @ WT, z[:, t]
            z[:2, t] += Wh[:2]
            sigmoid(z[:2, t])
            self.memory[t] = Wh[2]
            n += r * Wh[2]
            np.tanh(n, out=n)
            h[t + 1] = n + u * (h[t] - n)
            self.hold(t, h[t + 1], h[t])
        self.a = z
        return h[1:].transpose(1, 0, 2)

    def backward(self, dh=None, dh_last=None):
        dh, carry = self.incoming(dh, dh_last)
        (r, u, n), W = self.a, self.by_gate(self.W)
        dh_dn = (1 - u) * (1 - n**2)
        dh_dr, dh_du = dh_dn * self.memory * r * (1 - r), (self.h[:-1] - n) * u * (1 - u)
        delta, through_W = np.stack([dh_dr, dh_du, dh_dn]), np.stack([dh_dr, dh_du, dh_dn * r])
        for t in reversed(range(len(dh))):
            total = dh[t] + carry
            delta[:, t] *= total
            through_W[:, t] *= total
            carry = self.hold(t, total * u[t] + (through_W[:, t] @ W).sum(0), total)
        return self.finish(delta, carry, through_W)
