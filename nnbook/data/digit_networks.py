"""Networks for digits that tools/train_digits.py trained: chapters 7 and 8 show them without training them anew."""

from pathlib import Path

import numpy as np

from nnbook.data.recorded import read
from nnbook.language import N_, _

FOLDER = Path(__file__).parent / "trained"
NETWORKS = ("cnn", "cnn_plain", "cnn_stride", "cnn_permuted", "mlp", "mlp_plain", "mlp_permuted")
ABLATION = (N_("11 hidden"), N_("128 hidden"), N_("convolutions"), N_("convolutions, mean"),
            N_("as it is"), N_("moved"))  # said by load_ablation


def trained(name):
    """Path of the stored weights of one network, for `model.load(trained("cnn"))`.  [A29, A40]

    mlp: Linear(784, 11), ReLU, Linear(11, 10). cnn: three convolutions, two max-poolings, one Linear, with as many
    weights. Without a suffix: the training digits moved by up to 2 pixels, anew in each epoch. `_plain`: as they are.
    `_stride`: stride 2 in place of the poolings. `_permuted`: all digits with their pixels in one shuffled order.

    Raises ValueError for another name.
    """
    if name not in NETWORKS:
        raise ValueError(f"name must be one of {', '.join(NETWORKS)}, got {name!r}")
    return FOLDER / f"digits_{name}.npz"


def load_training_record(name):
    """(seconds of processor time, test accuracy) after each epoch of a network's training by tools/train_digits.py."""
    trained(name)
    with np.load(FOLDER / "digits_record.npz", allow_pickle=False) as file:
        return file[f"{name}_seconds"], file[f"{name}_accuracy"]


def load_ablation():
    """{(network, trained on): (parameters, accuracies (seeds, 2))}: on the test digits as they are, and moved.  [A29]

    Networks: perceptrons with 11 and 128 hidden neurons, the convolutional network, and the same with the mean over
    its last map. Trained on the digits "as it is" or "moved" by up to 2 pixels, tested on those moved by up to 3.
    Made by tools/train_digits.py.
    """
    table = {}
    for row in read("digits_ablation.csv")[1]:
        names = _(row["network"]), _(row["trained on"])
        table.setdefault(names, (int(row["parameters"]), []))[1].append([float(row["as it is"]), float(row["moved"])])
    return {key: (parameters, np.array(scores)) for key, (parameters, scores) in table.items()}


def load_pixel_order():
    """The shuffled order of the 784 pixels in which the `_permuted` networks were trained: integers (784,).

    `images.reshape(-1, 784)[:, load_pixel_order()].reshape(-1, 1, 28, 28)` shuffles images.
    """
    with np.load(FOLDER / "digits_record.npz", allow_pickle=False) as file:
        return file["pixel_order"]
