"""Small pictures of every kind of view in every theme, as they were when somebody last looked at them.

python -m tests.app.reference_pictures     makes them anew; look at what changed before committing
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage

from app.export.headless import figure_of
from app.export.image import png_bytes, render
from app.export.look import THEME_NAMES, Look
from app.session import Pane
from engines.variants import variant_named
from tests.app.runs import SETTINGS, run_of

FOLDER = Path(__file__).parent / "references"
SIZE, DPI = (420, 320), 72.0
VIEWS = (
    ("longformer", "pattern"),
    ("reformer", "pattern"),
    ("longformer", "weights"),
    ("reformer", "buckets"),
    ("sparse-transformer", "fold"),
    ("transformer-xl", "segments"),
    ("linear-transformer", "state"),
    ("linformer", "products"),
    ("longformer", "receptive-field"),
    ("full", "key-mass"),
)
PICTURES = tuple((variant, view, theme) for variant, view in VIEWS for theme in THEME_NAMES)


def path_of(variant: str, view: str, theme: str) -> Path:
    return FOLDER / f"{variant}-{view}-{theme}.png"


def drawn(variant: str, view: str, theme: str) -> QImage:
    """The view of a run on a short text, in English and Chinese, with a token locked."""
    settings, causal = SETTINGS.get(variant, {}), "causal" in variant_named(variant).masks
    run = run_of(variant, 40, causal, **settings)
    pane = Pane(variant, {variant: settings}, length=40, causal=causal, layer=1, head=2, view=view, locked=33)
    return render(figure_of(run, pane, Look(theme=theme)), SIZE, DPI)


def pixels(image: QImage) -> np.ndarray:
    """[row, column, colour], 0…255."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(plain.constBits(), dtype=np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return lines[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).astype(np.float64)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for picture in PICTURES:
        path_of(*picture).write_bytes(png_bytes(drawn(*picture)))
        print(path_of(*picture))


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main()
