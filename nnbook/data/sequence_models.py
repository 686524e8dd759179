"""The tasks of chapter 10 as arrays, and the weights that tools/train_sequences.py trained on them."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from nnbook.data.recorded import read
from nnbook.data.sentences import load_segmentation, load_sentiment
from nnbook.data.text import TAGS, UNK, Vocabulary, bmes_tags, tokenize
from nnbook.data.translation import number_pairs, sentence_pairs

FOLDER = Path(__file__).parent / "trained"
SEQUENCE_MODELS = ("sentiment_last", "sentiment_mean", "tagger_none", "tagger_left", "tagger_both",
                   "numbers", "sentences", "attention")
TRANSLATIONS = {"numbers": (number_pairs, 6000), "sentences": (sentence_pairs, 6000)}


class Split(NamedTuple):
    """Rows of a task: the first `train` rows train, the rows up to `validation` choose the epoch, the rest tests."""

    train: slice
    validation: slice
    test: slice


def split(n, shares=(0.7, 0.8)):
    first, second = (int(share * n) for share in shares)
    return Split(slice(0, first), slice(first, second), slice(second, n))


def sentiment_task():
    """(words, ids (N, T), labels (N, 1), vocabulary, Split) of the reviews; words seen once are UNK.  [A46]"""
    from nnlib.recurrent import pad_sequences

    texts, labels, _, _ = load_sentiment()
    words = [tokenize(text) for text in texts]
    parts = split(len(words))
    vocabulary = Vocabulary(words[parts.train], min_count=2)
    ids, _ = pad_sequences([vocabulary.encode(w) if w else np.array([UNK]) for w in words])
    return words, ids, labels[:, None].astype(np.float32), vocabulary, parts


def segmentation_task():
    """(sentences, ids (N, T), tags (N, T), vocabulary, Split): characters and their places in BMES.  [A47]"""
    from nnlib.recurrent import pad_sequences

    sentences = load_segmentation()
    parts = split(len(sentences))
    characters = ["".join(words) for words in sentences]
    vocabulary = Vocabulary(characters[parts.train], min_count=2)
    ids, _ = pad_sequences([vocabulary.encode(c) for c in characters])
    tags, _ = pad_sequences([np.array([TAGS.index(tag) for tag in bmes_tags(words)]) for words in sentences])
    return sentences, ids, tags, vocabulary, parts


def translation_task(name):
    """(pairs, source (N, S), target (N, T), source vocabulary, target vocabulary, Split) of a translation.  [A48]

    name: "numbers" or "sentences". Targets begin with BOS and end with EOS: the decoder reads target[:, :-1]
    and is to say target[:, 1:].
    """
    from nnlib.recurrent import pad_sequences

    if name not in TRANSLATIONS:
        raise ValueError(f"name must be one of {', '.join(TRANSLATIONS)}, got {name!r}")
    make, n = TRANSLATIONS[name]
    pairs = make(n, np.random.default_rng(0))
    if name == "numbers":  # those below 100 train: how 3 is said follows from nothing else
        pairs.sort(key=lambda pair: len(pair[0]) > 2)
    parts = split(n, (0.8, 0.875))
    source_words, target_words = Vocabulary([s for s, _ in pairs]), Vocabulary([t for _, t in pairs])
    source, _ = pad_sequences([source_words.encode(s[::-1]) for s, _ in pairs])
    target, _ = pad_sequences([target_words.encode(t, bos=True, eos=True) for _, t in pairs])
    return pairs, source, target, source_words, target_words, parts


def trained_sequence(name):
    """Path of the stored weights of one model, for `model.load(trained_sequence("tagger_both"))`.  [A46–A48]

    sentiment_last, sentiment_mean: SequenceClassifier(len(vocabulary), 8, 24, pool). tagger_none, _left, _both:
    SequenceTagger(len(vocabulary), 16, 32, 4, context). numbers: EncoderDecoder(…, 12, 48);
    sentences: EncoderDecoder(…, 24, 96). The weights are rounded (see on_grid), so that a page can carry them: to
    whole numbers from −7 to 7 times a unit for each row, in the translators from −15 to 15.

    Raises ValueError for another name.
    """
    if name not in SEQUENCE_MODELS:
        raise ValueError(f"name must be one of {', '.join(SEQUENCE_MODELS)}, got {name!r}")
    return FOLDER / f"sequence_{name}.npz"


def on_grid(array, levels):
    """(whole (rows, n), unit (rows, 1)): array ≈ whole · unit, with whole numbers from −levels to levels.

    A row is what the last axis holds. Its unit has seven binary digits, so that up to 15 levels are exact in float16.
    """
    rows = np.asarray(array, dtype=float).reshape(-1, np.shape(array)[-1])
    mantissa, exponent = np.frexp(np.maximum(np.abs(rows).max(axis=1, keepdims=True), 1e-12) / levels)
    unit = np.ldexp(np.ceil(128 * mantissa), exponent - 7)
    return np.rint(rows / unit).astype(int), unit


def load_sequence_scores():
    """(note, {model: scores}): test score of each model with each seed; the weights of the first are stored."""
    note, rows = read("sequence_scores.csv")
    table = {}
    for row in rows:
        table.setdefault(row["model"], []).append(float(row["score"]))
    return note, {name: np.array(scores) for name, scores in table.items()}


def load_memory_delays():
    """(note, {cell: {delay: accuracies}}): how well each cell remembers one symbol over a delay.  [X03]"""
    note, rows = read("memory_delays.csv")
    table = {}
    for row in rows:
        table.setdefault(row["cell"], {}).setdefault(int(row["delay"]), []).append(float(row["accuracy"]))
    return note, {cell: {delay: np.array(v) for delay, v in delays.items()} for cell, delays in table.items()}
