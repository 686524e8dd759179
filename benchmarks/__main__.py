"""How fast is nnlib? `python -m benchmarks` prints the table; needs torch (CPU), scikit-learn is optional.

Each row runs in processes of its own, one thread each, in which nnlib, PyTorch (eager) and scikit-learn take turns,
round by round, on the same numbers and the same dtype. Printed: median time and quartiles over all rounds, and the
median of the ratios nnlib / PyTorch within a round (below 1: nnlib is faster). "bound" is the same ratio for the matrix
products of the work alone, as NumPy does them: no way of writing nnlib in NumPy goes below it. --cpu counts processor
time instead of wall time, which is steadier on a busy machine. A second table gives the memory that a step takes at its
peak, beyond what its process held before, each contestant in a process of its own.
"""

import argparse
import json
import os
import subprocess
import sys

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def measure(name, rounds, clock):
    """Seconds of each round for each contestant of one row; runs in the process of that row."""
    import time

    from benchmarks.rows import ROWS

    now = {"wall": time.perf_counter, "cpu": time.process_time}[clock]
    contestants, seconds = ROWS[name](), {}
    for who, run in contestants.items():
        run(), run()  # warm up: caches, memory, threads
        seconds[who] = []
    for _ in range(rounds):
        for who, run in contestants.items():
            start = now()
            run()
            seconds[who].append(now() - start)
    return seconds


def memory(name, who):
    """Megabytes that the first run takes at its peak beyond what the process held before (on Linux)."""
    import ctypes
    import resource
    from pathlib import Path

    from benchmarks.rows import MEMORY

    run = MEMORY[name]()[who]
    ctypes.CDLL(None).malloc_trim(0)  # what making the data left behind is no room for the step
    before = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    run()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before / 2**20


def quartiles(values):
    values = sorted(values)
    return [values[round(q * (len(values) - 1))] for q in (0.25, 0.5, 0.75)]


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.split("\n")[0])
    parser.add_argument("--rows", nargs="*", help="numbers of the rows to run")
    parser.add_argument("--processes", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--cpu", action="store_true", help="processor time instead of wall time")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--memory", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    clock = "cpu" if options.cpu else "wall"
    if options.one:
        print(json.dumps(measure(options.one, options.rounds, clock)))
        return
    if options.memory:
        print(memory(*options.memory))
        return
    try:
        import torch  # noqa: F401
    except ImportError:
        sys.exit("The benchmarks compare with PyTorch, which is not installed: pip install torch==2.13.0")
    from benchmarks.rows import MEMORY, ROWS, versions

    print(versions(), f"one thread, {options.processes} processes × {options.rounds} rounds, {clock} time")
    print(f"\n{'':2} {'work':52} {'nnlib ms':>20} {'PyTorch ms':>20} {'ratio':>6} {'bound':>6} {'scikit-learn ms':>20}")
    environment = os.environ | dict.fromkeys(THREADS, "1")
    for number, name in enumerate(ROWS, 1):
        if options.rows and str(number) not in options.rows:
            continue
        command = [sys.executable, "-m", "benchmarks", "--one", name, "--rounds", str(options.rounds)]
        runs = [json.loads(subprocess.run(command + ["--cpu"] * options.cpu, env=environment, check=True,
                                          stdout=subprocess.PIPE, text=True).stdout)
                for _ in range(options.processes)]
        seconds = {who: sum((run[who] for run in runs), []) for who in runs[0]}
        ratio, bound = (f"{quartiles([a / b for a, b in zip(seconds[who], seconds['torch'], strict=True)])[1]:.2f}"
                        if who in seconds else "" for who in ("nnlib", "products"))
        times = {who: "{1:.3g} ({0:.3g}–{2:.3g})".format(*(1e3 * q for q in quartiles(s)))
                 for who, s in seconds.items()}
        print(f"{number:2} {name:52} {times['nnlib']:>20} {times['torch']:>20} {ratio:>6} {bound:>6} "
              f"{times.get('sklearn', ''):>20}", flush=True)
    print(f"\n{'':2} {'memory of':52} {'nnlib MB':>20} {'PyTorch MB':>20} {'ratio':>6}")
    for name in MEMORY:
        ours, theirs = (float(subprocess.run([sys.executable, "-m", "benchmarks", "--memory", name, who], check=True,
                                             env=environment, stdout=subprocess.PIPE, text=True).stdout)
                        for who in ("nnlib", "torch"))
        print(f"{'':2} {name:52} {ours:20.1f} {theirs:20.1f} {ours / theirs:6.2f}", flush=True)


if __name__ == "__main__":
    main()
