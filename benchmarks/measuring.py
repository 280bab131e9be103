"""Whether measuring changes what is measured: the engine's timing against a stopwatch outside it.

    python -m benchmarks measuring

Both time the very same call, ``attend`` alone, in interleaved pairs. So does a run that keeps every step against one
that keeps nothing: what is drawn may not cost what is measured.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from benchmarks.interleaved import PAIRS, in_turn, median_ratio, stopwatch
from benchmarks.table import Measure, Table
from engines.measure import random_prepared, time_repeatedly
from engines.run import Prepared
from engines.trace import Trace
from engines.variant import Shape
from engines.variants import variant_named

VARIANTS = ("longformer", "reformer")
LENGTHS = (4096, 16384)
LARGEST_CHANGE = 0.02
ABOUT = "8 heads × 64, float32, each variant's own defaults, causal; median ratio of {pairs} interleaved pairs"


def measured_seconds(prepared: Prepared) -> Iterator[float]:
    """What the engine's own repeats take, one after another, without end."""
    while True:
        for times in time_repeatedly(prepared.attend, "cpu", budget_seconds=math.inf):
            yield times.seconds[-1]


def change(what: str, ratio: float) -> Measure:
    """A row that holds a ratio against 1."""
    percent = 100 * (ratio - 1)
    target = f"within {100 * LARGEST_CHANGE:.0f} %"
    return Measure(what, target, f"{percent:+.2f} %", abs(ratio - 1) < LARGEST_CHANGE)


def rows_of(name: str, length: int, pairs: int) -> tuple[Measure, Measure]:
    """The timing's own cost and the recorder's."""
    variant = variant_named(name)
    prepared = random_prepared(variant, variant.parameters(), Shape(length, length, heads=8, head_width=64))
    measured = measured_seconds(prepared)
    seconds = in_turn(
        {
            "measured": lambda: next(measured),
            "stopwatch": lambda: stopwatch(prepared.attend),
            "recorded": lambda: stopwatch(lambda: prepared.attend(Trace())),
        },
        pairs,
    )
    at = f"{variant.label}, {length:,} tokens"
    return (
        change(f"{at}: as the window measures it", median_ratio(seconds["measured"], seconds["stopwatch"])),
        change(f"{at}: with every step kept", median_ratio(seconds["recorded"], seconds["stopwatch"])),
    )


def table(quick: bool = False) -> Table:
    pairs = 10 if quick else PAIRS
    rows = [row for length in LENGTHS[: 1 if quick else 2] for name in VARIANTS for row in rows_of(name, length, pairs)]
    return Table("Measuring, against a stopwatch outside", ABOUT.format(pairs=pairs), tuple(rows))
