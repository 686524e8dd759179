"""Chapter 7: what its widgets compute in the page against nnlib; the stored networks; bad input."""

import base64

import numpy as np
import pytest

from nnbook import data, exercises
from nnbook.plots import convolution as plots
from nnbook.widgets.channel_stepper.channel_stepper import channel_stepper
from nnbook.widgets.convolution_stepper.convolution_stepper import convolution_stepper
from nnbook.widgets.kernel_workshop.kernel_workshop import KERNELS, kernel_workshop
from nnbook.widgets.receptive_field.receptive_field import LAYERS, receptive_field
from nnbook.widgets.shift_test.shift_test import all_shifts, shift_test
from nnlib import AvgPool2d, Conv2d, MaxPool2d, Sequential, accuracy, activations
from tests.support.chapters import cells, output, prose
from tests.support.engine import Engine
from tests.support.exercises import checks, said
from tools import train_digits


@pytest.fixture(autouse=True)
def static(monkeypatch):
    monkeypatch.setenv("NNLIB_STATIC", "1")


@pytest.fixture(scope="module")
def engine():
    return Engine("convolution_stepper", "kernel_workshop", "shift_test")


def conv2d(x, kernel, stride=1, padding=0):
    layer = Conv2d(1, 1, len(kernel), stride=stride, padding=padding, rng=np.random.default_rng(0))
    layer.W[0, 0], layer.b[:] = kernel, 0
    return layer, layer(np.array(x, dtype=float)[None, None])[0, 0]


CASES = [(L, K, S, P, flip) for L in (3, 6, 9) for K in (1, 2, 3, 5) for S in (1, 2, 3, 4) for P in (0, 1, 2)
         for flip in (False, True) if L + 2 * P >= K]


def test_stepper_in_the_page_equals_conv2d(engine):
    rng = np.random.default_rng(1)
    for L, K, S, P, flip in CASES:
        x, kernel = rng.integers(-9, 10, (L, L)), rng.integers(-3, 4, (K, K))
        got = engine.run("nn.convolution_stepper.convolve({input: x, kernel: k, stride: S, padding: P, flip: f})",
                         x=x.tolist(), k=kernel.tolist(), S=S, P=P, f=flip)
        used = kernel[::-1, ::-1] if flip else kernel
        layer, want = conv2d(x, used, S, P)
        assert got["used"] == used.tolist()
        np.testing.assert_allclose(got["output"], want, atol=1e-12)
        assert engine.run("nn.convolution_stepper.outputSize(L, K, S, P)", L=L, K=K, S=S, P=P) == len(want)
        layer.W[:] = 1  # then ∂(sum of the outputs)/∂(pixel) counts the windows with this pixel
        counts = layer.backward(np.ones((1, 1, *want.shape)))[0, 0]
        inside = np.array(got["uses"])[P : P + L, P : P + L]
        assert inside.tolist() == counts.tolist()


def test_stepper_counts_no_padding_among_the_unseen_pixels(engine):
    """With S = 2, 11 pixels of the page's image are in no window, with padding none: rings of zeros are no pixels."""
    for L, K, S, P, want in ((6, 3, 2, 0, 11), (6, 3, 2, 1, 0), (3, 5, 4, 2, 0)):
        got = engine.run("""(() => { const { uses } = nn.convolution_stepper.convolve(
            {input: x, kernel: k, stride: S, padding: P, flip: false});
            return nn.convolution_stepper.unseen(uses, P) })()
        """, x=np.ones((L, L)).tolist(), k=np.ones((K, K)).tolist(), S=S, P=P)
        layer, y = conv2d(np.ones((L, L)), np.ones((K, K)), S, P)
        assert got == want == np.sum(layer.backward(np.ones((1, 1, *y.shape))) == 0)


@pytest.mark.parametrize(("mode", "layer"), [("max-pooling", MaxPool2d), ("average pooling", AvgPool2d)])
def test_stepper_pools_as_nnlib_does(engine, mode, layer):
    rng = np.random.default_rng(5)
    for L, K, S in ((4, 2, 2), (9, 3, 1), (7, 2, 3), (5, 5, 4)):
        x = rng.integers(-9, 10, (L, L)).astype(float)
        got = engine.run("nn.convolution_stepper.convolve({input: x, kernel: k, stride: S, padding: 0, mode})",
                         x=x.tolist(), k=np.zeros((K, K)).tolist(), S=S, mode=mode)
        np.testing.assert_allclose(got["output"], layer(K, stride=S)(x[None, None])[0, 0], atol=1e-12)
    texts = [[t.get_text() for t in ax.texts] for ax in plots.poolings(np.arange(1.0, 17).reshape(4, 4)).axes]
    assert texts[1:] == [["3.5", "5.5", "11.5", "13.5"], ["6", "8", "14", "16"]]


def test_stepper_with_a_kernel_that_does_not_fit(engine):
    got = engine.run("nn.convolution_stepper.convolve({input: x, kernel: k, stride: 1, padding: 0, flip: false})",
                     x=np.ones((3, 3)).tolist(), k=np.ones((5, 5)).tolist())
    assert got["output"] == [] and not np.any(got["uses"])


def test_workshop_in_the_page_equals_conv2d(engine):
    rng = np.random.default_rng(2)
    picture, kernel = rng.random((12, 17)), rng.normal(size=(5, 5))
    got = engine.run("nn.kernel_workshop.filtered(p, k)", p=picture.tolist(), k=kernel.ravel().tolist())
    np.testing.assert_allclose(got, conv2d(np.pad(picture, 2, mode="edge"), kernel)[1], atol=1e-6)


def test_presets_of_the_workshop(engine):
    """The lecture's three, rimmed with zeros; what is shown in colour sums to 0, the others to 1."""
    assert KERNELS["edges along the main diagonal"][0] == [[0, 1, 1], [-1, 0, 1], [-1, -1, 0]]
    assert KERNELS["Laplacian: edges"][0] == [[0, 1, 0], [1, -4, 1], [0, 1, 0]]
    assert (16 * KERNELS["Gaussian: less noise"][0]).tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    for kernel, view in KERNELS.values():
        assert np.sum(kernel) == pytest.approx(0 if view == "signed" else 1, abs=1e-3)
        rimmed = engine.run("nn.kernel_workshop.rimmed(k)", k=np.ravel(kernel).tolist())
        assert rimmed == np.pad(np.array(kernel, dtype=float), 1).ravel().tolist()


@pytest.fixture(scope="module")
def digits():
    return data.load_mnist()[1]


def test_shifts_in_the_page_are_those_of_python(engine, digits):
    image = digits[0][3, 0]
    shifted = all_shifts(digits[0][3:4], reach=6)[0, :, :, 0]
    for dx, dy in [(0, 0), (3, 0), (-6, 6), (5, -2)]:
        got = engine.run("nn.shift_test.moved(image, dx, dy)", image=image.tolist(), dx=dx, dy=dy)
        np.testing.assert_allclose(got, shifted[dy + 6, dx + 6])
        want = np.zeros_like(image)
        for i, j in np.ndindex(28, 28):
            if 0 <= i - dy < 28 and 0 <= j - dx < 28:
                want[i, j] = image[i - dy, j - dx]
        np.testing.assert_array_equal(shifted[dy + 6, dx + 6], want)


def test_shift_test_holds_the_probabilities_of_nnlib(digits):
    x, y = digits
    model = load("cnn_plain")
    state = shift_test({"net": model}, x[:2], y[:2], reach=2).state
    table = np.frombuffer(base64.b64decode(state["table"]), np.uint8).reshape(2, 5, 5, 1, 10)
    want = activations.softmax(model(np.ascontiguousarray(all_shifts(x[:2], 2)[1, 0, 4][None])))  # up 2, right 2
    np.testing.assert_allclose(table[1, 0, 4, 0] / 255, want[0], atol=0.5 / 255 + 1e-6)


def load(name):
    return train_digits.build(name, np.random.default_rng(0)).load(data.trained(name))


@pytest.mark.parametrize("name", ["cnn", "cnn_plain", "cnn_stride", "cnn_permuted", "mlp", "mlp_plain", "mlp_permuted"])
def test_stored_networks(name, digits):
    """Each reads as many test digits as its record says, with about 8,900 weights."""
    x, y = digits
    if name.endswith("permuted"):
        x = x.reshape(-1, 784)[:, data.load_pixel_order()].reshape(x.shape)
    model = load(name)
    seconds, recorded = data.load_training_record(name)
    assert accuracy(model(x), y) == pytest.approx(recorded[-1], abs=0.0015)
    assert len(seconds) == len(recorded) == 20 and (np.diff(seconds) > 0).all()
    assert sum(w.size for _, w, _ in model.parameters()) in (8755, 8906)
    assert data.trained(name).stat().st_size < 300_000


def test_what_the_chapter_says_about_them(digits):
    x, y = digits
    scores = {name: accuracy(load(name)(x), y) for name in ("cnn", "cnn_plain", "mlp_plain")}
    right = all_shifts(x, 3)[:, 3, 6]  # 3 pixels to the right
    moved = {name: accuracy(load(name)(np.ascontiguousarray(right)), y) for name in scores}
    assert scores["cnn"] >= 0.97 and scores["cnn_plain"] >= 0.97
    assert 1 - scores["cnn_plain"] < (1 - scores["mlp_plain"]) / 3
    assert moved["mlp_plain"] < 0.45 < 0.7 < moved["cnn_plain"] < 0.85 < moved["cnn"]


CHAPTER = "07_convolution"


def test_maps_move_along_only_by_whole_strides():
    lines = output(CHAPTER, "def last_map").splitlines()
    changed = {int(line.split()[0]): line.split()[2] for line in lines[1:]}
    assert {shift for shift, share in changed.items() if share == "0%"} == {0, 4, 8}
    assert min(int(share[:-1]) for shift, share in changed.items() if shift % 4) > 15
    assert "their maps move along with the digit" not in prose(CHAPTER)


def test_how_far_a_turn_moves_the_ink(digits):
    y, x = np.nonzero(digits[0].sum(axis=(0, 1)))
    weights = digits[0].sum(axis=(0, 1))[y, x]
    far = 2 * np.sin(np.radians(10)) * np.hypot(y - 13.5, x - 13.5)
    assert f"{np.average(far, weights=weights):.1f} pixels on average" in output(CHAPTER, "def last_map")
    assert "a pixel or two" not in prose(CHAPTER)


def test_edges_of_four_directions():
    assert [line[-1] for line in output(CHAPTER, "step_main = ").splitlines()] == ["3", "0", "2", "2"]


def test_rows_of_the_matrix_move_on_by_one_and_by_three():
    matrix = np.zeros((16, 36))
    for r, c in np.ndindex(4, 4):
        matrix[4 * r + c].reshape(6, 6)[r : r + 3, c : c + 3] = 1
    assert np.diff(matrix.argmax(axis=1)).tolist() == [1, 1, 1, 3] * 3 + [1, 1, 1]
    assert "moved on by one" not in prose(CHAPTER) and "by three" in prose(CHAPTER)


def test_the_rest_is_thrown_away_padding_first():
    """With (6, 3, 2, 1) one ring of zeros is left over and no pixel; "never seen" would be wrong."""
    layer, y = conv2d(np.ones((6, 6)), np.ones((3, 3)), 2, 1)
    assert (layer.backward(np.ones((1, 1, *y.shape))) > 0).all()
    assert "the last pixels are never seen" not in prose(CHAPTER)


def test_gradients_of_a_convolution_by_hand():
    assert output(CHAPTER, "flipped = layer.W").count("True") == 2


def test_both_poolings_are_measured():
    rows = [line.split()[-3:] for line in output(CHAPTER, "pools = MaxPool2d").splitlines()[-3:]]
    assert rows == [["0.69", "0.56", "0.52"], ["0.70", "0.37", "0.37"], ["0.70", "0.22", "0.27"]]


def test_pixel_order_is_a_permutation():
    assert sorted(data.load_pixel_order().tolist()) == list(range(784))


def test_the_picture_of_the_in_class_question():
    figure, image, kernel = plots.stride_question()
    assert conv2d(image, kernel, stride=2, padding=1)[1].tolist() == [[-1, 0, 3], [-1, 4, 2], [-1, 0, -2]]
    texts = [t.get_text() for t in figure.axes[2].texts]
    assert texts == ["−1", "0", "3", "−1", "4", "?", "", "", ""]


@pytest.mark.parametrize("arguments", [
    {"image": np.ones((10, 10))}, {"image": np.ones((3, 4))}, {"image": np.full((4, 4), np.nan)},
    {"kernel": np.ones((6, 6))}, {"stride": 5}, {"stride": 0}, {"padding": 3}, {"padding": -1}, {"show": "all"},
    {"pooling": "min"}, {"pooling": "max", "padding": 1}])
def test_stepper_refuses(arguments):
    with pytest.raises(ValueError, match=next(iter(arguments))):
        convolution_stepper(**arguments)


def test_others_refuse(digits):
    x, y = digits
    with pytest.raises(ValueError, match="kernel must be one of"):
        kernel_workshop(kernel="Sobel")
    with pytest.raises(ValueError, match=r"shape \(H, W\)"):
        kernel_workshop(np.ones((30, 30, 3)))
    with pytest.raises(ValueError, match="at least one model"):
        shift_test({}, x[:2], y[:2])
    with pytest.raises(ValueError, match=r"labels \(N,\)"):
        shift_test({"net": load("mlp")}, x[:2], y[:3])
    with pytest.raises(ValueError, match="must be one of"):
        data.trained("lenet")


def test_workshop_starts_at_the_strongest_answer():
    state = kernel_workshop().state
    picture = data.load_photo().mean(axis=2) / 255
    output = conv2d(np.pad(picture, 1), np.array([[0, 1, 1], [-1, 0, 1], [-1, -1, 0]]))[1]
    assert output[state["row"], state["column"]] == output[1:-1, 1:-1].max()


def test_workshop_display(engine):
    """Grey numbers are shown as they are; with a colour for each sign, one outlier does not make the rest pale."""
    ramp = (np.arange(1000.0).reshape(20, 50) / 1000).tolist()
    assert engine.run("nn.kernel_workshop.display('grey', o)[1]", o=ramp) == 1
    assert engine.run("nn.kernel_workshop.display('size', o)[1]", o=ramp) == pytest.approx(0.999)
    assert engine.run("nn.kernel_workshop.display('signed', o)[1]", o=ramp) == pytest.approx(0.989)
    ramp[0][0] = 4.0
    assert engine.run("nn.kernel_workshop.display('signed', o)[1]", o=ramp) < 1


def test_the_moved_six_and_the_moved_one(digits):
    """The pictures with which the chapter begins and ends: what each network says of them."""
    x, y = digits
    right = np.ascontiguousarray(all_shifts(x, 3)[:, 3, 6])  # 3 pixels to the right
    mlp = load("mlp_plain")
    assert (y[361], *mlp(x[361:362]).argmax(axis=1), *mlp(right[361:362]).argmax(axis=1)) == (6, 6, 2)
    one = np.flatnonzero(y == 1)[0]
    said = [load(name)(right[one : one + 1]).argmax() for name in ("mlp_plain", "cnn_stride", "cnn_plain")]
    assert said == [4, 7, 1]


def graded(chapter, question, answer, message):
    """The chapter's question with these words takes the answer as right, or says `message`."""
    sources = [source for source, *_ in cells(chapter) if source.startswith("quiz(")]
    quiz = next(q for q in (eval(source, {"quiz": exercises.quiz}) for source in sources) if question in q.question)
    right, verdict = quiz.grade(answer)
    assert right == (message is None) and (message or "") in verdict


@pytest.mark.parametrize(("question", "answer", "message"), [
    ("Where does the picture go", "down and to the right", None), ("Where does the picture go", "it stays", "middle"),
    *[("How large is the kernel", text, None) for text in ("3 × 3", "3×3", "3x3", "3 X 3", "3*3", "3",
                                                              "(3, 3)", "3,3", "n=3")],
    ("How large is the kernel", "9", "length of a side"), ("How large is the kernel", "7×7", "padded"),
    ("Which stride", "2", None), ("Which stride", "1", "5 × 5"), ("Which stride", "3", "= 2 windows"),
    ("green box", "2", None), ("green box", "7", "sum of the window"), ("green box", "4", "−1, not 1"),
    ("green box", "3", "left out the middle"), ("green box", "0", "row 3, column 2"),
    ("16 input channels", "4640", None), ("16 input channels", "4608", "bias"), ("16 input channels", "320", "depth"),
    ("max-pooling on 16", "0", None), ("max-pooling on 16", "64", "nothing is learned")])
def test_quizzes(question, answer, message):
    graded("07_convolution", question, answer, message)


@pytest.fixture(scope="module")
def chapter():
    return checks("07_convolution")


@pytest.mark.parametrize(("answer", "message"), [
    (..., "not answered"), (56, "✓"), (28, "halving too many"), ((56, 56), "One side"), (112, "halves it"),
    (55, "one + 1"), (54, "both steps"), (56.25, "Round down"), (57, "Round down"), (113, "Round down"),
    (100, "✗")])
def test_exercise_1(chapter, capsys, answer, message):
    assert message in said(capsys, chapter["check_1"], answer)


def windows(x, kernel, S, P, flip=False):
    k = kernel[::-1, ::-1] if flip else kernel
    return np.einsum("ijkl,kl->ij", np.lib.stride_tricks.sliding_window_view(np.pad(x, P), k.shape)[::S, ::S], k)


@pytest.mark.parametrize(("answer", "message"), [
    (lambda x, k, S, P: None, "not answered"), (windows, "✓"),
    (lambda x, k, S, P: windows(x, k, S, P, flip=True), "flip"),
    (lambda x, k, S, P: windows(x, k.T, S, P), "transposed"), (lambda x, k, S, P: windows(x, k, S, 0), "padding"),
    (lambda x, k, S, P: windows(x, k, 1, P), "stride"),
    (lambda x, k, S, P: windows(np.pad(x, P, mode="reflect"), k, S, 0), "values are right"),
    (lambda x, k, S, P: windows(np.pad(x, P, mode="edge"), k, S, 0), "with zeros"),
    (lambda x, k, S, P: windows(x, k, 1, P)[: len(windows(x, k, S, P)), : len(windows(x, k, S, P))], "r · S"),
    (lambda x, k, S, P: 1 / len(k[9]), "raises IndexError")])
def test_exercise_2(chapter, capsys, answer, message):
    assert message in said(capsys, chapter["check_2"], answer)


@pytest.mark.parametrize(("answer", "message"), [
    (..., "not answered"), ([[-1, 0, 1]] * 3, "✓"), ([[-1, 1, 0]] * 3, "✓"), ([[0, -1, 1]] * 3, "✓"),
    ([[-5, 4, 2], [5, -6, 0], [0, 0, 0]], "above and below"), ([[1, -2, 1]] * 3, "at the next less"),
    (np.array([[0, 0, 0], [-1, 0, 1], [0, 0, 0]]), "✓"),
    ([[0, 0, 1]] * 3, "sum to 0"), ([[0, 1, 1], [-1, 0, 1], [-1, -1, 0]], "above and below"),
    ([[1, 0, -1]] * 3, "wrong way round"), (np.zeros((3, 3)), "does not see"), (np.zeros((2, 2)), "✗"), (5, "✗"),
    ([["a", 0, 1]] * 3, "is expected"), ([[None, 0, 1]] * 3, "✗"), ([[-1e9, 0, 1e9]] * 3, "✓")])
def test_exercise_3(chapter, capsys, answer, message):
    assert message in said(capsys, chapter["check_3"], answer)


@pytest.mark.parametrize(("answer", "message"), [
    ((1792, 86_704_128), "✓"), ((1728, 86_704_128), "biases"), ((640, 28_901_376), "3 deep"),
    ((1792, 1792), "Multiply-adds"), ((86_704_128, 1792), "First the parameters"), (1792, "✗"), (..., "not answered"),
    ((1792, 85_162_752), "keeps 224"), ((1728, 173_408_256), "count as one")])
def test_exercise_4(chapter, capsys, answer, message):
    assert message in said(capsys, chapter["check_4"], answer)


@pytest.mark.parametrize(("answer", "message"), [
    (lambda x: x.reshape(len(x) // 2, 2, -1, 2).max(axis=(1, 3)), "✓"), (lambda x: x[::2, ::2], "every second"),
    (lambda x: x.reshape(len(x) // 2, 2, -1, 2).mean(axis=(1, 3)), "mean"),
    (lambda x: x.reshape(len(x) // 2, -1, 4).max(axis=2), "follow each other"), (lambda x: x.max(), "✗"),
    (lambda x: x.reshape(len(x) // 2, 2, -1, 2).max(axis=(0, 2)), "wrong axes")])
def test_exercise_5(chapter, capsys, answer, message):
    assert message in said(capsys, chapter["check_5"], answer)


@pytest.mark.parametrize(("answer", "message"), [
    (36, "✓"), (13, "convolutions alone"), (16, "alike"), (29, "pooling sees more"), (32, "last pooling"),
    (35, "itself")])
def test_exercise_6(chapter, capsys, answer, message):
    assert message in said(capsys, chapter["check_6"], answer)


def test_the_channel_stepper_computes_in_the_page_what_nnlib_computes():
    """Each map of the page is nnlib's; a window's three sums and the bias are one of its numbers."""
    state, engine = channel_stepper().state, Engine("channel_stepper")
    weights, bias = np.random.default_rng(0).normal(size=(4, 3, 3, 3)), [0.1, -0.2, 0.3, 0]
    pixels = np.frombuffer(base64.b64decode(state["pixels"]), np.uint8).reshape(state["shape"]) / 255
    layer = Conv2d(3, 4, 3, rng=np.random.default_rng(0))
    layer.W[:], layer.b[:] = weights, bias
    want = layer(pixels[None])[0]
    given = {"flat": weights.ravel().tolist(), "bias": bias, "pixels": pixels.tolist()}
    page = engine.run("nn.network.conv2d(nn.channel_stepper.kernelsOf(flat), bias, pixels)", **given)
    np.testing.assert_allclose(page, want, atol=1e-6)
    r, c = 7, 20
    sums = engine.run("nn.channel_stepper.sums(part, nn.channel_stepper.kernelsOf(flat)[2])",
                      part=pixels[:, r:r + 3, c:c + 3].tolist(), **given)
    assert len(sums) == 3 and sum(sums) + bias[2] == pytest.approx(want[2, r, c])


@pytest.mark.parametrize("names", [
    ["conv3"], ["conv3", "pool2", "conv3", "pool2", "conv3"], ["conv5", "strided", "pool3"]])
def test_the_paths_of_the_page_are_the_gradient_of_nnlib(names):
    """With all weights 1, ∂output/∂pixel counts the paths; the formula gives the width of what is not 0."""
    rng, L, layers = np.random.default_rng(0), [LAYERS[name] for name in names], []
    for kind, K, S in L:
        layers.append(Conv2d(1, 1, K, stride=S, rng=rng) if kind == "conv" else AvgPool2d(K))
        if kind == "conv":
            layers[-1].W[:] = 1
    network = Sequential(*layers)
    delta = np.zeros_like(network(np.zeros((1, 1, 28, 28))))
    row, column = delta.shape[2] - 1, delta.shape[2] // 2
    delta[0, 0, row, column] = np.prod([K**2 for kind, K, _S in L if kind == "pool"])  # a mean's weights are 1 / K²
    want = network.backward(delta)[0, 0]
    engine, given = Engine("receptive_field"), {"layers": [layer[1:] for layer in L]}
    sides = engine.run("nn.field_numbers.sides(layers, 28)", **given)
    assert sides[-1] == delta.shape[2]
    down, along = (engine.run(f"nn.field_numbers.paths(layers, sides, {at})[0]", sides=sides, **given)
                   for at in (row, column))
    np.testing.assert_allclose(np.outer(down, along), want, atol=1e-9)
    formula = engine.run("nn.field_numbers.formula(layers)", **given)
    first, width = engine.run("nn.field_numbers.span(counts)", counts=along)
    assert formula["field"] == width == want.any(axis=0).sum() and first == want.any(axis=0).argmax()
    assert formula["step"] == np.prod([S for _kind, _K, S in L])
    assert eval(formula["text"].split(" = ")[0].replace("−", "-").replace("·", "*").replace("\u00a0", "")) == width


def test_layers_that_do_not_fit_end_the_stack():
    engine = Engine("receptive_field")
    assert engine.run("nn.field_numbers.sides([[3, 3], [3, 3], [3, 3], [2, 2]], 28)") == [28, 9, 3, 1]
    assert engine.run("nn.field_numbers.sides([], 28)") == [28]


@pytest.mark.parametrize(("wrong", "message"), [
    ({"layers": ["pool3"] * 4}, "do not fit"), ({"layers": ["conv7"]}, "one to five of"),
    ({"layers": []}, "one to five"), ({"image": np.zeros((8, 9))}, "must be square")])
def test_the_receptive_field_refuses(wrong, message):
    with pytest.raises(ValueError, match=message):
        receptive_field(**wrong)


@pytest.mark.parametrize(("wrong", "message"), [
    ({"image": np.zeros((8, 8))}, "image must have shape"), ({"row": 99}, "row must be from 0"),
    ({"kernel": 4}, "kernel must be from 0 to 3")])
def test_the_channel_stepper_refuses(wrong, message):
    with pytest.raises(ValueError, match=message):
        channel_stepper(**wrong)
