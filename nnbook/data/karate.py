"""A small social network."""

from typing import NamedTuple

import numpy as np

TIES = """
0-1 0-2 0-3 0-4 0-5 0-6 0-7 0-8 0-10 0-11 0-12 0-13 0-17 0-19 0-21 0-31 1-2 1-3 1-7 1-13 1-17 1-19 1-21
1-30 2-3 2-7 2-8 2-9 2-13 2-27 2-28 2-32 3-7 3-12 3-13 4-6 4-10 5-6 5-10 5-16 6-16 8-30 8-32 8-33 9-33
13-33 14-32 14-33 15-32 15-33 18-32 18-33 19-33 20-32 20-33 22-32 22-33 23-25 23-27 23-29 23-32 23-33
24-25 24-27 24-31 25-31 26-29 26-33 27-33 28-31 28-33 29-32 29-33 30-32 30-33 31-32 31-33 32-33
"""
WITH_THE_OFFICER = [9, 14, 15, 18, 20, *range(22, 34)]


class Graph(NamedTuple):
    """`adjacency` (34, 34) float64 of 0 and 1, symmetric; `labels` (34,) int64; `names` of the two classes."""

    adjacency: np.ndarray
    labels: np.ndarray
    names: list


def load_karate():
    """Zachary's karate club: 34 members, 78 friendships, and which of two clubs each joined when it split.  [A49]

    Member 0 is the instructor, "Mr. Hi" (class 0), member 33 the officer (class 1).

    Source: W. W. Zachary, "An Information Flow Model for Conflict and Fission in Small Groups", Journal of
    Anthropological Research 33 (1977), as distributed in networkx 3.6.1 (BSD-3-Clause).
    """
    ties = np.array([tie.split("-") for tie in TIES.split()], dtype=np.int64)
    adjacency = np.zeros((34, 34))
    adjacency[ties[:, 0], ties[:, 1]] = adjacency[ties[:, 1], ties[:, 0]] = 1
    labels = np.zeros(34, dtype=np.int64)
    labels[WITH_THE_OFFICER] = 1
    return Graph(adjacency, labels, ["Mr. Hi", "officer"])
