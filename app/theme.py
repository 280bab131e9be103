"""The application's look: themes, fonts, and the colour of each variant by its place in the menu."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib import resources

import numpy as np
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from app.theme_choice import SYSTEM, systems_theme
from engines.variants import variant_named
from widgets.colour_ramp import rgb
from widgets.lettering import pixels
from widgets.style_sheet import palette, style_sheet
from widgets.themes import CONTRAST, PRINT, PRINT_GREY
from widgets.themes import DARK as DARK
from widgets.themes import LIGHT as LIGHT
from widgets.view_data import Theme

THEMES = {theme.name: theme for theme in (DARK, LIGHT, CONTRAST)}
FIGURE_THEMES = {theme.name: theme for theme in (PRINT, PRINT_GREY, LIGHT, DARK)}
"""What an exported figure can look like; the window's own theme never goes into a file."""
FAMILIES = ("Inter", "Noto Sans", "DejaVu Sans")

# After Okabe and Ito, "Color Universal Design" (2008), moved by search as little as it takes for protanopes,
# deuteranopes and tritanopes to tell neighbours apart while each still carries text on its surface; on a light surface
# they are darker. In grey, lightness alone tells.
_VARIANT_COLOURS = {
    "dark": (
        "#a6b3c6",
        "#2ea0d4",
        "#e8a105",
        "#f6ea48",
        "#c572a0",
        "#3fc098",
        "#e66f39",
        "#4987d4",
        "#bd9ff1",
        "#80ad4c",
    ),
    "light": (
        "#394957",
        "#1972a0",
        "#724800",
        "#7a7211",
        "#9e3f7a",
        "#076f54",
        "#b1430a",
        "#2b60b4",
        "#45278c",
        "#446b10",
    ),
    "contrast": (
        "#b8c7d8",
        "#4cb0e5",
        "#eea715",
        "#faec4a",
        "#d581ae",
        "#44c299",
        "#f57c44",
        "#669ded",
        "#ceb0ff",
        "#8dba58",
    ),
    "print": (
        "#595b50",
        "#0089df",
        "#7c421f",
        "#899600",
        "#af70b9",
        "#486e6f",
        "#c45644",
        "#1765d4",
        "#694491",
        "#069157",
    ),
    "print-grey": (
        "#686868",
        "#1b1b1b",
        "#919191",
        "#404040",
        "#a8a8a8",
        "#2c2c2c",
        "#7c7c7c",
        "#131313",
        "#9e9e9e",
        "#525252",
    ),
}


def theme_named(name: str) -> Theme:
    """The theme of a name, "system" for the system's; the dark one where it is not known here."""
    return THEMES.get(systems_theme() if name == SYSTEM else name, DARK)


UNLIKE = 150  # sum of the differences of red, green and blue, 0 … 255 each, from which two colours are told apart


def variant_colour(order: int, theme: Theme) -> str:
    """The colour of the variant at place ``order`` of the menu, from 0; those beyond the last one start over.

    The first one's is never used again: it is what all others are compared with.
    """
    first, *others = _VARIANT_COLOURS[theme.name]
    return others[(order - 1) % len(others)] if order else first


def worn(theme: Theme, variant: str) -> Theme:
    """The theme with the variant's colour as accent."""
    return replace(theme, accent=variant_colour(variant_named(variant).order, theme))


def contrasting(own: str, theme: Theme) -> tuple[str, ...]:
    """The theme's colours for groups that are told apart from a variant's own, in order."""
    return tuple(colour for colour in theme.categories if np.abs(rgb(colour) - rgb(own)).sum() > UNLIKE)


@cache
def bundled_families() -> tuple[str, ...]:
    """Register the fonts in ``resources/fonts`` once and return their families; none where there are none."""
    folder = resources.files("resources").joinpath("fonts")
    if not folder.is_dir():
        return ()
    families: list[str] = []
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.lower().endswith((".otf", ".ttf")):
            identity = QFontDatabase.addApplicationFontFromData(QByteArray(entry.read_bytes()))
            if identity >= 0:  # a damaged font costs its script, not the window
                families.extend(QFontDatabase.applicationFontFamilies(identity))
    return tuple(dict.fromkeys(families))


def application_font(theme: Theme) -> QFont:
    """The body font: the bundled families first, so that every machine shows the same signs, then the system's."""
    font = QFont()
    font.setFamilies(list(dict.fromkeys((*bundled_families(), *FAMILIES))))
    font.setPixelSize(pixels(theme.body_points))
    return font


def apply(application: QApplication, theme: Theme) -> None:
    """Give the whole application the look of ``theme``. Call again to change themes while it runs."""
    if application.style().name().lower() != "fusion":
        application.setStyle("Fusion")
    application.setPalette(palette(theme))
    application.setFont(application_font(theme))
    application.setStyleSheet(style_sheet(theme))
