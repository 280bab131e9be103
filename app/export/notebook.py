"""Figures of runs for notebooks and scripts, with no window and no screen.

>>> from app.export import figure
>>> from engines.notebook import trace
>>> figure(trace("It was the best of times", "longformer"), view="weights").save("weights.png")
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtGui import QImage

from app.export.caption import caption_of, title_of
from app.export.formats import file_and_format
from app.export.headless import application, metadata_of
from app.export.image import DEFAULT_DPI, DEFAULT_SIZE, Figure, png_bytes, render
from app.export.look import Look
from app.export.page import BODY_POINTS, DEFAULT_TYPE, MOST_PIXELS, inches, points
from app.export.scene_of_run import finished_view, pane_of, scene_of
from app.export.scene_view import figure_theme
from app.export.still import page_of, save_still
from app.theme import FIGURE_THEMES, application_font
from engines.notebook import TracedRun
from engines.problems import Problem
from engines.variants import variant_named

SMALLEST_SIDE, DPI = 16, (10, 2400)  # as the command line has them


def check_within(what: str, value: float, smallest: float, largest: float) -> None:
    """A Problem where a number is too small or too large."""
    if not smallest <= value <= largest:
        raise Problem("bad_number", what=what, smallest=smallest, largest=largest, value=value)


@dataclass(frozen=True)
class NotebookFigure:
    """A figure that can be saved, and that a notebook shows by itself. Sizes are in pixels; ``dpi`` sets how large type
    and lines come out."""

    figure: Figure

    def image(self, size: tuple[int, int] = DEFAULT_SIZE, dpi: float = DEFAULT_DPI) -> QImage:
        """The figure as an image."""
        return render(self.figure, size, dpi)

    def save(
        self,
        path: str | Path,
        size: tuple[int, int] = DEFAULT_SIZE,
        dpi: float = DEFAULT_DPI,
        width: str = "",
        letters: str = "",
    ) -> Path:
        """Write PNG, SVG or PDF, as the extension says, with its card, whole or not at all; the path that was written.

        For paper give a ``width``, "84mm" or "3.3in", in place of the size: the height is what suits the picture, and
        ``letters`` are of "8pt" or another size. A Problem says what cannot be.
        """
        path, format_ = file_and_format(Path(path))
        check_within("dpi", dpi, *DPI)
        for what, pixels in zip(("width", "height"), size, strict=True):
            check_within(what, pixels, SMALLEST_SIDE, MOST_PIXELS)
        across, down = (inches(width, dpi), 0.0) if width else (size[0] / dpi, size[1] / dpi)
        type_points = points(letters) if letters else DEFAULT_TYPE if width else BODY_POINTS
        return save_still(self.figure, page_of(Look(across, down, type_points, dpi), self.figure), format_, path)

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

    ``head`` and ``locked``, the token whose reading is shown (−1: none), count from 0; ``theme`` is light, dark, print
    or print-grey. A Problem where the run has no such view, or there is no such theme.
    """
    if theme not in FIGURE_THEMES:
        raise Problem("unknown_theme", name=theme, choices=", ".join(FIGURE_THEMES))
    check_within("token", locked, -1, trace.run.prepared.spec.length - 1)
    trace.pattern(head)  # a Problem where there is no such head
    spec = replace(trace.run.prepared.spec, head=head)
    worn = figure_theme(theme, spec.variant)
    application().setFont(application_font(worn))
    scene = scene_of(trace.run, pane_of(spec, view, locked, logarithmic), worn)
    shown = finished_view(trace.run, scene)
    if trace.run.prepared.model is not None:
        title, told = title_of(scene.pane), caption_of(scene.pane, scene.known)
    else:  # q, k and v of one's own have no layer and no text
        title, told = f"{variant_named(spec.variant).label} · {spec.length:,} tokens · head {head + 1}", ""
    return NotebookFigure(Figure(shown, title, "", worn, metadata_of(trace.run, head), told))
