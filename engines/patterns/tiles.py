"""Tiles: small rectangles of chosen queries and chosen keys that together hold every kept pair exactly once.

What is computed pair by pair (weights, scores) is computed tile by tile: a sparse pattern then costs about its pairs,
not its rectangle. Queries and keys of a tile need not be neighbours: a stride's tile takes every so-manieth position.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
PAIRS_AT_ONCE = 1 << 20
ROWS_AT_ONCE = 256
LEAST_COLUMNS = 128


@dataclass(frozen=True, eq=False)
class Tile:
    """The queries ``rows`` and the keys ``columns``, distinct positions; ``kept`` [rows, columns], or None for all."""

    rows: Ints
    columns: Ints
    kept: Bools | None


def tiles_of_intervals(rows: Ints, starts: Ints, stops: Ints, candidates: Ints) -> Iterator[Tile]:
    """Query rows[r] keeps the ``candidates`` j with starts[r] ≤ j < stops[r]; no end, and no candidate, moves back."""
    first, last = np.searchsorted(candidates, starts), np.searchsorted(candidates, stops)
    some = np.flatnonzero(first < last)
    rows, first, last = rows[some], first[some], last[some]
    begin = 0
    while begin < len(rows):
        widest = max(2 * int(last[begin] - first[begin]), LEAST_COLUMNS)
        end = int(np.searchsorted(last, first[begin] + widest, "right"))
        end = min(max(end, begin + 1), begin + max(ROWS_AT_ONCE, PAIRS_AT_ONCE // widest))
        block = slice(begin, end)
        yield from _tiles_of_block(rows[block], first[block], last[block], candidates)
        begin = end


def _tiles_of_block(rows: Ints, first: Ints, last: Ints, candidates: Ints) -> Iterator[Tile]:
    """The columns that all rows keep without a mask, those before and behind them with one."""
    start, stop = int(first[0]), int(last[-1])
    inside, outside = int(first[-1]), int(last[0])
    if inside >= outside:
        inside = outside = stop
    width = max(1, PAIRS_AT_ONCE // len(rows))
    for low, high, whole in ((start, inside, False), (inside, outside, True), (outside, stop, False)):
        for left in range(low, high, width):
            places = np.arange(left, min(left + width, high))
            columns = candidates[places]
            if whole:
                yield Tile(rows, columns, None)
            else:
                yield Tile(rows, columns, (first[:, None] <= places) & (places < last[:, None]))


def tiles_of_listed(rows: Ints, keys: list[Ints]) -> Iterator[Tile]:
    """Query rows[r] keeps keys[r], distinct positions: any pattern, by listing its pairs."""
    lengths = np.array([len(each) for each in keys], np.int64)
    if not lengths.sum():
        return
    columns, places = np.unique(np.concatenate(keys), return_inverse=True)
    width = max(1, PAIRS_AT_ONCE // len(rows))
    at_rows = np.repeat(np.arange(len(rows)), lengths)
    for left in range(0, len(columns), width):
        within = (places >= left) & (places < left + width)
        kept = np.zeros((len(rows), min(width, len(columns) - left)), np.bool_)
        kept[at_rows[within], places[within] - left] = True
        yield Tile(rows, columns[left : left + width], kept)
