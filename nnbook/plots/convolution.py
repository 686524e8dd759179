"""Pictures of chapters 7 and 8: convolution, convolutional networks. Each draws one message and returns the figure."""

from textwrap import wrap

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from nnbook.language import N_, _
from nnbook.numbers import written
from nnbook.plots.style import CLASS1, DATA, FAINT, GRADIENT, LOSS, MUTED, PREDICTION, as_it_is, styled
from nnlib import Conv2d, MaxPool2d, ReLU, activations, predict
from nnlib.convolution import output_length

SIGNED = LinearSegmentedColormap.from_list("signed", [LOSS, "white", PREDICTION])  # below 0, 0, above 0
STRENGTH = LinearSegmentedColormap.from_list("strength", ["white", PREDICTION])


@styled
def bare(ax):
    """An axes for an image: no ticks, no grid, a thin frame."""
    ax.set(xticks=[], yticks=[])
    ax.grid(False)
    for spine in ax.spines.values():
        spine.set(visible=True, color=FAINT)
    return ax


@styled
def show_image(ax, image, cmap="gray_r", limit=None, title=""):
    """One image on an axes. limit: value of the strongest colour; None: the largest that occurs."""
    limit = np.abs(image).max() or 1 if limit is None else limit
    low = -limit if cmap is SIGNED else 0
    bare(ax).imshow(image, cmap=cmap, vmin=low, vmax=limit, interpolation="nearest")
    ax.set_title(title, loc="center")


@styled
def image_row(images, titles, cmap="gray_r", limit=None, columns=8, size=0.82):
    """Images in rows with a title above each, on one axes: an axes for each takes ten times as long.

    images: list of (H, W).
    """
    images, titles = np.asarray(images), [str(title) for title in titles]
    N, H, W = images.shape
    columns = min(columns, N)
    rows = -(-N // columns)
    above = 0.08 + 0.27 * (1 + max(title.count("\n") for title in titles)) / size  # height of a title, in images
    fig, ax = plt.subplots(figsize=(1.06 * size * columns, (1 + above) * size * rows))
    limit = np.abs(images).max() or 1 if limit is None else limit
    low = -limit if cmap is SIGNED else 0
    for n, (image, title) in enumerate(zip(images, titles, strict=True)):
        x, y = 1.06 * (n % columns), (1 + above) * (n // columns) + above
        ax.imshow(image, cmap=cmap, vmin=low, vmax=limit, interpolation="nearest", extent=(x, x + 1, y + 1, y))
        ax.add_patch(Rectangle((x, y), 1, 1, facecolor="none", edgecolor=FAINT, linewidth=0.8))
        ax.text(x + 0.5, y - 0.07, title, ha="center", va="bottom", fontsize=11)
    ax.set(xlim=(-0.01, 1.06 * columns - 0.05), ylim=((1 + above) * rows + 0.01, 0), aspect="equal")
    ax.set_axis_off()
    return fig


@styled
def accuracy_by_shift(shifts, accuracies, title):
    """How often each network is right when the test digits are moved.  [A29, A38]

    shifts: list of numbers; accuracies: {name: list of as many}.
    """
    fig, ax = plt.subplots(figsize=(6, 3.6))
    styles = [(LOSS, "s", "-"), (CLASS1, "^", "--"), (PREDICTION, "o", "-"), (GRADIENT, "D", "-.")]
    for (name, values), (colour, marker, style) in zip(accuracies.items(), styles, strict=False):
        ax.plot(shifts, 100 * np.asarray(values), marker=marker, linestyle=style, color=colour, label=name)
    ax.axhline(10, color=MUTED, linewidth=1, linestyle=":")
    ax.text(shifts[0], 3, _("guessing: 10 %"), fontsize=10, color=MUTED)
    ax.set(xlabel=_("pixels moved to the right"), ylabel=_("test accuracy (%)"), ylim=(0, 102), title=title,
           xticks=shifts)
    ax.legend(loc="upper right", bbox_to_anchor=(1, 1.02), fontsize=10)
    return fig


@styled
def connections(n=7):
    """Fully connected, locally connected, with shared weights: n inputs, windows of 3.  [A30, A37]"""
    fig, axes = plt.subplots(1, 3, figsize=(6.6, 2.5))
    outputs = n - 2
    shared = [PREDICTION, CLASS1, GRADIENT]
    titles = [_("fully connected:\n{n} × {outputs} = {count} weights", n=n, outputs=outputs, count=n * outputs),
              _("local:\n3 × {outputs} = {count} weights", outputs=outputs, count=3 * outputs),
              _("local and shared:\n3 weights")]
    axes[0].text(0, 1, _("{n} outputs", n=outputs) + "  ", ha="right", va="center", fontsize=11)
    axes[0].text(-0.4, 0, _("{n} inputs", n=n) + "  ", ha="right", va="center", fontsize=11)
    for kind, (ax, title) in enumerate(zip(axes, titles, strict=True)):
        for o in range(outputs):
            for i in range(n) if kind == 0 else range(o, o + 3):
                colour = shared[i - o] if kind == 2 else MUTED
                ax.plot([i, o + 1], [0, 1], color=colour, linewidth=1.6 if kind else 0.6, zorder=1)
        ax.plot(range(n), np.zeros(n), "o", color=DATA, markersize=9, zorder=2)
        ax.plot(np.arange(outputs) + 1, np.ones(outputs), "o", color=PREDICTION, markersize=9, zorder=2)
        ax.set_title(title, loc="center")
        ax.set_axis_off()
        ax.set(xlim=(-0.5, n - 0.5), ylim=(-0.1, 1.1))
    return fig


@styled
def number_grid(ax, values, title="", colours=None, text=True):
    """Numbers in boxes; colours: array of colour names, "" for none."""
    values = np.asarray(values)
    rows, columns = values.shape
    for i in range(rows):
        for j in range(columns):
            face = colours[i][j] if colours is not None and colours[i][j] else "white"
            ax.add_patch(Rectangle((j, i), 1, 1, facecolor=face, edgecolor=MUTED, linewidth=0.8))
            if text:
                number = values[i, j] if isinstance(values[i, j], str) else written(values[i, j])
                ax.text(j + 0.5, i + 0.52, number, ha="center", va="center", fontsize=12)
    ax.set(xlim=(-0.1, columns + 0.1), ylim=(rows + 0.1, -0.1), aspect="equal")
    ax.set_title(title, loc="center")
    ax.set_axis_off()


@styled
def window(image, kernel, stride=1, padding=0, step=0):
    """One window of the input, the kernel, the products, the output so far.  [A31]"""
    image, kernel = np.asarray(image, dtype=float), np.asarray(kernel, dtype=float)
    K, padded = len(kernel), np.pad(image, padding)
    n = output_length(len(image), K, stride, padding)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (K, K))[::stride, ::stride]
    output = (windows * kernel).sum(axis=(2, 3))
    r, c = divmod(step, n)
    inside = np.full(padded.shape, "", dtype=object)
    inside[r * stride : r * stride + K, c * stride : c * stride + K] = "#B8D8EA"
    here = np.full((n, n), "", dtype=object)
    here[r, c] = "#EBC9DD"
    texts = np.array([[written(v) if i * n + j <= step else "" for j, v in enumerate(row)]
                      for i, row in enumerate(output)], dtype=object)
    widths = [len(padded), K, K, n]
    fig, axes = plt.subplots(1, 4, figsize=(7.2, 2.5), width_ratios=widths)
    number_grid(axes[0], padded, _("input"), inside)
    number_grid(axes[1], kernel, _("kernel"))
    number_grid(axes[2], windows[r, c] * kernel, _("products\nsum {sum}", sum=written(output[r, c])))
    number_grid(axes[3], texts, _("output"), here)
    return fig


@styled
def filtered(photo, kernels, before=N_("the photograph"), width=7):
    """A photograph and what each kernel makes of it. photo (H, W) from 0 to 1; kernels {title: (K, K)}.  [A32]

    before: title of the photograph, None to leave it out. The output of a kernel whose numbers sum to 0 is shown with
    a colour for each sign, others in grey; what is grey stays as it is in the dark.
    """
    columns = len(kernels) + (before is not None)
    fig, axes = plt.subplots(1, columns, figsize=(width, width / columns * 0.75 + 0.35), squeeze=False)
    axes = axes[0]
    if before is not None:
        as_it_is(bare(axes[0])).imshow(photo, cmap="gray", vmin=0, vmax=1)
        axes[0].set_title(_(before), loc="center")
    for ax, (title, kernel) in zip(axes[-len(kernels):], kernels.items(), strict=True):
        kernel = np.asarray(kernel, dtype=float)
        windows = np.lib.stride_tricks.sliding_window_view(photo, kernel.shape)
        output = np.einsum("ijkl,kl->ij", windows, kernel)
        edges = abs(kernel.sum()) < 1e-9
        limit = np.quantile(np.abs(output), 0.99) if edges else 1
        bare(ax).imshow(output, cmap=SIGNED if edges else "gray", vmin=-limit if edges else 0, vmax=limit)
        ax.set_title(title, loc="center")
        if not edges:
            as_it_is(ax)
    return fig


@styled
def stride_question():
    """The picture of the in-class question: read kernel size, stride and one output number off it.  [A35]"""
    image = np.array([[1, 0, 2, 1, 0], [0, 3, 1, 0, 2], [2, 1, 0, 1, 1], [0, 2, 1, 3, 0], [1, 0, 1, 0, 2]])
    kernel = np.array([[0, 1, 0], [1, -1, 1], [0, 1, 0]])
    padded = np.pad(image, 1)
    colours = np.full(padded.shape, "", dtype=object)
    colours[[0, -1]] = colours[:, [0, -1]] = "#EEEEEE"
    colours[2:5, 4:7] = "#B8D8EA"
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3))[::2, ::2]
    output = (windows * kernel).sum(axis=(2, 3)).astype(object)
    green = np.full((3, 3), "", dtype=object)
    green[1, 2] = "#9FDCC8"
    output[1, 2:], output[2] = "", ""
    output[1, 2] = "?"
    fig, axes = plt.subplots(1, 3, figsize=(6.2, 3.1), width_ratios=[7, 3, 3])
    number_grid(axes[0], padded, _("input with a ring of zeros"), colours)
    number_grid(axes[1], kernel, _("kernel"))
    number_grid(axes[2], output, _("output"), green)
    return fig, image, kernel


@styled
def matrix(W, title):
    """A matrix as coloured squares: zeros white, equal numbers in equal colours.  [A37]"""
    fig, ax = plt.subplots(figsize=(5.4, 0.6 + 5.4 * W.shape[0] / W.shape[1]))
    show_image(ax, W, SIGNED, title=title)
    ax.set(xlabel=_("{n} inputs", n=W.shape[1]), ylabel=_("{n} outputs", n=W.shape[0]))
    return fig


@styled
def poolings(image, size=2, stride=2, step=0):
    """An image, the means and the largest numbers of its windows; window `step` is marked.  [A38]"""
    windows = np.lib.stride_tricks.sliding_window_view(np.asarray(image), (size, size))[::stride, ::stride]
    average, largest = windows.mean(axis=(2, 3)), windows.max(axis=(2, 3))
    r, c = divmod(step, average.shape[1])
    inside, here = (np.full(a.shape, "", dtype=object) for a in (image, average))
    inside[r * stride : r * stride + size, c * stride : c * stride + size] = "#B8D8EA"
    here[r, c] = "#EBC9DD"
    fig, axes = plt.subplots(1, 3, figsize=(5.4, 2.2), width_ratios=[len(image), *[max(3, len(average))] * 2])
    number_grid(axes[0], image, _("input"), inside)
    number_grid(axes[1], average.round(2), _("average pooling"), here)
    number_grid(axes[2], largest, _("max-pooling"), here)
    return fig


@styled
def receptive_fields(stacks):
    """How much of a row of the input one number of each layer sees.  [A30]

    stacks: {title: [("conv" or "pool", kernel size, stride), ...]}, from the first layer to the last.
    """
    rows = [len(layers) + 1 for layers in stacks.values()]
    fig, axes = plt.subplots(len(stacks), 1, figsize=(5.6, 0.36 * sum(rows) + 0.8 * len(rows)), sharex=True,
                             height_ratios=rows, squeeze=False)
    colours = {"conv": PREDICTION, "pool": CLASS1, "input": MUTED}
    for ax, (title, layers) in zip(axes[:, 0], stacks.items(), strict=True):
        low = high = 0
        spans = [(low, high)]
        for _kind, k, s in reversed(layers):  # from the last layer back to the input
            low, high = low * s - (k - 1) // 2, high * s + k // 2
            spans.append((low, high))
        kinds = ["input", *[kind for kind, *_size in layers]]
        words = {"conv": lambda k: _("convolution {k} × {k}", k=k), "pool": lambda k: _("pooling {k} × {k}", k=k)}
        names = [_("row of the input"), *[words[kind](k) for kind, k, _s in layers]]
        for level, (kind, (a, b)) in enumerate(zip(kinds, reversed(spans), strict=True)):
            middle = (low + high) / 2 - (a + b) / 2  # one above the other
            for pixel in np.arange(a, b + 1) + middle:
                ax.barh(level, 0.86, left=pixel - 0.43, height=0.7, color=colours[kind], alpha=0.7)
            ax.text((low + high) / 2 + (b - a) / 2 + 0.8, level, str(b - a + 1), va="center", fontsize=11)
        ax.set_title(_("{title}: {n} pixels", title=title, n=high - low + 1), loc="left")
        ax.set(yticks=range(len(kinds)), xticks=[])
        ax.set_yticklabels(names, fontsize=11)
        ax.tick_params(length=0)
        for spine in ax.spines.values():
            spine.set_visible(False)
        ax.grid(False)
    return fig


@styled
def shift_maps(image, right):
    """The digit, and for each network on which shifts it is right. right: {name: (side, side) booleans}."""
    fig, axes = plt.subplots(1, len(right) + 1, figsize=(7.2, 7.2 / (len(right) + 1) + 0.5))
    show_image(axes[0], image, title=_("the digit"))
    reach = len(next(iter(right.values()))) // 2
    for ax, (name, values) in zip(axes[1:], right.items(), strict=True):
        ax.imshow(values, cmap=LinearSegmentedColormap.from_list("right", [LOSS, PREDICTION]), vmin=0, vmax=1,
                  extent=(-reach - 0.5, reach + 0.5, reach + 0.5, -reach - 0.5))
        ax.set(xlabel=_("pixels to the right"), xticks=[-reach, 0, reach], yticks=[-reach, 0, reach])
        ax.set_title(_("{name}\nright on {k} of {n}", name=name, k=values.sum(), n=values.size),
                     loc="center", fontsize=9)
        ax.grid(False)
    return fig


# --- chapter 8 --------------------------------------------------------------------------------------------------------


def outputs_of(model, x):
    """[(layer, its output)] for images x."""
    pairs = []
    for layer in model.layers:
        x = layer(x)
        pairs.append((layer, x))
    return pairs


def mosaic(images, gap=1, columns=None):
    """Images (N, H, W) in rows as one masked array, with gaps that show nothing: quicker than N axes."""
    N, H, W = images.shape
    columns = columns or N
    rows = -(-N // columns)
    sheet = np.ma.zeros((rows * (H + gap) - gap, columns * (W + gap) - gap), dtype=images.dtype)
    sheet[:] = np.ma.masked
    for n, image in enumerate(images):
        top, left = n // columns * (H + gap), n % columns * (W + gap)
        sheet[top : top + H, left : left + W] = image
    return sheet


@styled
def maps_of(model, image):
    """One digit and all its feature maps after each ReLU and pooling, and the probabilities.  [A40]  image (28, 28)"""
    pairs = outputs_of(model, image[None, None].astype(np.float32))
    shown = [(layer, y[0]) for layer, y in pairs if y.ndim == 4 and isinstance(layer, ReLU | MaxPool2d)]
    sheets = [mosaic(y, columns=min(len(y), 16)) for _layer, y in shown]
    heights = [5.6 * sheet.shape[0] / sheet.shape[1] for sheet in sheets]
    fig = plt.figure(figsize=(5.8, 1.8 + sum(heights) + 0.36 * len(shown)))
    grid = fig.add_gridspec(len(shown) + 1, 3, height_ratios=[1.4, *heights])
    show_image(fig.add_subplot(grid[0, 0]), image)
    right = fig.add_subplot(grid[0, 1:])
    p = activations.softmax(pairs[-1][1])[0]
    right.bar(range(10), p, color=[PREDICTION if k == p.argmax() else MUTED for k in range(10)])
    right.set(xticks=range(10), ylim=(0, 1.05), ylabel=_("probability"))
    number = 0
    for row, ((layer, y), sheet) in enumerate(zip(shown, sheets, strict=True), 1):
        number += isinstance(layer, ReLU)
        kind = _("convolution {k} and ReLU", k=number) if isinstance(layer, ReLU) else _("pooling {k}", k=number)
        ax = fig.add_subplot(grid[row, :])
        show_image(ax, sheet, STRENGTH, y.max(), _(
            "{kind}: {n} maps of {height} × {width}", kind=kind, n=len(y), height=y.shape[1], width=y.shape[2]))
        ax.set_facecolor(FAINT)
    return fig


@styled
def blocks(model, input_shape):
    """The layers of a network as boxes, as high as the image and as wide as its channels.  [A39]"""
    fig, ax = plt.subplots(figsize=(7.2, 2.5))
    shapes, kinds = [input_shape], [MUTED]
    x = np.zeros((1, *input_shape))
    for layer in model.layers:
        x = layer(x)
        if hasattr(layer, "kernel_size") or hasattr(layer, "n_out"):
            shapes.append(x.shape[1:])
            colour = PREDICTION if isinstance(layer, Conv2d) else CLASS1
            kinds.append(GRADIENT if hasattr(layer, "n_out") else colour)
    at = 0.0
    for shape, colour in zip(shapes, kinds, strict=True):
        height = 0.2 + 0.8 * (shape[1] / input_shape[1]) ** 0.5 if len(shape) == 3 else 0.6
        width = 0.1 + 0.05 * shape[0] ** 0.5 if len(shape) == 3 else 0.12
        ax.add_patch(Rectangle((at, -height / 2), width, height, color=colour, alpha=0.85))
        text = "\n×\n".join(str(n) for n in shape)
        ax.text(at + width / 2, -0.58, text, ha="center", va="top", fontsize=9, linespacing=0.7)
        at += width + 0.25
    ax.set(xlim=(-0.1, at), ylim=(-1.15, 0.6))
    ax.set_axis_off()
    return fig


def kernels(W, title):
    """The kernels of a first convolution, blue above 0, orange below.  W (C_out, 1, K, K)"""
    fig = image_row(list(W[:, 0]), range(1, len(W) + 1), cmap=SIGNED, limit=np.abs(W).max(), columns=4, size=1.25)
    fig.suptitle(title, x=0.01, ha="left")
    return fig


def receptive_field(layers, position):
    """Rows and columns of the input that the output at (row, column) sees: ((top, bottom), (left, right)), ends out."""
    box = [(p, p + 1) for p in position]
    for layer in reversed(layers):
        if hasattr(layer, "kernel_size"):
            K, s, p = layer.kernel_size, layer.stride, getattr(layer, "before", 0)
            box = [(a * s - p, (b - 1) * s - p + K) for a, b in box]
    return box


@styled
def strongest_patches(model, images, n_layers, channels, count=8):
    """For some maps of a layer the parts of images at which they answer most strongly: what the kernels look at.

    n_layers: how many layers to run, without padding; channels: which maps of the last; images (N, 1, H, W).
    """
    layers = model.layers[:n_layers]
    y = predict(model[:n_layers], images)
    fig, axes = plt.subplots(len(channels), 1, figsize=(0.62 * count + 0.8, 0.66 * len(channels)), squeeze=False)
    for ax, channel in zip(axes[:, 0], channels, strict=True):
        answers = y[:, channel].reshape(len(y), -1)
        patches = []
        for n in np.argsort(-answers.max(axis=1), kind="stable")[:count]:
            place = np.unravel_index(answers[n].argmax(), y.shape[2:])
            (top, bottom), (left, right) = receptive_field(layers, place)
            patches.append(images[n, 0, top:bottom, left:right])
        show_image(ax, mosaic(np.array(patches)), limit=1)
        ax.set_facecolor(FAINT)
        ax.set_ylabel(_("map {k}", k=channel + 1), rotation=0, ha="right", va="center", fontsize=11)
    return fig


@styled
def changes_of_mind(images, kept, slopes, changed, answers):
    """What would change the answers to some digits: a row for each.

    images, changed (N, 28, 28): before and after the smallest push that changes it; kept (N, n, n): probability
    of the true digit when a patch covers it here; slopes (N, 28, 28): dL/dx; answers [(digit, push, answer)].
    """
    fig, axes = plt.subplots(len(images), 4, figsize=(6.4, 0.25 + 1.75 * len(images)), squeeze=False)
    fall = LinearSegmentedColormap.from_list("fall", ["white", LOSS])
    columns = [_("covered here, its\nprobability falls"), _("blue: ink helps,\norange: it hurts")]
    for n, (row, (digit, size, answer)) in enumerate(zip(axes, answers, strict=True)):
        gap = (28 - len(kept[n])) / 2
        show_image(row[0], images[n], title=_("a {digit}", digit=digit))
        bare(row[1]).imshow(1 - kept[n], cmap=fall, vmin=0, vmax=1,
                            extent=(gap - 0.5, 27.5 - gap, 27.5 - gap, gap - 0.5))
        show_image(row[2], -slopes[n], SIGNED)
        for ax, title in zip(row[1:3], columns, strict=True):
            ax.contour(images[n], levels=[0.5], colors=MUTED, linewidths=0.7)
            ax.set(xlim=(-0.5, 27.5), ylim=(27.5, -0.5), aspect="equal")
            ax.set_title(title if n == 0 else "", loc="center")
        show_image(row[3], changed[n], limit=1,
                   title=_("a push of {size:.2f}:\nread as {answer}", size=size, answer=answer))
    return fig


@styled
def accuracy_by_epoch(runs, title):
    """Test accuracy after each epoch. runs: {name: list}"""
    fig, ax = plt.subplots(figsize=(6, 3.4))
    for (name, values), (colour, marker) in zip(runs.items(), ((LOSS, "s"), (PREDICTION, "o")), strict=False):
        ax.plot(np.arange(1, len(values) + 1), 100 * np.asarray(values), marker=marker, color=colour, label=name)
    ax.set(xlabel=_("epoch"), ylabel=_("test accuracy (%)"), title=title, xticks=range(0, 21, 5))
    ax.legend(loc="lower right", fontsize=10)
    return fig


@styled
def bars(values, title, xlabel=N_("test accuracy (%)")):
    """Horizontal bars with their numbers. values: {name: share}."""
    fig, ax = plt.subplots(figsize=(6, 0.9 + 0.4 * len(values)))
    places = np.arange(len(values))[::-1]
    shares = 100 * np.array(list(values.values()))
    ax.barh(places, shares, color=PREDICTION, alpha=0.75)
    for place, share in zip(places, shares, strict=True):
        ax.text(share + 0.6, place, f"{share:.1f}", va="center", fontsize=11)
    ax.set(yticks=places, xlabel=_(xlabel), title=title, xlim=(0, 109))
    ax.set_yticklabels(list(values), fontsize=11)
    ax.grid(axis="y", visible=False)
    return fig


@styled
def channels(image, maps, names):
    """A colour picture (H, W, 3) and the feature map of each kernel, below the kernel's name.  [A33]"""
    fig, axes = plt.subplots(1, 1 + len(maps), figsize=(7.2, 1.9))
    as_it_is(bare(axes[0])).imshow(image, interpolation="nearest")
    axes[0].set_title(_("the picture"), loc="center", fontsize=9)
    for ax, values, name in zip(axes[1:], maps, names, strict=True):
        show_image(ax, values, SIGNED)
        ax.set_title("\n".join(wrap(_(name), 14)), loc="center", fontsize=9)
    return fig
