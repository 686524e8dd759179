"""Train the language model of chapter 9 that writes Tang poems: nnbook/data/trained/poems_gru.npz.

    OPENBLAS_NUM_THREADS=1 python tools/train_poems.py       ten minutes on one core

Weights are those of the epoch that was best on the validation stanzas, rounded as in tools/train_sequences.py, so that
a page can carry them. Chapter 9 measures them on the test stanzas.
"""

import numpy as np
from train_sequences import round_weights

from nnbook.data.poems import OTHER, TRAINED, load_quatrains, poem_model, poem_task, poem_tokens
from nnlib import Adam, CrossEntropyLoss, clip_gradients, cosine_decay

EPOCHS, BATCH_SIZE, LEARNING_RATE, LEVELS = 20, 64, 4e-3, 15
DROPPED = 0.2  # share of the characters that are read as unknown: a model that must guess around them overfits less


def bits(model, inputs, targets):
    """Mean of −log₂ p(right token) over the characters that the model knows, without the marks, which are sure."""
    return CrossEntropyLoss().forward(model(inputs), targets, targets > 3) / np.log(2)


def main():
    stanzas = load_quatrains()
    tokens, n = poem_tokens(stanzas), len(stanzas)
    inputs, targets = poem_task(stanzas, tokens)
    train, choose, test = slice(0, 8 * n // 10), slice(8 * n // 10, 9 * n // 10), slice(9 * n // 10, n)
    rng = np.random.default_rng(0)
    model, loss = poem_model(tokens, rng), CrossEntropyLoss()
    optimizer = Adam(model, lr=cosine_decay(LEARNING_RATE, EPOCHS * -(-train.stop // BATCH_SIZE), warmup=50))
    best, kept = np.inf, None
    for epoch in range(EPOCHS):
        order = rng.permutation(train.stop)
        for start in range(0, train.stop, BATCH_SIZE):
            rows = order[start : start + BATCH_SIZE]
            x, y = inputs[rows], targets[rows]
            x = np.where((rng.random(x.shape) < DROPPED) & (x > 3), OTHER, x)
            optimizer.zero_grad()
            loss.forward(model(x), y, y != OTHER)
            model.backward(loss.backward())
            clip_gradients(model, 1.0)
            optimizer.step()
        now = bits(model, inputs[choose], targets[choose])
        print(f"epoch {epoch + 1}: {now:.3f} bits a character on the validation stanzas", flush=True)
        if now < best:
            best, kept = now, [value.copy() for _, value, _ in model.parameters()]
    for (_, value, _), old in zip(model.parameters(), kept, strict=True):
        value[:] = old
    round_weights(model, LEVELS)
    print(f"test, rounded: {bits(model, inputs[test], targets[test]):.3f}")
    model.save(TRAINED, dtype=np.float16)


if __name__ == "__main__":
    main()
