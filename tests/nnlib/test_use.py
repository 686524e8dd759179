"""What one does with a model beyond one training: stop in time, freeze, take a part, predict, count, show."""

import numpy as np
import pytest

import nnlib as nn


def linear(n_in=2, n_out=1, seed=0):
    return nn.Linear(n_in, n_out, rng=np.random.default_rng(seed))


def network():
    return nn.Sequential(linear(2, 4), nn.Tanh(), nn.Dropout(0.5, rng=np.random.default_rng(1)), linear(4, 1))


def data(n=30):
    x = np.random.default_rng(0).standard_normal((n, 2))
    return x, x @ [[1.0], [-1.0]]


def train(model, **options):
    options = {"loss": nn.MSELoss(), "optimizer": nn.SGD(model, 0.1), "epochs": 20, "progress": False} | options
    return nn.fit(model, data(), **options)


@pytest.mark.parametrize("answer, epochs",
                         [(True, 4), (np.True_, 4), (1, 20), ("yes", 20), (np.ones(2), 20), (None, 20)])
def test_only_true_from_the_callback_stops(answer, epochs):
    history = train(linear(), callback=lambda epoch, history: answer if epoch == 3 else None)
    assert len(history) == epochs and not history.interrupted and not history.diverged


@pytest.mark.parametrize("ends", ["all epochs", "callback", "interrupt", "divergence"])
def test_the_best_weights_are_kept_however_training_ends(ends):
    model, seen = linear(), []

    def spoil(epoch, history):
        """Epoch 5 is the last good one."""
        seen.append((history.validation_loss[-1], model.W.copy(), model.b.copy()))
        if epoch >= 5:
            model.W += 1e300 if ends == "divergence" else 10 * epoch
        if ends == "interrupt" and epoch == 9:
            raise KeyboardInterrupt
        return ends == "callback" and epoch == 9

    history = train(model, validation=data(), callback=spoil, keep_best=True, on_divergence="stop",
                    on_interrupt="return")
    losses = [loss for loss, _, _ in seen]
    assert history.best_epoch == int(np.argmin(losses)) == 5
    np.testing.assert_array_equal(model.W, seen[5][1])
    np.testing.assert_array_equal(model.b, seen[5][2])
    assert nn.evaluate(model, data(), nn.MSELoss()) == pytest.approx(losses[5], rel=1e-12)


def test_without_keep_best_the_last_weights_stay():
    model = linear()
    history = train(model, validation=data(), callback=lambda *_: setattr(model, "W", model.W + 1))
    assert history.best_epoch < 19
    assert nn.evaluate(model, data(), nn.MSELoss()) > min(history.validation_loss)
    history.validation_loss[history.best_epoch] = np.nan  # a loss that is no number is never the lowest
    assert np.isfinite(history.validation_loss[history.best_epoch])
    with pytest.raises(ValueError, match="keep_best needs validation data"):
        train(linear(), keep_best=True)


@pytest.mark.parametrize("batch_size", [1, 7, 30, 1000, None])
def test_predict_and_evaluate_do_not_depend_on_the_batches(batch_size):
    model, (x, y), sizes = network().train(), data(), []
    forward = model[0].forward
    model[0].forward = lambda a: sizes.append(len(a)) or forward(a)
    prediction = nn.predict(model, x, batch_size)
    assert sum(sizes) == 30 and max(sizes) == min(batch_size or 30, 30)
    assert all(layer.training for _, layer in model.walk())  # left in the mode it was in
    del model[0].forward
    np.testing.assert_allclose(prediction, model.eval()(x), rtol=1e-12)  # without dropout
    assert nn.evaluate(model, (x, y), nn.MSELoss(), batch_size) == pytest.approx(nn.mse(model(x), y), rel=1e-12)
    assert nn.evaluate(model, (x, y), nn.r2, batch_size) == pytest.approx(nn.r2(model(x), y), rel=1e-12)


def test_predict_takes_several_inputs_and_evaluate_takes_masks():
    from nnlib.sequences import EncoderDecoder

    model = EncoderDecoder(5, 6, 2, 3, rng=np.random.default_rng(0))
    source, target = np.full((5, 3), 2), np.arange(10).reshape(5, 2) % 6
    np.testing.assert_allclose(nn.predict(model, (source, target), 2), model(source, target), rtol=1e-12)
    mask = np.array([[True, False]] * 5)
    expected = nn.CrossEntropyLoss()(model(source, target), target, mask)
    assert nn.evaluate(model, ((source, target), target, mask), nn.CrossEntropyLoss(), 2) == pytest.approx(expected)
    share = nn.accuracy(model(source, target)[mask], target[mask])
    assert nn.evaluate(model, ((source, target), target, mask), nn.accuracy, 2) == share
    for call, message in [(lambda: nn.predict(np.tanh, source), "model must be an object of class Layer"),
                          (lambda: nn.predict(model, (source, target[:3])), "the same number of examples"),
                          (lambda: nn.predict(model, (source, target), 0), "batch_size must be at least 1"),
                          (lambda: nn.evaluate(linear(), data(), nn.MSELoss), r"a loss such as MSELoss\(\)"),
                          (lambda: nn.evaluate(linear(), data(), "mse"), "or a function such as accuracy")]:
        with pytest.raises((ValueError, TypeError), match=message):
            call()


def test_an_exception_in_predict_leaves_the_mode():
    model = network().train()
    with pytest.raises(ValueError, match="shape"):
        nn.predict(model, np.ones((3, 5)))
    assert all(layer.training for _, layer in model.walk())


def test_predict_leaves_what_the_layers_keep_for_backward():
    """And keeps nothing itself: after it a network for images would hold hundreds of megabytes."""
    model, (x, y) = network(), data()
    loss = nn.MSELoss()
    loss.forward(model.eval()(x[:5]), y[:5])
    kept = [{id(value) for value in vars(layer).values()} for _, layer in model.walk()]
    nn.predict(model, x)
    assert [{id(value) for value in vars(layer).values()} for _, layer in model.walk()] == kept
    assert model.backward(loss.backward()).shape == x[:5].shape


def test_a_part_of_a_sequential_is_a_sequential_of_the_same_layers():
    model = network()
    body = model[:-1]
    assert type(body) is nn.Sequential and len(body) == 3 and body[0] is model[0] and model[-1] is model[3]
    x = np.ones((2, 2))
    np.testing.assert_array_equal(model.eval()(x), model[-1](body(x)))
    assert [type(layer) for layer in model[::2]] == [nn.Linear, nn.Dropout] and model[np.int64(3)] is model[3]
    with pytest.raises(ValueError, match="at least one layer"):
        model[:0]


def test_parameters_are_counted_once():
    import copy

    assert network().n_parameters == 2 * 4 + 4 + 4 + 1 and nn.ReLU().n_parameters == 0
    layer = linear(3, 3)
    assert nn.Sequential(layer, copy.copy(layer)).n_parameters == 12


def test_a_model_shows_the_layers_inside():
    class Twins(nn.Layer):
        def __init__(self):
            self.pair, self.head = [linear(), nn.Sequential(nn.ReLU(), linear(1, 1))], {"out": nn.Tanh()}

    assert repr(nn.Sequential(nn.Tanh(), Twins())) == """Sequential(
  Tanh(),
  Twins(
    pair.0=Linear(2, 1),
    pair.1=Sequential(
      ReLU(),
      Linear(1, 1),
    ),
    head.out=Tanh(),
  ),
)"""


def test_the_bases_are_there_to_build_on():
    class Cube(nn.Activation):
        f, f_prime = staticmethod(lambda z: z**3), staticmethod(lambda z: 3 * z**2)

    class Fourth(nn.Loss):
        def forward(self, prediction, target, mask=None):
            prediction, target = self.pair(prediction, target, mask)
            self.error = prediction - target
            return self.mean(self.error**4, target)

        def backward(self):
            return self.share(4 * self.error**3)

    class Signs(nn.Optimizer):
        def step(self):
            lr = self.next_lr()
            for w, g in self.parameters():
                w -= lr * np.sign(g)

    model = nn.Sequential(linear(2, 3), Cube(), linear(3, 1))
    assert nn.gradient_check(model, Fourth(), *data()).worst < 1e-6
    history = nn.fit(model, data(), Fourth(), Signs(model, 0.001), 50, progress=False)
    assert history.train_loss[-1] < history.train_loss[0]
