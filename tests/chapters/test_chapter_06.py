"""Chapter 6: the gallery's arithmetic in the page against nnlib, and the recorded races against a new run."""

import importlib.util
import itertools
import math
import re
from pathlib import Path

import numpy as np
import pytest

import nnlib
from nnbook.data import recorded
from nnbook.data.recorded import load_activation_races
from nnbook.exercises import questions
from nnbook.widgets import activation_gallery as make_gallery
from nnbook.widgets.playground.playground import mulberry32
from nnlib import Linear, Sequential, SwiGLU
from tests.support.chapters import cells, printed, prose
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


def test_an_overflow_is_not_a_dead_unit(engine):
    for gain in (0.2, 3.0):
        dead = engine.run("nn.activation_layers.experiment('swiglu', 1, gain, 20).dead", gain=gain)
        assert dead == gallery.experiment("swiglu", 1.0, gain, 20)[2].tolist()
        assert dead[-1] == (64 if gain < 1 else 0)  # vanished, or overflowed


def test_the_gallery_says_what_it_shows():
    source = (Path(gallery.__file__).parent / "activation_gallery.js").read_text("utf8")
    assert "Softmax({z}, 0, 0)" in source and "SwiGLU(a = ${z}, b = 1)" in source
    lowest = re.search(r"LOWEST = −?-?(\d+)", source)[1].translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    assert f'"spread of the gradient (if less: at 10⁻{lowest})"' in source


@pytest.fixture(scope="module")
def script():
    path = Path(__file__).parents[2] / "tools" / "measure_activations.py"
    spec = importlib.util.spec_from_file_location("measure_activations", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_recorded_races_are_whole_and_can_be_repeated(script):
    note, races = load_activation_races()
    assert "tools/measure_activations.py" in note
    assert {race: list(table) for race, table in races.items()} == {
        "gated": ["relu", "swiglu"], "product": ["relu", "swiglu"], "digits": list(script.ACTIVATIONS)}
    for race, table in races.items():
        for depths in table.values():
            assert tuple(depths) == (script.DEPTHS if race == "digits" else (1,))
            for rate, results in depths.values():
                assert results.shape == (len(script.SEEDS), 3) and np.isclose(script.RATES, rate, rtol=0.02).any()
    _, results = races["digits"]["softplus"][2]
    assert script.run("digits", "softplus", 2, 10.0**-2, seed=0) == pytest.approx(results[0], abs=0.005)


def test_what_the_chapter_says_of_the_races_is_what_was_measured():
    _, races = load_activation_races()
    text = prose("06_activation_functions")
    mean = {(name, depth): results[:, 2].mean() for name, table in races["digits"].items()
            for depth, (_, results) in table.items()}
    plain = {key: round(100 * value) for key, value in mean.items() if not key[0].endswith(("_skip", "_norm"))}
    for depth, least, most in ((2, 94, 96), (10, 92, 95)):
        reached = [value for (_, layers), value in plain.items() if layers == depth]
        assert (min(reached), max(reached)) == (least, most)
    assert "*every* function reaches 94 to 96 % with two layers and 92 to 95 % with ten, the sigmoid included" in text
    order = sorted((name for name, depth in mean if depth == 40), key=lambda name: -mean[name, 40])
    assert order == ["relu_skip", "sigmoid_norm", "elu", "softplus", "relu", "swish", "leaky_relu", "tanh", "sigmoid"]
    assert "ELU holds best, Softplus (at $g = 1.85$), ReLU, Swish and Leaky ReLU follow, tanh lies far" in text
    assert mean["sigmoid", 40] < 0.2 < 0.65 < mean["tanh", 40] < 0.8 < mean["leaky_relu", 40]
    scale = {(row["function"], int(row["depth"])): float(row["scale"])
             for row in recorded.read("activation_races.csv")[1] if row["race"] == "digits"}
    assert (scale["sigmoid", 10], scale["softplus", 40]) == (4.72, 1.85)
    assert "$g = 4.7$ that suits its gradient" in text
    assert mean["relu_skip", 40] > mean["relu_skip", 2] - 0.01 and "with skips 40 layers of ReLU lose nothing" in text
    assert round(100 * mean["sigmoid_norm", 40]) == 96 and "normalisation 40 layers of sigmoid reach 96 %" in text
    ranges = {name: np.ptp(table[40][1][:, 2]) for name, table in races["digits"].items()}
    assert max(ranges.values()) == ranges["leaky_relu"] == pytest.approx(0.16, abs=0.005)
    assert "16 points for Leaky" in text
    loss, test = ({(race, name): races[race][name][1][1][:, column] for race in ("gated", "product")
                   for name in ("relu", "swiglu")} for column in (1, 2))
    assert loss["gated", "relu"].max() < loss["gated", "swiglu"].min() and "*behind* at the end" in text
    assert abs(test["gated", "relu"].mean() - test["gated", "swiglu"].mean()) < 0.005
    assert loss["product", "swiglu"].max() < loss["product", "relu"].min()
    short = printed("06_activation_functions", 'for name, width in (("ReLU", 56)')
    relu, swiglu = (float(line.split("loss ")[1].split()[0]) for line in short.splitlines())
    assert swiglu < relu and "ahead after eight epochs" in text


def test_each_function_races_at_the_scales_that_suit_it(script):
    """With the scale of its signal alone the sigmoid got no gradient in ten layers, and was said to fail there."""
    z = np.random.default_rng(0).normal(size=1_000_000)
    for name in script.ACTIVATIONS:
        function = name.removesuffix("_skip").removesuffix("_norm")
        signal, gradient = (np.mean(getattr(nnlib.activations, f)(z) ** 2) ** -0.5
                            for f in (function, f"{function}_prime"))
        one = abs(gradient / signal - 1) < 0.1 or name.endswith("_norm")
        expected = [signal] if one else [signal, gradient, 2 * gradient]
        assert list(script.scales(name)) == pytest.approx(expected, rel=0.01)
    assert len(script.scales("sigmoid")) == len(script.scales("softplus")) == 3
    table = printed("06_activation_functions", "z = np.linspace(-8, 8, 4000)")
    left = dict(re.findall(r"sigmoid, g = (\S+): (\S+) is left", table))
    assert float(left["4.72"]) < 1e-6 and float(left["10"]) > 0.1
    assert "At $g = 10$ the gradient does survive" in prose("06_activation_functions")


def test_slopes_are_said_as_they_are():
    text = prose("06_activation_functions")
    assert "Probably not what you predicted" not in text
    assert "whatever the learning rate" not in text and "ReLU and its relatives have slope 1" not in text
    assert "layers:  1, at most 0.25" in printed("06_activation_functions", "for depth in (1, 5, 10, 20)")


def test_twenty_layers_of_sigmoids_have_one_value():
    first = printed("06_activation_functions", "for activation in (Sigmoid, ReLU)")
    table = printed("06_activation_functions", "CLASSES = ")
    row = next(line for line in table.splitlines() if line.startswith("sigmoid")).split()
    assert row[4] == re.search(r"(\S+) after 20 layers", first)[1] == "2e-13"
    gradient = gallery.experiment("sigmoid", None, 1.0, 20)[1]  # as the last layer gets it … as the first one does
    assert gradient[-1][1] == pytest.approx(1, abs=0.05) and f"{gradient[0][1]:.1e}" == "1.0e-12"
    assert "(one pass fewer than above, other random weights)" in prose("06_activation_functions")


def test_layers_that_kept_their_output_need_no_exponential(monkeypatch):
    used, exp, now = [], np.exp, []

    def counted(f):
        return lambda *given, **options: used.append(now[-1]) or f(*given, **options)

    layers = {layer: layer() for layer in (nnlib.Sigmoid, nnlib.Tanh, nnlib.ReLU, nnlib.LeakyReLU, nnlib.Swish,
                                                        nnlib.Softplus)}
    z = np.linspace(-3, 3, 7)
    for layer in layers.values():
        layer.forward(z)
    for name in ("exp", "tanh", "expm1"):
        monkeypatch.setattr(np, name, counted(getattr(np, name)))
    for kind, layer in layers.items():
        now.append(kind)
        layer.backward(exp(z))
    assert set(used) == {nnlib.Softplus}
    assert "$a(1 - a)$ and $1 - a^2$ come from the stored output" in prose("06_activation_functions")


def test_the_cost_figure_measures_no_recomputed_slope():
    from nnbook.plots import activation_functions as plots

    def refuse(z):
        raise AssertionError("f′ is called, though the layers find it from what they have kept")

    fig = plots.costs({"ReLU": (np.abs, refuse), "tanh": (np.tanh, refuse)}, np.ones(10))
    assert len(fig.axes[0].patches) == 2


@pytest.mark.parametrize("note", ["E17", "E18"])
def test_the_notes_on_the_slides(note):
    assert f"**Note on the slides ({note}).**" in prose("06_activation_functions")


def test_six_questions_each_with_diagnoses_hints_and_a_solution():
    tables = questions.chapter(6)
    asked = {source.split('"')[1] for source, *_ in cells("06_activation_functions") if source.startswith("quiz(")}
    assert asked == {f"6.{name}" for name in tables} and len(asked) >= 6
    for table in tables.values():
        assert len(table.get("mistakes", table.get("choices"))) >= 4 and table["hints"] and table["solution"]
    z = np.log([0.7, 0.2, 0.1])
    loss = nnlib.CrossEntropyLoss()
    loss.forward(z[None], np.array([1]))
    assert tables["softmax-delta"]["answer"] == pytest.approx(loss.backward()[0, 1])
    assert tables["three-sigmoids"]["answer"] == nnlib.activations.sigmoid_prime(0.0) ** 3
    assert 3 * 8 * tables["swiglu-width"]["answer"] == 2 * 8 * 12 == 192


@pytest.fixture(scope="module")
def chapter():
    return checks("06_activation_functions")


def test_exercise_1(chapter, capsys):
    for answer, message in ((10, "right"), (9, "not yet"), (math.log(1e-6, 0.25), "Round up"), (9.97, "Round up"),
                            (20, "factor ½")):
        assert message in said(capsys, chapter["check_1"], answer)


def test_exercise_2(chapter, capsys):
    def shifted(by):
        return lambda z: np.exp(z - by(z)) / np.exp(z - by(z)).sum()

    def slide(z):
        return np.exp(z) / np.exp(np.arange(1, len(z) + 1)).sum()

    def with_shift(divide):
        return lambda z: np.exp(z - z.max()) / divide(z)

    def naive(z):
        return np.exp(z) / np.exp(z).sum()

    for answer, message in ((with_shift(lambda z: np.exp(z - z.max()).sum()), "right"), (naive, "overflows"),
                            (with_shift(lambda z: np.exp(np.arange(1, len(z) + 1)).sum()), "E02"),
                            (slide, "E02"), (shifted(np.mean), "*largest*"), (shifted(np.min), "*largest*"),
                            (shifted(np.max), "right"), (with_shift(lambda z: np.exp(z).sum()), "denominator, too"),
                            (lambda z: naive(z / z.max()), "Dividing"), (shifted(lambda z: 1000), "one vector only"),
                            (with_shift(lambda z: 1), "add up to 1")):
        assert message in said(capsys, chapter["check_2"], answer)


def test_exercise_3(chapter, capsys):
    sigmoid = nnlib.activations.sigmoid
    parts = (lambda z, beta: sigmoid(beta * z)), (lambda z, beta: sigmoid(beta * z) * (1 - sigmoid(beta * z)))
    for answer, message in ((lambda z, b: parts[0](z, b) + b * z * parts[1](z, b), "right"),
                            (parts[0], "second term"), (lambda z, b: b * z * parts[1](z, b), "first term"),
                            (lambda z, b: parts[0](z, b) + z * parts[1](z, b), "derivative β"),
                            (lambda z, b: parts[0](z, b) + b * parts[1](z, b), "factor z"),
                            (lambda z, b: parts[0](z, b) * (1 + b * z) - parts[0](z, b), "Brackets"),
                            (lambda z, b: parts[0](z, b) + b * z * parts[1](z, 1), "inside one"),
                            (nnlib.activations.swish, "f itself")):
        assert message in said(capsys, chapter["check_3"], answer)


def test_exercises_4_and_5(chapter, capsys):
    for answer, message in ((1.6**0.5, "right"), (1.26, "right"), (1.6, "take the root"), (2**0.5, "negative half"),
                            ((2 / 1.5) ** 0.5, "squared"), (0.625**0.5, "one over")):
        assert message in said(capsys, chapter["check_4"], answer)
    for answer, message in ((lambda: nnlib.Swish(1.702), "right"), (nnlib.Swish, "β = 1"), (nnlib.ReLU, "✗"),
                            (lambda: ..., "not answered"), (lambda: nnlib.Swish, "brackets"),
                            (lambda: nnlib.activations.swish, "brackets"), (nnlib.activations.relu, "brackets"),
                            (nnlib.Swish(1.702), "new layer each time"), (lambda: 1 / 0, "ZeroDivisionError")):
        assert message in said(capsys, chapter["check_5"], answer)


def test_every_function_has_its_own_look():
    from nnbook.plots.activation_functions import LOOKS

    assert len({marker for *_, marker in LOOKS.values()}) == len(LOOKS) == 10
    assert len({color for color, _, _ in LOOKS.values()}) == 8  # with skips ReLU keeps its colour


def test_the_scale_that_the_chapter_derives():
    """E[f²] and E[f′²] for z with spread 1, by drawing; and SwiGLU stands among the vanishing."""
    rows = dict(re.findall(r"^([^\d\n]+?) +(\d\.\d\d +\d\.\d\d)$", printed("06_activation_functions",
                                                                "z = np.linspace(-8, 8, 4000)"), re.M))
    z = np.random.default_rng(0).normal(size=1_000_000)
    for name, numbers in rows.items():
        key = name.lower().replace(" ", "_")
        for said_g, f in zip(numbers.split(), (key, f"{key}_prime"), strict=True):
            assert float(said_g) == pytest.approx(np.mean(getattr(nnlib.activations, f)(z) ** 2) ** -0.5, abs=0.012)
    same = {name for name, numbers in rows.items() if len(set(numbers.split())) == 1}
    assert same == {"ReLU", "Leaky ReLU"} and len(rows) == 7
    assert re.search(r"SwiGLU +8e-01", printed("06_activation_functions", "CLASSES ="))


def test_the_unit_that_dies_gets_no_gradient_any_more():
    on = printed("06_activation_functions", "rng, unit =").split(":")[1].split()
    assert int(on[0]) > 1000 and set(on[4:]) == {"0"}
