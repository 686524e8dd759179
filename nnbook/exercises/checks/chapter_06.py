"""What the exercises of chapter 6 (activation functions) say to an answer."""

import inspect

import numpy as np

from nnbook.exercises import check
from nnlib import activations as act


def check_1(answer):
    check("1 layers", answer, 10, mistakes={
        "Nine layers leave 0.25⁹ = 3.8e-6: not yet.": 9,
        "Round up: a layer cannot be split.": lambda answer: 9 < answer < 10,
        "That is for a factor ½; the sigmoid has ¼.": 20})


def check_2(answer):
    def over(z, denominator):
        return np.exp(z) / denominator(z)

    def indices(z):
        return np.exp(np.arange(1, len(z) + 1)).sum()

    def shifted(by):
        return lambda z: np.exp(z - by(z)) / np.exp(z - by(z)).sum()

    small, large = np.array([2.0, 0.5, -1.0]), np.array([1000.0, 1001.0, 990.0])
    slide = "That is the slide's formula (E02): the denominator needs the scores, not their index."
    with np.errstate(over="ignore", invalid="ignore"):
        check("2 softmax", answer, act.softmax, inputs=[(small,), (large,), (np.array([0.0, 0.0, 0.0, 1000.0]),)],
              mistakes={
                  "Right for small scores, but e¹⁰⁰⁰ overflows: subtract the largest score first.":
                      lambda z: over(z, lambda z: np.exp(z).sum()),
                  "Subtract the *largest* score: what lies far above the mean or the smallest still overflows.":
                      shifted(np.mean),
                  slide: lambda z: over(z - z.max(), lambda _: indices(z)),
                  f"{slide} And e¹⁰⁰⁰ overflows.": lambda z: over(z, indices),
                  "Divide by the sum, so that all add up to 1.": lambda z: np.exp(z - z.max()),
                  "Subtract it in the denominator, too: what is below the line must be what is above it, summed.":
                      lambda z: np.exp(z - z.max()) / np.exp(z).sum(),
                  "Dividing the scores changes their differences, and with them the answer. Subtract.":
                      lambda z: act.softmax(z / z.max()),
                  "1000 suits one vector only: small scores vanish. Subtract what belongs to *this* vector.":
                      shifted(lambda _: 1000)})


def check_3(answer):
    z, sigmoid, slope = np.linspace(-4, 4, 9), act.sigmoid, act.sigmoid_prime
    check("3 Swish", answer, act.swish_prime, inputs=[(z, 1.0), (z, 2.5)],
          mistakes={
              "The second term of the product rule is missing.":
                  lambda z, beta: sigmoid(beta * z),
              "The first term of the product rule is missing.":
                  lambda z, beta: beta * z * slope(beta * z),
              "The inner derivative β is missing.":
                  lambda z, beta: sigmoid(beta * z) + z * slope(beta * z),
              "The factor z of the second term is missing.":
                  lambda z, beta: sigmoid(beta * z) + beta * slope(beta * z),
              "Brackets: β z σ belongs to all of (1 − σ).":
                  lambda z, beta: sigmoid(beta * z) + beta * z * sigmoid(beta * z) - sigmoid(beta * z),
              "β is missing inside one σ: both are taken at βz.":
                  lambda z, beta: sigmoid(beta * z) + beta * z * slope(z),
              "That is f itself.": act.swish})


def check_4(answer):
    check("4 scale", answer, np.sqrt(2 / (1 + 0.5**2)), tolerance=5e-3, mistakes={
        "That is g²: take the root.": 1.6,
        "That is the scale of ReLU: the negative half is missing.":
            np.sqrt(2),
        "The slope counts squared.": np.sqrt(2 / 1.5),
        "That is the root mean square of f: g must make up for it, "
        "so it is one over that.": np.sqrt(1.25 / 2)})


def check_5(answer):
    z = np.array([[-1.0, 0.5, 2.0]])

    def values(z):
        if hasattr(answer, "forward") and not isinstance(answer, type):
            return np.full_like(z, 1e300)
        try:
            inspect.signature(answer).bind()
        except TypeError:  # a function of z
            return np.full_like(z, -1e300)
        layer = answer()
        if layer is None or layer is ...:
            return None
        if isinstance(layer, type) or not hasattr(layer, "forward"):
            return np.full_like(z, -1e300)  # no layer gives that
        return layer.forward(z)

    check("5 GELU", values, lambda z: act.swish(z, 1.702), inputs=[(z,)], mistakes={
        "Return a layer, made with brackets as in Tanh(): not the class alone, not a function, not numbers.":
            lambda z: np.full_like(z, -1e300),
        "That is one layer. gelu is to be a function: gelu() makes a new layer each time.":
            lambda z: np.full_like(z, 1e300),
        "That is Swish with β = 1.": act.swish,
        "The factor 1.702 belongs inside the sigmoid.": lambda z: 1.702 * act.swish(z)})
