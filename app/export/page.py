"""The paper that a figure is laid out on: its width, its height, how large its type is, how fine its pixels."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engines.problems import Problem

BODY_POINTS = 9.0  # what a theme for figures calls its type; a page scales all of it to the size asked for
UNITS_PER_POINT = 96 / 72  # units of the layout, in which widgets draw: 1/96 inch at the theme's own type size
MILLIMETRES_PER_INCH, POINTS_PER_INCH = 25.4, 72.0
DEFAULT_TYPE = 8.0  # points, what journals set their captions in
SMALLEST_LENGTH, LARGEST_LENGTH = 0.2, 80.0  # inches
MOST_PIXELS = 20_000  # on a side
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(mm|cm|in|pt|px)\s*")
_PER_INCH = {"mm": 25.4, "cm": 2.54, "in": 1.0, "pt": 72.0}


@dataclass(frozen=True)
class Page:
    """``width`` and ``height`` in inches; ``type_points`` is the size of all letters but the title's."""

    width: float
    height: float
    type_points: float = DEFAULT_TYPE
    dpi: float = 300.0

    @property
    def units_per_inch(self) -> float:
        """Units of the layout to an inch: the larger the type, the fewer."""
        return POINTS_PER_INCH * UNITS_PER_POINT * BODY_POINTS / self.type_points

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in units of the layout."""
        return self.width * self.units_per_inch, self.height * self.units_per_inch

    @property
    def pixels(self) -> tuple[int, int]:
        return max(1, round(self.width * self.dpi)), max(1, round(self.height * self.dpi))

    @classmethod
    def of_pixels(cls, width: int, height: int, dpi: float, type_points: float = BODY_POINTS) -> Page:
        return cls(width / dpi, height / dpi, type_points, dpi)


def inches(text: str, dpi: float) -> float:
    """A length on paper, "84mm", "3.3 in", "8.4cm", "252pt", or of a screen, "1600px"; a Problem where it is none."""
    found = _LENGTH.fullmatch(text.lower())
    if found is None:
        raise Problem("bad_size", text=text)
    value = float(found[1]) / (dpi if found[2] == "px" else _PER_INCH[found[2]])
    if not SMALLEST_LENGTH <= value <= LARGEST_LENGTH or value * dpi > MOST_PIXELS:
        raise Problem("bad_size", text=text)
    return value


def points(text: str) -> float:
    """A type size, "8pt" or "8"; a Problem where it is none from 2 to 72."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(?:pt)?\s*", text.lower())
    if found is None or not 2 <= float(found[1]) <= 72:
        raise Problem("bad_type_size", text=text)
    return float(found[1])
