"""One picture into one file, whole or not at all: the figure on its page, in the format asked for."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path

from app.export.formats import Format
from app.export.image import Figure, around, good_height, png_bytes, render_page, save_bytes
from app.export.look import Look
from app.export.page import MILLIMETRES_PER_INCH, POINTS_PER_INCH, Page
from app.export.vector import pdf_bytes, svg_bytes
from engines.problems import Problem

LEAST_VIEW = 12.0  # units that a figure's picture has for itself
Report = Callable[[float], bool]
"""Told how far an export has come, 0…1; whether it is still wanted."""


def no_report(share: float) -> bool:
    """Tell nobody, and want it."""
    return True


def page_of(look: Look, figure: Figure) -> Page:
    """The look's page; where it has no height, the one at which this figure looks best.

    A Problem where its words alone are higher than the page.
    """
    page = Page(look.width, look.height or look.width, look.type_points, look.dpi)
    across, down = around(figure, page.size[0])
    if look.height:
        if page.size[1] < down + LEAST_VIEW:
            most, least = (inch * MILLIMETRES_PER_INCH for inch in (page.height, down / page.units_per_inch))
            raise Problem("page_too_low", millimetres=f"{most:.0f}", words=f"{least:.0f}")
        return page
    needed = down + good_height(figure.view, page.size[0] - across)
    whole_points = math.ceil(needed / page.units_per_inch * POINTS_PER_INCH)  # pages of PDF have no others
    return replace(page, height=whole_points / POINTS_PER_INCH)


def still_bytes(figure: Figure, page: Page, format_: Format) -> bytes:
    """The file's content."""
    if format_.name == "svg":
        return svg_bytes(figure, page)
    if format_.name == "pdf":
        return pdf_bytes(figure, page)
    if format_.name == "png":
        return png_bytes(render_page(figure, page))
    raise Problem("unknown_format", name=format_.name, choices="png, svg, pdf")


def save_still(figure: Figure, page: Page, format_: Format, path: Path, report: Report = no_report) -> Path:
    """Write the figure; the path that was written.

    A Problem says why it cannot be, or that ``report`` wanted it no longer; an old file is then as it was.
    """
    for share in saving(figure, page, format_, path):
        if not report(share) and share < 1:
            raise Problem("export_cancelled", path=path.name)
    return path


def saving(figure: Figure, page: Page, format_: Format, path: Path) -> Generator[float, None, None]:
    """Write the figure, yielding the share 0…1 that is done; ``close`` gives up, and an old file is as it was."""
    yield 0.1
    content = still_bytes(figure, page, format_)
    yield 0.9
    save_bytes(content, path)
    yield 1.0
