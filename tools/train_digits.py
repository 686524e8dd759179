"""Train the networks of chapters 7 and 8 on the 4,000 MNIST digits and store their weights under nnbook/data/trained/.

    OPENBLAS_NUM_THREADS=1 python tools/train_digits.py            all of them, two minutes
    OPENBLAS_NUM_THREADS=1 python tools/train_digits.py cnn mlp    these only

One thread, so that sums are taken in the same order each time. All have about 8,900 weights and one recipe: Adam,
batches of 64, 20 epochs, learning rate up to 0.006 and down along a cosine. Of a dozen recipes and shapes that were
tried for `cnn` (97.0 to 98.4 % on the test digits) this is one of the simplest and quickest, not the best. The weights
are rounded to 11 binary digits (float16), which halves the files; the last accuracy is that of the rounded weights.
"""

import sys
import time

import numpy as np

from nnbook import data
from nnbook.data.digit_networks import FOLDER, NETWORKS
from nnlib import (
    Adam,
    Conv2d,
    CrossEntropyLoss,
    Flatten,
    Linear,
    MaxPool2d,
    ReLU,
    Sequential,
    accuracy,
    cosine_decay,
)
from nnlib.training import fit

EPOCHS, BATCH_SIZE, LEARNING_RATE = 20, 64, 0.006


def mlp(rng):
    """784 -> 11 -> 10: as many weights as the convolutional networks."""
    return Sequential(Flatten(), Linear(784, 11, rng=rng), ReLU(), Linear(11, 10, rng=rng)).astype(np.float32)


def cnn(rng, stride=1, pool=2):
    """Three convolutions, two of them with pooling, and one fully connected layer.

    With stride=2, pool=1 the convolutions move 2 pixels at a time instead; a pooling of 1 × 1 does nothing.
    """
    return Sequential(
        Conv2d(1, 8, 5, stride=stride, rng=rng), ReLU(), MaxPool2d(pool),
        Conv2d(8, 16, 3, stride=stride, rng=rng), ReLU(), MaxPool2d(pool),
        Conv2d(16, 32, 3, rng=rng), ReLU(),
        Flatten(), Linear(32 * 3 * 3, 10, rng=rng),
    ).astype(np.float32)


def build(name, rng):
    """The untrained network of this name."""
    if name.startswith("mlp"):
        return mlp(rng)
    return cnn(rng, stride=2, pool=1) if name == "cnn_stride" else cnn(rng)


def train(name, train_set, test_set, pixel_order):
    """Train one network; returns (model, seconds of processor time and test accuracy after each epoch)."""
    (x, y), (x_test, y_test) = train_set, test_set
    if name.endswith("permuted"):
        x, x_test = (a.reshape(len(a), -1)[:, pixel_order].reshape(a.shape) for a in (x, x_test))
    rng = np.random.default_rng(0)
    model = build(name, rng)
    steps = EPOCHS * -(-len(x) // BATCH_SIZE)
    optimizer = Adam(model, lr=cosine_decay(LEARNING_RATE, steps, warmup=20))
    seconds, accuracies, start = [], [], time.process_time()
    for _ in range(EPOCHS):
        batch = data.shift_images(x, 2, rng) if name in ("cnn", "mlp") else x
        fit(model, (batch, y), CrossEntropyLoss(), optimizer, epochs=1, batch_size=BATCH_SIZE, rng=rng, progress=False)
        seconds.append(time.process_time() - start)
        accuracies.append(accuracy(model(x_test), y_test))
    model.astype(np.float16).astype(np.float32)
    accuracies[-1] = accuracy(model(x_test), y_test)
    return model, np.array(seconds), np.array(accuracies)


def main(names):
    train_set, test_set = data.load_mnist()
    record_path = FOLDER / "digits_record.npz"
    record = dict(np.load(record_path)) if record_path.exists() else {}
    record["pixel_order"] = np.random.default_rng(7).permutation(784).astype(np.int16)
    for name in names:
        model, seconds, accuracies = train(name, train_set, test_set, record["pixel_order"])
        model.astype(np.float16).save(FOLDER / f"digits_{name}.npz")
        record |= {f"{name}_seconds": seconds.astype(np.float32), f"{name}_accuracy": accuracies.astype(np.float32)}
        print(f"{name:13} {seconds[-1]:5.1f} s, test accuracy {accuracies[-1]:.3f}", flush=True)
        np.savez_compressed(record_path, **record)


if __name__ == "__main__":
    main(sys.argv[1:] or NETWORKS)
