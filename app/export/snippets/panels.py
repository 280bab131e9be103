"""What a snippet is told of a study's panels besides their values: words, colours, limits, ticks, and where they stand.

Everything is taken from the pictures that the figure is painted with, laid out on the figure's page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF

from app.export.image import MARGIN
from app.export.look import Look
from app.export.scene_view import study_view
from app.export.snippets.figure import inner_width, page_of_width, ramp_of, style_of
from app.export.snippets.literals import short
from engines.step_arrays import NamedArray
from widgets.colour_ramp import mixed
from widgets.lettering import lettering, wrapped
from widgets.plots.arrangement import Place
from widgets.plots.curve_plot import CurvePicture
from widgets.plots.frame import Axis, Tick
from widgets.plots.heat_map_plot import HeatMapPicture, diverging, positions, sequential, value_scale
from widgets.plots.marks import place_marks
from widgets.plots.numbers_plot import NumbersPicture
from widgets.plots.panel_layout import MARGIN as PANEL_MARGIN
from widgets.plots.panel_layout import badge_words, lay_out_panel
from widgets.plots.picture import LegendEntry, Picture, cached_grey, translate
from widgets.plots.plot_data import PlotPanel, StudyData
from widgets.plots.products_plot import Placed, ProductsPicture, fill_of
from widgets.plots.reach_plot import LEAST_CELL, ReachPicture
from widgets.plots.scale import ticks
from widgets.plots.scatter_plot import ScatterPicture
from widgets.view_data import Theme
from widgets.viewport import nice_positions

WIDER = 0.86  # of a line's width is filled: matplotlib's own letters are wider than ours
SIGN_ROOM = 32.0  # beside the words of a legend
LEAST_COLUMN, MOST_LEGEND_LINES = 120.0, 3
Spec = dict[str, object]


@dataclass(frozen=True)
class Panels:
    """``size`` of the figure in inches; ``rows`` of panels by their places in ``specs``, with their ``heights``."""

    size: tuple[float, float]
    specs: tuple[Spec, ...]
    rows: tuple[tuple[int, ...], ...]
    heights: tuple[int, ...]


def panels_of(
    panels: Sequence[PlotPanel], arrays: Sequence[NamedArray], title: str, theme: Theme, look: Look
) -> Panels:
    """The panels whose arrays are all there, as the figure arranges them on its page; none where no panel is whole."""
    names = [each.name for each in arrays]
    own = {number: [name for name in names if name.startswith(f"{number}.")] for number in range(1, len(panels) + 1)}
    kept = [(number, panel) for number, panel in enumerate(panels, 1) if own[number] or names == ["extents"]]
    page = page_of_width(look)
    view = study_view(StudyData(tuple(panel for _, panel in kept)), theme)
    width = inner_width(look)
    above = QFontMetricsF(lettering(QFont(), theme.title_points)).height() + 2 * MARGIN
    height = page.size[1] - above if look.height else view.good_height(width)
    places = view.places_on(width, height)
    specs = tuple(
        {
            "prefix": "" if names == ["extents"] else f"{number}.",
            **spec_of(panel, shown.picture, place, theme, values_of(number, arrays)),
        }
        for (number, panel), shown, place in zip(kept, view.panels, places, strict=True)
    )
    in_order = sorted(range(len(places)), key=lambda at: (round(places[at].y), places[at].x))
    rows = [tuple(group) for _, group in groupby(in_order, lambda at: round(places[at].y))]
    heights = tuple(round(max(places[at].height for at in row)) for row in rows)
    size = round(look.width, 2), round((height + above) / page.units_per_inch, 2)
    return Panels(size, specs, tuple(rows), heights)


def panels_constants(panels: Panels, title: str, theme: Theme, look: Look) -> dict[str, object]:
    """What the figure of the panels is told."""
    predicted = {"PREDICTED": theme.predicted} if any("badge" in each for each in panels.specs) else {}
    return {
        **style_of(title, theme, look, panels.size),
        **predicted,
        "PANELS": list(panels.specs),
        "ROWS": [list(row) for row in panels.rows],
        "HEIGHTS": list(panels.heights),
    }


def spec_of(panel: PlotPanel, picture: Picture, place: Place, theme: Theme, values: Sequence[float]) -> Spec:
    """One panel: what is said around its picture, then what the picture is."""
    layout = lay_out_panel(panel, picture, QRectF(place.x, place.y, place.width, place.height))
    room = (place.width - 2 * PANEL_MARGIN) * WIDER
    heading, small = lettering(QFont(), theme.title_points, bold=True), lettering(QFont(), theme.small_points)
    badge = {"badge": badge_words()} if panel.reconstructed else {}
    said = {
        "title": "\n".join(wrapped(panel.title, heading, room, 4)),
        "note": "\n".join(wrapped(panel.note, small, room, 40)) if panel.note else "",
        **badge,
    }
    entries = picture.legend()
    legend = legend_spec(entries, small, room) if entries else {}
    return {
        "kind": KINDS[type(picture)],
        **said,
        **legend,
        **picture_spec(picture, layout.picture, panel, theme, values),
    }


def legend_spec(entries: Sequence[LegendEntry], font: QFont, room: float) -> Spec:
    """A legend in the columns that take the fewest lines; matplotlib fills one column after the other."""
    metrics = QFontMetricsF(font)
    natural = [metrics.horizontalAdvance(entry.words) + SIGN_ROOM for entry in entries]
    words: list[str] = []
    columns, fewest = 1, len(entries) * MOST_LEGEND_LINES + 1
    for count in range(1, min(len(entries), int(room / LEAST_COLUMN)) + 1):
        whole = sum(max(column) for column in np.array_split(natural, count)) <= room
        width = room if whole else room / count - SIGN_ROOM
        lines = [wrapped(entry.words, font, width, MOST_LEGEND_LINES) for entry in entries]
        highest = max(int(sum(column)) for column in np.array_split([len(each) for each in lines], count))
        if highest < fewest and not any(each[-1].endswith("…") for each in lines):
            columns, fewest, words = count, highest, ["\n".join(each) for each in lines]
    said = [(text, entry.colour, entry.sign) for text, entry in zip(words, entries, strict=True)]
    return {"legend": said, "legend_columns": columns}


def values_of(number: int, arrays: Sequence[NamedArray]) -> list[float]:
    """The single numbers of a panel, as the file has them."""
    return [float(each.values[0]) for each in arrays if each.name.startswith(f"{number}.numbers.")]


def picture_spec(picture: Picture, rect: QRectF, panel: PlotPanel, theme: Theme, values: Sequence[float]) -> Spec:
    match picture:
        case CurvePicture():
            return curve_spec(picture, rect)
        case ScatterPicture():
            return scatter_spec(picture, rect)
        case HeatMapPicture():
            return heat_map_spec(picture, rect, theme)
        case ReachPicture():
            return reach_spec(picture, rect, theme)
        case ProductsPicture():
            return products_spec(picture, rect, theme)
        case NumbersPicture():
            return numbers_spec(picture, rect, panel.reconstructed, theme, values)
    raise TypeError(type(picture).__name__)


def axis_spec(axis: Axis, found: Sequence[Tick]) -> Spec:
    """The name, limits, scale and ticks of an axis."""
    scale = axis.scale
    shown = {short(value): label for value, label in found}
    return {
        "label": axis.name,
        "limits": (short(scale.low), short(scale.high)),
        "scale": "log" if scale.logarithmic else "linear",
        "ticks": shown,
    }


def curve_spec(picture: CurvePicture, rect: QRectF) -> Spec:
    frame, data = picture.frame(rect), picture.data
    lines = [{"label": line.label, "colour": line.colour, "look": line.look} for line in data.lines]
    metrics, plot = QFontMetricsF(picture.small()), frame.plot
    placed = place_marks(data.marks, frame, plot, metrics, wider=1 / WIDER)
    marks = [
        (mark.words, short(mark.value), short((mark.box.center().x() - plot.left()) / plot.width())) for mark in placed
    ]
    axes = {"x": axis_spec(frame.x, frame.x_ticks), "y": axis_spec(frame.y, frame.y_ticks)}
    return {**axes, "lines": lines, **({"marks": marks} if marks else {})}


def scatter_spec(picture: ScatterPicture, rect: QRectF) -> Spec:
    frame, data = picture.frame(rect), picture.data
    clouds = [{"label": cloud.label, "colour": cloud.colour} for cloud in data.clouds]
    axes = {"x": axis_spec(frame.x, frame.x_ticks), "y": axis_spec(frame.y, frame.y_ticks)}
    return {**axes, "clouds": clouds, "diagonal": translate("exact") if data.diagonal else ""}


def heat_map_spec(picture: HeatMapPicture, rect: QRectF, theme: Theme) -> Spec:
    """Its two axes of positions, and the colours of its values."""
    data, plot = picture.data, picture.plot_rect(rect)
    rows, columns = np.shape(data.values)
    scale = value_scale(np.asarray(data.values, np.float32), data.diverging)
    line = QFontMetricsF(picture.small()).height()
    table = diverging(theme) if data.diverging else sequential(theme)
    return {
        "rows": positions_spec(data.row_label, data.row_edges, rows, plot.height() / (2.2 * line)),
        "columns": positions_spec(data.column_label, data.column_edges, columns, plot.width() / 60),
        "square": rows == columns > 1,
        "limits": (short(scale.low), short(scale.high)),
        "ticks": {short(value): label for value, label in ticks(scale, max(2, int(plot.height() / (2.6 * line))))},
        "ramp": ramp_of(table),
        "no_value": theme.masked,
    }


def positions_spec(label: str, edges: np.ndarray | None, count: int, most: float) -> Spec:
    """An axis of positions between integer edges, which are in the file where they are not those of single cells."""
    edges = np.arange(count + 1) if edges is None or len(edges) != count + 1 else edges
    first, span = float(edges[0]), float(edges[-1] - edges[0])
    shown = {first + share * span: words for share, words in positions(edges, max(1, int(most)))}
    return {"label": label, "limits": (int(edges[0]), int(edges[-1])), "ticks": shown}


def reach_spec(picture: ReachPicture, rect: QRectF, theme: Theme) -> Spec:
    data = picture.data
    edges = np.asarray(data.edges)
    metrics, plot = QFontMetricsF(picture.small()), picture.rows(rect).plot
    most = max(1, int(plot.width() / (metrics.horizontalAdvance(f"{int(edges[-1]):,}") + 30)))
    found = [int(at) for at in nice_positions(float(edges[0]), float(edges[-1]), most) if edges[0] <= at < edges[-1]]
    spec: Spec = {
        "ticks": {at + 0.5: f"{at:,}" for at in found},
        "target": data.target,
        "colour": data.colour,
        "grey": cached_grey(theme),
        "empty": mixed(theme.surface, theme.raised, 0.7),
        "input": translate("input"),
        "height": row_share(picture, rect),
        "least": short(LEAST_CELL / plot.width() * float(edges[-1] - edges[0])),
    }
    if data.segment:
        spec |= {"segment": data.segment, "cached_before": data.cached_before}
        spec |= {"now": mixed(theme.raised, data.colour, 0.25)}
        if picture.has_segment_names(plot.width(), metrics):
            spec |= {"name": translate("segment {number}")}
    return spec


def row_share(picture: ReachPicture, rect: QRectF) -> float:
    """A row's height as a share of the room from row to row."""
    rows = picture.rows(rect)
    return short(rows.height / rows.step) if rows.step else 1.0


def products_spec(picture: ProductsPicture, rect: QRectF, theme: Theme) -> Spec:
    """Where each matrix stands, in units of the page, and how long a side is."""
    placed, _ = picture.placed(rect)
    fills = {one.extent.role: fill_of(one.extent.role, picture.data.colour, theme) for one in placed}
    matrices = [
        {
            "name": one.extent.name,
            "role": one.extent.role,
            "at": (round(one.box.center().x() - rect.left()), round(one.box.center().y() - rect.top())),
            "size": (round(one.box.width()), round(one.box.height())),
            "below": below_of(one),
            **(sign_spec(one, rect) if one.extent.sign else {}),
        }
        for one in placed
    ]
    return {
        "room": (round(rect.width()), round(rect.height())),
        "matrices": matrices,
        "fills": fills,
        "note_below": picture.scale_words(rect),
    }


def below_of(one: Placed) -> str:
    """What is said below a matrix, for its size in the file."""
    never = [translate("never made")] if one.extent.role == "never made" else []
    size = "{rows:,} × {columns:,}" if len(one.below) - len(never) == 1 else "{rows:,}\n× {columns:,}"
    return "\n".join([size, *never])


def sign_spec(one: Placed, rect: QRectF) -> Spec:
    """The sign before a matrix, where its middle is, and what stands above it."""
    by = {"by": one.extent.by} if one.extent.by else {}
    return {"sign": one.extent.sign, "sign_at": round(one.sign.center().x() - rect.left()), **by}


def numbers_spec(
    picture: NumbersPicture, rect: QRectF, reconstructed: bool, theme: Theme, values: Sequence[float]
) -> Spec:
    """How each number of the file becomes what the figure says."""
    cells = picture.cells(rect)
    told = [
        {"name": number.name, **format_of(value, number.value), "unit": number.unit}
        for (number, _), value in zip(cells, values, strict=True)
    ]
    return {
        "columns": len({round(box.left()) for _, box in cells}),
        "colour": theme.predicted if reconstructed else theme.measured,
        "numbers": told,
    }


def format_of(value: float, text: str) -> Spec:
    """``times`` and ``shown`` with which Python makes the text of a value; the text itself where none does."""
    for times in (1, 100, 1e3, 1e6, 1e9, *(1 / 1024**power for power in range(1, 5))):
        for shown in ("{:,.0f}", "{:,.1f}", "{:,.2f}", "{:,.3f}", "{:.3g}"):
            if shown.format(value * times) == text:
                return {"shown": shown, "times": times}
    return {"shown": text, "times": 1}


KINDS: Mapping[type, str] = {
    CurvePicture: "curve",
    ScatterPicture: "scatter",
    HeatMapPicture: "heat map",
    ReachPicture: "reach",
    ProductsPicture: "products",
    NumbersPicture: "numbers",
}
