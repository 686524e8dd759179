"""The work of each row: a function that builds {"nnlib": run, "torch": run, perhaps "sklearn": run}.

The same start weights do not matter for speed; shapes, dtype, batch, loss and optimizer are the same for all.
"""

import platform

import numpy as np
import torch

import nnlib as nn

try:
    import sklearn
    from sklearn.neural_network import MLPClassifier, MLPRegressor
except ImportError:
    sklearn = None
torch.set_num_threads(1)
tnn = torch.nn
PLAIN_SGD = {"solver": "sgd", "learning_rate_init": 0.01, "momentum": 0, "alpha": 0}  # of scikit-learn


def versions():
    learn = f", scikit-learn {sklearn.__version__}" if sklearn else ""
    return (f"Python {platform.python_version()}, NumPy {np.__version__}, PyTorch {torch.__version__}{learn}, "
            f"{platform.machine()};")


def step(model, loss, optimizer, x, y):
    def run():
        optimizer.zero_grad()
        loss.forward(model.forward(x), y)
        model.backward(loss.backward())
        optimizer.step()

    first = model[0]
    first.input_grad = False  # as in PyTorch, where x needs no gradient, and as fit does
    return run


def torch_step(model, loss, optimizer, x, y):
    x, y = torch.from_numpy(x), torch.from_numpy(y)

    def run():
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()

    return run


def repeat(run, times):
    """Many short steps in a round, so that the clock does not matter."""

    def runs():
        for _ in range(times):
            run()

    return runs


def small_mlp():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((200, 2)), rng.standard_normal((200, 1))
    model = nn.Sequential(nn.Linear(2, 16, rng=rng), nn.ReLU(), nn.Linear(16, 16, rng=rng), nn.ReLU(),
                          nn.Linear(16, 1, rng=rng))
    twin = tnn.Sequential(tnn.Linear(2, 16), tnn.ReLU(), tnn.Linear(16, 16), tnn.ReLU(), tnn.Linear(16, 1)).double()
    runs = {
        "nnlib": repeat(step(model, nn.MSELoss(), nn.SGD(model, 0.01), x, y), 100),
        "torch": repeat(torch_step(twin, tnn.MSELoss(), torch.optim.SGD(twin.parameters(), 0.01), x, y), 100),
    }
    if sklearn:
        learner = MLPRegressor(hidden_layer_sizes=(16, 16), batch_size=200, **PLAIN_SGD)
        runs["sklearn"] = repeat(lambda: learner.partial_fit(x, y.ravel()), 100)
    return runs


def digits_mlp():
    rng = np.random.default_rng(0)
    x, y = rng.random((64, 784)).astype(np.float32), rng.integers(0, 10, 64)
    model = nn.Sequential(nn.Linear(784, 128, rng=rng), nn.ReLU(), nn.Linear(128, 10, rng=rng)).astype(np.float32)
    twin = tnn.Sequential(tnn.Linear(784, 128), tnn.ReLU(), tnn.Linear(128, 10))
    runs = {
        "nnlib": repeat(step(model, nn.CrossEntropyLoss(), nn.SGD(model, 0.01), x, y), 30),
        "torch": repeat(torch_step(twin, tnn.CrossEntropyLoss(), torch.optim.SGD(twin.parameters(), 0.01), x, y), 30),
    }
    if sklearn:
        learner = MLPClassifier((128,), batch_size=64, **PLAIN_SGD)
        runs["sklearn"] = repeat(lambda: learner.partial_fit(x, y, classes=range(10)), 30)
    return runs


def forward_backward(layer, twin, shape, out_shape, input_grad=True, times=1):
    """One layer in float32, as in the middle of a network: ∂L/∂x too, unless it is the first layer. Nothing is run to
    make it ready: the memory of the first run counts, too."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal(shape).astype(np.float32)
    layer.astype(np.float32).input_grad = input_grad
    layout = channels_last if isinstance(layer, nn.Conv2d) and not layer.by_windows else np.ascontiguousarray
    own = layout(x)  # as the layer before would have left it
    delta = rng.standard_normal(out_shape).astype(np.float32)
    own_delta = layout(delta)
    tx, tdelta = torch.from_numpy(x).requires_grad_(input_grad), torch.from_numpy(delta)

    def run():
        layer.zero_grad()
        layer.forward(own)
        layer.backward(own_delta)

    def run_torch():
        twin.zero_grad()
        tx.grad = None
        twin(tx).backward(tdelta)

    return {"nnlib": repeat(run, times), "torch": repeat(run_torch, times)}


def channels_last(x):
    return np.ascontiguousarray(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)


def products(*shapes, times=1):
    """A bound: what NumPy needs for the matrix products of the work alone, everything lying ready in memory; each is
    (how often, m, k, n)."""
    rng = np.random.default_rng(0)
    numbers = [(often, rng.standard_normal((m, k)).astype(np.float32), rng.standard_normal((k, n)).astype(np.float32),
                np.empty((m, n), np.float32)) for often, m, k, n in shapes]

    def run():
        for often, a, b, out in numbers:
            for _ in range(often):
                np.matmul(a, b, out=out)

    return repeat(run, times)


def conv(c_in, c_out, size, times, input_grad=True):
    layer = nn.Conv2d(c_in, c_out, 3, padding=1, rng=np.random.default_rng(0))
    places = size * size  # y = u W, dW = uᵀ δ and dx = δ' W' (δ', W': unfolded δ, flipped kernel), image by image
    needed = [(32, places, 9 * c_in, c_out), (32, 9 * c_in, places, c_out), (32, places, 9 * c_out, c_in)]
    runs = forward_backward(layer, tnn.Conv2d(c_in, c_out, 3, padding=1), (32, c_in, size, size),
                            (32, c_out, size, size), input_grad, times)
    return runs | {"products": products(*needed[:3 if input_grad else 2], times=times)}


def lenets(rng):
    """LeNet, and its twin in PyTorch."""
    model = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2, rng=rng), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5, rng=rng), nn.ReLU(),
        nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 120, rng=rng), nn.ReLU(), nn.Linear(120, 84, rng=rng), nn.ReLU(),
        nn.Linear(84, 10, rng=rng)).astype(np.float32)
    twin = tnn.Sequential(
        tnn.Conv2d(1, 6, 5, padding=2), tnn.ReLU(), tnn.MaxPool2d(2), tnn.Conv2d(6, 16, 5), tnn.ReLU(),
        tnn.MaxPool2d(2), tnn.Flatten(), tnn.Linear(400, 120), tnn.ReLU(), tnn.Linear(120, 84), tnn.ReLU(),
        tnn.Linear(84, 10))
    return model, twin


def lenet_one_image():
    """What a page does that classifies a drawing: one image at a time, no gradient."""
    rng = np.random.default_rng(0)
    model, twin = lenets(rng)
    x = rng.random((1, 1, 28, 28)).astype(np.float32)
    tx = torch.from_numpy(x)
    model.eval()
    twin.eval()

    def run_torch():
        with torch.inference_mode():
            twin(tx)

    return {"nnlib": repeat(lambda: model.forward(x), 100), "torch": repeat(run_torch, 100)}


def lenet():
    from nnbook.data import load_mnist

    (x, y), (x_test, y_test) = load_mnist()
    x, y = np.concatenate([x, x_test]), np.concatenate([y, y_test])
    rng = np.random.default_rng(0)
    model, twin = lenets(rng)
    optimizer, twin_optimizer = nn.Adam(model), torch.optim.Adam(twin.parameters())
    tx, ty, loss = torch.from_numpy(x), torch.from_numpy(y), tnn.CrossEntropyLoss()

    def run():
        nn.fit(model, (x, y), nn.CrossEntropyLoss(), optimizer, epochs=1, batch_size=64, rng=rng, progress=False)

    def run_torch():
        order = torch.randperm(len(tx))
        for start in range(0, len(tx), 64):
            batch = order[start : start + 64]
            twin_optimizer.zero_grad()
            loss(twin(tx[batch]), ty[batch]).backward()
            twin_optimizer.step()

    return {"nnlib": run, "torch": run_torch}


def large_image():
    layer = nn.Conv2d(3, 8, 5, padding=2, rng=np.random.default_rng(0))
    return forward_backward(layer, tnn.Conv2d(3, 8, 5, padding=2), (1, 3, 600, 600), (1, 8, 600, 600))


def recurrent(kind):
    class States(tnn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = getattr(tnn, kind)(64, 64, batch_first=True)

        def forward(self, x):
            return self.rnn(x)[0]

    layer = getattr(nn, kind)(64, 64, rng=np.random.default_rng(0))
    rows, steps = 64 * layer.gates, 50  # U x and W h in each step, Wᵀ δ in each step back; dU, dW, dx at once
    needed = [(2 * steps, rows, 64, 32), (steps, 64, rows, 32), (2, rows, 32 * steps, 64), (1, 64, rows, 32 * steps)]
    return forward_backward(layer, States(), (32, 50, 64), (32, 50, 64), times=3) | {
        "products": products(*needed, times=3)}


def linear_regression():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((1461, 56))
    y = x @ rng.standard_normal((56, 1)) + 0.1 * rng.standard_normal((1461, 1))
    model, twin = nn.Sequential(nn.Linear(56, 1, rng=rng)), tnn.Sequential(tnn.Linear(56, 1)).double()
    runs = {
        "nnlib": repeat(step(model, nn.MSELoss(), nn.SGD(model, 0.01), x, y), 1000),
        "torch": repeat(torch_step(twin, tnn.MSELoss(), torch.optim.SGD(twin.parameters(), 0.01), x, y), 1000),
    }
    if sklearn:
        learner = MLPRegressor(hidden_layer_sizes=(), batch_size=1461, **PLAIN_SGD)
        runs["sklearn"] = repeat(lambda: learner.partial_fit(x, y.ravel()), 1000)
    return runs


ROWS = {
    "MLP 2-16-16-1, 200 points, 100 steps (f64)": small_mlp,
    "MLP 784-128-10, batch 64, 30 steps": digits_mlp,
    "conv 3×3 1→16, 28×28, batch 32, fwd+bwd": lambda: conv(1, 16, 28, 5, input_grad=False),
    "conv 3×3 16→32, 14×14, batch 32, fwd+bwd": lambda: conv(16, 32, 14, 5),
    "conv 3×3 64→64, 32×32, batch 32, fwd+bwd": lambda: conv(64, 64, 32, 1),
    "max-pool 2×2, 32×16×28×28, fwd+bwd":
        lambda: forward_backward(nn.MaxPool2d(2), tnn.MaxPool2d(2), (32, 16, 28, 28), (32, 16, 14, 14), times=5),
    "LeNet, epoch of 5,000 MNIST digits, batch 64, Adam": lenet,
    "LeNet, inference of one image, 100 times": lenet_one_image,
    "RNN, batch 32, T = 50, hidden 64, fwd+BPTT": lambda: recurrent("RNN"),
    "GRU, the same": lambda: recurrent("GRU"),
    "LSTM, the same": lambda: recurrent("LSTM"),
    "linear regression 1461 × 56, 1,000 steps (f64)": linear_regression,
}


def lenet_step(batch_size):
    """One training step of LeNet."""
    rng = np.random.default_rng(0)
    model, twin = lenets(rng)
    x, y = rng.random((batch_size, 1, 28, 28)).astype(np.float32), rng.integers(0, 10, batch_size)
    return {"nnlib": step(model, nn.CrossEntropyLoss(), nn.SGD(model, 0.01), x, y),
            "torch": torch_step(twin, tnn.CrossEntropyLoss(), torch.optim.SGD(twin.parameters(), 0.01), x, y)}


MEMORY = {  # work of which the memory is measured, at its peak
    "LeNet, step with a batch of 512": lambda: lenet_step(512),
    "conv 3×3 64→64, 32×32, batch 32, fwd+bwd": lambda: conv(64, 64, 32, 1),
    "conv 5×5 3→8, one image of 600×600, fwd+bwd": large_image,
}
