"""Each set is the one that is described: shapes, types, counts and a hash of the whole content."""

import hashlib
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from nnbook import data

FOLDER = Path(data.__file__).parent
TOOLS = Path(__file__).parents[3] / "tools" / "data"


def sha(*parts):
    """Start of the hash of arrays and texts."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(np.ascontiguousarray(part).tobytes() if isinstance(part, np.ndarray) else str(part).encode())
    return digest.hexdigest()[:16]


def test_every_file_is_small_and_described():
    files = [f for part in ("files", "trained") for f in (FOLDER / part).iterdir()]
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    described = re.findall(r"^\| `(\S+)` \|", readme, re.MULTILINE)
    assert len(files) >= 7
    for file in files:
        assert file.stat().st_size < 1_000_000
        assert any(file.match(pattern) for pattern in described), file.name


def test_mnist():
    (x_train, y_train), (x_test, y_test) = data.load_mnist()
    assert x_train.shape == (4000, 1, 28, 28) and x_test.shape == (1000, 1, 28, 28)
    assert x_train.dtype == x_test.dtype == np.float32 and y_train.dtype == np.int64
    assert x_train.min() == 0 and x_train.max() == 1
    assert np.bincount(y_train).tolist() == [400] * 10 and np.bincount(y_test).tolist() == [100] * 10
    assert sha(x_train, y_train, x_test, y_test) == "b9fd67c105f1a062"


def test_digits():
    (x_train, y_train), (x_test, y_test) = data.load_digits()
    assert x_train.shape == (1437, 1, 8, 8) and x_test.shape == (360, 1, 8, 8) and x_train.dtype == np.float64
    assert x_train.min() == 0 and x_train.max() == 1 and np.bincount(y_test).tolist() == [36] * 10
    assert sha(x_train, y_train, x_test, y_test) == "50e91e3d681da0bf"


def test_no_digit_stands_in_both_parts():
    for (train, _), (test, _) in (data.load_mnist(), data.load_digits()):
        assert not {x.tobytes() for x in train} & {x.tobytes() for x in test}


def test_photo():
    photo = data.load_photo()
    assert photo.shape == (192, 256, 3) and photo.dtype == np.uint8 and photo.flags.writeable
    assert sha(photo) == "d9e8909211c687c5"


def test_spam():
    texts, labels, names = data.load_spam()
    assert len(texts) == len(set(texts)) == len(labels) == 3892 and labels.sum() == 392
    assert names == ["not spam", "spam"] and labels.dtype == np.int64
    assert sha(texts, labels) == "93639f224b5ed44a"


def test_length_and_digits_tell_spam():
    """The two features of the logistic regression: least squares on them beats "never spam" by far."""
    texts, y, _ = data.load_spam()
    x = np.array([[len(t), sum(c.isdigit() for c in t), 1] for t in texts], dtype=float)
    w = np.linalg.lstsq(x[:3000], y[:3000], rcond=None)[0]
    assert np.mean((x[3000:] @ w > 0.5) == y[3000:]) > np.mean(y[3000:] == 0) + 0.05


def test_sentiment():
    texts, labels, names, topics = data.load_sentiment()
    assert len(texts) == len(set(texts)) == len(topics) == 2892 and labels.sum() == 1473
    assert {t: topics.count(t) for t in set(topics)} == {"film": 956, "restaurant": 968, "product": 968}
    assert names == ["negative", "positive"]
    assert sha(texts, labels, topics) == "143bcece1d17242a"


def test_segmentation():
    sentences = data.load_segmentation()
    texts = ["".join(words) for words in sentences]
    assert len(texts) == len(set(texts)) == 4000 and min(map(len, texts)) == 4
    assert all(word and " " not in word for words in sentences for word in words)
    assert sha(sentences) == "42cf0180128855b1"


def test_mandarin():
    sentences = data.load_mandarin()
    assert len(sentences) == 20 and sentences[3] == ["我", "的", "朋友", "不", "吃", "蘋果"]


def test_karate():
    adjacency, labels, names = data.load_karate()
    assert adjacency.shape == (34, 34) and (adjacency == adjacency.T).all() and np.trace(adjacency) == 0
    assert adjacency.sum() == 2 * 78 and np.bincount(labels).tolist() == [17, 17]
    assert adjacency[0].sum() == 16 and adjacency[33].sum() == 17 and adjacency.any(axis=1).all()
    assert labels[0] == 0 and labels[33] == 1 and names == ["Mr. Hi", "officer"]
    assert sha(adjacency, labels) == "f29261f9d1b83bfe"


def test_text_sets_hold_no_word_of_the_lists(monkeypatch):
    monkeypatch.syspath_prepend(TOOLS)
    monkeypatch.delitem(sys.modules, "decency", raising=False)
    from decency import PRIVATE, VULGAR, word_pattern

    vulgar, private = word_pattern(VULGAR), word_pattern(PRIVATE)
    assert vulgar.search("what the " + "shpx".translate(str.maketrans("shpx", "fuck")))  # the lists are decoded
    for text in data.load_spam().texts:
        assert not vulgar.search(text.lower()) and not private.search(text.lower())
    for text in data.load_sentiment().texts:
        assert not vulgar.search(text.lower())


@pytest.mark.parametrize("max_shift", [0, 1, 3])
def test_shift_moves_the_whole_image(max_shift):
    images = np.zeros((200, 2, 9, 10))
    images[:, :, 4, 5] = 1, 2
    shifted = data.shift_images(images, max_shift, np.random.default_rng(0))
    assert shifted.shape == images.shape and shifted.dtype == images.dtype
    assert images[0, 0, 4, 5] == 1
    n, row, column = np.nonzero(shifted[:, 0])
    assert n.tolist() == list(range(200))
    assert set(row - 4) == set(column - 5) == set(range(-max_shift, max_shift + 1))
    assert (shifted[:, 1] == 2 * shifted[:, 0]).all()


def test_shift_fills_with_zeros_and_loses_what_leaves():
    image = np.ones((1, 1, 3, 3))
    assert {s.sum() for s in (data.shift_images(image, 1, np.random.default_rng(i)) for i in range(30))} == {4, 6, 9}


@pytest.mark.parametrize("images, max_shift, rng, error, message", [
    (np.zeros((3, 28, 28)), 1, np.random.default_rng(0), ValueError, r"\(N, C, H, W\), got \(3, 28, 28\)"),
    (np.zeros((0, 1, 28, 28)), 1, np.random.default_rng(0), ValueError, "got"),
    (np.zeros((1, 1, 8, 8)), 8, np.random.default_rng(0), ValueError, "smaller than the image, got 8"),
    (np.zeros((1, 1, 8, 8)), -1, np.random.default_rng(0), ValueError, "at least 0"),
    (np.zeros((1, 1, 8, 8)), 1, None, TypeError, "rng"),
])
def test_bad_shifts(images, max_shift, rng, error, message):
    with pytest.raises(error, match=message):
        data.shift_images(images, max_shift, rng)
