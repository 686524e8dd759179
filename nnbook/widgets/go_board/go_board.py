"""A small Go board on which a trained network answers."""

import numpy as np

from nnbook.games import go
from nnbook.language import _
from nnbook.widgets.core.host import FrontEnd, widget
from nnbook.widgets.core.packed_layers import packed_layers
from nnlib import activations

MODES = ("network", "look-ahead")


def small_example():
    from nnlib import Conv2d, Flatten, ReLU, Sequential

    rng = np.random.default_rng(0)
    return {"moves": [12, 7, 6], "model": Sequential(Conv2d(3, 4, 3, padding="same", rng=rng), ReLU(),
                                                     Conv2d(4, 1, 1, rng=rng), Flatten())}


@widget(example=small_example)
def go_board(model, moves=(), opponent="network", size=5):
    """Play the game of the first capture against `model`, which answers in the page.  [B14]

    model: a Sequential of Conv2d, ReLU, Flatten, Linear that turns `nnbook.games.go.planes` (N, 3, size, size) into a
    score for each point, (N, size²); its weights go into the page. moves: the points played so far, black first.
    opponent: "network" plays the legal move of the highest score; "look-ahead" captures where it can, then looks for
    the highest score among the moves that leave none of its groups with one liberty.

    Raises ValueError for another opponent, moves against the rules, or a model that does not fit the board.
    """
    if opponent not in MODES:
        raise ValueError(f"opponent must be one of {', '.join(MODES)}, got {opponent!r}")
    board, colour = replay(moves, size)
    scores = np.asarray(model(go.planes(board, colour)[None]))
    if scores.shape != (1, size**2):
        raise ValueError(f"model must give one score for each point, shape (1, {size**2}), got {scores.shape}")
    state = {"layers": packed_layers(model), "size": size, "moves": " ".join(map(str, moves)), "opponent": opponent,
             "show": "network", "you": "black" if colour == 1 else "white"}
    chances = move_probabilities(scores[0], board, colour)

    def picture():
        from nnbook.plots import applications
        return applications.boards([(board, _("What the network would play"), chances)])

    best = int(np.argmax(chances))
    return FrontEnd("go_board", state, picture, alt=_(
        "A Go board of {size} × {size} points after {n} moves. For the side to move the network prefers "
        "{point}, with {percent:.0f} %.", size=size, n=len(moves), point=point_name(best, size),
        percent=100 * chances[best])).show()


def replay(moves, size):
    """(board, colour to move) after these points were played. ValueError for a move after the first capture."""
    board, colour, captured = [0] * size**2, 1, set()
    for point in moves:
        if captured:
            raise ValueError("moves must end with the first capture")
        board, captured = go.play(board, point, colour)
        colour = -colour
    return board, colour


def move_probabilities(scores, board, colour):
    """Softmax over the legal moves; 0 at all other points, (size²,)."""
    legal, chances = go.legal_moves(board, colour), np.zeros(len(board))
    chances[legal] = activations.softmax(np.asarray(scores, dtype=float)[None, legal])[0]
    return chances


def point_name(point, size):
    """A1 is the lower left corner, as on printed boards."""
    return f"{'ABCDEFGHJ'[point % size]}{size - point // size}"
