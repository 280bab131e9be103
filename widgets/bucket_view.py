"""What hashed attention does to the tokens of one head: in order, hashed, sorted, chunked, read, over all rounds.

The picture is a function of (data, stage, fraction): scrubbing back works, and an export samples the same. Positions
are counted from 0. The arrow keys up and down move the locked token; [ and ] choose the round that is told.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QToolTip, QWidget

from widgets.bucket_cells import Style
from widgets.bucket_geometry import BucketGeometry, lens_for
from widgets.bucket_layout import BucketStage
from widgets.bucket_painting import BucketScene, Playhead
from widgets.bucket_panels import rounds_geometry
from widgets.bucket_words import caption, token_note
from widgets.themes import DARK
from widgets.view_data import BucketsData, Theme

BUTTONS_WIDTH = 56.0  # of the two that change the round


def same_story(old: BucketsData, new: BucketsData) -> bool:
    """Whether two records draw the same picture but for the locked token: then what is drawn already can stay."""
    plain = ("bucket_count", "chunk_length", "look_back", "causal")
    arrays = ("labels", "order", "round_share")
    return (
        all(getattr(old, name) == getattr(new, name) for name in plain)
        and all(np.array_equal(getattr(old, name), getattr(new, name)) for name in arrays)
        and (old.tokens is new.tokens or old.tokens == new.tokens)
    )


class BucketView(QWidget):
    """Shows ``BucketsData`` at a playhead. ``token_hovered`` is −1 when the pointer leaves the tokens."""

    token_hovered = Signal(int)
    token_clicked = Signal(int)
    round_changed = Signal(int)

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._scene: BucketScene | None = None
        self._export_scene: BucketScene | None = None
        self._at = Playhead()
        self._previous_round, self._next_round = QToolButton(self), QToolButton(self)
        self._set_up_buttons()
        self._focus_by_keys = False
        self._why_empty = ""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Buckets"))
        self.set_theme(theme)

    # What is shown

    def set_data(self, data: BucketsData | None) -> None:
        """Another head, text or length; None or no tokens show the empty sentence. Keeps the playhead.

        Raises ValueError where an order is no permutation of the positions.
        """
        empty = data is None or 0 in data.labels.shape
        if self._scene is None or data is None or not same_story(self._scene.data, data):
            self._scene = None if empty or data is None else BucketScene(data, self._style(), BUTTONS_WIDTH)
            self._export_scene = None
        rounds = 0 if self._scene is None else len(self._scene.layouts)
        locked = None if self._scene is None or data is None else data.locked
        self._at = replace(self._at, round=min(self._at.round, max(rounds - 1, 0)), locked=locked, hovered=None)
        self._changed()

    def set_why_empty(self, sentence: str) -> None:
        """What to say where there is nothing to draw; empty for the usual sentence."""
        self._why_empty = sentence
        self.update()

    def set_time(self, stage: int, fraction: float) -> None:
        """Moves the playhead: a ``BucketStage`` (held within them) and how far it has come, 0…1."""
        held = BucketStage(min(max(stage, BucketStage.TOKENS), BucketStage.ROUNDS))
        at = replace(self._at, stage=held, fraction=min(max(fraction, 0.0), 1.0))
        if at != self._at:
            told_anew = at.stage != self._at.stage
            self._at = at
            if told_anew:
                self._describe()
            self.update()

    def set_round(self, index: int) -> None:
        """The round that the story is told for; one that does not exist is the nearest."""
        rounds = 0 if self._scene is None else len(self._scene.layouts)
        held = min(max(index, 0), max(rounds - 1, 0))
        if held != self._at.round:
            self._at = replace(self._at, round=held)
            self._changed()

    def _turn_to(self, index: int) -> None:
        """Somebody asks for a round: ``round_changed`` where there is such another one."""
        before = self._at.round
        self.set_round(index)
        if self._at.round != before:
            self.round_changed.emit(self._at.round)

    def set_locked(self, position: int | None) -> None:
        """The token whose reading is shown; positions that do not exist unlock."""
        count = 0 if self._scene is None else self._scene.tokens
        held = position if position is not None and 0 <= position < count else None
        self._at = replace(self._at, locked=held)
        self._changed()

    def set_theme(self, theme: Theme) -> None:
        """Redraws in other colours and type sizes."""
        self._theme = theme
        if self._scene is not None:
            self._scene = BucketScene(self._scene.data, self._style(), BUTTONS_WIDTH)
        self._export_scene = None
        self.setStyleSheet(
            f"QToolButton {{ color: {theme.text}; background: {theme.raised}; border: 1px solid {theme.line};"
            f" border-radius: 4px; }} QToolButton:disabled {{ color: {theme.muted}; background: transparent; }}"
            f" QToolButton:hover, QToolButton:focus {{ border-color: {theme.focus}; }}"
        )
        self._changed()

    @property
    def playhead(self) -> Playhead:
        """What is shown now."""
        return self._at

    def sizeHint(self) -> QSize:
        return QSize(880, 680)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 200)

    def paint_onto(self, painter: QPainter, rect: QRectF) -> None:
        """The picture at any size, without what belongs to the pointer and the keyboard."""
        if self._scene is None:
            self._paint_empty(painter, rect)
            return
        if self._export_scene is None:
            self._export_scene = BucketScene(self._scene.data, self._style(), printed=True)
        at = replace(self._at, hovered=None)
        self._export_scene.caption_lines = self._export_scene.most_caption_lines(rect.width(), at)
        self._export_scene.paint(painter, rect, at)

    def good_height(self, width: float) -> float:
        """How high a file's picture of this width looks best: with room for who reads whom, and for the panels."""
        if self._scene is None:
            return width / 2
        return self._scene.good_height(width, self._at)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The frame shows where keys brought the focus; where the pointer did, the eye is there already."""
        self._focus_by_keys = event.reason() not in (
            Qt.FocusReason.MouseFocusReason,
            Qt.FocusReason.OtherFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
        )
        super().focusInEvent(event)

    # Drawing

    def _style(self) -> Style:
        return Style(self._theme, QFont(self.font()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._scene is None:
            self._paint_empty(painter, QRectF(self.rect()))
        else:
            self._scene.paint(painter, QRectF(self.rect()), self._at)
        if self.hasFocus() and self._focus_by_keys:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._theme.focus), 1.0))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_empty(self, painter: QPainter, rect: QRectF) -> None:
        painter.fillRect(rect, QColor(self._theme.background))
        painter.setFont(self._style().body)
        painter.setPen(QColor(self._theme.muted))
        text = self._why_empty or self.tr("No tokens yet. Type or open a text, and its buckets appear here.")
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(rect.adjusted(20, 20, -20, -20), int(flags), text)

    def _changed(self) -> None:
        """After anything but time: buttons, description, picture."""
        rounds = 0 if self._scene is None else len(self._scene.layouts)
        for button, enabled in (
            (self._previous_round, self._at.round > 0),
            (self._next_round, self._at.round < rounds - 1),
        ):
            button.setVisible(rounds > 1)
            button.setEnabled(enabled)
        self._place_buttons()
        self._describe()
        self.update()

    def _describe(self) -> None:
        """The picture in words, for screen readers."""
        if self._scene is None:
            self.setAccessibleDescription(self.tr("No tokens yet."))
            return
        scene, at = self._scene, self._at
        self.setAccessibleDescription(caption(scene.data, scene.layouts, at.round, at.stage, at.locked))

    def _set_up_buttons(self) -> None:
        for button, arrow, name, step in (
            (self._previous_round, "‹", self.tr("Previous round  ["), -1),
            (self._next_round, "›", self.tr("Next round  ]"), 1),
        ):
            button.setText(arrow)
            button.setProperty("quiet", True)
            button.setFixedSize(24, 22)
            button.setToolTip(name)
            button.setAccessibleName(name)
            button.clicked.connect(lambda _=False, by=step: self._turn_to(self._at.round + by))

    def _place_buttons(self) -> None:
        geometry = self._geometry()
        if geometry is not None:
            top = round(geometry.tokens.top() - geometry.line - 9.0)
            right = round(geometry.tokens.right())
            self._previous_round.move(right - 48, max(top, 0))
            self._next_round.move(right - 22, max(top, 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place_buttons()

    # Pointer and keyboard

    def _geometry(self) -> BucketGeometry | None:
        return None if self._scene is None else self._scene.geometry(QRectF(self.rect()))

    def token_at(self, point: QPointF) -> int | None:
        """The position of the token under a point of the picture; None beside tokens and on rows not yet there."""
        geometry = self._geometry()
        if geometry is None or self._scene is None:
            return None
        layout, stage = self._scene.layouts[self._at.round], self._at.stage
        for index, row in enumerate(geometry.rows):
            if row.adjusted(0, -3, 0, 3).contains(point) and stage >= index:
                slot = int((point.x() - row.left()) / geometry.pitch)
                return self._position(slot, layout.order if index >= 2 else None)
        if stage >= BucketStage.ATTEND and self._at.locked is not None:
            lens = lens_for(geometry, layout.reach_of(self._at.locked))
            if lens is not None and lens.rect.contains(point):
                return self._position(lens.start + int((point.x() - lens.rect.left()) / lens.pitch), layout.order)
        return self._token_in_rounds(geometry, point)

    def _token_in_rounds(self, geometry: BucketGeometry, point: QPointF) -> int | None:
        if geometry.rounds is None or self._scene is None or self._at.stage < BucketStage.ROUNDS:
            return None
        layouts, data = self._scene.layouts, self._scene.data
        rows = rounds_geometry(geometry.rounds, len(layouts), geometry.line, data.round_share is not None).rows
        for row, layout in zip(rows, layouts, strict=True):
            if row.contains(point):
                return self._position(int((point.x() - row.left()) / row.width() * layout.slots), layout.order)
        return None

    def _position(self, slot: int, order: object) -> int | None:
        """The position at a place of an order, or at a slot of the text where there is none."""
        assert self._scene is not None
        places = self._scene.tokens if order is None else len(order)  # type: ignore[arg-type]
        if not 0 <= slot < places:
            return None
        position = slot if order is None else int(order[slot])  # type: ignore[index]
        return position if position >= 0 else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.token_at(event.position()))
        if self._scene is not None and self._at.hovered is not None:
            layout = self._scene.layouts[self._at.round]
            note = token_note(self._scene.data, layout, self._at.hovered)
            QToolTip.showText(event.globalPosition().toPoint(), note, self)
        else:
            QToolTip.hideText()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)

    def _hover(self, position: int | None) -> None:
        if position != self._at.hovered:
            self._at = replace(self._at, hovered=position)
            self.token_hovered.emit(-1 if position is None else position)
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        position = self.token_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and position is not None:
            self._lock(position)

    def _lock(self, position: int) -> None:
        self.set_locked(position)
        self.token_clicked.emit(position)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._scene is None:
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            by = 1 if event.key() == Qt.Key.Key_Down else -1
            start = self._at.locked if self._at.locked is not None else (-1 if by > 0 else self._scene.tokens)
            self._lock(min(max(start + by, 0), self._scene.tokens - 1))
        elif event.key() in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight):
            self._turn_to(self._at.round + (1 if event.key() == Qt.Key.Key_BracketRight else -1))
        else:
            super().keyPressEvent(event)
