"""Chapter 5: the formulas of the lecture against nnlib, and nnlib against what PyTorch computed."""

import numpy as np
import pytest

import nnlib
from nnlib import CrossEntropyLoss, Linear, MSELoss, Sequential, Sigmoid
from nnlib.data.recorded import load_autograd
from nnlib.plots import backpropagation as plots

CHAPTER = {"x": (1.0, 2.0), "y": 1.0, "w": (0.5, -0.4, 0.25, 0.3, 0.8, -0.6), "b": (0.1, -0.1, 0.3)}
CLASSES = {"sigmoid": nnlib.Sigmoid, "tanh": nnlib.Tanh, "relu": nnlib.ReLU, "leaky_relu": nnlib.LeakyReLU,
           "elu": nnlib.ELU, "softplus": nnlib.Softplus, "swish": nnlib.Swish}


def lecture(x, y, w, b):
    """All derivatives of the 2-2-1 network by the formulas of the slides.  [A22, A25]"""
    sigmoid = nnlib.activations.sigmoid
    a1 = sigmoid(w[0] * x[0] + w[2] * x[1] + b[0])
    a2 = sigmoid(w[1] * x[0] + w[3] * x[1] + b[1])
    a3 = sigmoid(w[4] * a1 + w[5] * a2 + b[2])
    delta3 = (a3 - y) * a3 * (1 - a3)
    delta1, delta2 = delta3 * w[4] * a1 * (1 - a1), delta3 * w[5] * a2 * (1 - a2)
    return {"loss": (y - a3) ** 2 / 2, "w1": delta1 * x[0], "w2": delta2 * x[0], "w3": delta1 * x[1],
            "w4": delta2 * x[1], "w5": delta3 * a1, "w6": delta3 * a2, "b1": delta1, "b2": delta2, "b3": delta3,
            "x1": delta1 * w[0] + delta2 * w[1], "x2": delta1 * w[2] + delta2 * w[3]}


def by_nnlib(x, y, w, b):
    rng = np.random.default_rng(0)
    first, second = Linear(2, 2, rng=rng), Linear(2, 1, rng=rng)
    first.W[:], first.b[:] = [[w[0], w[2]], [w[1], w[3]]], b[:2]
    second.W[:], second.b[:] = [[w[4], w[5]]], b[2:]
    model, loss = Sequential(first, Sigmoid(), second, Sigmoid()), MSELoss(half=True)
    value = loss(model(np.array([x])), np.array([[y]]))
    dx = model.backward(loss.backward())[0]
    (dw1, dw3), (dw2, dw4) = first.dW
    return {"loss": value, "w1": dw1, "w2": dw2, "w3": dw3, "w4": dw4, "w5": second.dW[0, 0], "w6": second.dW[0, 1],
            "b1": first.db[0], "b2": first.db[1], "b3": second.db[0], "x1": dx[0], "x2": dx[1]}


@pytest.mark.parametrize("seed", range(5))
def test_formulas_of_the_lecture_equal_backward(seed):
    rng = np.random.default_rng(seed)
    numbers = {"x": tuple(rng.normal(size=2)), "y": rng.uniform(), "w": rng.normal(size=6), "b": rng.normal(size=3)}
    ours, theirs = lecture(**numbers), by_nnlib(**numbers)
    assert ours.keys() == theirs.keys()
    for name in ours:
        assert ours[name] == pytest.approx(theirs[name], rel=1e-12, abs=1e-15), name


def test_the_2_2_1_network_equals_pytorch():
    note, recorded = load_autograd()
    assert "PyTorch 2.13.0" in note and "tools/record_autograd.py" in note
    for name, value in by_nnlib(**CHAPTER).items():
        assert recorded["2-2-1"][name] == pytest.approx([value], rel=1e-13), name


@pytest.mark.parametrize("name", CLASSES)
def test_a_deep_network_equals_pytorch(name):
    recorded = load_autograd()[1][f"5-7-4-3 {name}"]
    rng = np.random.default_rng(0)
    model = Sequential(Linear(5, 7, rng=rng), CLASSES[name](), Linear(7, 4, rng=rng), CLASSES[name](),
                       Linear(4, 3, rng=rng))
    rng = np.random.default_rng(0)
    for _, parameter, _ in model.parameters():
        parameter[:] = rng.normal(size=parameter.shape)
    x, labels, loss = rng.normal(size=(6, 5)), rng.integers(3, size=6), CrossEntropyLoss()
    assert loss(model(x), labels) == pytest.approx(recorded["loss"][0], rel=1e-14)
    model.backward(loss.backward())
    for key, (_, _, gradient) in zip(("W1", "b1", "W2", "b2", "W3", "b3"), model.parameters(), strict=True):
        np.testing.assert_allclose(gradient.ravel(), recorded[key], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", CLASSES)
def test_functions_equal_pytorch(name):
    recorded, z = load_autograd()[1][name], np.arange(-6, 6.25, 0.5)
    for key, function in (("f", name), ("f_prime", f"{name}_prime")):
        np.testing.assert_allclose(getattr(nnlib.activations, function)(z), recorded[key], rtol=1e-13, atol=1e-15)


def test_the_path_to_the_loss_is_marked():
    plain, marked = plots.network_2_2_1(), plots.network_2_2_1(("w3", "1", "w5", "3", "L"))

    def count(figure):
        arrows = [text.arrow_patch for text in figure.axes[0].texts if text.arrow_patch is not None]
        return sum(arrow.get_linewidth() == 3 for arrow in arrows)

    assert count(plain) == 0
    assert count(marked) == 3  # w3, w5, and the arrow to L
