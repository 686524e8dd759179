"""Chapter 6: the gallery's arithmetic in the page against nnlib, and the recorded table against a new run."""

import importlib.util
import itertools
import math
from pathlib import Path

import numpy as np
import pytest

import nnlib
from nnbook.data.recorded import load_deep_activations
from nnbook.widgets import activation_gallery as make_gallery
from nnbook.widgets.playground.playground import mulberry32
from nnlib import Linear, Sequential, SwiGLU
from tests.support.chapters import printed, prose
from tests.support.engine import Engine
from tests.support.exercises import checks, said

gallery = importlib.import_module("nnbook.widgets.activation_gallery.activation_gallery")
VALUES = {"slope": 0.1, "alpha": 1.5, "beta": 2.0}
LAYERS = {"sigmoid": nnlib.Sigmoid, "tanh": nnlib.Tanh, "softmax": nnlib.Softmax, "relu": nnlib.ReLU,
          "leaky_relu": lambda: nnlib.LeakyReLU(0.1), "elu": lambda: nnlib.ELU(1.5), "softplus": nnlib.Softplus,
          "swish": lambda: nnlib.Swish(2.0)}


def parameter(name):
    return VALUES.get(gallery.PARAMETERS.get(name))


@pytest.fixture(scope="module")
def engine():
    return Engine("activation_layers")


@pytest.mark.parametrize("name", gallery.TITLES)
@pytest.mark.parametrize(("gain", "depth"), [(0.6, 1), (1.0, 7), (1.8, 25)])
def test_the_page_computes_what_python_computes(engine, name, gain, depth):
    gain = 0.9 if name == "swiglu" else gain  # larger ones overflow
    got = engine.run("nn.activation_layers.experiment(name, p ?? undefined, gain, depth)", name=name,
                     p=parameter(name), gain=gain, depth=depth)
    signal, gradient, dead = gallery.experiment(name, parameter(name), gain, depth)
    np.testing.assert_allclose(got["signal"], signal, rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(got["gradient"], gradient, rtol=1e-6, atol=1e-300)
    assert got["dead"] == dead.tolist()


@pytest.mark.parametrize("name", gallery.TITLES)
def test_curves_of_the_page(engine, name):
    z = [-5.5, -1.0, -0.1, 0.3, 2.0, 6.0]
    got = engine.run("nn.activation_layers.curves(name, p ?? undefined).map(f => z.map(v => f(v)))", name=name,
                     p=parameter(name), z=z)
    for values, f in zip(got, gallery.curves(name, parameter(name)), strict=True):
        np.testing.assert_allclose(values, f(np.array(z)), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", [*LAYERS, "swiglu"])
def test_the_experiment_equals_a_network_of_nnlib(name):
    gain, depth, rng = 1.2, 6, np.random.default_rng(0)
    size, layers = gallery.WIDTH, []
    for l in range(1, depth + 1):
        W, V = (gallery.normals(l + 1000 * part, (size, size)) * gain / 8 for part in (0, 1))
        if name == "swiglu":
            layer = SwiGLU(size, size, beta=2.0, rng=rng)
            for linear, weights in ((layer.gate, W), (layer.value, V)):
                linear.W[:], linear.b[:] = weights, 0
            layers.append(layer)
        else:
            linear = Linear(size, size, rng=rng)
            linear.W[:], linear.b[:] = W, 0
            layers.append(Sequential(linear, LAYERS[name]()))
    a, signal, gradient = gallery.normals(2001, (gallery.BATCH, size)), [], []
    for layer in layers:
        a = layer(a)
        signal.append((a.mean(), a.std()))
    delta = gallery.normals(2002, a.shape)
    for layer in reversed(layers):
        gradient.insert(0, (delta.mean(), delta.std()))
        delta = layer.backward(delta)
    got = gallery.experiment(name, parameter(name), gain, depth)
    np.testing.assert_allclose(got[0], signal, rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(got[1], gradient, rtol=1e-9, atol=1e-300)


def test_dead_units_are_counted():
    _, _, dead = gallery.experiment("relu", None, 1.4, 30)
    assert dead[0] == 0 and dead[-1] > 10
    assert gallery.experiment("leaky_relu", 0.01, 1.4, 30)[2].sum() == 0


def test_normals_are_box_and_muller_on_the_pages_generator():
    uniform = mulberry32(7)
    pairs = list(itertools.islice(zip(uniform, uniform, strict=False), 6))
    wanted = [math.sqrt(-2 * math.log(1 - u)) * math.cos(2 * math.pi * v) for u, v in pairs]
    np.testing.assert_allclose(gallery.normals(7, 6), wanted, rtol=1e-14)
    many = gallery.normals(1, 100_000)
    assert abs(many.mean()) < 0.01 and abs(many.std() - 1) < 0.01


def test_unknown_functions_are_named():
    for wrong in ({"function": "gelu"}, {"other": "gelu"}):
        with pytest.raises(ValueError, match=r"must be one of sigmoid, .* got 'gelu'"):
            make_gallery(**wrong)


def test_the_recorded_table_is_whole_and_can_be_repeated():
    note, table = load_deep_activations()
    assert "tools/measure_activations.py" in note
    path = Path(__file__).parents[2] / "tools" / "measure_activations.py"
    spec = importlib.util.spec_from_file_location("measure_activations", path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert list(table) == list(script.ACTIVATIONS)
    for depths in table.values():
        assert tuple(depths) == script.DEPTHS
        assert all(len(values) == len(script.SEEDS) and (values > 0).all() and (values < 1).all()
                   for values in depths.values())
    again = script.accuracy(nnlib.ReLU, 2, seed=1)
    assert again == pytest.approx(table["relu"][2][1], abs=0.02)


def test_swiglu_learns_the_product_better_when_both_are_trained_on():
    table, text = printed("06_activation_functions", "print(\"digits\")"), prose("06_activation_functions")
    relu, swiglu = (float(line.split("loss ")[1].split()[0]) for line in table.splitlines()[-2:])
    assert swiglu < 0.6 * relu and "Probably not what you predicted" not in text
    assert "whatever the learning rate" not in text and "ReLU and its relatives have slope 1" not in text
    assert "1 layer: at most 0.25" in printed("06_activation_functions", "for depth in (1, 5, 10, 20)")


@pytest.fixture(scope="module")
def chapter():
    return checks("06_activation_functions")


def test_exercise_1(chapter, capsys):
    for answer, message in ((10, "right"), (9, "not yet"), (math.log(1e-6, 0.25), "Round up"), (20, "factor ½")):
        assert message in said(capsys, chapter["check_1"], answer)


def test_exercise_2(chapter, capsys):
    def with_shift(divide):
        return lambda z: np.exp(z - z.max()) / divide(z)

    def naive(z):
        return np.exp(z) / np.exp(z).sum()

    for answer, message in ((with_shift(lambda z: np.exp(z - z.max()).sum()), "right"), (naive, "overflows"),
                            (with_shift(lambda z: np.exp(np.arange(1, len(z) + 1)).sum()), "E02"),
                            (with_shift(lambda z: 1), "add up to 1")):
        assert message in said(capsys, chapter["check_2"], answer)


def test_exercise_3(chapter, capsys):
    sigmoid = nnlib.activations.sigmoid
    parts = (lambda z, beta: sigmoid(beta * z)), (lambda z, beta: sigmoid(beta * z) * (1 - sigmoid(beta * z)))
    for answer, message in ((lambda z, b: parts[0](z, b) + b * z * parts[1](z, b), "right"),
                            (parts[0], "second term"), (lambda z, b: b * z * parts[1](z, b), "first term"),
                            (lambda z, b: parts[0](z, b) + z * parts[1](z, b), "derivative β"),
                            (lambda z, b: parts[0](z, b) + b * parts[1](z, b), "factor z")):
        assert message in said(capsys, chapter["check_3"], answer)


def test_exercises_4_and_5(chapter, capsys):
    for answer, message in ((1.6**0.5, "right"), (1.6, "take the root"), (2**0.5, "negative half"),
                            ((2 / 1.5) ** 0.5, "squared"), (0.625**0.5, "one over")):
        assert message in said(capsys, chapter["check_4"], answer)
    for answer, message in ((lambda: nnlib.Swish(1.702), "right"), (nnlib.Swish, "β = 1"), (nnlib.ReLU, "✗"),
                            (lambda: ..., "not answered")):
        assert message in said(capsys, chapter["check_5"], answer)


def test_every_function_has_its_own_look():
    from nnbook.plots.activation_functions import LOOKS

    assert len({color for color, _, _ in LOOKS.values()}) == len({marker for *_, marker in LOOKS.values()}) == 8
