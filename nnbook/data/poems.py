"""Stanzas of Tang poems, character by character: the data and the weights of chapter 9's second language model."""

from collections import Counter
from pathlib import Path

import numpy as np

from nnbook.data.sentences import rows

BEGIN, OTHER = 0, 1  # tokens: before the first character, and for a character that the model does not know
TRAINED = Path(__file__).parent / "trained" / "poems_gru.npz"


def load_quatrains():
    """14,591 stanzas of Tang poems, four lines of five characters each, as strings of 20 characters.  [A50]

    In shuffled order: the first 80 % train, the next 10 % choose the epoch, the last 10 % test.

    Source: Complete Tang Poems (全唐诗), as in the npm package chinese-poetry 2.0.1 (JackeyGao, MIT).
    """
    return [stanza for stanza, in rows("quatrains.txt")]


def poem_tokens(stanzas):
    """The tokens of the model, as one string: begin, other, comma, full stop, and the 796 characters that occur most
    among the 3,755 common ones (GB 2312, level 1), which the book's font has."""
    counts = Counter("".join(stanzas[: 8 * len(stanzas) // 10]))
    common = [c for c in counts if b"\xb0" <= c.encode("gb2312", "ignore")[:1] < b"\xd8"]
    return "·□，。" + "".join(sorted(common, key=lambda c: (-counts[c], c))[:796])


def poem_task(stanzas, tokens):
    """(inputs (N, 24), targets (N, 24)): token ids, targets one step ahead, with a comma or full stop after a line."""
    known = {c: k for k, c in enumerate(tokens)}
    ids = np.array([[BEGIN, *(known.get(c, OTHER) for k in range(0, 20, 5) for c in s[k : k + 5] + "，。"[k // 5 % 2])]
                    for s in stanzas])
    return ids[:, :-1], ids[:, 1:]


def poem_model(tokens, rng):
    """A vector of 24 numbers for each token, a GRU with 80 units, and the scores of the next token."""
    from nnlib import GRU, Embedding, Linear, Sequential

    return Sequential(Embedding(len(tokens), 24, rng=rng), GRU(24, 80, rng=rng),
                      Linear(80, len(tokens), rng=rng)).astype(np.float32)
