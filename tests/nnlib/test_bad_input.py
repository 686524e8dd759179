"""Each bad call gets a ValueError or TypeError that names what was wrong; nothing is broadcast by accident."""

import numpy as np
import pytest

import nnlib as nn
from nnlib import activations as act
from nnlib import optimizers
from nnlib.convolution import output_length  # noqa: F401
from nnlib.metrics import accuracy, confusion_matrix, f1, mae, mse, r2, rmse

rng = np.random.default_rng(0)
x32, y31 = np.ones((3, 2)), np.ones((3, 1))
nan = np.array([[1.0, np.nan], [0, 0], [1, 1]])
image, sequence = np.ones((2, 3, 5, 5)), np.ones((2, 4, 3))


def linear():
    return nn.Linear(2, 1, rng=rng)


def after(layer, x):
    """The layer after forward, ready for backward."""
    layer.forward(x)
    return layer


def train(data=(x32, y31), **options):
    model = options.pop("model", None) or linear()
    options = {"loss": nn.MSELoss(), "optimizer": nn.SGD(model, lr=0.1), "epochs": 1, "progress": False} | options
    return nn.fit(model, data, **options)


def check(model=None, x=x32, y=y31, **options):
    return nn.gradient_check(model or linear(), nn.MSELoss(), x, y, **options)


BAD = [  # the call, what the message says
    # layers: what they are made from
    (lambda: nn.Linear(0, 3, rng=rng), "n_in must be at least 1, got 0"),
    (lambda: nn.Linear(2.5, 3, rng=rng), "n_in must be an integer, got 2.5"),
    (lambda: nn.Linear(2, True, rng=rng), "n_out must be an integer"),
    (lambda: nn.Linear(2, "3", rng=rng), "n_out must be an integer, got '3'"),
    (lambda: nn.Linear(2, 3), "Linear needs rng=np.random.default_rng"),
    (lambda: nn.Linear(2, 3, rng=0), r"Linear needs rng=np.random.default_rng\(seed\), got 0"),
    (lambda: nn.Conv2d(1, 1, 3), "Conv2d needs rng"),
    (lambda: nn.Conv2d(0, 1, 3, rng=rng), "c_in must be at least 1"),
    (lambda: nn.Conv2d(1, -1, 3, rng=rng), "c_out must be at least 1, got -1"),
    (lambda: nn.Conv2d(1, 1, 0, rng=rng), "kernel_size must be at least 1"),
    (lambda: nn.Conv2d(1, 1, (3, 3), rng=rng), "kernel_size must be an integer"),
    (lambda: nn.Conv2d(1, 1, 3, stride=0, rng=rng), "stride must be at least 1, got 0"),
    (lambda: nn.Conv2d(1, 1, 3, padding=-1, rng=rng), "padding must be at least 0, got -1"),
    (lambda: nn.Conv2d(1, 1, 3, padding="valid", rng=rng), "padding must be an integer, got 'valid'"),
    (lambda: nn.Conv2d(1, 1, 3, stride=2, padding="same", rng=rng), 'padding="same" needs stride 1, got stride 2'),
    (lambda: nn.MaxPool2d(0), "kernel_size must be at least 1"),
    (lambda: nn.MaxPool2d(2, stride=0), "stride must be at least 1, got 0"),
    (lambda: nn.AvgPool2d(2.0), "kernel_size must be an integer"),
    (lambda: nn.Dropout(1.0, rng=rng), r"p must lie in \[0, 1\), got 1.0"),
    (lambda: nn.Dropout(-0.1, rng=rng), r"p must lie in \[0, 1\)"),
    (lambda: nn.Dropout("a lot", rng=rng), "p must be a number"),
    (lambda: nn.Dropout(0.5), "Dropout needs rng"),
    (lambda: nn.Embedding(0, 3, rng=rng), "n_tokens must be at least 1"),
    (lambda: nn.Embedding(3, 3), "Embedding needs rng"),
    (lambda: nn.RNN(3, 0, rng=rng), "n_hidden must be at least 1"),
    (lambda: nn.LSTM(3, 4), "LSTM needs rng"),
    (lambda: nn.GRU(3, None, rng=rng), "n_hidden must be an integer, got None"),
    (lambda: nn.GraphConv(2, 2, np.ones((3, 2)), rng=rng), "A_hat must be a square matrix"),
    (lambda: nn.GraphConv(2, 2, np.full((3, 3), np.nan), rng=rng), "A_hat contains NaN"),
    (lambda: nn.normalize_adjacency(np.ones((2, 3))), "A must be a square matrix, got shape"),
    (lambda: nn.normalize_adjacency(np.eye(3)), "zeros on the diagonal"),
    (lambda: nn.normalize_adjacency([[0, 1], [0, 0]]), "A must be symmetric"),
    (lambda: nn.normalize_adjacency([[0, -1], [-1, 0]]), "not negative"),
    (lambda: nn.LeakyReLU(-1), r"slope must lie in \[0, inf\)"),
    (lambda: nn.LeakyReLU(np.nan), "slope must lie in"),
    (lambda: nn.ELU("1"), "alpha must be a number"),
    (lambda: nn.Swish(np.inf), "beta must lie in"),
    (lambda: nn.SwiGLU(2, 2), "Linear needs rng"),
    (lambda: nn.Sequential(), "Sequential needs at least one layer"),
    (lambda: nn.Sequential([linear()]), "Sequential takes layers, got"),
    (lambda: nn.Sequential(nn.ReLU), "Sequential takes layers, got"),
    (lambda: nn.Sequential(*[linear()] * 2), r"use copy.copy\(layer\)"),
    # layers: what goes through them
    (lambda: nn.Linear(56, 1, rng=rng).forward(np.ones((1461, 28))),
     r"Linear expects inputs of shape \(N, 56\), got \(1461, 28\)"),
    (lambda: linear().forward(np.ones(2)), r"Linear expects inputs of shape \(N, 2\), got \(2,\)"),
    (lambda: linear().forward(np.ones((0, 2))), r"got \(0, 2\)"),
    (lambda: linear().forward(nan), "input of Linear contains NaN"),
    (lambda: linear().forward("text"), "input of Linear must hold numbers"),
    (lambda: linear().forward(None), "input of Linear must hold numbers"),
    (lambda: linear().forward([[1, 2], [3]]), "input of Linear must be rectangular"),
    (lambda: linear().forward(np.ones((3, 2), complex)), "input of Linear must hold numbers, got dtype complex128"),
    (lambda: linear().backward(y31), "backward called before forward"),
    (lambda: after(linear(), x32).backward(np.ones(3)), r"delta of shape \(3, 1\), got \(3,\)"),
    (lambda: after(linear(), x32).backward(np.ones((3, 3))), r"delta of shape \(3, 1\), got \(3, 3\)"),
    (lambda: after(linear(), x32).backward(1.0), "Linear.backward expects an array, got float"),
    (lambda: nn.Conv2d(3, 2, 3, rng=rng).forward(np.ones((2, 1, 5, 5))), r"\(N, 3, H, W\), got \(2, 1, 5, 5\)"),
    (lambda: nn.Conv2d(3, 2, 3, rng=rng).forward(image[0]), r"\(N, 3, H, W\), got \(3, 5, 5\)"),
    (lambda: nn.Conv2d(3, 2, 7, rng=rng).forward(image), r"kernel \(7 × 7\) is larger than the padded image \(5 × 5\)"),
    (lambda: nn.Conv2d(3, 2, 3, rng=rng).forward(image * np.nan), "input of Conv2d contains NaN"),
    (lambda: nn.Conv2d(3, 2, 3, rng=rng).forward(np.ones((2, 3, 0, 5))), r"got \(2, 3, 0, 5\)"),
    (lambda: after(nn.Conv2d(3, 2, 3, rng=rng), image).backward(np.ones((2, 2, 5, 5))), r"of shape \(2, 2, 3, 3\)"),
    (lambda: nn.MaxPool2d(6).forward(image), r"kernel \(6 × 6\) is larger"),
    (lambda: nn.MaxPool2d(2).forward(x32), r"MaxPool2d expects inputs of shape \(N, C, H, W\), got \(3, 2\)"),
    (lambda: after(nn.AvgPool2d(2), image).backward(image), r"delta of shape \(2, 3, 2, 2\)"),
    (lambda: nn.Flatten().forward(np.ones(3)), "Flatten expects inputs of shape"),
    (lambda: after(nn.Flatten(), image).backward(image), r"delta of shape \(2, 75\)"),
    (lambda: after(nn.Tanh(), x32).backward(y31), r"delta of shape \(3, 2\), got \(3, 1\)"),
    (lambda: after(nn.ReLU(), x32).backward(np.ones(2)), r"delta of shape \(3, 2\), got \(2,\)"),
    (lambda: nn.Sigmoid().forward(["a"]), "must hold numbers"),
    (lambda: nn.Softmax().forward(np.ones((2, 0))), "at least one score"),
    (lambda: nn.Embedding(3, 2, rng=rng).forward([[0, 3]]), "ids must be integers from 0 to 2, got 0 … 3"),
    (lambda: nn.Embedding(3, 2, rng=rng).forward([[0, -1]]), "ids must be integers from 0 to 2, got -1 … 0"),
    (lambda: nn.Embedding(3, 2, rng=rng).forward([[0.0, 1.0]]), "ids must be integers, got float64"),
    (lambda: nn.Embedding(3, 2, rng=rng).forward(np.ones((2, 0), int)), "got none"),
    (lambda: nn.RNN(3, 4, rng=rng).forward(np.ones((2, 3))), r"RNN expects inputs of shape \(N, T, 3\), got \(2, 3\)"),
    (lambda: nn.RNN(3, 4, rng=rng).forward(np.ones((2, 0, 3))), r"got \(2, 0, 3\)"),
    (lambda: nn.RNN(3, 4, rng=rng).forward([[[1, 2, 3]], [[1, 2, 3]] * 2]), "must be rectangular.*pad_sequences"),
    (lambda: nn.LSTM(3, 4, rng=rng).forward(sequence * np.nan), "input of LSTM contains NaN"),
    (lambda: nn.GRU(3, 4, rng=rng).forward(sequence, h0=np.ones((2, 3))), r"h0 must have shape \(2, 4\), got \(2, 3\)"),
    (lambda: nn.LSTM(3, 4, rng=rng).forward(sequence, c0=np.ones(4)), r"c0 must have shape \(2, 4\), got \(4,\)"),
    (lambda: nn.RNN(3, 4, rng=rng).forward(sequence, mask=np.ones((2, 4))), "mask must be boolean"),
    (lambda: nn.RNN(3, 4, rng=rng).forward(sequence, mask=np.ones((2, 3), bool)), r"mask must have shape \(2, 4\)"),
    (lambda: after(nn.RNN(3, 4, rng=rng), sequence).backward(sequence), r"delta of shape \(2, 4, 4\)"),
    (lambda: after(nn.GRU(3, 4, rng=rng), sequence).backward(dh_last=np.ones(4)), r"dh_last must have shape \(2, 4\)"),
    (lambda: nn.pad_sequences([]), "at least one sequence"),
    (lambda: nn.pad_sequences([[1], []]), "none empty"),
    (lambda: nn.pad_sequences([np.ones((2, 3)), np.ones((2, 4))]), "steps of one shape"),
    (lambda: nn.GraphConv(2, 2, np.eye(4), rng=rng).forward(x32), r"shape \(4, 2\), got \(3, 2\)"),
    (lambda: act.relu("a"), "z must hold numbers"),
    (lambda: act.swiglu(np.ones(2), np.ones(3)), "a and b of one shape"),
    (lambda: linear().astype(int), "dtype must be a floating-point type, float32 or float64, got int64"),
    # losses
    (lambda: nn.MSELoss().forward(y31, np.ones(3)), r"prediction's shape \(3, 1\), got \(3,\)"),
    (lambda: nn.MSELoss().forward(np.ones(3), y31), r"prediction's shape \(3,\), got \(3, 1\)"),
    (lambda: nn.MAELoss().forward(y31, x32), r"prediction's shape \(3, 1\), got \(3, 2\)"),
    (lambda: nn.MSELoss().forward(np.ones((0, 1)), np.ones((0, 1))), "at least one entry that counts"),
    (lambda: nn.MSELoss().forward(np.ones((3, 2)), nan), "target contains NaN"),
    (lambda: nn.MSELoss().forward(y31, y31, np.zeros((3, 1), bool)), "at least one entry that counts"),
    (lambda: nn.MSELoss().forward(y31, y31, np.ones(3, bool)), r"mask must have shape \(3, 1\), got \(3,\)"),
    (lambda: nn.MSELoss().forward(y31, y31, np.ones((3, 1))), "mask must be boolean"),
    (lambda: nn.MSELoss().forward(y31, [["a"]] * 3), "target must hold numbers"),
    (lambda: nn.BCEWithLogitsLoss().forward(y31, 2 * y31), r"target must lie in \[0, 1\], got 2 … 2"),
    (lambda: nn.BCEWithLogitsLoss().forward(y31, np.ones(3)), r"got \(3,\)"),
    (lambda: nn.BCEWithLogitsLoss().forward(x32, nan), "target contains NaN"),
    (lambda: nn.CrossEntropyLoss().forward(x32, [0, 1, 2]), "labels must be integers from 0 to 1, got 0 … 2"),
    (lambda: nn.CrossEntropyLoss().forward(x32, [0, -1, 1]), "got -1 … 1"),
    (lambda: nn.CrossEntropyLoss().forward(x32, [0.0, 1, 1]), "labels must be integers, got float64"),
    (lambda: nn.CrossEntropyLoss().forward(x32, [[0], [1], [1]]), r"got \(3, 2\) and \(3, 1\)"),
    (lambda: nn.CrossEntropyLoss().forward(x32, [0, 1]), r"got \(3, 2\) and \(2,\)"),
    (lambda: nn.CrossEntropyLoss().forward(np.ones(3), 1), r"got \(3,\) and \(\)"),
    # metrics
    (lambda: mse(np.ones(3), y31), r"same shape and not be empty, got \(3,\) and \(3, 1\)"),
    (lambda: mae([], []), "not be empty"),
    (lambda: rmse(x32, nan), "target contains NaN"),
    (lambda: rmse(nan, x32), "prediction contains NaN"),
    (lambda: r2([1, 2], [3, 3]), "r2 needs targets that differ"),
    (lambda: accuracy([0.3, 0.9], [0, 1]), "compare first: logits > 0"),
    (lambda: accuracy([0, 1], [0, 1, 1]), "same shape"),
    (lambda: accuracy(x32, y31), "same shape"),
    (lambda: confusion_matrix([0, -1], [0, 1]), "classes 0, 1"),
    (lambda: confusion_matrix([0, 2], [0, 1], n_classes=2), "larger than the highest class, 2, got 2"),
    (lambda: f1(["a"], ["b"]), "must hold numbers"),
    (lambda: f1([0], [1], positive="spam"), "positive must be an integer"),
    # optimizers, schedules
    (lambda: nn.SGD(linear(), lr=0), r"lr must lie in \(0, inf\), got 0"),
    (lambda: nn.SGD(linear(), lr=-0.1), "lr must lie in"),
    (lambda: nn.SGD(linear(), lr=np.nan), "lr must lie in"),
    (lambda: nn.SGD(linear(), lr="0.1"), "lr must be a number"),
    (lambda: nn.SGD(linear(), lr=0.1, momentum=1), r"momentum must lie in \[0, 1\)"),
    (lambda: nn.SGD(linear(), lr=0.1, weight_decay=-1), "weight_decay must lie in"),
    (lambda: nn.SGD([linear()], lr=0.1), "SGD expects a layer or model first"),
    (lambda: nn.Adam(nn.Sequential(nn.ReLU())), "no parameters to optimize"),
    (lambda: nn.Adam(linear(), betas=0.9), r"betas must be a pair"),
    (lambda: nn.Adam(linear(), betas=(0.9, 1.0)), r"betas must lie in \[0, 1\)"),
    (lambda: nn.Adam(linear(), eps=0), "eps must lie in"),
    (lambda: nn.clip_gradients(linear(), 0), "max_norm must lie in"),
    (lambda: optimizers.step_decay(0.1, every=0), "every must be at least 1"),
    (lambda: optimizers.step_decay(-0.1), "lr must lie in"),
    (lambda: optimizers.inverse_decay(0.1, -1), "rate must lie in"),
    (lambda: optimizers.cosine_decay(0.1, steps=10, warmup=10), "warmup must be less than steps = 10, got 10"),
    (lambda: optimizers.cosine_decay(0.1, steps=0), "steps must be at least 1"),
    # fit
    (lambda: train((x32, np.ones(3))), r"prediction's shape \(3, 1\), got \(3,\)"),
    (lambda: train((x32, np.ones((4, 1)))), "same number of examples"),
    (lambda: train((np.ones((0, 2)), np.ones((0, 1)))), "at least one"),
    (lambda: train((1.0, 2.0)), "same number of examples"),
    (lambda: train((nan, y31)), "x of data contains NaN"),
    (lambda: train((x32, y31 * np.nan)), "y of data contains NaN"),
    (lambda: train(x32), r"data must be \(x, y\) or \(x, y, mask\), got ndarray"),
    (lambda: train((x32,)), r"data must be \(x, y\)"),
    (lambda: train(([[1, 2], [3]], y31)), "x of data must be rectangular"),
    (lambda: train((np.ones((3, 5)), y31)), r"Linear expects inputs of shape \(N, 2\), got \(3, 5\)"),
    (lambda: train(validation=(nan, y31)), "x of validation contains NaN"),
    (lambda: train(validation=(x32, np.ones((2, 1)))), "validation must have the same number of examples"),
    (lambda: train(epochs=0), "epochs must be at least 1"),
    (lambda: train(epochs=2.5), "epochs must be an integer"),
    (lambda: train(batch_size=0), "batch_size must be at least 1"),
    (lambda: train(batch_size=2), "fit with a batch_size, which shuffles the examples, needs rng"),
    (lambda: train(batch_size=2, rng=1), "needs rng=np.random.default_rng"),
    (lambda: train(loss=nn.MSELoss), r"loss must be an object of class Loss, got .*: write MSELoss\(...\)"),
    (lambda: train(optimizer=nn.Adam), r"optimizer must be an object of class Optimizer, got .*: write Adam\(...\)"),
    (lambda: train(optimizer=nn.SGD(linear(), lr=0.1)), "made for another model"),
    (lambda: train(on_divergence="ignore"), 'on_divergence must be "raise" or "stop"'),
    (lambda: train(metric="accuracy"), "metric must be a function"),
    (lambda: train(callback=1), "callback must be a function"),
    (lambda: train(clip_norm=-1), "max_norm must lie in"),
    (lambda: nn.fit(lambda x: x, (x32, y31), nn.MSELoss(), nn.SGD(linear(), 0.1), 1), "must be an object of class"),
    # gradient_check, summary
    (lambda: check(linear().astype(np.float32)), "gradient_check needs float64, but W is float32"),
    (lambda: check(x=x32.astype(np.float32)), "needs float64, but x is float32"),
    (lambda: check(x=nan), "x contains NaN"),
    (lambda: check(y=np.ones(3)), r"prediction's shape \(3, 1\), got \(3,\)"),
    (lambda: check(eps=0), "eps must lie in"),
    (lambda: check(max_entries=0), "max_entries must be at least 1"),
    (lambda: nn.summary(linear(), 2), r"input_shape must be a tuple such as \(56,\), got 2"),
    (lambda: nn.summary(linear(), ()), "input_shape must be a tuple"),
    (lambda: nn.summary(linear(), (0,)), "input_shape must be at least 1"),
    (lambda: nn.summary(linear(), (3,)), r"Linear expects inputs of shape \(N, 2\), got \(1, 3\)"),
]


@pytest.mark.parametrize("call, message", BAD, ids=range(len(BAD)))
def test_bad_input_gets_a_clear_error(call, message):
    with pytest.raises((ValueError, TypeError), match=message) as caught:
        call()
    assert "/nnlib/" in str(caught.traceback[-1].path)  # our message, not one from the depths of NumPy


def test_the_table_is_long_enough():
    assert len(BAD) >= 90


def test_bad_data_leave_the_model_alone():
    model = linear()
    before = model.W.copy()
    for data in ((nan, y31), (x32, np.ones(3))):
        with pytest.raises(ValueError, match="NaN|shape"):
            train(data, model=model)
    np.testing.assert_array_equal(model.W, before)
