"""All measures, one table after another.

    python -m benchmarks [window patterns longformer …] [--quick] [--markdown docs/benchmarks.md]

Before each table, pairs of identical runs show whether the machine is quiet enough to believe it.
"""

from __future__ import annotations

import argparse
import importlib
from dataclasses import replace
from pathlib import Path

import torch

from benchmarks.interleaved import Run, identical_spread
from benchmarks.table import Table, as_text, document, machine_line
from engines.measure import random_prepared
from engines.variant import Shape
from engines.variants import variant_named

SECTIONS = (
    "window",
    "patterns",
    "views",
    "panes",
    "film",
    "longformer",
    "reformer",
    "sparse_transformer",
    "transformer_xl",
    "linformer",
    "linear_transformer",
    "performer",
    "training",
    "window_and_more",
    "measuring",
)
THREADS = 2


def known_work() -> Run:
    """Some ten milliseconds of fused attention on both threads."""
    full = variant_named("full")
    return random_prepared(full, full.parameters(), Shape(2048, 2048, heads=8, head_width=64)).attend


def measured(section: str, quick: bool) -> Table:
    """One section's table, stamped with how quiet the machine was just before."""
    spread = identical_spread(known_work())
    return replace(importlib.import_module(f"benchmarks.{section}").table(quick), spread=spread)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sections", nargs="*", metavar="section", help=f"some of: {', '.join(SECTIONS)}; none for all")
    parser.add_argument("--quick", action="store_true", help="fewer repeats and lengths")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables there as well")
    options = parser.parse_args()
    for section in options.sections:
        if section not in SECTIONS:
            parser.error(f"there is no section “{section}”; there are {', '.join(SECTIONS)}")
    torch.set_num_threads(THREADS)
    machine = machine_line(THREADS)
    print(machine + "\n", flush=True)
    tables = []
    for section in options.sections or SECTIONS:
        tables.append(measured(section, options.quick))
        print(as_text(tables[-1]), flush=True)
    if options.markdown:
        options.markdown.parent.mkdir(parents=True, exist_ok=True)
        options.markdown.write_text(document(machine, tables, options.quick), encoding="utf-8")


if __name__ == "__main__":
    main()
