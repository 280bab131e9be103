"""The live numbers: time, memory, pairs. Each says by its look how it was obtained, and shows its card on hover."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from widgets.card_text import card_html, card_plain
from widgets.lettering import bold_html, elided, fits, lettering, pixels, wrapped
from widgets.style_sheet import restyle
from widgets.themes import DARK
from widgets.view_data import Card, Reading, Theme

_COLUMNS = 2
_DIMMED = 0.45
_NOTHING = ("", "–", "—")  # what a reading without a number may bring
_ABSENT = ("refused", "failed", "absent")  # looks of a number that will not come
NARROW = 160  # pixels of a cell in which every note takes two lines
WIDE = 200  # and from which each has room in one; between them a baseline with a long name has not


class ReadingCell(QWidget):
    """One reading. Its size depends on the theme and on the number of note lines kept free, never on the value."""

    copied = Signal(str)  # the title, after its card went to the clipboard

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._reading = reading
        self._notes = len(reading.notes)
        self._hovered = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_reading(reading)

    @property
    def reading(self) -> Reading:
        """What is shown; a pending reading without a value keeps the last one."""
        return self._reading

    @property
    def notes(self) -> int:
        """Notes that room is kept for: the most there ever were, so that the layout never moves back and forth."""
        return self._notes

    def set_notes(self, notes: int) -> None:
        if notes != self._notes:
            self._notes = notes
            self.updateGeometry()

    def _note_lines(self) -> int:
        if self.width() < NARROW:
            return max(1, 2 * self._notes)
        return max(1, self._notes + (self._notes > 1 and self.width() < WIDE))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def set_reading(self, reading: Reading) -> None:
        if reading.look == "pending" and reading.value in _NOTHING:
            last = self._reading
            value, unit = ("", "") if last.look in _ABSENT else (last.value, last.unit)
            reading = replace(reading, value=value, unit=unit, notes=reading.notes or last.notes)
        self._reading = reading
        self.setAccessibleName(reading.title)
        self.setAccessibleDescription(self._spoken())
        self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(152, self._line(0, self._note_lines()) + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(112, self.sizeHint().height())

    def _spoken(self) -> str:
        reading = self._reading
        words = [self._look_word(), f"{self._prefix()}{reading.value} {reading.unit}".strip(), *reading.notes]
        return ", ".join(word for word in words if word)

    def _look_word(self) -> str:
        return {
            "measured": "",
            "predicted": self.tr("predicted"),
            "reconstructed": self.tr("reconstructed"),
            "pending": self.tr("measuring"),
            "refused": self.tr("refused"),
            "failed": self.tr("failed"),
            "absent": "",
        }[self._reading.look]

    def _prefix(self) -> str:
        return "≈ " if self._reading.look == "predicted" else ""

    def _line(self, which: int, notes: int = 0) -> int:
        """Baselines from the top: 0 the bottom of the cell with ``notes`` lines, 1 title, 2 number, 3 first note."""
        theme = self._theme
        title = pixels(theme.small_points) + 4
        number = title + pixels(theme.number_points) + 6
        note = pixels(theme.small_points) + 5
        return {0: number + 4 + notes * note, 1: title - 2, 2: number - 2, 3: number + 2 + note - 2}[which]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        self._paint_title(painter)
        self._paint_value(painter)
        self._paint_notes(painter)

    def _paint_ground(self, painter: QPainter) -> None:
        if self.hasFocus() or (self._hovered and self._reading.card):
            painter.setPen(QPen(QColor(self._theme.focus if self.hasFocus() else self._theme.line), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def _paint_title(self, painter: QPainter) -> None:
        reading = self._reading
        font = lettering(self.font(), self._theme.small_points)
        metrics = QFontMetrics(font)
        word = self._look_word()
        word_width = metrics.horizontalAdvance(word)
        beside = metrics.horizontalAdvance(reading.title) + 12 + word_width <= self.width() - 16
        below = not beside and self._number_width() + 12 + word_width <= self.width() - 16
        below |= reading.look in _ABSENT  # where the number would stand, in all readings alike
        room = self.width() - 16 - (word_width + 8 if word and not below else 0)
        painter.setFont(font)
        painter.setPen(QColor(self._theme.muted))
        painter.drawText(QPointF(8, self._line(1)), elided(reading.title, font, room))
        painter.setPen(QColor(self._theme.warning if reading.look in _ABSENT else self._theme.predicted))
        painter.drawText(QPointF(self.width() - 8 - word_width, self._line(2 if below else 1)), word)

    def _number_width(self) -> int:
        reading, theme = self._reading, self._theme
        number = QFontMetrics(lettering(self.font(), theme.number_points, bold=True))
        unit = QFontMetrics(lettering(self.font(), theme.body_points))
        return number.horizontalAdvance(self._prefix() + reading.value) + 6 + unit.horizontalAdvance(reading.unit)

    def _paint_value(self, painter: QPainter) -> None:
        reading, theme = self._reading, self._theme
        absent = reading.look in _ABSENT
        number = lettering(self.font(), theme.number_points, bold=True)
        unit = lettering(self.font(), theme.body_points)
        unit_width = QFontMetrics(unit).horizontalAdvance(reading.unit) if not absent else 0
        room = self.width() - 16 - (unit_width + 6 if unit_width else 0)
        value = "—" if absent or reading.value in _NOTHING else self._prefix() + reading.value
        while QFontMetrics(number).horizontalAdvance(value) > room and number.pixelSize() > pixels(theme.body_points):
            number.setPixelSize(number.pixelSize() - 1)
        value = elided(value, number, room)
        colour = QColor(theme.predicted if reading.look in ("predicted", "reconstructed") or absent else theme.measured)
        if reading.look == "pending":
            painter.setOpacity(_DIMMED)
        painter.setPen(colour)
        painter.setFont(number)
        painter.drawText(QPointF(8, self._line(2)), value)
        width = QFontMetrics(number).horizontalAdvance(value)
        painter.setFont(unit)
        painter.setPen(QColor(theme.muted))
        if unit_width and reading.value:
            painter.drawText(QPointF(8 + width + 6, self._line(2)), reading.unit)
        painter.setOpacity(1)
        if reading.look in ("predicted", "reconstructed"):
            style = Qt.PenStyle.DashLine if reading.look == "predicted" else Qt.PenStyle.DotLine
            painter.setPen(QPen(QColor(theme.predicted), 1.2, style))
            painter.drawLine(QPointF(8, self._line(2) + 4.5), QPointF(8 + width, self._line(2) + 4.5))

    def _paint_notes(self, painter: QPainter) -> None:
        theme = self._theme
        if self._reading.look in _ABSENT:
            return
        font = lettering(self.font(), theme.small_points)
        painter.setFont(font)
        painter.setPen(QColor(theme.accent))
        painter.setOpacity(_DIMMED if self._reading.look == "pending" else 1)
        step = pixels(theme.small_points) + 5
        for index, line in enumerate(self._noted(font)):
            painter.drawText(QPointF(8, self._line(3) + index * step), line)
        painter.setOpacity(1)

    def _noted(self, font: QFont) -> list[str]:
        """The notes in the lines kept for them; a long note goes on in a line that would stay empty.

        Where one must be broken between its parts, all are: they are read against each other.
        """
        notes = self._reading.notes[: self._notes]
        parted = [part for note in notes for part in note.split(" · ")]
        whole = all(fits(note, font, self.width() - 16) for note in notes)
        if not whole and len(notes) < len(parted) <= self._note_lines():
            return [elided(part, font, self.width() - 16) for part in parted]
        spare = self._note_lines() - len(notes)
        lines: list[str] = []
        for note in notes:
            parts = wrapped(note, font, self.width() - 16, 1 + spare)
            spare -= len(parts) - 1
            lines += parts
        return lines

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tooltip(), self)
            return True
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave):
            self._hovered = event.type() == QEvent.Type.Enter
            self.update()
        return super().event(event)

    def tooltip(self) -> str:
        """The card as a table, under the whole reading (which a narrow cell may have to shorten)."""
        reading = self._reading
        look = self._look_word()
        heading = f"{reading.title}: {self._prefix()}{reading.value} {reading.unit}".strip()
        notes = "".join(f"<div>{escape(note)}</div>" for note in reading.notes)
        footer = f'<div style="color:{self._theme.muted}">{self.tr("Click to copy")}</div>' if reading.card else ""
        table = card_html(reading.card or Card(()), self._theme)
        return f"<div>{bold_html(escape(heading))}{f' · {look}' if look else ''}</div>{notes}{table}{footer}"

    def copy(self) -> None:
        """Put the reading and its card on the clipboard as text."""
        reading = self._reading
        QGuiApplication.clipboard().setText(card_plain(reading.card or Card(()), f"{reading.title}: {self._spoken()}"))
        self.copied.emit(reading.title)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.copy()
            QToolTip.showText(event.globalPosition().toPoint(), self.tr("Copied"), self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.copy()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()


class LivePanel(QWidget):
    """A grid of readings under one heading; a refused run's sentence and its override below them."""

    override_requested = Signal()
    copied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._cells: list[ReadingCell] = []
        self.setAccessibleName(self.tr("Live"))
        self._title = QLabel(self.tr("Live"))
        self._source = QLabel()
        self.set_recorded("")
        header = QHBoxLayout()
        header.setContentsMargins(8, 0, 8, 0)
        header.addWidget(self._title)
        header.addStretch()
        header.addWidget(self._source)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self._refusal = QWidget()
        self._sentence = QLabel(wordWrap=True)
        self._override = QPushButton(self.tr("Run anyway"))
        self._override.clicked.connect(lambda: self.override_requested.emit())
        refusal = QHBoxLayout(self._refusal)
        refusal.setContentsMargins(8, 4, 8, 0)
        refusal.setSpacing(12)
        refusal.addWidget(self._sentence, 1)
        refusal.addWidget(self._override, 0, Qt.AlignmentFlag.AlignTop)
        self._refusal.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 12, 8, 12)
        layout.setSpacing(8)
        layout.addLayout(header)
        layout.addLayout(self._grid)
        layout.addWidget(self._refusal)
        layout.addStretch(1)
        self.set_theme(DARK)

    @property
    def cells(self) -> tuple[ReadingCell, ...]:
        return tuple(self._cells)

    def set_readings(self, readings: tuple[Reading, ...]) -> None:
        """Show these readings in this order. Cells are reused, so that nothing moves while numbers change."""
        while len(self._cells) < len(readings):
            cell = ReadingCell(readings[len(self._cells)])
            cell.set_theme(self._theme)
            cell.copied.connect(self.copied)
            self._grid.addWidget(cell, *divmod(len(self._cells), _COLUMNS))
            self._cells.append(cell)
        while len(self._cells) > len(readings):
            gone = self._cells.pop()
            self._grid.removeWidget(gone)
            gone.deleteLater()
        for cell, reading in zip(self._cells, readings, strict=True):
            cell.set_reading(reading)
        for row in range(0, len(readings), _COLUMNS):
            cells = self._cells[row : row + _COLUMNS]
            notes = max(max(cell.notes, len(cell.reading.notes)) for cell in cells)
            for cell in cells:
                cell.set_notes(notes)
        self._show_refusal(readings)

    def _show_refusal(self, readings: tuple[Reading, ...]) -> None:
        refused = [reading for reading in readings if reading.look == "refused"]
        said = (sentence for reading in refused for sentence in (reading.value, *reading.notes))
        sentences = dict.fromkeys(sentence for sentence in said if sentence not in _NOTHING)
        self._sentence.setText(" ".join(sentences))
        self._refusal.setVisible(bool(sentences))

    def set_recorded(self, where: str) -> None:
        """Where and when the numbers were recorded; empty where they are measured here and now."""
        told = self.tr("recorded on {where}").format(where=where)
        self._source.setText(self.tr("recorded, not measured now") if where else self.tr("measured on this machine"))
        self._source.setToolTip(told if where else "")
        self._source.setAccessibleDescription(told if where else "")

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for label, points, colour, bold in (
            (self._title, theme.title_points, theme.text, True),
            (self._source, theme.small_points, theme.muted, False),
            (self._sentence, theme.small_points, theme.warning, False),
        ):
            label.setFont(lettering(self.font(), points, bold))
            restyle(label, f"color: {colour}; font-size: {pixels(points)}px; font-weight: {600 if bold else 400}")
        for cell in self._cells:
            cell.set_theme(theme)


def _made_up() -> tuple[Reading, ...]:
    card = Card((("variant", "Reformer"), ("n", "8,192"), ("heads", "8 × 64"), ("repeats", "12"), ("seed", "7")))
    return (
        Reading(
            "time", "6.8", "ms", "measured", ("textbook 31.4 ms · 4.6× faster", "fused 12.0 ms · 1.8× faster"), card
        ),
        Reading("peak memory", "38", "MB", "predicted", ("textbook 270 MB · 7.1× smaller",), card),
        Reading("pairs kept", "3.1", "%", "pending", ("8.4 M of 268 M",), card),
        Reading("softmax mass found", "94.1", "%", "reconstructed", ("with 23 % of the pairs",), card),
    )


def _made_up_panel(theme: Theme) -> LivePanel:
    panel = LivePanel()
    panel.set_theme(theme)
    panel.set_readings(_made_up())
    return panel


if __name__ == "__main__":
    from widgets.preview import preview

    preview(_made_up_panel)
