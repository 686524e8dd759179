"""Errors that used to stop a training half-way, or whose message pointed to the wrong place."""

import pickle
import tracemalloc

import numpy as np
import pytest

import nnlib as nn
from nnlib.sequences import PAD, EncoderDecoder, SequenceClassifier, SequenceTagger


def linear(n_in=2, n_out=1, seed=0):
    return nn.Linear(n_in, n_out, rng=np.random.default_rng(seed))


def train(model, *data, **options):
    options = {"loss": nn.MSELoss(), "optimizer": nn.SGD(model, 0.1), "epochs": 4, "progress": False} | options
    return nn.fit(model, data, **options)


def test_a_batch_in_which_nothing_counts_is_passed_over():
    model, rng = linear(2, 3), np.random.default_rng(0)
    x, labels = rng.standard_normal((6, 2)), np.array([0, 1, -1, -1, -1, -1])
    mask, seen = labels >= 0, []
    history = train(model, x, labels, mask, loss=nn.CrossEntropyLoss(), batch_size=1, rng=rng, epochs=20,
                    callback=lambda epoch, history: seen.append(epoch))
    assert len(history) == len(seen) == 20 and history.train_loss[-1] < history.train_loss[0]
    assert np.isfinite(history.train_loss).all()
    with pytest.raises(ValueError, match=r"mask of data must have at least one entry that counts"):
        train(model, x, labels, mask & False, loss=nn.CrossEntropyLoss())


def test_the_history_survives_an_exception_in_mid_training():
    model = linear()

    def callback(epoch, history):
        if epoch == 2:
            raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        train(model, np.ones((3, 2)), np.ones((3, 1)), callback=callback)
    assert len(model.history) == 3 and model.history.seconds > 0 and not model.training
    with pytest.raises(nn.NaNError):
        train(model, np.ones((3, 2)), np.ones((3, 1)), optimizer=nn.SGD(model, 1e3), epochs=500)
    assert model.history.diverged and len(model.history) > 3


def test_the_loss_that_diverged_is_the_one_that_is_named():
    model = linear()
    far = np.full((3, 2), 1e200)
    with pytest.raises(nn.NaNError, match=r"the loss on the validation data became (inf|nan) in epoch 1"):
        train(model, np.ones((3, 2)), np.ones((3, 1)), validation=(far, np.ones((3, 1))))


@pytest.mark.parametrize("loss", [nn.MSELoss, nn.MAELoss, nn.BCEWithLogitsLoss, nn.CrossEntropyLoss])
def test_backward_of_a_loss_before_forward_is_told(loss):
    with pytest.raises(ValueError, match=f"{loss.__name__} has no .*was backward called before forward"):
        loss().backward()


@pytest.mark.parametrize("value", [np.nan, np.inf, -0.1, "0.1", None])
def test_a_schedule_must_give_learning_rates(value):
    model = linear()
    with pytest.raises((ValueError, TypeError), match=r"lr\(2\) must"):
        train(model, np.ones((3, 2)), np.ones((3, 1)), optimizer=nn.SGD(model, lambda t: value if t == 2 else 0.1))
    nn.SGD(model, nn.cosine_decay(0.1, 1)).step()  # 0 at the end is allowed


def test_schedules_say_what_they_are_and_can_be_pickled():
    for schedule, text in [(nn.step_decay(0.1, 0.5, 2), "step_decay(lr=0.1, factor=0.5, every=2)"),
                           (nn.inverse_decay(0.2, 0.05), "inverse_decay(lr=0.2, rate=0.05)"),
                           (nn.cosine_decay(0.2, 60, warmup=3), "cosine_decay(lr=0.2, steps=60, warmup=3)")]:
        assert repr(schedule) == text and repr(nn.SGD(linear(), schedule)) == f"SGD(lr={text})"
        copied = pickle.loads(pickle.dumps(schedule))
        assert [copied(t) for t in range(70)] == [schedule(t) for t in range(70)] and repr(copied) == text


MODELS = {
    "last": lambda rng: SequenceClassifier(5, 2, 3, "last", rng=rng),
    "mean": lambda rng: SequenceClassifier(5, 2, 3, "mean", rng=rng),
    "none": lambda rng: SequenceTagger(5, 2, 3, 4, "none", rng=rng),
    "both": lambda rng: SequenceTagger(5, 2, 3, 4, "both", rng=rng),
}


@pytest.mark.parametrize("name", MODELS)
def test_ids_may_be_a_list(name):
    model, ids = MODELS[name](np.random.default_rng(0)), [[4, 4], [2, PAD]]
    np.testing.assert_array_equal(model(ids), model(np.array(ids)))


def test_source_and_target_may_be_lists():
    model = EncoderDecoder(5, 6, 2, 3, rng=np.random.default_rng(0))
    source, target = [[4, 4], [2, PAD]], [[1, 2], [1, 3]]
    np.testing.assert_array_equal(model(source, target), model(np.array(source), np.array(target)))
    np.testing.assert_array_equal(model.translate(source, 3), model.translate(np.array(source), 3))


@pytest.mark.parametrize("pool", ["last", "mean"])
def test_a_sequence_of_padding_alone_is_no_divergence(pool):
    model, ids = MODELS[pool](np.random.default_rng(0)), np.array([[2, 3], [PAD, PAD]])
    assert model(ids)[1] == model.head.b  # h = 0
    history = train(model, ids, np.array([[1.0], [0.0]]), loss=nn.BCEWithLogitsLoss())
    assert history.train_loss[-1] < history.train_loss[0]


@pytest.mark.parametrize("channels", [3, 4])
def test_a_large_image_is_convolved_in_strips(channels):
    """Unfolded at once, the numbers under a 5 × 5 kernel would take 25 times the memory of the image."""
    rng = np.random.default_rng(0)
    layer, x = nn.Conv2d(channels, 2, 5, padding=2, rng=rng), rng.standard_normal((1, channels, 400, 400))
    layer.forward(x[..., :40, :40])
    tracemalloc.start()
    y = layer.forward(x)
    layer.backward(y)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6 * x.nbytes
