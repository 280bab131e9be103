"""A fresh process until its first paint, which is a line of JSON on standard output.

    python -m benchmarks.window_start empty | shell

``empty``: a bare main window, pyqtgraph imported. ``shell``: the real window, loaded as the command loads it, without
its engine.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path


def empty() -> None:
    """What the real window is held against."""
    import pyqtgraph  # noqa: F401
    from PySide6.QtWidgets import QApplication, QMainWindow

    from benchmarks.window_process import FirstPaint, say

    application = QApplication(sys.argv[:1])
    window = QMainWindow()
    window.resize(1440, 900)
    FirstPaint(window, lambda: (say("painted"), application.quit()))  # type: ignore[func-returns-value]
    window.show()
    application.exec()


def shell() -> None:
    """As the command ``attnscope`` does."""
    from app.cli import window_module

    opened = window_module()
    from PySide6.QtWidgets import QApplication

    from app.storage import Storage
    from benchmarks.window_process import FirstPaint, say

    application = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as folder:
        window, _ = opened.build(Storage(Path(folder)))
        FirstPaint(window, lambda: (say("painted"), application.quit()))  # type: ignore[func-returns-value]
        window.show()
        application.exec()
    say("modules", torch="torch._C" in sys.modules)


if __name__ == "__main__":
    {"empty": empty, "shell": shell}[sys.argv[1]]()
