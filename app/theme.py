"""The application's look: themes, fonts, and the colour of each variant by its place in the menu."""

from __future__ import annotations

from functools import cache
from importlib import resources

import numpy as np
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from widgets.colour_ramp import rgb
from widgets.lettering import pixels
from widgets.style_sheet import palette, style_sheet
from widgets.themes import DARK as DARK
from widgets.themes import LIGHT as LIGHT
from widgets.themes import PRINT, PRINT_GREY
from widgets.view_data import Theme

THEMES = {theme.name: theme for theme in (DARK, LIGHT)}
FIGURE_THEMES = {theme.name: theme for theme in (PRINT, PRINT_GREY, LIGHT, DARK)}
"""What an exported figure can look like; the window's own theme never goes into a file."""
FAMILIES = ("Inter", "Noto Sans", "DejaVu Sans")

# After Okabe and Ito, "Color Universal Design" (2008): hues that every kind of colour vision tells apart. On a light
# surface the same hues, darkened until they carry text. On paper ones that protanopes, deuteranopes and tritanopes tell
# apart, too, found by search near those hues; in grey, by lightness.
_VARIANT_COLOURS = {
    "dark": (
        "#9aa7b8",
        "#56b4e9",
        "#e69f00",
        "#f0e442",
        "#cc79a7",
        "#2cb58e",
        "#e8703a",
        "#4c8ddb",
        "#a78bdb",
        "#a3cf6b",
    ),
    "light": (
        "#5a6675",
        "#19719f",
        "#8d6000",
        "#716800",
        "#a4457f",
        "#0f7358",
        "#b5460f",
        "#2860b4",
        "#6f4bb5",
        "#4a7312",
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
    """The theme of a name; the dark one where it is not known here."""
    return THEMES.get(name, DARK)


UNLIKE = 150  # sum of the differences of red, green and blue, 0 … 255 each, from which two colours are told apart


def variant_colour(order: int, theme: Theme) -> str:
    """The colour of the variant at place ``order`` of the menu, from 0; those beyond the last one start over.

    The first one's is never used again: it is what all others are compared with.
    """
    first, *others = _VARIANT_COLOURS[theme.name]
    return others[(order - 1) % len(others)] if order else first


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
