"""How far back a recurrent network can see: ∂h_t/∂x_k over the spectral radius of W."""

import numpy as np

from nnlib import RNN, checks
from nnlib.sequences import sensitivity

from .explore import explore
from .host import widget

SIZES = {"tiny": 1e-7, "ordinary": 1.0}


@widget(example=lambda: {"radii": [0.5, 1.0, 1.5], "steps": 10})
def memory_map(radii=(0.5, 0.7, 0.85, 0.95, 1.0, 1.05, 1.2, 1.5, 2.0), steps=30, n_hidden=16, start=None):
    """Heat map of ‖∂h_t/∂x_k‖ of a random RNN, with the spectral radius of W on a slider.  [A45]

    inputs: "tiny" inputs leave tanh where it is straight, so that W alone decides; "ordinary" ones bend it.
    radii: values of the slider. steps: length of the sequence. n_hidden: size of the state.
    start: {"spectral_radius": …, "inputs": …}.
    """
    checks.integer(steps, "steps", 2)
    maps = {(radius, inputs): random_map(radius, SIZES[inputs], steps, n_hidden)
            for radius in radii for inputs in SIZES}

    figure, change = picture(maps[radii[0], "tiny"])

    def sensitivity_over_radius(spectral_radius, inputs):
        change(maps[spectral_radius, inputs], f"spectral radius of W: {spectral_radius:g}")
        return figure

    def told(spectral_radius, inputs):
        S = maps[spectral_radius, inputs]
        lag = steps - 1
        near, far = np.diagonal(S).mean(), S[lag, 0]
        verdict = "vanishes" if far < near / 30 else "explodes" if far > 30 * near else "keeps its order of magnitude"
        return (f"Spectral radius {spectral_radius:g}, {inputs} inputs: the last state moves {far:.1e} times as much "
                f"as the first input, {lag} steps back, and {S[lag, lag]:.2g} times as much as the last input. "
                f"The gradient {verdict}.")

    return explore(sensitivity_over_radius, spectral_radius=list(radii), inputs=list(SIZES),
                   start=start or {"spectral_radius": radii[len(radii) // 3], "inputs": "tiny"}, alt=told)


def picture(S):
    """(figure, change(S, title)): drawn once and then only changed, which is ten times faster."""
    from matplotlib.figure import Figure

    from nnlib.plots import recurrent

    figure = recurrent.sensitivity_map(S, " ", figure=Figure(figsize=(7.2, 3.5), layout="constrained"))
    figure.draw_without_rendering()  # arranges the panels, once for all frames
    figure.set_layout_engine("none")
    left, right, _ = figure.axes

    def change(S, title):
        left.images[0].set_data(recurrent.powers_of_ten(S))
        left.set_title(title)
        right.lines[0].set_ydata(recurrent.mean_by_lag(S))

    return figure, change


def random_map(radius, input_size, steps, n_hidden):
    """S (steps, steps) of an RNN with random weights, W scaled to this spectral radius, and random inputs."""
    rng = np.random.default_rng(4)
    cell = RNN(3, n_hidden, rng=rng)
    cell.b[:] = 0
    cell.W[:] = rng.normal(size=cell.W.shape)
    cell.W *= radius / np.abs(np.linalg.eigvals(cell.W)).max()
    cell.U[:] = rng.normal(size=cell.U.shape) / np.sqrt(n_hidden)
    return sensitivity(cell, input_size * rng.normal(size=(steps, 3)))
