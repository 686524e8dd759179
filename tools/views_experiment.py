"""Train the networks of chapter 4 many times and store how well they predict; the chapter reads the stored table.

    python tools/views_experiment.py        writes nnbook/data/trained/views_experiment.csv (ten minutes on two cores)

Every network sees the last 56 days and is trained by Adam (rate 0.001, batches of 64, 100 epochs) on standardised
values, once for each seed. Errors are RMSE in thousands of views a day.

    choose   trained on 2017-2019, held out: 2020. Decisions are taken here.
    report   trained on 2017-2020, held out: 2021, as in the lecture. Looked at afterwards.

"cleaned" replaces the two one-day bursts by the values a week before (load_views(despike=True)); "raw" keeps them.
"""

import datetime
import itertools
import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the processes share the cores, not each multiplication

import numpy as np  # noqa: E402

from nnbook import data  # noqa: E402
from nnlib import Adam, Linear, MSELoss, ReLU, Sequential, fit, rmse  # noqa: E402

TARGET = Path(__file__).parent.parent / "nnbook/data/trained/views_experiment.csv"
N_DAYS, EPOCHS, SEEDS = 56, 100, range(10)
LECTURE = [(10,), (100,), (1000,), (100, 100), (100, 100, 100), (100, 100, 100, 100)]
EQUAL_SIZE = [(52, 52), (41, 41, 41), (35, 35, 35, 35)]  # as many parameters as (100,), to 0.5 %
LAST_DAYS = {"choose": ("2020-01-01", "2021-01-01"), "report": ("2021-01-01",)}


def split(protocol, cleaned):
    """((x, y) to train on, (x, y) held out), in thousands of views."""
    dates, views = data.load_views(despike=cleaned)
    x, y = data.windows(views, N_DAYS)
    return data.split_by_date(x, y, dates[N_DAYS:], *LAST_DAYS[protocol])[:2]


def train(hidden, seed, known, epochs=EPOCHS):
    """A function x -> prediction in thousands of views, learned from known = (x, y)."""
    rng = np.random.default_rng(seed)
    x, y = known
    mean, spread = x.mean(), x.std()
    sizes = [x.shape[1], *hidden]
    layers = [layer for n_in, n_out in itertools.pairwise(sizes) for layer in (Linear(n_in, n_out, rng=rng), ReLU())]
    model = Sequential(*layers, Linear(sizes[-1], 1, rng=rng))
    fit(model, ((x - mean) / spread, (y - mean) / spread), MSELoss(), Adam(model, lr=1e-3), epochs,
        batch_size=64, rng=rng, progress=False)
    return lambda x: model((x - mean) / spread) * spread + mean


def least_squares(known):
    """The linear model, solved exactly: nothing is left to chance, so it has no seed."""
    x, y = known
    w = np.linalg.lstsq(np.c_[x, np.ones(len(x))], y, rcond=None)[0]
    return lambda x: np.c_[x, np.ones(len(x))] @ w


def run(job):
    """One line of the table."""
    protocol, series, hidden, seed = job
    known, held_out = split(protocol, series == "cleaned")
    predict = train(hidden, seed, known) if hidden else least_squares(known)
    errors = [rmse(predict(x), y) for x, y in (known, held_out)]
    return f"{protocol},{series},{'-'.join(map(str, hidden)) or 'linear'},{seed},{errors[0]:.4f},{errors[1]:.4f}"


def main():
    worlds = list(itertools.product(LAST_DAYS, ("cleaned", "raw")))
    jobs = [(*world, (), 0) for world in worlds]
    jobs += [(*world, hidden, seed) for world in worlds for hidden in LECTURE + EQUAL_SIZE for seed in SEEDS
             if world[1] == "cleaned" or hidden in LECTURE]
    with ProcessPoolExecutor() as pool:
        lines = list(pool.map(run, jobs))
    head = (f"# NumPy {np.__version__}, tools/views_experiment.py, {datetime.date.today()}, "
            f"default_rng({SEEDS[0]}…{SEEDS[-1]})\n"
            "protocol,series,hidden,seed,train,held_out\n")
    TARGET.write_text(head + "\n".join(lines) + "\n", "utf8")


if __name__ == "__main__":
    main()
