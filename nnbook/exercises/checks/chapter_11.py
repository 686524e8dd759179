"""What the exercises of chapter 11 (graph networks) say to an answer."""

import numpy as np

from nnbook import data
from nnbook.exercises import check

A, _, _ = data.load_karate()
tiny = np.zeros((5, 5))  # the tiny graph of the chapter, and the numbers of its nodes
for i, j in [(0, 1), (0, 2), (1, 2), (2, 3), (3, 4)]:
    tiny[i, j] = tiny[j, i] = 1
h = np.array([1.0, 2, 3, 6, 3])


def ring(n):
    return np.roll(np.eye(n), 1, axis=1) + np.roll(np.eye(n), -1, axis=1)


def check_1(answer):
    check("1 by hand", answer, 6 / 3 + 3 / np.sqrt(12) + 3 / np.sqrt(6),
          tolerance=0.01, mistakes={
              "That is the mean: each part divided by d₃ = 3.": 4.0,
              "That is the sum, without any weights.": 12.0,
              "Node 3 hears itself, too: 6 · 1/√(3·3) is missing.":
                  3 / np.sqrt(12) + 3 / np.sqrt(6),
              "The degrees count the self loop: d₂ = 4, d₃ = 3, d₄ = 2.":
                  6 / 2 + 3 / np.sqrt(6) + 3 / np.sqrt(2),
              "The root is missing: the weight is 1/√(dᵢ dⱼ).":
                  6 / 9 + 3 / 12 + 3 / 6,
              "The part of node 4 is missing.": 2 + 3 / np.sqrt(12),
              "The part of node 2 is missing.": 2 + 3 / np.sqrt(6),
              "That divides by dⱼ alone; the weight is 1/√(dᵢ dⱼ).":
                  6 / 3 + 3 / 4 + 3 / 2,
              "That is node 4; node 3 is asked for.": 1.5 + 6 / np.sqrt(6),
              "That is node 2; node 3 is asked for.":
                  3 / 4 + (1 + 2 + 6) / np.sqrt(12),
              "Each part is divided by two roots, √dᵢ and √dⱼ.": lambda m: any(
                  np.isclose(m, wrong, atol=0.01) for wrong in (
                      12 / np.sqrt(3),
                      6 / np.sqrt(3) + 3 / 2 + 3 / np.sqrt(2)))})


def check_2(answer):
    def hat(A, loops=1, degrees=1, left=0.5, right=0.5):
        d = (A + degrees * np.eye(len(A))).sum(axis=1)
        M = A + loops * np.eye(len(A))
        return d[:, None] ** -left * M * d**-right

    check("2 normalise", answer, hat, inputs=[(tiny,), (A,)], mistakes={
        "The self loops are missing: begin with A + I.":
            lambda A: hat(A, loops=0, degrees=0),
        "The degrees must count the self loops, too.":
            lambda A: hat(A, degrees=0),
        "The degrees count the self loops, but the matrix lacks them.":
            lambda A: hat(A, loops=0),
        "These are the rows of the mean; each side gets a root of d.":
            lambda A: hat(A, left=1, right=0),
        "You divided the columns; each side gets a root of d.":
            lambda A: hat(A, left=0, right=1),
        "The root is missing: 1/√(dᵢ dⱼ).":
            lambda A: hat(A, left=1, right=1),
        "The rows got their root of d, the columns not yet.":
            lambda A: hat(A, right=0),
        "The columns got their root of d, the rows not yet.":
            lambda A: hat(A, left=0),
        "A + 1 ties everybody to everybody; self loops are A + I.":
            lambda A: hat(A + 1 - np.eye(len(A))),
        "The self loops come first: they are divided, too.":
            lambda A: A / np.sqrt(np.outer(A.sum(axis=1), A.sum(axis=1)))
            + np.eye(len(A)),
        "That multiplies by the degrees: D needs the power −1/2.":
            lambda A: hat(A, left=-1, right=-1),
        "That multiplies by the roots; divide by them.":
            lambda A: hat(A, left=-0.5, right=-0.5),
        "Nothing is divided yet.": lambda A: A + np.eye(len(A))})


def check_3(answer):
    rng = np.random.default_rng(3)
    loops = tiny + np.eye(5)
    mean = loops / loops.sum(axis=1)[:, None]
    inputs = [(rng.normal(size=(5, k)), mean, rng.normal(size=(k, k)))
              for k in (3, 2)]
    check("3 backward", answer, lambda delta, A_hat, W: A_hat.T @ delta @ W,
          inputs=inputs, mistakes={
              "Back along the ties: the transpose of A_hat.":
                  lambda delta, A_hat, W: A_hat @ delta @ W,
              "W is transposed: Z = … Wᵀ, so back it is W.":
                  lambda delta, A_hat, W: A_hat.T @ delta @ W.T,
              "Both are transposed the wrong way.":
                  lambda delta, A_hat, W: A_hat @ delta @ W.T,
              "The graph is missing: who told whom?":
                  lambda delta, A_hat, W: delta @ W,
              "The weights W are missing.":
                  lambda delta, A_hat, W: A_hat.T @ delta})


def check_4(answer):
    def layers(A, loops=1, extra=0):
        M, k = A + loops * np.eye(len(A)), 1
        while (np.linalg.matrix_power(M, k) == 0).any() and k < 50:
            k += 1
        return k + extra

    check("4 layers", answer, layers,
          inputs=[(A,), (ring(7),), (tiny,), (1 - np.eye(5),)], mistakes={
              "The self loops are missing: a node keeps what it knows.":
                  lambda A: layers(A, loops=0),
              "One too many.": lambda A: layers(A, extra=1),
              "One too few.": lambda A: layers(A, extra=-1),
              "That is for one node; all must have heard of all.":
                  lambda A: next(k for k in range(1, 50) if (
                      np.linalg.matrix_power(A + np.eye(len(A)), k)[0]
                      > 0).all()),
              "That is the node that hears of all first; wait for the last.":
                  lambda A: next(k for k in range(1, 50) if (
                      np.linalg.matrix_power(A + np.eye(len(A)), k)
                      > 0).all(axis=1).any()),
              "That many are enough for any graph; this one needs fewer.":
                  lambda A: len(A) - 1})


def check_5(answer):
    def limit(A, h, loops=1, power=0.5):
        u = (A.sum(axis=1) + loops) ** power
        return u * (u @ h) / (u @ u)

    rng = np.random.default_rng(5)
    inputs = [(tiny, h), (A, rng.normal(size=34))]
    check("5 limit", answer, limit, inputs=inputs, mistakes={
        "The numbers do not all end at the mean: √dᵢ is left.":
            lambda A, h: np.full(len(h), h.mean()),
        "The degrees must count the self loops.":
            lambda A, h: limit(A, h, loops=0),
        "The root is missing: it is √d, not d.":
            lambda A, h: limit(A, h, power=1),
        "Divide by u · u: the eigenvector must have length 1.":
            lambda A, h: (A.sum(axis=1) + 1) ** 0.5
            * ((A.sum(axis=1) + 1) ** 0.5 @ h),
        "That is where the mean ends; the symmetric weights keep √dᵢ.":
            lambda A, h: np.full(len(h), (A.sum(axis=1) + 1) @ h
                                 / (A.sum(axis=1) + 1).sum()),
        "u · h is one number: a sum of products, u @ h.":
            lambda A, h: (A.sum(axis=1) + 1) * h / (A.sum() + len(A)),
        "u · u is one number: a sum of products, u @ u.":
            lambda A, h: np.sqrt(A.sum(axis=1) + 1) @ h
            / np.sqrt(A.sum(axis=1) + 1),
        "That is one number, how much of u there is; times u is missing.":
            lambda A, h: limit(A, h)[0] / np.sqrt(A[0].sum() + 1),
        "That is u alone; how much of it h has is missing.":
            lambda A, h: np.sqrt(A.sum(axis=1) + 1),
        "That is u alone, shortened; how much of it h has is missing.":
            lambda A, h: np.sqrt(A.sum(axis=1) + 1)
            / np.sqrt((A.sum(axis=1) + 1).sum()),
        "Once divided by the length of u, but u stands there twice.":
            lambda A, h: limit(A, h) * np.sqrt((A.sum(axis=1) + 1).sum())})
