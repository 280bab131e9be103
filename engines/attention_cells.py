"""Attention weights as a picture's cells: exact rows of the softmax, summed into the cells they fall in.

Memory is O(rows at once × columns in view + cells); no n × n matrix is made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from engines.patterns import Pattern
from engines.run import Prepared
from engines.trace import Step

if TYPE_CHECKING:
    import torch
else:
    from engines.lazy_torch import torch

PAIRS_BUDGET = 2**26
PAIRS_AT_ONCE = 2**22


def attention_cells(
    prepared: Prepared,
    steps: Sequence[Step],
    pattern: Pattern,
    head: int,
    row_edges: np.ndarray,
    column_edges: np.ndarray,
    check_cancelled: Callable[[], None] = lambda: None,
) -> tuple[np.ndarray, int]:
    """The mass that an average query of each row band sends into each column band: float32 [rows, columns].

    A cell in which no pair is kept is nan. Where the view holds more than the budget of pairs, every so-manieth query
    row stands for its neighbours; that step is the second result (1: all rows). Edges are integers that ascend.
    """
    columns = np.arange(column_edges[0], column_edges[-1])
    every = max(1, -(-(int(row_edges[-1] - row_edges[0]) * len(columns)) // PAIRS_BUDGET))
    cells = np.full((len(row_edges) - 1, len(column_edges) - 1), np.nan, dtype=np.float32)
    kept = pattern.coverage(row_edges, column_edges) > 0
    bands = [(band, np.arange(row_edges[band], row_edges[band + 1], every)) for band in range(len(row_edges) - 1)]
    bands = [(band, rows) for band, rows in bands if len(rows)]
    at_once = max(1, PAIRS_AT_ONCE // max(1, len(columns)))
    filled = np.flatnonzero(np.diff(column_edges))  # a sum from one start to the next knows no empty column band
    if not len(filled):
        return cells, every
    starts = column_edges[filled] - column_edges[0]
    for group in grouped(bands, at_once):
        check_cancelled()
        rows = np.concatenate([rows for _, rows in group])
        weights = exact_rows(prepared, steps, pattern, head, rows, columns)
        sums = np.add.reduceat(weights, starts, axis=1)
        offsets = np.cumsum([0, *(len(rows) for _, rows in group)])[:-1]
        means = np.add.reduceat(sums, offsets, axis=0) / np.array([[len(rows)] for _, rows in group])
        cells[np.ix_(np.array([band for band, _ in group]), filled)] = means
    cells[~kept] = np.nan
    return cells, every


def grouped(bands: list[tuple[int, np.ndarray]], rows_at_once: int) -> list[list[tuple[int, np.ndarray]]]:
    """Bands of rows gathered until they hold about ``rows_at_once`` rows."""
    groups: list[list[tuple[int, np.ndarray]]] = []
    count = rows_at_once
    for band, rows in bands:
        if count + len(rows) > rows_at_once:
            groups.append([])
            count = 0
        groups[-1].append((band, rows))
        count += len(rows)
    return groups


def exact_rows(
    prepared: Prepared, steps: Sequence[Step], pattern: Pattern, head: int, rows: np.ndarray, columns: np.ndarray
) -> np.ndarray:
    """Attention weights [rows, columns] as computed; 0 where the pair is not kept."""
    device = prepared.inputs.q.device
    with torch.no_grad():
        weights = prepared.variant.weights(
            prepared.inputs,
            prepared.parameters,
            steps,
            head,
            torch.from_numpy(rows).to(device),
            torch.from_numpy(columns).to(device),
        )
    return np.where(pattern.kept(rows, columns), weights.float().cpu().numpy(), np.float32(0))
