"""The learning rate on a parabola, with the thresholds 1/λ and 2/λ, and divergence in full view."""

from nnbook.language import _
from nnbook.widgets.core.host import FrontEnd, widget

CURVATURES = (0.5, 1.0, 2.0, 4.0)


@widget
def learning_rate(rate=0.9, curvature=2.0, steps=12, start=2.0):
    """Gradient descent on L(w) = λ/2 · w²: start, η, λ and the number of steps.  [A18]

    rate: η in 0.01 … 2.5. curvature: λ, one of 0.5, 1, 2, 4. steps: 1 … 30. start: w before the first step,
    in −2.5 … 2.5 and not 0; it can be dragged.

    Raises ValueError for values outside these ranges.
    """
    if not 0.01 <= rate <= 2.5 or curvature not in CURVATURES or steps not in range(1, 31) or not 0 < abs(start) <= 2.5:
        raise ValueError(f"learning_rate expects rate in 0.01 … 2.5, curvature in {CURVATURES}, steps in 1 … 30 and "
                         f"start in -2.5 … 2.5 but not 0; got {rate!r}, {curvature!r}, {steps!r}, {start!r}")
    state = {"rate": float(rate), "curvature": float(curvature), "steps": int(steps), "start": float(start),
             "largest": 2.5, "curvatures": CURVATURES}

    def picture():
        from nnbook.plots import gradient_descent
        return gradient_descent.rates_on_parabola(start, curvature)

    return FrontEnd("learning_rate", state, picture, alt=_(
        "On a parabola with curvature λ = {curvature:g}: below η = 1/λ = {slow:g} the steps come down on one "
        "side, up to 2/λ = {fast:g} they zigzag down, and above it every step is longer than the one before.",
        curvature=curvature, slow=1 / curvature, fast=2 / curvature)).show()
