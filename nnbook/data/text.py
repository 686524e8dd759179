"""From text to ids and back: words, vocabulary, tags of a segmentation. To pad rows of ids: nnlib.pad_sequences."""

import re
from collections import Counter

import numpy as np

from nnlib import checks
from nnlib.sequences import BOS, EOS, PAD, UNK

SPECIAL = ["<pad>", "<unk>", "<bos>", "<eos>"]


def tokenize(text):
    """Lower-case words of an English text: tokenize("It's 5 o'clock!") = ["it's", "5", "o'clock"]."""
    if not isinstance(text, str):
        raise TypeError(f"tokenize expects a string, got {text!r}")
    return re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text.lower())


class Vocabulary:
    """The tokens that a model knows, each with an id; built from the training texts only.  [A43]

    sequences: lists of tokens, or strings (then each character is a token). Tokens seen at least `min_count` times
    get the ids 4, 5, …, the most frequent first; 0–3 are PAD, UNK, BOS, EOS.
    """

    def __init__(self, sequences, min_count=1):
        if isinstance(sequences, str):
            raise TypeError("Vocabulary expects a list of sequences, got one string: put it in a list")
        checks.integer(min_count, "min_count")
        counts = Counter(token for sequence in sequences for token in sequence)
        if not counts:
            raise ValueError("Vocabulary expects at least one token, got none")
        # ties by the token itself, so that ids do not depend on the order of the texts
        frequent = sorted((token for token in counts if counts[token] >= min_count), key=lambda t: (-counts[t], t))
        self.tokens = SPECIAL + frequent
        self.ids = {token: i for i, token in enumerate(self.tokens)}

    def __len__(self):
        return len(self.tokens)

    def __repr__(self):
        return f"Vocabulary({len(self)} tokens: {' '.join(self.tokens[4:10])} …)"

    def encode(self, sequence, bos=False, eos=False):
        """Ids (T,) of a sequence of tokens, with BOS before and EOS after it if asked for; unknown ones become UNK."""
        ids = [self.ids.get(token, UNK) for token in sequence]
        return np.array([BOS] * bos + ids + [EOS] * eos, dtype=np.int64)

    def decode(self, ids):
        """Tokens of a row of ids, up to EOS; PAD and BOS are left out."""
        ids = checks.array(ids, "ids")
        if ids.ndim != 1 or ids.dtype.kind not in "iu":
            raise ValueError(f"decode expects a row of ids (T,), got shape {ids.shape} of {ids.dtype}")
        if ids.size and not 0 <= ids.min() <= ids.max() < len(self):
            raise ValueError(f"ids must lie in 0 … {len(self) - 1}, got {ids.min()} … {ids.max()}")
        end = np.flatnonzero(ids == EOS)
        return [self.tokens[i] for i in ids[:end[0] if end.size else None] if i not in (PAD, BOS)]


TAGS = "BMES"  # Begin, Middle, End of a word, Single-character word


def bmes_tags(words):
    """Tags of the characters of segmented words: bmes_tags(["我", "喜欢", "图书馆"]) = "SBEBME".  [A47]"""
    if isinstance(words, str) or not all(isinstance(word, str) and word for word in words):
        raise ValueError(f"bmes_tags expects a list of non-empty words, got {words!r}")
    return "".join("S" if len(word) == 1 else "B" + "M" * (len(word) - 2) + "E" for word in words)


AFTER = {"B": "ME", "M": "ME", "E": "BS", "S": "BS"}  # what may follow; a sentence begins like after E or S


def best_tags(scores):
    """The legal tags with the highest sum of scores (T, 4), such as logits: the Viterbi algorithm.  [A47]

    The best way to a tag is its score and the best way to one of the tags
    that may stand before it. Go through the sentence, keep for each tag where
    its best way came from, and at the end walk back from E or S.
    """
    scores = checks.array(scores, "scores")
    if scores.ndim != 2 or scores.shape[1] != len(TAGS) or not len(scores):
        raise ValueError(f"best_tags expects scores (T, {len(TAGS)}), got {scores.shape}")
    forbidden = np.array([[0 if b in AFTER[a] else -np.inf for b in TAGS]
                          for a in TAGS])
    total, came_from = scores[0] + forbidden[TAGS.index("S")], []
    for score in scores[1:]:
        ways = total[:, None] + forbidden          # from each tag to each tag
        came_from.append(ways.argmax(axis=0))
        total = ways.max(axis=0) + score
    tag = max((TAGS.index(tag) for tag in "ES"), key=lambda k: total[k])
    tags = [tag]
    for before in reversed(came_from):
        tags.append(tag := before[tag])
    return "".join(TAGS[k] for k in reversed(tags))


def split_words(characters, tags):
    """Words of a sentence from the tags of its characters; a word ends at E or S, and before B or S.  [A47]

    Any tags are accepted, also impossible ones such as "MBB", which a model says that gives each character its
    likeliest tag: such tags are mended without a word, so decode by `best_tags`.
    """
    if len(characters) != len(tags) or set(tags) - set(TAGS):
        raise ValueError(f"split_words expects one tag of B, M, E, S for each character, "
                         f"got {len(characters)} characters and tags {tags!r}")
    words, word = [], ""
    for character, tag in zip(characters, tags, strict=True):
        if tag in "BS" and word:
            words.append(word)
            word = ""
        word += character
        if tag in "ES":
            words.append(word)
            word = ""
    return words + [word] * bool(word)


def word_f1(true, predicted):
    """F1 of a segmentation: 2 · hits / (true words + predicted words), a hit being a word at the same place.  [A47]

    true, predicted: lists of sentences, each a list of words with the same characters.
    """
    if len(true) != len(predicted) or len(true) == 0:
        raise ValueError(f"true and predicted must hold equally many sentences, got {len(true)} and {len(predicted)}")
    hits = words = 0
    for t, p in zip(true, predicted, strict=True):
        if "".join(t) != "".join(p):
            raise ValueError(f"true and predicted sentences must have the same characters, got {t} and {p}")
        hits += len(spans(t) & spans(p))
        words += len(t) + len(p)
    return 2 * hits / words


def spans(words):
    """The set of (start, end) of the words in their sentence."""
    ends = np.cumsum([0, *map(len, words)])
    return set(zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True))
