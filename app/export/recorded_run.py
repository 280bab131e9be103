"""A run that was recorded, as figures and films draw it: no engine is asked, and nothing is told that was not found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.presenters import pattern_of
from app.session import Pane
from app.stored_runs import StoredRun, StoredRuns
from app.views import kinds_of, views_of
from engines.messages import Measurement, WeightsReply
from engines.patterns import Pattern
from engines.studies import study_named
from engines.study import Panel
from engines.variants import variant_named

FEWEST_CELLS = 128  # of recorded weights across the part in view, where it has more tokens than that


@dataclass(frozen=True)
class RecordedRun:
    """A stored run in place of one that the engine has made."""

    stored: StoredRun

    def pattern(self, pane: Pane) -> Pattern:
        """The pairs that the pane's head keeps: from the sizes alone, or made anew from the recorded steps."""
        pattern = pattern_of(pane, self.stored.run, self.stored.model)
        assert pattern is not None
        return pattern

    def weights_in_view(self, pane: Pane) -> WeightsReply | None:
        """The recorded weights of the part in view, where their cells cover it and are fine enough for it."""
        weights, (x0, x1, y0, y1) = self.stored.weights, pane.zoom or (0, pane.length, 0, pane.length)
        if weights is None:
            return None
        rows, columns = cells_over(weights.row_edges, y0, y1), cells_over(weights.column_edges, x0, x1)
        if rows is None or columns is None:
            return None
        edges = (weights.row_edges[rows.start : rows.stop + 1], weights.column_edges[columns.start : columns.stop + 1])
        values = weights.values[rows.start : rows.stop, columns.start : columns.stop]
        return replace(weights, values=values, row_edges=edges[0], column_edges=edges[1])

    def answer(self, pane: Pane) -> tuple[Panel, ...]:
        """The whole answer of the study that the pane shows, empty where there is none; one that follows the locked
        token is none, since the record does not say which token it was."""
        if study_named(pane.view, variant_named(pane.variant), pane.causal).follows_locked:
            return ()
        return next((each.panels for each in self.stored.answers if each.study == pane.view), ())

    def measurement(self) -> Measurement | None:
        """Time and peak memory as they were measured, where both were."""
        found = self.stored.run.measurements.get("variant")
        return found if found and found.seconds is not None and found.peak_bytes is not None else None

    def holds(self, pane: Pane, compared: bool) -> bool:
        """Whether all that the pane's view draws was recorded; ``compared``: it stands beside the first pane's."""
        if pane.view == "weights-difference":
            return not compared  # alone it is the pattern; of both no weights in the same cells are kept
        views = views_of(pane, kinds_of(self.stored.run.steps))
        view = next((each for each in views if each.name == pane.view), None)
        if view is not None and view.study:
            return bool(self.answer(pane))
        return view is None or view.name != "weights" or self.weights_in_view(pane) is not None


def cells_over(edges: np.ndarray, start: float, stop: float) -> range | None:
    """The cells that reach from start to stop; None where they do not, or are neither tokens nor enough to show what is
    there."""
    low, high = max(int(np.floor(start)), 0), int(np.ceil(stop))
    if edges[0] > low or edges[-1] < high:
        return None
    cells = range(int(np.searchsorted(edges, low, "right")) - 1, int(np.searchsorted(edges, high, "left")))
    return cells if len(cells) >= min(high - low, FEWEST_CELLS) else None


def recorded_run(stored: StoredRuns, pane: Pane) -> RecordedRun | None:
    """What was recorded of a pane's run."""
    found = stored.find(pane.spec(), pane.head)
    return RecordedRun(found) if found is not None else None


def recorded_runs(stored: StoredRuns, panes: Sequence[Pane]) -> list[RecordedRun] | None:
    """Those of all panes, or none: what was recorded is not mixed with what is made now."""
    found = [run for pane in panes if (run := recorded_run(stored, pane)) is not None]
    return found if len(found) == len(panes) else None
