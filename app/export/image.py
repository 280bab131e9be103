"""PNG of any view at any size: the same view data, the same painting as on the screen, the card in the file."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QImageWriter, QPainter

from app.theme import application_font
from engines.problems import Problem
from widgets.view_data import Theme

DEFAULT_SIZE, DEFAULT_DPI = (1600, 1000), 144.0
SCREEN_DPI = 96.0


class Paintable(Protocol):
    """What a view must offer to be exported."""

    def paint_onto(self, painter: QPainter, rect: QRectF) -> None:
        """Draw the view into the rectangle."""


@dataclass(frozen=True)
class Figure:
    """A view with its title and its caption in words, and what is written into the file's metadata."""

    view: Paintable
    title: str
    caption: str
    theme: Theme
    metadata: Mapping[str, object]


def render(figure: Figure, size: tuple[int, int] = DEFAULT_SIZE, dpi: float = DEFAULT_DPI) -> QImage:
    """The figure as an image of ``size`` pixels; ``dpi`` sets how large type and lines come out."""
    ratio = dpi / SCREEN_DPI
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(figure.theme.background))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    paint(figure, painter, QRectF(0, 0, size[0] / ratio, size[1] / ratio))
    painter.end()
    image.setDevicePixelRatio(1.0)
    image.setDotsPerMeterX(round(dpi / 0.0254))
    image.setDotsPerMeterY(round(dpi / 0.0254))
    image.setText("Attnscope", json.dumps(figure.metadata, ensure_ascii=False))
    return image


def paint(figure: Figure, painter: QPainter, page: QRectF) -> None:
    """Title above, picture, caption below."""
    margin = 16.0
    inner = page.adjusted(margin, margin, -margin, -margin)
    title = application_font(figure.theme)
    title.setPixelSize(18)
    title.setWeight(QFont.Weight.DemiBold)
    painter.setFont(title)
    painter.setPen(QColor(figure.theme.text))
    painter.drawText(QRectF(inner.left(), inner.top(), inner.width(), 26), Qt.AlignmentFlag.AlignLeft, figure.title)
    body = application_font(figure.theme)
    painter.setFont(body)
    painter.setPen(QColor(figure.theme.muted))
    flags = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
    caption = painter.boundingRect(inner, flags, figure.caption)
    caption.moveBottom(inner.bottom())
    painter.drawText(caption, flags, figure.caption)
    picture = QRectF(inner.left(), inner.top() + 34, inner.width(), caption.top() - 12 - inner.top() - 34)
    figure.view.paint_onto(painter, picture)


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
