"""One target moved away from the others: what MSE, RMSE, MAE and R² make of it."""

import numpy as np

from nnbook.language import _
from nnbook.widgets.core.host import FrontEnd, widget
from nnlib import CrossEntropyLoss, checks, metrics

CHANCES = [0.001, 0.003, 0.01, 0.02, *np.round(np.arange(0.05, 0.96, 0.05), 2), 0.98, 0.99, 0.999]


def small_example():
    return {"prediction": [5, 7, 15, 11], "target": [4, 8, 12, 16],
            "chances": {_("binary"): [3 / 4, 1 / 2, 3 / 4], _("three classes"): [1 / 2, 1 / 2, 1 / 4]}}


@widget(example=small_example)
def outlier(prediction, target, values=None, chances=None):
    """Drag the last target and watch ½ error², MSE, RMSE, MAE and R², each computed by nnlib.  [A13]

    prediction, target: (N,), N >= 2. values: what the last target can be, rising; 0, 0.5, …, 40 if not given; its
    present value must be among them. chances: {name: (N − 1,) probabilities given to the truth}, for a slider that
    moves the last one and shows the cross-entropy of each.

    Raises ValueError for different shapes, fewer than two days, or a last target that is not among the values.
    """
    values = np.arange(0, 40.5, 0.5) if values is None else checks.floats(values, "values")
    prediction, target = (checks.floats(a, name) for a, name in ((prediction, "prediction"), (target, "target")))
    if prediction.shape != target.shape or target.ndim != 1 or len(target) < 2:
        raise ValueError("outlier expects prediction and target of one shape (N,) with N >= 2, "
                         f"got {prediction.shape} and {target.shape}")
    if target[-1] not in values:
        raise ValueError(f"the last target, {target[-1]:g}, must be one of the values {values.tolist()}")
    moved = [np.append(target[:-1], value) for value in values]
    functions = {_("½ error²"): lambda p, t: 0.5 * (p[-1] - t[-1]) ** 2, "MSE": metrics.mse,
                 "RMSE": metrics.rmse, "MAE": metrics.mae, "R²": metrics.r2}
    measures = {name: [f(prediction, t) for t in moved] for name, f in functions.items()}
    state = {"value": target[-1], "targets": target, "predictions": prediction, "values": values,
             "measures": measures, "chance": 0.5, "entropies": {}}
    if chances:
        loss = CrossEntropyLoss()  # of log probabilities, the truth first
        state["entropies"] = {name: [loss(np.log([[p, 1 - p] for p in (*given, last)]), np.zeros(len(given) + 1, int))
                                     for last in CHANCES] for name, given in chances.items()}
        state["chances"] = CHANCES

    def picture():
        from nnbook.plots import regression
        return regression.outlier_and_losses(prediction, target, values, measures)

    return FrontEnd("outlier", state, picture, alt=_(
        "Left: predictions and targets of a few days. Right: as the last target moves away from its prediction, MSE "
        "grows like the square of the error, RMSE and MAE like the error itself.")).show()
