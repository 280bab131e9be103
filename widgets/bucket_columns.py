"""Many tokens in few pixels: each column shows the exact mix of the buckets of its tokens. Pure numpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Columns:
    """``count`` columns of ``tokens_each`` slots; only the last may have fewer."""

    count: int
    tokens_each: int


def columns_for(slots: int, pixels: int) -> Columns:
    """As many equal columns as fit, each at least a pixel wide."""
    each = max(-(-slots // max(pixels, 1)), 1)
    return Columns(-(-slots // each), each)


def category_counts(slots: np.ndarray, categories: np.ndarray, columns: Columns, category_count: int) -> np.ndarray:
    """Tokens of each category in each column: int64 [column, category]. ``slots`` may lie between two, as in flight."""
    column = (slots // columns.tokens_each).astype(np.int64)
    flat = np.bincount(column * category_count + categories, minlength=columns.count * category_count)
    return flat.reshape(columns.count, category_count)


def stacked_strip(counts: np.ndarray, height: int, palette: np.ndarray, full: int = 0) -> np.ndarray:
    """A picture [height, column] uint32 ARGB, premultiplied: categories stacked in the column by their share.

    ``palette`` [category] uint32 0xffRRGGBB. With ``full``, a column's opacity is its tokens over ``full``, at most 1.
    """
    totals = counts.sum(axis=1)
    bounds = np.cumsum(counts, axis=1)[:, :-1]  # [column, category − 1]
    # A pixel row belongs to the category within whose share its centre falls.
    centres = (np.arange(height) + 0.5) / height
    level = centres[:, None] * np.maximum(totals, 1)[None, :]  # [height, column]
    index = np.zeros(level.shape, dtype=np.intp)
    for bound in bounds.T:
        index += level >= bound[None, :]
    strip = palette[index]
    opacity = np.minimum(totals / full, 1.0) if full else (totals > 0).astype(float)
    return _premultiplied(strip, opacity)


def _premultiplied(strip: np.ndarray, opacity: np.ndarray) -> np.ndarray:
    """ARGB [height, column] times an opacity 0…1 per column."""
    if (opacity == 1.0).all():
        return np.ascontiguousarray(strip, dtype=np.uint32)
    scale = np.round(opacity * 256.0).astype(np.uint32)[None, :]
    # Two channels at a time, 8 bits apart: the products do not meet.
    low = ((strip & 0x00FF00FF) * scale >> 8) & 0x00FF00FF
    high = ((strip >> 8) & 0x00FF00FF) * scale & 0xFF00FF00
    return np.ascontiguousarray(low | high, dtype=np.uint32)


@dataclass(frozen=True)
class Bundles:
    """Flights grouped by where they start and end."""

    sources: np.ndarray  # [bundle] centre of the starting bin, as a share 0…1 of the row
    targets: np.ndarray  # [bundle] centre of the ending bin, likewise
    counts: np.ndarray  # [bundle]
    colours: np.ndarray  # [bundle, 3] mean red, green, blue of the bundle's tokens


def bundles(
    places: np.ndarray, categories: np.ndarray, slots: int, bins: tuple[int, int], palette: np.ndarray
) -> Bundles:
    """All flights position → place, grouped by (source, target) bins; every token is in exactly one bundle."""
    sources, targets = bins
    key = (np.arange(len(places)) * sources // slots) * targets + places * targets // slots
    all_counts = np.bincount(key, minlength=sources * targets)
    keys = np.flatnonzero(all_counts)
    counts = all_counts[keys]
    rgb = np.stack([(palette >> shift & 0xFF).astype(float) for shift in (16, 8, 0)], axis=1)[categories]
    sums = np.stack([np.bincount(key, weights=channel, minlength=sources * targets)[keys] for channel in rgb.T], axis=1)
    return Bundles((keys // targets + 0.5) / sources, (keys % targets + 0.5) / targets, counts, sums / counts[:, None])
