"""A small Monte Carlo tree search for the game of the first capture, as in AlphaGo Zero: no random play-outs.  [B14]"""

import numpy as np

from nnbook.games import go


class Position:
    """A position in the tree: for each move its chance (policy), how often it was tried, and what that brought."""

    def __init__(self, board, colour, evaluate):
        self.board, self.colour, self.after = board, colour, {}
        self.moves = go.legal_moves(board, colour)
        self.visits, self.total = np.zeros(len(board)), np.zeros(len(board))
        self.chances, self.value = evaluate(board, colour) if self.moves else (None, -1.0)


def search(board, colour, evaluate, rounds, courage=1.5):
    """Visits of each point (size²,) after so many walks down the tree; the most visited one is the move.

    evaluate(board, colour) -> (chances of the points, value from −1 lost to 1 won) for the side to move.
    """
    root = Position(board, colour, evaluate)
    for _ in range(rounds):
        walk(root, evaluate, courage)
    return root.visits


def walk(node, evaluate, courage):
    """One way down to a position not seen before, or to the end; what it is worth for the side to move in `node`."""
    if not node.moves:
        return node.value
    mean = node.total / np.maximum(node.visits, 1)
    bonus = courage * node.chances * np.sqrt(node.visits.sum() + 1) / (node.visits + 1)
    point = max(node.moves, key=(mean + bonus).__getitem__)
    if point not in node.after:
        node.after[point] = after_move(node, point, evaluate)
        value = -node.after[point].value
    else:
        value = -walk(node.after[point], evaluate, courage)
    node.visits[point] += 1
    node.total[point] += value
    return value


def after_move(node, point, evaluate):
    """The position after a move; a capture ends the game, and the side to move has lost."""
    board, captured = go.play(node.board, point, node.colour)
    following = Position(board, -node.colour, evaluate if not captured else lambda *_: (None, -1.0))
    if captured:
        following.moves = []
    return following
