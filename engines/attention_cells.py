"""Attention weights as a picture's cells: exact rows of the softmax, summed into the cells they fall in.

Only the pairs that the pattern keeps are computed, tile by tile (``engines.patterns.tiles``), so that a sparse
pattern's whole square is exact at any length; a dense one's is refined, more rows at a time, until every row is summed.
Memory is O(rows + columns in view + cells + one tile); no n × n matrix is made.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from engines.patterns import Pattern
from engines.patterns.tiles import Tile
from engines.run import Prepared
from engines.trace import Step

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch

PAIRS_BUDGET = 2**26
PAIRS_AT_FIRST = 2**21  # of the first slice; then as many as fit into the time
SLICE_SECONDS = 0.08
SPARSE = 16  # a pattern is sparse where it keeps fewer than one pair in so many; its tiles hold about as many in vain


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

    A cell in which no pair is kept is nan. Where the view holds more work than the budget of pairs, every so-manieth
    query row stands for its neighbours; that step is the second result (1: all rows). Edges are integers that ascend.
    """
    view = View(prepared, steps, pattern, head, row_edges, column_edges)
    passes = view.passes[:1] if view.work > PAIRS_BUDGET else view.passes
    for number in range(len(passes)):
        for _ in view.summed(number, check_cancelled):
            pass
    return view.cells(len(passes) - 1), passes[-1].every


def refined_cells(
    prepared: Prepared,
    steps: Sequence[Step],
    pattern: Pattern,
    head: int,
    row_edges: np.ndarray,
    column_edges: np.ndarray,
    check_cancelled: Callable[[], None] = lambda: None,
) -> Iterator[tuple[np.ndarray, int]]:
    """The same cells, ever better: a sampled picture first, then with more rows, until every row is summed.

    About a tenth of a second of work lies between two of them. The number with the cells says that every so-manieth
    row of each band is summed, 1: all. It is 0 while the first picture still fills: masses are then too small, and
    bands without a row yet are nan.
    """
    view = View(prepared, steps, pattern, head, row_edges, column_edges)
    every, picture = 0, view.cells(-1)
    for number, one in enumerate(view.passes):
        for whole_rows in view.summed(number, check_cancelled):
            if whole_rows or number == 0:
                picture = view.cells(number - 1)
            yield picture, every
        every = one.every
    yield view.cells(len(view.passes) - 1), every


@dataclass(frozen=True)
class Pass:
    """The rows that a pass sums, ascending, and the step between rows that are summed when it is done."""

    rows: np.ndarray
    every: int


@dataclass
class View:
    """The sums so far of one head's weights in the cells between the edges."""

    prepared: Prepared
    steps: Sequence[Step]
    pattern: Pattern
    head: int
    row_edges: np.ndarray
    column_edges: np.ndarray
    sums: np.ndarray = field(init=False)  # [row band, column band]
    rows_summed: np.ndarray = field(init=False)  # [row band]
    touched: np.ndarray = field(init=False)  # [row band, column band]: a kept pair was summed there

    def __post_init__(self) -> None:
        shape = len(self.row_edges) - 1, len(self.column_edges) - 1
        self.sums, self.touched = np.zeros(shape), np.zeros(shape, np.bool_)
        self.rows_summed = np.zeros(shape[0], np.int64)
        self.rows_at_once = max(1, PAIRS_AT_FIRST // max(1, len(self.columns)))

    @property
    def columns(self) -> range:
        return range(int(self.column_edges[0]), int(self.column_edges[-1]))

    @cached_property
    def row_bands(self) -> np.ndarray:
        """The band of each row in view."""
        return np.repeat(np.arange(len(self.row_edges) - 1), np.diff(self.row_edges))

    @cached_property
    def column_bands(self) -> np.ndarray:
        return np.repeat(np.arange(len(self.column_edges) - 1), np.diff(self.column_edges))

    @cached_property
    def shares(self) -> np.ndarray:
        return self.pattern.coverage(self.row_edges, self.column_edges)

    @cached_property
    def work(self) -> int:
        """About how many pairs must be computed for all rows in view."""
        kept = float(np.diff(self.row_edges) @ self.shares @ np.diff(self.column_edges))
        return int(min(len(self.row_bands) * len(self.columns), SPARSE * kept))

    @property
    def is_sparse(self) -> bool:
        return self.work < len(self.row_bands) * len(self.columns)

    @cached_property
    def coverage_is_exact(self) -> bool:
        return self.pattern.exact_for(self.row_edges, self.column_edges)

    @cached_property
    def passes(self) -> tuple[Pass, ...]:
        """Which rows are summed when: halving the step between them, or, of a sparse pattern, one of each band first.

        A sparse pattern's rows are cheap together and dear apart: neighbours share their keys.
        """
        rows = np.arange(int(self.row_edges[0]), int(self.row_edges[-1]))
        place = rows - self.row_edges[:-1][self.row_bands]  # within the band
        if self.work <= PAIRS_BUDGET:
            return (Pass(rows, 1),)
        if self.is_sparse:
            return Pass(rows[place == 0], int(np.diff(self.row_edges).max())), Pass(rows[place > 0], 1)
        step = 1 << (-(-self.work // PAIRS_BUDGET) - 1).bit_length()
        passes = [Pass(rows[place % step == 0], step)]
        while step > 1:
            step //= 2
            passes.append(Pass(rows[place % (2 * step) == step], step))
        return tuple(passes)

    def summed(self, number: int, check_cancelled: Callable[[], None]) -> Iterator[bool]:
        """Sum the rows of a pass; yields about every tenth of a second, True where all rows so far are whole.

        A dense pattern's rows are taken a slice at a time. A sparse one's go together, because tiles are best cut from
        all of them; its first pass counts rows before they are whole, so that the picture fills.
        """
        rows = self.passes[number].rows
        while len(rows):
            some, rows = (rows, rows[:0]) if self.is_sparse else (rows[: self.rows_at_once], rows[self.rows_at_once :])
            counted = np.bincount(self.row_bands[some - self.row_edges[0]], minlength=len(self.rows_summed))
            fills = self.is_sparse and number == 0
            self.rows_summed += counted if fills else 0
            began = time.perf_counter()
            for tile in self.pattern.tiles(some, self.columns):
                check_cancelled()
                self._add(tile)
                if self.is_sparse and time.perf_counter() - began > SLICE_SECONDS:
                    yield False
                    began = time.perf_counter()
            self.rows_summed += 0 if fills else counted
            faster = SLICE_SECONDS / max(time.perf_counter() - began, 1e-6)
            self.rows_at_once = max(1, int(self.rows_at_once * min(max(faster, 0.25), 4)))
            yield True

    def cells(self, whole: int) -> np.ndarray:
        """The means so far; ``whole`` is the last pass that is."""
        means = (self.sums / np.maximum(self.rows_summed, 1)[:, None]).astype(np.float32)
        everything = whole == len(self.passes) - 1
        means[~(self.touched if everything and not self.coverage_is_exact else self.shares > 0)] = np.nan
        means[self.rows_summed == 0] = np.nan
        return means

    def _add(self, tile: Tile) -> None:
        weights = tile_weights(self.prepared, self.steps, self.head, tile)
        rows = self.row_bands[tile.rows - self.row_edges[0]]
        columns = self.column_bands[tile.columns - self.column_edges[0]]
        if tile.kept is not None and (
            SPARSE * np.count_nonzero(tile.kept) < tile.kept.size or not self.coverage_is_exact
        ):
            at_rows, at_columns = np.nonzero(tile.kept)
            where = rows[at_rows] * self.sums.shape[1] + columns[at_columns]
            np.add.at(self.sums.reshape(-1), where, weights.double().cpu().numpy()[at_rows, at_columns])
            self.touched.reshape(-1)[where] = True
            return
        if tile.kept is not None:
            weights.masked_fill_(torch.from_numpy(~tile.kept).to(weights.device), 0)
        bands, places = np.unique(rows, return_inverse=True)
        by_band = weights.new_zeros((len(bands), weights.shape[1]))
        by_band.index_add_(0, torch.from_numpy(places).to(weights.device), weights)
        stretches, sums = sums_of_groups(by_band.cpu().numpy(), columns)
        self.sums[np.ix_(bands, stretches)] += sums
        self.touched[np.ix_(bands, stretches)] = True


def tile_weights(prepared: Prepared, steps: Sequence[Step], head: int, tile: Tile) -> Tensor:
    """Attention weights [rows, columns] of a tile as computed, float32 at least; kept or not."""
    device = prepared.inputs.q.device
    rows, columns = (torch.from_numpy(np.asarray(each, np.int64)).to(device) for each in (tile.rows, tile.columns))
    with torch.no_grad():
        weights = prepared.variant.weights(prepared.inputs, prepared.parameters, steps, head, rows, columns)
    return weights if weights.dtype == torch.float64 else weights.float()


def sums_of_groups(values: np.ndarray, groups: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(each group there is, ascending; values [row, column] summed over the columns of each)."""
    if (groups[1:] < groups[:-1]).any():
        order = np.argsort(groups, kind="stable")
        values, groups = values[:, order], groups[order]
    starts = np.flatnonzero(np.concatenate([[True], groups[1:] != groups[:-1]]))
    return groups[starts], np.add.reduceat(values, starts, axis=1, dtype=np.float64)
