"""How a figure is set, and the options of the command line that say so. No Qt."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from app.export.formats import STILLS, Format
from app.export.page import BODY_POINTS, DEFAULT_TYPE, MILLIMETRES_PER_INCH, inches, points

THEME_NAMES = ("print", "print-grey", "light", "dark")
SCREEN_SIZE, SCREEN_DPI, PAPER_DPI = (1600, 1000), 144.0, 300.0
PAPER_WIDTH = 120 / MILLIMETRES_PER_INCH  # where none is asked for


@dataclass(frozen=True)
class Look:
    """Width and height in inches, height 0 for the one at which the figure looks best; type in points."""

    width: float = PAPER_WIDTH
    height: float = 0.0
    type_points: float = DEFAULT_TYPE
    dpi: float = PAPER_DPI
    theme: str = "print"
    title: bool = True
    caption: bool = False
    panel: int = 0  # of a study, from 1; 0 for all
    all_panes: bool = False  # as one figure, where the window has several


def add_options(command: argparse.ArgumentParser) -> None:
    """What a figure's file is and looks like."""
    command.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help="the file to write: .png, .svg or .pdf; a folder for all scenes of a session",
    )
    names = [each.name for each in STILLS]
    command.add_argument("--format", choices=names, default="", help="default: what the file’s extension says, or png")
    command.add_argument("--size", type=size, metavar="WxH", help="in pixels; PNG’s default is 1600x1000")
    command.add_argument("--width", default="", metavar="LENGTH", help="on paper, for example 84mm or 3.3in")
    command.add_argument("--height", default="", metavar="LENGTH", help="default: what suits the picture at that width")
    command.add_argument("--type", default="", metavar="POINTS", help="size of the letters, for example 8pt")
    command.add_argument(
        "--dpi",
        type=dots,
        help="how large type and lines come out in pixels: 144 by default, 300 where there is a width",
    )
    command.add_argument("--theme", choices=THEME_NAMES, default="print")
    command.add_argument("--no-title", action="store_true", help="nothing above the picture")
    command.add_argument("--caption", action="store_true", help="print the picture in words below the file’s name")
    command.add_argument("--bibtex", action="store_true", help="print the variant’s paper as an entry of BibTeX")


def look_of(options: argparse.Namespace, format_: Format) -> Look:
    """What the options say; a Problem where a length or a type size is none."""
    on_paper = bool(options.width or options.height) or (format_.vector and options.size is None)
    dpi = options.dpi or (PAPER_DPI if on_paper else SCREEN_DPI)
    letters = points(options.type) if options.type else DEFAULT_TYPE if on_paper else BODY_POINTS
    if on_paper:
        width = inches(options.width, dpi) if options.width else PAPER_WIDTH
        height = inches(options.height, dpi) if options.height else 0.0
        return Look(width, height, letters, dpi, options.theme, not options.no_title, panel=options.panel)
    wide, high = options.size or SCREEN_SIZE
    return Look(wide / dpi, high / dpi, letters, dpi, options.theme, not options.no_title, panel=options.panel)


def size(text: str) -> tuple[int, int]:
    """ "1600x1000" as two numbers."""
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit() and 16 <= int(width) <= 20_000 and 16 <= int(height) <= 20_000):
        raise argparse.ArgumentTypeError(f"expected WIDTHxHEIGHT, each from 16 to 20000, got {text}")
    return int(width), int(height)


def dots(text: str) -> float:
    """Dots per inch, as a number."""
    if not 10 <= (dpi := float(text)) <= 2400:
        raise argparse.ArgumentTypeError(f"expected a number from 10 to 2400, got {text}")
    return dpi
