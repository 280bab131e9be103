"""A Python file that draws data again, with numpy and matplotlib alone: the same figure, for one's own to begin with.

It has three parts: ``load`` reads the file, ``prepare`` makes what is drawn, ``draw`` alone needs matplotlib.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PySide6.QtGui import QColor

from app.export import snippet_drawings as drawings
from app.export.data import Data, panel_arrays
from app.export.image import save_bytes
from app.study_presenter import study_panels
from app.theme import contrasting
from engines.trace import Products
from engines.variants import variant_named
from widgets.colour_ramp import LEVELS, mixed, value_table
from widgets.plots.heat_map_plot import diverging
from widgets.plots.plot_data import CurveData, HeatMapData, PlotPanel, ProductsData, ReachData, ScatterData
from widgets.state_view import NEGATIVE
from widgets.view_data import BucketsData, FoldData, SegmentsData, StateData, Theme

MOST_TOKENS = 512  # that are written into the cells of a grid

SHOWN_LEVELS = np.linspace(0, LEVELS - 1, 17).round().astype(int).tolist()  # of the window's colours for weights

LOADS: Mapping[str, str] = {
    ".npz": '''\
def load(path=FILE):
    """(arrays by name, card)"""
    with np.load(path) as stored:
        arrays = {name: stored[name] for name in stored.files if name != "card"}
        return arrays, json.loads(str(stored["card"]))
''',
    ".json": '''\
def load(path=FILE):
    """(arrays by name, card)"""
    content = json.loads(Path(path).read_text(encoding="utf-8"))
    stored = content["arrays"].items()
    return {name: np.array(each["values"], each["dtype"]) for name, each in stored}, content["card"]
''',
    ".csv": '''\
def load(path=FILE):
    """(arrays by name, card); what is not in the table was not kept"""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    card = json.loads(lines[1].split(" ", 2)[2])
    name, axes = next(iter(card["axes"].items()))
    table = np.array([line.split(",") for line in lines[3:]])
    places = [table[:, at].astype(int) - first for at, (_, first) in enumerate(axes)]
    texts = table[:, -1]
    values = texts.astype(float if DTYPE.startswith("float") else int).astype(DTYPE)
    array = np.full(SHAPE, NOTHING, DTYPE)
    array[tuple(places)] = values
    return {name: array}, card
''',
    ".parquet": '''\
def load(path=FILE):
    """(arrays by name, card); needs pyarrow; what is not in the table was not kept"""
    from pyarrow import parquet

    table = parquet.read_table(path)
    card = json.loads(table.schema.metadata[b"attnscope"])
    name, axes = next(iter(card["axes"].items()))
    places = [table.column(at).to_numpy() - first for at, (_, first) in enumerate(axes)]
    array = np.full(SHAPE, NOTHING, DTYPE)
    array[tuple(places)] = table.column(table.num_columns - 1).to_numpy()
    return {name: array}, card
''',
}

ENDS = """\
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    draw(*load())
    plt.show()
"""


def snippet_of(data: Data, path: Path, title: str, theme: Theme, colours: tuple[str, ...]) -> str:
    """The text of the file that draws ``data`` from ``path``, in the colours of a theme."""
    extension = path.suffix.lower()
    values = data.arrays[0].values
    constants: dict[str, object] = {
        "TITLE": title,
        "PARTS": list(colours),
        "INK": theme.text,
        "BACKGROUND": theme.background,
        "MASKED": mixed(theme.background, theme.masked, 0.5),
        "RAMP": [QColor.fromRgb(value_table(theme)[1 + level]).name() for level in SHOWN_LEVELS],
    }
    if extension in (".csv", ".parquet"):
        nothing = {"f": float("nan"), "i": -1}.get(values.dtype.kind, 0)
        constants |= {"SHAPE": values.shape, "DTYPE": values.dtype.name, "NOTHING": nothing}
    drawing, own = drawing_of(data, theme, colours[0])
    beginning = [
        f'"""Draws {path.name}, which Attnscope saved; needs numpy, and matplotlib to draw."""',
        "import json\nfrom pathlib import Path\n\nimport numpy as np",
        f"FILE = Path(__file__).with_name({path.name!r})\n" + "\n".join(map(constant, (constants | own).items())),
    ]
    return "\n\n".join(beginning) + "\n\n\n" + "\n\n".join((LOADS[extension], drawings.COLOURS, drawing, ENDS))


def colours_for(data: Data, own: str, theme: Theme) -> tuple[str, ...]:
    """Those of buckets, or the variant's own and such as differ from it."""
    return theme.categories if data.kind == "buckets" else (own, *contrasting(own, theme))


def drawing_of(data: Data, theme: Theme, colour: str) -> tuple[str, dict[str, object]]:
    """The part that draws, and the constants that it reads; data of which a part was saved alone are drawn plainly."""
    record, kept = data.record, {each.name for each in data.arrays}
    if data.pairs:
        middle = mixed(theme.background, theme.text, 0.12)
        ends = theme.signed or (data.colours[0], middle, data.colours[-1]) if data.colours else ()
        parts = {"PARTS": list(data.colours)} if data.kind == "difference" else {}
        return drawings.PAIRS, {**parts, "SIGNED": list(ends)}
    if data.panels and {each.name for each in panel_arrays(data.panels)} <= kept:
        shown = study_panels(data.panels, variant_named(str(data.card["variant"])), theme)
        panels = {str(number): words_of(panel) for number, panel in enumerate(shown, 1)}
        signed = [colour_name(each) for each in diverging(theme)[:: LEVELS // 16]]
        return drawings.MATRICES + "\n\n" + drawings.STUDY, {"PANELS": panels, "DIVERGING": signed}
    if isinstance(record, BucketsData) and {"labels", "order"} <= kept:
        return drawings.BUCKETS, {"CHUNK": record.chunk_length}
    if isinstance(record, FoldData) and "part_of" in kept:
        return drawings.FOLD, fold_constants(data, record)
    if isinstance(record, SegmentsData) and {"shares", "edges", "work_again", "work_cached"} <= kept:
        sizes = {"LENGTH": record.length, "SEGMENT": record.segment, "MEMORY": record.memory, "TARGET": record.target}
        return drawings.SEGMENTS, dict(sizes)
    if isinstance(record, StateData) and {"state", "normaliser", "added_row", "added_column"} <= kept:
        return drawings.STATE, {"SIGNED": list(theme.signed or (theme.categories[NEGATIVE], theme.raised, colour))}
    if isinstance(record, Products):
        extents = [(str(extent.name), extent.role) for extent in record.extents]
        return drawings.MATRICES + "\n\n" + drawings.PRODUCTS, {"EXTENTS": extents}
    return drawings.STEPS, {}


def fold_constants(data: Data, record: FoldData) -> dict[str, object]:
    """The grid begins with the row in which the first position stands that was saved."""
    part_of = next(each for each in data.arrays if each.name == "part_of")
    first, count = part_of.starts[0], len(part_of.values)
    tokens = list(record.tokens[first : first + count]) if count <= MOST_TOKENS else []
    within = first <= record.locked < first + count
    start = first % record.width
    return {
        "WIDTH": record.width,
        "START": start,
        "LOCKED": start + record.locked - first if within else -1,
        "NAMES": [name for name, _ in record.parts],
        "TOKENS": tokens,
    }


def words_of(panel: PlotPanel) -> dict[str, object]:
    """What a panel's arrays do not say: its words, its scales, its colours."""
    plot = panel.plot
    said: dict[str, object] = {"title": panel.title}
    if isinstance(plot, CurveData):
        scales = {"logarithmic x": plot.logarithmic_x, "logarithmic y": plot.logarithmic_y}
        lines = [(line.label, line.colour, line.look) for line in plot.lines]
        marks = [(mark.label, mark.x) for mark in plot.marks]
        return {**said, "x": plot.x_label, "y": plot.y_label, **scales, "lines": lines, "marks": marks}
    if isinstance(plot, ScatterData):
        scales = {"logarithmic x": plot.logarithmic, "logarithmic y": plot.logarithmic}
        clouds = [(cloud.label, cloud.colour) for cloud in plot.clouds]
        return {**said, "x": plot.x_label, "y": plot.y_label, **scales, "clouds": clouds, "diagonal": plot.diagonal}
    if isinstance(plot, HeatMapData):
        return {**said, "x": plot.column_label, "y": plot.row_label, "diverging": plot.diverging}
    if isinstance(plot, ReachData):
        return {**said, "x": "position", "y": "layer"}
    if isinstance(plot, ProductsData):
        return {**said, "extents": [(each.name, each.rows, each.columns, each.role) for each in plot.extents]}
    return {**said, "numbers": [(number.name, number.value, number.unit) for number in plot.numbers]}


def colour_name(channels: np.ndarray) -> str:
    """ "#rrggbb" of red, green and blue, 0 … 255."""
    return QColor(*(round(float(each)) for each in channels)).name()


def constant(named: tuple[str, object]) -> str:
    """A line of Python."""
    name, value = named
    if value != value:
        return f'{name} = float("nan")'
    if isinstance(value, dict):
        lines = "".join(f"    {key!r}: {each!r},\n" for key, each in value.items())
        return f"{name} = {{\n{lines}}}"
    return f"{name} = {list(value) if isinstance(value, tuple) else value!r}"


def save_snippet(data: Data, path: Path, title: str, theme: Theme, colours: tuple[str, ...]) -> Path:
    """Write the file beside the data, with its name and ".py"; the path that was written."""
    save_bytes(snippet_of(data, path, title, theme, colours).encode(), snippet_path(path))
    return snippet_path(path)


def snippet_path(path: Path) -> Path:
    """Where the snippet of a data file goes."""
    return path.with_name(path.name + ".py")
