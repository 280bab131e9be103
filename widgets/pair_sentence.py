"""One pair of tokens in words: which they are, and whether and why the query reads the key."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QCoreApplication

from widgets.given_words import said
from widgets.piece_text import quoted
from widgets.view_data import PatternData, WeightsData

Cell = tuple[int, int, int, int]  # first row, row after the last, first column, column after the last


def _translate(text: str) -> str:
    return QCoreApplication.translate("PatternView", text)


def pair_sentence(
    data: PatternData, weights: WeightsData | None, query: int, key: int, cell: Cell | None = None
) -> str:
    """``query`` is a row of the picture; the position that is named counts as the keys do.

    ``cell``: the rectangle of pairs that is drawn as one with this pair; where it holds several, its share is told.
    """
    position = query + data.query_offset
    pair = _translate("query {q}{q_piece} → key {k}{k_piece}").format(
        q=f"{position:,}", q_piece=_named(data, position), k=f"{key:,}", k_piece=_named(data, key)
    )
    more = _share(data, cell) if weights is None else _weight(weights, query, key)
    return f"{pair}: {_verdict(data, query, key)}{more}"


def path_sentence(data: PatternData, locked: int | None, key: int, stops: tuple[tuple[int, int], ...]) -> str:
    """How the locked row comes to a key that it does not read itself: through which position, or not at all."""
    if locked is None or len(stops) == 1 or (data.causal and key > locked + data.query_offset):
        return ""
    position = locked + data.query_offset
    if not stops:
        return _translate(" · {q} does not reach {k} in two steps").format(q=f"{position:,}", k=f"{key:,}")
    return _translate(" · two steps: {q} → {m} → {k}").format(q=f"{position:,}", m=f"{stops[0][1]:,}", k=f"{key:,}")


def _named(data: PatternData, position: int) -> str:
    return " " + quoted(data.tokens[position]) if position < len(data.tokens) else ""


def _verdict(data: PatternData, query: int, key: int) -> str:
    if data.causal and key > query + data.query_offset:
        return _translate("masked, the key comes later")
    reason = data.coverage.reason(query, key)
    return _translate("kept ({reason})").format(reason=said(reason)) if reason else _translate("not kept")


def _share(data: PatternData, cell: Cell | None) -> str:
    """How much of a cell of several pairs is kept: what its colour says."""
    if cell is None:
        return ""
    row, row_stop, column, column_stop = cell
    pairs = (row_stop - row) * (column_stop - column)
    if pairs <= 1:
        return ""
    kept = float(data.coverage.coverage(np.array([row, row_stop]), np.array([column, column_stop]))[0, 0])
    return _translate("; here {share} % of {pairs} pairs").format(share=f"{100 * kept:.3g}", pairs=f"{pairs:,}")


def _weight(weights: WeightsData, query: int, key: int) -> str:
    """The weight of the cell that holds the pair, and how many pairs that is."""
    row = int(np.searchsorted(weights.row_edges, query, side="right")) - 1
    column = int(np.searchsorted(weights.column_edges, key, side="right")) - 1
    if not (0 <= row < weights.values.shape[0] and 0 <= column < weights.values.shape[1]):
        return ""
    value = float(weights.values[row, column])
    if np.isnan(value):
        return ""
    high = int(weights.row_edges[row + 1] - weights.row_edges[row])
    wide = int(weights.column_edges[column + 1] - weights.column_edges[column])
    if high * wide == 1:
        return _translate(", weight {value}").format(value=f"{value:.3g}")
    return _translate(", {value} in this cell of {high} × {wide} pairs").format(
        value=f"{value:.3g}", high=f"{high:,}", wide=f"{wide:,}"
    )
