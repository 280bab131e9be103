"""Timing several things side by side: in turn within each repeat, so that a busy machine slows all of them alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np

Run = Callable[[], object]


def interleaved(runs: Mapping[str, Run], repeats: int) -> dict[str, list[float]]:
    """Seconds of each run in each repeat, after one warm-up."""
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for repeat in range(-1, repeats):
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            if repeat >= 0:
                seconds[name].append(time.perf_counter() - start)
    return seconds


def median_ratio(others: Sequence[float], ours: Sequence[float]) -> float:
    """How many times as long the others take: the median of the ratios within one repeat."""
    return statistics.median(other / mine for other, mine in zip(others, ours, strict=True))


def growth(seconds: Mapping[int, float]) -> float:
    """The least-squares slope of log time over log length: 1 is linear, 2 quadratic."""
    lengths = sorted(seconds)
    return float(np.polyfit(np.log(lengths), np.log([seconds[length] for length in lengths]), 1)[0])
