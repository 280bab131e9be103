"""Small pictures of every view in every theme, as they were when somebody last looked at them.

python -m tests.app.reference_pictures [view …]     makes them anew; look at what changed before committing
"""

from __future__ import annotations

import itertools
import os
import sys
import time
from dataclasses import replace
from functools import cache
from pathlib import Path
from unittest.mock import patch

import numpy as np
from PySide6.QtGui import QImage

from app.export import scene_of_run, scene_view
from app.export.headless import figure_of_panes
from app.export.image import render
from app.export.look import THEME_NAMES, Look
from app.session import Pane
from app.theme import FIGURE_THEMES, THEMES
from app.views import difference_views
from engines.headless import study_answer
from engines.studies import needle
from engines.study import Panel
from engines.variants import variant_named
from tests.app.runs import SETTINGS, run_of

FOLDER = Path(__file__).parent / "references"
SIZE, DPI = (420, 320), 72.0
LOSSLESS = 100  # of WebP, half as large as PNG
LAYER, HEAD, LOCKED, LENGTH = 1, 2, 33, 40
VIEWS = (
    ("longformer", "pattern"),
    ("reformer", "pattern"),
    ("longformer", "weights"),
    ("reformer", "buckets"),
    ("sparse-transformer", "fold"),
    ("transformer-xl", "segments"),
    ("linear-transformer", "state"),
    ("linformer", "products"),
    ("transformer-xl", "cached-or-again"),
    ("transformer-xl", "colliding-positions"),
    ("linformer", "low-rank"),
    ("linformer", "looking-ahead"),
    ("linear-transformer", "state-or-cache"),
    ("performer", "random-features"),
    ("longformer", "receptive-field"),
    ("full", "key-mass"),
    ("longformer", "quality-and-cost"),
    ("longformer", "loss-by-position"),
    ("longformer", "needle"),
    ("longformer", "what-training-changed"),
    ("longformer", "difference"),
    ("reformer", "weights-difference"),
)
WINDOW_THEMES = tuple(name for name in THEMES if name not in THEME_NAMES)
PICTURES = tuple((variant, view, theme) for variant, view in VIEWS for theme in (*THEME_NAMES, *WINDOW_THEMES))


def path_of(variant: str, view: str, theme: str) -> Path:
    return FOLDER / f"{variant}-{view}-{theme}.webp"


def drawn(variant: str, view: str, theme: str) -> QImage:
    """The view of a run on a short text, in English and Chinese, with a token locked; differences are from Full's."""
    beside = ("full",) if view in {each.name for each in difference_views()} else ()
    names = (*beside, variant)
    causal = "causal" in variant_named(variant).masks
    runs = [run_of(name, LENGTH, causal, **SETTINGS.get(name, {})) for name in names]
    panes = [
        Pane(name, {name: SETTINGS.get(name, {})}, length=LENGTH, causal=causal, layer=LAYER, head=HEAD, view=view)
        for name in names
    ]
    panes = [replace(pane, locked=LOCKED) for pane in panes]
    every_theme = {**FIGURE_THEMES, **{name: THEMES[name] for name in WINDOW_THEMES}}
    with (
        patch.object(scene_of_run, "study_answer", lambda *asked: answer(variant, view)),
        patch.object(scene_view, "FIGURE_THEMES", every_theme),
    ):
        return render(figure_of_panes(runs, panes, Look(theme=theme)), SIZE, DPI)


@cache
def answer(variant: str, view: str) -> tuple[Panel, ...]:
    """What a study finds: asked once for all themes, few needles; what it measures takes seconds of our own clock."""
    ticks = itertools.count()
    run = run_of(variant, LENGTH, "causal" in variant_named(variant).masks, **SETTINGS.get(variant, {}))
    with (
        patch.object(time, "perf_counter", lambda: float(next(ticks))),
        patch.object(needle, "DISTANCES", (16, 64)),
        patch.object(needle, "TRIALS", 1),
    ):
        return study_answer(run, view, HEAD, LOCKED)


def pixels(image: QImage) -> np.ndarray:
    """[row, column, colour], 0…255."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(plain.constBits(), dtype=np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return lines[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).astype(np.float64)


def main(views: list[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    for picture in PICTURES:
        if not views or picture[1] in views:
            drawn(*picture).save(str(path_of(*picture)), quality=LOSSLESS)
            print(path_of(*picture))


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main(sys.argv[1:])
