"""Where the parts of the bucket view lie in a rectangle of any size. Pure; all values in pixels of the painter."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF

VERTICAL_TEXT_PITCH = 11.0  # narrower cells hold no readable text
HORIZONTAL_TEXT_PITCH = 30.0
SHORT_TEXT_PITCH = 20.0  # the first letters, where a row is too low for turned text
LEAST_TURNED_HEIGHT = 24.0
LEAST_CELL_PITCH = 1.5  # narrower cells become columns that show the mix of their tokens
LENS_PITCH = 4.0  # narrower cells need the magnifier to show who reads whom
LEAST_PANEL = 74.0  # lower panels are left out


@dataclass(frozen=True)
class BucketGeometry:
    """Rectangles of every part. Rows span ``slots`` places; ``panel`` parts are None where there is no room."""

    slots: int
    line: float  # height of a line of small text
    tokens: QRectF
    hashed: QRectF
    sorted: QRectF
    chunks: QRectF
    arcs: QRectF
    sizes: QRectF | None
    rounds: QRectF | None
    caption: QRectF

    @property
    def pitch(self) -> float:
        """Pixels from one place to the next."""
        return self.tokens.width() / max(self.slots, 1)

    @property
    def individual(self) -> bool:
        """Whether every token has a cell of its own."""
        return self.pitch >= LEAST_CELL_PITCH

    def x_of(self, slot: float) -> float:
        """Left edge of a place."""
        return self.tokens.left() + slot * self.pitch

    @property
    def rows(self) -> tuple[QRectF, QRectF, QRectF, QRectF]:
        """Tokens, hashed, sorted, chunked."""
        return self.tokens, self.hashed, self.sorted, self.chunks


def bucket_geometry(rect: QRectF, slots: int, line: float, body_line: float, words: int = 1) -> BucketGeometry:
    """Divides the rectangle; ``line`` and ``body_line`` are the heights of small and of body text, ``words`` the lines
    of the caption.
    """
    margin = min(20.0, rect.width() * 0.03)
    left, width = rect.left() + margin, max(rect.width() - 2 * margin, 1.0)
    top, bottom = rect.top() + min(14.0, rect.height() * 0.02), rect.bottom() - min(12.0, rect.height() * 0.02)
    caption = QRectF(left, bottom - body_line * 1.2 * words, width, body_line * 1.2 * words)
    available = max(caption.top() - 8.0 - top, 1.0)
    row = min(max(available * 0.042, 7.0), 30.0)
    has_text = VERTICAL_TEXT_PITCH <= width / max(slots, 1) < HORIZONTAL_TEXT_PITCH
    tall = min(max(available * 0.085, row), 54.0) if has_text else row
    label = line + 6.0
    labels = 4 * label
    flexible = max(available - labels - 2 * row - 2 * tall, 0.0)
    # Shares of what is left: gap, flight, gap, arcs, panels.
    with_panels = flexible * 0.36 >= LEAST_PANEL
    shares = (0.03, 0.28, 0.05, 0.28, 0.36) if with_panels else (0.05, 0.42, 0.07, 0.46, 0.0)
    gap, flight, gap2, arcs_height, panel_height = (flexible * share for share in shares)
    y = top + label
    tokens = QRectF(left, y, width, tall)
    y += tall + gap + label
    hashed = QRectF(left, y, width, row)
    y += row + flight + label
    ordered = QRectF(left, y, width, row)
    y += row + gap2 + label
    chunks = QRectF(left, y, width, tall)
    y += tall
    arcs = QRectF(left, y, width, arcs_height)
    sizes = rounds = None
    if with_panels:
        y += arcs_height
        between = min(36.0, width * 0.04)
        sizes = QRectF(left, y, width * 0.38 - between / 2, panel_height)
        rounds = QRectF(sizes.right() + between, y, width - sizes.width() - between, panel_height)
    return BucketGeometry(slots, line, tokens, hashed, ordered, chunks, arcs, sizes, rounds, caption)


@dataclass(frozen=True)
class Lens:
    """The reach of the locked token, magnified: places [start, stop) drawn across ``rect``."""

    rect: QRectF
    start: int
    stop: int

    @property
    def pitch(self) -> float:
        """Pixels from one place to the next."""
        return self.rect.width() / max(self.stop - self.start, 1)

    def x_of(self, place: float) -> float:
        """Left edge of a place."""
        return self.rect.left() + (place - self.start) * self.pitch


def lens_for(geometry: BucketGeometry, reach: tuple[int, int]) -> Lens | None:
    """The magnifier under the chunked row, where its cells are too narrow to tell apart."""
    if geometry.pitch >= LENS_PITCH:
        return None
    start, stop = reach
    widest = 34.0
    width = min(geometry.tokens.width(), (stop - start) * widest)
    middle = geometry.x_of((start + stop) / 2)
    left = min(max(middle - width / 2, geometry.tokens.left()), geometry.tokens.right() - width)
    height = min(max(geometry.arcs.height() * 0.2, 8.0), 44.0)
    top = geometry.arcs.top() + min(geometry.arcs.height() * 0.2, 30.0)
    return Lens(QRectF(left, top, width, height), start, stop)
