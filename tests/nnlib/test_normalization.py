"""What LayerNorm and BatchNorm are for, and what BatchNorm remembers. The numbers themselves: reference/cases.py."""

import copy

import numpy as np
import pytest

import nnlib as nn


def numbers(*shape):
    return 3 * np.random.default_rng(0).standard_normal(shape) + 1


def test_each_example_or_each_feature_has_mean_0_and_spread_1():
    x = numbers(6, 8)
    for layer, axis in ((nn.LayerNorm(8), 1), (nn.BatchNorm(8), 0)):
        y = layer(x)
        np.testing.assert_allclose(y.mean(axis), 0, atol=1e-12)
        np.testing.assert_allclose(y.std(axis), 1, atol=1e-4)


def test_batch_norm_in_training_agrees_with_central_differences():
    """gradient_check looks at models at work; while training the mean and the variance depend on the input, too."""
    layer, x, target = nn.BatchNorm(3), numbers(2, 3, 4, 2), numbers(2, 3, 4, 2)[::-1]
    layer.gamma, loss = [0.5, -2, 1], nn.MSELoss()
    loss(layer(x), target)
    dx = layer.backward(loss.backward())
    for at in [(0, 0, 0, 0), (1, 2, 3, 1), (0, 1, 2, 0)]:
        ends = []
        for step in (1e-5, -1e-5):
            moved = x.copy()
            moved[at] += step
            ends.append(loss(layer(moved), target))
        assert dx[at] == pytest.approx((ends[0] - ends[1]) / 2e-5, rel=1e-6)


def test_batch_norm_at_work_uses_what_it_has_seen():
    layer, x = nn.BatchNorm(2, momentum=0.1), numbers(50, 2)
    for _ in range(200):
        layer(x)
    np.testing.assert_allclose(layer.running_mean, x.mean(0), rtol=1e-6)
    np.testing.assert_allclose(layer.running_var, x.var(0, ddof=1), rtol=1e-6)
    one = layer.eval()(x[:1])
    np.testing.assert_allclose(one, (x[:1] - x.mean(0)) / np.sqrt(x.var(0, ddof=1) + 1e-5), rtol=1e-6)
    assert layer(x[:1]).tolist() == one.tolist()  # nothing moves at work


def test_buffers_are_stored_and_not_trained(tmp_path):
    model = nn.Sequential(nn.Linear(2, 3, rng=np.random.default_rng(0)), nn.BatchNorm(3))
    model(numbers(9, 2))
    assert [name for name, _, _ in model.parameters()] == ["0.W", "0.b", "1.gamma", "1.beta"]
    assert model.n_parameters == 15
    model.save(tmp_path / "model.npz")
    twin = nn.Sequential(nn.Linear(2, 3, rng=np.random.default_rng(1)), nn.BatchNorm(3)).load(tmp_path / "model.npz")
    assert twin.eval()(numbers(4, 2)).tolist() == model.eval()(numbers(4, 2)).tolist()
    assert twin.astype(np.float32)[1].running_var.dtype == np.float32
    assert copy.copy(model)[1].running_mean is model[1].running_mean
    model[1].running_mean = [1, 2, 3]  # a list, copied into the array
    assert model[1].running_mean.tolist() == [1, 2, 3] and model[1].running_mean.dtype == float
    with pytest.raises(ValueError, match=r"running_mean must have shape \(3,\), got \(2,\)"):
        model[1].running_mean = [1, 2]


def test_the_best_epoch_brings_its_buffers_back():
    rng = np.random.default_rng(0)
    model = nn.Sequential(nn.BatchNorm(1), nn.Linear(1, 1, rng=rng))
    x, seen = numbers(40, 1), []
    model[1].W = [[-1]]  # the best that it can be for the validation data: each epoch makes it worse
    history = nn.fit(model, (x, x), nn.MSELoss(), nn.SGD(model, lr=0.3), epochs=3, validation=(x, -x), keep_best=True,
           progress=False, rng=rng, callback=lambda *_: seen.append(model[0].running_mean.copy()) and None)
    assert history.best_epoch == 0 and model[0].running_mean.tolist() == seen[0].tolist() != seen[2].tolist()


@pytest.mark.parametrize(("make", "words"), [
    (lambda: nn.LayerNorm(0), "n_features must be at least 1"),
    (lambda: nn.LayerNorm(3, eps=0), r"eps must lie in \(0, inf\), got 0"),
    (lambda: nn.BatchNorm(3, momentum=1), r"momentum must lie in \[0, 1\), got 1"),
    (lambda: nn.LayerNorm(3)(np.ones((2, 4))), r"LayerNorm expects inputs of shape \(N, 3\), got \(2, 4\)"),
    (lambda: nn.LayerNorm(3)(np.ones(3)), r"LayerNorm expects inputs of shape \(N, 3\), got \(3,\)"),
    (lambda: nn.BatchNorm(3)(np.ones((2, 5, 3))), r"BatchNorm expects inputs of shape \(N, 3, ...\), got \(2, 5, 3\)"),
    (lambda: nn.BatchNorm(3)(np.ones((1, 3))), r"two numbers of each feature or more while training, got \(1, 3\)"),
    (lambda: nn.LayerNorm(2)([[1, np.nan]]), "input of LayerNorm contains NaN"),
    (lambda: nn.LayerNorm(2).backward(np.ones((1, 2))), "forward"),
])
def test_refuses(make, words):
    with pytest.raises((ValueError, AttributeError), match=words):
        make()
