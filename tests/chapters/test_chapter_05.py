"""Chapter 5: the formulas of the lecture against nnlib, and nnlib against what PyTorch computed."""

import math

import numpy as np
import pytest

import nnlib
from nnbook.data.recorded import load_autograd
from nnbook.exercises import quiz
from nnbook.plots import backpropagation as plots
from nnlib import CrossEntropyLoss, Linear, MSELoss, Sequential, Sigmoid
from tests.support.chapters import printed, prose, run
from tests.support.exercises import checks, said

NAME = "05_backpropagation"

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


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_formulas_of_the_multiplications_agree_with_counting(width):
    """Three layers, counted by walking through them: for each delta and each weight."""
    def delta(layer):  # 3 is the output
        return 1 if layer == 3 else width * (1 + delta(layer + 1)) + 1

    assert plots.WAYS["forgetting deltas"](width, 3) == sum(width**2 * (1 + delta(layer)) for layer in (1, 2, 3))
    deltas = width * sum(1 if layer == 3 else width + 1 for layer in (1, 2, 3))
    assert plots.WAYS["backpropagation"](width, 3) == 3 * width**2 + deltas
    assert plots.WAYS["nudging each weight"](width, 3) == 2 * (3 * width**2) * (3 * width**2)


def test_the_bill_at_the_start_is_what_the_counter_counts():
    first, counted = printed(NAME, "inputs, hidden, outputs"), printed(NAME, "W = [[[w1, w3]")
    promised = first.split("backpropagation:")[1].split()[0]
    assert f"784-128-10: {promised}" in counted and f"takes {promised}" in prose(NAME)
    forward = 784 * 128 + 128 * 10
    assert promised == f"{forward + 128 * 10 + 128 + 10:,}" and "two more forward passes" not in prose(NAME)


def test_nudging_is_the_dearest_way_where_the_text_says_so():
    def dearest(width, depth):
        return max(plots.WAYS, key=lambda way: plots.WAYS[way](width, depth))

    assert all(dearest(1, depth) == "nudging each weight" for depth in range(2, 21))
    assert [dearest(2, depth) for depth in (6, 7)] == ["nudging each weight", "forgetting deltas"]
    chain = [plots.WAYS[way](1, 20) for way in ("nudging each weight", "forgetting deltas")]
    assert "(20 layers: {} against {})".format(*chain) in prose(NAME) and "lies between" not in prose(NAME)


@pytest.mark.parametrize("seed", range(3))
def test_both_sweeps_of_the_record_find_every_derivative(seed):
    """Random expressions, each number used several times: three ways agree; one edge, one product."""
    names = run(NAME, "def sigmoid", "class Value", "def backward")
    rng = np.random.default_rng(seed)
    starts, ways = rng.normal(size=4), rng.integers(0, 3, 12).tolist()
    pairs = [rng.integers(0, 4 + k, 2).tolist() for k in range(12)]

    def record(numbers):
        values = [names["Value"](float(x)) for x in numbers]
        for way, (i, j) in zip(ways, pairs, strict=True):
            p, q = values[i], values[j]
            values.append([lambda p=p, q=q: p + q, lambda p=p, q=q: p * q, p.sigmoid][way]())
        return values

    values = record(starts)
    slopes, count = names["backward"](values[-1])
    edges = sum(len(value.made_from) for value in names["record"](values[-1], {}))
    assert count == edges
    for k in range(4):
        ahead, passed = names["forward"](values[k], values[-1]) if values[k] in slopes else (0, edges)
        up, down = (record(starts + h * np.eye(4)[k])[-1].x for h in (1e-6, -1e-6))
        assert slopes.get(values[k], 0) == pytest.approx(ahead) == pytest.approx((up - down) / 2e-6, abs=1e-6)
        assert passed == edges
    assert values[-1] in slopes and slopes[values[-1]] == 1


@pytest.fixture(scope="module")
def chapter():
    return checks("05_backpropagation", "rng = np.random.default_rng(0)\nnetwork", "class SlyLinear")


@pytest.mark.parametrize(("answer", "message"), [
    (..., "not answered"), (0.024, "right"), (0.1, "σ′(z₁) is missing"), (0.06, "not a₁"), (0.04, "factor a₁"),
    (0.12, "∂L/∂w₅"), (-0.024, "sign"), (0.048, "w₅ on the way"), (0.022878, "value already"),
    (0.064, "slope of tanh")])
def test_exercise_1(chapter, capsys, answer, message):
    assert message in said(capsys, chapter["check_1"], answer)


@pytest.mark.parametrize(("weights", "inputs", "first", "second"), [
    (lambda d, A: d.T @ A, lambda d, W: d @ W, "right", "right"),
    (lambda d, A: A.T @ d, lambda d, W: W.T @ d.T, "transposed", "transposed"),
    (lambda d, A: d.T @ A / len(A), lambda d, W: d @ W.T, "the examples add up", "raises ValueError"),
    (lambda d, A: None, lambda d, W: None, "not answered", "not answered")])
def test_exercise_2(chapter, capsys, weights, inputs, first, second):
    one, two = said(capsys, chapter["check_2"], weights, inputs).splitlines()
    assert first in one.lower() and second.lower() in two.lower()


def test_exercise_3(chapter, capsys):
    def use(outer, inner):
        def dy_dw(w, x):
            a = np.tanh(w * x)
            slope = 1 - np.tanh(w * a) ** 2
            return slope * (outer * a + inner * w * (1 - a**2) * x)
        return dy_dw

    for answer, message in ((use(1, 1), "right"), (use(1, 0), "outer use only"), (use(0, 1), "inner use only"),
                            (lambda w, x: use(1, 0)(w, x) * use(0, 1)(w, x), "are added"),
                            (lambda w, x: use(1, 1)(w, x) / (1 - np.tanh(w * np.tanh(w * x)) ** 2),
                             "slope of the outer"),
                            (lambda w, x: use(1, 1 / w)(w, x), "outer w is missing"),
                            (lambda w, x: use(1, 1 / x)(w, x), "factor x is missing")):
        assert message in said(capsys, chapter["check_3"], answer)


def test_exercises_4_and_5(chapter, capsys):
    given = [chapter[name] for name in ("suspect", "inputs", "labels")]
    for answer, message in (("2.b", "right"), ("2.W", "agrees with the nudged one"), ("input", "agrees")):
        assert message in said(capsys, chapter["check_4"], answer, *given)
    for answer, message in ((25_900, "weights of the output"), (26_000, "right"), (25_800, "slopes"),
                            (15_700, "weights only"), (15_900, "first hidden layer"), (26_001, "is given"),
                            (31_400, "two for each weight"), (31_600, "∂L/∂input")):
        assert message in said(capsys, chapter["check_5"], answer)


def test_exercise_6(chapter, capsys):
    class Sine(nnlib.Layer):
        slope = staticmethod(np.cos)

        def forward(self, z):
            self.z = z
            return np.sin(z)

        def backward(self, delta):
            return delta * self.slope(self.z)

    class Wrong(Sine):
        slope = staticmethod(np.sin)

    class Single(Sine):
        def forward(self, z):
            return math.sin(z)

    class Alone(Sine):
        def backward(self, delta):
            return np.cos(self.z)

    class AtOutput(Sine):
        def forward(self, z):
            self.z = np.sin(z)
            return self.z

    class Negative(Sine):
        slope = staticmethod(lambda z: -np.cos(z))

    class Through(Sine):
        slope = staticmethod(np.ones_like)

    class Cosine(Sine):
        def forward(self, z):
            return np.cos(z)

    class Forgetful(Sine):
        def forward(self, z):
            return np.sin(z)

    class Empty(Sine):
        def forward(self, z):
            return None

    for layer, message in ((Sine, "right"), (Wrong, "not sin itself"), (Cosine, "forward returns cos z"),
                           (Single, "math.sin a single number"), (Alone, "slope alone"), (AtOutput, "at sin z"),
                           (Negative, "sign is wrong"), (Through, "unchanged"),
                           (Forgetful, "in backward"), (Empty, "not answered")):
        text = said(capsys, chapter["check_6"], layer)
        assert message in text
        assert layer is Cosine or "cos" not in text  # which is what is to be found


@pytest.mark.parametrize(("name", "answer", "message"), [
    ("5.delta", "delta3*w5*sigmoid(z1)*(1-sigmoid(z1))", "Right"), ("5.delta", "delta3*w5*a1*(1-sigmoid(z1))", "Right"),
    ("5.delta", "δ₁ = δ₃ w₅ a₁ (1 − a₁)", "Right"), ("5.delta", "delta3*w5*z1*(1-z1)", "another formula"),
    ("5.delta", "delta3*w5*sigmoid(z1)", "is not $a_1$ but"), ("5.delta", "δ3 w5 σ'(z1)", "Right"),
    ("5.delta", "delta3 a1 (1-a1)", "weight on the way"), ("5.delta", "delta3*w6*a1*(1-a1)", "unit 2"),
    ("5.delta", "delta3*w5*(1-a1²)", "slope of tanh"), ("5.input-gradient", "δ1 w4 + δ2 w3", "exchanged"),
    ("5.weight-gradient", "delta1*x2", "forward slide"), ("5.input-gradient", "delta1*w2 + delta2*w4", "forward slide"),
    ("5.input-gradient", "delta1*w1 + delta2*w2", "This is")])
def test_what_the_questions_say(name, answer, message):
    assert message in quiz(name).grade(answer)[1]


def test_the_price_of_the_way_back_is_said_as_it_is_counted():
    """784-128-10 takes one forward pass, a deep network of width 100 about two, a narrow one more."""
    def passes(width, depth):
        return plots.WAYS["backpropagation"](width, depth) / (depth * width**2)

    assert passes(100, 20) == pytest.approx(2, rel=0.05) == passes(100, 200) and passes(2, 8) > 2.3
    assert "about two in a deep and wide network" in prose("05_backpropagation")
