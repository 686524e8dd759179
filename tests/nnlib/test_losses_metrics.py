"""Losses and metrics by hand; losses far out; masks."""

import numpy as np
import pytest

from nnlib import (
    BCEWithLogitsLoss,
    CrossEntropyLoss,
    MAELoss,
    MSELoss,
    accuracy,
    confusion_matrix,
    f1,
    mae,
    mse,
    r2,
    rmse,
)

pytest.importorskip("hypothesis")
from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

many = settings(max_examples=40, deadline=None, derandomize=True)
Z, Y = np.array([[1.0, 2], [3, 5]]), np.array([[0.0, 2], [5, 1]])  # errors 1, 0, −2, 4


def test_regression_losses_by_hand():
    loss = MSELoss()
    assert loss.forward(Z, Y) == (1 + 0 + 4 + 16) / 4
    assert loss.backward().tolist() == [[0.5, 0], [-1, 2]]
    half = MSELoss(half=True)
    assert half.forward(Z, Y) == 21 / 8 and half.backward().tolist() == [[0.25, 0], [-0.5, 1]]
    loss = MAELoss()
    assert loss.forward(Z, Y) == 7 / 4 and loss.backward().tolist() == [[0.25, 0], [-0.25, 0.25]]


def test_a_mask_takes_the_mean_over_what_counts():
    mask = np.array([[True, False], [True, False]])
    loss = MSELoss()
    assert loss.forward(Z, Y, mask) == 5 / 2 and loss.backward().tolist() == [[1, 0], [-2, 0]]
    loss = MAELoss()
    assert loss.forward(Z, Y, mask) == 3 / 2 and loss.backward().tolist() == [[0.5, 0], [-0.5, 0]]
    assert loss.forward(Z, np.where(mask, Y, np.nan), mask) == 3 / 2  # padding may hold anything
    assert loss.count == 2


def test_binary_cross_entropy_by_hand():
    loss, p = BCEWithLogitsLoss(), np.array([[0.25], [0.8]])
    z = np.log(p / (1 - p))
    np.testing.assert_allclose(loss.forward(z, np.array([[0.0], [1]])), -(np.log(0.75) + np.log(0.8)) / 2, rtol=1e-14)
    np.testing.assert_allclose(loss.backward(), [[0.125], [-0.1]], rtol=1e-14)
    assert BCEWithLogitsLoss().forward(np.zeros((3, 1)), np.full((3, 1), 0.5)) == pytest.approx(np.log(2), rel=1e-15)


def test_cross_entropy_by_hand():
    loss, z = CrossEntropyLoss(), np.log([[1.0, 2, 5], [4, 4, 2]])
    np.testing.assert_allclose(loss.forward(z, [2, 0]), -(np.log(5 / 8) + np.log(0.4)) / 2, rtol=1e-14)
    np.testing.assert_allclose(loss.backward(), [[1 / 16, 1 / 8, -3 / 16], [-0.3, 0.2, 0.1]], rtol=1e-14, atol=1e-16)
    masked = CrossEntropyLoss()
    np.testing.assert_allclose(masked.forward(z, [2, -100], np.array([True, False])), -np.log(5 / 8), rtol=1e-14)
    np.testing.assert_allclose(masked.backward()[0], [1 / 8, 1 / 4, -3 / 8], rtol=1e-14)
    assert not masked.backward()[1].any()


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_losses_far_out_neither_overflow_nor_lose_the_answer(dtype):
    z = np.array([[1e4], [-1e4], [1e4], [-1e4]], dtype)
    y = np.array([[1], [0], [0], [1]], dtype)
    loss = BCEWithLogitsLoss()
    assert loss.forward(z, y) == 5000  # two are perfect, two are wrong by 10000
    assert loss.backward().tolist() == [[0], [0], [0.25], [-0.25]]
    logits = np.array([[1e4, 0, -1e4], [1e4, 0, -1e4]], dtype)
    loss = CrossEntropyLoss()
    assert loss.forward(logits, [0, 2]) == 10000
    assert loss.backward().tolist() == [[0, 0, 0], [0.5, 0, -0.5]]
    assert loss.backward().dtype == dtype


@many
@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.integers(1, 5))
def test_losses_are_not_negative_and_zero_when_perfect(seed, n, k):
    rng = np.random.default_rng(seed)
    z, y = rng.standard_normal((n, k)), rng.standard_normal((n, k))
    for loss in (MSELoss(), MAELoss(), MSELoss(half=True)):
        assert loss.forward(z, y) > 0 and loss.forward(y, y) == 0 and not loss.backward().any()
    labels = rng.integers(0, k, n)
    loss = CrossEntropyLoss()
    assert loss.forward(z, labels) >= 0
    np.testing.assert_allclose(loss.backward().sum(1), 0, atol=1e-15)  # softmax does not feel a common shift
    assert loss.forward(1e3 * np.eye(k)[labels], labels) < 1e-12
    assert BCEWithLogitsLoss().forward(z, (z > 0).astype(float)) <= np.log(2)


def test_metrics_by_hand():
    assert (mse(Z, Y), mae(Z, Y)) == (21 / 4, 7 / 4)
    assert rmse(Z, Y) == (21 / 4) ** 0.5
    assert r2(Z, Y) == 1 - 21 / ((0 - 2) ** 2 + 0 + (5 - 2) ** 2 + 1)
    assert r2(Y, Y) == 1 and r2(np.full(4, 2.0), Y.ravel()) == 0
    assert rmse([1, 2], [1, 4]) == 2**0.5


def test_classification_metrics_by_hand():
    prediction, target = [0, 1, 1, 2, 1, 0], [0, 1, 2, 2, 0, 0]
    assert accuracy(prediction, target) == 4 / 6
    assert confusion_matrix(prediction, target).tolist() == [[2, 1, 0], [0, 1, 0], [0, 1, 1]]
    assert confusion_matrix([0], [1], n_classes=3).tolist() == [[0, 0, 0], [1, 0, 0], [0, 0, 0]]
    assert f1(prediction, target) == 2 * 1 / (3 + 1)  # class 1: 3 predicted, 1 true, 1 hit
    assert f1(prediction, target, positive=0) == 2 * 2 / (2 + 3)
    assert f1(prediction, target, positive=None) == pytest.approx((0.5 + 0.8 + 2 / 3) / 3)
    assert f1([0, 0], [0, 0]) == 0
    scores = np.array([[0.1, 0.9], [3, -1]])
    assert accuracy(scores, [1, 1]) == 0.5 and f1(scores, [1, 1]) == 2 / 3
    assert accuracy(np.array([[2.0], [-1]]) > 0, [[1.0], [1.0]]) == 0.5
    assert accuracy(np.eye(3)[None], [[0, 1, 1]]) == 2 / 3  # (N, T, K) against (N, T)


def test_metrics_agree_with_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed: metrics are tested by hand")
    rng = np.random.default_rng(0)
    z, y = rng.standard_normal(50), rng.standard_normal(50)
    assert r2(z, y) == pytest.approx(metrics.r2_score(y, z), abs=1e-12)
    a, b = rng.integers(0, 4, 80), rng.integers(0, 4, 80)
    np.testing.assert_array_equal(confusion_matrix(a, b), metrics.confusion_matrix(b, a))
    assert f1(a, b, positive=None) == pytest.approx(metrics.f1_score(b, a, average="macro"), abs=1e-12)
    assert f1(a == 2, b == 2) == pytest.approx(metrics.f1_score(b == 2, a == 2), abs=1e-12)
