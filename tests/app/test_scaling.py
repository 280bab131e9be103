"""Screens with finer pixels: the window is as large in its own units, nothing is cut, and all is drawn that fine."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

SCRIPT = """
import json, sys
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton
application = QApplication([])
from app.storage import Storage
from app.window import build
window, commands = build(Storage(None), threads=1)
told = []
for width, height in ((1024, 700), (1440, 900), (3840, 2160))[: 2 if float(sys.argv[1]) > 1 else 3]:
    window.resize(width, height)
    window.show()
    for _ in range(4):
        application.processEvents()
    parts = [part for kind in (QLabel, QPushButton, QToolButton) for part in window.findChildren(kind)]
    shown = [part for part in parts if part.isVisible() and part.text()]
    plain = [part for part in shown if not (isinstance(part, QLabel) and part.wordWrap())]
    cut = [part.text() for part in plain if part.width() < part.sizeHint().width()]
    cut += [part.text() for part in plain if part.height() < part.sizeHint().height()]
    places = [(each.mapTo(window, each.rect().topLeft()), each.size()) for each in
              (window.variant_bar, window.text_panel, window.pane_area, window.live_panel, window.transport,
               window.length_slider)]
    boxes = [(p.x(), p.y(), p.x() + s.width(), p.y() + s.height()) for p, s in places]
    over = [(a, b) for i, a in enumerate(boxes) for b in boxes[i + 1:]
            if min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[1], b[1])]
    grab = window.grab()
    told.append([window.width(), window.height(), grab.width(), grab.height(), cut, over])
print(json.dumps(told))
sys.stdout.flush()
import os
os._exit(0)
"""


@pytest.mark.parametrize("scale", ["1", "1.25", "1.5", "2"])
def test_nothing_is_cut_at_any_scale(scale):
    settings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, scale], env=settings, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    for (width, height), each in zip(((1024, 700), (1440, 900), (3840, 2160)), told, strict=False):
        assert each[:2] == [width, height]
        assert each[2:4] == [round(width * float(scale)), round(height * float(scale))]
        assert each[4:] == [[], []]
