"""The part of a snippet that draws pairs of queries and keys: which are kept, and by whom, or their weights."""

from __future__ import annotations

import numpy as np

from app.export.data_of_pairs import Pairs
from widgets.colour_ramp import FLOOR, GAMMA, LEVELS, mixed, signed_table, value_table
from widgets.pattern_axes import translate
from widgets.pattern_picture import DECADES
from widgets.pattern_scene import LEAST_TOKEN
from widgets.view_data import Theme

SHOWN_LEVELS = np.linspace(0, LEVELS - 1, 17).round().astype(int).tolist()  # of the window's colours for weights
BESIDE = 0.28  # of the page's width is for names and the colour bar

PAIRS = '''\
def prepare(arrays, card):
    """(cells [row, column, red green blue] 0 … 1, pairs along a cell's side, first query, first key, largest value)"""
    (name, values), = arrays.items()
    (_, first_query), (_, first_key) = card["axes"][name]
    side = -(-max(values.shape) // MOST_CELLS)
    if PARTS:
        cells, largest = cells_of_parts(values, side), 1.0
    else:
        cells, largest = cells_of_values(values, side)
    if card["causal"]:  # a cell that lies wholly after every query in it
        last_query = np.minimum(np.arange(1, len(cells) + 1) * side, len(values)) - 1 + first_query
        cells[np.arange(cells.shape[1]) * side + first_key > last_query[:, None]] = rgb(MASKED)
    return cells, side, first_query, first_key, largest


def summed(values, side):
    """Sums over cells of side × side pairs."""
    rows, columns = (np.arange(0, count, side) for count in values.shape)
    return np.add.reduceat(np.add.reduceat(values, rows, 0, np.float64), columns, 1)


def cells_of_parts(values, side):
    """The share of all parts, in the colour of the part that keeps most there; the smallest share is seen."""
    size = summed(np.ones_like(values, np.float32), side)
    shares = np.stack([summed(values == part, side) / size for part in range(len(PARTS))])
    total = shares.sum(0)
    strength = np.where(total > 0, FLOOR + (1 - FLOOR) * total**GAMMA, 0)[..., None]
    full = np.array([rgb(colour) for _, colour in PARTS])[shares.argmax(0)]
    return rgb(BACKGROUND) + (full - rgb(BACKGROUND)) * strength


def cells_of_values(values, side):
    """What a query of each row of cells sends into each column of them on average, in colours up to the largest."""
    kept = summed(~np.isnan(values), side) > 0
    queries = np.diff(np.append(np.arange(0, len(values), side), len(values)))[:, None]
    means = summed(np.nan_to_num(values), side) / queries
    largest = float(np.abs(means).max(initial=0)) or 1.0
    shares = means / largest
    if SIGNED:  # by the root: small differences are seen beside the largest
        shares = (1 + np.sign(shares) * np.sqrt(np.abs(shares))) / 2
    elif LOGARITHMIC:
        shares = 1 + np.log10(np.maximum(shares, 10.0**-DECADES)) / DECADES
    stops = np.linspace(0, 1, len(RAMP))
    channels = np.array([rgb(colour) for colour in RAMP]).T
    cells = np.stack([np.interp(shares, stops, channel) for channel in channels], -1)
    cells[~kept] = rgb(BACKGROUND)
    return cells, largest


def draw(arrays, card):
    cells, side, query, key, largest = prepare(arrays, card)
    (values,) = arrays.values()
    queries, keys = values.shape
    figure = begun()
    axes = figure.subplots()
    extent = key - 0.5, key + cells.shape[1] * side - 0.5, query + len(cells) * side - 0.5, query - 0.5
    axes.imshow(cells, extent=extent, interpolation="nearest")
    axes.set(xlim=(key - 0.5, key + keys - 0.5), ylim=(query + queries - 0.5, query - 0.5))
    if max(queries, keys) <= 64:  # hairlines part the cells
        axes.hlines(np.arange(query, query + queries) - 0.5, *extent[:2], color=BACKGROUND, linewidth=0.5)
        axes.vlines(np.arange(key, key + keys) - 0.5, *extent[2:], color=BACKGROUND, linewidth=0.5)
    if card["causal"]:
        draw_hatch(axes, query, key, queries, keys, side)
    if WORDED and "query tokens" in card:
        axes.set_xticks(range(key, key + keys), card["key tokens"], rotation=90)
        axes.set_yticks(range(query, query + queries), card["query tokens"])
    else:
        axes.xaxis.set_major_formatter("{x:,.0f}")
        axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.xaxis.tick_top()
    corner = {"textcoords": "offset points", "xycoords": "axes fraction", "ha": "right", "va": "bottom"}
    axes.annotate(f"{KEY}\\n{QUERY}", (0, 1), (-0.6 * POINTS, 0.4 * POINTS), color=MUTED, **corner)
    if query <= LOCKED < query + queries:
        axes.barh(LOCKED, keys, 1, key - 0.5, align="center", fill=False, edgecolor=TEXT, linewidth=1.2, zorder=3)
    if not PARTS:
        draw_scale(figure, axes, largest)
    masked = [(MASKED_NAME, MASKED, HATCH, "/////")] if card["causal"] else []
    legend_beside(axes, [*((name, colour, "") for name, colour in PARTS), (NOT_KEPT, BACKGROUND, LINE), *masked])
    return figure


def draw_hatch(axes, query, key, queries, keys, side):
    """Strokes over the pairs that the mask forbids."""
    rows = np.arange(query, query + queries, side)
    last = np.minimum(rows + side, query + queries) - 1
    begins = np.clip(key + -(-(last + 1 - key) // side) * side, key, key + keys) - 0.5
    left, edges = np.repeat(begins, 2), np.repeat(np.append(rows, query + queries) - 0.5, 2)[1:-1]
    looks = {"facecolor": "none", "edgecolor": HATCH, "linewidth": 0, "hatch": "/////"}
    axes.fill_betweenx(edges, left, key + keys - 0.5, **looks)


def draw_scale(figure, axes, largest):
    """The colours of the values."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import FuncNorm, LinearSegmentedColormap, LogNorm, Normalize

    span = Normalize(0, largest)
    if SIGNED:
        roots = lambda values: np.sign(values) * np.sqrt(np.abs(values)), lambda roots: roots * np.abs(roots)
        span = FuncNorm(roots, -largest, largest)
    elif LOGARITHMIC:
        span = LogNorm(largest * 10.0**-DECADES, largest)
    scale = ScalarMappable(span, LinearSegmentedColormap.from_list("", RAMP))
    bar = figure.colorbar(scale, ax=axes, aspect=25)
    bar.ax.set_title(VALUE, color=MUTED, fontsize=POINTS, loc="right")
    bar.outline.set_edgecolor(LINE)
    if SIGNED:
        shares = np.array([-1, -0.25, 0, 0.25, 1])
        bar.set_ticks(shares * largest, labels=[f"{share * largest:.3g}" for share in shares])
'''


def pairs_constants(drawn: Pairs, shape: tuple[int, ...], theme: Theme, width: float) -> dict[str, object]:
    """What the figure of pairs [queries, keys] is told; ``width`` is the page's, in units of the layout."""
    worded = width * (1 - BESIDE) / max(*shape, 1) >= LEAST_TOKEN
    constants: dict[str, object] = {
        "CAPTION": drawn.caption,
        "LOCKED": drawn.locked,
        "WORDED": worded,
        "MOST_CELLS": 512,
        "PARTS": list(drawn.parts),
        "FLOOR": FLOOR,
        "GAMMA": GAMMA,
        "MASKED": mixed(theme.background, theme.masked, 0.5),
        "HATCH": theme.masked,
        "KEY": translate("key →"),
        "QUERY": translate("query ↓"),
        "NOT_KEPT": translate("not kept"),
        "MASKED_NAME": translate("masked"),
        "SIGNED": drawn.signed is not None,
        "LOGARITHMIC": drawn.logarithmic,
    }
    if drawn.parts:
        return constants
    name = translate("weight, log") if drawn.logarithmic else translate("weight")
    table = signed_table(theme, drawn.signed) if drawn.signed else value_table(theme)
    colours = [f"#{table[1 + level] & 0xFFFFFF:06x}" for level in SHOWN_LEVELS]
    return {**constants, "VALUE": translate("a − b") if drawn.signed else name, "RAMP": colours, "DECADES": DECADES}
