"""Property tests over random shapes: what must hold whatever the numbers, without PyTorch."""

import itertools

import numpy as np
import pytest

import nnlib as nn
from nnlib import convolution
from nnlib.convolution import output_length

pytest.importorskip("hypothesis")
from hypothesis import assume, given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

many = settings(max_examples=40, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)


def small(high, low=1):
    return st.integers(low, high)


def naive_convolution(x, W, b, stride, padding):
    """The definition, one output at a time."""
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    K = W.shape[2]
    H, width = ((n - K) // stride + 1 for n in x.shape[2:])
    y = np.empty((len(x), len(W), H, width))
    for n, f, i, j in itertools.product(*map(range, y.shape)):
        window = x[n, :, stride * i : stride * i + K, stride * j : stride * j + K]
        y[n, f, i, j] = (window * W[f]).sum() + b[f]
    return y


def adjoint(layer, x, direction, rng, parameter=None):
    """For a map that is linear in x (or in a parameter): Σ δ ⊙ (change of the output) = Σ gradient ⊙ change."""
    out = layer.forward(x).copy()
    delta = rng.standard_normal(out.shape)
    layer.zero_grad()
    dx = layer.backward(delta)
    if parameter is None:
        change, gradient = layer.forward(x + direction) - out, dx
    else:
        array = getattr(layer, parameter)
        gradient = getattr(layer, "d" + parameter).copy()
        array += direction
        change = layer.forward(x) - out
        array -= direction
    np.testing.assert_allclose((delta * change).sum(), (gradient * direction).sum(), rtol=1e-9, atol=1e-9)


@many
@given(n=small(4), c_in=small(6), c_out=small(4), h=small(8), w=small(8), k=small(4), s=small(3), p=small(3, 0),
       seed=seeds)
def test_convolution_is_what_its_definition_says(n, c_in, c_out, h, w, k, s, p, seed):
    assume(min(h, w) + 2 * p >= k)
    rng = np.random.default_rng(seed)
    layer, x = nn.Conv2d(c_in, c_out, k, s, p, rng=rng), rng.standard_normal((n, c_in, h, w))
    y = layer.forward(x)
    np.testing.assert_allclose(y, naive_convolution(x, layer.W, layer.b, s, p), rtol=1e-10, atol=1e-12)
    assert y.shape == (n, c_out, output_length(h, k, s, p), output_length(w, k, s, p))
    adjoint(layer, x, rng.standard_normal(x.shape), rng)
    adjoint(layer, x, rng.standard_normal(layer.W.shape), rng, "W")
    adjoint(layer, x, rng.standard_normal(c_out), rng, "b")


@pytest.mark.parametrize("c_in, stride", [(1, 1), (5, 1), (5, 2)])
@pytest.mark.parametrize("block", [1, 20_000, 1 << 30])
def test_blocks_of_any_size_give_the_same(monkeypatch, c_in, stride, block):
    """Seven images: one at a time, three at a time with one left over, all at once."""
    rng = np.random.default_rng(0)
    layer, x = nn.Conv2d(c_in, 4, 3, stride, 1, rng=rng), rng.standard_normal((7, c_in, 9, 8))
    monkeypatch.setattr(convolution, "BLOCK", block)
    y = layer.forward(x)
    np.testing.assert_allclose(y, naive_convolution(x, layer.W, layer.b, stride, 1), rtol=1e-10, atol=1e-12)
    adjoint(layer, x, rng.standard_normal(x.shape), rng)
    adjoint(layer, x, rng.standard_normal(layer.W.shape), rng, "W")


@many
@given(c_in=small(5), h=small(6, 3), shift=small(2), seed=seeds)
def test_a_shifted_image_gives_a_shifted_output(c_in, h, shift, seed):
    rng = np.random.default_rng(seed)
    layer, x = nn.Conv2d(c_in, 2, 3, padding=2, rng=rng), np.zeros((1, c_in, h + 3, h + 3))
    x[:, :, :h, :h] = rng.standard_normal((1, c_in, h, h))
    moved = np.roll(x, shift, axis=(2, 3))
    np.testing.assert_allclose(layer.forward(moved)[:, :, shift:, shift:], layer.forward(x)[:, :, :-shift, :-shift],
                               rtol=1e-10, atol=1e-12)


@many
@given(n=small(3), c=small(4), h=small(8), w=small(8), k=small(4), s=small(4), seed=seeds)
def test_pooling_is_what_its_definition_says(n, c, h, w, k, s, seed):
    assume(min(h, w) >= k)
    rng = np.random.default_rng(seed)
    x, top, mean = rng.standard_normal((n, c, h, w)), nn.MaxPool2d(k, s), nn.AvgPool2d(k, s)
    y, a = top.forward(x), mean.forward(x)
    assert y.shape == a.shape == (n, c, output_length(h, k, s), output_length(w, k, s))
    for i, j in itertools.product(*map(range, y.shape[2:])):
        window = x[:, :, s * i : s * i + k, s * j : s * j + k]
        np.testing.assert_array_equal(y[:, :, i, j], window.max((2, 3)))
        np.testing.assert_allclose(a[:, :, i, j], window.mean((2, 3)), rtol=1e-12, atol=1e-15)
    adjoint(mean, x, rng.standard_normal(x.shape), rng)
    delta = rng.standard_normal(y.shape)
    dx = top.backward(delta)
    np.testing.assert_allclose(dx.sum(), delta.sum(), rtol=1e-9, atol=1e-9)  # each δ goes to one place
    assert not dx[~np.isin(x, y)].any()


def test_the_first_of_equal_numbers_gets_the_gradient():
    pool = nn.MaxPool2d(2)
    pool.forward(np.array([[0.0, 7, 1, 1], [7, 7, 1, 1]])[None, None])
    assert pool.backward(np.array([[[[5.0, 3.0]]]]))[0, 0].tolist() == [[0, 5, 3, 0], [0, 0, 0, 0]]


def test_large_pooling_windows():
    """More than 127 places do not fit into one byte."""
    x = np.random.default_rng(0).standard_normal((1, 1, 13, 13))
    x[0, 0, 12, 5] = 9
    pool = nn.MaxPool2d(13)
    assert pool.forward(x).item() == 9
    dx = pool.backward(np.ones((1, 1, 1, 1)))
    assert dx[0, 0, 12, 5] == 1 and dx.sum() == 1


@many
@given(shape=st.lists(small(5), min_size=1, max_size=3), d=small(6), k=small(6), seed=seeds)
def test_linear_maps(shape, d, k, seed):
    rng = np.random.default_rng(seed)
    layer, x = nn.Linear(d, k, rng=rng), rng.standard_normal((*shape, d))
    expected = np.einsum("kd,...d->...k", layer.W, x) + layer.b
    np.testing.assert_allclose(layer.forward(x), expected, rtol=1e-10, atol=1e-12)
    adjoint(layer, x, rng.standard_normal(x.shape), rng)
    adjoint(layer, x, rng.standard_normal((k, d)), rng, "W")
    adjoint(layer, x, rng.standard_normal(k), rng, "b")
    A = rng.integers(0, 2, (len(x), len(x))).astype(float)
    graph, nodes = nn.GraphConv(d, k, A, rng=rng), x.reshape(len(x), -1)[:, :d]
    adjoint(graph, nodes, rng.standard_normal(nodes.shape), rng)


@many
@given(v=small(6), d=small(4), n=small(4), t=small(5), seed=seeds)
def test_embedding_looks_up_and_counts(v, d, n, t, seed):
    rng = np.random.default_rng(seed)
    layer, ids = nn.Embedding(v, d, rng=rng), rng.integers(0, v, (n, t))
    onehot = np.eye(v)[ids]
    np.testing.assert_allclose(layer.forward(ids), onehot @ layer.W)
    delta = rng.standard_normal((n, t, d))
    assert layer.backward(delta) is None
    np.testing.assert_allclose(layer.dW, np.einsum("ntv,ntd->vd", onehot, delta), rtol=1e-9, atol=1e-12)


@many
@given(kind=st.sampled_from([nn.RNN, nn.LSTM, nn.GRU]), n=small(4), t=small(5), d=small(4), h=small(4), seed=seeds)
def test_recurrent_layers(kind, n, t, d, h, seed):
    """Shapes; the past only: later inputs do not change earlier states; the order of the examples is kept."""
    rng = np.random.default_rng(seed)
    layer, x = kind(d, h, rng=rng), rng.standard_normal((n, t, d))
    states = layer.forward(x).copy()
    assert states.shape == (n, t, h) and layer.h_last.shape == (n, h) and (np.abs(states) < 1).all()
    np.testing.assert_array_equal(layer.h_last, states[:, -1])
    order = rng.permutation(n)
    np.testing.assert_allclose(layer.forward(x[order]), states[order], rtol=1e-12, atol=1e-15)
    changed = x.copy()
    changed[:, -1] += 1
    np.testing.assert_array_equal(layer.forward(changed)[:, :-1], states[:, :-1])
    dh = np.zeros((n, t, h))
    dh[:, 0] = 1
    assert not layer.backward(dh)[:, 1:].any()  # and gradients flow to the past only
    layer.forward(x)
    both = layer.backward(dh, dh_last=np.ones((n, h)))
    dh[:, -1] += 1
    np.testing.assert_allclose(layer.backward(dh), both, rtol=1e-12)  # dh_last is one more gradient of the last state


@many
@given(n=small(12, 2), seed=seeds)
def test_normalized_adjacency(n, seed):
    rng = np.random.default_rng(seed)
    A = np.triu(rng.integers(0, 2, (n, n)), 1)
    A = A + A.T
    A_hat, degree = nn.normalize_adjacency(A), A.sum(1) + 1
    for i, j in itertools.product(range(n), repeat=2):
        expected = (A[i, j] + (i == j)) / np.sqrt(degree[i] * degree[j])
        assert A_hat[i, j] == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(A_hat @ np.sqrt(degree), np.sqrt(degree), rtol=1e-10)  # largest eigenvalue 1


@many
@given(size=small(20), lr=st.floats(1e-4, 1), momentum=st.floats(0, 0.99), seed=seeds)
def test_optimizers_leave_gradients_alone_and_go_downhill(size, lr, momentum, seed):
    rng = np.random.default_rng(seed)
    for make in (lambda m: nn.SGD(m, lr, momentum, weight_decay=0.1), lambda m: nn.Adam(m, lr)):
        layer = nn.Linear(size, 1, rng=rng)
        layer.W[:] = 0
        layer.dW[:] = gradient = rng.standard_normal((1, size)) + 3
        make(layer).step()
        np.testing.assert_array_equal(layer.dW, gradient)
        assert (layer.W[gradient > 1e-3] < 0).all()
