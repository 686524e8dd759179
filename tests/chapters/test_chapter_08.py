"""Chapter 8: the worked network, the network builder and the receptive fields against nnlib, the training script."""

import base64
import itertools

import numpy as np
import pytest

from nnbook import data
from nnbook.plots import convolution as plots
from nnbook.widgets.core.packed_layers import packed_layers
from nnbook.widgets.draw_digit.draw_digit import draw_digit
from nnbook.widgets.network_builder.network_builder import built_network, network_builder
from nnlib import (
    Conv2d,
    CrossEntropyLoss,
    Flatten,
    Linear,
    MaxPool2d,
    ReLU,
    Sequential,
    Sigmoid,
    accuracy,
    activations,
    summary,
)
from tests.support.chapters import output, printed, prose, run
from tests.support.engine import Engine
from tests.support.exercises import checks
from tools import train_digits

from .test_chapter_07 import graded, said


@pytest.fixture(autouse=True)
def static(monkeypatch):
    monkeypatch.setenv("NNLIB_STATIC", "1")


@pytest.fixture(scope="module")
def engine():
    return Engine("network_builder", "draw_digit")


def test_what_helps_as_the_chapter_tells_it():
    """Moved examples lift a large perceptron nearly to the convolutional network; the mean over places helps alone."""
    table = {key: scores.mean(axis=0) for key, (_, scores) in data.load_ablation().items()}
    assert {key[0]: size for key, (size, _) in data.load_ablation().items()} == {
        "11 hidden": 8755, "128 hidden": 101_770, "convolutions": 8906, "convolutions, mean": 6346}
    assert table["11 hidden", "moved"][0] < table["11 hidden", "as it is"][0] - 0.02
    assert table["128 hidden", "moved"][0] > table["128 hidden", "as it is"][0]
    assert table["128 hidden", "moved"][1] > 0.9 < table["convolutions", "moved"][1]
    assert table["convolutions, mean", "as it is"][1] > table["convolutions", "as it is"][1] + 0.1
    assert table["convolutions, mean", "as it is"][0] < table["convolutions", "as it is"][0]
    text = prose("08_convolutional_networks")
    assert "eleven neurons are too few" not in text and "reads 91 % of the moved digits" in text


@pytest.mark.parametrize(("network", "name"), [("11 hidden", "mlp"), ("convolutions", "cnn")])
def test_the_ablation_is_that_of_the_stored_networks(network, name):
    """Seed 0 of the record, measured again with the weights that were kept."""
    _, (x, y) = data.load_mnist()
    far = data.shift_images(x, 3, np.random.default_rng(1))
    for on, suffix in (("as it is", "_plain"), ("moved", "")):
        model = train_digits.build(name, np.random.default_rng(0)).load(data.trained(name + suffix))
        measured = [accuracy(model(images), y) for images in (x, far)]
        assert data.load_ablation()[network, on][1][0] == pytest.approx(measured, abs=0.003)


def test_dead_maps_are_said_aloud():
    assert "maps that answer to some digit: 22 of 32" in output("08_convolutional_networks", "their favourites")
    assert "Ten maps never answer" in prose("08_convolutional_networks")


def test_the_lectures_worked_network():
    rng = np.random.default_rng(0)
    model = Sequential(Conv2d(1, 1, 3, padding=1, rng=rng), ReLU(), MaxPool2d(2), Flatten(), Linear(1, 1, rng=rng))
    model[0].W[0, 0], model[0].b[:], model[4].W[:], model[4].b[:] = np.eye(3), 0, 1, 1
    outputs = [y.tolist() for _, y in plots.outputs_of(model, np.array([[[[1.0, 2.0], [3.0, 4.0]]]]))]
    assert outputs == [[[[[5, 2], [3, 5]]]], [[[[5, 2], [3, 5]]]], [[[[5]]]], [[5]], [[6]]]


SETTINGS = {"size": [28, 33], "colours": [1, 3], "N": [1, 3], "M": [1, 2], "kernel": [1, 3, 5], "channels": [4],
            "padding": ["same", "none"], "pooling": ["max", "average", "none"], "K": [1, 3], "hidden": [16]}


def test_builder_in_the_page_equals_summary(engine):
    """Shapes, parameters and multiply-adds of every layer, for all settings that leave something of the image."""
    compared = 0
    for values in itertools.product(*SETTINGS.values()):
        state = dict(zip(SETTINGS, values, strict=True)) | {"classes": 10}
        got = engine.run("nn.network_builder.build(s)", s=state)
        if "broken" in got:
            continue
        compared += 1
        want = [row for row in summary(built_network(state), (state["colours"], state["size"], state["size"])).rows
                if not row[0].startswith(("ReLU", "Flatten"))]
        rows = got["rows"][1:]
        assert [(tuple(r["shape"]), r["parameters"], r["work"]) for r in rows] == [tuple(row[1:]) for row in want]
    assert compared > 300


@pytest.mark.parametrize("state", [
    {"N": 2, "M": 2, "kernel": 3, "pooling": "average"}, {"N": 3, "M": 1, "kernel": 5, "pooling": "average"},
    {"N": 2, "M": 2, "kernel": 3, "pooling": "none"}])
def test_receptive_field_of_the_builder_is_what_backpropagation_finds(engine, state):
    state = {"size": 96, "colours": 1, "channels": 1, "padding": "none", "K": 1, "hidden": 16, "classes": 10} | state
    rows = engine.run("nn.network_builder.build(s)", s=state)["rows"]
    field = [r["field"] for r in rows if r["kind"] in ("conv", "pool")][-1]
    layers = [layer for layer in built_network(state).layers if not isinstance(layer, ReLU | Flatten | Linear)]
    model = Sequential(*layers)
    delta = np.zeros_like(model(np.random.default_rng(0).normal(size=(1, 1, 96, 96))))
    delta[0, 0, delta.shape[2] // 2, delta.shape[3] // 2] = 1
    seen = np.flatnonzero(model.backward(delta)[0, 0].any(axis=1))
    assert seen[-1] - seen[0] + 1 == field


def test_builder_says_where_nothing_is_left(engine):
    state = {"size": 8, "colours": 1, "N": 3, "M": 1, "kernel": 5, "channels": 4, "padding": "none", "pooling": "max",
             "K": 1, "hidden": 16, "classes": 10}
    assert engine.run("nn.network_builder.build(s)", s=state)["broken"] == "convolution 1 of block 2"


def test_builder_starts():
    assert "52,138" in repr(summary(built_network(network_builder().state), (1, 28, 28)))


@pytest.mark.parametrize(("s", "l", "at"), [
    (0, 0, (0, 23)), (1, 2, (5, 5)), (2, 3, (9, 0)), (3, 5, (4, 2)), (4, 6, (2, 1))])
def test_receptive_fields_of_the_pad(engine, s, l, at):
    """In the page, in the figures, and by backpropagation: the same pixels."""
    model = train_digits.cnn(np.random.default_rng(0)).astype(np.float64)
    layers = model.layers[: l + 1]
    page = engine.run("nn.stages.seen(layers, nn.stages.stagesOf(layers), [], s, at)[0]", layers=packed_layers(model),
                      s=s, at=list(at))
    (top, bottom), (left, right) = plots.receptive_field(layers, at)
    assert page == [[top, bottom - 1], [left, right - 1]]
    part = Sequential(*[layer for layer in layers if not isinstance(layer, ReLU)])
    x = np.random.default_rng(1).normal(size=(200, 1, 28, 28))  # which pixel is the largest differs from image to image
    delta = np.zeros_like(part(x))
    delta[:, :, at[0], at[1]] = 1
    seen = (part.backward(delta) != 0).any(axis=(0, 1))
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    assert (rows[0], rows[-1] + 1, columns[0], columns[-1] + 1) == (top, bottom, left, right)


def test_drawing_that_is_centred(engine):
    """A small drawing in a corner becomes 20 pixels large, with its centre of mass in the middle."""
    rows = np.zeros((28, 28))
    rows[2:12, 3:8] = 1
    got = np.array(engine.run("nn.drawing_pad.centred(rows)", rows=rows.tolist()))
    place = np.indices((28, 28)).reshape(2, -1)
    assert place @ got.ravel() / got.sum() == pytest.approx([13.5, 13.5], abs=0.1)
    assert 19 <= np.flatnonzero(got.max(axis=1) > 0.5).size <= 21
    assert not np.any(engine.run("nn.drawing_pad.centred(rows)", rows=np.zeros((28, 28)).tolist()))


def test_pad_in_python():
    model = train_digits.cnn(np.random.default_rng(0)).load(data.trained("cnn"))
    pad = draw_digit(model, start=7)
    assert pad.image.shape == (1, 1, 28, 28) and pad.image.dtype == np.float32
    assert model(pad.image).argmax() == 7


def test_pad_live(monkeypatch):
    monkeypatch.delenv("NNLIB_STATIC")
    model = train_digits.cnn(np.random.default_rng(0)).load(data.trained("cnn"))
    pad = draw_digit(model, start=2)
    assert model(pad.image).argmax() == 2
    pad.pixels = [0.0] * 784  # as the page does after "Clear"
    assert pad.image.shape == (1, 1, 28, 28) and not pad.image.any()


def test_pad_refuses():
    rng = np.random.default_rng(0)
    with pytest.raises(TypeError, match="Sigmoid"):
        draw_digit(Sequential(Flatten(), Linear(784, 10, rng=rng), Sigmoid()))
    with pytest.raises(ValueError, match="start"):
        draw_digit(train_digits.cnn(rng), start=10)


def test_script_trains(monkeypatch):
    """Four epochs on 640 digits teach something; the same seed gives the same network."""
    monkeypatch.setattr(train_digits, "EPOCHS", 4)
    (x, y), (x_test, y_test) = data.load_mnist()
    part = ((x[:640], y[:640]), (x_test[:200], y_test[:200]))
    model, seconds, accuracies = train_digits.train("cnn_plain", *part, data.load_pixel_order())
    again = train_digits.train("cnn_plain", *part, data.load_pixel_order())[2]
    assert accuracies[-1] > 0.3 and accuracies.tolist() == again.tolist() and len(seconds) == 4


def test_mosaic():
    images = np.arange(12.0).reshape(2, 2, 3)
    assert plots.mosaic(images, gap=1).tolist() == [[0, 1, 2, None, 6, 7, 8], [3, 4, 5, None, 9, 10, 11]]
    assert plots.mosaic(images, columns=1).tolist() == [[0, 1, 2], [3, 4, 5], [None] * 3, [6, 7, 8], [9, 10, 11]]
    assert plots.mosaic(np.ones((3, 1, 1)), columns=2).tolist() == [[1, None, 1], [None] * 3, [1, None, None]]


@pytest.mark.parametrize(("question", "answer", "message"), [
    ("upper left", "5", None), ("upper left", "1", "pixel itself"), ("upper left", "4", "middle 1"),
    ("whole network", "6", None), ("whole network", "5", "bias 1"), ("whole network", "16", "only the largest"),
    ("without pooling", "about fifteen times as many", None), ("without pooling", "about four times as many", "two of"),
    ("16 kernels", "1168", None), ("16 kernels", "1152", "bias"), ("16 kernels", "160", "as deep"),
    ("288 inputs", "32 maps of 3 × 3", None), ("288 inputs", "32 kernels of 3 × 3", "not the kernels")])
def test_quizzes(question, answer, message):
    graded("08_convolutional_networks", question, answer, message)


@pytest.fixture(scope="module")
def chapter():
    return checks("08_convolutional_networks")


@pytest.mark.parametrize(("convolved", "answer", "first", "second"), [
    (..., ..., "not answered", "not answered"), ([[-1, 0], [1, -1]], 2, "✓", "✓"),
    ([[0, 0], [1, 0]], 1, "ReLU already", "bias"), ([[2, 0], [1, -3]], 1.25, "pixels", "mean"),
    ([[2, 1], [1, -3]], 0, "upper left", "ReLU first")])
def test_exercise_1(chapter, capsys, convolved, answer, first, second):
    one, two = said(capsys, chapter["check_1"], convolved, answer).splitlines()
    assert first in one and second in two


@pytest.mark.parametrize(("answer", "message"), [
    (43738, "✓"), (43706, "of the convolutions"), (43696, "biases"),
    (166618, "halves both"), (84698, "one direction"), (43450, "3 deep"),
    (41578, "16 input channels"), (5338, "all 16 maps"), (2768, "last layer is missing"), (..., "not answered"),
    (34138, "keeps 32"), (43728, "10 of them")])
def test_exercise_2(chapter, capsys, answer, message):
    assert message in said(capsys, chapter["check_2"], answer)


@pytest.mark.parametrize(("answer", "message"), [
    (lambda c: np.diag(c) / c.sum(axis=1), "✓"), (lambda c: np.diag(c) / c.sum(axis=0), "precision"),
    (lambda c: np.diag(c) / c.sum(), "same true digit"), (lambda c: np.trace(c) / c.sum(), "accuracy"),
    (lambda c: 1 - np.diag(c) / c.sum(axis=1), "wrong answers")])
def test_exercise_3(chapter, capsys, answer, message):
    assert message in said(capsys, chapter["check_3"], answer)


def looks(total=False, scores=False, last=False, still=True):
    """An answer to exercise 4: the sum, the means of the scores, or softmax after the mean."""
    def answer(model, x):
        f = np.array if scores else activations.softmax
        all_ = [f(model(np.roll(x, (i, j), axis=(2, 3)))) for i in (-1, 0, 1) for j in (-1, 0, 1)
                if still or i or j]
        mean = np.sum(all_, axis=0) if total else np.mean(all_, axis=0)
        return activations.softmax(mean) if last else mean
    return answer


@pytest.mark.parametrize(("answer", "message"), [
    (looks(), "✓"), (looks(total=True), "added the nine"), (looks(scores=True), "means of the scores"),
    (looks(scores=True, last=True), "Average the probabilities"),
    (looks(still=False), "where it stands"), (lambda model, x: activations.softmax(model(x)), "one look only")])
def test_exercise_4(chapter, capsys, answer, message):
    assert message in said(capsys, chapter["check_4"], answer)


@pytest.mark.parametrize(("answer", "message"), [
    (6346, "✓"), (6336, "10 biases"), (8906, "fully connected"), (6036, "32 deep"), (330, "alone"), (6016, "missing")])
def test_exercise_5(chapter, capsys, answer, message):
    assert message in said(capsys, chapter["check_5"], answer)


def test_the_pad_offers_what_the_network_misreads_and_one_scale_for_all_drawings():
    model = train_digits.build("cnn", np.random.default_rng(0)).load(data.trained("cnn"))
    state = draw_digit(model).state
    pixels = np.frombuffer(base64.b64decode(state["examples"]["images"]), np.uint8)
    shown = pixels.reshape(-1, 1, 28, 28) / np.float32(255)
    answers = model(shown).argmax(axis=1)
    wrong = np.flatnonzero(answers != state["examples"]["labels"])
    assert state["misread"] == wrong.tolist() and len(wrong) == 24
    empty = plots.outputs_of(model, np.zeros((1, 1, 28, 28), np.float32))
    assert len(state["tops"]) == len(empty)
    for (layer, y), top in zip(empty[:8], state["tops"], strict=False):
        assert y.max() < 0.5 * top, layer  # a blank page looks blank


def test_famous_networks_have_the_weights_that_are_known_of_them():
    """Known totals with biases or batch normalisation, less those: one number, or two, for each map and unit."""
    famous = run("08_convolutional_networks", "def layers(k")["FAMOUS"]
    known = {"LeNet-5, 1998": (61_706, 1), "AlexNet, 2012": (60_965_224, 1), "VGG-16, 2014": (138_357_544, 1),
             "ResNet-18, 2015": (11_689_512, 2)}
    for name, (maps, widths) in famous.items():
        weights = [sum(k * k * a * b for k, a, b, _ in maps),
                   sum(a * b for a, b in itertools.pairwise(widths))]
        total, each = known[name]
        assert sum(weights) == total - each * sum(b for _, _, b, _ in maps) - sum(widths[1:])
        assert all(f"{n:,}" in printed("08_convolutional_networks", 'print("                 layers') for n in weights)


def test_what_would_change_its_mind():
    """The gradient is that of small changes, the patch comes to each place, and pushes along it beat random ones."""
    cells = ("(x_train, y_train)", "def cnn", "model = cnn(rng)", "def slope", "def pushed")
    names = run("08_convolutional_networks", *cells)
    x, y = names["x_test"][:300], names["y_test"][:300]
    copies = names["covered"](np.ones((1, 28, 28)))
    assert (copies.sum(axis=(1, 2, 3)) == 784 - 49).all() and len(np.unique(copies.reshape(484, -1), axis=0)) == 484
    model = names["model"]
    known, truth = (part[model(x).argmax(axis=1) == y] for part in (x, y))
    uphill = np.sign(names["slope"](known, truth))
    signs = np.random.default_rng(5).choice(np.float32([-1, 1]), known.shape)
    lost = [np.mean(model(names["pushed"](known, way, 0.1)).argmax(axis=1) != truth) for way in (uphill, signs)]
    rows = printed("08_convolutional_networks", "uphill = ").splitlines()
    row = next(line for line in rows if line.startswith("0.10"))
    assert lost == pytest.approx([float(share.strip("%")) / 100 for share in row.split()[1:]], abs=0.08)
    assert lost[0] > 10 * lost[1]
    size, image, answer = names["smallest_push"](known[[2]], truth[[2]])
    assert model(image[None, None]).argmax() == answer != truth[2]
    assert model(names["pushed"](known[[2]], uphill[[2]], size - 0.01)).argmax() == truth[2]
    model.astype(np.float64)
    image, place = x[:1].astype(np.float64), (0, 0, 13, 14)
    step = np.zeros_like(image)
    step[place] = 1e-5
    loss = CrossEntropyLoss()
    rise = (loss.forward(model(image + step), y[:1]) - loss.forward(model(image - step), y[:1])) / 2e-5
    assert names["slope"](image, y[:1])[place] == pytest.approx(rise, rel=1e-4)
