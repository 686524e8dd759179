"""What nnlib and PyTorch are both asked to compute: layers and losses with their twins, all gradients included.

A layer's case is (name, make, twin): make(rng) -> (layer, inputs), and twin(torch, p, *inputs) -> output with p the
layer's parameters as tensors under nnlib's names, in nnlib's layout. The same cases serve the recorded values
(make_values.py) and the tests that have PyTorch at hand.
"""

import copy

import numpy as np

import nnlib as nn


def images(rng, c=3, h=7, w=6, n=2):
    return rng.standard_normal((n, c, h, w))


def sequences(rng, n=3, t=5, d=4):
    return rng.standard_normal((n, t, d))


def conv(kernel_size, stride=1, padding=0, c_in=3, c_out=4, h=7, w=6):
    def make(rng):
        return nn.Conv2d(c_in, c_out, kernel_size, stride, padding, rng=rng), (images(rng, c_in, h, w),)

    def twin(torch, p, x):
        return torch.nn.functional.conv2d(x, p["W"], p["b"], stride=stride, padding=padding)

    return make, twin


def max_pool(*args):
    return (lambda rng: (nn.MaxPool2d(*args), (np.round(2 * images(rng)),)),  # rounded: windows with equal numbers
            lambda torch, p, x: torch.nn.functional.max_pool2d(x, *args))


def avg_pool(*args):
    return (lambda rng: (nn.AvgPool2d(*args), (images(rng),)),
            lambda torch, p, x: torch.nn.functional.avg_pool2d(x, *args))


def activation(layer, function):
    return lambda rng: (copy.copy(layer), (3 * rng.standard_normal((4, 5)),)), lambda torch, p, z: function(torch, z)


def recurrent(layer, module, start=(), n_in=4, n_hidden=5):
    """start: names of the initial states that are given, such as ("h0", "c0")."""

    def make(rng):
        own = layer(n_in, n_hidden, rng=rng)
        return own, (sequences(rng, d=n_in), *(rng.standard_normal((3, n_hidden)) for _ in start))

    def twin(torch, p, x, *states):
        rnn = getattr(torch.nn, module)(n_in, n_hidden, batch_first=True, dtype=x.dtype)
        zero = torch.zeros_like(p["b"])
        weights = {"weight_ih_l0": p["U"], "weight_hh_l0": p["W"], "bias_ih_l0": p["b"], "bias_hh_l0": zero}
        states = tuple(s[None] for s in states)
        args = (x, states if len(states) > 1 else states[0]) if states else (x,)
        return torch.func.functional_call(rnn, weights, args)[0]

    return make, twin


ADJACENCY = np.array([[0, 1, 1, 0], [1, 0, 0, 0], [1, 0, 0, 1], [0, 0, 1, 0]], float)


def graph_twin(torch, p, x):
    A = torch.tensor(ADJACENCY, dtype=x.dtype) + torch.eye(4, dtype=x.dtype)
    d = torch.diag(A.sum(1) ** -0.5)
    return d @ A @ d @ x @ p["W"].T + p["b"]


def swiglu_twin(torch, p, x):
    gate = torch.nn.functional.linear(x, p["gate.W"], p["gate.b"])
    return gate * torch.sigmoid(1.5 * gate) * torch.nn.functional.linear(x, p["value.W"], p["value.b"])


def norm(layer, shape, seen=False):
    """seen: BatchNorm after training, with a mean and a variance of its own."""

    def make(rng):
        own, x = copy.deepcopy(layer), 3 * rng.standard_normal(shape) + 1
        own.gamma, own.beta = rng.standard_normal((2, layer.n_features))
        return own.train(not seen), (x,)

    def twin(torch, p, x):
        F = torch.nn.functional
        if type(layer) is nn.LayerNorm:
            return F.layer_norm(x, (layer.n_features,), p["gamma"], p["beta"])
        mean, variance = (torch.tensor(a, dtype=x.dtype) for a in (layer.running_mean, layer.running_var))
        return F.batch_norm(x, mean, variance, p["gamma"], p["beta"], training=not seen)

    return make, twin


def batch_norm_that_has_seen():
    layer = nn.BatchNorm(3)
    layer.running_mean, layer.running_var = [1, -2, 0.5], [0.25, 2, 9]
    return layer


LAYERS = {
    "LayerNorm": norm(nn.LayerNorm(5), (4, 5)),
    "LayerNorm of sequences": norm(nn.LayerNorm(4), (3, 5, 4)),
    "BatchNorm": norm(nn.BatchNorm(3), (6, 3)),
    "BatchNorm of images": norm(nn.BatchNorm(3), (2, 3, 4, 5)),
    "BatchNorm at work": norm(batch_norm_that_has_seen(), (4, 3), seen=True),
    "Linear": (lambda rng: (nn.Linear(5, 3, rng=rng), (rng.standard_normal((4, 5)),)),
               lambda torch, p, a: torch.nn.functional.linear(a, p["W"], p["b"])),
    "Linear of sequences": (lambda rng: (nn.Linear(4, 3, rng=rng), (sequences(rng),)),
                            lambda torch, p, a: torch.nn.functional.linear(a, p["W"], p["b"])),
    "Conv2d 3": conv(3),
    "Conv2d 3 padding 1": conv(3, padding=1),
    "Conv2d 3 stride 2 padding 1": conv(3, 2, 1, c_in=5),
    "Conv2d 2 stride 3": conv(2, 3),
    "Conv2d 5 padding 4 many channels": conv(5, padding=4, c_in=6, c_out=8),
    "Conv2d 1": conv(1, c_in=4),
    "Conv2d 1 padding 2 stride 2": conv(1, 2, 2),
    "Conv2d 3 same": conv(3, padding="same", c_in=1),
    "Conv2d 4 same": conv(4, padding="same", c_in=4),
    "Conv2d kernel as large as the image": conv(6, c_in=4, h=6, w=6),
    "MaxPool2d 2": max_pool(2),
    "MaxPool2d 3 stride 1": max_pool(3, 1),
    "MaxPool2d 2 stride 3": max_pool(2, 3),
    "AvgPool2d 2": avg_pool(2),
    "AvgPool2d 3 stride 2": avg_pool(3, 2),
    "Flatten": (lambda rng: (nn.Flatten(), (images(rng),)), lambda torch, p, x: x.flatten(1)),
    "Embedding": (lambda rng: (nn.Embedding(6, 3, rng=rng), (rng.integers(0, 6, (4, 5)),)),
                  lambda torch, p, ids: torch.nn.functional.embedding(ids, p["W"])),
    "RNN": recurrent(nn.RNN, "RNN"),
    "RNN from a state": recurrent(nn.RNN, "RNN", ("h0",)),
    "LSTM": recurrent(nn.LSTM, "LSTM"),
    "LSTM from a state": recurrent(nn.LSTM, "LSTM", ("h0", "c0")),
    "GRU": recurrent(nn.GRU, "GRU"),
    "GRU from a state": recurrent(nn.GRU, "GRU", ("h0",)),
    "GraphConv": (lambda rng: (nn.GraphConv(3, 2, nn.normalize_adjacency(ADJACENCY), rng=rng),
                               (rng.standard_normal((4, 3)),)), graph_twin),
    "Sigmoid": activation(nn.Sigmoid(), lambda torch, z: torch.sigmoid(z)),
    "Tanh": activation(nn.Tanh(), lambda torch, z: torch.tanh(z)),
    "Softmax": activation(nn.Softmax(), lambda torch, z: torch.softmax(z, -1)),
    "ReLU": activation(nn.ReLU(), lambda torch, z: torch.relu(z)),
    "LeakyReLU": activation(nn.LeakyReLU(0.1), lambda torch, z: torch.nn.functional.leaky_relu(z, 0.1)),
    "ELU": activation(nn.ELU(0.7), lambda torch, z: torch.nn.functional.elu(z, 0.7)),
    "Softplus": activation(nn.Softplus(), lambda torch, z: torch.nn.functional.softplus(z, threshold=1e9)),
    "Swish": activation(nn.Swish(), lambda torch, z: torch.nn.functional.silu(z)),
    "Swish 1.7": activation(nn.Swish(1.7), lambda torch, z: z * torch.sigmoid(1.7 * z)),
    # torch's own hardsigmoid has 1/6 as a float32 in its derivative, even for float64
    "HardSigmoid": activation(nn.HardSigmoid(), lambda torch, z: torch.clamp(z / 6 + 0.5, 0, 1)),
    "Step": activation(nn.Step(), lambda torch, z: torch.heaviside(z, torch.ones_like(z)).detach() + 0 * z),
    "SwiGLU": (lambda rng: (nn.SwiGLU(4, 3, 1.5, rng=rng), (rng.standard_normal((5, 4)),)), swiglu_twin),
}


def run_layer(layer, inputs, delta):
    """Output and all gradients of nnlib, as {"out", "dx", "dh0", "dc0", "dW", ...} (what there is)."""
    names = ("h0",) if isinstance(layer, nn.RNN | nn.GRU) else ("h0", "c0")
    layer.zero_grad()
    values = {"out": layer.forward(inputs[0], **dict(zip(names, inputs[1:], strict=False)))}
    values["dx"] = layer.backward(delta)
    values |= {"d" + name: getattr(layer, "d" + name) for name in names[: len(inputs) - 1]}
    values |= {f"gradient of {name}": gradient.copy() for name, _, gradient in layer.parameters()}
    return {name: value for name, value in values.items() if value is not None}


def run_layer_torch(torch, twin, layer, inputs, delta):
    """The same from PyTorch."""
    p = {name: torch.tensor(value, requires_grad=True) for name, value, _ in layer.parameters()}
    tensors = [torch.tensor(a, requires_grad=a.dtype.kind == "f") for a in inputs]
    out = twin(torch, p, *tensors)
    out.backward(torch.tensor(delta))
    values = {"out": out.detach().numpy()}
    for name, tensor in zip(("dx", "dh0", "dc0"), tensors, strict=False):
        if tensor.grad is not None:
            values[name] = tensor.grad.numpy()
    return values | {f"gradient of {name}": tensor.grad.numpy() for name, tensor in p.items()}


def layer_case(name, dtype=np.float64):
    """(layer, inputs, delta, twin) of a case: always the same numbers."""
    make, twin = LAYERS[name]
    rng = np.random.default_rng(sum(name.encode()))
    layer, inputs = make(rng)
    layer.astype(dtype)
    inputs = tuple(a.astype(dtype) if a.dtype.kind == "f" else a for a in inputs)
    return layer, inputs, rng.standard_normal(layer.forward(*inputs[:1]).shape).astype(dtype), twin


def regression(rng, shape=(4, 3)):
    return rng.standard_normal(shape), rng.standard_normal(shape)


def binary(rng):
    return 3 * rng.standard_normal((4, 3)), rng.integers(0, 2, (4, 3)).astype(float)


def classes(rng):
    return 3 * rng.standard_normal((4, 5)), rng.integers(0, 5, 4)


def tags(rng):
    return 3 * rng.standard_normal((2, 3, 5)), rng.integers(0, 5, (2, 3))


def functional(name, **options):
    return lambda torch, z, y: getattr(torch.nn.functional, name)(z, y, **options)


MASK = np.array([[1, 1, 0], [1, 0, 0], [1, 1, 1], [0, 1, 0]], bool)
LOSSES = {  # name: (loss, make, mask, twin of the entries that count)
    "MSELoss": (nn.MSELoss(), regression, None, functional("mse_loss")),
    "MSELoss half": (nn.MSELoss(half=True), regression, None,
                     lambda torch, z, y: torch.nn.functional.mse_loss(z, y) / 2),
    "MSELoss mask": (nn.MSELoss(), regression, MASK, functional("mse_loss")),
    "MAELoss": (nn.MAELoss(), regression, None, functional("l1_loss")),
    "MAELoss mask": (nn.MAELoss(), regression, MASK, functional("l1_loss")),
    "BCEWithLogitsLoss": (nn.BCEWithLogitsLoss(), binary, None, functional("binary_cross_entropy_with_logits")),
    "BCEWithLogitsLoss mask": (nn.BCEWithLogitsLoss(), binary, MASK, functional("binary_cross_entropy_with_logits")),
    "CrossEntropyLoss": (nn.CrossEntropyLoss(), classes, None, functional("cross_entropy")),
    "CrossEntropyLoss mask": (nn.CrossEntropyLoss(), tags, MASK[:2], functional("cross_entropy")),
}


def loss_case(name, dtype=np.float64):
    """(loss, prediction, target, mask, twin)."""
    loss, make, mask, twin = LOSSES[name]
    prediction, target = make(np.random.default_rng(sum(name.encode())))
    return loss, prediction.astype(dtype), target.astype(dtype) if target.dtype.kind == "f" else target, mask, twin


def run_loss(loss, prediction, target, mask):
    return {"loss": np.array(loss.forward(prediction, target, mask)), "delta": loss.backward()}


def run_loss_torch(torch, twin, prediction, target, mask):
    z, y = torch.tensor(prediction, requires_grad=True), torch.tensor(target)
    mask = torch.ones(target.shape, dtype=torch.bool) if mask is None else torch.tensor(mask)
    loss = twin(torch, z[mask], y[mask])
    loss.backward()
    return {"loss": loss.detach().numpy(), "delta": z.grad.numpy()}


OPTIMIZERS = {  # name: (nnlib, PyTorch)
    "SGD": (lambda m: nn.SGD(m, 0.1), lambda torch, p: torch.optim.SGD(p, 0.1)),
    "SGD momentum": (lambda m: nn.SGD(m, 0.1, momentum=0.9), lambda torch, p: torch.optim.SGD(p, 0.1, momentum=0.9)),
    "SGD momentum weight decay": (
        lambda m: nn.SGD(m, 0.1, momentum=0.8, weight_decay=0.05),
        lambda torch, p: torch.optim.SGD(p, 0.1, momentum=0.8, weight_decay=0.05)),
    "SGD weight decay": (lambda m: nn.SGD(m, 0.1, weight_decay=0.1),
                         lambda torch, p: torch.optim.SGD(p, 0.1, weight_decay=0.1)),
    "Adam": (lambda m: nn.Adam(m, 0.02), lambda torch, p: torch.optim.Adam(p, 0.02)),
    "Adam betas eps": (lambda m: nn.Adam(m, 0.02, (0.7, 0.95), 1e-3),
                       lambda torch, p: torch.optim.Adam(p, 0.02, (0.7, 0.95), 1e-3)),
    "Adam weight decay": (lambda m: nn.Adam(m, 0.02, weight_decay=0.1),
                          lambda torch, p: torch.optim.Adam(p, 0.02, weight_decay=0.1)),
    "SGD clipped": (lambda m: nn.SGD(m, 0.1), lambda torch, p: torch.optim.SGD(p, 0.1)),
}


def optimizer_case(name, dtype=np.float64):
    """(model, x, y): a small network for six steps of full-batch training."""
    rng = np.random.default_rng(sum(name.encode()))
    model = nn.Sequential(nn.Linear(3, 4, rng=rng), nn.Tanh(), nn.Linear(4, 2, rng=rng)).astype(dtype)
    return model, rng.standard_normal((5, 3)).astype(dtype), rng.standard_normal((5, 2)).astype(dtype)


def run_optimizer(name, model, x, y):
    """The losses of the steps and the weights after them."""
    optimizer, loss, losses = OPTIMIZERS[name][0](model), nn.MSELoss(), []
    for _ in range(6):
        optimizer.zero_grad()
        losses.append(loss.forward(model.forward(x), y))
        model.backward(loss.backward())
        if "clipped" in name:
            nn.clip_gradients(model, 0.5)
        optimizer.step()
    return {"losses": np.array(losses)} | {n: p for n, p, _ in model.parameters()}


def run_optimizer_torch(torch, name, model, x, y):
    p = {n: torch.tensor(value, requires_grad=True) for n, value, _ in model.parameters()}
    optimizer, losses, x, y = OPTIMIZERS[name][1](torch, list(p.values())), [], torch.tensor(x), torch.tensor(y)
    for _ in range(6):
        optimizer.zero_grad()
        hidden = torch.tanh(torch.nn.functional.linear(x, p["0.W"], p["0.b"]))
        loss = torch.nn.functional.mse_loss(torch.nn.functional.linear(hidden, p["2.W"], p["2.b"]), y)
        loss.backward()
        if "clipped" in name:
            clip(torch, p.values(), 0.5)
        losses.append(loss.item())
        optimizer.step()
    return {"losses": np.array(losses)} | {n: tensor.detach().numpy() for n, tensor in p.items()}


def clip(torch, tensors, max_norm):
    """As torch.nn.utils.clip_grad_norm_, without the 1e-6 that it adds to the norm."""
    norm = torch.sqrt(sum((t.grad**2).sum() for t in tensors))
    for t in tensors:
        t.grad *= torch.clamp(max_norm / norm, max=1.0)
