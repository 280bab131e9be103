"""The part of a snippet that draws a grid of positions, and what it is told."""

from __future__ import annotations

from app.export.snippets.figure import shortened
from widgets.colour_ramp import rgb
from widgets.fold_view import AHEAD, TINT
from widgets.given_words import said
from widgets.view_data import FoldData, Theme

MOST_WORDED = 16  # columns up to which the cells have room for their tokens

FOLD = '''\
def prepare(arrays, card):
    """(colours of the grid's cells [row, column, red green blue], the cell at which the positions begin)"""
    part_of = arrays["part_of"]
    before = card["axes"]["part_of"][0][1] % WIDTH
    shades = arrays.get("shades", np.zeros(len(part_of)))
    cells = rgb(DARKEST) + (rgb(BRIGHTEST) - rgb(DARKEST)) * (0.85 * shades)[:, None]
    for number, (_, colour) in enumerate(PARTS):
        inside = part_of == number
        cells[inside] += (rgb(colour) - cells[inside]) * TINT
    ahead = np.arange(len(part_of)) > (LOCKED if LOCKED >= 0 else len(part_of))
    cells[ahead] = rgb(BACKGROUND) + (cells[ahead] - rgb(BACKGROUND)) * AHEAD
    rows = -(-(before + len(part_of)) // WIDTH)
    colours = np.tile(rgb(BACKGROUND), (rows * WIDTH, 1))
    colours[before : before + len(part_of)] = cells
    return colours.reshape(rows, WIDTH, 3), before


def draw(arrays, card):
    cells, before = prepare(arrays, card)
    rows, columns = cells.shape[:2]
    figure = begun()
    axes = figure.subplots()
    axes.imshow(cells, interpolation="nearest" if rows <= 600 else "auto")
    axes.axis("off")
    if columns <= 64:  # hairlines part the cells
        axes.hlines(np.arange(1, rows) - 0.5, -0.5, columns - 0.5, color=BACKGROUND, linewidth=0.7)
        axes.vlines(np.arange(1, columns) - 0.5, -0.5, rows - 0.5, color=BACKGROUND, linewidth=0.7)
    letters = min(0.85 * POINTS, 20 * min(SIZE[0] / columns, 0.85 * SIZE[1] / rows))  # points that fit into a cell
    for place, token in enumerate(TOKENS if letters >= 3 else ()):
        row, column = divmod(before + place, columns)
        light = cells[row, column] @ (0.3, 0.59, 0.11) > 0.5
        colour = MUTED if place > LOCKED >= 0 else INKS[0] if light else INKS[1]
        axes.text(column, row, token, ha="center", va="center", color=colour, fontsize=letters, clip_on=True)
    if LOCKED >= 0:
        row, column = divmod(before + LOCKED, columns)
        axes.bar(column, 1, 1, row - 0.5, fill=False, edgecolor=TEXT, linewidth=1.5, zorder=3)
    legend_beside(axes, [(name, colour, "") for name, colour in PARTS])
    return figure
'''


def fold_constants(data: FoldData, theme: Theme) -> dict[str, object]:
    """``data`` of the positions that are in the file."""
    darkness = sorted((theme.background, theme.text), key=lambda colour: float(rgb(colour).sum()))
    low, high = (theme.raised, theme.text) if data.shades is None else darkness  # a picture is no negative of itself
    worded = data.shades is None and data.width <= MOST_WORDED
    return {
        "CAPTION": data.caption,
        "WIDTH": data.width,
        "LOCKED": data.locked,
        "PARTS": [(said(name), colour) for name, colour in data.parts],
        "DARKEST": low,
        "BRIGHTEST": high,
        "TINT": TINT,
        "AHEAD": AHEAD,
        "INKS": darkness,
        "TOKENS": [shortened(token) for token in data.tokens] if worded else [],
    }
