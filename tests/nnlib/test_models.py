"""Whole models: an encoder–decoder written as in a notebook, a graph network, summary, gradient_check, import."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import nnlib as nn
from nnlib import GRU, LSTM, RNN, Adam, CrossEntropyLoss, Embedding, Layer, Linear, fit, gradient_check, pad_sequences

PAD, BOS = 0, 1


class Translator(Layer):
    """Sequence to sequence: the encoder's last state starts the decoder."""

    def __init__(self, n_tokens, dim, hidden, rng, cell=GRU):
        self.source, self.encoder = Embedding(n_tokens, dim, rng=rng), cell(dim, hidden, rng=rng)
        self.target, self.decoder = Embedding(n_tokens, dim, rng=rng), cell(dim, hidden, rng=rng)
        self.head = Linear(hidden, n_tokens, rng=rng)

    def forward(self, source, target_in):
        self.encoder.forward(self.source.forward(source), mask=source != PAD)
        return self.head.forward(self.decoder.forward(self.target.forward(target_in), h0=self.encoder.h_last))

    def backward(self, delta):
        self.target.backward(self.decoder.backward(self.head.backward(delta)))
        self.source.backward(self.encoder.backward(dh_last=self.decoder.dh0))

    def translate(self, source, length):
        """Greedy decoding, one step after the other."""
        self.encoder.forward(self.source.forward(source), mask=source != PAD)
        state, token, said = self.encoder.h_last, np.full((len(source), 1), BOS), []
        for _ in range(length):
            self.decoder.forward(self.target.forward(token), h0=state)
            state = self.decoder.h_last
            token = self.head.forward(state).argmax(-1)[:, None]
            said.append(token)
        return np.concatenate(said, axis=1)


def reversal(rng, n):
    """Sequences of 1 to 4 tokens 2 … 7, and the same backwards."""
    sources = [rng.integers(2, 8, rng.integers(1, 5)) for _ in range(n)]
    source, mask = pad_sequences(sources)
    target, _ = pad_sequences([s[::-1] for s in sources])
    target_in = np.concatenate([np.full((n, 1), BOS), target[:, :-1]], axis=1)
    return source, target_in, target, mask


@pytest.mark.parametrize("cell", [RNN, GRU])
def test_encoder_decoder_gradients(cell):
    rng = np.random.default_rng(0)
    source, target_in, target, mask = reversal(rng, 6)
    check = gradient_check(Translator(8, 3, 5, rng, cell), CrossEntropyLoss(), (source, target_in), target, mask)
    assert check.worst < 1e-7
    assert [row[0] for row in check.rows] == [
        "source.W", "encoder.U", "encoder.W", "encoder.b", "target.W", "decoder.U", "decoder.W", "decoder.b",
        "head.W", "head.b"]
    assert all(np.abs(row[1]).max() > 1e-4 for row in check.rows)  # the loss does depend on the encoder


def test_lstm_hands_both_states_over():
    rng = np.random.default_rng(0)

    class Pair(Layer):
        def __init__(self):
            self.first, self.second = LSTM(3, 4, rng=rng), LSTM(3, 4, rng=rng)

        def forward(self, x):
            self.first.forward(x, mask=mask)
            return self.second.forward(x, h0=self.first.h_last, c0=self.first.c_last)

        def backward(self, delta):
            dx = self.second.backward(delta)
            return dx + self.first.backward(dh_last=self.second.dh0, dc_last=self.second.dc0)

    x, mask = rng.standard_normal((3, 5, 3)), np.arange(5) < np.array([[5], [2], [3]])
    assert gradient_check(Pair(), nn.MSELoss(), x, rng.standard_normal((3, 5, 4))).worst < 1e-7


def test_encoder_decoder_learns_to_reverse():
    rng = np.random.default_rng(0)
    source, target_in, target, mask = reversal(rng, 600)
    model = Translator(8, 12, 32, rng)
    history = fit(model, ((source, target_in), target, mask), loss=CrossEntropyLoss(), optimizer=Adam(model, 0.01),
                  epochs=25, batch_size=50, rng=rng, clip_norm=1.0, progress=False)
    assert history.train_loss[-1] < 0.1 * history.train_loss[0]
    source, _, target, mask = reversal(rng, 200)
    said = model.translate(source, target.shape[1])
    assert np.mean(((said == target) | ~mask).all(axis=1)) > 0.9  # exact match on new sequences


@pytest.mark.parametrize("cell", [RNN, LSTM, GRU])
def test_padding_changes_nothing(cell):
    """A padded batch with its mask gives what each sequence gives alone, gradients included; holes are skipped."""
    rng = np.random.default_rng(0)
    sequences = [rng.standard_normal((length, 3)) for length in (5, 2, 3)]
    x, mask = pad_sequences(sequences, value=99.0)
    layer = cell(3, 4, rng=rng)
    dh_last = rng.standard_normal((3, 4))
    states = layer.forward(x, mask=mask)
    last, dx = layer.h_last.copy(), layer.backward(dh_last=dh_last)
    together = [gradient.copy() for _, _, gradient in layer.parameters()]
    layer.zero_grad()
    for k, sequence in enumerate(sequences):
        alone = layer.forward(sequence[None])
        np.testing.assert_allclose(states[k, : len(sequence)], alone[0], rtol=1e-12)
        np.testing.assert_allclose(last[k], layer.h_last[0], rtol=1e-12)
        np.testing.assert_allclose(dx[k, : len(sequence)], layer.backward(dh_last=dh_last[k : k + 1])[0], rtol=1e-9)
        assert not dx[k, len(sequence) :].any()
    for (_, _, gradient), value in zip(layer.parameters(), together, strict=True):
        np.testing.assert_allclose(gradient, value, rtol=1e-9, atol=1e-12)
    holes = np.array([[True, False, True, True, False]])
    skipped = layer.forward(x[:1], mask=holes)
    np.testing.assert_allclose(skipped[0, [0, 2, 3]], layer.forward(x[:1, [0, 2, 3]])[0], rtol=1e-12)


def test_recurrent_steps_by_hand():
    """h_t = tanh(U x_t + W h_{t−1} + b) and the last state of a split sequence."""
    rng = np.random.default_rng(0)
    layer, x = RNN(3, 4, rng=rng), rng.standard_normal((2, 5, 3))
    states, h = layer.forward(x), np.zeros((2, 4))
    for t in range(5):
        h = np.tanh(x[:, t] @ layer.U.T + h @ layer.W.T + layer.b)
        np.testing.assert_allclose(states[:, t], h, rtol=1e-13)
    for cell in (RNN, GRU, LSTM):
        layer = cell(3, 4, rng=rng)
        whole = layer.forward(x).copy()
        layer.forward(x[:, :2])
        start = {"h0": layer.h_last.copy()} | ({"c0": layer.c_last.copy()} if cell is LSTM else {})
        np.testing.assert_allclose(layer.forward(x[:, 2:], **start), whole[:, 2:], rtol=1e-12)
    assert layer.multiply_adds((5, 4)) == 5 * 4 * 4 * (3 + 4)


def test_pad_sequences():
    ids, mask = pad_sequences([[5, 6, 7], [8]])
    assert ids.tolist() == [[5, 6, 7], [8, 0, 0]] and ids.dtype.kind == "i"
    assert mask.tolist() == [[True] * 3, [True, False, False]]
    assert pad_sequences([np.ones((2, 3)), np.ones((1, 3))], value=-1)[0][1, 1].tolist() == [-1, -1, -1]


def test_graph_network_learns_from_two_labels():
    """Two clubs with one bridge; the label of one node each is enough."""
    A = np.zeros((8, 8))
    for i, j in [(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (4, 6), (6, 7), (1, 3), (5, 7)]:
        A[i, j] = A[j, i] = 1
    A_hat, rng = nn.normalize_adjacency(A), np.random.default_rng(0)
    np.testing.assert_allclose(A_hat[0, 1], 1 / np.sqrt(3 * 4))  # degrees, the node itself included
    np.testing.assert_allclose(A_hat, A_hat.T)
    assert np.linalg.eigvalsh(A_hat)[-1] == pytest.approx(1)
    model = nn.Sequential(nn.GraphConv(8, 6, A_hat, rng=rng), nn.Tanh(), nn.GraphConv(6, 2, A_hat, rng=rng))
    y, mask = np.array([0] * 4 + [1] * 4), np.arange(8) % 7 == 0
    assert gradient_check(model, CrossEntropyLoss(), np.eye(8), y, mask).worst < 1e-7
    fit(model, (np.eye(8), y, mask), loss=CrossEntropyLoss(), optimizer=Adam(model, 0.05), epochs=100, progress=False)
    assert nn.accuracy(model(np.eye(8)), y) == 1
    assert model.astype(np.float32)(np.eye(8, dtype="f")).dtype == np.float32


# gradient_check

def network(seed=0):
    rng = np.random.default_rng(seed)
    return nn.Sequential(Linear(3, 4, rng=rng), nn.Tanh(), nn.Dropout(0.5, rng=rng), Linear(4, 2, rng=rng))


def test_gradient_check_finds_each_wrong_gradient():
    class WrongBias(Linear):
        def backward(self, delta):
            dx = super().backward(delta)
            self.db *= 1.001
            return dx

    class WrongInput(nn.Tanh):
        def backward(self, delta):
            return super().backward(delta) * np.array([1, 1, 1, 1.01])

    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((5, 3)), rng.standard_normal((5, 2))
    good = gradient_check(network(), nn.MSELoss(), x, y)
    assert good.worst < 1e-8 and [row[0] for row in good.rows] == ["0.W", "0.b", "3.W", "3.b", "input"]
    assert len(repr(good).splitlines()) == 5 and "0.W" in repr(good)
    bias = nn.Sequential(WrongBias(3, 2, rng=rng))
    wrong = {row[0]: row[3] for row in gradient_check(bias, nn.MSELoss(), x, y).rows}
    assert wrong["0.b"] == pytest.approx(1e-3, rel=0.1) and wrong["0.W"] < 1e-8
    middle = nn.Sequential(Linear(3, 4, rng=rng), WrongInput(), Linear(4, 2, rng=rng))
    wrong = {row[0]: row[3] for row in gradient_check(middle, nn.MSELoss(), x, y).rows}
    assert min(wrong["0.W"], wrong["0.b"], wrong["input"]) > 1e-4 and wrong["2.W"] < 1e-8


def test_gradient_check_leaves_everything_as_it_was():
    rng = np.random.default_rng(0)
    model, x = network().train(), rng.standard_normal((5, 3))
    for _, _, gradient in model.parameters():
        gradient += 7
    before, kept = [p.copy() for _, p, _ in model.parameters()], x.copy()
    x.flags.writeable = False
    gradient_check(model, nn.MSELoss(), x, np.zeros((5, 2)))
    for (_, p, gradient), old in zip(model.parameters(), before, strict=True):
        np.testing.assert_array_equal(p, old)
        assert (gradient == 7).all()
    np.testing.assert_array_equal(x, kept)
    assert model.training and model[2].training


def test_gradient_check_takes_a_sample_of_large_arrays():
    model = Linear(30, 10, rng=np.random.default_rng(0))
    rows = gradient_check(model, nn.MSELoss(), np.ones((2, 30)), np.zeros((2, 10)), max_entries=50).rows
    assert [len(row[1]) for row in rows] == [50, 10, 50]


# summary

def test_summary_counts():
    rng = np.random.default_rng(0)
    model = nn.Sequential(nn.Conv2d(1, 6, 5, padding=2, rng=rng), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                          nn.Dropout(0.5, rng=rng), Linear(6 * 14 * 14, 10, rng=rng))
    model.train()
    table = nn.summary(model, (1, 28, 28))
    assert [row[1] for row in table.rows] == [(6, 28, 28), (6, 28, 28), (6, 14, 14), (1176,), (1176,), (10,)]
    assert [row[2] for row in table.rows] == [6 * 25 + 6, 0, 0, 0, 0, 11770]
    assert [row[3] for row in table.rows] == [6 * 28 * 28 * 25, 0, 0, 0, 0, 11760]
    assert table.total_parameters == 156 + 11770 and table.total_multiply_adds == 117600 + 11760
    lines = repr(table).splitlines()
    assert len(lines) == 8 and lines[0].split() == ["layer", "output", "parameters", "multiply-adds"]
    assert lines[-1].split() == ["total", "11,926", "129,360"] and len({len(line) for line in lines}) == 1
    assert model.training and "forward" not in vars(model[0])


def test_summary_of_sequences_and_shared_weights():
    import copy

    rng = np.random.default_rng(0)
    table = nn.summary(nn.Sequential(Embedding(10, 4, rng=rng), GRU(4, 8, rng=rng), Linear(8, 3, rng=rng)), (7,))
    assert [row[1] for row in table.rows] == [(7, 4), (7, 8), (7, 3)]
    assert [row[3] for row in table.rows] == [0, 7 * 8 * 3 * (4 + 8), 7 * 3 * 8]
    layer = Linear(5, 5, rng=rng)
    assert nn.summary(nn.Sequential(layer, nn.ReLU(), copy.copy(layer)), (5,)).total_parameters == 30
    swiglu = nn.summary(nn.Sequential(nn.SwiGLU(5, 3, rng=rng)), (5,))
    assert [row[2] for row in swiglu.rows] == [18, 18]


# the package

def run(code, **environment):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                          env=os.environ | environment).stdout


def test_import_loads_numpy_and_nothing_heavier():
    code = """
import sys
import numpy
before = set(sys.modules)
import nnlib
heavy = ("matplotlib", "ipywidgets", "tqdm", "anywidget", "torch", "scipy", "sklearn", "IPython", "PIL")
print([name for name in heavy if name in sys.modules], {name.split(".")[0] for name in set(sys.modules) - before
      if name.split(".")[0] not in sys.stdlib_module_names})
"""
    assert run(code).split() == ["[]", "{'nnlib'}"]


def test_import_is_quick(tmp_path):
    """Less than 30 ms beyond NumPy's own import, once Python has compiled the files: the best of five, in processor
    time, since other tests may run beside this one."""
    code = "import numpy, time; start = time.process_time(); import nnlib; print(time.process_time() - start)"
    compiled = {"PYTHONPYCACHEPREFIX": str(tmp_path), "PYTHONDONTWRITEBYTECODE": ""}
    assert min(float(run(code, **compiled)) for _ in range(6)) < 0.030


def test_the_engine_is_small():
    """It is to be read in an afternoon: no file is long, and what is no docstring is short."""
    files = [p for p in Path(nn.__file__).parent.glob("*.py") if p.name != "sequences.py"]  # models, not engine
    texts = [file.read_text(encoding="utf8") for file in files]
    assert max(len(text.splitlines()) for text in texts) <= 280
    assert sum(map(code_lines, texts)) < 1550


def code_lines(text):
    """How many lines hold code: neither blank, nor comment, nor docstring."""
    texts = [node for node in ast.walk(ast.parse(text))
             if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)]
    docstrings = {line for node in texts for line in range(node.lineno, node.end_lineno + 1)}
    return sum(n not in docstrings and line.strip() != "" and not line.strip().startswith("#")
               for n, line in enumerate(text.splitlines(), 1))


def test_public_names():
    names = """Linear Conv2d MaxPool2d AvgPool2d Flatten Dropout Embedding RNN LSTM GRU GraphConv Sequential Sigmoid
        Tanh Softmax ReLU LeakyReLU ELU Softplus Swish SwiGLU Step HardSigmoid MSELoss MAELoss BCEWithLogitsLoss
        CrossEntropyLoss SGD Adam fit History gradient_check summary accuracy confusion_matrix f1 mse mae rmse r2"""
    missing = set(names.split()) - set(nn.__all__)
    assert not missing
    assert all(getattr(nn, name).__doc__ for name in nn.__all__)
