"""fit: what it returns, how it stops, what it shows; optimizers, schedules and clipping by hand."""

import sys

import numpy as np
import pytest

import nnlib as nn
from nnlib import SGD, Adam, CrossEntropyLoss, Linear, MSELoss, Sequential, Tanh, fit, r2
from nnlib.optimizers import cosine_decay, inverse_decay, step_decay

X = np.linspace(-1, 1, 24)[:, None]
Y = 3 * X - 1


def line(seed=0):
    return Linear(1, 1, rng=np.random.default_rng(seed))


def quiet(model, data=(X, Y), optimizer=None, epochs=5, **options):
    return fit(model, data, loss=MSELoss(), optimizer=optimizer or SGD(model, lr=0.1), epochs=epochs, progress=False,
               **options)


def test_full_batch_is_gradient_descent():
    model, (w, b) = line(), (p.item() for _, p, _ in line().parameters())
    history = quiet(model, epochs=3)
    losses = []
    for _ in range(3):
        error = w * X + b - Y
        losses.append(np.mean(error**2))
        w, b = w - 0.1 * np.mean(2 * error * X), b - 0.1 * np.mean(2 * error)
    np.testing.assert_allclose(history.train_loss, losses, rtol=1e-12)
    np.testing.assert_allclose([model.W[0, 0], model.b[0]], [w, b], rtol=1e-12)
    assert len(history) == 3 and history.validation_loss == history.metric == []
    assert history.seconds > 0 and not history.interrupted and not history.diverged


def test_mini_batches_see_each_example_once_an_epoch_in_new_order():
    seen = []

    class Watch(nn.Layer):
        def forward(self, x):
            seen.append(x[:, 0].copy())
            return x

        def backward(self, delta):
            return delta

    model = Sequential(Watch(), line())
    quiet(model, batch_size=7, rng=np.random.default_rng(0), epochs=2)
    assert [len(batch) for batch in seen] == [7, 7, 7, 3] * 2
    first, second = np.concatenate(seen[:4]), np.concatenate(seen[4:])
    np.testing.assert_array_equal(np.sort(first), X[:, 0])
    np.testing.assert_array_equal(np.sort(second), X[:, 0])
    assert (first != second).any() and (first != X[:, 0]).any()
    assert len(set(np.diff(seen[0]).round(6))) > 2  # not shuffled as blocks


def test_the_same_seed_gives_the_same_training():
    runs = [quiet(line(), batch_size=5, rng=np.random.default_rng(1)).train_loss for _ in range(2)]
    assert runs[0] == runs[1]
    assert quiet(line(), batch_size=5, rng=np.random.default_rng(2)).train_loss != runs[0]


def test_train_loss_is_the_mean_over_examples_whatever_the_batches():
    """The last batch is smaller: a mean of batch means would be wrong."""
    model = line()
    frozen = SGD(model, lr=1e-300)
    history = quiet(model, optimizer=frozen, batch_size=7, rng=np.random.default_rng(0), epochs=1)
    assert history.train_loss[0] == pytest.approx(np.mean((model(X) - Y) ** 2), rel=1e-12)


def test_validation_metric_and_callback():
    model, calls = line(), []
    history = quiet(model, validation=(X[:5], Y[:5]), metric=r2, callback=lambda e, h: calls.append((e, len(h))))
    assert calls == [(k, k + 1) for k in range(5)]
    assert len(history.validation_loss) == len(history.metric) == 5
    assert history.validation_loss[-1] == pytest.approx(np.mean((model(X[:5]) - Y[:5]) ** 2))
    assert history.metric[-1] == pytest.approx(r2(model(X[:5]), Y[:5]))
    only_metric = quiet(line(), metric=r2)
    assert only_metric.validation_loss == [] and len(only_metric.metric) == 5


def test_it_learns_and_accepts_lists_and_big_batches():
    model = line()
    quiet(model, (X.tolist(), Y.tolist()), epochs=400, batch_size=1000)
    np.testing.assert_allclose([model.W[0, 0], model.b[0]], [3, -1], atol=1e-6)


def test_the_users_arrays_are_left_alone():
    x, y = X.copy(), Y.copy()
    x.flags.writeable = y.flags.writeable = False
    quiet(line(), (x, y), batch_size=5, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(x, X)


def test_float32_models_get_float32_data():
    seen = []

    class Watch(Tanh):
        def forward(self, z):
            seen.append(z.dtype)
            return super().forward(z)

    model = Sequential(Watch(), line()).astype(np.float32)
    quiet(model)
    assert set(seen) == {np.dtype(np.float32)} and model[1].W.dtype == np.float32


def test_dropout_acts_in_training_only():
    rng = np.random.default_rng(0)
    model, modes = Sequential(line(), nn.Dropout(0.5, rng=rng)), []
    quiet(model, validation=(X, Y), metric=lambda p, t: modes.append(model[1].training) or 0.0)
    assert not any(modes) and not model.training and not model[1].training
    np.testing.assert_array_equal(model(X), model(X))


def test_masked_data():
    rng = np.random.default_rng(0)
    x, labels = rng.standard_normal((6, 4, 2)), rng.integers(0, 3, (6, 4))
    mask = np.arange(4) < np.array([4, 1, 2, 3, 4, 2])[:, None]
    labels[~mask] = -1
    model, counts = Linear(2, 3, rng=rng), []

    def share(prediction, target):
        counts.append((prediction.shape, target.shape))
        return nn.accuracy(prediction, target)

    history = fit(model, (x, labels, mask), loss=CrossEntropyLoss(), optimizer=Adam(model, 0.1), epochs=30,
                  batch_size=4, rng=rng, metric=share, progress=False)
    assert counts[0] == ((16, 3), (16,)) and history.train_loss[-1] < history.train_loss[0]
    loss = CrossEntropyLoss()
    assert loss.forward(model(x), labels, mask) == pytest.approx(loss.forward(model(x)[mask], labels[mask]))


def test_divergence_raises_and_says_what_to_do():
    model = line()
    with pytest.raises(nn.NaNError, match=r"the loss became (inf|nan) in epoch \d+.*smaller learning rate.*lr=100"):
        quiet(model, optimizer=SGD(model, lr=100), epochs=500)


@pytest.mark.parametrize("depth", [1, 4])
@pytest.mark.parametrize("options", [{}, {"validation": (X, Y), "metric": r2}, {"batch_size": 5}])
def test_divergence_can_stop_quietly(depth, options):
    """In a deep network NaN arises between the layers first; it is divergence all the same, and no warning."""
    rng = np.random.default_rng(0)
    model = Sequential(*(Linear(1, 1, rng=rng) for _ in range(depth)))
    history = quiet(model, optimizer=SGD(model, lr=1e3), epochs=500, on_divergence="stop", rng=rng, **options)
    assert history.diverged and len(history) < 500
    assert np.isfinite(history.train_loss[:-1]).all()
    assert not np.isfinite([*history.train_loss[-1:], *history.validation_loss[-1:]]).all()
    assert len(history.metric) == (len(history) if "metric" in options else 0)


@pytest.mark.parametrize("on_interrupt", ["raise", "return"])
@pytest.mark.parametrize("where", ["callback", "forward", "backward"])
def test_the_stop_button_leaves_a_usable_model_and_history(where, on_interrupt, capsys):
    class Interrupted(Linear):
        def forward(self, a):
            if where == "forward" and len(kept) == 2:
                raise KeyboardInterrupt
            return super().forward(a)

        def backward(self, delta):
            if where == "backward" and len(kept) == 2:
                raise KeyboardInterrupt
            return super().backward(delta)

    kept = []

    def callback(epoch, history):
        kept.append(epoch)
        if where == "callback" and epoch == 2:
            raise KeyboardInterrupt

    model = Sequential(Interrupted(1, 1, rng=np.random.default_rng(0)))
    options = {"epochs": 100, "callback": callback, "validation": (X, Y), "on_interrupt": on_interrupt}
    if on_interrupt == "raise":  # or "Run all" would go on with a network that is half trained
        with pytest.raises(KeyboardInterrupt):
            quiet(model, **({k: v for k, v in options.items() if k != "on_interrupt"}))
    else:
        assert quiet(model, **options) is model.history
    history = model.history
    assert f"stopped after {len(history)} of 100 epochs" in capsys.readouterr().out
    assert history.interrupted
    assert len(history.train_loss) == len(history.validation_loss) == (3 if where == "callback" else 2)
    assert history.seconds > 0 and not model.training and model[0].input_grad
    kept.clear()
    assert np.isfinite(model.forward(X)).all()
    assert len(quiet(model, epochs=2)) == 2  # and one can go on


def test_the_input_gradient_is_skipped_only_while_training():
    seen = []

    rng = np.random.default_rng(0)
    model = Sequential(Sequential(Linear(1, 2, rng=rng), Tanh()), Linear(2, 1, rng=rng))
    first, backward = model[0][0], model[0][0].backward
    first.backward = lambda delta: seen.append(backward(delta))
    quiet(model, epochs=1)
    del first.backward
    assert seen == [None] and first.input_grad
    model.forward(X)
    assert model.backward(np.ones_like(Y)).shape == X.shape


def test_clipping():
    model = line()
    model.dW[:], model.db[:] = 3, 4
    assert nn.clip_gradients(model, 10) == 5 and model.dW[0, 0] == 3
    assert nn.clip_gradients(model, 1) == 5
    np.testing.assert_allclose([model.dW[0, 0], model.db[0]], [0.6, 0.8], rtol=1e-15)
    clipped = line()
    before = [p.copy() for _, p, _ in clipped.parameters()]
    quiet(clipped, (100 * X, 100 * Y), optimizer=SGD(clipped, lr=0.1), epochs=1, clip_norm=0.5)
    moved = np.concatenate([(p - q).ravel() for (_, p, _), q in zip(clipped.parameters(), before, strict=True)])
    assert np.linalg.norm(moved) == pytest.approx(0.05, rel=1e-12)


def test_optimizers_by_hand():
    model = line()
    model.W[:], model.b[:] = 1, 0

    def step(optimizer, gradient):
        model.dW[:] = gradient
        optimizer.step()
        return float(model.W[0, 0])

    momentum = SGD(model, lr=0.1, momentum=0.5)
    assert step(momentum, 2.0) == pytest.approx(0.8) and step(momentum, 1.0) == pytest.approx(0.6)  # v = 2, 2
    model.W[:] = 1
    assert step(SGD(model, lr=0.1, weight_decay=0.5), 2.0) == pytest.approx(1 - 0.1 * 2.5)
    model.W[:] = 1
    adam = Adam(model, lr=0.01)
    assert step(adam, 1e-3) == pytest.approx(0.99, abs=1e-6)  # the first step is η long, whatever the gradient
    assert step(adam, 1e-3) == pytest.approx(0.98, abs=1e-6)
    adam.zero_grad()
    assert not model.dW.any()


def test_schedules():
    assert [step_decay(1.0, 0.5, 2)(t) for t in range(5)] == [1, 1, 0.5, 0.5, 0.25]
    assert [inverse_decay(1.0, 0.5)(t) for t in (0, 2, 6)] == [1, 0.5, 0.25]
    schedule = cosine_decay(0.8, steps=12, warmup=4)
    values = [schedule(t) for t in (0, 1, 3, 4, 8, 12, 20)]
    np.testing.assert_allclose(values, [0.2, 0.4, 0.8, 0.8, 0.4, 0, 0], atol=1e-15)
    assert cosine_decay(1.0, 2)(1) == pytest.approx(0.5)
    model = line()
    model.W[:], model.dW[:] = 1, 1
    optimizer = SGD(model, lr=lambda t: 0.1 * (t + 1))
    optimizer.step(), optimizer.step()
    assert model.W[0, 0] == pytest.approx(1 - 0.1 - 0.2)


def test_history_draws_itself():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    history = quiet(line(), validation=(X, Y))
    ax = history.plot()
    assert [line.get_label() for line in ax.lines] == ["training", "validation"]
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), history.train_loss)
    assert ax.lines[0].get_xdata()[0] == 1 and ax.get_xlabel() == "epoch" and ax.get_ylabel() == "loss"
    assert len(quiet(line()).plot(ax).lines) == 3
    matplotlib.pyplot.close("all")
    assert "5 epochs, last: train_loss=" in repr(history) and repr(nn.History()) == "History(0 epochs)"


class Bar:
    """Stands in for tqdm and remembers."""

    made = []

    def __init__(self, epochs, **options):
        self.epochs, self.closed, self.losses = epochs, False, []
        self.made.append(self)

    def __iter__(self):
        return iter(self.epochs)

    def set_postfix(self, loss, refresh):
        self.losses.append(loss)

    def close(self):
        self.closed = True


@pytest.mark.parametrize("static, progress, shown", [("", True, True), ("1", True, False), ("", False, False)])
def test_progress_bar(monkeypatch, static, progress, shown):
    tqdm = pytest.importorskip("tqdm.auto")
    monkeypatch.setattr(tqdm, "tqdm", Bar)
    monkeypatch.setenv("NNLIB_STATIC", static)
    Bar.made.clear()
    model = line()
    history = fit(model, (X, Y), loss=MSELoss(), optimizer=SGD(model, lr=0.1), epochs=4, progress=progress)
    assert [len(bar.epochs) for bar in Bar.made] == [4] * shown and all(bar.closed for bar in Bar.made)
    assert all(bar.losses == [f"{value:.4g}" for value in history.train_loss] for bar in Bar.made)


def test_without_tqdm_it_trains_silently(monkeypatch, capfd):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    monkeypatch.delenv("NNLIB_STATIC", raising=False)
    model = line()
    assert len(fit(model, (X, Y), loss=MSELoss(), optimizer=SGD(model, lr=0.1), epochs=2)) == 2
    assert capfd.readouterr() == ("", "")
