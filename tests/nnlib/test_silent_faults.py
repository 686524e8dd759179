"""What once went wrong without a word: weights that are assigned to, layers in containers, parts of a model, masks."""

import collections
import copy
import os
import tracemalloc
import zipfile

import numpy as np
import pytest

import nnlib as nn
from nnlib import storage
from nnlib.gradient_check import gradient_check


def linear(n_in=2, n_out=1, seed=0):
    return nn.Linear(n_in, n_out, rng=np.random.default_rng(seed))


def train(model, x, y, **options):
    options = {"loss": nn.MSELoss(), "optimizer": nn.SGD(model, 0.1), "epochs": 3, "progress": False} | options
    return nn.fit(model, (x, y), **options)


class Around(nn.Layer):
    """The sum of what its layers say, wherever it keeps them."""

    def __init__(self, held, used):
        self.held, self.used = held, used

    def forward(self, x):
        return sum(layer.forward(x) for layer in self.used(self.held))

    def backward(self, delta):
        return sum(layer.backward(delta) for layer in self.used(self.held))


# Parameters that are assigned to


def test_an_integer_array_that_is_assigned_does_not_truncate_inputs():
    layer = linear()
    layer.W, layer.b = np.array([[1, -1]]), np.array([0])
    assert layer.W.dtype == float and layer([[0.5, 0.25]]).tolist() == [[0.25]]
    conv = nn.Conv2d(1, 1, 3, rng=np.random.default_rng(0))
    sobel = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
    conv.W, conv.b = sobel[None, None], np.array([0])
    image = np.random.default_rng(0).random((1, 1, 3, 3))
    assert conv(image).item() == pytest.approx((image[0, 0] * sobel).sum())


@pytest.mark.parametrize("make", [
    linear, lambda: nn.RNN(2, 3, rng=np.random.default_rng(0)),
    lambda: nn.Embedding(4, 2, rng=np.random.default_rng(0)),
    lambda: nn.GraphConv(2, 3, np.eye(2), rng=np.random.default_rng(0))])
def test_assigning_copies_into_the_array_that_optimizer_and_twins_share(make):
    layer = make().astype(np.float32)
    twin, arrays = copy.copy(layer), {name: (w, g) for name, w, g in layer.parameters()}
    for name, (w, g) in arrays.items():
        values, gradient = np.ones(w.shape, int), np.full(w.shape, 2.0)
        setattr(layer, name, values.tolist())
        setattr(layer, "d" + name, gradient)
        assert getattr(layer, name) is w and getattr(twin, name) is w and getattr(layer, "d" + name) is g
        assert w.dtype == g.dtype == np.float32 and (w == 1).all() and (g == 2).all()
        gradient += 1
        assert (g == 2).all()
        with pytest.raises(ValueError, match=f"{type(layer).__name__}.{name} must have shape"):
            setattr(layer, name, 0.0)
        with pytest.raises(TypeError, match=f"{type(layer).__name__}.d{name} must hold numbers"):
            setattr(layer, "d" + name, None)
    layer.W += 1
    assert (twin.W == 2).all()


@pytest.mark.parametrize("value", [1.0, [1.0, 1.0], 1, np.ones(2, int), np.ones((), np.float32)])
def test_a_parameter_made_from_a_number_or_a_list_is_trained(value):
    class Scale(nn.Layer):
        def __init__(self):
            self.add_parameters(k=value)

        def forward(self, x):
            self.x = x
            return self.k * x

        def backward(self, delta):
            along = (delta * self.x).sum(0)
            self.dk = self.dk + (along if self.k.ndim else along.sum())
            return delta * self.k

    model, x = Scale(), np.random.default_rng(0).standard_normal((9, 2))
    loss, given = nn.MSELoss(), np.array(value)
    if model.k.dtype == float:
        assert gradient_check(model, loss, x, 3 * x).worst < 1e-7
    for _ in range(300):
        model.zero_grad()
        loss(model(x), 3 * x)
        model.backward(loss.backward())
        for _, w, gradient in model.parameters():
            w -= 0.1 * gradient
    np.testing.assert_allclose(model.k, 3, rtol=1e-3)
    np.testing.assert_array_equal(value, given)  # a copy was trained, not the array that was given


def test_half_precision_is_refused_wherever_it_would_be_trained():
    with pytest.raises(TypeError, match="float32 or float64, got float16"):
        linear().astype(np.float16)
    model = linear()
    vars(model)["W"] = model.W.astype(np.float16)
    with pytest.raises(TypeError, match="float32 or float64, got float16"):
        nn.Adam(model)
    assert nn.Sigmoid()(np.zeros((1, 1), np.float16)).dtype == float
    wide = nn.MSELoss()(np.full((90_000, 1), 100, np.float16), np.zeros((90_000, 1), np.float16))
    assert wide == 10_000


def test_the_norm_of_float32_gradients_does_not_overflow():
    model = linear().astype(np.float32)
    model.dW[:] = [[3e25, 4e25]]
    assert nn.clip_gradients(model, 1.0) == pytest.approx(5e25)
    np.testing.assert_allclose(model.dW, [[0.6, 0.8]], rtol=1e-6)


# Layers in containers, parts of models


Named = collections.namedtuple("Named", "one two")
HOLDERS = {
    "list": lambda a, b: [a, b],
    "tuple": lambda a, b: (a, b),
    "named tuple": Named,
    "nested list": lambda a, b: [[a], [[b]]],
    "dict": lambda a, b: {"a": a, "b": b},
    "dict of lists": lambda a, b: {"both": [a, b]},
    "ordered dict": lambda a, b: collections.OrderedDict(a=a, b=b),
    "list of dicts and numbers": lambda a, b: [{"a": a}, 3, "text", {"b": b, "n": None}],
}


def leaves(value):
    if isinstance(value, nn.Layer):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [leaf for item in value for leaf in leaves(item)] if isinstance(value, list | tuple) else []


@pytest.mark.parametrize("kind", HOLDERS)
def test_layers_in_containers_are_trained_saved_and_shared(kind, tmp_path):
    make = lambda seed: Around(HOLDERS[kind](linear(seed=seed), linear(seed=seed + 1)), leaves)  # noqa: E731
    model, rng = make(0), np.random.default_rng(0)
    x = rng.standard_normal((20, 2))
    y = x @ [[1.0], [-2.0]]
    assert len(list(model.parameters())) == 4 and model.n_parameters == 6
    assert gradient_check(model, nn.MSELoss(), x, y).worst < 1e-7
    assert train(model, x, y, epochs=200).train_loss[-1] < 1e-6
    model.save(tmp_path / "m.npz")
    np.testing.assert_array_equal(make(7).load(tmp_path / "m.npz")(x), model(x))
    twin = copy.copy(model)
    assert type(twin.held) is type(model.held)
    for own, other in zip(leaves(model.held), leaves(twin.held), strict=True):
        assert own is not other and own.W is other.W
    model(x), twin(2 * x)
    np.testing.assert_array_equal(leaves(model.held)[0].a, x)
    model.eval()
    assert not any(layer.training for layer in leaves(model.held))


def test_layers_in_a_set_are_refused():
    with pytest.raises(TypeError, match="a set, which has no order"):
        nn.SGD(Around({linear()}, list), 0.1)


def test_one_layer_in_two_places_is_refused():
    a, b = linear(2, 2), linear(2, 2)
    for make in (lambda: nn.Sequential(nn.Sequential(a, b), a), lambda: nn.Sequential(a, nn.ReLU(), nn.Sequential(a)),
                 lambda: nn.SGD(Around([a, {"again": a}], leaves), 0.1),
                 lambda: train(nn.Sequential(a, Around([a], leaves)), np.ones((1, 2)), np.ones((1, 2)))):
        with pytest.raises(ValueError, match=r"holds the same layer twice, as '.*' and '.*copy\.copy\(layer\)"):
            make()
    loop = Around([a], leaves)
    loop.held.append(loop)
    with pytest.raises(ValueError, match="twice"):
        loop.zero_grad()
    shared = nn.Sequential(nn.Sequential(a, nn.Tanh()), copy.copy(a))
    assert gradient_check(shared, nn.MSELoss(), np.ones((3, 2)), np.zeros((3, 2))).worst < 1e-7


class Residual(nn.Sequential):
    """x + f(x): a subclass of Sequential with a second way, and a layer besides those in the row."""

    def __init__(self, *layers, side):
        super().__init__(*layers)
        self.side = side

    def forward(self, x):
        return self.side(x) + super().forward(x)

    def backward(self, delta):
        return self.side.backward(delta) + super().backward(delta)


class Doubled(nn.Linear):
    """Goes on with what backward of its base returns."""

    def backward(self, delta):
        return 2 * super().backward(delta / 2) + 0


@pytest.mark.parametrize("make", [
    lambda: Residual(linear(2, 2), nn.Tanh(), side=linear(2, 2, seed=1)),
    lambda: nn.Sequential(Residual(linear(2, 2), side=linear(2, 2, seed=1)), nn.Tanh()),
    lambda: Doubled(2, 2, rng=np.random.default_rng(0))])
def test_what_passes_gradient_check_can_be_trained(make):
    model, x, y = make(), np.random.default_rng(0).standard_normal((8, 2)), np.zeros((8, 2))
    if not isinstance(model, Doubled):
        assert gradient_check(model, nn.MSELoss(), x, y).worst < 1e-7
        assert any("side" in name for name, _, _ in model.parameters())
    before = [w.copy() for _, w, _ in model.parameters()]
    history = train(model, x, y)
    assert history.train_loss[-1] < history.train_loss[0]
    assert all((w != old).any() for (_, w, _), old in zip(model.parameters(), before, strict=True))


def test_an_optimizer_for_a_part_freezes_the_rest():
    model = nn.Sequential(linear(2, 8), nn.Tanh(), linear(8, 1))
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((30, 2)), 50 * rng.standard_normal((30, 1))
    frozen, head = model[0].W.copy(), nn.SGD(model[2:], 0.1)
    moved = [model[2].W.copy()]
    train(model, x, y, optimizer=head, epochs=5, clip_norm=0.5,
          callback=lambda *_: moved.append(np.concatenate([model[2].W.ravel(), model[2].b])))
    steps = np.linalg.norm(np.diff(moved[1:], axis=0), axis=1)
    np.testing.assert_allclose(steps, 0.05, rtol=1e-9)  # the frozen gradients do not count in the norm
    np.testing.assert_array_equal(model[0].W, frozen)
    last = model[0].dW.copy()
    model.zero_grad()
    loss = nn.MSELoss()
    loss(model(x), y)
    model.backward(loss.backward())
    assert np.linalg.norm(last) < 1.5 * np.linalg.norm(model[0].dW)  # that of one step, not the sum of all


# gradient_check


def test_a_transposed_gradient_is_found_in_matrices_of_any_size():
    class Transposed(nn.Linear):
        def backward(self, delta):
            kept = self.dW.copy()
            dx = super().backward(delta)
            self.dW = kept + (self.dW - kept).T
            return dx

    for n in (2, 10, 11, 64, 99, 100, 101, 128):
        rng = np.random.default_rng(0)
        x, y = rng.standard_normal((4, n)), rng.standard_normal((4, n))
        assert gradient_check(nn.Linear(n, n, rng=rng), nn.MSELoss(), x, y, max_entries=50).worst < 1e-6
        assert gradient_check(Transposed(n, n, rng=rng), nn.MSELoss(), x, y, max_entries=50).worst > 0.1, n


def test_gradient_check_leaves_everything_as_it_was_even_after_an_exception():
    model, calls = nn.Sequential(linear(2, 3), nn.Tanh(), nn.Dropout(0.5, rng=np.random.default_rng(0))), []
    model[0].dW[:] = 7
    before = model[0].W.copy()

    class Fails(nn.MSELoss):
        def forward(self, prediction, target, mask=None):
            calls.append(1)
            if len(calls) == last:
                raise RuntimeError
            return super().forward(prediction, target, mask)

    for last in (1, 2, 3, 4, 9):  # noqa: B007  (read by Fails)
        calls.clear()
        with pytest.raises(RuntimeError):
            gradient_check(model, Fails(), np.ones((2, 2)), np.zeros((2, 3)))
        np.testing.assert_array_equal(model[0].W, before)
        assert (model[0].dW == 7).all() and model[2].training


@pytest.mark.parametrize("size, verdict", [(1.0, "right"), (1e-4, "right"), (1e-13, "unknown")])
def test_tiny_gradients_are_tested_or_said_to_be_untestable(size, verdict):
    """What rounding hides is not called right; a wrong gradient is never called right, whatever its size."""
    class Loss(nn.MSELoss):
        def forward(self, prediction, target, mask=None):
            return 1 + size * super().forward(prediction, target, mask)

        def backward(self):
            return size * factor * super().backward()

    x = np.random.default_rng(0).standard_normal((5, 2))
    for factor in (1, 2):
        result = gradient_check(linear(), Loss(), x, np.ones((5, 1)))
        if verdict == "right":
            assert result.worst < 1e-5 if factor == 1 else result.worst == pytest.approx(0.5, rel=1e-4)
        else:
            assert np.isnan(result.worst) and "too small to be tested" in repr(result)
    dead = nn.Sequential(linear(), nn.ReLU())
    dead[0].b = [-100]
    assert gradient_check(dead, nn.MSELoss(), x, np.zeros((5, 1))).worst == 0  # exactly 0 on both sides


# Arrays that belong to somebody else


def test_masked_arrays_are_not_stripped_of_their_mask():
    x = np.ma.masked_array(np.ones((3, 2)), mask=[[True, False]] * 3)
    for call in (lambda: linear()(x), lambda: nn.MSELoss()(np.ones((3, 2)), x), lambda: nn.ReLU()(x),
                 lambda: nn.mse(x, np.ones((3, 2))), lambda: train(linear(), x, np.ones((3, 1))),
                 lambda: nn.normalize_adjacency(np.ma.masked_equal(np.zeros((2, 2)), 0))):
        with pytest.raises(TypeError, match=r"masked array.*filled"):
            call()
    assert linear()(np.ma.masked_array(np.ones((3, 2)))).shape == (3, 1)  # nothing is masked: nothing is lost


@pytest.mark.parametrize("make, shape", [
    *((lambda kind=kind: kind(), (3, 4)) for kind in (nn.Sigmoid, nn.Tanh, nn.Softmax, nn.ReLU, nn.ELU, nn.Swish,
                                                      nn.Softplus, nn.HardSigmoid, nn.LeakyReLU)),
    *((lambda kind=kind: kind(4, 3, rng=np.random.default_rng(0)), shape)
      for kind in (nn.RNN, nn.LSTM, nn.GRU) for shape in ((2, 5, 4), (1, 5, 4), (2, 1, 4))),
    (lambda: linear(4, 3), (3, 4)), (lambda: nn.SwiGLU(4, 3, rng=np.random.default_rng(0)), (3, 4)),
    (lambda: nn.Conv2d(2, 2, 1, rng=np.random.default_rng(0)), (1, 2, 3, 3)), (lambda: nn.MaxPool2d(1), (1, 2, 3, 3)),
    (lambda: nn.AvgPool2d(1), (1, 2, 3, 3)), (lambda: nn.Dropout(0.5, rng=np.random.default_rng(0)), (3, 4))])
def test_the_caller_may_change_what_a_layer_returned(make, shape):
    rng = np.random.default_rng(0)
    x, results = rng.standard_normal(shape), []
    for change in (False, True):
        layer = make()
        out = layer.forward(x.copy())
        delta = np.random.default_rng(1).standard_normal(out.shape)
        last = layer.h_last if isinstance(layer, nn.RNN | nn.LSTM | nn.GRU) else np.zeros(1)
        cell = layer.c_last if isinstance(layer, nn.LSTM) else np.zeros(1)
        if change:
            for array in (out, last, cell):
                array -= 1
        results.append([layer.backward(delta), *(g for _, _, g in layer.parameters())])
    for one, other in zip(*results, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("loss", [nn.MSELoss(), nn.MAELoss(), nn.BCEWithLogitsLoss(), nn.CrossEntropyLoss()])
def test_losses_keep_nothing_of_the_callers(loss):
    z = np.random.default_rng(0).standard_normal((4, 3))
    y = np.array([0, 2, 1, 1]) if isinstance(loss, nn.CrossEntropyLoss) else np.full((4, 3), 0.25)
    loss(z, y)
    expected = loss.backward().copy()
    loss(z, y)
    z -= 1
    y -= y
    np.testing.assert_array_equal(loss.backward(), expected)


def test_a_graph_layer_keeps_a_matrix_of_its_own():
    A_hat = np.eye(2)
    layer = nn.GraphConv(2, 1, A_hat, rng=np.random.default_rng(0))
    before = layer(np.ones((2, 2)))
    A_hat[:] = 0
    np.testing.assert_array_equal(layer(np.ones((2, 2))), before)


# Metrics


def test_scores_in_one_column_are_not_arg_maxed():
    for call in (nn.accuracy, nn.f1, nn.confusion_matrix):
        with pytest.raises(ValueError, match=r"at least two classes, got shape \(3, 1\).*logits\[..., 0\] > 0"):
            call([[3.0], [-2.0], [4.0]], [1, 0, 1])
    assert nn.accuracy([[3.0, 0], [-2.0, 1], [4.0, 5]], [0, 1, 1]) == 1


def test_a_confusion_matrix_that_would_fill_the_memory_is_refused():
    with pytest.raises(ValueError, match="100001 × 100001 counts is too large; are these classes"):
        nn.confusion_matrix([0, 100_000], [0, 1])
    assert nn.confusion_matrix([0, 999], [0, 1]).shape == (1000, 1000)
    assert nn.accuracy([0, 100_000], [0, 1]) == 0.5


# Files


def test_numbers_too_large_for_the_model_are_refused(tmp_path):
    wide = linear()
    wide.W = [[1e300, 1.0]]
    wide.save(tmp_path / "wide.npz")
    narrow = linear(seed=1).astype(np.float32)
    before = narrow.W.copy()
    with pytest.raises(ValueError, match=r"wide\.npz: W holds numbers too large for float32"):
        narrow.load(tmp_path / "wide.npz")
    np.testing.assert_array_equal(narrow.W, before)
    assert linear(seed=1).load(tmp_path / "wide.npz").W[0, 0] == 1e300


def test_a_small_file_cannot_fill_the_memory(tmp_path):
    path = tmp_path / "bomb.npz"
    np.savez_compressed(path, W=np.zeros((1, 30_000_000)), b=np.zeros(1))
    assert path.stat().st_size < 1_000_000
    tracemalloc.start()
    with pytest.raises(ValueError, match=r"does not fit: W must be floats of shape \(1, 2\), got float64 of shape"):
        linear().load(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


def test_nothing_in_a_file_is_run(tmp_path):
    class Evil:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "was run"),)

    array = np.empty((1, 2), object)
    array[:] = Evil()
    np.savez(tmp_path / "evil.npz", W=array, b=np.zeros(1))
    for like in ({"W": np.zeros((1, 2)), "b": np.zeros(1)}, {"W": array, "b": np.zeros(1)}):
        with pytest.raises(ValueError, match=r"evil\.npz"):
            storage.read_arrays(tmp_path / "evil.npz", like)
    with zipfile.ZipFile(tmp_path / "evil.npz") as file, pytest.raises(ValueError, match="allow_pickle"):
        storage.read(file, "W.npy")
    assert not (tmp_path / "was run").exists()
    with np.load(tmp_path / "evil.npz", allow_pickle=True) as file:  # the trap is a real one
        file["W"]
    assert (tmp_path / "was run").exists()


def test_save_writes_through_a_symbolic_link(tmp_path):
    real, link = tmp_path / "real.npz", tmp_path / "link.npz"
    linear().save(real)
    link.symlink_to(real)
    linear(seed=1).save(link)
    assert link.is_symlink()
    np.testing.assert_array_equal(linear().load(real).W, linear(seed=1).W)


def test_parameters_may_have_any_name_but_no_two_the_same(tmp_path):
    model = nn.Layer()
    model.add_parameters(file=[1.0, 2], self=3.0, args=[4.0], kwds=[5.0])
    model.save(tmp_path / "m.npz")
    expected = {name: value.copy() for name, value in model.arrays().items()}
    for value in model.arrays().values():
        value[...] = 0
    for name, value in model.load(tmp_path / "m.npz").arrays().items():
        np.testing.assert_array_equal(value, expected[name])
    clash = Around({"a": {"b": linear()}, "a.b": linear()}, leaves)
    with pytest.raises(ValueError, match="same name"):
        clash.save(tmp_path / "n.npz")


def test_a_member_that_goes_on_after_its_array_is_refused(tmp_path):
    linear().save(tmp_path / "good.npz")
    with zipfile.ZipFile(tmp_path / "good.npz") as good, zipfile.ZipFile(tmp_path / "long.npz", "w") as long:
        for name in good.namelist():
            long.writestr(name, good.read(name) + b"more")
    with pytest.raises(ValueError, match=r"long\.npz.*longer than its array"):
        linear().load(tmp_path / "long.npz")
