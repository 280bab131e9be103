"""A pattern made up for previews and tests: a sliding window and the first few keys, counted in closed form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from widgets.view_data import PatternData

WORDS = ("It", " was", " the", " best", " of", " times", ",", "\n", "我", "爱", "北京", " season", "ulity", "  ")


@dataclass(frozen=True)
class WindowAndFirst:
    """Causal: a query reads itself and the ``window`` − 1 keys before it, and the first ``first`` keys."""

    queries: int
    keys: int
    window: int
    first: int = 0

    @property
    def offset(self) -> int:
        return self.keys - self.queries

    def coverage(self, row_edges: np.ndarray, column_edges: np.ndarray) -> np.ndarray:
        rows, columns = row_edges.astype(np.int64)[:, None], column_edges.astype(np.int64)[None, :]
        early = np.minimum(columns, self.first)
        below = self._window_below(rows, columns) - self._window_below(rows, early) + self._below(rows, early, 0)
        counts = np.diff(np.diff(below, axis=0), axis=1)
        return (counts / (np.diff(rows, axis=0) * np.diff(columns, axis=1))).astype(np.float32)

    def _window_below(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        return self._below(rows, columns, 0) - self._below(rows, columns, self.window)

    def _below(self, rows: np.ndarray, columns: np.ndarray, distance: int) -> np.ndarray:
        """How many pairs with query < rows, key < columns lie at least ``distance`` below the diagonal."""
        start = self.offset - distance
        return _staircase(rows + start, columns) - _staircase(np.int64(start), columns)

    def reason(self, query: int, key: int) -> str:
        distance = query + self.offset - key
        if distance < 0:
            return ""
        return "first tokens" if key < self.first else "sliding window" if distance < self.window else ""

    def keys_of(self, query: int) -> np.ndarray:
        return np.array([key for key in range(self.keys) if self.reason(query, key)])

    def queries_of(self, key: int) -> np.ndarray:
        return np.array([query for query in range(self.queries) if self.reason(query, key)])


def _staircase(steps: np.ndarray | np.int64, columns: np.ndarray) -> np.ndarray:
    """Sum of min(columns, step) over steps 1…``steps``."""
    steps = np.maximum(steps, 0)
    short = np.minimum(steps, columns)
    return short * (short + 1) // 2 + (steps - short) * columns


class RepeatedWords(Sequence[str]):
    """As many tokens as one likes, none of them stored."""

    def __init__(self, length: int) -> None:
        self._length = length

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, position):  # type: ignore[no-untyped-def]
        if isinstance(position, slice):
            return [self[at] for at in range(*position.indices(self._length))]
        if not 0 <= position < self._length:
            raise IndexError(position)
        return WORDS[position % len(WORDS)]


def preview_pattern(n: int, window: int, colour: str, first: int = 2) -> PatternData:
    return PatternData(
        WindowAndFirst(n, n, window, first),
        True,
        RepeatedWords(n),
        colour,
        caption="made up: a window and the first keys",
    )
