"""The whole picture of the bucket view, as a function of data, stage and fraction.

What does not move is drawn once per size and kept; a frame then lays a few pictures over each other. Vector devices get
the same drawing without pictures in between.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from widgets.batched_drawing import is_vector, keep_within
from widgets.bucket_arcs import draw_arcs, draw_borders, draw_reach, reading_plan
from widgets.bucket_cells import (
    RESTING,
    Style,
    draw_number_each,
    draw_numbers,
    draw_row,
    draw_texts,
    part_buckets,
    with_alpha,
)
from widgets.bucket_flight import draw_flight, draw_trails, flight_curve, trail_front
from widgets.bucket_geometry import BucketGeometry, bucket_geometry
from widgets.bucket_layout import BucketStage, RoundLayout, amount, flight_progress, round_layout, runs
from widgets.bucket_panels import draw_rounds, draw_rounds_title, draw_shares, draw_sizes, draw_title, mark_in_rounds
from widgets.bucket_words import caption, column_note, row_titles, say, shorter_titles
from widgets.lettering import wrapped
from widgets.piece_text import readable
from widgets.view_data import BucketsData

HEIGHT = 0.72  # of a file's picture to its width, where that leaves nothing out
MORE = 12.0


@dataclass(frozen=True)
class Playhead:
    """Where the story is, and which tokens and round it is told for."""

    stage: BucketStage = BucketStage.TOKENS
    fraction: float = 0.0
    round: int = 0
    locked: int | None = None
    hovered: int | None = None


class BucketScene:
    """Paints one set of data in one style. Raises ValueError where an order is no permutation."""

    def __init__(self, data: BucketsData, style: Style, room_for_buttons: float = 0.0, printed: bool = False) -> None:
        self.data = data
        self.style = style
        self.room_for_buttons = room_for_buttons
        self.layouts: list[RoundLayout] = [round_layout(data, r) for r in range(data.labels.shape[0])]
        self.printed = printed  # into a file, in which nothing can be clicked
        self.caption_lines = 1
        self._kept: dict[tuple[str, int], QImage] = {}
        self._kept_for: tuple[float, ...] = ()

    @property
    def tokens(self) -> int:
        """Number of tokens."""
        return int(self.data.labels.shape[1])

    def geometry(self, rect: QRectF, caption_lines: int = 0) -> BucketGeometry:
        """Where the parts lie in the rectangle, with a caption of so many lines; 0 for as many as are told."""
        line, body = QFontMetricsF(self.style.small).height(), QFontMetricsF(self.style.body).height()
        slots = max(layout.slots for layout in self.layouts)
        return bucket_geometry(rect, slots, line, body, caption_lines or self.caption_lines)

    def good_height(self, width: float, at: Playhead) -> float:
        """How high a file's picture of this width must be for no part to be left out, and to look well."""
        lines, height = self.most_caption_lines(width, at), HEIGHT * width
        while self.geometry(QRectF(0, 0, width, height), lines).sizes is None:
            height += MORE
        return height + MORE  # letters are not quite as high on every page

    def paint(self, painter: QPainter, rect: QRectF, at: Playhead) -> None:
        """Draws the picture into the rectangle."""
        geometry = self.geometry(rect)
        self._forget_other_sizes(painter, rect)
        painter.save()
        keep_within(painter, rect)
        painter.fillRect(rect, QColor(self.style.theme.background))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_rows(painter, geometry, at)
        self._paint_titles(painter, geometry, at)
        self._paint_reading(painter, geometry, at)
        self._paint_panels(painter, geometry, at)
        self._paint_caption(painter, geometry, at)
        painter.restore()

    def _forget_other_sizes(self, painter: QPainter, rect: QRectF) -> None:
        kept_for = (rect.left(), rect.top(), rect.width(), rect.height(), painter.deviceTransform().m11())
        if kept_for != self._kept_for:
            self._kept.clear()
            self._kept_for = kept_for

    def _layer(
        self,
        painter: QPainter,
        key: tuple[str, int],
        area: QRectF,
        draw: Callable[[QPainter], None],
        down: float = 0.0,
        opacity: float = 1.0,
    ) -> None:
        """Draws something that does not change, moved ``down`` pixels; from the second time on as a kept picture."""
        if opacity <= 0.0:
            return
        painter.save()
        painter.setOpacity(painter.opacity() * opacity)
        if is_vector(painter):
            painter.translate(0.0, down)
            draw(painter)
        else:
            image, corner = self._picture(painter, key, area, draw)
            painter.drawImage(corner + QPointF(0.0, down), image)
        painter.restore()

    def _picture(
        self, painter: QPainter, key: tuple[str, int], area: QRectF, draw: Callable[[QPainter], None]
    ) -> tuple[QImage, QPointF]:
        whole = area.toAlignedRect()
        if key not in self._kept:
            scale = max(painter.deviceTransform().m11(), 0.01)
            image = QImage(
                max(round(whole.width() * scale), 1),
                max(round(whole.height() * scale), 1),
                QImage.Format.Format_ARGB32_Premultiplied,
            )
            image.setDevicePixelRatio(scale)
            image.fill(0)
            own = QPainter(image)
            own.setRenderHint(QPainter.RenderHint.Antialiasing)
            own.translate(-whole.left(), -whole.top())
            draw(own)
            own.end()
            self._kept[key] = image
        return self._kept[key], QPointF(whole.topLeft())

    def _paint_rows(self, painter: QPainter, geometry: BucketGeometry, at: Playhead) -> None:
        """The four rows, the flight between the second and the third, and the outlines of the chosen tokens."""
        layout, style, index = self.layouts[at.round], self.style, at.round
        hashed = amount(BucketStage.HASH, at.stage, at.fraction)
        flown = amount(BucketStage.SORT, at.stage, at.fraction)
        chunked = amount(BucketStage.CHUNK, at.stage, at.fraction)
        self._paint_places_to_come(painter, geometry, (hashed, flown, chunked))

        def area(row: QRectF) -> QRectF:
            return row.adjusted(-3.0, -6.0, 3.0, 6.0)

        first, second, third, fourth = geometry.rows
        self._layer(
            painter,
            ("hash", index),
            area(second),
            self._draw_hashed(geometry, layout),
            (first.top() - second.top()) * (1.0 - hashed),
            hashed,
        )
        self._layer(painter, ("tokens", 0), area(first), self._draw_tokens(geometry))
        if flown > 0.0:
            self._paint_trails(painter, geometry, at, flown)
        if 0.0 < flown < 1.0:
            draw_flight(painter, style, geometry, layout, flown)
            self._outline_in_flight(painter, geometry, at, flown)
        elif flown >= 1.0:
            self._layer(painter, ("sort", index), area(third), self._draw_sorted(geometry, layout))
        self._layer(
            painter,
            ("chunk", index),
            area(fourth),
            self._draw_chunked(geometry, layout),
            (third.top() - fourth.top()) * (1.0 - chunked),
            chunked,
        )
        if chunked > 0.0:
            row = fourth.translated(0.0, (third.top() - fourth.top()) * (1.0 - chunked))
            draw_borders(painter, style, row, layout.chunk_length, geometry.slots, share=chunked)
        for token, colour in ((at.hovered, style.theme.focus), (at.locked, style.theme.text)):
            if token is not None:
                self._outline(
                    painter, geometry, layout, token, colour, (1.0, hashed, float(flown >= 1.0), float(chunked >= 1.0))
                )

    def _paint_places_to_come(self, painter: QPainter, geometry: BucketGeometry, shares: tuple[float, ...]) -> None:
        """Frames where the rows after the first will be."""
        painter.setPen(QPen(QColor(self.style.theme.line), 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for row, share in zip(geometry.rows[1:], shares, strict=True):
            if share < 1.0:
                painter.drawRoundedRect(row.adjusted(0.5, 0.5, -0.5, -0.5), 3.0, 3.0)

    def _draw_tokens(self, geometry: BucketGeometry) -> Callable[[QPainter], None]:
        def draw(painter: QPainter) -> None:
            resting = np.full(self.tokens, RESTING)
            draw_row(painter, self.style, geometry.tokens, geometry.slots, resting)
            draw_texts(
                painter, self.style, geometry.tokens, geometry.slots, resting, lambda i: readable(self.data.tokens[i])
            )

        return draw

    def _draw_hashed(self, geometry: BucketGeometry, layout: RoundLayout) -> Callable[[QPainter], None]:
        def draw(painter: QPainter) -> None:
            draw_row(painter, self.style, geometry.hashed, geometry.slots, layout.labels)
            if geometry.individual:
                draw_number_each(painter, self.style, geometry.hashed, geometry.slots, layout.labels)

        return draw

    def _draw_sorted(self, geometry: BucketGeometry, layout: RoundLayout) -> Callable[[QPainter], None]:
        def draw(painter: QPainter) -> None:
            draw_row(painter, self.style, geometry.sorted, geometry.slots, layout.sorted_labels)
            part_buckets(painter, self.style, geometry.sorted, geometry.slots, layout.sorted_labels)
            draw_numbers(painter, self.style, geometry.sorted, geometry.slots, runs(layout.sorted_labels))

        return draw

    def _draw_chunked(self, geometry: BucketGeometry, layout: RoundLayout) -> Callable[[QPainter], None]:
        def text_of(place: int) -> str:
            position = int(layout.order[place])
            return readable(self.data.tokens[position]) if position >= 0 else ""

        def draw(painter: QPainter) -> None:
            draw_row(painter, self.style, geometry.chunks, geometry.slots, layout.sorted_labels)
            part_buckets(painter, self.style, geometry.chunks, geometry.slots, layout.sorted_labels)
            draw_texts(painter, self.style, geometry.chunks, geometry.slots, layout.sorted_labels, text_of)

        return draw

    def _paint_trails(self, painter: QPainter, geometry: BucketGeometry, at: Playhead, flown: float) -> None:
        """All tokens in flight are at one height, so the curves so far are the finished curves above it."""
        layout = self.layouts[at.round]
        area = QRectF(
            geometry.tokens.left() - 3,
            geometry.hashed.bottom(),
            geometry.tokens.width() + 6,
            geometry.sorted.top() - geometry.hashed.bottom(),
        )
        painter.save()
        painter.setClipRect(
            QRectF(area.left(), area.top(), area.width(), trail_front(geometry, flown) - area.top()),
            Qt.ClipOperation.IntersectClip,
        )
        self._layer(painter, ("trails", at.round), area, lambda p: draw_trails(p, self.style, geometry, layout))
        if at.locked is not None:
            x0, x1 = geometry.x_of(at.locked + 0.5), geometry.x_of(int(layout.places[at.locked]) + 0.5)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self.style.theme.text), 2.0))
            painter.drawPath(flight_curve(x0, area.top(), x1, area.bottom()))
        painter.restore()

    def _outline(
        self,
        painter: QPainter,
        geometry: BucketGeometry,
        layout: RoundLayout,
        token: int,
        colour: str,
        shares: tuple[float, ...],
    ) -> None:
        place = int(layout.places[token])
        flown = shares[1] > 0.0
        painter.setBrush(Qt.BrushStyle.NoBrush)
        width = max(geometry.pitch, 5.0)
        for row, slot, share in zip(geometry.rows, (token, token, place, place), shares, strict=True):
            if share >= 1.0 or (row is geometry.tokens and flown):
                x = geometry.x_of(slot + 0.5)
                painter.setPen(QPen(with_alpha(colour, 1.0), 1.6))
                painter.drawRoundedRect(QRectF(x - width / 2, row.top() - 2.0, width, row.height() + 4.0), 2.5, 2.5)

    def _outline_in_flight(self, painter: QPainter, geometry: BucketGeometry, at: Playhead, flown: float) -> None:
        if at.locked is not None:
            across, down = flight_progress(flown)
            slot = at.locked + (int(self.layouts[at.round].places[at.locked]) - at.locked) * across
            top = geometry.hashed.top() + (geometry.sorted.top() - geometry.hashed.top()) * down
            width = max(geometry.pitch, 5.0)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self.style.theme.text), 1.6))
            box = QRectF(geometry.x_of(slot + 0.5) - width / 2, top - 2.0, width, geometry.hashed.height() + 4.0)
            painter.drawRoundedRect(box, 2.5, 2.5)

    def _paint_titles(self, painter: QPainter, geometry: BucketGeometry, at: Playhead) -> None:
        stages = (BucketStage.TOKENS, BucketStage.HASH, BucketStage.SORT, BucketStage.CHUNK)
        metrics = QFontMetricsF(self.style.small)
        for row, title, stage in zip(geometry.rows, row_titles(self.data), stages, strict=True):
            box = QRectF(row.left(), row.top() - geometry.line - 6.0, row.width(), geometry.line)
            if stage == BucketStage.SORT:  # the curves pass behind it
                plate = QRectF(box.left() - 4, box.top() - 1, metrics.horizontalAdvance(title) + 10.0, box.height() + 2)
                painter.fillRect(plate, with_alpha(self.style.theme.background, 0.85))
            draw_title(painter, self.style, box, title, at.stage >= stage, shorter_titles(self.data, stage))
        note = column_note(geometry.slots, geometry.tokens.width()) if not geometry.individual else ""
        if len(self.layouts) > 1:
            of_rounds = say("round {0} of {1}").format(at.round + 1, len(self.layouts))
            note = f"{note} · {of_rounds}" if note else of_rounds
        # The small buttons that change the round stand at the right end.
        right = geometry.tokens.right() - (self.room_for_buttons if len(self.layouts) > 1 else 0.0)
        box = QRectF(
            geometry.tokens.left(),
            geometry.tokens.top() - geometry.line - 6.0,
            right - geometry.tokens.left(),
            geometry.line,
        )
        room = box.width() - metrics.horizontalAdvance(row_titles(self.data)[0]) - 8.0  # beside the row's title
        if metrics.horizontalAdvance(note) > room:
            note = f"{at.round + 1} / {len(self.layouts)}" if len(self.layouts) > 1 else ""
        if metrics.horizontalAdvance(note) <= room:
            painter.setPen(QColor(self.style.theme.muted))
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, note)

    def _paint_reading(self, painter: QPainter, geometry: BucketGeometry, at: Playhead) -> None:
        """The reach fades in; the arcs appear outwards from the locked token."""
        share = amount(BucketStage.ATTEND, at.stage, at.fraction)
        if share <= 0.0 or at.locked is None:
            return
        layout, locked = self.layouts[at.round], at.locked
        area = geometry.arcs.adjusted(-6.0, geometry.chunks.top() - geometry.arcs.top() - 8.0, 6.0, 0.0)
        wanted = ((f"reach {at.round}", locked), (f"arcs {at.round}", locked))
        for key in [key for key in self._kept if key[0].startswith(("reach", "arcs")) and key not in wanted]:
            del self._kept[key]  # one locked token's pictures are enough
        plan = reading_plan(geometry, layout, locked)
        draw = partial(draw_reach, style=self.style, geometry=geometry, data=self.data, layout=layout, plan=plan)
        self._layer(painter, wanted[0], area, draw, opacity=share)
        half = share * (plan.farthest + 12.0)
        painter.save()
        if share < 1.0:
            painter.setClipRect(
                QRectF(plan.x - half, area.top(), 2 * half, area.height()), Qt.ClipOperation.IntersectClip
            )
        self._layer(painter, wanted[1], area, partial(draw_arcs, style=self.style, plan=plan))
        painter.restore()

    def _paint_panels(self, painter: QPainter, geometry: BucketGeometry, at: Playhead) -> None:
        hashed = amount(BucketStage.HASH, at.stage, at.fraction)
        if geometry.sizes is not None:
            sizes = partial(
                draw_sizes, style=self.style, rect=geometry.sizes, data=self.data, layout=self.layouts[at.round]
            )
            if hashed < 1.0:
                sizes(painter, share=hashed)
            else:
                self._layer(
                    painter, ("sizes", at.round), geometry.sizes.adjusted(-12.0, 0, 8.0, 6.0), partial(sizes, share=1.0)
                )
        panel = geometry.rounds
        if panel is None:
            return
        shown_share = amount(BucketStage.ROUNDS, at.stage, at.fraction)
        if shown_share > 0.0:
            painter.save()
            if shown_share < 1.0:  # one round after the other, from above
                painter.setClipRect(
                    QRectF(panel.left(), panel.top(), panel.width(), panel.height() * shown_share),
                    Qt.ClipOperation.IntersectClip,
                )
            self._layer(
                painter,
                ("rounds", at.round),
                panel.adjusted(-3, 0, 3, 3),
                lambda p: draw_rounds(p, self.style, panel, self.data, self.layouts, at.round),
                opacity=min(shown_share * 2.0, 1.0),
            )
            if at.locked is not None:
                mark_in_rounds(painter, self.style, panel, self.layouts, at.locked, self.data.round_share is not None)
                draw_shares(painter, self.style, panel, self.data, at.locked, shown_share)
            painter.restore()
        draw_rounds_title(painter, self.style, panel, self.data, at.locked, shown_share > 0)

    def _paint_caption(self, painter: QPainter, geometry: BucketGeometry, at: Playhead) -> None:
        text = self._told(at.stage, at)
        painter.setFont(self.style.body)
        painter.setPen(QColor(self.style.theme.text))
        box, line = geometry.caption, geometry.caption.height() / self.caption_lines
        for index, words in enumerate(wrapped(text, self.style.body, box.width(), self.caption_lines)):
            place = QRectF(box.left(), box.top() + index * line, box.width(), line)
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)

    def _told(self, stage: BucketStage, at: Playhead) -> str:
        """The caption; in a file, where no token is chosen, that of the last stage that needs none."""
        if self.printed and at.locked is None:
            stage = min(stage, BucketStage.CHUNK)
        return caption(self.data, self.layouts, at.round, stage, at.locked)

    def most_caption_lines(self, width: float, at: Playhead) -> int:
        """What the longest caption of the story takes in a picture of this width, so that none of it is left out."""
        stages = (self._told(stage, at) for stage in BucketStage)
        inner = self.geometry(QRectF(0, 0, width, 100)).caption.width()
        return max(len(wrapped(words, self.style.body, inner, 4)) for words in stages)
