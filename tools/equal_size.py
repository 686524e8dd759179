"""Deep or wide at equal size: each network at its own best rate, trained until it learns no more.  [B12]

    python tools/equal_size.py        writes nnbook/data/trained/equal_size.csv, five minutes on two cores

    views      the last 56 days (chapter 4): trained on 2017-2019, stopped on 2020, reported on 2021; RMSE in thousands
    spirals    the playground's spirals, noise 0.03: 200 points to train, 200 to stop on, 1,000 to report; share right

Networks of about as many parameters each. Adam; the rate with the least mean error on what stops the training, from
RATES, is searched for with three seeds. A run ends when that error has not fallen by 1 % for PATIENCE epochs; what is
noted is the state with the least error: its epochs, the error that stopped it, and the result on the reported data.
"""

import csv
import datetime
import itertools
import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the processes share the cores, not each multiplication

import numpy as np  # noqa: E402

from nnbook import data  # noqa: E402
from nnbook.widgets.playground.playground import dataset, mlp, start_weights  # noqa: E402
from nnlib import Adam, BCEWithLogitsLoss, Linear, MSELoss, ReLU, Sequential, fit, rmse  # noqa: E402

TARGET = Path(__file__).parent.parent / "nnbook/data/trained/equal_size.csv"
NETWORKS = {"views": [(100,), (52, 52), (41, 41, 41), (35, 35, 35, 35)], "spirals": [(84,), (16, 16), (11, 12, 11)]}
RATES = {"views": (3e-4, 1e-3, 3e-3, 0.01, 0.03), "spirals": (0.001, 0.003, 0.01, 0.03, 0.1)}
EPOCHS, PATIENCE, EVERY = {"views": 400, "spirals": 4000}, {"views": 40, "spirals": 600}, {"views": 1, "spirals": 10}
SEEDS = range(10)


def parts(task):
    """(x, y) to train on, to stop on and to report."""
    if task == "spirals":
        return [dataset("spirals", noise=0.03, seed=k, n=n) for k, n in ((1, 200), (2, 200), (3, 1000))]
    dates, views = data.load_views(despike=True)
    x, y = data.windows(views, 56)
    split = data.split_by_date(x, y, dates[56:], "2020-01-01", "2021-01-01")
    mean, spread = split[0][0].mean(), split[0][0].std()
    return [((x - mean) / spread, (y - mean) / spread) for x, y in split]


def model_of(task, hidden, seed):
    if task == "spirals":
        return start_weights(mlp(hidden, "tanh"), seed)
    rng = np.random.default_rng(seed)
    sizes = [56, *hidden]
    layers = [layer for n, m in itertools.pairwise(sizes) for layer in (Linear(n, m, rng=rng), ReLU())]
    return Sequential(*layers, Linear(sizes[-1], 1, rng=rng))


def run(job):
    """(epochs, error that stopped it, result) of one training."""
    task, hidden, rate, seed = job
    train, stop, report = parts(task)
    model, rng, best = model_of(task, hidden, seed), np.random.default_rng(seed), (0, np.inf, np.nan)
    loss, optimizer = BCEWithLogitsLoss() if task == "spirals" else MSELoss(), Adam(model, lr=rate)
    scale = data.windows(data.load_views(despike=True)[1][:1096], 56)[0].std() if task == "views" else 1
    for epoch in range(EVERY[task], EPOCHS[task] + 1, EVERY[task]):
        fit(model, train, loss, optimizer, EVERY[task], 64 if task == "views" else None, rng, progress=False)
        error = rmse(model(stop[0]), stop[1]) * scale if task == "views" else loss(model(stop[0]), stop[1])
        if error < 0.99 * best[1]:
            answers = model(report[0])
            best = epoch, error, (rmse(answers, report[1]) * scale if task == "views"
                                  else np.mean((answers > 0) == (report[1] > 0)))
        if epoch - best[0] >= PATIENCE[task]:
            break
    return best


def main():
    with ProcessPoolExecutor(2) as pool:
        search = [(task, hidden, rate, seed) for task, networks in NETWORKS.items() for hidden in networks
                  for rate in RATES[task] for seed in SEEDS[:3]]
        found = dict(zip(search, pool.map(run, search), strict=True))
        rates = {(task, hidden): min(RATES[task], key=lambda rate, task=task, hidden=hidden: sum(
            found[task, hidden, rate, seed][1] for seed in SEEDS[:3])) for task, n in NETWORKS.items() for hidden in n}
        jobs = [(*pair, rate, seed) for pair, rate in rates.items() for seed in SEEDS]
        results = list(pool.map(run, jobs))
    with open(TARGET, "w", encoding="utf8", newline="") as file:
        file.write(f"# tools/equal_size.py, {datetime.date.today()}, default_rng({SEEDS[0]}…{SEEDS[-1]})\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["task", "hidden", "rate", "seed", "epochs", "stopped_on", "report"])
        for (task, hidden, rate, seed), (epochs, error, report) in zip(jobs, results, strict=True):
            writer.writerow([task, "-".join(map(str, hidden)), rate, seed, epochs, f"{error:.4f}", f"{report:.4f}"])


if __name__ == "__main__":
    main()
