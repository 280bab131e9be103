"""Timing several things side by side: in turn within each repeat, so that a busy machine slows all of them alike.

Before each run the C library hands its free memory back. Otherwise chance decides whether a run finds the pages that
the one before it left, which was seen to halve the time of things that allocate much: 32 or 71 ms for the same call.
"""

from __future__ import annotations

import ctypes
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np

Run = Callable[[], object]

BUSY_SPREAD = 0.03
PAIRS = 30


def hand_back_free_memory() -> None:
    """Leave no freed pages to the next run; only glibc holds them and can be told to let go."""
    if sys.platform == "linux":
        getattr(ctypes.CDLL(None), "malloc_trim", lambda kept: 0)(0)


def stopwatch(run: Run) -> float:
    """Seconds of one run."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def interleaved(runs: Mapping[str, Run], repeats: int) -> dict[str, list[float]]:
    """Seconds of each run in each repeat, after one warm-up."""
    return in_turn({name: lambda run=run: stopwatch(run) for name, run in runs.items()}, repeats)


def in_turn(clocks: Mapping[str, Callable[[], float]], repeats: int) -> dict[str, list[float]]:
    """What each clock says in each repeat, after one warm-up; every second repeat asks them in the opposite order."""
    seconds: dict[str, list[float]] = {name: [] for name in clocks}
    for repeat in range(-1, repeats):
        for name in list(clocks) if repeat % 2 else reversed(list(clocks)):
            hand_back_free_memory()
            taken = clocks[name]()
            if repeat >= 0:
                seconds[name].append(taken)
    return seconds


def median_ratio(others: Sequence[float], ours: Sequence[float]) -> float:
    """How many times as long the others take: the median of the ratios within one repeat."""
    return statistics.median(other / mine for other, mine in zip(others, ours, strict=True))


def identical_spread(run: Run, pairs: int = PAIRS) -> float:
    """The interquartile range of the ratio within pairs of the very same run: how quiet the machine is."""
    seconds = interleaved({"first": run, "second": run}, pairs)
    ratios = np.divide(seconds["first"], seconds["second"])
    return float(np.subtract(*np.percentile(ratios, (75, 25))))


def growth(seconds: Mapping[int, float]) -> float:
    """The least-squares slope of log time over log length: 1 is linear, 2 quadratic."""
    lengths = sorted(seconds)
    return float(np.polyfit(np.log(lengths), np.log([seconds[length] for length in lengths]), 1)[0])
