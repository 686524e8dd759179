"""Train the networks of chapters 7 and 8 on the 4,000 MNIST digits and store their weights under nnbook/data/trained/.

    OPENBLAS_NUM_THREADS=1 python tools/train_digits.py            all of them, two minutes
    OPENBLAS_NUM_THREADS=1 python tools/train_digits.py cnn mlp    these only
    OPENBLAS_NUM_THREADS=1 python tools/train_digits.py ablation   what helps, ten minutes: digits_ablation.csv

One thread, so that sums are taken in the same order each time. All have about 8,900 weights and one recipe: Adam,
batches of 64, 20 epochs, learning rate up to 0.006 and down along a cosine. Of a dozen recipes and shapes that were
tried for `cnn` (97.0 to 98.4 % on the test digits) this is one of the simplest and quickest, not the best. The weights
are rounded to 11 binary digits (float16), which halves the files; the last accuracy is that of the rounded weights.
"""

import argparse
import csv
import time

import numpy as np

from nnbook import data
from nnbook.data.digit_networks import FOLDER, NETWORKS
from nnlib import (
    Adam,
    AvgPool2d,
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


def mlp(rng, hidden=11):
    """784 -> 11 -> 10: as many weights as the convolutional networks."""
    return Sequential(Flatten(), Linear(784, hidden, rng=rng), ReLU(), Linear(hidden, 10, rng=rng)).astype(np.float32)


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


def cnn_anywhere(rng):
    """As cnn, but the last map is averaged over all places: nothing in it knows where in the image something stood."""
    return Sequential(*cnn(rng).layers[:8], Conv2d(32, 10, 1, rng=rng), AvgPool2d(3), Flatten()).astype(np.float32)


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
    seconds, accuracies = learn(model, (x, y), (x_test, y_test), name in ("cnn", "mlp"), rng)
    for weights in model.arrays().values():
        weights[...] = weights.astype(np.float16)
    accuracies[-1] = accuracy(model(x_test), y_test)
    return model, seconds, accuracies


def learn(model, train_set, test_set, moved, rng):
    """The recipe of all networks; moved: each digit by up to 2 pixels each way, anew in each epoch."""
    (x, y), (x_test, y_test) = train_set, test_set
    steps = EPOCHS * -(-len(x) // BATCH_SIZE)
    optimizer = Adam(model, lr=cosine_decay(LEARNING_RATE, steps, warmup=20))
    seconds, accuracies, start = [], [], time.process_time()
    for _ in range(EPOCHS):
        batch = data.shift_images(x, 2, rng) if moved else x
        fit(model, (batch, y), CrossEntropyLoss(), optimizer, epochs=1, batch_size=BATCH_SIZE, rng=rng, progress=False)
        seconds.append(time.process_time() - start)
        accuracies.append(accuracy(model(x_test), y_test))
    return np.array(seconds), np.array(accuracies)


ABLATION = {"11 hidden": mlp, "128 hidden": lambda rng: mlp(rng, 128), "convolutions": cnn,
            "convolutions, mean": cnn_anywhere}


def ablation(train_set, test_set, seeds=(0, 1, 2)):
    """Each network trained on the digits as they are and on moved ones, tested on both: rows for digits_ablation.csv.

    The test digits are moved by up to 3 pixels each way, those of training by up to 2.
    """
    x_test, y_test = test_set
    far, rows = data.shift_images(x_test, 3, np.random.default_rng(1)), []
    for name, make in ABLATION.items():
        for moved in (False, True):
            for seed in seeds:
                rng = np.random.default_rng(seed)
                model = make(rng)
                learn(model, train_set, test_set, moved, rng)
                scores = [f"{accuracy(model(images), y_test):.3f}" for images in (x_test, far)]
                rows.append((name, "moved" if moved else "as it is", sum(w.size for _, w, _ in model.parameters()),
                             seed, *scores))
                print(*rows[-1], sep=", ", flush=True)
    return rows


def main(names):
    train_set, test_set = data.load_mnist()
    if "ablation" in names:
        rows = ablation(train_set, test_set)
        with open(FOLDER / "digits_ablation.csv", "w", encoding="utf8", newline="") as file:
            file.write("# Made by tools/train_digits.py ablation; test accuracy for seeds 0, 1, 2\n")
            csv.writer(file, lineterminator="\n").writerows([
                ("network", "trained on", "parameters", "seed", "as it is", "moved"), *rows])
    record_path = FOLDER / "digits_record.npz"
    record = dict(np.load(record_path)) if record_path.exists() else {}
    record["pixel_order"] = np.random.default_rng(7).permutation(784).astype(np.int16)
    for name in [name for name in names if name != "ablation"]:
        model, seconds, accuracies = train(name, train_set, test_set, record["pixel_order"])
        model.save(FOLDER / f"digits_{name}.npz", dtype=np.float16)
        record |= {f"{name}_seconds": seconds.astype(np.float32), f"{name}_accuracy": accuracies.astype(np.float32)}
        print(f"{name:13} {seconds[-1]:5.1f} s, test accuracy {accuracies[-1]:.3f}", flush=True)
        np.savez_compressed(record_path, **record)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[*NETWORKS, "ablation"])
    main(parser.parse_args().names or NETWORKS)
