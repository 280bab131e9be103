"""Patterns of the kinds of attention whose pairs do not depend on the data."""

from __future__ import annotations

from collections.abc import Iterable

from engines.patterns.bands import Band
from engines.patterns.pattern import Pieces
from engines.patterns.subset import Subset


def dense(queries: int, keys: int, causal: bool, query_offset: int = 0) -> Pieces:
    """Every query keeps every key; if causal, key j ≤ query i + ``query_offset``. One piece, "all"."""
    last = query_offset if causal else keys
    rows, columns = Subset.everything(queries), Subset.everything(keys)
    return Pieces(queries, keys, causal, (Band("all", rows, columns, -queries, last),))


def sliding_window(
    queries: int,
    keys: int,
    left: int,
    right: int,
    dilation: int = 1,
    global_positions: Iterable[int] = (),
    causal: bool = True,
) -> Pieces:
    """A sliding, perhaps dilated, window with symmetric global tokens (Beltagy et al. 2020, section 3.1).

    Query i keeps keys i − left·dilation, i − (left − 1)·dilation, …, i + right·dilation. A global token keeps every
    key and is kept by every query. Causal leaves out keys j > i. Pieces "window" and "global"; a pair that is in both
    counts as global, for a global token uses its own projections. ValueError for negative widths or dilation < 1.
    """
    if left < 0 or right < 0 or dilation < 1:
        raise ValueError(f"expected left ≥ 0, right ≥ 0, dilation ≥ 1; got {left}, {right}, {dilation}")
    ahead = 0 if causal else min(right, keys // dilation)
    behind = min(left, queries // dilation)
    everywhere = (-queries, 0 if causal else keys)
    positions = Subset.of(max(queries, keys), global_positions).listed
    rows, columns = Subset.of(queries, positions), Subset.of(keys, positions)
    window = Band("window", rows.others, columns.others, -behind * dilation, ahead * dilation, dilation)
    if not len(positions):
        return Pieces(queries, keys, causal, (window,))
    sees = Band("global", rows, Subset.everything(keys), *everywhere)
    seen = Band("global", rows.others, columns, *everywhere)
    return Pieces(queries, keys, causal, (window, sees, seen))
