"""Pictures of a finished run without a window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app import presenters
from app.export.image import Figure, render, save_png
from app.reveal import revealed
from app.run_state import RunState
from app.session import Pane
from app.theme import THEMES, apply
from engines.finished_run import FinishedRun
from engines.messages import ModelInfo, Tokenised, WeightsSlice
from engines.problems import Problem
from engines.variants import variant_named
from engines.weights import shipped_model
from widgets.bucket_view import BucketView
from widgets.pattern_view import PatternView
from widgets.view_data import Theme, WeightsData


def render_to_file(
    run: FinishedRun, pane: Pane, path: Path, size: tuple[int, int], dpi: float, theme_name: str, step: str = ""
) -> Path:
    """Draw the pane's view of a run into a PNG file, whole or not at all; the path that was written."""
    application = QGuiApplication.instance() or QApplication([])
    theme = THEMES[theme_name]
    assert isinstance(application, QApplication)
    apply(application, theme)
    model = shipped_model().info()
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
    tokens = presenters.token_texts(known, model)
    pattern = run.exact_pattern(pane.head)
    index = step_index(known, step)
    caption = presenters.pattern_caption(pane, pattern)
    if pane.view == "buckets":
        data = presenters.buckets_data(pane, known, tokens)
        if data is None:
            raise Problem("view_not_there", variant=variant.label, view=pane.view)
        buckets = BucketView(theme)
        buckets.set_data(data)
        buckets.set_locked(data.locked)
        buckets.set_time(*presenters.bucket_stage(known.steps, index, 1.0))
        view: BucketView | PatternView = buckets
    else:
        shown = revealed(pattern, known.steps, index, 1.0)
        picture = PatternView()
        picture.set_theme(theme)
        weights, addition = weighed(run, pane, size) if pane.view == "weights" else (None, "")
        picture.set_data(presenters.pattern_data(pane, shown, caption + addition, tokens, theme))
        picture.set_weights(weights)
        picture.set_locked(pane.locked if pane.locked >= 0 else None)
        view = picture
    title = f"{variant.label} · {pane.length:,} tokens · layer {pane.layer + 1}, head {pane.head + 1}"
    return Figure(view, title, "", theme, metadata_of(run))


def weighed(run: FinishedRun, pane: Pane, size: tuple[int, int]) -> tuple[WeightsData, str]:
    """The weights of the whole square in cells, and what the caption must add."""
    n = pane.length
    rows, columns = (np.unique(np.linspace(0, n, min(n, pixels) + 1).astype(np.int64)) for pixels in (size[1], size[0]))
    reply = run.cells(WeightsSlice(0, 0, 0, pane.head, rows, columns))
    largest = float(np.nanmax(reply.values, initial=0.0))
    return presenters.weights_data(reply, largest, pane.logarithmic), presenters.rows_drawn(reply.every)


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
        "device": spec.device,
        "dtype": spec.dtype,
    }
