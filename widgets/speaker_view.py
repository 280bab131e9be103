"""What the speaker alone sees: notes, what comes next, the clock and how long it has gone on."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, QTime, QTimer
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from widgets.lettering import pixels
from widgets.view_data import Theme

TICK_MILLISECONDS = 500


class SpeakerView(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Attnscope: for the speaker"))
        self.started = time.monotonic()
        self.now, self.caption, self.notes, self.following = QLabel(), QLabel(), QLabel(), QLabel()
        self.clock, self.gone = QLabel(), QLabel()
        for label in (self.caption, self.notes, self.following):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        layout = QGridLayout(self)
        layout.setContentsMargins(32, 24, 32, 24)
        layout.setSpacing(16)
        layout.addWidget(self.now, 0, 0)
        layout.addWidget(self.clock, 0, 1, Qt.AlignmentFlag.AlignRight)
        layout.addWidget(self.caption, 1, 0)
        layout.addWidget(self.gone, 1, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.notes, 2, 0, 1, 2)
        layout.addWidget(self.following, 3, 0, 1, 2)
        layout.setColumnStretch(0, 1)
        layout.setRowStretch(2, 1)
        self.ticker = QTimer(self)
        self.ticker.setInterval(TICK_MILLISECONDS)
        self.ticker.timeout.connect(self.show_time)
        self.ticker.start()
        self.show_time()
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        size = pixels(theme.body_points)
        self.setStyleSheet(f"SpeakerView, QLabel {{ background: {theme.background}; color: {theme.text}; }}")
        for label, factor, colour in (
            (self.now, 1.6, theme.accent),
            (self.clock, 2.0, theme.text),
            (self.gone, 1.4, theme.muted),
            (self.caption, 1.4, theme.text),
            (self.notes, 2.0, theme.text),
            (self.following, 1.4, theme.muted),
        ):
            label.setStyleSheet(f"font-size: {round(factor * size)}px; color: {colour};")

    def set_scene(self, name: str, caption: str, notes: str, following: str) -> None:
        """The scene on the stage, and the one after it; "" where that is the last."""
        self.now.setText(name)
        self.caption.setText(caption)
        self.notes.setText(notes)
        self.following.setText(self.tr("Next: {name}").format(name=following) if following else self.tr("The end"))

    def show_time(self) -> None:
        seconds = int(time.monotonic() - self.started)
        self.clock.setText(QTime.currentTime().toString("HH:mm"))
        self.gone.setText(f"{seconds // 60}:{seconds % 60:02}")
