"""Allocated memory through one pass of the algorithm: a filled step curve under the names of its phases."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from widgets.card_text import card_html
from widgets.lettering import elided, lettering, pixels
from widgets.quantities import bytes_text, seconds_text
from widgets.themes import DARK
from widgets.view_data import Card, MemoryPhase, Theme

VERTICALLY = Qt.AlignmentFlag.AlignVCenter


def column_peaks(seconds: np.ndarray, sizes: np.ndarray, start: float, stop: float, columns: int) -> np.ndarray:
    """Highest value of a step function in each of ``columns`` equal spans of time: [columns], so no peak is lost.

    ``sizes[i]`` holds from ``seconds[i]`` (ascending) until the next; before the first it is zero. A change exactly
    at a span's end belongs to the next span.
    """
    edges = np.linspace(start, stop, columns + 1)
    carried = np.searchsorted(seconds, edges[:-1], side="right") - 1
    peaks = np.where(carried >= 0, sizes[np.maximum(carried, 0)], 0).astype(np.int64)
    inside = (seconds >= start) & (seconds <= stop)
    which = np.clip(np.searchsorted(edges, seconds[inside], side="right") - 1, 0, columns - 1)
    np.maximum.at(peaks, which, sizes[inside])
    return peaks


class MemoryStrip(QWidget):
    """Draws the phases of one pass. Time runs to the right in proportion; the peak carries its size."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._phases: tuple[MemoryPhase, ...] = ()
        self._seconds = np.zeros(0)
        self._sizes = np.zeros(0, dtype=np.int64)
        self._stale = False
        self._hovered: int | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(self.tr("Memory through one forward pass"))

    def set_phases(self, phases: tuple[MemoryPhase, ...], stale: bool = False) -> None:
        """Show these phases, in order of time; ``stale`` dims them until the new ones are there."""
        self._phases, self._stale, self._hovered = phases, stale, None
        samples = [sample for phase in phases for sample in phase.bytes_over_time]
        order = np.argsort(np.array([second for second, _ in samples]), kind="stable")
        self._seconds = np.array([second for second, _ in samples])[order]
        self._sizes = np.array([size for _, size in samples], dtype=np.int64)[order]
        spoken = "; ".join(f"{phase.name}: {bytes_text(self._phase_peak(phase))}" for phase in phases)
        self.setAccessibleDescription(spoken)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 152)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 120)

    def plot_rect(self) -> QRectF:
        """Where the curve lies; names of phases stand over it, times and the peak under it."""
        small = pixels(self._theme.small_points)
        top = 12 + pixels(self._theme.title_points) + 12 + small + 6
        return QRectF(16, top, max(1, self.width() - 32), max(1, self.height() - top - small - 18))

    def _span(self) -> tuple[float, float]:
        return self._phases[0].start_seconds, max(phase.stop_seconds for phase in self._phases)

    def _x(self, seconds: float) -> float:
        start, stop = self._span()
        plot = self.plot_rect()
        return plot.left() + plot.width() * (seconds - start) / max(stop - start, 1e-12)

    def _phase_peak(self, phase: MemoryPhase) -> int:
        """Most bytes allocated within the phase, what it inherits from the phase before included."""
        within = (self._seconds >= phase.start_seconds) & (self._seconds < phase.stop_seconds)
        before = np.searchsorted(self._seconds, phase.start_seconds, side="right")
        inherited = self._sizes[before - 1] if before else 0
        return int(np.max(self._sizes, where=within, initial=inherited))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        title = self.tr("Memory through one forward pass")
        font = lettering(self.font(), theme.title_points, bold=True)
        if QFontMetrics(font).horizontalAdvance(title) > self.width() - 32:  # a small window
            font = lettering(self.font(), theme.body_points, bold=True)
        painter.setFont(font)
        painter.setPen(QColor(theme.text))
        baseline = 12 + pixels(theme.title_points)
        painter.drawText(QPointF(16, baseline), elided(title, font, self.width() - 32))
        if not self._phases or not self._sizes.size or self._sizes.max() <= 0:
            self._paint_empty(painter)
            return
        painter.setOpacity(0.45 if self._stale else 1)
        self._paint_curve(painter)
        self._paint_names(painter)
        self._paint_peak(painter)
        self._paint_times(painter)

    def _paint_empty(self, painter: QPainter) -> None:
        plot = self.plot_rect()
        painter.setPen(QPen(QColor(self._theme.line), 1))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        painter.setFont(lettering(self.font(), self._theme.small_points))
        painter.setPen(QColor(self._theme.muted))
        painter.drawText(plot, Qt.AlignmentFlag.AlignCenter, self.tr("Appears when a run is measured"))

    def _paint_curve(self, painter: QPainter) -> None:
        plot, accent = self.plot_rect(), QColor(self._theme.accent)
        columns = max(1, round(plot.width()))
        peaks = column_peaks(self._seconds, self._sizes, *self._span(), columns)
        heights = plot.bottom() - peaks / int(self._sizes.max()) * plot.height()
        starts = np.concatenate(([0], np.flatnonzero(np.diff(peaks)) + 1, [columns]))
        outline: list[QPointF] = []
        for start, stop in pairwise(starts.tolist()):
            outline.append(QPointF(plot.left() + start, heights[start]))
            outline.append(QPointF(plot.left() + stop, heights[start]))
        path = QPainterPath(plot.bottomLeft())
        for point in outline:
            path.lineTo(point)
        path.lineTo(plot.bottomRight())
        fill = QColor(accent)
        fill.setAlphaF(0.35)
        painter.fillPath(path, fill)
        if self._hovered is not None:
            phase = self._phases[self._hovered]
            left = self._x(phase.start_seconds)
            painter.save()
            painter.setClipRect(QRectF(left, plot.top(), self._x(phase.stop_seconds) - left, plot.height() + 1))
            painter.fillPath(path, fill)
            painter.restore()
        painter.setPen(QPen(accent, 1.25))
        painter.drawPolyline(outline)
        painter.setPen(QPen(QColor(self._theme.line), 1))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())

    def name_places(self) -> dict[int, QRectF]:
        """Where phases are named, whole, over their beginning; those that have no room are left out.

        The last may begin before its phase does, for it ends with the plot.
        """
        plot, places = self.plot_rect(), {}
        metrics, height = QFontMetrics(lettering(self.font(), self._theme.small_points)), self._small()
        free_from = plot.left()
        for index, phase in enumerate(self._phases):
            left, width = self._x(phase.start_seconds) + 4, metrics.horizontalAdvance(phase.name)
            if index == len(self._phases) - 1:
                left = min(left, plot.right() - width)
            elif left + width + 1 > self._x(phase.stop_seconds):
                continue
            if left >= free_from:
                places[index] = QRectF(left, plot.top() - 6 - height, width, height + 2)
                free_from = left + width + 5
        return places

    def _paint_names(self, painter: QPainter) -> None:
        plot, theme, places = self.plot_rect(), self._theme, self.name_places()
        painter.setFont(lettering(self.font(), theme.small_points))
        for index, phase in enumerate(self._phases):
            left = self._x(phase.start_seconds)
            beside = index in places and places[index].left() > left
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.drawLine(QPointF(left, plot.top() - (14 if beside else 0)), QPointF(left, plot.bottom()))
        for index, place in places.items():
            painter.setPen(QColor(theme.text if index == self._hovered else theme.muted))
            painter.drawText(QPointF(place.left(), plot.top() - 6), self._phases[index].name)

    def peak_place(self) -> QPointF:
        """The middle of the highest step."""
        at = int(np.argmax(self._sizes))
        end = self._seconds[at + 1] if at + 1 < len(self._seconds) else self._span()[1]
        return QPointF((self._x(float(self._seconds[at])) + self._x(float(end))) / 2, self.plot_rect().top())

    def _peak_text(self) -> str:
        return self.tr("peak {size}").replace("{size}", bytes_text(int(self._sizes.max())))

    def peak_words(self) -> QRectF:
        """Where the peak is told, its dot included: between the times, as near to below it as they let it."""
        plot, metrics = self.plot_rect(), QFontMetrics(lettering(self.font(), self._theme.small_points))
        bold = QFontMetrics(lettering(self.font(), self._theme.small_points, bold=True))
        width = bold.horizontalAdvance(self._peak_text()) + 12
        first = plot.left() + metrics.horizontalAdvance("0") + 12
        last = plot.right() - metrics.horizontalAdvance(self._whole_time()) - 12 - width
        left = max(first, min(self.peak_place().x() - width / 2, last))
        return QRectF(left, plot.bottom() + 4, width, self._small() + 6)

    def _paint_peak(self, painter: QPainter) -> None:
        box = self.peak_words()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.text))
        painter.drawEllipse(self.peak_place(), 3, 3)
        painter.drawEllipse(QPointF(box.left() + 3, box.center().y()), 3, 3)
        painter.setFont(lettering(self.font(), self._theme.small_points, bold=True))
        painter.setPen(QColor(self._theme.text))
        painter.drawText(box.adjusted(12, 0, 2, 0), VERTICALLY, self._peak_text())

    def _whole_time(self) -> str:
        start, stop = self._span()
        return seconds_text(stop - start)

    def _small(self) -> int:
        return pixels(self._theme.small_points)

    def _paint_times(self, painter: QPainter) -> None:
        plot = self.plot_rect()
        painter.setFont(lettering(self.font(), self._theme.small_points))
        painter.setPen(QColor(self._theme.muted))
        line = QRectF(plot.left(), plot.bottom() + 4, plot.width(), self._small() + 6)
        painter.drawText(line, VERTICALLY | Qt.AlignmentFlag.AlignLeft, "0")
        painter.drawText(line, VERTICALLY | Qt.AlignmentFlag.AlignRight, self._whole_time())

    def phase_at(self, x: float) -> int | None:
        """Index of the phase under ``x``; of the nearest one where several share the pixel, the highest."""
        plot = self.plot_rect()
        if not self._phases or not plot.left() <= x <= plot.right():
            return None
        near = [
            i for i, p in enumerate(self._phases) if self._x(p.start_seconds) - 2 <= x < self._x(p.stop_seconds) + 2
        ]
        return max(near, key=lambda index: self._phase_peak(self._phases[index])) if near else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hovered = self.phase_at(event.position().x())
        if hovered != self._hovered:
            self._hovered = hovered
            self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave and self._hovered is not None:
            self._hovered = None
            self.update()
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.phase_at(event.pos().x())
            QToolTip.showText(event.globalPos(), "" if index is None else self.tooltip(index), self)
            return True
        return super().event(event)

    def tooltip(self, index: int) -> str:
        """Name, highest bytes and duration of one phase."""
        phase = self._phases[index]
        rows = (
            (self.tr("most allocated"), bytes_text(self._phase_peak(phase))),
            (self.tr("duration"), seconds_text(phase.stop_seconds - phase.start_seconds)),
        )
        return card_html(Card(rows), self._theme, phase.name)


def _made_up() -> tuple[MemoryPhase, ...]:
    table = (
        ("project", 0.0, 0.9, ((0.0, 6), (0.45, 7))),
        ("hash", 0.9, 1.75, ((0.9, 14),)),
        ("sort", 1.75, 2.55, ((1.75, 22),)),
        ("attend", 2.55, 5.0, ((2.55, 38), (3.8, 19), (4.6, 18))),
        ("combine", 5.0, 6.8, ((5.0, 12), (6.4, 3))),
    )
    return tuple(
        MemoryPhase(name, start / 1e3, stop / 1e3, tuple((second / 1e3, size * 10**6) for second, size in steps))
        for name, start, stop, steps in table
    )


def _made_up_strip(theme: Theme) -> MemoryStrip:
    strip = MemoryStrip()
    strip.set_theme(theme)
    strip.set_phases(_made_up())
    return strip


if __name__ == "__main__":
    from widgets.preview import preview

    preview(_made_up_strip)
