"""How long one frame of a pattern takes: 1000 × 700 pixels, from a full view to single tokens.

    python benchmarks/patterns.py [--frames 40]

Views alternate, so that nothing is measured twice in a row. Wall time is what a person waits for; processor time is
that of the frame alone, whatever else the machine does.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from engines.patterns import HashedChunks, Pattern, Pieces, dense, hashed_chunks, sliding_window
from engines.patterns.bands import Band
from engines.patterns.subset import Subset

ROWS, COLUMNS = 700, 1000
LENGTHS = (65_536, 1_048_576)
WINDOW = 256  # each side
CHUNK = 64
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


def show(n: int, name: str, pattern: Pattern, frames: int) -> None:
    cases = list(views(n))
    wall: dict[str, list[float]] = {view: [] for view, _ in cases}
    own: dict[str, list[float]] = {view: [] for view, _ in cases}
    for frame in range(frames + 1):  # the first one warms up
        for view, edges in cases:
            start, start_own = time.perf_counter(), time.thread_time()
            pattern.coverage(*edges)
            if frame:
                own[view].append(1e3 * (time.thread_time() - start_own))
                wall[view].append(1e3 * (time.perf_counter() - start))
    for view, edges in cases:
        spread = [f"{np.percentile(times[view], at):9.1f}" for times in (wall, own) for at in (50, 95)]
        exact = "exact" if pattern.exact_for(*edges) else "cells"
        print(f"{n:>9,}  {name:28}{view:>5}  {'  '.join(spread)}  {exact}", flush=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--frames", type=int, default=40, help="frames per view (default: 40)")
    arguments.add_argument("--lengths", type=int, nargs="+", default=LENGTHS, help="lengths to show")
    given = arguments.parse_args()
    print(f"{'n':>9}  {'pattern':28}{'view':>5}    wall p50        p95      own p50        p95   ms")
    for n in given.lengths:
        for name, make in PATTERNS.items():
            show(n, name, make(n), given.frames)
        buckets, seconds = hashed(n)
        show(n, "buckets, one round sorted", buckets.sorted_round(0), given.frames)
        show(n, "buckets, original order", buckets, given.frames)
        print(f"{n:>9,}  the pyramid of counts: {seconds:.1f} s once, {buckets.pyramid.nbytes / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
