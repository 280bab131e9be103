"""The window: its first paint beside that of an empty one, its event loop while the engine computes, moving buckets.

    python -m benchmarks window

Each start is a process of its own, the two kinds in turn. The time runs from starting the process to the line it
writes after its first paint, the interpreter's own start included.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.interleaved import in_turn, median_ratio
from benchmarks.table import Measure, Table, at_most
from engines.variants import variant_named

ROOT = Path(__file__).resolve().parent.parent
STARTS, QUICK_STARTS = 9, 3
MOST_TIMES_EMPTY, PATTERN_SECONDS, LIVE_SECONDS, GAP_MILLISECONDS, FRAME_MILLISECONDS = 1.5, 1.0, 5.0, 50.0, 8.0
Event = dict[str, Any]


def events(module: str, environment: dict[str, str], *options: str) -> Iterator[Event]:
    """The lines of a fresh process, as they come; RuntimeError where it fails."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *options]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stderr is not None
    for line in process.stdout:
        yield json.loads(line)
    said = process.stderr.read()
    if process.wait():
        raise RuntimeError(f"the window's process failed: {said.strip()[-2000:]}")


def environment_of(folder: str) -> dict[str, str]:
    """Compiled sources are kept, as after a first start; no screen is needed."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {"QT_QPA_PLATFORM": "offscreen", **kept, "PYTHONPYCACHEPREFIX": folder}


def seconds_to_first_paint(what: str, environment: dict[str, str]) -> float:
    start = time.perf_counter()
    painted = 0.0
    for event in events("window_start", environment, what):
        if event["event"] == "painted":
            painted = time.perf_counter() - start
        if event.get("torch"):
            raise RuntimeError("torch was loaded in the window's process")
    return painted


def first_paint(environment: dict[str, str], starts: int) -> Measure:
    clocks = {what: lambda what=what: seconds_to_first_paint(what, environment) for what in ("empty", "shell")}
    seconds = in_turn(clocks, starts)
    ratio = median_ratio(seconds["shell"], seconds["empty"])
    own, bare = (statistics.median(seconds[what]) for what in ("shell", "empty"))
    row = at_most("first paint, times that of an empty window with pyqtgraph", ratio, MOST_TIMES_EMPTY, " ×")
    return Measure(row.what, row.target, f"{row.measured} ({own:.2f} s, {bare:.2f} s)", row.met)


def live_rows(happened: list[Event]) -> Iterator[Measure]:
    """What the live window said, against the targets."""
    for event in happened:
        match event["event"]:
            case "pattern":
                yield at_most("the default sample's pattern, after that", event["seconds"], PATTERN_SECONDS, " s")
            case "live":
                yield at_most("the engine live, after first paint", event["seconds"], LIVE_SECONDS, " s")
            case "gap":
                label = variant_named(event["variant"]).label
                what = f"largest gap of the event loop, {label} at 16,384"
                row = at_most(what, 1e3 * event["largest"], GAP_MILLISECONDS, " ms", 0)
                measured = f"{row.measured} (p99 {1e3 * event['p99']:.1f} ms, at work {1e3 * event['own']:.0f} ms)"
                yield Measure(what, row.target, measured if event["done"] else "did not run", row.met and event["done"])
            case "frames":
                p50, p95 = (1e3 * float(np.percentile(event["seconds"], share)) for share in (50, 95))
                what = f"a frame of the moving buckets, {event['length']:,} tokens, p95"
                row = at_most(what, p95, FRAME_MILLISECONDS, " ms", 1)
                measured = f"{row.measured} (median {p50:.1f} ms)" if event["done"] else "did not run"
                yield Measure(what, row.target, measured, row.met and event["done"])
            case "modules":
                yield Measure(
                    "torch in the window's process", "no", "yes" if event["torch"] else "no", not event["torch"]
                )


def table(quick: bool = False) -> Table:
    starts = QUICK_STARTS if quick else STARTS
    with tempfile.TemporaryDirectory() as folder:
        environment = environment_of(folder)
        paint = first_paint(environment, starts)
        happened = list(events("window_process", environment, *(["--quick"] if quick else [])))
    about = (
        f"The real shell in fresh processes, median of {starts} starts each, in turn; then one window with its engine."
    )
    return Table("Window", about, (paint, *live_rows(happened)))
