"""Train the models of chapter 10 and measure the memory of chapter 9; store both under nnbook/data/trained/.

    python tools/train_sequences.py                    everything, about a quarter of an hour on one free core
    python tools/train_sequences.py sentiment          some of: sentiment, tagger, numbers, sentences, attention, memory

Weights: sequence_NAME.npz, of the first seed; scores of all seeds: sequence_scores.csv; memory: memory_delays.csv.
One recipe for all: Adam, gradients clipped at length 1, and of all epochs the one that was best on the validation
part. The test part is only looked at in the end. Then the weights are rounded, so that a page can carry them: each row
becomes a unit times whole numbers up to 7, or 15 for the translators. Those would suffer, so they learn on for some
epochs in which they already compute with rounded weights. All scores are those of the rounded weights.
"""

import argparse
import csv
import time

import numpy as np

from nnbook import data
from nnbook.data import sequence_models as tasks
from nnbook.data.text import PAD, TAGS, UNK
from nnlib import (
    GRU,
    LSTM,
    RNN,
    Adam,
    BCEWithLogitsLoss,
    CrossEntropyLoss,
    Layer,
    Linear,
    accuracy,
    clip_gradients,
    fit,
)
from nnlib.sequences import EncoderDecoder, EncoderDecoderWithAttention, SequenceClassifier, SequenceTagger

SEEDS = (0, 1, 2)
READER_LEVELS, TRANSLATOR_LEVELS = 7, 15  # weights are rounded to whole numbers −7 … 7 or −15 … 15 times a unit
NOTE = "Made by tools/train_sequences.py from nnbook/data; seeds 0, 1, 2"


def best_epoch(model, optimizer, batch_of, loss, epochs, batch_size, score, rng):
    """Train, and leave the model with the weights of the epoch with the best validation score."""
    best, kept = -1.0, None
    for _ in range(epochs):
        fit(model, batch_of(rng), loss, optimizer, epochs=1, batch_size=batch_size, rng=rng, clip_norm=1.0,
            progress=False)
        if (now := score()) > best:
            best, kept = now, [value.copy() for _, value, _ in model.parameters()]
    for (_, value, _), old in zip(model.parameters(), kept, strict=True):
        value[:] = old
    return model


def with_unknown(ids, share, rng):
    """The ids with some replaced by UNK, so that the model learns what to do with a token it does not know."""
    return np.where((rng.random(ids.shape) < share) & (ids != PAD), UNK, ids)


def smaller(model, *embeddings):
    """float32, and token vectors of length about 0.3·√dim: shorter ones than Embedding's learn faster here."""
    model.astype(np.float32)
    for embedding in embeddings:
        embedding.W *= 0.3
    return model


def sentiment(name, seed):
    cell = GRU if name.endswith("gru") else RNN
    _, ids, labels, vocabulary, parts = tasks.sentiment_task()
    rng = np.random.default_rng(seed)
    model = SequenceClassifier(len(vocabulary), 8, 24, "last" if "last" in name else "mean", cell=cell, rng=rng)
    smaller(model, model.embedding)

    def score(part):
        return accuracy(model(ids[part]) > 0, labels[part] > 0)

    def batch(rng):
        return with_unknown(ids[parts.train], 0.1, rng), labels[parts.train]

    best_epoch(model, Adam(model, lr=2e-3), batch, BCEWithLogitsLoss(), epochs=10, batch_size=32,
               score=lambda: score(parts.validation), rng=rng)
    round_weights(model, READER_LEVELS)
    return model, lambda: score(parts.test)


def tagger(name, seed):
    sentences, ids, tags, vocabulary, parts = tasks.segmentation_task()
    rng = np.random.default_rng(seed)
    model = SequenceTagger(len(vocabulary), 16, 32, len(TAGS), name.removeprefix("tagger_"), rng=rng)
    smaller(model, model.embedding)

    def score(part):
        texts = ["".join(words) for words in sentences[part]]
        return data.word_f1(sentences[part], [
            data.split_words(text, data.best_tags(scores[:len(text)]))
            for text, scores in zip(texts, model(ids[part]), strict=True)])

    def batch(rng):
        x = ids[parts.train]
        return with_unknown(x, 0.05, rng), tags[parts.train], x != PAD

    best_epoch(model, Adam(model, lr=3e-3), batch, CrossEntropyLoss(), epochs=9, batch_size=32,
               score=lambda: score(parts.validation), rng=rng)
    round_weights(model, READER_LEVELS)
    return model, lambda: score(parts.test)


TRANSLATORS = {"numbers": (EncoderDecoder, 12, 48, 40), "sentences": (EncoderDecoder, 24, 96, 80),
               "attention": (EncoderDecoderWithAttention, 24, 48, 40)}  # kind, dim, hidden, epochs


def translation(name, seed):
    task = "sentences" if name == "attention" else name
    pairs, source, target, source_words, target_words, parts = tasks.translation_task(task)
    kind, dim, hidden, epochs = TRANSLATORS[name]
    rng = np.random.default_rng(seed)
    model = kind(len(source_words), len(target_words), dim, hidden, rng=rng)
    smaller(model, model.source, model.target)

    def score(part):
        said = model.translate(source[part])
        return np.mean([target_words.decode(row) == right for row, (_, right) in zip(said, pairs[part], strict=True)])

    def batch(rng):
        rows = as_many_of_each(lengths, rng) if name == "numbers" else np.arange(len(lengths))
        s, t = source[rows], target[rows]
        return (s, t[:, :-1]), t[:, 1:], t[:, 1:] != PAD

    def validation():  # the numbers below 100 are all in training: they must be right, too
        return score(parts.validation) + (score(slice(0, 100)) if name == "numbers" else 0)

    lengths = (source[parts.train] != PAD).sum(axis=1)
    how = {"batch_size": 50, "score": validation, "rng": rng}
    adam = Adam(model, lr=lambda step: 5e-3 * 0.5 ** (step / (25 * epochs)))
    best_epoch(model, adam, batch, CrossEntropyLoss(), epochs, **how)
    on_grid = OnGrid(model, lambda step: 2e-3 * 0.5 ** (step / 800), TRANSLATOR_LEVELS)
    best_epoch(model, on_grid, batch, CrossEntropyLoss(), 24, **how)
    return model, lambda: score(parts.test)


def as_many_of_each(lengths, rng):
    """Rows for one epoch, drawn so that each length comes equally often: there are only ten numbers of one digit."""
    each = 1 / np.bincount(lengths)[lengths]
    return rng.choice(len(lengths), size=len(lengths), p=each / each.sum())


def round_weights(model, levels):
    """Each row of each array becomes a unit times whole numbers of at most `levels`."""
    for _, value, _ in model.parameters():
        whole, unit = tasks.on_grid(value, levels)
        value[:] = (whole * unit).reshape(value.shape)
    return model


class OnGrid(Adam):
    """Adam for a model that computes with rounded weights: the steps move the fine ones behind them."""

    def __init__(self, model, lr, levels):
        super().__init__(model, lr)
        self.model, self.levels = model, levels
        self.keep_and_round()

    def keep_and_round(self):
        self.fine = [value.copy() for _, value, _ in self.model.parameters()]
        round_weights(self.model, self.levels)

    def step(self):
        for (_, value, _), fine in zip(self.model.parameters(), self.fine, strict=True):
            value[:] = fine
        super().step()
        self.keep_and_round()


class Recall(Layer):
    """A recurrent cell, and at the end a linear layer that says which symbol came first."""

    def __init__(self, cell, rng):
        self.cell, self.head = cell(8, 16, rng=rng), Linear(16, 4, rng=rng)

    def forward(self, x):
        self.cell(x)
        return self.head(self.cell.h_last)

    def backward(self, delta):
        self.cell.backward(dh_last=self.head.backward(delta))


def recall_batch(n, delay, rng):
    """One of four symbols, then `delay` symbols of four others: x (n, delay + 1, 8), which one came first (n,)."""
    first, noise = rng.integers(4, size=(n, 1)), rng.integers(4, 8, size=(n, delay))
    return np.eye(8, dtype=np.float32)[np.concatenate([first, noise], axis=1)], first[:, 0]


def memory(cell, delay, seed, steps=400):
    """Accuracy on 1,000 new sequences after `steps` batches of 32."""
    rng = np.random.default_rng(seed)
    model = Recall({"RNN": RNN, "GRU": GRU}.get(cell, LSTM), rng).astype(np.float32)
    if cell == "LSTM, open":
        model.cell.b[16:32] = 2.0  # the forget gate: open at first
    loss, optimizer = CrossEntropyLoss(), Adam(model, lr=5e-3)
    for _ in range(steps):
        x, y = recall_batch(32, delay, rng)
        optimizer.zero_grad()
        loss(model(x), y)
        model.backward(loss.backward())
        clip_gradients(model, 1.0)
        optimizer.step()
    x, y = recall_batch(1000, delay, rng)
    return accuracy(model(x), y)


def write(name, header, rows):
    with open(tasks.FOLDER / name, "w", encoding="utf8", newline="") as file:
        file.write(f"# {NOTE}\n")
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def measure_memory():
    rows = []
    for delay in (5, 10, 20, 40, 80):
        for cell in ("RNN", "GRU", "LSTM", "LSTM, open"):
            scores = [round(float(memory(cell, delay, seed)), 3) for seed in SEEDS]
            print(f"delay {delay:2} {cell:10} {scores}", flush=True)
            rows += [(cell, delay, seed, score) for seed, score in zip(SEEDS, scores, strict=True)]
    write("memory_delays.csv", ("cell", "delay", "seed", "accuracy"), rows)


GROUPS = {"sentiment": (sentiment, ["sentiment_last", "sentiment_mean", "sentiment_mean_gru"]),
          "tagger": (tagger, ["tagger_none", "tagger_left", "tagger_right", "tagger_both"]),
          "numbers": (translation, ["numbers"]),
          "sentences": (translation, ["sentences"]),
          "attention": (translation, ["attention"])}


def main(groups):
    path = tasks.FOLDER / "sequence_scores.csv"
    scores = {}
    if path.exists():
        scores = {(row["model"], int(row["seed"])): row["score"] for row in tasks.read(path.name)[1]}
    for group in groups:
        if group == "memory":
            measure_memory()
            continue
        train, names = GROUPS[group]
        for name in names:
            for seed in SEEDS:
                start = time.perf_counter()
                model, test = train(name, seed)
                scores[name, seed] = f"{test():.4f}"
                print(f"{name} {seed}: {scores[name, seed]}, {time.perf_counter() - start:.0f} s", flush=True)
                if seed == SEEDS[0] and name in tasks.SEQUENCE_MODELS:
                    model.save(tasks.trained_sequence(name), dtype=np.float16)  # exact: seven binary digits and four
    if scores:
        write(path.name, ("model", "seed", "score"), [(*key, value) for key, value in sorted(scores.items())])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[*GROUPS, "memory"])
    main(parser.parse_args().names or [*GROUPS, "memory"])
