"""The three uses of a recurrent network as models: a class for a sequence, a tag for each step, another sequence.

All take token ids (N, T), padded with PAD, and train with `fit`. Trained weights: nnbook.data.sequence_models.
"""

import numpy as np

from nnlib.layers import Embedding, Linear
from nnlib.model import Layer
from nnlib.recurrent import GRU, RNN

PAD, UNK, BOS, EOS = range(4)  # ids of the special tokens: padding (as in pad_sequences), unknown, begin, end


class SequenceClassifier(Layer):
    """A sequence to one score: ids (N, T) -> logits (N, 1).  [A46]

    pool "last": h = h_T, the state after the last token.
    pool "mean": h = (1/T) Σ_t h_t, over the real tokens.
    Without any real token h = 0.
    """

    def __init__(self, n_tokens, dim, n_hidden, pool, *, cell=RNN, rng=None):
        if pool not in ("last", "mean"):
            raise ValueError(f"pool must be 'last' or 'mean', got {pool!r}")
        self.pool = pool
        self.embedding = Embedding(n_tokens, dim, rng=rng)
        self.cell = cell(dim, n_hidden, rng=rng)
        self.head = Linear(n_hidden, 1, rng=rng)

    def forward(self, ids):
        mask = np.not_equal(ids, PAD)
        states = self.cell(self.embedding(ids), mask=mask)
        if self.pool == "last":
            return self.head(self.cell.h_last)
        share = mask / mask.sum(axis=1, keepdims=True).clip(1)  # 1/T, 0 at padding
        self.share = share.astype(states.dtype)[..., None]
        return self.head((states * self.share).sum(axis=1))

    def backward(self, delta):
        delta = self.head.backward(delta)
        if self.pool == "last":
            delta = self.cell.backward(dh_last=delta)
        else:
            delta = self.cell.backward(delta[:, None] * self.share)
        return self.embedding.backward(delta)


class SequenceTagger(Layer):
    """A tag for each step: ids (N, T) -> logits (N, T, n_tags).  [A47]

    context "none": each token alone; "left": an RNN from left to right; "both": a second one from right to left.
    """

    def __init__(self, n_tokens, dim, n_hidden, n_tags, context, *, cell=RNN, rng=None):
        if context not in ("none", "left", "both"):
            raise ValueError(f"context must be 'none', 'left' or 'both', got {context!r}")
        self.context = context
        self.embedding = Embedding(n_tokens, dim, rng=rng)
        self.cells = [cell(dim, n_hidden, rng=rng) for _ in range({"none": 0, "left": 1, "both": 2}[context])]
        self.head = Linear(n_hidden * len(self.cells) or dim, n_tags, rng=rng)

    def forward(self, ids):
        x, mask = self.embedding(ids), np.not_equal(ids, PAD)
        if self.context == "none":
            return self.head(x)
        states = [self.cells[0](x, mask=mask)]
        if self.context == "both":  # the second one reads backwards: its states are turned around again
            states.append(self.cells[1](x[:, ::-1], mask=mask[:, ::-1])[:, ::-1])
        return self.head(np.concatenate(states, axis=2))

    def backward(self, delta):
        dh = self.head.backward(delta)
        if self.context == "none":
            return self.embedding.backward(dh)
        n = self.cells[0].n_hidden
        dx = self.cells[0].backward(dh[..., :n])
        if self.context == "both":
            dx = dx + self.cells[1].backward(dh[:, ::-1, n:])[:, ::-1]
        return self.embedding.backward(dx)


class EncoderDecoder(Layer):
    """A sequence to another one of its own length.  [A48]

    The encoder's last state becomes the decoder's h_0.
    forward: source (N, S), target_in (N, T) -> logits (N, T, n_target), where
    target_in is the right answer shifted by one (teacher forcing).
    translate: the decoder reads what it said itself.
    """

    def __init__(self, n_source, n_target, dim, n_hidden, *,
                 cell=GRU, rng=None):
        self.source = Embedding(n_source, dim, rng=rng)
        self.encoder = cell(dim, n_hidden, rng=rng)
        self.target = Embedding(n_target, dim, rng=rng)
        self.decoder = cell(dim, n_hidden, rng=rng)
        self.head = Linear(n_hidden, n_target, rng=rng)

    def forward(self, source, target_in):
        self.encoder(self.source(source), mask=np.not_equal(source, PAD))
        x = self.target(target_in)
        return self.head(self.decoder(x, h0=self.encoder.h_last))

    def backward(self, delta):
        delta = self.decoder.backward(self.head.backward(delta))
        self.target.backward(delta)
        delta = self.encoder.backward(dh_last=self.decoder.dh0)
        self.source.backward(delta)

    def translate(self, source, max_length=40):
        """Ids (N, S) -> ids said (N, ≤ max_length), up to EOS, then PAD."""
        self.encoder(self.source(source), mask=np.not_equal(source, PAD))
        state, token = self.encoder.h_last, np.full(len(source), BOS)
        said, finished = [], np.zeros(len(source), dtype=bool)
        while len(said) < max_length and not finished.all():
            x = self.target(token[:, None])
            state = self.decoder(x, h0=state)[:, 0]
            token = self.head(state).argmax(axis=1)
            said.append(np.where(finished, PAD, token))
            finished |= token == EOS
        return np.stack(said, axis=1)


def sensitivity(cell, x):
    """How strongly each state of an RNN depends on each input: S[t, k] = ‖∂h_t/∂x_k‖ (Frobenius), (T, T).  [A45]

    ∂h_t/∂x_k = D_t W ⋯ D_{k+1} W D_k U with D_j = diag(1 − h_j²).  cell: RNN; x: one sequence (T, D).
    """
    if not isinstance(cell, RNN):
        raise TypeError(f"sensitivity expects an RNN, got {cell!r}")
    slopes = 1 - cell.forward(np.asarray(x)[None])[0] ** 2
    S, J = np.zeros((len(slopes), len(slopes))), np.zeros((len(slopes), *cell.U.shape))  # J[k] = ∂h_t/∂x_k
    for t, slope in enumerate(slopes):
        J = slope[:, None] * (cell.W @ J)
        J[t] = slope[:, None] * cell.U
        S[t] = np.sqrt((J**2).sum(axis=(1, 2)))
    return S
