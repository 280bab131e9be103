"""How long one frame of each picture takes: 65,536 tokens, 1000 × 700 pixels, from what is known to what is painted.

    python -m benchmarks views [--quick]

A frame is what follows one movement of a person or of the playhead: the presenter's work and the widget's painting.
Processor time of the frame alone, whatever else the machine does. Steps are those of runs on random inputs; a study's
answers are made up, with the sizes of real ones.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from app import presenters, view_presenters
from app.run_state import RunState
from app.scene import Scene
from app.session import Pane
from app.theme import THEMES, apply
from benchmarks.table import Table, at_most
from engines.finished_run import FinishedRun
from engines.measure import random_prepared
from engines.variant import Shape
from engines.variants import variant_named
from engines.weights import shipped_model
from widgets.fold_view import FoldView
from widgets.pattern_view import PatternView
from widgets.plots.plot_data import StudyData
from widgets.plots.preview_study import preview_study
from widgets.segment_view import SegmentView
from widgets.state_view import StateView
from widgets.study_view import StudyView
from widgets.viewport import Viewport

LENGTH = 65_536
WIDTH, HEIGHT = 1000, 700
LIMIT = 16.0
THEME = THEMES["dark"]
Frame = Callable[[int], None]
"""Everything that one frame computes; frames are counted from 0."""

PATTERNS: dict[str, tuple[str, dict[str, object]]] = {
    "Sparse, strided": ("sparse-transformer", {"scheme": "strided", "stride": 256}),
    "Sparse, fixed": ("sparse-transformer", {"scheme": "fixed", "stride": 256, "summary": 8}),
    "BigBird": ("bigbird", {}),
    "Longformer, every 64th global": ("longformer", {"window": 512, "global_tokens": "every k-th", "global_every": 64}),
    "Transformer-XL": ("transformer-xl", {"segment": 4096, "memory": 4096}),
}
STATES: dict[str, tuple[str, dict[str, object]]] = {
    "Linear Transformer": ("linear-transformer", {}),
    "Performer, m = 256": ("performer", {"m": 256}),
}


def pane_of(variant: str, **settings: object) -> Pane:
    return Pane(variant, {variant: dict(variant_named(variant).parameters(**settings))}, length=LENGTH)


def scene_of(pane: Pane) -> Scene:
    """What the window knows once a run of the pane is there: the recorded steps of one head on random inputs."""
    shape = Shape(LENGTH, LENGTH, heads=1, head_width=64)
    prepared = random_prepared(variant_named(pane.variant), pane.parameters(), shape)
    traced = FinishedRun(prepared, prepared.trace()).traced(1, 0)
    run = RunState(1, prepared.spec, traced=traced)
    tokens = ["word"] * LENGTH
    return Scene(0, pane, THEME, shipped_model().info(), run, run, tokens, tokens, fresh=True)


def patternless(pane: Pane) -> Scene:
    """The same before there are steps, for views that need none."""
    run, tokens = RunState(), ["word"] * LENGTH
    return Scene(0, pane, THEME, shipped_model().info(), run, run, tokens, tokens, fresh=True)


class Surface:
    """Paints widgets at the size of the picture."""

    def __init__(self) -> None:
        self.image = QImage(WIDTH, HEIGHT, QImage.Format.Format_ARGB32_Premultiplied)

    def hold(self, widget: QWidget) -> QWidget:
        widget.resize(WIDTH, HEIGHT)
        widget.ensurePolished()
        return widget

    def paint(self, widget: QWidget) -> None:
        widget.render(self.image)


def segments(surface: Surface, length: int) -> Frame:
    """The playhead moves along the text: another target in every frame."""
    pane = pane_of("transformer-xl", segment=length, memory=length)
    scene, view = scene_of(pane), SegmentView(THEME)
    pattern = presenters.pattern_of(pane, scene.run, scene.model)
    assert pattern is not None
    surface.hold(view)

    def frame(at: int) -> None:
        view.set_data(view_presenters.segments_data(scene, pattern, at * 7_919 % LENGTH))
        surface.paint(view)

    return frame


def state(surface: Surface, variant: str, settings: dict[str, object]) -> Frame:
    """The playhead moves along the text."""
    view = StateView(THEME)
    view.set_data(view_presenters.state_data(scene_of(pane_of(variant, **settings))))
    surface.hold(view)

    def frame(at: int) -> None:
        view.set_fraction(at * 0.377 % 1)
        surface.paint(view)

    return frame


def grid(surface: Surface) -> Frame:
    """Another token is locked in every frame; the grid is 256 × 256."""
    pane = pane_of("sparse-transformer", scheme="strided", stride=256)
    view = FoldView(THEME)
    pattern = presenters.pattern_of(pane, RunState(), None)
    assert pattern is not None
    parts = presenters.pattern_data(pane, pattern, "", (), THEME).parts
    surface.hold(view)
    before = patternless(pane)

    def frame(at: int) -> None:
        scene = replace(before, pane=replace(pane, locked=at * 7_919 % LENGTH))
        view.set_data(view_presenters.fold_data(scene, pattern, parts, None))
        surface.paint(view)

    return frame


def in_parts(surface: Surface, variant: str, settings: dict[str, object]) -> Frame:
    """From the whole pattern to 700 tokens, elsewhere in every frame."""
    pane, view = pane_of(variant, **settings), PatternView()
    pattern = presenters.pattern_of(pane, RunState(), None)
    assert pattern is not None
    view.set_theme(THEME)
    surface.hold(view)
    view.set_data(presenters.pattern_data(pane, pattern, "", ["word"] * LENGTH, THEME))

    def frame(at: int) -> None:
        size = LENGTH / 100 ** (at % 10 / 9)
        x, y = ((LENGTH - size) * (at * step % 1) for step in (0.618, 0.377))
        view.set_viewport(Viewport(x, x + size, y, y + size))
        surface.paint(view)

    return frame


def panel(surface: Surface, title: str) -> Frame:
    """A better answer of a study comes in every frame."""
    answers = [
        StudyData(tuple(each for each in preview_study(THEME, LENGTH - back).panels if each.title == title))
        for back in range(2)
    ]
    assert all(answer.panels for answer in answers), title
    view = StudyView()
    view.set_theme(THEME)
    surface.hold(view)

    def frame(at: int) -> None:
        view.set_data(answers[at % 2])
        surface.paint(view)

    return frame


def pictures(surface: Surface) -> Iterator[tuple[str, Frame]]:
    """Every picture with what makes one of its frames."""
    for length in (4096, 16):
        yield f"segments of {length:,}, the playhead moves", segments(surface, length)
    for name, (variant, settings) in STATES.items():
        yield f"state of {name}, the playhead moves", state(surface, variant, settings)
    yield "grid of 256 × 256, another token is locked", grid(surface)
    for name, (variant, settings) in PATTERNS.items():
        yield f"pattern of {name} in parts, panned and zoomed", in_parts(surface, variant, settings)
    for each in preview_study(THEME, LENGTH).panels:
        yield f"study: “{each.title}”, a new answer", panel(surface, each.title)


def frame_times(frame: Frame, frames: int) -> list[float]:
    """Milliseconds of the processor for each frame; the first ones warm up."""
    times = []
    for at in range(frames + 2):
        start = time.thread_time()
        frame(at)
        times.append(1e3 * (time.thread_time() - start))
    return times[2:]


def table(quick: bool = False) -> Table:
    """Each picture's p95 against 16 ms."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    apply(application, THEME)
    frames, surface, rows = 20 if quick else 100, Surface(), []
    for name, frame in pictures(surface):
        rows.append(at_most(name, float(np.percentile(frame_times(frame, frames), 95)), LIMIT, " ms", 1))
    about = (
        f"n = {LENGTH:,}, {WIDTH} × {HEIGHT} pixels, p95 of {frames} frames: presenter and painting, "
        "processor time of the frame alone."
    )
    return Table("A frame of each picture", about, tuple(rows))
