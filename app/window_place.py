"""Where the window stands, how large it is, and how its columns share it: kept, for the next start or after a crash."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QObject, QTimer
from PySide6.QtWidgets import QSplitter

from app.kept_choices import keep, kept
from engines.problems import Problem

if TYPE_CHECKING:
    from app.main_window import MainWindow

FILE = "window"
KEEP_DELAY_MILLISECONDS = 800


class WindowPlace(QObject):
    """Puts the window where it was, and keeps where it goes; what cannot be kept costs nothing else."""

    def __init__(self, window: MainWindow, folder: Path | None) -> None:
        super().__init__(window)
        self.window, self.folder = window, folder
        self.columns: QSplitter = window.columns
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(KEEP_DELAY_MILLISECONDS)
        self.timer.timeout.connect(self.keep)
        self.restore()
        window.installEventFilter(self)
        self.columns.splitterMoved.connect(lambda: self.timer.start())

    def restore(self) -> None:
        """Qt itself puts a window that would be off all screens on one of them."""
        whole, _, columns = kept(self.folder, FILE).partition(" ")
        self.window.restoreGeometry(bytes_of(whole))
        self.columns.restoreState(bytes_of(columns))

    def keep(self) -> None:
        states = (self.window.saveGeometry(), self.columns.saveState())
        with contextlib.suppress(Problem):
            keep(" ".join(each.toBase64().toStdString() for each in states), self.folder, FILE)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.WindowStateChange):
            self.timer.start()
        elif event.type() == QEvent.Type.Close:
            self.timer.stop()
            self.keep()
        return super().eventFilter(watched, event)


def bytes_of(words: str) -> QByteArray:
    """What was kept; nothing, where that is damaged, which Qt leaves alone."""
    return QByteArray.fromBase64(words.encode("ascii", errors="ignore"))
