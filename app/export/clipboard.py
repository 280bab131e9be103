"""A figure on the clipboard, as pixels and as SVG in one go: each program takes what it can paste best."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QMimeData

from app.export.image import Figure, png_bytes, render_page
from app.export.look import Look
from app.export.still import page_of
from app.export.vector import svg_bytes


def mime_of(figure: Figure, look: Look) -> QMimeData:
    page = page_of(look, figure)
    image = render_page(figure, page)
    data = QMimeData()
    data.setImageData(image)
    data.setData("image/png", QByteArray(png_bytes(image)))
    data.setData("image/svg+xml", QByteArray(svg_bytes(figure, page)))
    return data
