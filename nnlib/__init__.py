# ruff: noqa: F401
"""Neural networks from scratch in NumPy: layers that know their derivatives, losses, optimizers, training.

Arrays hold examples first: (N, D), images (N, C, H, W), sequences (N, T, D), token ids (N, T). Each layer has
forward(x) and backward(delta) with delta = ∂L/∂output. Loads NumPy and nothing else.
"""

from nnlib.activations import (
    ELU,
    Activation,
    HardSigmoid,
    LeakyReLU,
    ReLU,
    Sigmoid,
    Softmax,
    Softplus,
    Step,
    SwiGLU,
    Swish,
    Tanh,
)
from nnlib.checks import NaNError
from nnlib.convolution import AvgPool2d, Conv2d, MaxPool2d
from nnlib.evaluation import evaluate, predict
from nnlib.gradient_check import gradient_check
from nnlib.graph import GraphConv, normalize_adjacency
from nnlib.layers import Dropout, Embedding, Flatten, Linear
from nnlib.losses import BCEWithLogitsLoss, CrossEntropyLoss, Loss, MAELoss, MSELoss
from nnlib.metrics import accuracy, confusion_matrix, f1, mae, mse, r2, rmse
from nnlib.model import Layer, Sequential
from nnlib.normalization import BatchNorm, LayerNorm
from nnlib.optimizers import SGD, Adam, Optimizer, clip_gradients, cosine_decay, inverse_decay, step_decay
from nnlib.recurrent import GRU, LSTM, RNN, pad_sequences
from nnlib.summary import summary
from nnlib.training import History, fit

__version__ = "0.1.0"
__all__ = [name for name, value in globals().items() if callable(value) and not name.startswith("_")]
