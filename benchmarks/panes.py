"""How long one frame of four panes takes: 65,536 tokens each, in a window of 1440 × 900, without an engine.

    python -m benchmarks panes [--quick]

A frame is what follows one movement of a person: the session that changes, what every pane makes of it, and the
painting of all four. Processor time of the frame alone, whatever else the machine does.
"""

from __future__ import annotations

import os

import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.session import Pane, Session
from app.storage import Storage
from app.window import build
from benchmarks.table import Table, at_most
from benchmarks.views import LENGTH, LIMIT, Frame, frame_times

PANES = (
    Pane("full", length=LENGTH),
    Pane("longformer", length=LENGTH),
    Pane("sparse-transformer", {"sparse-transformer": {"stride": 256}}, length=LENGTH),
    Pane("transformer-xl", {"transformer-xl": {"segment": 4096, "memory": 4096}}, length=LENGTH),
)


def table(quick: bool = False) -> Table:
    """p95 of each movement against 16 ms."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    QApplication.instance() or QApplication([])
    window, commands = build(Storage(None))
    controller, area = commands.controller, window.pane_area
    area.animated = False
    window.resize(1440, 900)
    window.show()
    controller.set_session(Session(PANES))
    QApplication.processEvents()
    image = QImage(area.size(), QImage.Format.Format_ARGB32_Premultiplied)

    def paint() -> None:
        area.render(image)

    def zoom(at: int) -> None:
        size = LENGTH / 100 ** (at % 10 / 9)
        x, y = ((LENGTH - size) * (at * step % 1) for step in (0.618, 0.377))
        controller.set(zoom=(x, x + size, y, y + size))
        paint()

    def lock(at: int) -> None:
        controller.set(locked=at * 7_919 % LENGTH)
        paint()

    def grow(at: int) -> None:
        controller.set(length=LENGTH - at % 50)
        paint()

    moves: dict[str, Frame] = {"panned and zoomed together": zoom, "another token is locked": lock}
    moves["another length"] = grow
    frames = 20 if quick else 100
    rows = [
        at_most(name, float(np.percentile(frame_times(frame, frames), 95)), LIMIT, " ms", 1)
        for name, frame in moves.items()
    ]
    window.close()
    about = (
        f"Full, Longformer, Sparse and Transformer-XL side by side, n = {LENGTH:,}, window of 1440 × 900, p95 of "
        f"{frames} frames: session, presenters and painting of all four, processor time of the frame alone."
    )
    return Table("A frame of four panes", about, tuple(rows))
