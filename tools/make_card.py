"""The picture that messengers and social networks show for a link to the book: _static/card.png, 1200 × 630.

    python tools/make_card.py
"""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from nnbook import plots
from nnbook.widgets.core.pictures import small_png

TARGET = Path(__file__).parent.parent / "_static/card.png"
BLUE, ORANGE, VERMILLION = plots.CLASS_COLORS[0], plots.CLASS_COLORS[1], plots.CLASS_COLORS[3]


BOWL = np.array([[1.6, 1.3], [1.3, 2.2]])  # loss ½ pᵀ BOWL p: a valley across the picture


def descent(start, lr=0.52, steps=30):
    path = [np.array(start)]
    for _ in range(steps):
        path.append(path[-1] - lr * BOWL @ path[-1])
    return np.array(path)


def main():
    figure = Figure(figsize=(12, 6.3), layout="none")
    surface = figure.add_axes((0.5, 0, 0.5, 1))
    w, b = np.meshgrid(np.linspace(-4, 2.6, 300), np.linspace(-2.4, 4.2, 300))
    loss = (BOWL[0, 0] * w**2 + 2 * BOWL[0, 1] * w * b + BOWL[1, 1] * b**2) / 2
    surface.contourf(w, b, loss, levels=loss.max() * np.linspace(0, 1, 14) ** 2, cmap="Oranges", alpha=0.8)
    path = descent((-3.6, 2.0))
    surface.plot(*path.T, "o-", color=BLUE, markersize=9, linewidth=3)
    surface.plot(*path[-1], "o", color=VERMILLION, markersize=20, markeredgecolor="white", markeredgewidth=3)
    surface.set_axis_off()
    figure.text(0.05, 0.6, "Neural Network\nFoundations", fontsize=44, weight="bold", linespacing=0.95)
    figure.text(0.05, 0.33, "From a straight line to translation.\nEvery number computed in front of you,\n"
                "every picture yours to move.", fontsize=19, color="#333333", linespacing=1.1, va="center")
    network = figure.add_axes((0.045, 0.06, 0.22, 0.14))
    network.set(xlim=(-0.3, 4), ylim=(-0.3, 2.3), aspect="equal", anchor="W")
    network.set_axis_off()
    layers = [[(0, 0.5), (0, 1.5)], [(1.3, 0), (1.3, 1), (1.3, 2)], [(2.6, 1)]]
    for left, right in zip(layers, layers[1:], strict=False):
        for a in left:
            for z in right:
                network.plot(*zip(a, z, strict=True), color="#9AA5AD", linewidth=1.5, zorder=0)
    for layer, colour in zip(layers, (BLUE, BLUE, ORANGE), strict=True):
        for place in layer:
            network.add_patch(Circle(place, 0.26, color=colour))
    TARGET.write_bytes(small_png(figure, 100))
    print(f"{TARGET.name}: {TARGET.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
