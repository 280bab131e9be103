"""How long one frame of a pattern takes: 1000 × 700 pixels, from a full view to single tokens.

    python -m benchmarks.patterns [--frames 40]

Views alternate, so that nothing is measured twice in a row. Wall time is what a person waits for; processor time is
that of the frame alone, whatever else the machine does.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from benchmarks.table import Table, at_most
from engines.patterns import HashedChunks, Pattern, Pieces, dense, hashed_chunks, sliding_window
from engines.patterns.bands import Band
from engines.patterns.subset import Subset

ROWS, COLUMNS = 700, 1000
LENGTHS = (65_536, 1_048_576)
WINDOW = 256  # each side
CHUNK = 64
PIECES_MILLISECONDS, ORIGINAL_ORDER_MILLISECONDS = 16.0, 25.0
Edges = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]


def views(n: int) -> Iterator[tuple[str, Edges]]:
    """From the whole pattern to one pixel a token, about a point beside the diagonal's middle."""
    for name, part in (("full", 1.0), ("1/4", 0.25), ("1/64", 1 / 64)):
        low, high = n / 2 * (1 - part), n / 2 * (1 + part)
        rows, columns = (np.floor(np.linspace(low, high, pixels + 1)).astype(int) for pixels in (ROWS, COLUMNS))
        yield name, (rows, columns)
    middle = n // 2
    yield "1:1", (np.arange(middle, middle + ROWS + 1), np.arange(middle - 200, middle - 200 + COLUMNS + 1))


def stride(n: int) -> Pattern:
    everything = Subset.everything(n)
    return Pieces(n, n, True, (Band("stride", everything, everything, -n, 0, int(n**0.5)),))


PATTERNS: dict[str, Callable[[int], Pattern]] = {
    "causal": lambda n: dense(n, n, causal=True),
    "window": lambda n: sliding_window(n, n, WINDOW, WINDOW, causal=False),
    "window, causal": lambda n: sliding_window(n, n, 2 * WINDOW, 0),
    "dilated by 4": lambda n: sliding_window(n, n, WINDOW, WINDOW, 4, causal=False),
    "stride √n": stride,
    "first token global": lambda n: sliding_window(n, n, WINDOW, WINDOW, 1, (0,), causal=False),
    "every 64th global": lambda n: sliding_window(n, n, WINDOW, WINDOW, 1, range(0, n, 64)),
    "every 64th global, dilated": lambda n: sliding_window(n, n, WINDOW, WINDOW, 4, range(0, n, 64)),
}


def hashed(n: int) -> tuple[HashedChunks, float]:
    """Four rounds of n/64 buckets of random labels, with a pyramid, and the seconds that this took to build."""
    labels = np.random.default_rng(0).integers(0, n // CHUNK, (4, n))
    order = np.argsort(labels, axis=1, kind="stable")
    start = time.perf_counter()
    pyramid = hashed_chunks(labels, order, CHUNK, causal=True).build_pyramid()
    return hashed_chunks(labels, order, CHUNK, causal=True, pyramid=pyramid), time.perf_counter() - start


Times = dict[str, tuple[list[float], list[float]]]  # per view: milliseconds of each frame, wall and own


def frame_times(n: int, pattern: Pattern, frames: int) -> Times:
    cases = list(views(n))
    times: Times = {view: ([], []) for view, _ in cases}
    for frame in range(frames + 1):  # the first one warms up
        for view, edges in cases:
            start, start_own = time.perf_counter(), time.thread_time()
            pattern.coverage(*edges)
            if frame:
                times[view][1].append(1e3 * (time.thread_time() - start_own))
                times[view][0].append(1e3 * (time.perf_counter() - start))
    return times


def every_pattern(n: int) -> Iterator[tuple[str, Pattern, float]]:
    """Name, pattern, and what its p95 may be; the pyramid is made on the way."""
    for name, make in PATTERNS.items():
        yield name, make(n), PIECES_MILLISECONDS
    buckets, seconds = hashed(n)
    yield "buckets, one round sorted", buckets.sorted_round(0), PIECES_MILLISECONDS
    made = f"pyramid {seconds:.1f} s once, {buckets.pyramid.nbytes / 1e6:.0f} MB"
    yield f"buckets, original order ({made})", buckets, ORIGINAL_ORDER_MILLISECONDS


def table(quick: bool = False) -> Table:
    """The slowest view of each pattern against its target."""
    frames = 8 if quick else 40
    rows = []
    for n in LENGTHS:
        for name, pattern, limit in every_pattern(n):
            times = frame_times(n, pattern, frames)
            view, p95 = max(((view, percentile(own, 95)) for view, (_, own) in times.items()), key=lambda case: case[1])
            rows.append(at_most(f"{name}, n = {n:,}, slowest view: {view}", p95, limit, " ms", 1))
    about = (
        f"{COLUMNS} × {ROWS} pixels, p95 of {frames} frames of each of four views, processor time of the frame alone."
    )
    return Table("A frame of a pattern", about, tuple(rows))


def percentile(milliseconds: list[float], at: float) -> float:
    return float(np.percentile(milliseconds, at))


def show(n: int, name: str, pattern: Pattern, frames: int) -> None:
    times = frame_times(n, pattern, frames)
    for view, edges in views(n):
        spread = [f"{percentile(measured, at):9.1f}" for measured in times[view] for at in (50, 95)]
        exact = "exact" if pattern.exact_for(*edges) else "cells"
        print(f"{n:>9,}  {name:28}{view:>5}  {'  '.join(spread)}  {exact}", flush=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--frames", type=int, default=40, help="frames per view (default: 40)")
    arguments.add_argument("--lengths", type=int, nargs="+", default=LENGTHS, help="lengths to show")
    given = arguments.parse_args()
    print(f"{'n':>9}  {'pattern':28}{'view':>5}    wall p50        p95      own p50        p95   ms")
    for n in given.lengths:
        for name, pattern, _ in every_pattern(n):
            show(n, name, pattern, given.frames)


if __name__ == "__main__":
    main()
