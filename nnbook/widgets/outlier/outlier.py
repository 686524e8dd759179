"""One target moved away from the others: what MSE, RMSE, MAE and R² make of it."""

import numpy as np

from nnbook.widgets.core.host import FrontEnd, widget
from nnlib import checks, metrics


def small_example():
    return {"prediction": [5, 7, 15, 11], "target": [4, 8, 12, 16]}


@widget(example=small_example)
def outlier(prediction, target, values=None):
    """Drag the last target and watch MSE, RMSE, MAE and R², each computed by nnlib.metrics.  [A13]

    prediction, target: (N,), N >= 2. values: what the last target can be, rising; 0, 0.5, …, 40 if not given; its
    present value must be among them.

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
    functions = {"MSE": metrics.mse, "RMSE": metrics.rmse, "MAE": metrics.mae, "R²": metrics.r2}
    measures = {name: [f(prediction, t) for t in moved] for name, f in functions.items()}
    state = {"value": target[-1], "targets": target, "predictions": prediction, "values": values, "measures": measures}

    def picture():
        from nnbook.plots import regression
        return regression.outlier_and_losses(prediction, target, values, measures)

    return FrontEnd("outlier", state, picture, alt=(
        "Left: predictions and targets of a few days. Right: as the last target moves away from its prediction, "
        "MSE grows like the square of the error, RMSE and MAE like the error itself.")).show()
