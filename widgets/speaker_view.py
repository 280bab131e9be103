"""What the speaker alone sees: notes, what comes next and how it looks, the clock and how long it has gone on."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTime, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from widgets.lettering import tabular
from widgets.style_sheet import restyle
from widgets.view_data import Theme
from widgets.whole_lines import WholeLines

TICK_MILLISECONDS = 500
LINES = 30.0  # of notes on a screen's height: letters of 7 mm on a laptop, read from a metre away
SIZES = (1.3, 1.15, 1.0, 0.9, 0.8, 0.7)  # of that size: the largest one in which the notes fit
SIZE_OF_LONG = 0.9  # of those that scroll
MARGIN = 1.4  # of that size
NEXT_SHARE = 0.36  # of the width
LEAST = QSize(640, 440)  # below it clock and words would be cut


class Thumbnail(QWidget):
    """A picture as large as there is room, in a frame; a sentence where there is none yet."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture: QPixmap | None = None
        self.ink = self.line = QColor()
        self.why = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("The next scene"))

    def sizeHint(self) -> QSize:
        return QSize(320, 240)

    def set_picture(self, picture: QPixmap | None, why: str) -> None:
        """``why`` says why there is none; "" leaves the place empty."""
        self.picture, self.why = picture, why
        self.setAccessibleDescription(why)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self.picture is None:
            painter.setPen(self.ink)
            flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
            painter.drawText(QRectF(self.rect()), flags, self.why)
            return
        size = self.picture.deviceIndependentSize().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(QPointF(0, 0), size).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawPixmap(place, self.picture, QRectF(self.picture.rect()))
        painter.setPen(QPen(self.line, 1))
        painter.drawRect(place)


class SpeakerView(QWidget):
    """Left what is said now, right the time and what is next; letters grow with the screen. ``left`` when somebody
    wants to leave the stage."""

    left = Signal()

    def __init__(self, theme: Theme, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Attnscope: for the speaker"))
        self.setMinimumSize(LEAST)
        self.theme: Theme | None = None
        self.words: tuple[str, ...] = ()
        self.read_clock, self.started = clock, clock()
        self.now, self.caption, self.notes = QLabel(), QLabel(), QLabel()
        self.clock, self.gone = QLabel(), QLabel()
        self.coming, self.following, self.thumbnail = QLabel(self.tr("next")), QLabel(), Thumbnail()
        for label in (self.now, self.caption, self.notes, self.following):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.headings = QLabel(self.tr("clock")), QLabel(self.tr("elapsed"))
        self.paper = WholeLines(self.notes)  # a clicker's keys go through the scenes, not the notes
        self.paper.setAccessibleName(self.tr("Notes"))
        self.place()
        self.ticker = QTimer(self)
        self.ticker.setInterval(TICK_MILLISECONDS)
        self.ticker.timeout.connect(self.show_time)
        self.ticker.start()
        self.show_time()
        self.set_theme(theme)

    def place(self) -> None:
        self.words_side, self.right = QVBoxLayout(), QVBoxLayout()
        for widget in (self.now, self.caption):
            self.words_side.addWidget(widget)
        self.words_side.addSpacing(8)
        self.words_side.addWidget(self.paper, 1)
        times = QGridLayout()
        times.setVerticalSpacing(0)
        for column, (heading, number) in enumerate(zip(self.headings, (self.clock, self.gone), strict=True)):
            side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
            times.addWidget(heading, 0, column, side)
            times.addWidget(number, 1, column, side)
        self.right.addLayout(times)
        self.right.addSpacing(8)
        self.right.addWidget(self.coming)
        self.right.addWidget(self.following)
        self.right.addWidget(self.thumbnail, 1)
        self.side = QWidget()
        self.side.setLayout(self.right)
        self.right.setContentsMargins(0, 0, 0, 0)
        self.columns = columns = QHBoxLayout(self)
        columns.addLayout(self.words_side, 1)
        columns.addWidget(self.side)

    def set_theme(self, theme: Theme) -> None:
        if theme == self.theme:
            return
        self.theme = theme
        self.thumbnail.ink, self.thumbnail.line = QColor(theme.muted), QColor(theme.line)
        self.setStyleSheet(f"SpeakerView, QLabel, QScrollArea {{ background: {theme.background}; border: 0; }}")
        self.fit()

    def set_scene(
        self, name: str, place: str, caption: str, notes: str, following: str, picture: QPixmap | None = None
    ) -> None:
        """The scene on the stage and where it stands ("3 / 8"), and the one after it; "" where that is the last."""
        words = (name, place, caption, notes, following)
        if words == self.words and picture is self.thumbnail.picture:
            return
        self.words = words
        self.now.setText(f"{place}   {name}")
        self.caption.setText(caption)
        self.caption.setVisible(bool(caption))
        if notes != self.notes.text():
            self.notes.setText(notes)
            self.paper.verticalScrollBar().setValue(0)
        self.coming.setVisible(bool(following))
        self.following.setText(following or self.tr("The end"))
        why = self.tr("No picture yet. Shift+F5 plays every scene before the talk.") if following else ""
        self.thumbnail.set_picture(picture, why if picture is None else "")
        self.fit()

    def show_time(self) -> None:
        seconds = int(self.read_clock() - self.started)
        self.clock.setText(QTime.currentTime().toString("HH:mm"))
        minutes, hours = seconds // 60 % 60, seconds // 3600
        self.gone.setText(f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}")

    def fit(self) -> None:
        """Letters that fill the screen: the notes as large as they fit."""
        if self.theme is None:
            return
        self.side.setFixedWidth(round(NEXT_SHARE * self.width()))
        base = max(18.0, self.height() / LINES)
        margin = round(MARGIN * base)
        self.columns.setContentsMargins(margin, round(0.75 * margin), margin, round(0.75 * margin))
        self.columns.setSpacing(margin)
        for label, factor, colour, bold in (
            (self.now, 0.8, self.theme.muted, True),
            (self.caption, 0.8, self.theme.muted, False),
            (self.clock, 1.5, self.theme.text, True),
            (self.gone, 1.5, self.theme.muted, False),
            (self.coming, 0.6, self.theme.muted, False),
            *((heading, 0.6, self.theme.muted, False) for heading in self.headings),
            (self.following, 0.9, self.theme.text, False),
        ):
            self.write(label, factor * base, colour, bold)
        font = QFont(self.font())
        font.setPixelSize(round(0.7 * base))
        self.thumbnail.setFont(font)
        self.columns.activate()
        for factor in SIZES:
            self.write(self.notes, factor * base, self.theme.text, False)
            if self.notes.heightForWidth(self.paper.viewport().width()) <= self.paper.viewport().height():
                break
        else:
            self.write(self.notes, SIZE_OF_LONG * base, self.theme.text, False)
        self.paper.find_lines()

    def write(self, label: QLabel, size: float, colour: str, bold: bool) -> None:
        font = tabular(QFont(self.font()))
        font.setPixelSize(round(size))
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        label.setFont(font)
        restyle(label, f"color: {colour}; font-size: {round(size)}px; font-weight: {600 if bold else 400};")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Long notes scroll; Escape leaves."""
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        bar = self.paper.verticalScrollBar()
        if by:
            bar.setValue(bar.value() + by * bar.pageStep() // 2)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
