"""The word "stale" over a view whose widget has none of its own: it shows an earlier run."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel, QWidget

from widgets.lettering import pixels
from widgets.view_data import Theme


class StaleMark(QLabel):
    """Hangs from the upper edge of its parent, in the middle, within the margin that views leave there."""

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
        shape = "border-top: none; border-bottom-left-radius: 4px; border-bottom-right-radius: 4px; padding: 0px 7px;"
        shape += f" font-size: {pixels(theme.small_points)}px; max-height: {pixels(theme.small_points) + 3}px;"
        self.setStyleSheet(f"{colours} {shape}")
        self.place()

    def set_shown(self, shown: bool) -> None:
        self.setVisible(shown)
        if shown:
            self.place()

    def place(self) -> None:
        self.adjustSize()
        self.move((self.over.width() - self.width()) // 2, 0)
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.place()
        return super().eventFilter(watched, event)
