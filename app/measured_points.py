"""Every measurement ever made on this machine, kept between starts: one JSON line each."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from engines.messages import Measurement
from engines.words import Words

MOST_POINTS = 5000
WHAT = re.compile(r"attend of (?P<label>.+), layer (?P<layer>\d+), all heads, batch 1")
"""What a card says was measured: the one row of a stored card that is a sentence with values."""


@dataclass(frozen=True)
class MeasuredPoint:
    """A measurement with the key that says what it may be compared with."""

    measurement: Measurement

    @property
    def circumstances(self) -> tuple[str, ...]:
        """What must be equal for two points to stand in one chart."""
        card = dict(self.measurement.card)
        return tuple(card.get(name, "") for name in ("mask", "heads × dim", "dtype", "device", "threads", "torch"))

    @property
    def configuration(self) -> tuple[str, str]:
        """What must be equal for two points to lie on one line."""
        return self.measurement.variant, dict(self.measurement.card).get("parameters", "")


class MeasuredPoints:
    """The points in memory, and their file. A file that cannot be read or written costs the memory, nothing else."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.points: dict[tuple[object, ...], MeasuredPoint] = {}
        self.present: MeasuredPoint | None = None  # what was measured last of what is looked at
        for measurement in read(path) if path else ():
            self.keep(MeasuredPoint(measurement))

    def keep(self, point: MeasuredPoint) -> None:
        key = (point.circumstances, point.configuration, point.measurement.n)
        self.points.pop(key, None)
        self.points[key] = point

    def add(self, measurement: Measurement) -> None:
        """Keep a finished measurement; one of the same configuration and length replaces it."""
        if measurement.kind == "predicted" or measurement.peak_bytes is None:
            return
        self.keep(MeasuredPoint(measurement))
        if self.path is not None:
            append(self.path, measurement)

    def comparable(self, like: Measurement | None, mask: str = "") -> list[MeasuredPoint]:
        """Points measured under the same circumstances, a line a variant: the present parameters, or the latest.

        Without a measurement, of a run that was refused, those that were shown last, if they are of its ``mask``.
        """
        if like is not None:
            self.present = MeasuredPoint(like)
        known = (each for each in (self.present, *reversed(self.points.values())) if each is not None)
        alike = (each for each in known if like is not None or dict(each.measurement.card).get("mask") == mask)
        if (present := next(alike, None)) is None:
            return []
        like = present.measurement
        same = [point for point in self.points.values() if point.circumstances == present.circumstances]
        lines: dict[str, tuple[str, str]] = {}
        for point in same:
            name, parameters = point.configuration
            lines[name if name != "full" else name + parameters] = point.configuration
        lines[present.configuration[0] if like.variant != "full" else "".join(present.configuration)] = (
            present.configuration
        )
        chosen = set(lines.values())
        return [point for point in same if point.configuration in chosen]


def read(path: Path) -> Iterable[Measurement]:
    """The measurements of a file; lines that are none are passed over."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").strip("\n").split("\n")[-MOST_POINTS:]
    except OSError:
        return []
    found = []
    for line in lines:
        try:
            found.append(measurement_from(json.loads(line)))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            continue
    return found


def measurement_from(raw: dict[str, Any]) -> Measurement:
    """A measurement from its dictionary; an error of some kind where it is none."""
    card = tuple((str(name), as_words(str(value))) for name, value in raw["card"])
    one = Measurement(**{**raw, "card": card})
    words = (one.series, one.kind, one.variant, one.label)
    numbers = [float(each) for each in (one.n, one.seconds, one.peak_bytes) if each is not None]
    if not all(isinstance(word, str) for word in words) or not all(0 < each < math.inf for each in numbers):
        raise ValueError(raw)
    return replace(one, n=int(one.n))


def as_words(value: str) -> str:
    """What was measured, as words that can be translated again; any other value as it is."""
    told = WHAT.fullmatch(value)
    return Words("attend of {label}, layer {layer}, all heads, batch 1", told.groupdict()) if told else value


def append(path: Path, measurement: Measurement) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(measurement), ensure_ascii=False) + "\n")
    except OSError:
        return  # the chart still shows it; only the next start will not
