"""Recurrent layers: the same weights at every step, a state that remembers.  [A42–A48, X03]

x (N, T, D) -> all states (N, T, H). `layer.h_last` (N, H) is the last state. A decoder starts from it with
forward(x, h0=encoder.h_last) and hands its gradient back with encoder.backward(dh_last=decoder.dh0).

mask (N, T), True = a real step: at the other steps the state stays as it was, so h_last is the state after the last
real step however much padding follows, and padding gets no gradient.

Inside, time comes first and the buffers are filled in place; all that does not depend on the state is one matrix
product before the loop (forward) or after it (backward).
"""

import numpy as np

from nnlib import checks
from nnlib.activations import sigmoid
from nnlib.layers import uniform
from nnlib.model import Layer


def pad_sequences(sequences, value=0):
    """Sequences of different lengths as one array (N, T, ...) filled up with `value`, and the mask (N, T)."""
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
    """Base: U (G·H, D) for the input, W (G·H, H) for the state, b (G·H,); G gates of H rows each."""

    gates = 1

    def __init__(self, n_in, n_hidden, *, rng=None):
        self.n_in, self.n_hidden = checks.integer(n_in, "n_in"), checks.integer(n_hidden, "n_hidden")
        rng, rows = checks.generator(rng, type(self).__name__), self.gates * n_hidden
        self.add_parameters(U=uniform(rng, (rows, n_in), n_hidden), W=uniform(rng, (rows, n_hidden), n_hidden),
                            b=uniform(rng, rows, n_hidden))

    def begin(self, x, h0, mask):
        """Check x (N, T, D) and mask; keep x time-first; make room for the states; return U x_t + b, (T, N, G·H)."""
        x = checks.floats(x, f"input of {type(self).__name__}", self.U.dtype)
        checks.layer_input(self, x, x.ndim == 3 and x.shape[2] == self.n_in, f"(N, T, {self.n_in})")
        checks.no_nan(x, f"input of {type(self).__name__}")
        N, T, _ = x.shape
        self.x = np.ascontiguousarray(x.transpose(1, 0, 2))
        self.mask = self.check_mask(mask, (N, T))
        z = self.x.reshape(T * N, -1) @ self.U.T
        z += self.b
        self.h = self.states(h0, "h0", T, N, z.dtype)
        return z.reshape(T, N, -1)

    def check_mask(self, mask, shape):
        """The mask as (T, N, 1), or None."""
        if mask is None:
            return None
        mask = checks.array(mask, "mask")
        if mask.dtype != bool or mask.shape != shape:
            raise ValueError(f"mask must be boolean (True = a real step) of shape {shape}, got {mask.dtype} {mask.shape}")
        return mask.T[:, :, None]

    def states(self, start, name, T, N, dtype):
        """Room for T + 1 states (T + 1, N, H), the first one being `start` or zeros."""
        h = np.empty((T + 1, N, self.n_hidden), dtype)
        h[0] = self.check_state(start, name, N)
        return h

    def check_state(self, state, name, N):
        """A state or its gradient, (N, H); None stands for zeros."""
        if state is None:
            return 0
        state = checks.array(state, name)
        if state.shape != (N, self.n_hidden):
            raise ValueError(f"{name} must have shape {(N, self.n_hidden)}, got {state.shape}")
        return state

    def keep(self, t, new, old):
        """Where the mask is False, step t keeps the old state."""
        if self.mask is not None:
            np.copyto(new, old, where=~self.mask[t])

    def deltas(self, dh, dh_last):
        """∂L/∂h_t from outside as (T, N, H) and the gradient of the last state, both checked."""
        T, N, _ = self.x.shape
        if dh is None and dh_last is None:
            raise ValueError(f"{type(self).__name__}.backward expects dh, dh_last or both")
        carry = np.zeros((N, self.n_hidden), self.h.dtype) + self.check_state(dh_last, "dh_last", N)
        if dh is None:
            return np.zeros_like(self.h[1:]), carry
        checks.delta(self, dh, (N, T, self.n_hidden))
        return dh.transpose(1, 0, 2), carry

    def passed(self, t, gradient):
        """A gradient of the state after step t in two parts: through the step, and past it where it is padding."""
        if self.mask is None:
            return gradient, 0
        return gradient * self.mask[t], gradient * ~self.mask[t]

    def finish(self, delta, dh0, through_W=None):
        """dU, dW, db, ∂L/∂x from delta = ∂L/∂z at all steps, (T, N, G·H): one matrix product each."""
        self.dh0 = dh0
        rows = delta.reshape(-1, delta.shape[2])
        W_rows = rows if through_W is None else through_W.reshape(rows.shape)
        self.dU += rows.T @ self.x.reshape(len(rows), -1)
        self.dW += W_rows.T @ self.h[:-1].reshape(len(rows), -1)
        self.db += np.ones(len(rows), rows.dtype) @ rows
        return (rows @ self.U).reshape(self.x.shape).transpose(1, 0, 2) if self.input_grad else None

    @property
    def h_last(self):
        """The last state (N, H)."""
        return self.h[-1]

    def multiply_adds(self, output_shape):
        return int(np.prod(output_shape)) * self.gates * (self.n_in + self.n_hidden)

    def __repr__(self):
        return f"{type(self).__name__}({self.n_in}, {self.n_hidden})"


class RNN(Recurrent):
    """h_t = tanh(U x_t + W h_{t−1} + b), h_0 = 0 or given.  [A44, A45]"""

    def forward(self, x, h0=None, mask=None):
        z = self.begin(x, h0, mask)
        h, WT = self.h, np.ascontiguousarray(self.W.T)
        for t in range(len(z)):
            z[t] += h[t] @ WT
            np.tanh(z[t], out=h[t + 1])
            self.keep(t, h[t + 1], h[t])
        return h[1:].transpose(1, 0, 2)

    def backward(self, dh=None, dh_last=None):
        dh, carry = self.deltas(dh, dh_last)
        delta = 1 - self.h[1:] ** 2  # tanh′
        for t in reversed(range(len(delta))):
            total, past = self.passed(t, dh[t] + carry)  # h_t acts on the output and on the next step
            delta[t] *= total
            carry = delta[t] @ self.W + past
        return self.finish(delta, carry)


class LSTM(Recurrent):
    """A cell state c that is only ever scaled and added to, so that it can remember for long.  [X03]

    i, f, o = σ(U x_t + W h_{t−1} + b), g = tanh(…);  c_t = f ⊙ c_{t−1} + i ⊙ g;  h_t = o ⊙ tanh(c_t)
    The rows of U, W, b are those of i, f, g, o (as in PyTorch). forward(x, h0, c0), backward(dh, dh_last, dc_last);
    the gradients of the initial states are `dh0`, `dc0`.
    """

    gates = 4

    def forward(self, x, h0=None, mask=None, c0=None):
        z = self.begin(x, h0, mask)
        h, H, WT = self.h, self.n_hidden, np.ascontiguousarray(self.W.T)
        self.c = c = self.states(c0, "c0", len(z), len(x), z.dtype)
        for t in range(len(z)):
            z[t] += h[t] @ WT
            gate = z[t]
            gate[:, : 2 * H] = sigmoid(gate[:, : 2 * H])
            gate[:, 2 * H : 3 * H] = np.tanh(gate[:, 2 * H : 3 * H])
            gate[:, 3 * H :] = sigmoid(gate[:, 3 * H :])
            i, f, g, o = split(gate, H)
            c[t + 1] = f * c[t] + i * g
            h[t + 1] = o * np.tanh(c[t + 1])
            self.keep(t, c[t + 1], c[t])
            self.keep(t, h[t + 1], h[t])
        self.a = z
        return h[1:].transpose(1, 0, 2)

    def backward(self, dh=None, dh_last=None, dc_last=None):
        if dh is None and dh_last is None and dc_last is not None:
            dh_last = np.zeros_like(self.h[0])
        dh, carry = self.deltas(dh, dh_last)
        dc = np.zeros_like(carry) + self.check_state(dc_last, "dc_last", len(carry))
        delta = np.empty_like(self.a)
        for t in reversed(range(len(delta))):
            i, f, g, o = split(self.a[t], self.n_hidden)
            tanh_c = np.tanh(self.c[t + 1])
            total, past = self.passed(t, dh[t] + carry)
            dc, dc_past = self.passed(t, dc)
            dc = dc + total * o * (1 - tanh_c**2)
            di, df, dg, do = split(delta[t], self.n_hidden)
            di[:] = dc * g * i * (1 - i)
            df[:] = dc * self.c[t] * f * (1 - f)
            dg[:] = dc * i * (1 - g**2)
            do[:] = total * tanh_c * o * (1 - o)
            dc = dc * f + dc_past
            carry = delta[t] @ self.W + past
        self.dc0 = dc
        return self.finish(delta, carry)

    @property
    def c_last(self):
        """The last cell state (N, H)."""
        return self.c[-1]


class GRU(Recurrent):
    """Two gates decide what of the old state to use and what to keep.  [X03]

    r, u = σ(U x_t + W h_{t−1} + b);  n = tanh(U_n x_t + b_n + r ⊙ W_n h_{t−1});  h_t = (1 − u) ⊙ n + u ⊙ h_{t−1}
    The rows of U, W, b are those of r, u, n (as in PyTorch, without its second bias).
    """

    gates = 3

    def forward(self, x, h0=None, mask=None):
        z = self.begin(x, h0, mask)
        h, H, WT = self.h, self.n_hidden, np.ascontiguousarray(self.W.T)
        self.memory = np.empty((len(z), len(x), H), z.dtype)  # W_n h_{t−1}
        for t in range(len(z)):
            Wh = h[t] @ WT
            z[t, :, : 2 * H] = sigmoid(z[t, :, : 2 * H] + Wh[:, : 2 * H])
            r, u, n = split(z[t], H)
            self.memory[t] = Wh[:, 2 * H :]
            n[:] = np.tanh(n + r * self.memory[t])
            h[t + 1] = n + u * (h[t] - n)
            self.keep(t, h[t + 1], h[t])
        self.a = z
        return h[1:].transpose(1, 0, 2)

    def backward(self, dh=None, dh_last=None):
        dh, carry = self.deltas(dh, dh_last)
        H = self.n_hidden
        delta, through_W = np.empty_like(self.a), np.empty_like(self.a)  # ∂L/∂z and ∂L/∂(W h): in n they differ by r
        for t in reversed(range(len(delta))):
            total, past = self.passed(t, dh[t] + carry)
            r, u, n = split(self.a[t], H)
            dr, du, dn = split(delta[t], H)
            dn[:] = total * (1 - u) * (1 - n**2)
            du[:] = total * (self.h[t] - n) * u * (1 - u)
            dr[:] = dn * self.memory[t] * r * (1 - r)
            through_W[t] = delta[t]
            through_W[t, :, 2 * H :] *= r
            carry = total * u + through_W[t] @ self.W + past
        return self.finish(delta, carry, through_W)


def split(z, H):
    """The gates in (N, G·H) as views (N, H)."""
    return [z[:, k : k + H] for k in range(0, z.shape[1], H)]
