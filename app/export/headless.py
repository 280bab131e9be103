"""Pictures of a finished run without a window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app import presenters, view_presenters
from app.export.image import Figure, Paintable, render, save_png
from app.reveal import revealed
from app.run_state import RunState
from app.scene import Scene
from app.session import Pane
from app.study_presenter import study_panels
from app.theme import THEMES, apply
from app.views import kinds_of, views_of
from engines.finished_run import FinishedRun
from engines.headless import study_answer
from engines.messages import ModelInfo, Tokenised, WeightsSlice
from engines.problems import Problem
from engines.variants import variant_named
from widgets.bucket_view import BucketView
from widgets.pattern_view import PatternView
from widgets.plots.plot_data import StudyData
from widgets.study_view import StudyView
from widgets.view_data import Theme, WeightsData


def render_to_file(
    run: FinishedRun, pane: Pane, path: Path, size: tuple[int, int], dpi: float, theme_name: str, step: str = ""
) -> Path:
    """Draw the pane's view of a run into a PNG file, whole or not at all; the path that was written."""
    application = QGuiApplication.instance() or QApplication([])
    theme = THEMES[theme_name]
    assert isinstance(application, QApplication)
    apply(application, theme)
    assert run.prepared.model is not None  # it was run on a text
    model = run.prepared.model.info()
    figure = figure_of(run, pane, model, theme, step, size)
    return save_png(render(figure, size, dpi), path)


def known_of(run: FinishedRun, head: int) -> RunState:
    """The run as the window would know it."""
    tokens = run.prepared.tokens
    told = Tokenised(0, tokens.ids, tokens.text_tokens, tokens.cut, tokens.notes)
    return RunState(spec=run.prepared.spec, tokens=told, traced=run.traced(0, head))


def figure_of(run: FinishedRun, pane: Pane, model: ModelInfo, theme: Theme, step: str, size: tuple[int, int]) -> Figure:
    """The pane's view with its title, caption and metadata."""
    variant, known = variant_named(pane.variant), known_of(run, pane.head)
    views = {view.name: view for view in views_of(pane, kinds_of(known.steps))}
    if pane.view not in views:
        raise Problem("view_not_there", variant=variant.label, view=pane.view, choices=", ".join(views))
    tokens = presenters.token_texts(known, model)
    scene = Scene(0, pane, theme, model, known, known, tokens, tokens, fresh=True)
    if views[pane.view].study:
        view: Paintable = study_picture(run, scene)
    elif pane.view == "products":
        view = study_widget(view_presenters.products_study(scene), theme)
    elif pane.view == "buckets":
        view = bucket_picture(scene, step_index(known, step))
    else:
        view = pattern_picture(run, scene, step_index(known, step), size)
    title = f"{variant.label} · {pane.length:,} tokens · layer {pane.layer + 1}, head {pane.head + 1}"
    return Figure(view, title, "", theme, metadata_of(run))


def bucket_picture(scene: Scene, index: int) -> BucketView:
    """The buckets once step ``index`` is done."""
    buckets = BucketView(scene.theme)
    data = presenters.buckets_data(scene.pane, scene.known, scene.tokens)
    buckets.set_data(data)
    buckets.set_locked(data.locked if data else None)
    buckets.set_time(*presenters.bucket_stage(scene.known.steps, index, 1.0))
    return buckets


def pattern_picture(run: FinishedRun, scene: Scene, index: int, size: tuple[int, int]) -> PatternView:
    """The pattern, drawn from the pairs themselves, or the weights, once step ``index`` is done."""
    pane = scene.pane
    pattern = run.exact_pattern(pane.head)
    shown = revealed(pattern, scene.known.steps, index, 1.0)
    picture = PatternView()
    picture.set_theme(scene.theme)
    weights, addition = weighed(run, pane, size) if pane.view == "weights" else (None, "")
    caption = presenters.pattern_caption(pane, pattern) + addition
    picture.set_data(presenters.pattern_data(pane, shown, caption, scene.tokens, scene.theme))
    picture.set_weights(weights)
    picture.set_locked(pane.locked if pane.locked >= 0 else None)
    return picture


def study_picture(run: FinishedRun, scene: Scene) -> StudyView:
    """A study's last answer."""
    variant = variant_named(scene.pane.variant)
    panels = study_answer(run, scene.pane.view, scene.pane.head, scene.pane.locked)
    return study_widget(StudyData(study_panels(panels, variant, scene.theme)), scene.theme)


def study_widget(data: StudyData | None, theme: Theme) -> StudyView:
    view = StudyView()
    view.set_theme(theme)
    view.set_data(data)
    return view


def weighed(run: FinishedRun, pane: Pane, size: tuple[int, int]) -> tuple[WeightsData, str]:
    """The weights of the whole square in cells, and what the caption must add."""
    n = pane.length
    rows, columns = (np.unique(np.linspace(0, n, min(n, pixels) + 1).astype(np.int64)) for pixels in (size[1], size[0]))
    reply = run.cells(WeightsSlice(0, 0, 0, pane.head, rows, columns))
    largest = float(np.nanmax(reply.values, initial=0.0))
    return presenters.weights_data(reply, largest, pane.logarithmic), presenters.weights_words(
        pane, "weights", reply.every
    )


def step_index(known: RunState, name: str) -> int:
    """The place of a step; a Problem that lists the names where there is no such step."""
    names = [step.name for step in known.steps]
    if not name:
        return len(names) - 1
    if name not in names:
        raise Problem("unknown_step", name=name, choices=", ".join(names))
    return names.index(name)


def metadata_of(run: FinishedRun) -> dict[str, object]:
    """What the picture shows, for the file's metadata: what anybody needs to make it again."""
    spec = run.prepared.spec
    return {
        "variant": spec.variant,
        "parameters": dict(spec.parameters),
        "tokens": spec.length,
        "causal": spec.causal,
        "layer": spec.layer + 1,
        "head": spec.head + 1,
        "seed": spec.seed,
        "weights": run.prepared.model.name if run.prepared.model else "none",
        "device": spec.device,
        "dtype": spec.dtype,
    }
