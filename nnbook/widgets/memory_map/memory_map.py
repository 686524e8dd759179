"""How far back a recurrent network can see: ∂h_t/∂x_k over the spectral radius of W."""

import numpy as np

from nnbook.language import N_, _
from nnbook.widgets.core.host import FrontEnd, widget
from nnlib import RNN, checks
from nnlib.sequences import sensitivity

SIZES = {N_("tiny"): 1e-7, N_("ordinary"): 1.0}
DEFAULT_RADII = (0.5, 0.7, 0.85, 0.95, 1.0, 1.05, 1.2, 1.5, 2.0)


@widget(example=lambda: {"radii": (0.5, 1.0, 1.5), "steps": 10, "spectral_radius": 0.5})
def memory_map(radii=DEFAULT_RADII, steps=30, n_hidden=16, spectral_radius=0.7, inputs="tiny"):
    """Heat map of ‖∂h_t/∂x_k‖ of a random RNN, with the spectral radius of W on a slider.  [A45]

    inputs: "tiny" inputs leave tanh where it is straight, so that W alone decides; "ordinary" ones bend it.
    radii: values of the slider. steps: length of the sequence. n_hidden: size of the state. spectral_radius, inputs:
    what is shown first. Beside the map its mean over all pairs of the same distance, and ρ^distance to compare.

    Raises ValueError for fewer than 2 steps, or a first state that is not to be chosen.
    """
    checks.integer(steps, "steps", 2)
    if spectral_radius not in radii:
        raise ValueError(f"spectral_radius must be one of {', '.join(map(str, radii))}, got {spectral_radius!r}")
    if inputs not in SIZES:
        raise ValueError(f"inputs must be one of {', '.join(SIZES)}, got {inputs!r}")
    maps = {name: [random_map(radius, size, steps, n_hidden) for radius in radii] for name, size in SIZES.items()}
    state = {"spectral_radius": float(spectral_radius), "inputs": inputs, "radii": [float(r) for r in radii],
             "maps": {name: [drawn(S) for S in row] for name, row in maps.items()}}
    S = maps[inputs][list(radii).index(spectral_radius)]

    def picture():
        from nnbook.plots import recurrent_networks as recurrent
        return recurrent.sensitivity_map(S, _("spectral radius of W: {rho:g}", rho=spectral_radius))

    return FrontEnd("memory_map", state, picture, alt=_(
        "How strongly each state depends on each input, for a W of spectral radius {rho:g} and {inputs} inputs: "
        "{now:.2g} on the input of its own step, {before:.1g} on that of {steps} steps before.",
        rho=spectral_radius, inputs=_(inputs), now=S[-1, -1], before=S[-1, 0], steps=steps - 1)).show()


def drawn(S):
    """What the page needs of S: tenths of powers of ten, row by row where t ≥ k; means by distance; two corners."""
    tenths = np.rint(10 * np.log10(np.maximum(S[np.tril_indices(len(S))], 1e-30)))
    means = [float(f"{np.diagonal(S, -lag).mean():.4g}") for lag in range(len(S))]
    return {"tenths": tenths.astype(int), "means": means, "last": float(f"{S[-1, -1]:.3g}"),
            "first": float(f"{S[-1, 0]:.3g}")}


def random_map(radius, input_size, steps, n_hidden):
    """S (steps, steps) of an RNN with random weights, W scaled to this spectral radius, and random inputs."""
    rng = np.random.default_rng(4)
    cell = RNN(3, n_hidden, rng=rng)
    cell.b[:] = 0
    cell.W[:] = rng.normal(size=cell.W.shape)
    cell.W *= radius / np.abs(np.linalg.eigvals(cell.W)).max()
    cell.U[:] = rng.normal(size=cell.U.shape) / np.sqrt(n_hidden)
    return sensitivity(cell, input_size * rng.normal(size=(steps, 3)))
