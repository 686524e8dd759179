"""The numbers on the slides, to every digit."""

import numpy as np
import pytest

from nnlib import SGD, AvgPool2d, Conv2d, Flatten, Linear, MaxPool2d, MSELoss, ReLU, Sequential, Sigmoid, fit
from nnlib.activations import sigmoid, tanh
from nnlib.convolution import output_length

rng = np.random.default_rng(0)


def digits(value, places=12):
    """Decimal numbers as they stand on the slide: 1.4 is stored as 1.4000000000000001."""
    return np.round(value, places).tolist()


def test_a24_one_step_of_gradient_descent():
    model, loss = Linear(1, 1, rng=rng), MSELoss(half=True)
    model.W[:], model.b[:] = 0.8, 0.2
    x, y = np.array([[1.5]]), np.array([[0.8]])
    assert digits(model.forward(x)) == [[1.4]]
    assert digits(loss.forward(model.forward(x), y)) == 0.18
    model.backward(loss.backward())
    assert (digits(model.dW), digits(model.db)) == ([[0.9]], [0.6])
    SGD(model, lr=0.1).step()
    assert (digits(model.W), digits(model.b)) == ([[0.71]], [0.14])
    assert digits(model.forward(x)) == [[1.205]]
    assert digits(loss.forward(model.forward(x), y)) == 0.0820125


def test_a24_with_fit():
    model = Linear(1, 1, rng=rng)
    model.W[:], model.b[:] = 0.8, 0.2
    history = fit(model, ([[1.5]], [[0.8]]), loss=MSELoss(half=True), optimizer=SGD(model, lr=0.1), epochs=2)
    assert digits(history.train_loss) == [0.18, 0.0820125]


def test_a25_gradients_of_the_2_2_1_network():
    """∂L/∂w₂ = δ₂x₁ and ∂L/∂x₂ = δ₁w₃ + δ₂w₄, where on this slide w₁, w₃ lead to z₁ and w₂, w₄ to z₂."""
    w1, w2, w3, w4 = 0.1, 0.2, 0.3, 0.4
    layer = Linear(2, 2, rng=rng)
    layer.W[:], layer.b[:] = [[w1, w3], [w2, w4]], 0
    x1, x2, delta1, delta2 = 1.5, -0.5, 0.7, -0.2
    layer.forward(np.array([[x1, x2]]))
    dx = layer.backward(np.array([[delta1, delta2]]))
    assert digits(layer.dW[1, 0]) == digits(delta2 * x1) == -0.3
    assert digits(dx[0, 1]) == digits(delta1 * w3 + delta2 * w4) == 0.13
    # and with δ from a whole network and its loss
    hidden, out = Linear(2, 2, rng=rng), Linear(2, 1, rng=rng)
    model, loss = Sequential(hidden, Sigmoid(), out, Sigmoid()), MSELoss(half=True)
    loss.forward(model.forward(np.array([[x1, x2]])), np.array([[1.0]]))
    dx = model.backward(loss.backward())
    delta = hidden.db  # b enters z with factor 1, so ∂L/∂b is δ
    np.testing.assert_allclose(hidden.dW[1, 0], delta[1] * x1, rtol=1e-14)
    np.testing.assert_allclose(dx[0, 1], delta[0] * hidden.W[0, 1] + delta[1] * hidden.W[1, 1], rtol=1e-14)


@pytest.mark.parametrize("length, kernel, stride, padding, out", [
    (6, 3, 1, 0, 4),  # 6 × 6 without padding: 4 × 4
    (6, 3, 1, 1, 6),  # padded to 8 × 8: 6 × 6
    (2, 3, 1, 1, 2), (4, 2, 2, 0, 2), (7, 3, 2, 0, 3), (5, 2, 2, 0, 2), (28, 5, 1, 2, 28), (10, 3, 3, 1, 4),
])
def test_a34_output_length(length, kernel, stride, padding, out):
    assert output_length(length, kernel, stride, padding) == out
    layer = Conv2d(1, 1, kernel, stride, padding, rng=rng)
    assert layer.forward(np.zeros((1, 1, length, length))).shape == (1, 1, out, out)


def test_a34_same_padding_keeps_the_size():
    for kernel in (1, 2, 3, 4, 5):
        assert Conv2d(1, 1, kernel, padding="same", rng=rng).forward(np.zeros((1, 1, 6, 6))).shape == (1, 1, 6, 6)


def test_a38_pooling():
    x = np.arange(1.0, 17).reshape(1, 1, 4, 4)
    assert AvgPool2d(2).forward(x)[0, 0].tolist() == [[3.5, 5.5], [11.5, 13.5]]
    assert MaxPool2d(2).forward(x)[0, 0].tolist() == [[6, 8], [14, 16]]


def test_a41_convolution_relu_pooling_linear():
    conv, full = Conv2d(1, 1, 3, stride=1, padding=1, rng=rng), Linear(1, 1, rng=rng)
    conv.W[:], conv.b[:], full.W[:], full.b[:] = np.eye(3), 0, 1, 1
    x = np.array([[1.0, 2], [3, 4]])[None, None]
    convolved = conv.forward(x)
    assert convolved[0, 0].tolist() == [[5, 2], [3, 5]]
    activated = ReLU().forward(convolved)
    assert activated[0, 0].tolist() == [[5, 2], [3, 5]]
    assert MaxPool2d(2).forward(activated).ravel().tolist() == [5]
    assert Sequential(conv, ReLU(), MaxPool2d(2), Flatten(), full).forward(x).tolist() == [[6]]


def test_a27_tanh_is_a_scaled_sigmoid():
    x = np.linspace(-20, 20, 401)
    np.testing.assert_allclose(tanh(x), 2 * sigmoid(2 * x) - 1, rtol=0, atol=1e-15)


def test_a08_stacked_linear_maps_are_one():
    """With row vectors as on the slide: w = w₁w₂, b = b₁w₂ + b₂."""
    first, second = Linear(4, 3, rng=rng), Linear(3, 2, rng=rng)
    x, w1, w2 = rng.standard_normal((5, 4)), first.W.T, second.W.T
    np.testing.assert_allclose(second.forward(first.forward(x)), x @ (w1 @ w2) + first.b @ w2 + second.b, rtol=1e-12)


def test_b11_two_relus_make_a_hard_sigmoid():
    from nnlib.activations import hard_sigmoid, relu

    x = np.linspace(-10, 10, 101)
    np.testing.assert_allclose(hard_sigmoid(x), relu(x / 6 + 0.5) - relu(x / 6 - 0.5), atol=1e-15)
