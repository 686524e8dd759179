"""One layer of a graph network on a small graph, node by node and step by step.  [A49]"""

import numpy as np

from nnbook.language import N_, _
from nnbook.widgets.core.host import FrontEnd, widget
from nnlib import checks, normalize_adjacency

TIES = ((0, 1), (0, 2), (1, 2), (2, 3), (3, 4))
STEPS = 6  # look, gather, add, linear map, ReLU, all nodes


@widget
def message_stepper(ties=TIES, h=(1.0, 2.0, 3.0, 6.0, 3.0), w=2.0, b=-5.0, node=2, weights="symmetric", step=1):
    """Step through a = ReLU(w m + b) with m = Â h: gather, add, linear map, activation.  [A49]

    ties: pairs of nodes; h (M,) one number for each of 3 to 6 nodes; w, b: the linear map; node: where to look;
    weights: "sum" (A + I), "mean" (each row of A + I divided by its sum) or "symmetric" (normalize_adjacency).
    step 0 … 5: where to begin. The reader can change all of it.

    Raises ValueError for another number of nodes, or a tie, node, step or kind of weights that does not exist.
    """
    h = checks.floats(h, "h")
    if h.ndim != 1 or not 3 <= len(h) <= 6:
        raise ValueError(f"h must have shape (M,) with M from 3 to 6, got {h.shape}")
    A = adjacency(ties, len(h))
    if weights not in (N_("sum"), N_("mean"), N_("symmetric")):
        raise ValueError(f"weights must be sum, mean or symmetric, got {weights!r}")
    for name, value, count in (("node", node, len(h)), ("step", step, STEPS)):
        if not 0 <= checks.integer(value, name, 0) < count:
            raise ValueError(f"{name} must be 0 … {count - 1}, got {value}")
    state = {"ties": A[np.triu_indices(len(h), 1)], "h": h, "w": float(w), "b": float(b), "node": int(node),
             "weights": weights, "step": int(step)}
    A_hat = weighted(A, weights)

    def picture():
        from nnbook.plots import graph_networks as graph
        return graph.small_graph(A, h, A_hat @ h, node, _(
            "What each node gathers, weights: {weights}", weights=_(weights)))

    return FrontEnd("message_stepper", state, picture, alt=_(
        "A graph of {n} nodes. Node {node} has the number {number:g}; from itself and its {neighbours} neighbours "
        "it gathers {sum:.3g}.", n=len(h), node=node, number=h[node], neighbours=int(A[node].sum()),
        sum=A_hat[node] @ h)).show()


def adjacency(ties, n):
    """A (n, n) with a 1 for each tie, in both directions."""
    A = np.zeros((n, n))
    for i, j in ties:
        if not (0 <= i < n and 0 <= j < n and i != j):
            raise ValueError(f"ties must join two different nodes from 0 to {n - 1}, got {i}–{j}")
        A[i, j] = A[j, i] = 1
    return A


def weighted(A, kind):
    """Â (M, M) of this kind; each node is its own neighbour."""
    if kind == "symmetric":
        return normalize_adjacency(A)
    A = A + np.eye(len(A))
    return A if kind == "sum" else A / A.sum(axis=1, keepdims=True)
