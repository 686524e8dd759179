"""Graph neural networks: each node takes in what its neighbours know.  [A49]"""

import numpy as np

from nnlib import checks
from nnlib.checks import Array, ArrayLike, Generator
from nnlib.layers import Linear


def normalize_adjacency(A: ArrayLike) -> Array:
    """Â = D^{−1/2} (A + I) D^{−1/2}, D: degrees of A + I. A node counts for less the more neighbours it has.

    A (M, M) symmetric, not negative, 0 on the diagonal  (Kipf and Welling, 2017)"""
    A = checks.floats(A, "A")
    if A.ndim != 2 or A.shape[0] != A.shape[1] or A.size == 0:
        raise ValueError(f"A must be a square matrix, got shape {A.shape}")
    checks.no_nan(A, "A")
    if (A < 0).any() or (A != A.T).any() or A.diagonal().any():
        raise ValueError("A must be symmetric, not negative, with zeros on the diagonal (edges without direction)")
    with_self = A + np.eye(len(A), dtype=A.dtype)
    d = with_self.sum(1) ** -0.5
    return d[:, None] * with_self * d


class GraphConv(Linear):
    """Z = Â H Wᵀ + b: gather from the neighbours, then one linear map for all nodes.  [A49]

    H (M, n_in), one node per row -> (M, n_out);  Â (M, M) from normalize_adjacency"""

    def __init__(self, n_in: int, n_out: int, A_hat: ArrayLike, *, rng: Generator | None = None) -> None:
        super().__init__(n_in, n_out, rng=rng)
        self.A_hat = checks.floats(A_hat, "A_hat").copy()
        if self.A_hat.ndim != 2 or self.A_hat.shape[0] != self.A_hat.shape[1]:
            raise ValueError(f"A_hat must be a square matrix, got shape {self.A_hat.shape}")
        checks.no_nan(self.A_hat, "A_hat")

    def forward(self, H: ArrayLike) -> Array:
        H = checks.floats(H, "input of GraphConv", self.W.dtype)
        checks.shape(self, H, H.shape == (len(self.A_hat), self.n_in), f"({len(self.A_hat)}, {self.n_in})")
        return super().forward(self.A_hat.astype(H.dtype, copy=False) @ H)

    def backward(self, delta: Array) -> Array:
        dH = super().backward(delta)
        return dH if dH is None else self.A_hat.T.astype(delta.dtype, copy=False) @ dH
