"""What every snippet's figure begins with: its size, its letters, the theme's colours, its title and caption."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QCoreApplication

from app.export.image import MARGIN
from app.export.look import Look
from app.export.page import Page
from app.export.snippets.literals import short
from widgets.piece_text import readable
from widgets.view_data import Theme

SHOWN_STOPS = 17  # of a ramp of colours
FONTS = (
    "Inter",
    "Noto Sans",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Zen Hei",
)  # a snippet takes those that are there, for the letters of the text

RGB = """\
def rgb(colour):
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
"""

FAMILIES = '''\
def families():
    """Those of the fonts that are installed here."""
    from matplotlib.font_manager import fontManager

    there = {font.name for font in fontManager.ttflist}
    return [*(name for name in FONTS if name in there), "sans-serif"]
'''

BEGIN = '''\
def begun():
    """An empty figure under its title."""
    import matplotlib.pyplot as plt

    plt.rcParams.update({**STYLE, "font.family": families()})
    figure = plt.figure(figsize=SIZE, layout="constrained", facecolor=BACKGROUND)
    figure.suptitle(TITLE, x=0.01, ha="left", weight="bold", fontsize=POINTS + 1)
    figure.supxlabel(CAPTION, x=0.01, ha="left", color=MUTED, fontsize=POINTS, wrap=True)
    return figure


def legend_beside(axes, entries, above=False):
    """What the colours mean, below the picture or above it: (label, colour, its edge's, a hatch)"""
    from matplotlib.patches import Patch

    signs = [
        Patch(facecolor=colour, edgecolor=edge or colour, label=label, linewidth=0.7, hatch="".join(hatch) or None)
        for label, colour, edge, *hatch in entries
    ]
    loc, corner = ("lower left", (0, 1)) if above else ("upper left", (0, 0))
    places = {"loc": loc, "bbox_to_anchor": corner, "handlelength": 1, "frameon": False}
    axes.legend(handles=signs, ncols=max(1, min(len(signs), 4)), labelcolor=MUTED, **places)
'''


def page_of_width(look: Look) -> Page:
    """The look's page; a square one where its height is the picture's own."""
    return Page(look.width, look.height or look.width, look.type_points, look.dpi)


def inner_width(look: Look) -> float:
    """The width of what is drawn, in units of the layout."""
    return page_of_width(look).size[0] - 2 * MARGIN


def translated(context: str, text: str) -> str:
    """The words of a view in the window's language."""
    return QCoreApplication.translate(context, text)


def shortened(token: str, most: int = 7) -> str:
    """A token as it can be read, of at most so many letters."""
    words = readable(token)
    return words if len(words) <= most else words[: most - 1] + "…"


def ramp_of(table: np.ndarray) -> list[str]:
    """Some of a table's colours [entry, 3], evenly spaced."""
    places = np.linspace(0, len(table) - 1, SHOWN_STOPS).round().astype(int)
    return ["#" + "".join(f"{round(channel):02x}" for channel in table[at]) for at in places]


def style_of(title: str, theme: Theme, look: Look, size: tuple[float, float]) -> dict[str, object]:
    """What any figure is set in: its size in inches, its letters in points, the theme's colours."""
    points = short(look.type_points)
    return {
        "TITLE": title,
        "SIZE": size,
        "POINTS": points,
        "TEXT": theme.text,
        "MUTED": theme.muted,
        "LINE": theme.line,
        "BACKGROUND": theme.background,
        "SURFACE": theme.surface,
        "FONTS": list(FONTS),
        "STYLE": {
            "font.size": points,
            "text.color": theme.text,
            "axes.edgecolor": theme.line,
            "axes.linewidth": 0.7,
            "xtick.major.size": 0,
            "ytick.major.size": 0,
            "legend.columnspacing": 1.2,
            "xtick.color": theme.line,
            "ytick.color": theme.line,
            "xtick.labelcolor": theme.muted,
            "ytick.labelcolor": theme.muted,
        },
    }
