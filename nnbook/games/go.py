"""The rules of Go that a capture needs: groups, liberties, legal moves.  [B14]

A board is a list of size² numbers, row by row: 1 black, −1 white, 0 empty; a point is a place in that list. Not here:
ko, passing and the counting of territory, which the game of the first capture does not need.
"""

import functools
import math

import numpy as np


@functools.cache
def neighbours(size):
    """For each point of a size × size board the points beside it (4; at the edge 3, in a corner 2)."""
    def beside(p):
        row, column = divmod(p, size)
        return [size * i + j for i, j in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1))
                if 0 <= i < size and 0 <= j < size]
    return [beside(p) for p in range(size * size)]


def group(board, point):
    """(stones, liberties) of the stone at `point`: all stones of its colour that hang together, and the empty points
    beside them, as sets. Raises ValueError for an empty point."""
    if board[point] == 0:
        raise ValueError(f"point must hold a stone, but {point} is empty")
    beside, stones, liberties, todo = neighbours(math.isqrt(len(board))), {point}, set(), [point]
    while todo:
        for q in beside[todo.pop()]:
            if board[q] == 0:
                liberties.add(q)
            elif board[q] == board[point] and q not in stones:
                stones.add(q)
                todo.append(q)
    return stones, liberties


def groups(board, colour):
    """All groups of one colour, each as (stones, liberties)."""
    found, left = [], {p for p, stone in enumerate(board) if stone == colour}
    while left:
        found.append(group(board, min(left)))
        left -= found[-1][0]
    return found


def play(board, point, colour):
    """(new board, captured stones): put a stone, take away the other side's groups that have no liberty left.

    Raises ValueError if the point is not empty, or if the stone's own group would have no liberty (suicide)."""
    if board[point] != 0:
        raise ValueError(f"point must be empty, but {point} holds a stone")
    new, captured = list(board), set()
    new[point] = colour
    for q in neighbours(math.isqrt(len(board)))[point]:
        if new[q] == -colour and not group(new, q)[1]:
            captured |= group(new, q)[0]
    for q in captured:
        new[q] = 0
    if not group(new, point)[1]:
        raise ValueError(f"a stone at {point} would have no liberty: suicide is not allowed")
    return new, captured


def legal_moves(board, colour):
    """The points where this colour may play."""
    def allowed(p):
        if any(board[q] == 0 for q in neighbours(math.isqrt(len(board)))[p]):
            return True  # a liberty of its own; no need to try
        try:
            return bool(play(board, p, colour))
        except ValueError:
            return False
    return [p for p, stone in enumerate(board) if stone == 0 and allowed(p)]


def planes(board, colour):
    """What a network sees of a position, (3, size, size) float32: own stones, the other side's, ones that show where
    the board ends. Seen from the side that is to move, so that one network plays both colours."""
    size = math.isqrt(len(board))
    own = colour * np.reshape(board, (size, size))
    return np.stack([own > 0, own < 0, np.ones_like(own)]).astype(np.float32)
