"""From coverage or weights to the pixels of a picture, as indexes into a colour table. numpy only, no Qt.

A cell is a rectangle of pairs; ``row_pixels`` and ``column_pixels`` say at which pixel each cell begins.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from widgets.colour_ramp import FORBIDDEN, GAP, HATCH, LEVELS, NOTHING, PENDING, levels_each
from widgets.view_data import Coverage, WeightsData
from widgets.viewport import Viewport, cell_edges, cell_pixels

DECADES = 5  # what a logarithmic scale spans below the largest weight
GAP_FROM = 6.0  # cells at least this large (logical pixels) are parted by a hairline
BLOCK = 64  # rows that are worked on at once, so that what is between lies in the cache
HATCH_PERIOD = 6  # logical pixels from one stroke of the hatch to the next


@dataclass(frozen=True)
class Grid:
    """The cells in view and where they lie in a picture of ``height`` × ``width`` device pixels."""

    row_edges: np.ndarray
    column_edges: np.ndarray
    row_pixels: np.ndarray
    column_pixels: np.ndarray
    width: int
    height: int
    row_gaps: bool
    column_gaps: bool


def grid_of(view: Viewport, width: int, height: int, queries: int, keys: int, ratio: float = 1.0) -> Grid:
    """Cells of ``view`` in a picture of ``width`` × ``height`` device pixels, ``ratio`` of them to a logical one."""
    row_edges = cell_edges(view.y0, view.y1, height, queries)
    column_edges = cell_edges(view.x0, view.x1, width, keys)
    return Grid(
        row_edges,
        column_edges,
        cell_pixels(row_edges, view.y0, view.y1, height),
        cell_pixels(column_edges, view.x0, view.x1, width),
        width,
        height,
        height / view.height >= GAP_FROM * ratio,
        width / view.width >= GAP_FROM * ratio,
    )


def share_indexes(coverage: np.ndarray, most: int = LEVELS) -> np.ndarray:
    """Shares 0…1 as indexes 0…most: uint8, same shape. Rounded up, so that no kept pair vanishes."""
    indexes = np.empty(coverage.shape, dtype=np.uint8)
    levels = np.empty((min(BLOCK, coverage.shape[0]), coverage.shape[1]), dtype=np.float32)
    for top in range(0, coverage.shape[0], BLOCK):
        shares = coverage[top : top + BLOCK]
        block = levels[: len(shares)]
        np.multiply(shares, np.float32(most), out=block, casting="same_kind")
        np.ceil(block, out=block)
        np.minimum(block, most, out=block)
        indexes[top : top + BLOCK] = block
    return indexes


def weight_indexes(weights: WeightsData) -> np.ndarray:
    """Weights as indexes: NOTHING where a pair is not kept (nan), else 1…LEVELS on the scale: uint8 [rows, columns]."""
    values = np.asarray(weights.values, dtype=np.float32)
    largest = weights.largest if weights.largest > 0 and math.isfinite(weights.largest) else 1.0
    kept = ~np.isnan(values)
    share = np.where(kept, values, np.float32(0)) / np.float32(largest)
    if weights.signed:  # by the root: most differences are small, and are to be seen beside the largest
        share = (1 + np.sign(share) * np.sqrt(np.abs(share))) / 2
    elif weights.logarithmic:
        share = 1 + np.log10(np.maximum(share, np.float32(10.0**-DECADES))) / DECADES
    levels = np.rint(1 + (LEVELS - 1) * np.clip(share, 0, 1))
    return np.where(kept, levels, NOTHING).astype(np.uint8)


def first_forbidden(grid: Grid, query_offset: int) -> np.ndarray:
    """Index of the first cell of each row of cells that lies wholly after every query in it: int [rows]."""
    return np.searchsorted(grid.column_edges[:-1], grid.row_edges[1:] - 1 + query_offset, side="right")


def pattern_pixels(coverage: Coverage, grid: Grid, shares: np.ndarray | None = None) -> np.ndarray:
    """The pattern's pixels before masks and gaps: uint8 [height, width]. ``shares``: the coverage, if it is known."""
    known = coverage.coverage(grid.row_edges, grid.column_edges) if shares is None else shares
    return spread(share_indexes(known), grid)


def part_pixels(parts: Sequence[Coverage], grid: Grid) -> np.ndarray:
    """The pixels of a pattern in parts: the share of all of them, in the stretch of the part that keeps most there."""
    each = levels_each(len(parts))
    shares = [part.coverage(grid.row_edges, grid.column_edges) for part in parts]
    total, most = shares[0].copy(), shares[0]
    first = np.zeros(total.shape, dtype=np.uint8)  # where the stretch of the strongest part begins
    for number, share in enumerate(shares[1:], 1):
        stronger = share > most
        np.copyto(first, np.uint8(number * each), where=stronger)
        most = np.maximum(most, share)
        total += share
    indexes = share_indexes(total, each)
    np.add(indexes, first, out=indexes, where=indexes > 0)
    return spread(indexes, grid)


def spread(cells: np.ndarray, grid: Grid) -> np.ndarray:
    """One index per cell → one per pixel: uint8 [height, width]."""
    if cells.shape == (grid.height, grid.width) and grid.height == len(grid.row_pixels) - 1:
        return cells
    wide = np.repeat(cells, np.diff(grid.column_pixels), axis=1)
    return np.repeat(wide, np.diff(grid.row_pixels), axis=0)


def weight_pixels(indexes: np.ndarray, weights: WeightsData, grid: Grid) -> np.ndarray:
    """The weights that lie in view, PENDING where they have not been given: uint8 [height, width].

    ``indexes`` are those of ``weights``, whose cells need not be the grid's: while the view moves they lag behind.
    """
    rows = np.searchsorted(weights.row_edges, grid.row_edges[:-1], side="right") - 1
    columns = np.searchsorted(weights.column_edges, grid.column_edges[:-1], side="right") - 1
    known_rows = (rows >= 0) & (rows < indexes.shape[0])
    known_columns = (columns >= 0) & (columns < indexes.shape[1])
    cells = np.full((len(rows), len(columns)), PENDING, dtype=np.uint8)
    if known_rows.any() and known_columns.any():
        cells[np.ix_(known_rows, known_columns)] = indexes[np.ix_(rows[known_rows], columns[known_columns])]
    return spread(cells, grid)


def mark(pixels: np.ndarray, grid: Grid, query_offset: int | None, ratio: float = 1.0) -> None:
    """Adds hairlines and the hatch over forbidden pairs, in place; query_offset None: nothing is forbidden."""
    hairline = max(1, round(ratio))
    if grid.column_gaps:
        pixels[:, gap_places(grid.column_pixels, hairline)] = GAP
    if grid.row_gaps:
        pixels[gap_places(grid.row_pixels, hairline)] = GAP
    if query_offset is None:
        return
    begins = grid.column_pixels[first_forbidden(grid, query_offset)]
    starts = np.repeat(begins, np.diff(grid.row_pixels)).astype(np.int32)[:, None]
    across = np.arange(grid.width, dtype=np.int32)
    strokes = hatch(grid.width, grid.height, ratio)
    for top in range(0, grid.height, BLOCK):
        rows = slice(top, top + BLOCK)
        np.copyto(pixels[rows], strokes[rows], where=across >= starts[rows])


def gap_places(places: np.ndarray, hairline: int) -> np.ndarray:
    """Pixels of the hairlines: the first ones of every cell that begins inside the picture."""
    inner = places[1:-1]
    inner = inner[(inner > 0) & (inner < places[-1])]
    lines = (inner[:, None] + np.arange(hairline)).ravel()
    return lines[lines < places[-1]]


@lru_cache(maxsize=8)
def hatch(width: int, height: int, ratio: float = 1.0) -> np.ndarray:
    """Diagonal strokes: FORBIDDEN with HATCH on it: uint8 [height, width], a view on one line of pixels."""
    period = max(2, round(HATCH_PERIOD * ratio))
    stroke = np.arange(width + height) % period < max(1, round(ratio))
    line = np.where(stroke, HATCH, FORBIDDEN).astype(np.uint8)
    line.flags.writeable = False  # it is drawn more than once
    return np.lib.stride_tricks.sliding_window_view(line, width)[:height]
