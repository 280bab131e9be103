"""One thin line for a problem or for news: a sentence, perhaps a button that helps, a way to put it away. No dialog."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QEnterEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from widgets.lettering import elided, lettering, pixels
from widgets.style_sheet import restyle
from widgets.themes import DARK
from widgets.view_data import Theme

NEWS_SECONDS = 8  # that good news stay; a problem, or what asks for an answer, stays until it is put away


class ElidedLabel(QLabel):
    """A line of text that shortens itself with an ellipsis; the tooltip has all of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def whole_text(self) -> str:
        return self._whole

    def set_whole_text(self, text: str) -> None:
        self._whole = " ".join(text.split())
        self.setAccessibleName(self._whole)
        self._fit()

    def _fit(self) -> None:
        shown = elided(self._whole, self.font(), self.width())
        self.setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(40, super().minimumSizeHint().height())


class MessageBar(QFrame):
    """Hidden until there is something to say. A newer message replaces an older one; the same one changes nothing."""

    action_requested = Signal(str)  # the key given with the message
    dismissed = Signal(str)
    changed = Signal()  # something is said, something else, or nothing any more

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._key = ""
        self._good = self._under_way = False
        self.setObjectName("messageBar")
        self.setFixedHeight(36)
        self.setAccessibleName(self.tr("Message"))
        self._mark = QLabel("!")
        self._mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._mark.setFixedSize(18, 18)
        self._sentence = ElidedLabel()
        self._action = QPushButton()
        self._action.hide()  # until a message has something to do
        self._action.clicked.connect(lambda: self.action_requested.emit(self._key))
        self._dismiss = QPushButton("✕")
        self._dismiss.setProperty("quiet", True)
        self._dismiss.setFixedSize(28, 26)
        self._dismiss.setAccessibleName(self.tr("Dismiss"))
        self._dismiss.setToolTip(self.tr("Dismiss (Esc)"))
        self._dismiss.clicked.connect(self.dismiss)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 8, 0)
        layout.setSpacing(12)
        for widget in (self._mark, self._sentence, self._action, self._dismiss):
            layout.addWidget(widget, 1 if widget is self._sentence else 0)
        self._leaving = QTimer(self, singleShot=True, interval=NEWS_SECONDS * 1000)
        self._leaving.timeout.connect(self.dismiss)
        self.hide()
        self.set_theme(DARK)

    @property
    def leaves(self) -> bool:
        """Whether it is news that will go by themselves."""
        return self._leaving.isActive()

    @property
    def lasting(self) -> bool:
        """Whether something is shown that stays until it is put away: a problem, what is under way, what asks."""
        return not self.isHidden() and (not self._good or self._under_way or self.asks)

    @property
    def sentence(self) -> str:
        """What is shown; empty while hidden."""
        return self._sentence.whole_text if not self.isHidden() else ""

    @property
    def asks(self) -> bool:
        """Whether it has a button that waits to be pressed."""
        return not self.isHidden() and not self._action.isHidden()

    def show_message(
        self, sentence: str, action: str = "", key: str = "", good: bool = False, under_way: bool = False
    ) -> None:
        """Show ``sentence``; ``action`` labels the button, whose press emits ``key``. ``good``: it is no problem;
        ``under_way``: nor a success yet."""
        again = " ".join(sentence.split()) == self.sentence and action == self._action.text() and key == self._key
        if again or not sentence.strip():
            return
        self._key = key
        if (good, under_way) != (self._good, self._under_way):
            self._good, self._under_way = good, under_way
            self.set_theme(self._theme)
        self._sentence.set_whole_text(sentence)
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self.setAccessibleDescription(self._sentence.whole_text)
        self.show()
        self._stay_or_leave(watched=self.underMouse())
        self.changed.emit()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _stay_or_leave(self, watched: bool) -> None:
        """Good news go after a while, but not under the eyes of who points at them."""
        if not self.isHidden() and not self.lasting and not watched:
            self._leaving.start()
        else:
            self._leaving.stop()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._stay_or_leave(watched=True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._stay_or_leave(watched=False)

    def clear(self, key: str | None = None) -> None:
        """Take the message away because its cause is gone; with ``key``, only if it is that message."""
        if key is None or key == self._key:
            self._put_away()

    def dismiss(self) -> None:
        """Take the message away because the person has read it."""
        if not self.isHidden():
            self._put_away()
            self.dismissed.emit(self._key)

    def _put_away(self) -> None:
        self.hide()
        self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        size, colour = pixels(theme.body_points), theme.positive if self._good else theme.warning
        self._mark.setText("!" if not self._good else "i" if self._under_way else "✓")
        self._sentence.setFont(lettering(self.font(), theme.body_points))
        restyle(
            self,
            f"#messageBar {{ background: {theme.raised}; border: 0; border-bottom: 1px solid {theme.line};"
            f" border-left: 3px solid {colour}; }}"
            f"QLabel {{ color: {theme.text}; font-size: {size}px; background: transparent; }}",
        )
        restyle(self._mark, f"color: {theme.surface}; background: {colour}; border-radius: 9px; font-weight: 600;")


def _made_up_bar(theme: Theme) -> QWidget:
    bar = MessageBar()
    bar.set_theme(theme)
    bar.show_message(
        "The file “novel.txt” is not text: it has zero bytes. Choose a text file.", "Open another…", "open"
    )
    return bar


if __name__ == "__main__":
    from widgets.preview import preview

    preview(_made_up_bar)
