"""The three uses of a recurrent network as models: a class for a sequence, a tag for each step, another sequence.

All take token ids (N, T), padded with PAD, and train with `fit`. Trained weights: nnbook.data.sequence_models.
"""

import numpy as np

from nnlib import checks
from nnlib.activations import softmax
from nnlib.layers import Embedding, Linear, uniform
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

    context "none": each token alone; "left": an RNN that reads from left to right; "right": one that reads from
    right to left; "both": one of each, their states side by side.
    """

    def __init__(self, n_tokens, dim, n_hidden, n_tags, context, *, cell=RNN, rng=None):
        ways = {"none": (), "left": (1,), "right": (-1,), "both": (1, -1)}  # 1: as written, −1: backwards
        if context not in ways:
            raise ValueError(f"context must be 'none', 'left', 'right' or 'both', got {context!r}")
        self.context, self.ways = context, ways[context]
        self.embedding = Embedding(n_tokens, dim, rng=rng)
        self.cells = [cell(dim, n_hidden, rng=rng) for _ in self.ways]
        self.head = Linear(n_hidden * len(self.cells) or dim, n_tags, rng=rng)

    def forward(self, ids):
        x, mask = self.embedding(ids), np.not_equal(ids, PAD)
        if self.context == "none":
            return self.head(x)
        return self.head(np.concatenate([cell(x[:, ::way], mask=mask[:, ::way])[:, ::way]
                                         for cell, way in zip(self.cells, self.ways, strict=True)], axis=2))

    def backward(self, delta):
        delta = self.head.backward(delta)
        if self.context != "none":
            parts = np.split(delta, len(self.cells), axis=2)
            delta = sum(cell.backward(part[:, ::way])[:, ::way]
                        for cell, way, part in zip(self.cells, self.ways, parts, strict=True))
        return self.embedding.backward(delta)


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
        h0 = self.encode(source)
        return self.say(self.decoder(self.target(target_in), h0=h0))

    def encode(self, source):
        """Source (N, S) -> the state (N, H) that is handed over."""
        self.encoder(self.source(source), mask=np.not_equal(source, PAD))
        return self.encoder.h_last

    def say(self, states):
        """Decoder states (N, T, H) -> logits (N, T, n_target)."""
        return self.head(states)

    def backward(self, delta):
        delta = self.decoder.backward(self.head.backward(delta))
        self.target.backward(delta)
        delta = self.encoder.backward(dh_last=self.decoder.dh0)
        self.source.backward(delta)

    def step(self, token, state):
        """One step: tokens read (N,) -> logits (N, n_target), state."""
        states = self.decoder(self.target(token[:, None]), h0=state)
        return self.say(states)[:, 0], states[:, 0]

    def translate(self, source, max_length=40):
        """Ids (N, S) -> ids said (N, ≤ max_length), up to EOS, then PAD."""
        state, token = self.encode(source), np.full(len(source), BOS)
        said, finished = [], np.zeros(len(source), dtype=bool)
        while len(said) < max_length and not finished.all():
            logits, state = self.step(token, state)
            token = logits.argmax(axis=1)
            said.append(np.where(finished, PAD, token))
            finished |= token == EOS
        return np.stack(said, axis=1)


class Attention(Layer):
    """For each query the mean of a memory, weighted by how well they match.

    queries (N, T, H), memory (N, S, H), mask (N, S) -> (N, T, H), by
    weights α_ts = softmax over s of q_t · M h_s.  [X06]
    """

    def __init__(self, n_hidden, *, rng=None):
        rng = checks.generator(rng, "Attention")
        self.add_parameters(M=uniform(rng, (n_hidden, n_hidden), n_hidden))

    def forward(self, queries, memory, mask):
        self.queries, self.memory = queries, memory
        self.asked = queries @ self.M
        scores = self.asked @ memory.swapaxes(1, 2)
        self.weights = softmax(np.where(mask[:, None], scores, -np.inf))
        return self.weights @ memory

    def backward(self, delta):
        """∂L/∂queries and ∂L/∂memory."""
        w = self.weights
        blame = delta @ self.memory.swapaxes(1, 2)
        d_scores = w * (blame - (w * blame).sum(axis=2, keepdims=True))
        d_asked = d_scores @ self.memory
        self.dM += np.tensordot(self.queries, d_asked, ([0, 1], [0, 1]))
        d_memory = d_scores.swapaxes(1, 2) @ self.asked
        return d_asked @ self.M.T, d_memory + w.swapaxes(1, 2) @ delta


class EncoderDecoderWithAttention(EncoderDecoder):
    """EncoderDecoder that looks back at all states of the encoder.  [X06]

    Each state of the decoder is a query; it answers from the state
    and from what the query found: logits = V [s_t; Σ_s α_ts h_s] + b.
    """

    def __init__(self, n_source, n_target, dim, n_hidden, *,
                 cell=GRU, rng=None):
        super().__init__(n_source, n_target, dim, n_hidden, cell=cell, rng=rng)
        self.attention = Attention(n_hidden, rng=rng)
        self.head = Linear(2 * n_hidden, n_target, rng=rng)

    def encode(self, source):
        self.mask = np.not_equal(source, PAD)
        self.memory = self.encoder(self.source(source), mask=self.mask)
        return self.encoder.h_last

    def say(self, states):
        found = self.attention(states, self.memory, self.mask)
        return self.head(np.concatenate([states, found], axis=2))

    def backward(self, delta):
        d_states, d_found = np.split(self.head.backward(delta), 2, axis=2)
        d_queries, d_memory = self.attention.backward(d_found)
        self.target.backward(self.decoder.backward(d_states + d_queries))
        self.source.backward(self.encoder.backward(
            d_memory, dh_last=self.decoder.dh0))


def beam_search(model, source, width, max_length=40):
    """The likeliest translations that were found: [(log p, ids)], best first.

    source (S,). Of all continuations it keeps the `width` likeliest at each
    step; with 1 that is greedy decoding. Beyond max_length nothing is said.
    """
    open_, ended = [(0.0, [BOS])], []
    states = model.encode(source[None])
    for _ in range(max_length):
        logits, states = model.step(np.array([ids[-1] for _, ids in open_]), states)
        logits = logits.astype(float)
        log_p = np.array([[p] for p, _ in open_]) + np.log(softmax(logits))
        best = np.argsort(-log_p, axis=None, kind="stable")[:width]
        ways = [(log_p.flat[k], *divmod(int(k), log_p.shape[1])) for k in best]
        ended += [(p, open_[row][1][1:]) for p, row, token in ways if token == EOS]
        ways = [way for way in ways if way[2] != EOS]
        open_ = [(p, [*open_[row][1], token]) for p, row, token in ways]
        states = states[[row for _, row, _ in ways]]
        ended = sorted(ended, reverse=True)[:width]
        # a probability only falls as words are added: what is behind stays behind
        if not open_ or (len(ended) == width and ended[-1][0] >= open_[0][0]):
            break
    return sorted([*ended, *((p, ids[1:]) for p, ids in open_)], reverse=True)[:width]


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
