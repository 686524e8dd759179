"""What holds for every layer: inputs and deltas stay as they are, memory order does not matter, gradients add up."""

import copy

import numpy as np
import pytest

import nnlib as nn
from nnlib import gradient_check
from tests.nnlib.reference import cases

every_layer = pytest.mark.parametrize("name", cases.LAYERS)


def read_only(a):
    a = a.copy()
    a.flags.writeable = False
    return a


@every_layer
def test_nothing_incoming_is_changed(name):
    layer, inputs, delta, _ = cases.layer_case(name)
    out = cases.run_layer(layer, [read_only(a) for a in inputs], read_only(delta))["out"]
    kept = out.copy()
    layer.backward(delta)
    np.testing.assert_array_equal(out, kept)  # backward leaves the output alone too


@every_layer
def test_memory_order_does_not_matter(name):
    layer, inputs, delta, _ = cases.layer_case(name)
    expected = cases.run_layer(layer, inputs, delta)
    turned = [np.asfortranarray(a) for a in inputs]
    stepped = [np.repeat(a, 2, axis=0)[::2] for a in inputs]  # every other row of a larger array
    backwards = [np.flip(np.flip(a).copy()) for a in inputs]  # negative strides
    for own in (turned, stepped, backwards):
        for own_delta in (delta, np.asfortranarray(delta), np.repeat(delta, 2, axis=-1)[..., ::2]):
            found = cases.run_layer(layer, own, own_delta)
            for what, value in expected.items():
                np.testing.assert_allclose(found[what], value, rtol=1e-12, atol=1e-13, err_msg=what)


@every_layer
def test_dtype_out_is_dtype_in(name):
    for dtype in (np.float32, np.float64):
        values = cases.run_layer(*cases.layer_case(name, dtype)[:3])
        assert {value.dtype for value in values.values()} == {np.dtype(dtype)}


@every_layer
def test_gradients_add_up_until_zero_grad(name):
    layer, inputs, delta, _ = cases.layer_case(name)
    once = cases.run_layer(layer, inputs, delta)
    layer.backward(delta)
    for what, _, gradient in layer.parameters():
        np.testing.assert_allclose(gradient, 2 * once[f"gradient of {what}"], rtol=1e-12, atol=1e-13)
    layer.zero_grad()
    assert not any(gradient.any() for _, _, gradient in layer.parameters())


@every_layer
def test_backward_agrees_with_central_differences(name):
    if name.startswith(("MaxPool", "Step")):
        pytest.skip("not differentiable at the numbers of this case")
    layer, inputs, delta, _ = cases.layer_case(name)
    target = np.random.default_rng(1).standard_normal(delta.shape)
    assert gradient_check(layer, nn.MSELoss(), inputs[0], target).worst < 1e-7


@every_layer
def test_linear_in_delta(name):
    """backward(2δ) is twice backward(δ): δ enters every gradient once."""
    layer, inputs, delta, _ = cases.layer_case(name)
    once = cases.run_layer(layer, inputs, delta)
    twice = cases.run_layer(layer, inputs, 2 * delta)
    for what, value in once.items():
        np.testing.assert_allclose(twice[what], value if what == "out" else 2 * value, rtol=1e-12, atol=1e-13)


@every_layer
def test_each_example_alone_gives_the_same(name):
    if name in ("GraphConv", "BatchNorm", "BatchNorm of images"):
        pytest.skip("nodes of a graph, and while BatchNorm trains the examples of a batch, depend on each other")
    layer, inputs, _, _ = cases.layer_case(name)
    out = layer.forward(*inputs[:1])
    alone = np.concatenate([layer.forward(inputs[0][k : k + 1]) for k in range(len(inputs[0]))])
    np.testing.assert_allclose(alone, out, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", ["Linear", "Conv2d 3", "Conv2d 3 padding 1", "Conv2d 5 padding 4 many channels",
                                  "RNN", "LSTM", "GRU", "GraphConv"])
def test_first_layer_can_skip_the_input_gradient(name):
    layer, inputs, delta, _ = cases.layer_case(name)
    expected = cases.run_layer(layer, inputs, delta)
    layer.input_grad = False
    found = cases.run_layer(layer, inputs, delta)
    assert expected.keys() - found.keys() == {"dx"}
    for what in found:
        np.testing.assert_array_equal(found[what], expected[what])


def test_a_layer_without_a_module_is_trained():
    """A class that exec made in a namespace without a name: its methods have the module None."""
    names = {"nn": nn}
    exec("class Own(nn.Linear):\n    def backward(self, delta):\n        return super().backward(delta)", names)
    model = names["Own"](2, 1, rng=np.random.default_rng(0))
    assert type(model).backward.__module__ is None
    nn.fit(model, (np.ones((4, 2)), np.ones((4, 1))), nn.MSELoss(), nn.SGD(model, 0.1), epochs=1, progress=False)


def small_model(rng):
    return nn.Sequential(nn.Linear(3, 4, rng=rng), nn.Tanh(), nn.SwiGLU(4, 2, rng=rng))


def test_parameters_have_dotted_names_and_are_the_arrays():
    model = small_model(np.random.default_rng(0))
    names = [name for name, _, _ in model.parameters()]
    assert names == ["0.W", "0.b", "2.gate.W", "2.gate.b", "2.value.W", "2.value.b"]
    named = {name: (w, g) for name, w, g in model.parameters()}
    assert named["0.W"][0] is model[0].W and named["0.W"][1] is model[0].dW
    assert named["2.value.b"][0] is model[2].value.b
    assert all(w.shape == g.shape for w, g in named.values())


def test_a_layer_used_twice_shares_weights_and_gradients():
    rng = np.random.default_rng(0)
    first = nn.Linear(3, 3, rng=rng)
    second = copy.copy(first)
    model = nn.Sequential(first, nn.Tanh(), second)
    assert first.W is second.W and first.dW is second.dW
    x, y = rng.standard_normal((5, 3)), rng.standard_normal((5, 3))
    assert gradient_check(model, nn.MSELoss(), x, y).worst < 1e-7
    before = first.W.copy()
    optimizer = nn.SGD(model, lr=0.1)
    assert len(optimizer.parameters()) == 2
    loss = nn.MSELoss()
    optimizer.zero_grad()
    loss.forward(model.forward(x), y)
    model.backward(loss.backward())
    optimizer.step()
    np.testing.assert_allclose(first.W, before - 0.1 * first.dW, rtol=1e-14)  # one step, not two
    model.astype(np.float32)
    assert first.W is second.W and first.W.dtype == first.dW.dtype == np.float32


def test_a_copied_block_has_layers_of_its_own_on_the_same_weights():
    rng = np.random.default_rng(0)
    block = small_model(rng)
    twin = copy.copy(block)
    assert twin[0] is not block[0] and twin[0].W is block[0].W and twin[2].gate.W is block[2].gate.W
    one, two = rng.standard_normal((2, 3)), rng.standard_normal((2, 3))
    block.forward(one), twin.forward(two)
    np.testing.assert_array_equal(block[0].a, one)


def test_optimizers_follow_a_change_of_dtype():
    rng = np.random.default_rng(0)
    model, loss = small_model(rng), nn.MSELoss()
    for make in (lambda: nn.Adam(model, 0.1), lambda: nn.SGD(model, 0.1, momentum=0.9)):
        optimizer = make()
        model.astype(np.float32)
        before = model[0].W.copy()
        model.zero_grad()
        loss.forward(model.forward(rng.standard_normal((4, 3)).astype("f")), np.zeros((4, 2), "f"))
        model.backward(loss.backward())
        optimizer.step()
        assert model[0].W.dtype == np.float32 and (before != model[0].W).any()
        model.astype(float)


def test_dropout():
    rng = np.random.default_rng(0)
    layer, x = nn.Dropout(0.25, rng=rng), np.ones((200, 100))
    out = layer.forward(x)
    assert set(np.unique(out)) == {0, 1 / 0.75}
    assert abs(out.mean() - 1) < 0.02 and abs((out == 0).mean() - 0.25) < 0.01
    np.testing.assert_array_equal(layer.backward(2 * x), 2 * out)  # what was dropped gets no gradient
    assert (layer.forward(x) != out).any()  # dropped anew each time
    model = nn.Sequential(layer).eval()
    np.testing.assert_array_equal(model.forward(x), x)
    np.testing.assert_array_equal(model.backward(x), x)
    assert model.train() is model and (model.forward(x) != x).any()
    assert nn.Dropout(0, rng=rng).forward(x).tolist() == x.tolist()


def test_backward_before_forward_and_misspelt_names_are_told():
    layer = nn.Linear(2, 2, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="backward called before forward"):
        layer.backward(np.ones((1, 2)))
    with pytest.raises(AttributeError, match="Linear has no 'weight'"):
        _ = layer.weight


def test_layers_can_be_called_indexed_and_shown():
    model = small_model(np.random.default_rng(0))
    x = np.zeros((1, 3))
    np.testing.assert_array_equal(model(x), model.forward(x))
    assert len(model) == 3 and isinstance(model[1], nn.Tanh)
    assert repr(model) == "Sequential(\n  Linear(3, 4),\n  Tanh(),\n  SwiGLU(4, 2, beta=1),\n)"
    conv = nn.Conv2d(1, 2, 3, padding="same", rng=np.random.default_rng(0))
    assert repr(conv) == "Conv2d(1, 2, kernel_size=3, stride=1, padding='same')"
    assert repr(nn.MaxPool2d(2)) == "MaxPool2d(2, stride=2)" and repr(nn.ELU(0.5)) == "ELU(alpha=0.5)"


def test_defaults():
    rng = np.random.default_rng(0)
    assert nn.Dropout(rng=rng).p == 0.5 and nn.LeakyReLU().slope == 0.01
    assert nn.ELU().alpha == nn.Swish().beta == nn.SwiGLU(1, 1, rng=rng).beta == 1
    conv, adam = nn.Conv2d(1, 1, 3, rng=rng), nn.Adam(nn.Linear(1, 1, rng=rng))
    assert (conv.stride, conv.padding, nn.MaxPool2d(3).stride, nn.AvgPool2d(2).stride) == (1, 0, 3, 2)
    assert (adam.lr, adam.betas, adam.eps) == (1e-3, (0.9, 0.999), 1e-8)


def test_initial_weights_are_spread_by_fan_in_and_repeat_with_the_seed():
    make = lambda seed: nn.Conv2d(4, 50, 5, rng=np.random.default_rng(seed))  # noqa: E731
    layer = make(3)
    bound = (4 * 25) ** -0.5
    largest = np.abs(layer.W).max() / bound
    assert largest <= 1 and largest > 0.99 and abs(layer.W.mean()) < 1e-3
    np.testing.assert_array_equal(layer.W, make(3).W)
    assert (layer.W != make(4).W).any()
    assert np.abs(nn.Linear(100, 50, rng=np.random.default_rng(0)).W).max() <= 0.1
    assert np.abs(nn.GRU(3, 25, rng=np.random.default_rng(0)).U).max() <= 0.2
