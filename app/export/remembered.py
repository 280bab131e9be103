"""A pattern that counts no row of cells twice: in a film, a sweep moves a few rows from one frame to the next."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from engines.patterns import Pattern

MOST_ROWS = 100_000  # of remembered cells; then it begins anew


class Remembered:
    """A Coverage with the very numbers of ``pattern``, each row of cells between two edges counted once."""

    def __init__(self, pattern: Pattern) -> None:
        self.pattern = pattern
        self.queries, self.keys, self.pieces = pattern.queries, pattern.keys, pattern.pieces
        self.keys_of, self.queries_of, self.reason = pattern.keys_of, pattern.queries_of, pattern.reason
        self._restricted: dict[tuple[str, ...], Remembered] = {}
        self._columns = b""
        self._rows: dict[tuple[int, int], np.ndarray] = {}  # (first, behind last) -> shares [columns]

    def only(self, names: Iterable[str]) -> Remembered:
        """The same one for the same names, so that it remembers."""
        wanted = tuple(names)
        if wanted not in self._restricted:
            self._restricted[wanted] = Remembered(self.pattern.only(wanted))
        return self._restricted[wanted]

    def coverage(self, row_edges: np.ndarray, column_edges: np.ndarray) -> np.ndarray:
        """As the pattern's: float32 [rows, columns]; 0 in rows without height."""
        edges = np.asarray(row_edges, np.int64)
        columns = np.asarray(column_edges, np.int64)
        if columns.tobytes() != self._columns or len(self._rows) > MOST_ROWS:
            self._columns, self._rows = columns.tobytes(), {}
        wanted = list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))
        for missing in stretches([rows for rows in wanted if rows[1] > rows[0] and rows not in self._rows]):
            shares = self.pattern.coverage(np.array([missing[0][0], *(stop for _, stop in missing)]), columns)
            self._rows.update(zip(missing, shares, strict=True))
        nothing = np.zeros(len(columns) - 1, np.float32)
        return np.stack([self._rows.get(rows, nothing) for rows in wanted])


def stretches(rows: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Rows of cells, ascending, in runs where each begins where the one before it ends."""
    runs: list[list[tuple[int, int]]] = []
    for each in rows:
        if runs and runs[-1][-1][1] == each[0]:
            runs[-1].append(each)
        else:
            runs.append([each])
    return runs
