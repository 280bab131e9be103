"""A Python file that draws data again, with numpy and matplotlib alone (Parquet also needs pyarrow).

It has three parts: ``load`` reads the file, ``prepare`` makes what is drawn, ``draw`` alone needs matplotlib.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from app.export.data import BucketRound, Data, Drawn
from app.export.data_of_pairs import Pairs
from app.export.image import save_bytes
from app.export.look import Look
from app.export.snippets.buckets import BUCKETS, buckets_constants
from app.export.snippets.figure import BEGIN, FAMILIES, RGB, inner_width, page_of_width, style_of
from app.export.snippets.fold import FOLD, fold_constants
from app.export.snippets.literals import constant, literal
from app.export.snippets.loads import LOADS
from app.export.snippets.pairs import PAIRS, pairs_constants
from app.export.snippets.panels import panels_constants, panels_of
from app.export.snippets.plots import drawing_of
from app.export.snippets.segments import SEGMENTS, segments_constants
from app.export.snippets.state import STATE, state_constants
from app.export.snippets.steps import STEPS, steps_constants
from widgets.bucket_view import BucketView
from widgets.fold_view import FoldView
from widgets.segment_view import SegmentView
from widgets.state_view import StateView
from widgets.view_data import FoldData, SegmentsData, StateData, Theme

PAPER = Look()
TITLE_ROOM = 30.0  # units of the layout that a figure's title takes
STEP_HEIGHT = 1.6  # inches for each array that is drawn plainly

NEEDED: Mapping[type, frozenset[str]] = {
    BucketRound: frozenset({"labels", "order"}),
    FoldData: frozenset({"part_of"}),
    SegmentsData: frozenset({"shares", "edges", "work_cached", "work_again"}),
    StateData: frozenset({"state", "normaliser", "positions", "added_row", "added_column"}),
    Pairs: frozenset(),
}
"""The arrays without which a view cannot be drawn."""

ENDS = """\
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    draw(*load())
    plt.show()
"""

Told = tuple[dict[str, object], str]
"""Constants by name, and the text of the functions that draw."""


def snippet_of(data: Data, path: Path, title: str, theme: Theme, look: Look = PAPER) -> str:
    """The text of the file that draws ``data`` from ``path``, as the figure has it in a theme and a look."""
    extension = path.suffix.lower()
    values = data.arrays[0].values
    constants, drawing = drawn_by(data, title, theme, look)
    if extension in (".csv", ".parquet"):
        nothing = {"f": float("nan"), "i": -1}.get(values.dtype.kind, 0)
        constants |= {"SHAPE": values.shape, "DTYPE": values.dtype.name, "NOTHING": nothing}
    needed = "numpy and pyarrow" if extension == ".parquet" else "numpy"
    beginning = [
        f'"""Draws {path.name}, which Attnscope saved; needs {needed}, and matplotlib to draw."""',
        "import json\nfrom pathlib import Path\n\nimport numpy as np",
        f"FILE = Path(__file__).with_name({literal(path.name)})\n" + "\n".join(map(constant, constants.items())),
    ]
    return "\n\n".join(beginning) + "\n\n\n" + "\n\n".join((LOADS[extension], drawing, ENDS))


def drawn_by(data: Data, title: str, theme: Theme, look: Look) -> Told:
    """What draws the data: as their view does, or plainly where not all that it needs is in the file."""
    arrays = {each.name: each.values for each in data.arrays}
    if isinstance(data.drawn, tuple):
        panels = panels_of(data.drawn, data.arrays, title, theme, look)
        if panels.specs:
            kinds = [str(each["kind"]) for each in panels.specs]
            return panels_constants(panels, title, theme, look), drawing_of(kinds)
    elif data.drawn is not None and can_be_drawn(data.drawn, arrays):
        own, functions = view_drawn_by(data.drawn, arrays, theme, inner_width(look))
        size = size_of(data.drawn, theme, look)
        return {**style_of(title, theme, look, size), **own}, "\n\n".join((RGB, FAMILIES, BEGIN, functions))
    style = style_of(title, theme, look, (round(look.width, 2), STEP_HEIGHT))
    return {**style, **steps_constants(theme)}, "\n\n".join((FAMILIES, BEGIN, STEPS))


def can_be_drawn(drawn: Drawn, arrays: Mapping[str, np.ndarray]) -> bool:
    """Whether the arrays are all that the view needs, and none is empty."""
    shaded = {"shades"} if isinstance(drawn, FoldData) and drawn.shades is not None else set()
    return (NEEDED[type(drawn)] | shaded) <= set(arrays) and all(values.size for values in arrays.values())


def view_drawn_by(drawn: Drawn, arrays: Mapping[str, np.ndarray], theme: Theme, width: float) -> Told:
    """What draws a view of a ``width``, in units of the layout."""
    match drawn:
        case Pairs():
            (values,) = arrays.values()
            return pairs_constants(drawn, values.shape, theme, width), PAIRS
        case BucketRound():
            return buckets_constants(drawn.data, drawn.number, theme), BUCKETS
        case FoldData():
            return fold_constants(drawn, theme), FOLD
        case SegmentsData():
            return segments_constants(drawn, theme), SEGMENTS
        case StateData():
            return state_constants(drawn, theme, width, int(arrays["positions"][-1])), STATE
    raise TypeError(f"No drawing for {type(drawn).__name__}.")


def size_of(drawn: Drawn, theme: Theme, look: Look) -> tuple[float, float]:
    """The figure's width and height in inches: the look's, or a height that suits what is drawn."""
    height = (good_height(drawn, theme, inner_width(look)) + TITLE_ROOM) / page_of_width(look).units_per_inch
    return round(look.width, 2), round(look.height or height, 2)


def good_height(drawn: Drawn, theme: Theme, width: float) -> float:
    """How high the view looks best at a width, in units of the layout."""
    view: BucketView | FoldView | SegmentView | StateView
    match drawn:
        case BucketRound():
            view = BucketView(theme)
            view.set_data(drawn.data)
        case FoldData():
            view = FoldView(theme)
            view.set_data(drawn)
        case SegmentsData():
            view = SegmentView(theme)
            view.set_data(drawn)
        case StateData():
            view = StateView(theme)
            view.set_data(drawn)
        case _:
            return width
    return view.good_height(width)


def save_snippet(data: Data, path: Path, title: str, theme: Theme, look: Look = PAPER) -> Path:
    """Write the file beside the data, with its name and ".py"; the path that was written."""
    save_bytes(snippet_of(data, path, title, theme, look).encode(), snippet_path(path))
    return snippet_path(path)


def snippet_path(path: Path) -> Path:
    """Where the snippet of a data file goes."""
    return path.with_name(path.name + ".py")
