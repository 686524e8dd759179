"""Record what PyTorch computes for all cases: python -m tests.nnlib.reference.make_values (needs torch==2.13.0).

The recorded values stand in for PyTorch where it is not installed; where it is, a test compares them with it anew.
"""

from pathlib import Path

import numpy as np

from tests.nnlib.reference import cases

PATH = Path(__file__).parent / "torch_values.npz"


def values(torch):
    for name in cases.LAYERS:
        layer, inputs, delta, twin = cases.layer_case(name)
        yield from labelled(name, cases.run_layer_torch(torch, twin, layer, inputs, delta))
    for name in cases.LOSSES:
        _, prediction, target, mask, twin = cases.loss_case(name)
        yield from labelled(name, cases.run_loss_torch(torch, twin, prediction, target, mask))
    for name in cases.OPTIMIZERS:
        yield from labelled(name, cases.run_optimizer_torch(torch, name, *cases.optimizer_case(name)))


def labelled(name, arrays):
    return ((f"{name}: {what}", array) for what, array in arrays.items())


if __name__ == "__main__":
    import torch

    recorded = dict(values(torch))
    np.savez_compressed(PATH, version=torch.__version__, **recorded)
    print(f"{len(recorded)} arrays of PyTorch {torch.__version__}, {PATH.stat().st_size / 1e3:.0f} kB")
