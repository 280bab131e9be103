"""A Python file that draws data again, with numpy and matplotlib alone (Parquet also needs pyarrow).

It has three parts: ``load`` reads the file, ``prepare`` makes what is drawn, ``draw`` alone needs matplotlib.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TypeGuard

import numpy as np
from PySide6.QtGui import QColor

from app.export.data import Data
from app.export.image import MARGIN, save_bytes
from app.export.look import Look
from app.export.page import Page
from app.export.snippet_drawings import BEGIN, FAMILIES
from app.export.snippet_panels import Panels, panels_of, ramp_of, short
from app.export.snippet_study import COLOURS as COLOUR
from app.export.snippet_study import drawing_of
from app.export.snippet_views import drawn_whole, good_height, view_constants
from widgets.colour_ramp import LEVELS, mixed, value_table
from widgets.pattern_axes import translate
from widgets.pattern_scene import LEAST_TOKEN
from widgets.plots.heat_map_plot import diverging
from widgets.plots.plot_data import PlotPanel
from widgets.view_data import Theme

PAPER = Look()
TITLE_ROOM = 30.0  # units of the layout that a figure's title takes
MOST_COLUMNS = 118  # of a line
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
    """(arrays by name, card); what is not in the table was not kept"""
    from pyarrow import parquet

    table = parquet.read_table(path)
    card = json.loads(table.schema.metadata[b"attnscope"])
    name, axes = next(iter(card["axes"].items()))
    places = [table[axis].to_numpy() - first for axis, first in axes]
    array = np.full(SHAPE, NOTHING, DTYPE)
    array[tuple(places)] = table[name].to_numpy()
    return {name: array}, card
''',
}

RAMPS = '''\
def ramp(shares):
    """0 … 1 -> colours of the ramp, [..., red green blue]"""
    stops = np.linspace(0, 1, len(RAMP))
    channels = np.array([rgb(colour) for colour in RAMP]).T
    return np.stack([np.interp(shares, stops, channel) for channel in channels], -1)
'''

PAIRS = '''\
def prepare(arrays, card):
    """(picture [query, key, red green blue], first query, first key)"""
    (name, values), = arrays.items()
    (_, first_query), (_, first_key) = card["axes"][name]
    if name == "weight":
        largest = np.nanmax(values, initial=0) or 1
        picture = ramp(np.nan_to_num(values) / largest)
        picture[np.isnan(values)] = rgb(BACKGROUND)
    else:
        colours = np.array([rgb(colour) for colour in (*PARTS, BACKGROUND)])
        picture = colours[np.where(values < 0, len(PARTS), values % len(PARTS))]
    queries = np.arange(values.shape[0])[:, None] + first_query
    keys = np.arange(values.shape[1])[None] + first_key
    if card["causal"]:
        picture[keys > queries] = rgb(MASKED)
    return picture, first_query, first_key


def draw(arrays, card):
    picture, query, key = prepare(arrays, card)
    rows, columns = picture.shape[:2]
    figure = begun()
    axes = figure.subplots()
    extent = key - 0.5, key + columns - 0.5, query + rows - 0.5, query - 0.5
    axes.imshow(picture, extent=extent, interpolation="nearest")
    if max(rows, columns) <= 64:  # hairlines part the cells
        axes.hlines(np.arange(query, query + rows) - 0.5, *extent[:2], color=BACKGROUND, linewidth=0.5)
        axes.vlines(np.arange(key, key + columns) - 0.5, *extent[2:], color=BACKGROUND, linewidth=0.5)
    if WORDED and "query tokens" in card:
        axes.set_xticks(range(key, key + columns), card["key tokens"], rotation=90)
        axes.set_yticks(range(query, query + rows), card["query tokens"])
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.set_xlabel("key →", color=MUTED)
    axes.set_ylabel("← query", color=MUTED)
    if query <= LOCKED < query + rows:
        axes.barh(LOCKED, columns, 1, extent[0], fill=False, edgecolor=TEXT, linewidth=1, zorder=3)
    if "weight" in arrays:
        from matplotlib.cm import ScalarMappable
        from matplotlib.colors import LinearSegmentedColormap, Normalize

        largest = np.nanmax(arrays["weight"], initial=0) or 1
        scale = ScalarMappable(Normalize(0, largest), LinearSegmentedColormap.from_list("", RAMP))
        figure.colorbar(scale, ax=axes, aspect=25).ax.set_title("weight", color=MUTED, fontsize=POINTS)
        entries = []
    else:
        names = card["parts"] if len(card["parts"]) > 1 else [KEPT_NAME]
        entries = [(name, colour, "") for name, colour in zip(names, PARTS * len(names))]
    masked = [(MASKED_NAME, MASKED, LINE)] if card["causal"] else []
    legend_beside(axes, [*entries, (NOT_KEPT_NAME, BACKGROUND, LINE), *masked])
    return figure
'''

BUCKETS = '''\
def prepare(arrays, card):
    """colours of the tokens' buckets, in the text's order and sorted: two of [round, place, red green blue]"""
    colours = np.array([rgb(colour) for colour in (*PARTS, BACKGROUND)])
    labels, order = arrays["labels"], arrays["order"]
    first = card["axes"]["labels"][1][1]
    within = (order >= first) & (order < first + labels.shape[1])
    sorted_labels = np.take_along_axis(labels, np.where(within, order - first, 0), 1)
    return [
        colours[np.where(known, found % len(PARTS), len(PARTS))]
        for found, known in ((labels, labels >= 0), (sorted_labels, within & (sorted_labels >= 0)))
    ]


def draw(arrays, card):
    import matplotlib.pyplot as plt

    pictures = prepare(arrays, card)
    figure, plots = plt.subplots(2, 1, figsize=(10, 4), layout="constrained")
    for axes, picture, title in zip(plots, pictures, ("buckets, in the order of the text", "sorted by bucket")):
        axes.imshow(picture, aspect="auto", interpolation="nearest")
        axes.set(title=title, ylabel="round", xlabel="place")
        axes.set_yticks(range(len(picture)), range(1, len(picture) + 1))
    figure.suptitle(TITLE)
    return figure
'''

OTHERS = '''\
def prepare(arrays, card):
    """[(title, picture or None, [(label, x, y)])]: lines of one panel together; of more than two axes, the last"""
    shown = {}
    for name, values in arrays.items():
        while values.ndim > 2:
            values = values[-1]
        panel, _, rest = name.partition(".")
        said = card["panels"][int(panel) - 1] if "panels" in card else None
        if values.ndim == 2:
            shown[name] = (said["title"] if said else name, values, [])
        elif name.endswith(".y") and said:
            line = int(rest.split(".")[1])
            panel_lines = shown.setdefault(panel, (said["title"], None, []))[2]
            panel_lines.append((said["parts"][line], arrays[name[:-1] + "x"], values))
        elif values.ndim == 1 and not said:
            shown[name] = (name, None, [("", np.arange(len(values)), values)])
    return list(shown.values())


def colours_of(picture):
    """The ramp from 0 to most, or the signed one even about 0 where some values are negative."""
    from matplotlib.colors import LinearSegmentedColormap

    most = np.nanmax(np.where(np.isfinite(picture), np.abs(picture), np.nan), initial=0) or 1
    negative = np.nanmin(picture, initial=0) < 0
    ramp = LinearSegmentedColormap.from_list("", SIGNED if negative else RAMP)
    return {"cmap": ramp.with_extremes(bad=MASKED), "vmin": -most if negative else 0, "vmax": most}


def labels_of(card, name, picture):
    """The names of the last two axes of an array, or of its only one."""
    axes = [axis for axis, _ in card["axes"].get(name, [])]
    return (axes[-2], axes[-1]) if picture is not None and len(axes) > 1 else ("", axes[-1] if axes else "")


def draw(arrays, card):
    import matplotlib.pyplot as plt

    shown = prepare(arrays, card)
    rows = max(len(shown), 1)
    figure, plots = plt.subplots(rows, 1, figsize=(8, 3 * rows), layout="constrained", squeeze=False)
    for axes, (title, picture, lines) in zip(plots[:, 0], shown):
        if picture is not None:
            cells = axes.imshow(picture, aspect="auto", interpolation="nearest", **colours_of(picture))
            figure.colorbar(cells, ax=axes)
        row, column = labels_of(card, title, picture)
        axes.set(ylabel=row, xlabel=column)
        for number, (label, x, y) in enumerate(lines):
            axes.plot(x, y, label=label, color=PARTS[number % len(PARTS)])
        if any(label for label, _, _ in lines):
            axes.legend()
        axes.set_title(title)
    figure.suptitle(TITLE)
    return figure
'''

ENDS = """\
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    draw(*load())
    plt.show()
"""


def snippet_of(data: Data, path: Path, title: str, theme: Theme, colours: tuple[str, ...], look: Look = PAPER) -> str:
    """The text of the file that draws ``data`` from ``path``, in the colours of a theme."""
    extension = path.suffix.lower()
    values = data.arrays[0].values
    constants, drawing = drawn_by(data, title, theme, colours, look)
    if extension in (".csv", ".parquet"):
        nothing = {"f": float("nan"), "i": -1}.get(values.dtype.kind, 0)
        constants |= {"SHAPE": values.shape, "DTYPE": values.dtype.name, "NOTHING": nothing}
    needed = "numpy and pyarrow" if extension == ".parquet" else "numpy"
    beginning = [
        f'"""Draws {path.name}, which Attnscope saved; needs {needed}, and matplotlib to draw."""',
        "import json\nfrom pathlib import Path\n\nimport numpy as np",
        f"FILE = Path(__file__).with_name({path.name!r})\n" + "\n".join(map(constant, constants.items())),
    ]
    return "\n\n".join(beginning) + "\n\n\n" + "\n\n".join((LOADS[extension], drawing, ENDS))


def drawn_by(
    data: Data, title: str, theme: Theme, colours: tuple[str, ...], look: Look
) -> tuple[dict[str, object], str]:
    """The constants and the functions that draw the data."""
    if is_panels(data.drawn):
        panels = panels_of(data.drawn, data.arrays, title, theme, look)
        if panels.specs:
            kinds = [str(each["kind"]) for each in panels.specs]
            return constants_of_panels(panels, title, theme, look), "\n\n".join((FAMILIES, drawing_of(kinds)))
    if drawn_whole(data.drawn, {each.name: each.values for each in data.arrays}):
        last = next((int(each.values[-1]) for each in data.arrays if each.name == "positions" and each.values.size), -1)
        own, functions = view_constants(data.drawn, theme, page_of_width(look).size[0] - 2 * MARGIN, last)
        size = size_of(data.drawn, theme, look)
        return {**style_of(title, theme, look, size), **own}, "\n\n".join((COLOUR, FAMILIES, BEGIN, functions))
    constants: dict[str, object] = {
        "TITLE": title,
        "PARTS": list(colours),
        "BACKGROUND": theme.background,
        "MASKED": mixed(theme.background, theme.masked, 0.5),
        "RAMP": [QColor.fromRgb(value_table(theme)[1 + level]).name() for level in SHOWN_LEVELS],
    }
    if data.pairs:
        page = page_of_width(look)
        room = (page.size[0] - 2 * MARGIN) * 0.72  # beside the names and the colour bar
        constants |= style_of(title, theme, look, (round(look.width, 2), round(look.height or look.width, 2)))
        constants |= {
            "CAPTION": data.drawn if isinstance(data.drawn, str) else "",
            "LOCKED": data.locked,
            "WORDED": room / max(data.arrays[0].values.shape) >= LEAST_TOKEN,
            "KEPT_NAME": translate("kept"),
            "NOT_KEPT_NAME": translate("not kept"),
            "MASKED_NAME": translate("masked"),
        }
        return constants, "\n\n".join((COLOUR, RAMPS, FAMILIES, BEGIN, PAIRS))
    constants["SIGNED"] = ramp_of(diverging(theme))
    drawing = BUCKETS if data.kind == "buckets" and len(data.arrays) > 1 else OTHERS
    return constants, "\n\n".join((COLOUR, RAMPS, drawing))


def size_of(drawn: object, theme: Theme, look: Look) -> tuple[float, float]:
    """The figure's width and height in inches: the look's, or a height that suits what is drawn."""
    page = page_of_width(look)
    height = (good_height(drawn, theme, page.size[0] - 2 * MARGIN) + TITLE_ROOM) / page.units_per_inch
    return round(look.width, 2), round(look.height or height, 2)


def page_of_width(look: Look) -> Page:
    return Page(look.width, look.height or look.width, look.type_points, look.dpi)


def is_panels(drawn: object) -> TypeGuard[tuple[PlotPanel, ...]]:
    return isinstance(drawn, tuple) and bool(drawn) and all(isinstance(each, PlotPanel) for each in drawn)


def constants_of_panels(panels: Panels, title: str, theme: Theme, look: Look) -> dict[str, object]:
    predicted = {"PREDICTED": theme.predicted} if any("badge" in each for each in panels.specs) else {}
    return {
        **style_of(title, theme, look, panels.size),
        **predicted,
        "PANELS": list(panels.specs),
        "ROWS": [list(row) for row in panels.rows],
        "HEIGHTS": list(panels.heights),
    }


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


def constant(named: tuple[str, object]) -> str:
    """A line of Python."""
    name, value = named
    written = 'float("nan")' if value != value else literal(value, len(name) + 3)
    return f"{name} = {written}"


def literal(value: object, before: int = 0, depth: int = 0) -> str:
    """A value in Python's words, a line to each part where it does not fit into one of ``MOST_COLUMNS``."""
    plain = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
    if not isinstance(value, dict | list | tuple):
        return plain
    parts = [
        (f"{literal(key)}: " if isinstance(value, dict) else "", value[key] if isinstance(value, dict) else key)
        for key in value
    ]
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]") if isinstance(value, list) else ("(", ")")
    inner = ", ".join(named + literal(part) for named, part in parts)
    alone = "," if isinstance(value, tuple) and len(parts) == 1 else ""
    whole = f"{opening}{inner}{alone}{closing}"
    if "\n" not in whole and before + 4 * depth + len(whole) <= MOST_COLUMNS:
        return whole
    space = "    " * (depth + 1)
    lines = [f"{space}{named}{literal(part, len(named), depth + 1)}," for named, part in parts]
    return "\n".join((opening, *lines, "    " * depth + closing))


def save_snippet(
    data: Data, path: Path, title: str, theme: Theme, colours: tuple[str, ...], look: Look = PAPER
) -> Path:
    """Write the file beside the data, with its name and ".py"; the path that was written."""
    save_bytes(snippet_of(data, path, title, theme, colours, look).encode(), snippet_path(path))
    return snippet_path(path)


def snippet_path(path: Path) -> Path:
    """Where the snippet of a data file goes."""
    return path.with_name(path.name + ".py")
