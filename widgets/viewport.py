"""The part of a queries × keys picture that is in view, and the cells it is drawn in. Pure maths, no Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from widgets.round_values import round_values

FEWEST_TOKENS = 3.0  # zooming in stops here: fewer tokens than this show nothing more


@dataclass(frozen=True)
class Viewport:
    """A rectangle in token units: keys x0…x1 go right, queries y0…y1 go down."""

    x0: float
    x1: float
    y0: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    def zoomed(self, factor: float, x: float, y: float, queries: int, keys: int) -> Viewport:
        """``factor`` < 1 zooms in. The point (x, y) stays where it is, unless the border is in the way."""
        least = max(min(1.0, FEWEST_TOKENS / keys), min(1.0, FEWEST_TOKENS / queries))
        factor = min(max(factor, least * keys / self.width), keys / self.width)
        x0, y0 = x - (x - self.x0) * factor, y - (y - self.y0) * factor
        return Viewport(x0, x0 + self.width * factor, y0, y0 + self.height * factor).clamped(queries, keys)

    def panned(self, dx: float, dy: float, queries: int, keys: int) -> Viewport:
        return Viewport(self.x0 + dx, self.x1 + dx, self.y0 + dy, self.y1 + dy).clamped(queries, keys)

    def clamped(self, queries: int, keys: int) -> Viewport:
        """The nearest viewport inside the picture, with the picture's own proportions."""
        if self.width >= keys * (1 - 1e-9):
            return whole(queries, keys)
        width = self.width
        height = min(width * queries / keys, queries)
        x0 = min(max(self.x0, 0.0), keys - width)
        y0 = min(max(self.y0, 0.0), queries - height)
        return Viewport(x0, x0 + width, y0, y0 + height)

    def shows_all(self, queries: int, keys: int) -> bool:
        return self.width >= keys * (1 - 1e-9) and self.height >= queries * (1 - 1e-9)


def whole(queries: int, keys: int) -> Viewport:
    return Viewport(0.0, float(keys), 0.0, float(queries))


def cell_edges(start: float, stop: float, pixels: int, count: int) -> np.ndarray:
    """Integer edges of the cells along one axis: one cell per pixel zoomed out, one per token zoomed in.

    ``start``…``stop`` lies within 0…``count``; ``pixels`` ≥ 1. Returns int64 [cells + 1], strictly increasing.
    """
    if stop - start < pixels:
        first = min(math.floor(start), count - 1)
        return np.arange(first, max(first + 1, min(math.ceil(stop), count)) + 1, dtype=np.int64)
    steps = np.arange(pixels + 1, dtype=np.int64)
    edges = np.floor(np.linspace(start, stop, pixels + 1)).astype(np.int64)
    # Rounding may let two edges meet where a pixel is hardly wider than a token; no cell may be empty.
    edges = np.maximum.accumulate(edges - steps) + steps
    return np.minimum(edges, count - pixels + steps)


def cell_pixels(edges: np.ndarray, start: float, stop: float, pixels: int) -> np.ndarray:
    """Pixel at which each cell begins, and at last where the picture ends: int64 [cells + 1], 0…pixels."""
    if len(edges) == pixels + 1 and stop - start >= pixels:
        return np.arange(pixels + 1, dtype=np.int64)
    places = np.rint((edges - start) * (pixels / (stop - start))).astype(np.int64)
    places[0], places[-1] = 0, pixels
    return np.clip(places, 0, pixels)


def nice_positions(start: float, stop: float, most: int) -> np.ndarray:
    """At most ``most`` + 1 token positions, int64, whose middles lie in start…stop: round, and near both of its ends.

    One at the most where there is room for none.
    """
    step, inside = round_values(start - 0.5, stop - 0.5, max(1, most), 1.0)
    return np.array(inside if most > 0 else inside[:1], dtype=np.int64) * round(step)
