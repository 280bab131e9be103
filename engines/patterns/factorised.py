"""Patterns made of two sets of keys: the Sparse Transformer's (Child et al. 2019, section 4.2)."""

from __future__ import annotations

from typing import Literal

import numpy as np

from engines.patterns.bands import Band
from engines.patterns.chosen_columns import ChosenColumns
from engines.patterns.interval_ends import ListedEnds, StairEnds
from engines.patterns.intervals import Intervals
from engines.patterns.pattern import Piece, Pieces
from engines.patterns.subset import Subset

Sets = Literal["both", "first", "second"]


def strided(queries: int, keys: int, stride: int, local: int, sets: Sets = "both") -> Pieces:
    """Causal: query i keeps keys i − ``local`` … i, and keys i − s·``stride`` for s = 0, 1, 2 …

    Pieces "local" and "stride"; a pair in both counts as local. ``sets`` leaves one of them out. ValueError for a
    stride < 1 or local < 0.
    """
    if stride < 1 or local < 0:
        raise ValueError(f"expected stride ≥ 1 and local ≥ 0; got {stride} and {local}")
    rows, columns = Subset.everything(queries), Subset.everything(keys)
    last = -local - 1 if sets == "both" else 0
    near = Band("local", rows, columns, -local, 0)
    far = Band("stride", rows, columns, min(-queries, last), last, stride)
    return Pieces(queries, keys, True, _chosen(near, far, sets))


def fixed(queries: int, keys: int, stride: int, summary: int, sets: Sets = "both") -> Pieces:
    """Causal: query i keeps the keys j ≤ i of its own block of ``stride``, and the last ``summary`` keys of every one.

    Pieces "block" and "summary"; a pair in both counts as block. ``sets`` leaves one of them out. ValueError for a
    stride < 1 or a summary outside 1 … stride.
    """
    if not 1 <= summary <= stride:
        raise ValueError(f"expected 1 ≤ summary ≤ stride; got {summary} and {stride}")
    starts = StairEnds(queries, step=stride, shift=0, low=0, high=keys)
    ends = StairEnds(queries, step=1, shift=1, low=0, high=keys)
    near = Intervals("block", keys, starts, ends)
    listed = (np.arange(0, keys, stride)[:, None] + np.arange(stride - summary, stride)).reshape(-1)
    listed = listed[: np.searchsorted(listed, keys)]
    columns = Subset(keys, listed, False)
    stops = ListedEnds(columns.below((starts if sets == "both" else ends).all()))
    first = StairEnds(queries, step=1, shift=0, low=0, high=0)
    far = ChosenColumns(columns, Intervals("summary", len(listed), first, stops))
    return Pieces(queries, keys, True, _chosen(near, far, sets))


def _chosen(near: Piece, far: Piece, sets: Sets) -> tuple[Piece, ...]:
    return {"both": (near, far), "first": (near,), "second": (far,)}[sets]
