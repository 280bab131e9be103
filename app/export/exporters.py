"""What the export dialog can write: one exporter for each kind of file. Films and data join the table in EXPORTERS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.export.formats import STILLS, Format, Kind
from app.export.look import Look
from app.export.picture import figure_of_view
from app.export.still import Report, page_of, save_still

if TYPE_CHECKING:
    from app.controller import Controller

Write = Callable[["Controller", Look, Format, Path, Report, QWidget | None], Path]


@dataclass(frozen=True)
class Exporter:
    """``write`` takes the look of the dialog and the controls of ``options``, if it has some of its own.

    ``write`` asks the report whether it is still wanted and raises Problem("export_cancelled") where it is not.
    ``options`` makes a widget that stands in the dialog while one of the formats is chosen.
    """

    kind: Kind
    formats: tuple[Format, ...]
    write: Write
    options: Callable[[Controller], QWidget] | None = None


def write_still(
    controller: Controller, look: Look, format_: Format, path: Path, report: Report, options: QWidget | None
) -> Path:
    figure = figure_of_view(controller, look)
    return save_still(figure, page_of(look, figure), format_, path, report)


EXPORTERS: list[Exporter] = [Exporter("still", STILLS, write_still)]
