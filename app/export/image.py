"""A figure: a view with its title and its caption, painted alike into pixels and onto paper; and its pixels as PNG."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QImageWriter, QPainter

from app.export.page import Page
from app.theme import application_font
from engines.problems import Problem
from widgets.lettering import pixels, plain, plain_letters, wrapped
from widgets.view_data import Theme

DEFAULT_SIZE, DEFAULT_DPI = (1600, 1000), 144.0
MARGIN = 6.0  # units of the layout; views have margins of their own
APART = 8.0
MOST_LINES = 12
OTHER_ASPECT = 0.75  # height : width of a view that does not say what suits it


class Paintable(Protocol):
    """What a view must offer to be exported."""

    def paint_onto(self, painter: QPainter, rect: QRectF) -> None:
        """Draw the view into the rectangle."""


@dataclass(frozen=True)
class Figure:
    """A view with its title and its caption in words, and what is written into the file's metadata.

    Where title or caption is empty, nothing stands in its place. ``told`` is the caption for metadata, for those who
    cannot see the picture.
    """

    view: Paintable
    title: str
    caption: str
    theme: Theme
    metadata: Mapping[str, object]
    told: str = ""


def render(figure: Figure, size: tuple[int, int] = DEFAULT_SIZE, dpi: float = DEFAULT_DPI) -> QImage:
    """The figure as an image of ``size`` pixels; ``dpi`` sets how large type and lines come out."""
    return render_page(figure, Page.of_pixels(*size, dpi))


def render_page(figure: Figure, page: Page) -> QImage:
    """The figure as an image of the page's pixels."""
    ratio = page.dpi / page.units_per_inch
    width, height = page.pixels
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(figure.theme.background))
    painter = QPainter(image)
    paint(figure, painter, QRectF(0, 0, width / ratio, height / ratio))
    painter.end()
    image.setDevicePixelRatio(1.0)
    image.setDotsPerMeterX(round(page.dpi / 0.0254))
    image.setDotsPerMeterY(round(page.dpi / 0.0254))
    image.setText("Attnscope", card_text(figure))
    if figure.told:
        image.setText("Description", figure.told)
    return image


def card_text(figure: Figure) -> str:
    """What anybody needs to make the picture again, as one line of JSON."""
    return json.dumps(figure.metadata, ensure_ascii=False)


def paint(figure: Figure, painter: QPainter, page: QRectF) -> None:
    """Title above, picture, caption below."""
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing
        | QPainter.RenderHint.TextAntialiasing
        | QPainter.RenderHint.LosslessImageRendering
    )
    painter.fillRect(page, QColor(figure.theme.background))
    inner = page.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
    with plain_letters():
        title, caption = title_font(figure.theme), body_font(figure.theme)
        top = height_of(figure.title, title, inner.width())
        foot = height_of(figure.caption, caption, inner.width())
        picture = QRectF(inner.left(), inner.top() + top, inner.width(), inner.height() - top - foot)
        figure.view.paint_onto(painter, picture.adjusted(0, APART if top else 0, 0, -APART if foot else 0))
        _lines(painter, inner, figure.title, title, figure.theme.text)
        below = QRectF(inner.left(), inner.bottom() - foot, inner.width(), foot)
        _lines(painter, below, figure.caption, caption, figure.theme.text)


def around(figure: Figure, width: float) -> tuple[float, float]:
    """What title, caption and margins take of a page of this ``width``: across and down, in units of the layout."""
    inner = width - 2 * MARGIN
    title = height_of(figure.title, title_font(figure.theme), inner)
    caption = height_of(figure.caption, body_font(figure.theme), inner)
    return 2 * MARGIN, 2 * MARGIN + title + caption + APART * (bool(title) + bool(caption))


def good_height(view: Paintable, width: float) -> float:
    """How high a view is when it looks best at this width, in units of the layout."""
    own = getattr(view, "good_height", None)
    return float(own(width)) if own is not None else OTHER_ASPECT * width


def title_font(theme: Theme) -> QFont:
    font = application_font(theme)
    font.setPixelSize(pixels(theme.title_points))
    font.setWeight(QFont.Weight.DemiBold)
    return plain(font)


def body_font(theme: Theme) -> QFont:
    return plain(application_font(theme))


def height_of(words: str, font: QFont, width: float) -> float:
    """What the words take in lines of this width."""
    return len(wrapped(words, font, width, MOST_LINES)) * line_height(font) if words else 0.0


def line_height(font: QFont) -> float:
    return round(QFontMetricsF(font).height() * 1.05)


def _lines(painter: QPainter, rect: QRectF, words: str, font: QFont, colour: str) -> None:
    """The words in lines from the top of the rectangle on, over whatever is there."""
    painter.setFont(font)
    painter.setPen(QColor(colour))
    line, baseline = line_height(font), rect.top() + QFontMetricsF(font).ascent()
    for text in wrapped(words, font, rect.width(), MOST_LINES) if words else ():
        painter.drawText(QPointF(rect.left(), baseline), text)  # Chinese is higher than the line
        baseline += line


def png_bytes(image: QImage) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(data.data())


def save_png(image: QImage, path: Path) -> Path:
    """Write the image beside its place and move it there: a full disk or a cancel leaves the old file whole.

    An extension is added where there is none. A Problem says why it cannot be saved.
    """
    if path.suffix.lower() != ".png":
        path = path.with_name(path.name + ".png")
    save_bytes(png_bytes(image), path)
    return path


def save_bytes(content: bytes, path: Path) -> None:
    """Replace a file whole, or not at all."""
    partial = ""
    try:
        handle, partial = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".partial")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(partial, 0o666 & ~current_umask())
        os.replace(partial, path)
    except OSError as error:
        if partial and os.path.exists(partial):
            os.unlink(partial)
        raise Problem("cannot_save", path=str(path), reason=error.strerror or str(error)) from None


def current_umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
