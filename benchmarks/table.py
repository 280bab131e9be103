"""Tables of measures: what, its target, what was measured, met or not; as text and as Markdown."""

from __future__ import annotations

import datetime
import platform
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.interleaved import BUSY_SPREAD

HEADINGS = ("what", "target", "measured", "")


@dataclass(frozen=True)
class Measure:
    """One row. ``met`` is None where there is nothing to meet, or nothing could be measured."""

    what: str
    target: str
    measured: str
    met: bool | None = None

    @property
    def verdict(self) -> str:
        return {True: "met", False: "not met", None: ""}[self.met]

    @property
    def cells(self) -> tuple[str, str, str, str]:
        return self.what, self.target, self.measured, self.verdict


def at_most(what: str, value: float, limit: float, unit: str = "", digits: int = 2) -> Measure:
    """A row whose value may not exceed its target."""
    return Measure(what, f"≤ {limit:g}{unit}", f"{value:.{digits}f}{unit}", value <= limit)


def at_least(what: str, value: float, limit: float, unit: str = "", digits: int = 2) -> Measure:
    """A row whose value may not fall below its target."""
    return Measure(what, f"≥ {limit:g}{unit}", f"{value:.{digits}f}{unit}", value >= limit)


@dataclass(frozen=True)
class Table:
    """Rows under a title. ``about`` says what was measured and how; ``spread`` is that of the identical pairs before
    it, ``notes`` what else a reader should know, for example what could not be measured here."""

    title: str
    about: str
    rows: tuple[Measure, ...]
    notes: tuple[str, ...] = ()
    spread: float | None = None

    @property
    def stamp(self) -> str:
        """How quiet the machine was."""
        if self.spread is None:
            return ""
        busy = "busy: " if self.spread > BUSY_SPREAD else ""
        return f"{busy}identical pairs differ by {100 * self.spread:.1f} % (interquartile range)"


def as_text(table: Table) -> str:
    """For a terminal: columns wide enough for their cells."""
    rows = [HEADINGS, *(row.cells for row in table.rows)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    opening = [table.title, table.about, table.stamp]
    lines = [*(line for line in opening if line), ""]
    for what, target, measured, verdict in rows:
        lines.append(f"  {what:{widths[0]}}  {target:>{widths[1]}}  {measured:>{widths[2]}}  {verdict}".rstrip())
    return "\n".join([*lines, *(f"  {note}" for note in table.notes), ""])


def as_markdown(table: Table) -> str:
    lines = [f"## {table.title}", "", table.about, "", "| what | target | measured | |", "| --- | ---: | ---: | --- |"]
    for row in table.rows:
        verdict = f"**{row.verdict}**" if row.met is False else row.verdict
        lines.append("| " + " | ".join((row.what, row.target, row.measured, verdict)) + " |")
    closing = [*table.notes, *([table.stamp[:1].upper() + table.stamp[1:] + "."] if table.stamp else [])]
    return "\n".join([*lines, "", *(line + "\n" for line in closing)])


def machine_line(threads: int) -> str:
    """What everything below ran on."""
    import torch

    from engines.measure import processor_name

    return (
        f"{processor_name()}, {platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"torch {torch.__version__}, {threads} threads, {datetime.date.today().isoformat()}"
    )


def document(machine: str, tables: Sequence[Table], quick: bool) -> str:
    """All tables as one Markdown page."""
    opening = (
        "# Measures\n\n"
        "What `make benchmark` prints. Ratios compare runs that took turns in one process; a table is stamped “busy” "
        f"where pairs of identical runs just before it differed by more than {100 * BUSY_SPREAD:.0f} % "
        "(interquartile range of 30).\n\n"
    )
    short = "A short run (`--quick`): fewer repeats and lengths.\n\n" if quick else ""
    return opening + machine + "\n\n" + short + "\n".join(as_markdown(table) for table in tables)
