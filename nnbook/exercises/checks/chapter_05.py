"""What the exercises of chapter 5 (backpropagation) say to an answer."""

import numpy as np

from nnbook.exercises import check
from nnlib import CrossEntropyLoss, Linear, Sequential, gradient_check
from nnlib.activations import sigmoid_prime


def check_1(answer):
    check("1 delta", answer, 0.2 * 0.5 * 0.6 * 0.4, mistakes={
        "That is ∂L/∂a₁: the factor σ′(z₁) is missing.": 0.1,
        "σ′(z₁) is a₁ (1 − a₁), not a₁.": 0.06,
        "σ′(z₁) is a₁ (1 − a₁): the factor a₁ is missing.": 0.04,
        "That is ∂L/∂w₅: the path must go on to z₁.": 0.12,
        "The weight w₅ on the way to a₁ is missing.": 0.048,
        "0.6 is a₁, the sigmoid's value already: σ′(z₁) = a₁ (1 − a₁).":
            lambda answer: abs(answer - 0.1 * sigmoid_prime(0.6)) < 1e-4,
        "1 − a² is the slope of tanh; the sigmoid's is a (1 − a).": 0.064})


def check_2(weight_gradient, input_gradient):
    rng = np.random.default_rng(2)
    A, W = rng.normal(size=(6, 4)), rng.normal(size=(3, 4))
    delta = rng.normal(size=(6, 3))
    check("2 weights", weight_gradient, lambda d, A: d.T @ A,
          inputs=[(delta, A)], mistakes={
              "The examples add up; the 1/N stands in the loss already.":
                  lambda d, A: d.T @ A / len(A)})
    check("2 inputs", input_gradient, lambda d, W: d @ W,
          inputs=[(delta, W)])


def check_3(answer):
    def y(v, w, x):  # the two uses as two weights
        return np.tanh(v * np.tanh(w * x))

    def outer(w, x):
        return (y(w + 1e-6, w, x) - y(w - 1e-6, w, x)) / 2e-6

    def inner(w, x):
        return (y(w, w + 1e-6, x) - y(w, w - 1e-6, x)) / 2e-6

    def slope(w, x):  # of the outer tanh
        return 1 - y(w, w, x) ** 2

    check("3 twice", answer, lambda w, x: outer(w, x) + inner(w, x),
          inputs=[(0.5, 1.0), (-1.2, 0.7)], tolerance=1e-5, mistakes={
              "That is the outer use only: the inner tanh has a w too.":
                  outer,
              "That is the inner use only: the outer tanh has a w too.":
                  inner,
              "Where branches meet, the products are added.":
                  lambda w, x: outer(w, x) * inner(w, x),
              "The slope of the outer tanh is missing; both uses have it.":
                  lambda w, x: (outer(w, x) + inner(w, x)) / slope(w, x),
              "In the inner use the outer w is missing: it stands on the way.":
                  lambda w, x: outer(w, x) + inner(w, x) / w,
              "In the inner use the factor x is missing.":
                  lambda w, x: outer(w, x) + inner(w, x) / x})


def check_4(answer, suspect, inputs, labels):
    rows = gradient_check(suspect, CrossEntropyLoss(), inputs, labels).rows
    wrong = max(rows, key=lambda row: row[3])[0]
    check("4 culprit", answer, wrong, mistakes={
        "That gradient agrees with the nudged one. Look at the last "
        "column of the table.":
            lambda name: name in {row[0] for row in rows} - {wrong}})


def check_5(answer):
    check("5 bill", answer, 15_700 + 10_100 + 200, mistakes={
        "The slopes of the 200 hidden units are missing.": 25_800,
        "The way back through the 100 weights of the output is missing.": 25_900,
        "These are the weights only: the deltas cost too.": 15_700,
        "One less: δ of the output is given, so its slope costs nothing.":
            26_001,
        "That is two for each weight. The first layer's weights need no way "
        "back, and the slopes of the hidden units are missing.": 31_400,
        "The deltas of the first hidden layer are missing: their way back "
        "goes through the 100 · 100 weights.": 15_900,
        "The way back ends at the first hidden layer: nobody asks for "
        "∂L/∂input.": 31_600})


def check_6(layer):
    z, delta = np.array([[0.5, -1.2], [2.0, 0.1]]), np.array([[1.0, 3], [2, -1]])
    here = "np.sin takes a whole array, math.sin a single number only: "
    try:
        sine = layer().forward(z.copy())
    except Exception as error:
        hint = here if isinstance(error, TypeError) and "scalar" in str(error) else ""
        print(f"✗ 6 sine: forward: {hint}{type(error).__name__}: {error}")
        return
    if sine is None:
        check("6 sine", None, True)
        return
    if not (np.shape(sine) == z.shape and np.allclose(sine, np.sin(z))):
        check("6 sine, forward", sine, np.sin(z), mistakes={
            "forward returns cos z, not sin z.": np.cos(z),
            "sin takes z in radians, as it comes.": np.sin(np.radians(z))})
        return
    rng = np.random.default_rng(4)
    inputs, labels = rng.normal(size=(10, 5)), rng.integers(3, size=10)
    network = Sequential(Linear(5, 6, rng=rng), layer(),
                         Linear(6, 3, rng=rng))
    try:
        result = gradient_check(network, CrossEntropyLoss(), inputs, labels)
    except Exception as error:
        print(f"✗ 6 sine: {type(error).__name__} in backward: {error}")
        return
    if result.worst < 1e-7:
        check("6 sine", True, True)
        return
    one = layer()
    one.forward(z)
    check("6 sine, backward", one.backward(delta), delta * np.cos(z), mistakes={
        "That is the slope alone; the delta that arrives is missing.": np.cos(z),
        "The slope of sin is not sin itself.": delta * np.sin(z),
        "The slope is taken at sin z; it must be taken at z.": delta * np.cos(np.sin(z)),
        "The slope is taken at delta; it must be taken at z.": np.cos(delta),
        "delta comes back unchanged: which factor does this layer put on it?": delta,
        "Deltas and slopes are multiplied, not added.": delta + np.cos(z)})
