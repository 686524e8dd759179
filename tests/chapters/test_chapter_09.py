"""Chapter 9: what its prose says about memory, and its figures."""

import re

import numpy as np
import pytest

from nnbook.data.sequence_models import load_memory_delays
from nnbook.exercises import quiz
from nnbook.plots import recurrent_networks as plots
from nnbook.widgets.gate_stepper import gate_stepper as gates
from nnbook.widgets.lamp_memory.lamp_memory import lamp_memory
from nnbook.widgets.memory_map.memory_map import random_map
from nnbook.widgets.rnn_stepper.rnn_stepper import SWITCH, forward
from nnlib import GRU, LSTM, RNN, Linear
from nnlib.activations import sigmoid
from nnlib.sequences import sensitivity
from tests.support.chapters import output, prose
from tests.support.engine import Engine
from tests.support.exercises import checks, said
from tools import train_sequences

pytestmark = pytest.mark.usefixtures("drawn_and_closed")


def test_sensitivity_is_what_backpropagation_through_time_says():
    rng = np.random.default_rng(0)
    cell, x = RNN(2, 3, rng=rng), rng.normal(size=(5, 2))
    S = sensitivity(cell, x)
    for t in range(5):
        total = np.zeros(5)
        for unit in range(3):
            cell(x[None])
            dh = np.zeros((1, 5, 3))
            dh[0, t, unit] = 1
            total += (cell.backward(dh)[0] ** 2).sum(axis=1)
        np.testing.assert_allclose(S[t], np.sqrt(total), atol=1e-12)
    assert (S[np.triu_indices(5, 1)] == 0).all()
    with pytest.raises(TypeError, match="expects an RNN"):
        sensitivity(GRU(2, 3, rng=rng), x)


@pytest.mark.parametrize(("radius", "low", "high"), [(0.5, 0, 1e-8), (1.0, 0.02, 50), (1.5, 1e3, np.inf)])
def test_the_spectral_radius_decides_over_thirty_steps(radius, low, high):
    S = random_map(radius, 1e-7, 30, 16)
    assert low <= S[-1, 0] / S[-1, -1] <= high


CHAPTER = "09_recurrent_networks"


def numbers(text):
    return [float(number) for number in re.findall(r"\d+\.?\d*(?:e-?\+?\d+)?", text)]


def test_the_lamp_network_has_33_parameters():
    rng = np.random.default_rng(0)
    count = sum(w.size for part in (RNN(2, 4, rng=rng), Linear(4, 1, rng=rng)) for _, w, _ in part.parameters())
    assert count == 4 * 2 + 4 * 4 + 4 + 4 + 1 == 33 and f"{count} parameters" in prose(CHAPTER)
    assert f"parameters, RNN     {count}" in output(CHAPTER, "parameters, RNN")


def test_one_press_is_remembered_while_its_gradient_vanishes():
    """A test of distance needs empty steps; and a vanished gradient is no lost memory."""
    for line in output(CHAPTER, "empty steps: after on").splitlines()[:4]:
        steps, on, off = numbers(line)
        assert on > 0.9 and off < 0.1
    assert steps == 2000
    first, *_, late, last = (numbers(line) for line in output(CHAPTER, "steps later: answer").splitlines())
    assert first[2] > 0.1 and late[0] == 30 and late[2] < 1e-8 and last[0] == 2000 and min(late[1], last[1]) > 0.9
    assert "the memory gets shorter" not in prose(CHAPTER)


def test_no_spectral_radius_promises_a_vanishing_gradient():
    radius, singular, size = numbers(output(CHAPTER, "twist ="))[:2] + numbers(output(CHAPTER, "twist ="))[-1:]
    assert radius == 0 and singular == 3 and size > 1e4
    rng = np.random.default_rng(0)
    for _ in range(20):  # what the summary promises instead
        W = rng.normal(size=(6, 6))
        W *= 0.95 / np.linalg.norm(W, 2)
        product = np.linalg.multi_dot([np.diag(rng.random(6)) @ W for _ in range(30)])
        assert np.linalg.norm(product, 2) <= 0.95**30
    summary = prose(CHAPTER).split("## Summary")[1]
    assert "singular value of $W$ is below 1, the gradient vanishes" in summary
    assert "radius below 1" not in summary


def test_the_direct_path_of_an_lstm_is_not_all():
    """∂c_t/∂c_{t−1} is diag(f) and the paths through h; without W on the way back the first is left alone."""
    rng = np.random.default_rng(3)
    cell = LSTM(2, 4, rng=rng)
    cell.b[4:8] = 2
    x = rng.normal(size=(12, 2))
    before = np.vstack([np.zeros(4), cell(x[None])[0][:-1]])
    f = sigmoid(x @ cell.U[4:8].T + before @ cell.W[4:8].T + cell.b[4:8])
    cell.backward(dc_last=np.ones((1, 4)))
    whole = cell.dc0.copy()
    cell.W[:] = 0
    cell.backward(dc_last=np.ones((1, 4)))
    direct = cell.dc0.copy()
    np.testing.assert_allclose(direct[0], np.prod(f, axis=0))
    assert np.abs(whole - direct).max() > 0.05 * np.abs(direct).max()
    lines = {line[:15].strip(): numbers(line[15:]) for line in output(CHAPTER, "mean of 8 seeds").splitlines()[1:]}
    assert lines["LSTM, open"][1] > 5 * lines["its direct path"][1]
    assert lines["LSTM, open"][3] > 5 * lines["LSTM, open"][2]  # from seed to seed
    assert "and nothing else" not in prose(CHAPTER)


def test_the_gru_begins_with_as_small_a_gradient_as_the_lstm():
    gru, lstm = (numbers(line.split(":")[1]) for line in output(CHAPTER, "after 0, 100, 200").splitlines())
    assert gru[0] < 5 * lstm[0] < 1e-4 and gru[2] > 100 * gru[0] and lstm[2] < 5 * lstm[0]


def test_gradients_of_the_output_weights_come_too():
    assert r"\partial L}{\partial V}" in prose(CHAPTER) and r"\partial L}{\partial b_y}" in prose(CHAPTER)
    assert output(CHAPTER, "equal to nnlib's").count("True") == 5


def test_memory_table_as_the_chapter_tells_it():
    _, table = load_memory_delays()
    mean = {cell: {delay: scores.mean() for delay, scores in row.items()} for cell, row in table.items()}
    assert all(len(scores) == 3 for row in table.values() for scores in row.values())
    assert min(row[5] for row in mean.values()) > 0.99
    assert mean["GRU"][20] > 0.99 and mean["LSTM, open"][20] > 0.99
    assert mean["RNN"][20] < 0.6 and mean["LSTM"][20] < 0.3
    assert mean["LSTM, open"][40] > 0.4 > mean["GRU"][40]
    assert max(row[80] for row in mean.values()) < 0.4


def test_one_entry_of_the_memory_table_is_measured_again():
    _, table = load_memory_delays()
    assert train_sequences.memory("RNN", 5, 0) == pytest.approx(table["RNN"][5][0], abs=0.02)


def test_recall_batches_ask_for_the_first_symbol():
    x, first = train_sequences.recall_batch(50, 7, np.random.default_rng(0))
    assert x.shape == (50, 8, 8) and (x.sum(axis=2) == 1).all()
    assert (x[:, 0].argmax(axis=1) == first).all() and first.max() < 4
    assert (x[:, 1:].argmax(axis=2) >= 4).all()


def test_stepper_by_hand():
    U, W, V = np.array([[2.0, -2], [1, 1]]), np.array([[1.5, 0], [0, 0.7]]), np.array([[3.0, -0.5]])
    given = {"x": np.array(SWITCH, dtype=float), "U": U, "W": W, "V": V, "b_a": np.zeros(2), "b_y": np.zeros(1)}
    h, o = forward(**given)
    assert h[0] == pytest.approx([np.tanh(2), np.tanh(1)]) and h[1, 0] == pytest.approx(np.tanh(1.5 * np.tanh(2)))
    assert (o[:3] > 0.85).all() and (o[3:] < 0.15).all()  # on, on, on, off, off


@pytest.mark.parametrize("seed", range(3))
def test_the_stepper_computes_in_the_page_what_nnlib_computes(seed):
    """For inputs and a first state that a reader might type; the formulas end in these numbers."""
    rng, engine = np.random.default_rng(seed), Engine("rnn_stepper")
    shapes = {"U": (2, 2), "W": (2, 2), "V": (1, 2), "b_a": (2,), "b_y": (1,)}
    weights = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    x, h0 = rng.normal(size=(4, 2)), rng.normal(size=2)
    h, o = forward(x, **weights, h0=h0)
    given = {"xs": x.tolist(), "h0": h0.tolist(), "weights": {name: w.tolist() for name, w in weights.items()}}
    page = engine.run("nn.rnn_numbers.forward(xs, h0, weights)", **given)
    np.testing.assert_allclose(page["h"], h, atol=1e-12)
    np.testing.assert_allclose(page["o"], o, atol=1e-12)
    state, output = (engine.run(f"nn.rnn_numbers.written(1, {k}, xs, h0, weights, page)", page=page, **given)
                     for k in (0, 1))
    assert state["formula"] == "h₂ = tanh(U x₂ + W h₁ + b_a)" and len(state["numbers"]) == 2
    for numbers, value in ((state["numbers"], h[1, 0]), (output["numbers"], o[1, 0])):
        assert float(numbers[0].split(" = ")[1].replace("−", "-")) == pytest.approx(value, rel=6e-3)


@pytest.mark.parametrize("n_hidden", [1, 4])
def test_the_page_looks_back_as_nnlib_does(n_hidden):
    """‖∂h_t/∂x_k‖ of a lamp that a reader presses, and the answers, for any network."""
    rng = np.random.default_rng(n_hidden)
    cell, head = RNN(2, n_hidden, rng=rng), Linear(n_hidden, 1, rng=rng)
    state = lamp_memory(cell, head, presses=[1, 0, -1, 0, 0, 1], step=5).state
    engine = Engine("lamp_memory")
    page = engine.run("nn.rnn_numbers.forward(nn.presses.inputsOf(presses), h0, weights)", h0=[0] * n_hidden, **state)
    x = np.array([[1, 0], [0, 0], [0, 1], [0, 0], [0, 0], [1, 0.0]])
    states = cell(x[None])
    np.testing.assert_allclose(page["h"], states[0], atol=1e-12)
    np.testing.assert_allclose(page["o"], sigmoid(head(states))[0], atol=1e-12)
    for t in (0, 4):
        got = engine.run(f"nn.lamp_numbers.lookingBack(h, {t}, weights)", h=page["h"], **state)
        np.testing.assert_allclose(got, sensitivity(cell, x)[t, : t + 1], rtol=1e-9)


@pytest.mark.parametrize(("wrong", "message"), [
    ({"presses": [1, 0, 0.5, 0, 0]}, "each 1, 0 or −1"), ({"step": 21}, "from 1 to 20"), ({"head": 3}, "Linear")])
def test_the_lamp_refuses(wrong, message):
    rng = np.random.default_rng(0)
    given = {"cell": RNN(2, 4, rng=rng)} | wrong | {"head": Linear(wrong.get("head", 4), 1, rng=rng)}
    with pytest.raises(ValueError, match=message):
        lamp_memory(**given)


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_the_gates_of_the_page_are_those_of_nnlib(kind):
    """Gates and states for any weights; each line that the page writes out gives the number at its end."""
    rng, names = np.random.default_rng(3), gates.GATES[kind]
    U, W, b = rng.normal(size=(len(names), 2)), rng.normal(size=len(names)), rng.normal(size=len(names))
    x, start = rng.normal(size=(5, 2)), {"h": 0.3, "c": -0.8} if kind == "LSTM" else {"h": 0.3}
    want = gates.forward(kind, x, U, W, b, h0=start["h"], c0=start.get("c", 0))
    weights = {"U": U.tolist(), "W": W[:, None].tolist(), "b": b.tolist()}
    engine, given = Engine("gate_stepper"), {"kind": kind, "xs": x.tolist(), "weights": weights}
    steps = engine.run("nn.gate_numbers.forward(kind, xs, start, weights)", start=start, **given)
    for name, values in want.items():
        np.testing.assert_allclose([step[name] for step in steps], values, atol=1e-12)
    for t in (0, 3):
        lines = engine.run(f"nn.gate_numbers.written(kind, {t}, xs, steps, weights)", steps=steps, **given)
        assert {name for name, *_ in lines} == set(want)
        for name, _formula, numbers, value in lines:
            sum_ = numbers.replace("−", "-").replace("·", "*").replace("σ", "sigmoid")
            shown = eval(sum_, {"sigmoid": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh})
            assert shown == pytest.approx(want[name][t], abs=0.01) and value == pytest.approx(want[name][t])
    kept = engine.run("nn.gate_numbers.left(kind, steps, 1, 4)", steps=steps, kind=kind)
    assert kept == pytest.approx(want["f" if kind == "LSTM" else "u"][2:].prod())


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_the_gates_that_a_reader_types_are_those_that_are_computed(kind):
    state, (U, W, b) = gates.gate_stepper().state, gates.WEIGHTS[kind]
    weights = "nn.gate_stepper.weightsOf({ get: key => state[key] }, kind)"
    assert Engine("gate_stepper").run(weights, state=state, kind=kind) == {"U": U, "W": [[w] for w in W], "b": b}
    state[f"{kind}_weights"][5] = -7.5  # what the second gate does with the old h
    typed = Engine("gate_stepper").run(weights, state=state, kind=kind)
    assert typed == {"U": U, "W": [[w] for w in (*W[:1], -7.5, *W[2:])], "b": b}


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_the_gates_set_by_hand_keep_the_lamp(kind):
    x = gates.inputs([1] + [0] * 8 + [-1] + [0] * 8 + [-1, 1, 0])
    h = gates.forward(kind, x)["h"]
    assert (h[:9] > 0.4).all() and (h[9:19] < -0.4).all() and (h[19:] > 0.4).all()
    half_open = gates.forward(kind, x, *gates.WEIGHTS[kind][:2], [0] * len(gates.GATES[kind]))["h"]
    assert abs(half_open[8]) < 0.1, "gates that are half open forget"


@pytest.mark.parametrize(("wrong", "message"), [
    ({"presses": [1, 2, 0]}, "each 1, 0 or −1"), ({"presses": [1]}, "3 to 12"), ({"kind": "RNN"}, "LSTM, GRU"),
    ({"step": 13}, "from 1 to 12")])
def test_the_gate_stepper_refuses(wrong, message):
    with pytest.raises(ValueError, match=message):
        gates.gate_stepper(**wrong)


def test_figures_show_their_numbers():
    S = sensitivity(RNN(1, 2, rng=np.random.default_rng(0)), np.zeros((4, 1)))
    left, right, _ = plots.sensitivity_map(S, "title").axes
    assert left.images[0].get_array()[3, 0] == pytest.approx(np.log10(S[3, 0]))
    assert right.lines[0].get_ydata()[1] == pytest.approx(np.mean([S[1, 0], S[2, 1], S[3, 2]]))
    axes = plots.window_accuracy([1, 2], [0.5, 0.6], [0.55, 0.65], 1.0).axes[0]
    assert [line.get_ydata()[0] for line in axes.lines] == pytest.approx([55, 50, 100])
    texts = [t.get_text() for t in plots.unrolled(np.eye(2), -np.eye(2), [[0.25], [0.5]]).axes[0].texts]
    assert "$h_{1}$\n−1.00\n−0.00" in texts and "$o_{2}$\n0.50" in texts
    plots.memory(load_memory_delays()[1])
    levels = plots.gates_over_time(gates.inputs([1, 0, -1]), gates.forward("LSTM", gates.inputs([1, 0, -1])))
    assert [len(ax.lines) for ax in levels.axes] == [3, 0] and len(levels.axes[1].patches) == 3
    plots.clipping([1, 2, 3], [1, 0.5, 0.2])
    plots.reach(np.arange(3), dict.fromkeys(("RNN", "LSTM, open", "its direct path"), np.ones((2, 3))))
    plots.lengths({"a": [1, 2, 3], "b": [4, 4]})
    back = plots.switch_trace(np.eye(2), np.zeros((2, 4)), np.array([0.2, 0.9]), [1e-3, 0.5]).axes[2]
    assert [bar.get_height() for bar in back.patches] == [1e-3, 0.5]


@pytest.fixture(scope="module")
def chapter():
    return checks("09_recurrent_networks")


def test_exercise_1(chapter, capsys):
    h1 = np.tanh(1)
    for answer, message in ((np.tanh(0.5 * h1), "right"), (0.36, "right"), (h1, "That is h₁"),
                            (0.5 * h1, "second step"), (0.5, "both steps"), (0.0, "feedback"),
                            (np.tanh(1 + 0.5 * h1), "x₂ is 0"),
                            (..., "not answered")):
        assert message in said(capsys, chapter["check_1"], answer)


def test_exercise_2(chapter, capsys):
    def states(x, U, W, b, W_used=lambda W: W, bias=1, output=lambda states: np.array(states)):
        h, result = np.zeros(len(b)), []
        for x_t in x:
            h = np.tanh(U @ x_t + W_used(W) @ h + bias * b)
            result.append(h)
        return output(result)

    def in_place(x, U, W, b):
        h, result = np.zeros(len(b)), []
        for x_t in x:
            h[:] = np.tanh(U @ x_t + W @ h + b)
            result.append(h)
        return np.array(result)

    assert "Store a copy" in said(capsys, chapter["check_2"], in_place)
    assert "zeros before" in said(capsys, chapter["check_2"],
                                  lambda *a: states(*a, output=lambda h: np.array([0 * h[0], *h])))
    for options, message in (({}, "right"), ({"W_used": np.transpose}, "transposed"), ({"bias": 0}, "bias"),
                             ({"W_used": np.zeros_like}, "feedback"), ({"output": lambda h: h[-1]}, "last state only")):
        assert message in said(capsys, chapter["check_2"], lambda *a, options=options: states(*a, **options))
    assert "not answered" in said(capsys, chapter["check_2"], lambda x, U, W, b: ...)


def test_exercises_3_to_5(chapter, capsys):
    for (u, w), message in (((1, 1.5), "right"), ((3, 1.2), "right"), ((..., ...), "not answered"), ((1, 0.9), "fades"),
                            ((1, 1.0), "fades"), ((1, -1.5), "flips"), ((0.1, 1.5), "push"), ((-1, 2), "push"),
                            ((1, 1.05), "larger"), (("one", "1.5?"), "two numbers"), (("1", "1.5"), "two numbers"),
                            ((1, float("nan")), "two numbers"), ((None, None), "not answered")):
        assert message in said(capsys, chapter["check_3"], u, w), (u, w)

    def length(g):
        return np.sqrt(sum(np.sum(a**2) for a in g))

    for answer, message in ((lambda g, c: min(1, c / length(g)), "right"), (lambda g, c: c / length(g), "at most 1"),
                            (lambda g, c: min(1, c / length(g) ** 2), "root"),
                            (lambda g, c: min(1, c / length(g[:1])), "first array"),
                            (lambda g, c: min(1, c / sum(length([a]) for a in g)), "squares do")):
        assert message in said(capsys, chapter["check_4"], answer)
    for answer, message in ((4.27, "right"), (0.986, "f itself"), (-4.27, "sign"), (-3.89, "not 1/50"),
                            (3.89, "1 − 1/50"),
                            (1.855, "natural")):
        assert message in said(capsys, chapter["check_5"], answer)


def test_only_tiny_inputs_let_the_gradient_grow_at_1_2_as_the_chapter_says():
    for size, grows in ((1e-7, True), (1.0, False)):
        S = random_map(1.2, size, 30, 16)
        assert bool(S[-1, 0] > S[-1, -1]) is grows


def test_the_map_calls_a_fading_gradient_by_its_name():
    """From 1.8 to 0.14 is no "keeps its size"."""
    engine = Engine("memory_map")
    for share, word in ((0.14 / 1.8, "fades"), (2e-5, "vanishes"), (0.9, "keeps its size"), (20, "grows"),
                        (1e4, "explodes")):
        assert engine.run("nn.memory_map.judge(share)", share=share) == word


def test_who_counts_as_pytorch_does_is_told_so():
    assert quiz("9.parameters").grade("683")[0] and "PyTorch" in quiz("9.parameters").grade("703")[1]
