"""network.js against nnlib: random networks, 1e-6 (they agree to about 1e-15)."""

import numpy as np
import pytest

import nnlib
from nnlib import activations
from tests.support.engine import Engine

TOLERANCE = {"rtol": 1e-6, "atol": 1e-9}


@pytest.fixture(scope="module")
def engine():
    return Engine("network")


def lists(layer, *names):
    return {name: getattr(layer, name).tolist() for name in names}


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus", "swish", "step",
                                  "hard_sigmoid"])
def test_activations(engine, name):
    z = [-800.0, -20.0, -3.5, -1.0, -1e-3, 0.0, 1e-3, 0.7, 2.9, 20.0, 800.0]
    got = engine.run(f"nn.network.activations.{name}.map(f => z.map(v => f(v)))", z=z)
    np.testing.assert_allclose(got[0], getattr(activations, name)(np.array(z)), **TOLERANCE)
    np.testing.assert_allclose(got[1], getattr(activations, f"{name}_prime")(np.array(z)), **TOLERANCE)


def test_identity_and_parameters_of_activations(engine):
    assert engine.run("nn.network.activations.identity.map(f => f(-3))") == [-3, 1]
    z = [-2.0, -0.5, 0.5, 2.0]
    for name in ("leaky_relu", "elu", "swish"):
        got = engine.run(f"nn.network.activations.{name}.map(f => z.map(v => f(v, 0.3)))", z=z)
        np.testing.assert_allclose(got[0], getattr(activations, name)(np.array(z), 0.3), **TOLERANCE)
        np.testing.assert_allclose(got[1], getattr(activations, f"{name}_prime")(np.array(z), 0.3), **TOLERANCE)


@pytest.mark.parametrize("seed", range(3))
def test_dense_and_softmax(engine, seed):
    rng = np.random.default_rng(seed)
    layer, x = nnlib.Linear(4, 5, rng=rng), rng.normal(size=(3, 4))
    got = engine.run("nn.network.dense(layer.W, layer.b, x)", layer=lists(layer, "W", "b"), x=x.tolist())
    np.testing.assert_allclose(got, layer(x), **TOLERANCE)
    z = 300 * rng.normal(size=6)
    np.testing.assert_allclose(engine.run("nn.network.softmax(z)", z=z.tolist()), activations.softmax(z), **TOLERANCE)


@pytest.mark.parametrize(("stride", "padding", "size"), [(1, 0, 3), (2, 1, 3), (1, "same", 5), (3, 2, 2), (2, 0, 1)])
def test_convolution(engine, stride, padding, size):
    rng = np.random.default_rng(size)
    layer = nnlib.Conv2d(2, 3, size, stride=stride, padding=padding, rng=rng)
    layer.b[:] = rng.normal(size=3)
    x = rng.normal(size=(1, 2, 9, 7))
    got = engine.run("nn.network.conv2d(layer.W, layer.b, x, options)", layer=lists(layer, "W", "b"), x=x[0].tolist(),
                     options={"stride": stride, "padding": padding})
    np.testing.assert_allclose(got, layer(x)[0], **TOLERANCE)


@pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 2), (3, 1)])
def test_pooling(engine, size, stride):
    x = np.random.default_rng(0).normal(size=(1, 2, 8, 7))
    for kind, layer in (("max", nnlib.MaxPool2d(size, stride)), ("mean", nnlib.AvgPool2d(size, stride))):
        got = engine.run("nn.network.pool2d(x, size, stride, kind)", x=x[0].tolist(), size=size, stride=stride,
                         kind=kind)
        np.testing.assert_allclose(got, layer(x)[0], **TOLERANCE)


@pytest.mark.parametrize("seed", range(2))
def test_recurrent(engine, seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(1, 6, 3))
    for kind, code in ((nnlib.RNN, "rnn(layer, x)"), (nnlib.GRU, "gru(layer, x)"),
                       (nnlib.LSTM, "lstm(layer, x).states")):
        layer = kind(3, 4, rng=rng)
        got = engine.run(f"nn.network.{code}", layer=lists(layer, "U", "W", "b"), x=x[0].tolist())
        np.testing.assert_allclose(got, layer.forward(x)[0], **TOLERANCE)
    cells = engine.run("nn.network.lstm(layer, x).cells.at(-1)", layer=lists(layer, "U", "W", "b"), x=x[0].tolist())
    np.testing.assert_allclose(cells, layer.c_last[0], **TOLERANCE)
    h0 = rng.normal(size=(1, 4))
    layer = nnlib.GRU(3, 4, rng=rng)
    got = engine.run("nn.network.gru(layer, x, h0)", layer=lists(layer, "U", "W", "b"), x=x[0].tolist(),
                     h0=h0[0].tolist())
    np.testing.assert_allclose(got, layer.forward(x, h0=h0)[0], **TOLERANCE)


LOSSES = {"mse": nnlib.MSELoss, "bce": nnlib.BCEWithLogitsLoss, "cross_entropy": nnlib.CrossEntropyLoss}
LAYERS = {"tanh": nnlib.Tanh, "relu": nnlib.ReLU, "sigmoid": nnlib.Sigmoid, "elu": nnlib.ELU, "swish": nnlib.Swish}
TRAIN = """(() => {
  const { MLP, losses, SGD, Adam } = nn.network, model = new MLP(layers, activation), values = [];
  const optimizer = name === "SGD" ? new SGD(model.parameters(), { lr: 0.1, momentum: 0.8 })
    : new Adam(model.parameters(), { lr: 0.05 });
  let first;
  for (let k = 0; k < 30; k++) {
    const { value, delta } = losses[loss](model.forward(x), y);
    const dx = model.backward(delta);
    first ??= { dx, dW: model.layers.map(l => l.dW.map(r => [...r])), db: model.layers.map(l => [...l.db]) };
    values.push(value);
    optimizer.step();
  }
  return { values, first, W: model.layers.map(l => l.W), b: model.layers.map(l => l.b) };
})()"""


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", LAYERS)
def test_training(engine, activation, loss, optimizer):
    """Values, gradients, ∂L/∂x and thirty steps of an optimizer, all as nnlib's."""
    rng = np.random.default_rng(len(activation + loss + optimizer))
    linear = [nnlib.Linear(3, 5, rng=rng), nnlib.Linear(5, 4, rng=rng), nnlib.Linear(4, 2, rng=rng)]
    model = nnlib.Sequential(linear[0], LAYERS[activation](), linear[1], LAYERS[activation](), linear[2])
    x = rng.normal(size=(7, 3))
    y = rng.integers(0, 2, 7 if loss == "cross_entropy" else (7, 2))
    y = y if loss == "cross_entropy" else y.astype(float)
    got = engine.run(TRAIN, layers=[lists(layer, "W", "b") for layer in linear], activation=activation, loss=loss,
                     name=optimizer, x=x.tolist(), y=y.tolist())
    criterion = LOSSES[loss]()
    steps = nnlib.SGD(model, lr=0.1, momentum=0.8) if optimizer == "SGD" else nnlib.Adam(model, lr=0.05)
    values = []
    for k in range(30):
        values.append(criterion(model(x), y))
        model.zero_grad()
        dx = model.backward(criterion.backward())
        if k == 0:
            np.testing.assert_allclose(got["first"]["dx"], dx, **TOLERANCE)
            for n, layer in enumerate(linear):
                np.testing.assert_allclose(got["first"]["dW"][n], layer.dW, **TOLERANCE)
                np.testing.assert_allclose(got["first"]["db"][n], layer.db, **TOLERANCE)
        steps.step()
    np.testing.assert_allclose(got["values"], values, **TOLERANCE)
    for n, layer in enumerate(linear):
        np.testing.assert_allclose(got["W"][n], layer.W, **TOLERANCE)
        np.testing.assert_allclose(got["b"][n], layer.b, **TOLERANCE)


def test_initial_weights(engine):
    """Deterministic, uniform in ±1/√n_in, filling the range."""
    code = "nn.network.initial([100, 50, 1], nn.network.random(3))"
    layers = engine.run(code)
    assert layers == engine.run(code)
    W = np.array(layers[0]["W"])
    assert W.shape == (50, 100) and np.abs(W).max() <= 0.1
    assert abs(W.mean()) < 0.005 and abs(W.std() - 0.1 / 3**0.5) < 0.002
