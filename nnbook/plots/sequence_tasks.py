"""Pictures of chapter 10: sentiment, segmentation, translation. Each draws one message and returns the figure."""

import matplotlib.pyplot as plt
import numpy as np

from nnbook.language import _
from nnbook.plots.style import FAINT, LOSS, MUTED, PREDICTION, figure, styled


@styled
def probability_by_word(words, probabilities):
    """Probability of "positive" after each word of a review.  [A46]"""
    fig, ax = plt.subplots(figsize=(6.6, max(2.0, 0.27 * len(words) + 1)))
    rows = np.arange(len(words))
    ax.barh(rows, np.asarray(probabilities) - 0.5, left=0.5, color=[
        PREDICTION if p > 0.5 else LOSS for p in probabilities])
    ax.axvline(0.5, color=MUTED, linewidth=1)
    ax.set_yticks(rows, words)
    ax.set(ylim=(len(words) - 0.5, -0.5), xlim=(0, 1), xlabel=_("probability of “positive”"),
           title=_("After each word the network has an opinion"))
    return fig


@styled
def scores(table, baseline, baseline_name, xlabel, title):
    """Scores of models as points, one for each seed, and a baseline as a line.  table: {name: scores}.  [A46, A47]"""
    fig, ax = figure(6.4, 0.45 * len(table) + 1.5)
    for row, values in enumerate(table.values()):
        ax.plot(100 * np.asarray(values), np.full(len(values), row), "o", color=PREDICTION, alpha=0.8, markersize=7)
    ax.axvline(100 * baseline, color=LOSS, linestyle="--")
    ax.text(100 * baseline - 0.3, -0.62, baseline_name, color=LOSS, ha="right", va="center")
    ax.set_yticks(range(len(table)), list(table))
    ax.set(ylim=(len(table) - 0.5, -0.95), xlabel=xlabel, title=title)
    return fig


@styled
def tag_probabilities(characters, probabilities, tags):
    """Probabilities (T, 4) of the tags B, M, E, S for each character of a sentence, and the path of `tags`.  [A47]"""
    T = len(characters)
    fig, ax = plt.subplots(figsize=(max(3.4, 0.5 * T + 1), 2.2))
    ax.imshow(np.asarray(probabilities).T, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    path = ["BMES".index(tag) for tag in tags]
    ax.plot(range(T), path, color=LOSS, linewidth=1.5, zorder=1)
    for t, (row, k) in enumerate(zip(probabilities, path, strict=True)):
        ax.text(t, k, f"{row[k]:.2f}", ha="center", va="center", fontsize=10,
                color="white" if row[k] > 0.6 else "black")
    ax.set_xticks(range(T), list(characters), fontsize=13)
    ax.set_yticks(range(4), [_("B begins"), _("M middle"), _("E ends"), _("S single")])
    ax.grid(False)
    ax.set_title(_("The best legal path of tags"))
    return fig


@styled
def decoding(source, tokens, probabilities, vocabulary):
    """The likeliest tokens at each step of the decoder.  tokens: said; probabilities (T, n).  [A48]"""
    T = len(tokens)
    fig, ax = figure(6.2, max(2.0, 0.32 * T + 0.9))
    names = {"<eos>": _("end"), "<bos>": _("start")}
    for t, row in enumerate(probabilities):
        for place, k in enumerate(np.argsort(-row, kind="stable")[:3]):
            token = names.get(vocabulary[k], vocabulary[k]).strip("<>")
            ax.barh(t, 0.93, left=place, height=0.8, color="white", edgecolor=FAINT)
            ax.barh(t, 0.93, left=place, height=0.8, color=PREDICTION, alpha=0.6 * row[k])
            ax.text(place + 0.06, t, token, va="center", fontsize=12)
            ax.text(place + 0.88, t, f"{row[k]:.2f}", va="center", ha="right", fontsize=10)
    ax.set_yticks(range(T), [_("step {t}", t=t + 1) for t in range(T)])
    ax.set(ylim=(T - 0.5, -0.5), xlim=(0, 3), xticks=[], title=_("“{source}”:\nwhat the decoder thinks at each step",
                                                                 source=source))
    ax.grid(False)
    return fig


@styled
def attention(source, tokens, weights):
    """Where the decoder looks: weights (T, S), a column for each token said, a row for each of the source.  [X06]"""
    fig, ax = figure(max(4.0, 0.42 * len(tokens) + 1.6), max(2.4, 0.34 * len(source) + 0.9))
    ax.imshow(np.asarray(weights).T, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    ax.set_xticks(range(len(tokens)), ["·" if token == "<eos>" else token for token in tokens], fontsize=13)
    ax.set_yticks(range(len(source)), source)
    ax.grid(False)
    ax.set(xlabel=_("said (· the end)"), title=_("Where the decoder looks"))
    return fig


@styled
def exact_by_length(results, longer):
    """Share of exactly right translations in each group.  results: {name: right or not}; longer: groups whose like was
    not in training.  [A48]"""
    fig, ax = figure(5.6, 0.36 * len(results) + 1.1)
    rows = np.arange(len(results))
    shares = [100 * np.mean(right) for right in results.values()]
    ax.barh(rows, shares, color=[LOSS if name in longer else PREDICTION for name in results], height=0.7)
    for row, (name, share) in enumerate(zip(results, shares, strict=True)):
        ax.text(share + 1.5, row, _("{share:.0f} % of {n}", share=share, n=len(results[name])), va="center",
                fontsize=10)
    beyond = [row for row, name in enumerate(results) if name in longer]
    if beyond:
        ax.text(30, np.mean(beyond), _("longer than any in training"), fontsize=10, color=LOSS, va="center")
    ax.set_yticks(rows, list(results))
    ax.set(ylim=(len(results) - 0.5, -0.5), xlim=(0, 128), xticks=range(0, 101, 25), xlabel=_("exactly right (%)"),
           title=_("What is longer than in training fails"))
    return fig
