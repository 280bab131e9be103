"""Figures of runs for notebooks and scripts, with no window and no screen.

>>> from app.export import figure
>>> from engines.notebook import trace
>>> figure(trace("It was the best of times", "longformer"), view="weights").save("weights.png")
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication

from app.export.headless import metadata_of
from app.export.image import DEFAULT_DPI, DEFAULT_SIZE, Figure, png_bytes, render, save_png
from app.export.scene_of_run import finished_view, pane_of, scene_of
from app.theme import THEMES, apply
from engines.notebook import TracedRun
from engines.problems import Problem
from engines.variants import variant_named


@dataclass(frozen=True)
class NotebookFigure:
    """A figure that can be saved, and that a notebook shows by itself. Sizes are in pixels; ``dpi`` sets how large type
    and lines come out."""

    figure: Figure

    def image(self, size: tuple[int, int] = DEFAULT_SIZE, dpi: float = DEFAULT_DPI) -> QImage:
        """The figure as an image."""
        return render(self.figure, size, dpi)

    def save(self, path: str | Path, size: tuple[int, int] = DEFAULT_SIZE, dpi: float = DEFAULT_DPI) -> Path:
        """Write a PNG with its card in the metadata, whole or not at all; the path that was written."""
        path = Path(path)
        if path.suffix.lower() not in ("", ".png"):
            raise Problem("unknown_data_format", path=path.name, choices=".png")
        return save_png(self.image(size, dpi), path)

    def _repr_png_(self) -> bytes:
        return png_bytes(self.image((960, 640), 96.0))


def figure_of_trace(
    trace: TracedRun,
    view: str = "pattern",
    head: int = 0,
    theme: str = "light",
    locked: int = -1,
    logarithmic: bool = False,
) -> NotebookFigure:
    """A view of a run with its title, as the window draws it once all steps are done.

    ``head`` and ``locked``, the token whose reading is shown (−1: none), count from 0. A Problem where the run has no
    such view, or there is no such theme.
    """
    if theme not in THEMES:
        raise Problem("unknown_theme", name=theme, choices=", ".join(THEMES))
    if QGuiApplication.instance() is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    apply(application, THEMES[theme])
    trace.pattern(head)  # a Problem where there is no such head
    spec = replace(trace.run.prepared.spec, head=head)
    pane = pane_of(spec, view, locked, logarithmic)
    shown = finished_view(trace.run, scene_of(trace.run, pane, THEMES[theme]))
    label = variant_named(spec.variant).label
    layer = f"layer {spec.layer + 1}, " if trace.run.prepared.model else ""
    title = f"{label} · {spec.length:,} tokens · {layer}head {head + 1}"
    return NotebookFigure(Figure(shown, title, "", THEMES[theme], metadata_of(trace.run, head)))
