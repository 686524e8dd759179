"""N × (M convolutions + pooling) + K fully connected layers, put together by the reader."""

from nnbook.language import _
from nnbook.widgets.core.host import FrontEnd, widget


@widget
def network_builder(size=28, colours=1, N=2, M=1, kernel=3, channels=8, padding="same", pooling="max", K=2, hidden=64,
                    classes=10):
    """Shapes, parameters, multiply-adds and receptive field of every layer of a convolutional network.  [A39]

    size, colours: of the image. channels: kernels in the first block, twice as many in each further one.
    padding "same" or "none"; pooling "max", "average" or "none".
    """
    state = {"size": size, "colours": colours, "N": N, "M": M, "kernel": str(kernel), "channels": channels,
             "padding": padding, "pooling": pooling, "K": K, "hidden": hidden, "classes": classes}

    def picture():
        from nnbook.plots import convolution
        return convolution.blocks(built_network(state), (colours, size, size))

    return FrontEnd("network_builder", state, picture, alt=_(
        "From layer to layer the image gets smaller and has more channels; most parameters sit in the first fully "
        "connected layer, most multiplications in the convolutions.")).show()


def built_network(state):
    """The Sequential that the widget describes."""
    import numpy as np

    from nnlib import AvgPool2d, Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential
    from nnlib.convolution import output_length

    rng, layers, c, wide, size = np.random.default_rng(0), [], state["colours"], state["channels"], state["size"]
    kernel = int(state["kernel"])
    for block in range(state["N"]):
        for _conv in range(state["M"]):
            layers += [Conv2d(c, wide, kernel, padding="same" if state["padding"] == "same" else 0, rng=rng), ReLU()]
            size, c = size if state["padding"] == "same" else output_length(size, kernel), wide
        if state["pooling"] != "none":
            layers.append(MaxPool2d(2) if state["pooling"] == "max" else AvgPool2d(2))
            size //= 2
        wide *= 2 if block < state["N"] - 1 else 1
    layers.append(Flatten())
    widths = [c * size * size, *[state["hidden"]] * (state["K"] - 1), state["classes"]]
    for k, (n_in, n_out) in enumerate(zip(widths, widths[1:], strict=False)):
        layers += [Linear(n_in, n_out, rng=rng), *([ReLU()] if k < state["K"] - 1 else [])]
    return Sequential(*layers)
