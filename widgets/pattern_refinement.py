"""Where a pattern is counted in coarse cells while the view moves, the exact picture follows once it rests.

The pattern itself offers it (``exact_coverage_slices``): a little work at a time, so that the window never waits.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

import numpy as np
from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from widgets.pattern_picture import Grid
from widgets.view_data import Coverage

REST_MILLISECONDS = 250
TURN_MILLISECONDS = 8  # of work between two turns of the event loop
SHOW_MILLISECONDS = 150  # between two pictures


@runtime_checkable
class Refinable(Protocol):
    """A coverage that can be made exact by and by."""

    def exact_for(self, row_edges: np.ndarray, column_edges: np.ndarray) -> bool: ...

    def exact_coverage_slices(self, row_edges: np.ndarray, column_edges: np.ndarray) -> Iterator[np.ndarray]: ...


class Refinement(QObject):
    """Makes the picture of one grid exact; ``changed`` when there is a better one to draw."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._of: tuple[Coverage, Grid] | None = None
        self._slices: Iterator[np.ndarray] | None = None
        self._shares: np.ndarray | None = None
        self.exact = False
        self.version = 0  # another number, another picture
        self._rest = QTimer(self, singleShot=True, interval=REST_MILLISECONDS)
        self._rest.timeout.connect(self._begin)
        self._work = QTimer(self, interval=0)
        self._work.timeout.connect(self._go_on)
        self._shown = QElapsedTimer()

    def shares(self, coverage: Coverage, grid: Grid) -> np.ndarray | None:
        """The best shares there are for this grid, None where its coverage must be asked; another grid starts anew."""
        if self._of is None or not (self._of[0] is coverage and same(self._of[1], grid)):
            self._of, self._slices, self._shares, self.exact = (coverage, grid), None, None, False
            self._work.stop()
            if isinstance(coverage, Refinable) and not coverage.exact_for(grid.row_edges, grid.column_edges):
                self._rest.start()
            else:
                self._rest.stop()
                self.exact = True
        return self._shares

    def stop(self) -> None:
        """Nothing is drawn any more."""
        self._of, self._slices, self._shares = None, None, None
        self._rest.stop()
        self._work.stop()

    def _begin(self) -> None:
        if self._of is None:
            return
        coverage, grid = self._of
        if isinstance(coverage, Refinable):
            self._slices = coverage.exact_coverage_slices(grid.row_edges, grid.column_edges)
            self._shown.start()
            self._work.start()

    def _go_on(self) -> None:
        if self._slices is None:
            self._work.stop()
            return
        turn = QElapsedTimer()
        turn.start()
        while turn.elapsed() < TURN_MILLISECONDS:
            shares = next(self._slices, None)
            if shares is None:
                self._work.stop()
                self._slices, self.exact = None, True
                self.changed.emit()
                return
            self._shares = shares
            self.version += 1
        if self._shown.elapsed() > SHOW_MILLISECONDS:
            self._shown.restart()
            self.changed.emit()


def same(first: Grid, second: Grid) -> bool:
    return np.array_equal(first.row_edges, second.row_edges) and np.array_equal(first.column_edges, second.column_edges)
