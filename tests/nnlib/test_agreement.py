"""nnlib against PyTorch: with the values recorded from it (always) and with PyTorch itself (where it is installed)."""

import numpy as np
import pytest

from nnlib import (
    GRU,
    LSTM,
    RNN,
    AvgPool2d,
    BCEWithLogitsLoss,
    Conv2d,
    CrossEntropyLoss,
    Linear,
    MAELoss,
    MaxPool2d,
    MSELoss,
)
from tests.nnlib.reference import cases
from tests.nnlib.reference.make_values import PATH

try:
    import torch
except ImportError:
    torch = None
needs_torch = pytest.mark.skipif(
    torch is None, reason="PyTorch is not installed: compared with the recorded values only (pip install torch==2.13.0)"
)
pytest.importorskip("hypothesis")
from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same'")  # PyTorch on even kernels: it copies the input
TOLERANCE = {np.float64: 1e-10, np.float32: 1e-4}
both_dtypes = pytest.mark.parametrize("dtype", [np.float64, np.float32])


@pytest.fixture(scope="module")
def recorded():
    with np.load(PATH) as file:
        return {name: file[name] for name in file.files}


def of(recorded, name):
    """The recorded arrays of one case."""
    return {key.removeprefix(f"{name}: "): a for key, a in recorded.items() if key.startswith(f"{name}: ")}


def agree(ours, theirs, dtype=np.float64):
    """Same names, shapes, dtype and, to the tolerance of the dtype, the same numbers."""
    assert ours.keys() == theirs.keys()
    for name, value in ours.items():
        assert value.shape == theirs[name].shape, name
        assert value.dtype == (np.float64 if name in ("loss", "losses") else dtype), name
        scale = max(1.0, np.abs(theirs[name]).max(initial=0))
        assert np.abs(value - theirs[name]).max(initial=0) <= TOLERANCE[dtype] * scale, name


@pytest.mark.parametrize("name", cases.LAYERS)
def test_layer_equals_recorded_values(name, recorded):
    layer, inputs, delta, _ = cases.layer_case(name)
    agree(cases.run_layer(layer, inputs, delta), of(recorded, name))


@pytest.mark.parametrize("name", cases.LOSSES)
def test_loss_equals_recorded_values(name, recorded):
    loss, prediction, target, mask, _ = cases.loss_case(name)
    agree(cases.run_loss(loss, prediction, target, mask), of(recorded, name))


@pytest.mark.parametrize("name", cases.OPTIMIZERS)
def test_six_steps_equal_recorded_values(name, recorded):
    agree(cases.run_optimizer(name, *cases.optimizer_case(name)), of(recorded, name))


def test_every_case_is_recorded(recorded):
    names = {key.split(": ")[0] for key in recorded} - {"version"}
    assert names == {*cases.LAYERS, *cases.LOSSES, *cases.OPTIMIZERS}
    assert str(recorded["version"]).startswith("2.13")
    assert PATH.stat().st_size < 200_000


@needs_torch
@both_dtypes
@pytest.mark.parametrize("name", cases.LAYERS)
def test_layer_equals_torch(name, dtype, recorded):
    layer, inputs, delta, twin = cases.layer_case(name, dtype)
    theirs = cases.run_layer_torch(torch, twin, layer, inputs, delta)
    agree(cases.run_layer(layer, inputs, delta), theirs, dtype)
    if dtype is np.float64:
        agree(of(recorded, name), theirs)


@needs_torch
@both_dtypes
@pytest.mark.parametrize("name", cases.LOSSES)
def test_loss_equals_torch(name, dtype):
    loss, prediction, target, mask, twin = cases.loss_case(name, dtype)
    theirs = cases.run_loss_torch(torch, twin, prediction, target, mask)
    ours = cases.run_loss(loss, prediction, target, mask)
    agree(ours, theirs, dtype)


@needs_torch
@both_dtypes
@pytest.mark.parametrize("name", cases.OPTIMIZERS)
def test_six_steps_equal_torch(name, dtype):
    theirs = cases.run_optimizer_torch(torch, name, *cases.optimizer_case(name, dtype))
    agree(cases.run_optimizer(name, *cases.optimizer_case(name, dtype)), theirs, dtype)


# Random shapes

many = settings(max_examples=40, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)


def small(high, low=1):
    return st.integers(low, high)


def compare(layer, twin, *inputs, seed=0, dtype=np.float64):
    layer.astype(dtype)
    inputs = tuple(a.astype(dtype) for a in inputs)
    delta = np.random.default_rng(seed).standard_normal(layer.forward(inputs[0]).shape).astype(dtype)
    theirs = cases.run_layer_torch(torch, twin, layer, inputs, delta)
    agree(cases.run_layer(layer, inputs, delta), theirs, dtype)


@needs_torch
@both_dtypes
@many
@given(n=small(5), c_in=small(9), c_out=small(9), h=small(9), w=small(9), k=small(5), s=small(4), p=small(5, 0),
       seed=seeds)
def test_convolution_of_any_shape(dtype, n, c_in, c_out, h, w, k, s, p, seed):
    k = min(k, h + 2 * p, w + 2 * p)
    rng = np.random.default_rng(seed)
    compare(Conv2d(c_in, c_out, k, s, p, rng=rng), cases.conv(k, s, p)[1],
            rng.standard_normal((n, c_in, h, w)), dtype=dtype)


@needs_torch
@many
@given(n=small(3), c_in=small(5), h=small(8), w=small(8), k=small(6), seed=seeds)
def test_same_padding_of_any_shape(n, c_in, h, w, k, seed):
    rng = np.random.default_rng(seed)
    compare(Conv2d(c_in, 2, k, padding="same", rng=rng), cases.conv(k, 1, "same")[1],
            rng.standard_normal((n, c_in, h, w)))


@needs_torch
@many
@given(n=small(4), c=small(5), h=small(9), w=small(9), k=small(4), s=small(5), seed=seeds, maximum=st.booleans())
def test_pooling_of_any_shape(n, c, h, w, k, s, seed, maximum):
    k = min(k, h, w)
    layer, twin = (MaxPool2d, cases.max_pool) if maximum else (AvgPool2d, cases.avg_pool)
    compare(layer(k, s), twin(k, s)[1], np.random.default_rng(seed).integers(-3, 3, (n, c, h, w)).astype(float))


@needs_torch
@both_dtypes
@many
@given(n=small(5), t=small(6), d=small(5), h=small(6), seed=seeds, start=st.booleans(),
       kind=st.sampled_from([RNN, LSTM, GRU]))
def test_recurrent_layers_of_any_shape(dtype, n, t, d, h, seed, start, kind):
    names = (("h0", "c0") if kind is LSTM else ("h0",)) if start else ()
    rng = np.random.default_rng(seed)
    states = [rng.standard_normal((n, h)) for _ in names]
    compare(kind(d, h, rng=rng), cases.recurrent(kind, kind.__name__, names, d, h)[1],
            rng.standard_normal((n, t, d)), *states, dtype=dtype)


@needs_torch
@many
@given(t=small(7), lengths=st.lists(small(7), min_size=1, max_size=5), seed=seeds,
       kind=st.sampled_from([RNN, LSTM, GRU]))
def test_mask_equals_packed_sequences(t, lengths, seed, kind):
    """Padding with a mask gives what PyTorch gives for packed sequences: states, last state, all gradients."""
    lengths = np.minimum(lengths, t)
    t, n, rng = lengths.max(), len(lengths), np.random.default_rng(seed)
    mask = np.arange(t) < lengths[:, None]
    layer, x = kind(3, 4, rng=rng), rng.standard_normal((n, t, 3))
    dh, dh_last = rng.standard_normal((n, t, 4)) * mask[:, :, None], rng.standard_normal((n, 4))
    out = layer.forward(x, mask=mask)
    dx = layer.backward(dh, dh_last)

    rnn = getattr(torch.nn, kind.__name__)(3, 4, batch_first=True, dtype=torch.float64)
    p = {name: torch.tensor(value, requires_grad=True) for name, value, _ in layer.parameters()}
    weights = {"weight_ih_l0": p["U"], "weight_hh_l0": p["W"], "bias_ih_l0": p["b"], "bias_hh_l0": 0 * p["b"]}
    tx = torch.tensor(x, requires_grad=True)
    packed = torch.nn.utils.rnn.pack_padded_sequence(tx, lengths.tolist(), batch_first=True, enforce_sorted=False)
    states, last = torch.func.functional_call(rnn, weights, (packed,))
    states = torch.nn.utils.rnn.pad_packed_sequence(states, batch_first=True)[0]
    last = (last[0] if kind is LSTM else last)[0]
    torch.autograd.backward([states, last], [torch.tensor(dh), torch.tensor(dh_last)])
    agree({"states": out * mask[:, :, None], "last": layer.h_last, "dx": dx}
          | {name: gradient for name, _, gradient in layer.parameters()},
          {"states": states.detach().numpy(), "last": last.detach().numpy(), "dx": tx.grad.numpy()}
          | {name: tensor.grad.numpy() for name, tensor in p.items()})


@needs_torch
@both_dtypes
@many
@given(shape=st.lists(small(6), min_size=1, max_size=3), d=small(7), k=small(7), seed=seeds)
def test_linear_and_losses_of_any_shape(dtype, shape, d, k, seed):
    rng = np.random.default_rng(seed)
    compare(Linear(d, k, rng=rng), cases.LAYERS["Linear"][1], rng.standard_normal((*shape, d)), dtype=dtype)
    z, mask = 3 * rng.standard_normal((*shape, k)).astype(dtype), rng.random(shape) < 0.6
    y, every = rng.standard_normal(z.shape).astype(dtype), rng.random(z.shape) < 0.6
    mask.flat[0] = every.flat[0] = True
    for loss, target, m, twin in [
        (CrossEntropyLoss(), rng.integers(0, k, shape), mask, "cross_entropy"),
        (MSELoss(), y, every, "mse_loss"),
        (MAELoss(), y, every, "l1_loss"),
        (BCEWithLogitsLoss(), (y > 0).astype(dtype), every, "binary_cross_entropy_with_logits"),
    ]:
        for given_mask in (m, None):
            theirs = cases.run_loss_torch(torch, cases.functional(twin), z, target, given_mask)
            agree(cases.run_loss(loss, z, target, given_mask), theirs, dtype)
