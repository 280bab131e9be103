"""The word "stale" over a view whose widget has none of its own: it shows an earlier run."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel, QWidget

from widgets.lettering import pixels
from widgets.view_data import Theme

TOP = 6


class StaleMark(QLabel):
    """Stands at the top of its parent, in the middle: corners belong to what views have there."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(self.tr("stale"), parent)
        self.over = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hide()
        self.set_theme(theme)
        parent.installEventFilter(self)

    def set_theme(self, theme: Theme) -> None:
        colours = f"color: {theme.warning}; background: {theme.surface}; border: 1px solid {theme.warning};"
        shape = f"border-radius: 4px; padding: 1px 6px; font-size: {pixels(theme.small_points)}px;"
        self.setStyleSheet(f"{colours} {shape}")
        self.place()

    def set_shown(self, shown: bool) -> None:
        self.setVisible(shown)
        if shown:
            self.place()

    def place(self) -> None:
        self.adjustSize()
        self.move((self.over.width() - self.width()) // 2, TOP)
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.place()
        return super().eventFilter(watched, event)
