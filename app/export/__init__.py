"""Saving what is seen: one file per kind. From a notebook, ``figure`` is all that is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.export.notebook import NotebookFigure
    from engines.notebook import TracedRun


def figure(trace: TracedRun, view: str = "pattern", **how: Any) -> NotebookFigure:
    """A view of a run, to be shown in a notebook or saved; ``app.export.notebook`` tells of ``head``, ``theme``, …"""
    from app.export.notebook import figure_of_trace  # the window, which imports this package, has no use for it

    return figure_of_trace(trace, view, **how)
