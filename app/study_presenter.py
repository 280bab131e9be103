"""A study's answer -> what the study view draws. Pure."""

from __future__ import annotations

from app.presenters import unit_in_words
from app.theme import contrasting, variant_colour
from engines.study import Curve, HeatMap, Line, Panel, PanelData, Quantities, Quantity, Reach, Scatter
from engines.trace import Extent, Products
from engines.variant import Variant
from engines.variants import variant_named
from widgets.colour_ramp import mixed
from widgets.given_words import said
from widgets.plots.plot_data import (
    CurveData,
    ExtentData,
    HeatMapData,
    LineLook,
    NumberData,
    NumbersData,
    Plot,
    PlotCloud,
    PlotLine,
    PlotMark,
    PlotPanel,
    ProductsData,
    ReachData,
    ScatterData,
)
from widgets.quantities import bytes_text, error_text, in_powers, seconds_text
from widgets.view_data import Card, Theme

PALER, PALEST = 0.78, 0.36  # how much of the variant's colour a line has that is beside its own


def study_panels(panels: tuple[Panel, ...], variant: Variant, theme: Theme) -> tuple[PlotPanel, ...]:
    """The panels with words and colours chosen."""
    own = variant_colour(variant.order, theme)
    return tuple(
        PlotPanel(said(panel.title), plot_of(panel.data, own, theme), said(panel.note), panel.reconstructed)
        for panel in panels
    )


def colour_of(number: int | str, own: str, theme: Theme) -> str:
    """A line's colour: that of the variant of this name, the run's own for −1 and paler shades of it below, else one
    that is told apart from it."""
    if isinstance(number, str):
        return variant_colour(variant_named(number).order, theme)
    if number < -1:
        return mixed(theme.background, own, max(PALEST, PALER ** (-1 - number)))
    others = contrasting(own, theme)
    return own if number < 0 else others[number % len(others)]


def plot_of(data: PanelData, own: str, theme: Theme) -> Plot:
    if isinstance(data, Curve):
        return curve_data(data, own, theme)
    if isinstance(data, Scatter):
        clouds = tuple(PlotCloud(said(c.label), c.x, c.y, colour_of(c.colour, own, theme)) for c in data.clouds)
        return ScatterData(said(data.x_label), said(data.y_label), clouds, data.diagonal, data.logarithmic)
    if isinstance(data, HeatMap):
        labels = said(data.row_label), said(data.column_label)
        return HeatMapData(data.values, *labels, data.row_edges, data.column_edges, data.diverging)
    if isinstance(data, Reach):
        return ReachData(data.shares, data.edges, data.target, own, data.segment, data.cached_before)
    if isinstance(data, Products):
        return products_data(data, own)
    return numbers_data(data)


def curve_data(data: Curve, own: str, theme: Theme) -> CurveData:
    return CurveData(
        said(data.x_label),
        said(data.y_label),
        tuple(
            PlotLine(said(line.label), line.x, line.y, colour_of(line.colour, own, theme), line.low, line.high, look)
            for line, look in zip(data.lines, looks_of(data.lines), strict=True)
        ),
        tuple(PlotMark(said(mark.label), mark.x) for mark in data.marks),
        data.logarithmic_x,
        data.logarithmic_y,
    )


def looks_of(lines: tuple[Line, ...]) -> list[LineLook]:
    """How each line is drawn: of several in one variant's colour, all but the first are hollow.

    Lines with one number for a colour stay alike: they are told together, as the other heads.
    """
    hollow: dict[str, LineLook] = {"line": "hollow line", "points": "hollow points"}
    seen: set[tuple[str, str]] = set()
    looks: list[LineLook] = []
    for line in lines:
        again = isinstance(line.colour, str) and (line.colour, line.look) in seen
        looks.append(hollow.get(line.look, line.look) if again else line.look)
        seen.add((str(line.colour), line.look))
    return looks


def products_data(data: Products, own: str) -> ProductsData:
    def sized(extent: Extent) -> ExtentData:
        return ExtentData(said(extent.name), extent.rows, extent.columns, extent.role, extent.sign, said(extent.by))

    return ProductsData(tuple(sized(extent) for extent in data.extents), own)


def numbers_data(data: Quantities) -> NumbersData:
    return NumbersData(tuple(number_data(quantity) for quantity in data.numbers))


def number_data(quantity: Quantity) -> NumberData:
    """A number with the digits and the unit that people read it with."""
    card = Card(quantity.card) if quantity.card else None
    if quantity.share:
        return NumberData(said(quantity.name), error_text(quantity.value), "%", card)
    if quantity.unit == "s":
        value, _, unit = seconds_text(quantity.value).partition(" ")
        return NumberData(said(quantity.name), value, unit, card)
    if quantity.unit == "bytes":
        value, _, unit = bytes_text(int(quantity.value)).partition(" ")
        return NumberData(said(quantity.name), value, unit, card)
    whole = float(quantity.value).is_integer() and abs(quantity.value) < 1e15
    return NumberData(
        said(quantity.name),
        f"{quantity.value:,.0f}" if whole else in_powers(f"{quantity.value:.3g}"),
        unit_in_words(quantity.unit),
        card,
    )
