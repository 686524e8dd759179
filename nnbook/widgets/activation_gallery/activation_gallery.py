"""Each activation function with its derivative, and what fifty layers of it do to signals and gradients."""

import numpy as np

from nnbook.language import _
from nnbook.widgets.core.host import FrontEnd, widget
from nnlib import activations

WIDTH, BATCH = 64, 32
TITLES = {
    "sigmoid": "Sigmoid", "tanh": "tanh", "softmax": "Softmax", "relu": "ReLU", "leaky_relu": "Leaky ReLU",
    "elu": "ELU", "softplus": "Softplus", "swish": "Swish", "swiglu": "SwiGLU",
}
PARAMETERS = {"leaky_relu": "slope", "elu": "alpha", "swish": "beta", "swiglu": "beta"}


@widget
def activation_gallery(function="sigmoid", other="relu", gain=1.0, depth=20, slope=0.01, alpha=1.0, beta=1.0, z=2.0):
    """f and f′ with the parameter on a slider; mean and spread of signal and gradient through 1–50 layers; dead units.

    function, other: names in TITLES, the one shown and the one compared with ("none" for nothing). gain: the weights
    are drawn from N(0, gain²/64). depth: layers. slope, alpha, beta: of Leaky ReLU, ELU, Swish and SwiGLU.
    z: where f and f′ are read off.  [A26, A27]

    Raises ValueError for an unknown function.
    """
    for name, value, allowed in (("function", function, TITLES), ("other", other, [*TITLES, "none"])):
        if value not in allowed:
            raise ValueError(f"{name} must be one of {', '.join(allowed)}, got {value!r}")
    state = {"function": function, "other": other, "gain": float(gain), "depth": int(depth), "slope": float(slope),
             "alpha": float(alpha), "beta": float(beta), "z": float(z), "titles": TITLES, "parameters": PARAMETERS}
    parameter = state.get(PARAMETERS.get(function))
    signal, gradient, dead = experiment(function, parameter, gain, depth)

    def picture():
        from nnbook.plots import activation_functions as plots

        return plots.gallery(TITLES[function], *curves(function, parameter), signal, gradient, dead)

    return FrontEnd("activation_gallery", state, picture, alt=_(
        "{name} and its derivative, and {depth} layers of it: the spread of the signal goes from {first:.2g} in "
        "the first layer to {last:.2g} in the last, the spread of the gradient from 1 in the last layer to "
        "{arrives:.1e} in the first; {dead} of {width} units of the last layer are dead.", name=TITLES[function],
        depth=depth, first=signal[0][1], last=signal[-1][1], arrives=gradient[0][1], dead=dead[-1], width=WIDTH)).show()


def curves(name, parameter=None):
    """f and f′ of one number z: softmax with the scores (z, 0, 0), SwiGLU with b = 1."""
    if name == "softmax":
        def f(z):
            return activations.softmax(np.stack([z, 0 * z, 0 * z], axis=-1))[..., 0]
        return f, lambda z: f(z) * (1 - f(z))
    name = "swish" if name == "swiglu" else name
    more = () if parameter is None else (parameter,)
    return (lambda z: getattr(activations, name)(z, *more)), (lambda z: getattr(activations, f"{name}_prime")(z, *more))


def normals(seed, shape):
    """Standard normal numbers by Box and Muller from the generator of network.js (mulberry32), in NumPy."""
    mask = np.uint64(0xFFFFFFFF)
    count = 2 * int(np.prod(shape))
    a = (np.uint64(seed) + np.uint64(0x6D2B79F5) * np.arange(1, count + 1, dtype=np.uint64)) & mask
    t = ((a ^ (a >> np.uint64(15))) * (a | np.uint64(1))) & mask
    t ^= (t + (((t ^ (t >> np.uint64(7))) * (t | np.uint64(61))) & mask)) & mask
    u, v = ((t ^ (t >> np.uint64(14))) / 2**32).reshape(-1, 2).T
    return (np.sqrt(-2 * np.log(1 - u)) * np.cos(2 * np.pi * v)).reshape(shape)


def experiment(name, parameter, gain, depth):
    """`depth` layers of 64 units, 32 random inputs, weights from N(0, gain²/64), no biases.

    Returns signal (depth, 2) and gradient (depth, 2), mean and spread for each layer, over all units and inputs
    (gradient: ∂L/∂a, in the last layer standard normal numbers), and dead (depth,): units whose slope is below 0.001
    for every input.
    """
    def weights(layer, part):
        return normals(layer + 1000 * part, (WIDTH, WIDTH)) * gain / np.sqrt(WIDTH)

    f, f_prime = curves(name, parameter)
    with np.errstate(over="ignore", invalid="ignore"):  # SwiGLU can explode: NaN tells
        return run(name, parameter, f, f_prime, weights, depth)


def run(name, parameter, f, f_prime, weights, depth):
    """Forward and backward of `experiment`."""
    a, layers, signal, dead = normals(2001, (BATCH, WIDTH)), [], [], []
    for l in range(1, depth + 1):
        W, z = weights(l, 0), a @ weights(l, 0).T
        if name == "softmax":
            a = activations.softmax(z)
            slope = a * (1 - a)
            layers.append((lambda d, p=a: p * (d - (d * p).sum(-1, keepdims=True)), W))
        elif name == "swiglu":
            V, b = weights(l, 1), a @ weights(l, 1).T
            a = activations.swiglu(z, b, parameter)
            slope = np.abs(f_prime(z) * b) + np.abs(f(z))
            layers.append((lambda d, z=z, b=b: np.hstack([d * f_prime(z) * b, d * f(z)]), np.vstack([W, V])))
        else:
            a, slope = f(z), f_prime(z)
            layers.append((lambda d, s=slope: d * s, W))
        signal.append((a.mean(), a.std()))
        dead.append(int((np.abs(slope) < 1e-3).all(axis=0).sum()))
    delta, gradient = normals(2002, (BATCH, WIDTH)), []
    for back, W in reversed(layers):
        gradient.insert(0, (delta.mean(), delta.std()))
        delta = back(delta) @ W
    return np.array(signal), np.array(gradient), np.array(dead)
