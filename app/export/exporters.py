"""What the export dialog can write: one exporter for each kind of file, its preview, and its own controls."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QSizeF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from app.export.formats import STILLS, Format, Kind
from app.export.image import Figure, render_page
from app.export.look import Look
from app.export.page import Page
from app.export.picture import figure_of_view
from app.export.progress import Progress, Writing
from app.export.still import page_of, saving

if TYPE_CHECKING:
    from app.controller import Controller


@dataclass(frozen=True)
class Order:
    """What is wanted: the look and the format that the dialog says, and ``options``, the exporter's own controls."""

    controller: Controller
    look: Look
    format: Format
    options: QWidget | None = None


@dataclass(frozen=True)
class Room:
    """How large a preview can be, in units of the screen, and how many pixels each has."""

    size: QSizeF
    ratio: float = 1.0


@dataclass(frozen=True)
class Preview:
    """What will be written, as a picture; ``words`` say its size, ``told`` is its caption.

    ``height`` in inches is that of the page, ``moments`` how many there are to look at.
    """

    image: QImage
    words: str
    told: str
    figure: Figure
    height: float = 0.0
    moments: int = 0


class Exporter(Protocol):
    """One kind of file. What cannot be is a Problem."""

    @property
    def kind(self) -> Kind: ...

    @property
    def formats(self) -> tuple[Format, ...]: ...

    def options(self, controller: Controller) -> QWidget | None:
        """Controls of its own, with a signal ``changed``: they stand in the dialog while one of its formats is."""

    def preview(self, order: Order, room: Room, moment: int) -> Preview:
        """What will be written; of a film the frame ``moment``."""

    def write(self, order: Order, path: Path) -> Writing:
        """Write the file, whole or not at all, a piece of work between two events."""


@dataclass(frozen=True)
class StillExporter:
    """A picture as pixels or as vectors."""

    kind: Kind = "still"
    formats: tuple[Format, ...] = STILLS

    def options(self, controller: Controller) -> QWidget | None:
        return None

    def preview(self, order: Order, room: Room, moment: int) -> Preview:
        return still_preview(order, room)

    def write(self, order: Order, path: Path) -> Writing:
        figure = figure_of_view(order.controller, order.look)
        for share in saving(figure, page_of(order.look, figure), order.format, path):
            yield Progress(share)
        return path


def still_preview(order: Order, room: Room) -> Preview:
    """The page as it will be, as large as there is room for."""
    figure = figure_of_view(order.controller, order.look, exact=False)
    page = page_of(order.look, figure)
    dpi = min(room.size.width() / page.width, room.size.height() / page.height) * room.ratio
    image = render_page(figure, Page(page.width, page.height, page.type_points, max(dpi, 10.0)))
    image.setDevicePixelRatio(room.ratio)
    words = f"{page.width * 25.4:.0f} × {page.height * 25.4:.0f} mm"
    return Preview(image, words, figure.told, figure, page.height)


def fitted(image: QImage, room: Room) -> QImage:
    """The picture made smaller where it has not room."""
    size = (room.size * room.ratio).toSize()
    if image.width() > size.width() or image.height() > size.height():
        keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        image = image.scaled(size, keep, smooth)
    image.setDevicePixelRatio(room.ratio)
    return image


def exporters() -> tuple[Exporter, ...]:
    """All of them, in the order of the dialog."""
    from app.export.data_exporter import DataExporter
    from app.export.film_exporter import FilmExporter

    return StillExporter(), FilmExporter(), DataExporter()
