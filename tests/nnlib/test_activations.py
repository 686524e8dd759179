"""Activation functions: values known by hand, f′ against central differences, stability far out."""

import numpy as np
import pytest

import nnlib as nn
from nnlib import activations as act

pytest.importorskip("hypothesis")
from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402
from hypothesis.extra.numpy import arrays  # noqa: E402

e = np.e
VALUES = {  # function, its arguments besides z: {z: f(z)}
    ("sigmoid",): {0: 0.5, 1: e / (1 + e), -2: 1 / (1 + e**2)},
    ("tanh",): {0: 0, 1: (e**2 - 1) / (e**2 + 1)},
    ("relu",): {-1: 0, 0: 0, 2: 2},
    ("leaky_relu", 0.1): {-2: -0.2, 0: 0, 3: 3},
    ("leaky_relu",): {-2: -0.02},
    ("elu",): {-1: 1 / e - 1, 0: 0, 2: 2},
    ("elu", 0.5): {-1: (1 / e - 1) / 2},
    ("softplus",): {0: np.log(2), 1: np.log(1 + e), -1: np.log(1 + 1 / e)},
    ("swish",): {0: 0, 1: e / (1 + e), -1: -1 / (1 + e)},
    ("swish", 2.0): {1: e**2 / (1 + e**2)},
    ("step",): {-0.1: 0, 0: 1, 5: 1},
    ("hard_sigmoid",): {-4: 0, -3: 0, 0: 0.5, 1.5: 0.75, 3: 1, 9: 1},
}
SLOPES = {
    ("sigmoid",): {0: 0.25, 1: e / (1 + e) ** 2},
    ("tanh",): {0: 1},
    ("relu",): {-1: 0, 0: 0, 1: 1},
    ("leaky_relu", 0.1): {-1: 0.1, 0: 0.1, 1: 1},
    ("elu", 0.5): {-1: 0.5 / e, 1: 1},
    ("softplus",): {0: 0.5},
    ("swish",): {0: 0.5},
    ("step",): {-1: 0, 0: 0, 1: 0},
    ("hard_sigmoid",): {0: 1 / 6, 4: 0, -4: 0, 3: 0, -3: 0},
}
FUNCTIONS = list(VALUES)
numbers = arrays(np.float64, st.integers(1, 8), elements=st.floats(-30, 30))
many = settings(max_examples=60, deadline=None, derandomize=True)


@pytest.mark.parametrize("key", FUNCTIONS, ids=str)
def test_values(key):
    name, *options = key
    for z, value in VALUES[key].items():
        np.testing.assert_allclose(getattr(act, name)(z, *options), value, rtol=1e-14, atol=1e-16)
    for z, value in SLOPES.get(key, {}).items():
        np.testing.assert_allclose(getattr(act, name + "_prime")(z, *options), value, rtol=1e-14)


@pytest.mark.parametrize("key", FUNCTIONS, ids=str)
def test_derivative_is_the_slope_of_the_function(key):
    name, *options = key
    f, f_prime, h = getattr(act, name), getattr(act, name + "_prime"), 1e-5
    z = np.linspace(-6, 6, 242)  # no point at a kink: 0, ±3
    numerical = (f(z + h, *options) - f(z - h, *options)) / (2 * h)
    np.testing.assert_allclose(f_prime(z, *options), numerical, atol=1e-9)


@pytest.mark.parametrize("name", ["Sigmoid", "Tanh", "ReLU", "LeakyReLU", "ELU", "Softplus", "Swish"])
def test_a_layer_has_the_slopes_of_its_function(name):
    """At the kink, too: a layer may compute them in a quicker way."""
    z, layer = np.array([[-30.0, -2, -1e-300, -0.0, 0, 1e-300, 1, 30]]), getattr(nn, name)()
    f_prime = getattr(act, {"LeakyReLU": "leaky_relu"}.get(name, name.lower()) + "_prime")
    layer.forward(z)
    np.testing.assert_allclose(layer.backward(np.ones_like(z)), f_prime(z), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("key", FUNCTIONS, ids=str)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_far_out_nothing_overflows(key, dtype):
    """Warnings are errors in these tests, so an overflow would be one."""
    name, *options = key
    z = np.array([-1e4, -1e3, -100, 100, 1e3, 1e4], dtype)
    value, slope = getattr(act, name)(z, *options), getattr(act, name + "_prime")(z, *options)
    assert np.isfinite(value).all() and np.isfinite(slope).all()
    assert value.dtype == slope.dtype == dtype
    limits = {"sigmoid": (0, 1), "tanh": (-1, 1), "hard_sigmoid": (0, 1), "step": (0, 1), "elu": (-1, 1e4)}
    if name in limits and not options:
        assert (value[0], value[-1]) == limits[name]


def test_sigmoid_keeps_small_probabilities():
    np.testing.assert_allclose(act.sigmoid(-700.0), np.exp(-700.0), rtol=1e-12)
    np.testing.assert_allclose(act.sigmoid_prime(40.0), np.exp(-40.0), rtol=1e-12)


@many
@given(numbers)
def test_ranges_and_symmetries(z):
    p = act.sigmoid(z)
    assert ((p > 0) & (p <= 1)).all()
    np.testing.assert_allclose(p + act.sigmoid(-z), 1, rtol=1e-14)
    np.testing.assert_allclose(act.tanh(z), -act.tanh(-z))
    np.testing.assert_allclose(act.softplus(z) - act.softplus(-z), z, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(act.swish(z), z * p, rtol=1e-12)
    np.testing.assert_allclose(act.leaky_relu(z, 0.0), act.relu(z))
    np.testing.assert_allclose(act.relu(z) - act.relu(-z), z)
    assert (act.elu(z) > -1 - 1e-15).all() and (act.softplus(z) >= act.relu(z)).all()


@many
@given(arrays(np.float64, st.tuples(st.integers(1, 4), st.integers(1, 6)), elements=st.floats(-1e4, 1e4)))
def test_softmax(z):
    p = act.softmax(z)
    assert (p >= 0).all()
    np.testing.assert_allclose(p.sum(1), 1, rtol=1e-12)
    np.testing.assert_allclose(act.softmax(z + 5), p, atol=1e-9)
    np.testing.assert_array_equal(p[np.arange(len(z)), z.argmax(1)], p.max(1))
    np.testing.assert_allclose(act.softmax_prime(z).sum(2), 0, atol=1e-12)


def test_softmax_values_and_jacobian():
    z = np.log([1.0, 2, 5])
    np.testing.assert_allclose(act.softmax(z), [1 / 8, 2 / 8, 5 / 8], rtol=1e-14)
    p, jacobian, h = act.softmax(z), act.softmax_prime(z), 1e-6
    np.testing.assert_allclose(jacobian, np.diag(p) - np.outer(p, p), rtol=1e-14)
    for j in range(3):
        step = h * np.eye(3)[j]
        numerical = (act.softmax(z + step) - act.softmax(z - step)) / (2 * h)
        np.testing.assert_allclose(jacobian[:, j], numerical, atol=1e-9)
    np.testing.assert_array_equal(act.softmax(np.array([1e4, 0, -1e4])), [1, 0, 0])


def test_swiglu_multiplies():
    a, b, h = np.array([1.0, -2]), np.array([3.0, 4]), 1e-6
    np.testing.assert_allclose(act.swiglu(a, b, 2.0), act.swish(a, 2.0) * b)
    da, db = act.swiglu_prime(a, b, 2.0)
    np.testing.assert_allclose(da, (act.swiglu(a + h, b, 2.0) - act.swiglu(a - h, b, 2.0)) / (2 * h), atol=1e-8)
    np.testing.assert_allclose(db, act.swish(a, 2.0))


def test_integers_and_numbers_are_welcome():
    assert act.relu([-1, 2]).tolist() == [0, 2] and act.sigmoid(0) == 0.5
    assert act.relu(np.array([1, 2])).dtype == np.float64
