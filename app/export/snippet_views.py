"""The parts of a snippet that draw a grid, segments, or a running state as the view does."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QCoreApplication

from widgets.bucket_layout import BucketStage, round_layout
from widgets.bucket_view import LEAST_PRINTED
from widgets.bucket_words import caption, row_titles
from widgets.colour_ramp import mixed, rgb
from widgets.fold_view import FoldView
from widgets.given_words import said
from widgets.painted_view import MARGIN
from widgets.piece_text import readable
from widgets.quantities import bytes_text, in_powers
from widgets.segment_view import SegmentView, work_told
from widgets.state_view import CHIP_WIDTH, WIDE_FROM, StateView
from widgets.view_data import BucketsData, FoldData, SegmentsData, StateData, Theme

Constants = dict[str, object]
MOST_WORDED = 64  # places up to which buckets have room for their tokens
FOLD_WORDS = 16  # columns of a grid up to which its cells have room for their tokens


def tr(context: str, text: str) -> str:
    return QCoreApplication.translate(context, text)


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
    """What the colours mean, below the picture or above it: (label, colour, colour of its edge)"""
    from matplotlib.patches import Patch

    signs = [Patch(facecolor=colour, edgecolor=edge or colour, label=label) for label, colour, edge in entries]
    loc, corner = ("lower left", (0, 1)) if above else ("upper left", (0, 0))
    places = {"loc": loc, "bbox_to_anchor": corner, "handlelength": 1, "frameon": False}
    axes.legend(handles=signs, ncols=max(1, min(len(signs), 3)), labelcolor=MUTED, **places)
'''

FOLD = '''\
def prepare(arrays, card):
    """The colours of the grid's cells [row, column, red green blue]"""
    part_of = arrays["part_of"]
    rows = -(-len(part_of) // WIDTH)
    shades = arrays.get("shades", np.zeros(len(part_of)))
    cells = rgb(DARKEST) + (rgb(BRIGHTEST) - rgb(DARKEST)) * (0.85 * shades)[:, None]
    for number, (_, colour) in enumerate(PARTS):
        inside = part_of == number
        cells[inside] += (rgb(colour) - cells[inside]) * 0.78
    ahead = np.arange(len(part_of)) > LOCKED
    cells[ahead] = rgb(BACKGROUND) + (cells[ahead] - rgb(BACKGROUND)) * 0.35
    colours = np.tile(rgb(BACKGROUND), (rows * WIDTH, 1))
    colours[: len(part_of)] = cells
    return colours.reshape(rows, WIDTH, 3)


def draw(arrays, card):
    cells = prepare(arrays, card)
    rows, columns = cells.shape[:2]
    figure = begun()
    axes = figure.subplots()
    axes.imshow(cells, interpolation="nearest")
    axes.axis("off")
    if columns <= 64:  # hairlines part the cells
        axes.hlines(np.arange(1, rows) - 0.5, -0.5, columns - 0.5, color=BACKGROUND, linewidth=0.7)
        axes.vlines(np.arange(1, columns) - 0.5, -0.5, rows - 0.5, color=BACKGROUND, linewidth=0.7)
    for place, token in enumerate(TOKENS):
        row, column = divmod(place, columns)
        light = cells[row, column] @ (0.3, 0.59, 0.11) > 0.5
        colour = MUTED if place > LOCKED else INKS[0] if light else INKS[1]
        axes.text(column, row, token, ha="center", va="center", color=colour, fontsize=0.85 * POINTS, clip_on=True)
    if 0 <= LOCKED < len(arrays["part_of"]):
        row, column = divmod(LOCKED, columns)
        frame = {"fill": False, "edgecolor": TEXT, "linewidth": 1.5, "zorder": 3}
        axes.bar(column, 1, 1, row - 0.5, **frame)
    legend_beside(axes, [(name, colour, "") for name, colour in PARTS])
    return figure
'''

SEGMENTS = '''\
def prepare(arrays, card):
    """(colours of the cells [layer, cell, red green blue], ends of the cone by layer)"""
    shares, edges = arrays["shares"], arrays["edges"]
    starts, stops = edges[:-1], edges[1:]
    now = TARGET // SEGMENT * SEGMENT
    later, current, reaches = starts >= now + SEGMENT, (stops > now) & (starts < now + SEGMENT), shares > 0
    colours = np.tile(rgb(DROPPED), (*shares.shape, 1))
    colours[reaches] = rgb(REACHING)
    colours[:, current] = np.where(reaches[:, current, None], rgb(COLOUR), rgb(NOW))
    colours[:, later] = rgb(LATER)
    inside = [np.flatnonzero(row) for row in reaches]
    ends = [(edges[at[0]], min(edges[at[-1] + 1], TARGET + 1)) if len(at) else None for at in inside]
    ends[-1] = (TARGET, TARGET + 1)
    return colours, ends


def draw(arrays, card):
    colours, ends = prepare(arrays, card)
    figure = begun()
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    draw_layers(upper, arrays["edges"], colours, ends)
    draw_work(lower, arrays)
    return figure


def draw_layers(axes, edges, colours, ends, height=0.42):
    """A row for each layer, the text below; what is cached is underlined; the cone lies between the rows."""
    starts, widths, top = edges[:-1], np.diff(edges), len(colours) - 1
    gap = 0.15 if len(starts) <= 128 else 0
    now = TARGET // SEGMENT * SEGMENT
    held = (starts < now) & (edges[1:] > now - MEMORY)
    for layer, row in enumerate(colours):
        axes.bar(starts, height, widths - gap, layer - height / 2, align="edge", color=row, zorder=2)
        if layer < top:
            low = layer - height / 2 - 0.1
            axes.bar(starts[held], 0.06, widths[held] - gap, low, align="edge", color=COLOUR, zorder=2)
    for layer, (below, above) in enumerate(zip(ends, ends[1:])):
        if below and above:
            between, sides = [layer + height / 2, layer + 1 - height / 2], zip(below, above)
            axes.fill_betweenx(between, *map(list, sides), color=COLOUR, alpha=0.16, linewidth=0)
    frame = {"color": "none", "edgecolor": TEXT, "linewidth": 1.3, "zorder": 4}
    wide = max(1, edges[-1] / 150)
    axes.bar(TARGET + 0.5, height + 0.08, wide, top - height / 2 - 0.04, **frame)
    borders = np.arange(0, edges[-1], SEGMENT)
    axes.vlines(borders[1:], -0.5, top + 0.4, color=LINE, linestyle="--", linewidth=0.7)
    every = -(-len(borders) // 5)
    for border in borders:
        if border == now or (border // SEGMENT % every == 0 and abs(border - now) >= every * SEGMENT):
            colour, middle = COLOUR if border == now else MUTED, min(border + SEGMENT, edges[-1]) / 2 + border / 2
            axes.text(middle, -0.85, SEGMENT_NAME.format(n=border // SEGMENT + 1), ha="center", color=colour)
    axes.set(xlim=(0, edges[-1]), ylim=(-1, top + 0.5))
    axes.set_yticks(range(top + 1), LAYERS)
    axes.xaxis.set_visible(False)
    axes.spines[:].set_visible(False)
    axes.set_facecolor("none")
    looks = [(COLOUR, ""), (REACHING, ""), (DROPPED, COLOUR)]
    legend_beside(axes, [(label, *look) for label, look in zip(LEGEND, looks)], above=True)


def draw_work(axes, arrays):
    """Pairs computed so far by reading all again, and with the cache, on one scale."""
    seen = np.searchsorted(arrays["edges"], TARGET + 1)
    tokens = arrays["edges"][: seen + 1]
    for name, colour, alpha in (("work_again", MUTED, 0.35), ("work_cached", COLOUR, 0.85)):
        axes.fill_between(tokens, np.append(0, arrays[name][:seen]), color=colour, alpha=alpha, linewidth=0)
    axes.set_ylim(0, max(arrays["work_again"][-1], 1))
    axes.spines[["left", "top", "right"]].set_visible(False)
    axes.set_facecolor("none")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_title(WORK, loc="left", fontsize=POINTS, wrap=True)
'''

STATE = '''\
def prepare(arrays, card):
    """The last moment's (values, largest of all moments) by name"""
    names = ("state", "normaliser", "added_row", "added_column")
    return {name: (arrays[name][-1], np.abs(arrays[name]).max(initial=0)) for name in names}


def signed(values, largest):
    """Colours from −largest over 0 to largest, by the root of the share: [..., red green blue]"""
    share = np.clip(values / max(largest, 1e-30), -1, 1)
    negative, zero, positive = map(rgb, SIGNED)
    end = np.where(share[..., None] >= 0, positive, negative)
    return zero + (end - zero) * np.sqrt(np.abs(share))[..., None]


def draw(arrays, card):
    pictures = prepare(arrays, card)
    features, values = pictures["state"][0].shape
    figure = begun()
    tokens, below = figure.subfigures(2, 1, height_ratios=(1, 14))
    draw_tokens(tokens.subplots(), arrays["positions"][-1])
    if WIDE:  # the sizes stand beside the state
        parts, sizes = below.subfigures(1, 2, width_ratios=(16, 9))
    else:
        parts, sizes = below.subfigures(2, 1, height_ratios=(4, 1))
    across, down = (0.06, 1, 0.06), (1, 0.05)
    plots = parts.subplots(2, 3, width_ratios=across, height_ratios=down)
    shown = (
        (plots[0, 0], "added_row", lambda array: array[:, None], NAMES[0]),
        (plots[0, 1], "state", lambda array: array, NAMES[1]),
        (plots[0, 2], "normaliser", lambda array: array[:, None], NAMES[2]),
        (plots[1, 1], "added_column", lambda array: array[None], ""),
    )
    for axes, name, shaped, title in shown:
        array, largest = pictures[name]
        cells = signed(shaped(array), largest)
        axes.imshow(cells, aspect="auto", interpolation="nearest")
        if max(features, values) <= 64:  # hairlines part the cells
            axes.hlines(np.arange(1, len(cells)) - 0.5, -0.5, cells.shape[1] - 0.5, color=BACKGROUND, linewidth=0.5)
            axes.vlines(np.arange(1, cells.shape[1]) - 0.5, -0.5, len(cells) - 0.5, color=BACKGROUND, linewidth=0.5)
        axes.set_title(title, fontsize=POINTS, loc="left" if name == "state" else "center")
        axes.set(xticks=[], yticks=[])
    plots[1, 1].set_ylabel(NAMES[3], rotation=0, ha="right", va="center", color=TEXT)
    plots[1, 0].axis("off")
    plots[1, 2].axis("off")
    draw_sizes(sizes.subplots(), arrays["positions"][-1] + 1)
    return figure


def draw_tokens(axes, last):
    """The tokens about the last one that was read."""
    axes.set(xlim=(FIRST, FIRST + len(TOKENS)), ylim=(0, 1))
    axes.axis("off")
    for position, token in enumerate(TOKENS, FIRST):
        read = position <= last
        looks = {"facecolor": COLOUR if read else RAISED, "alpha": 0.32 if read else 1}
        axes.bar(position + 0.47, 1, 0.94, **looks)
        axes.text(position + 0.47, 0.5, token, ha="center", va="center", color=TEXT if read else MUTED, clip_on=True)
        if position == last:
            axes.bar(position + 0.47, 1, 0.94, fill=False, edgecolor=TEXT, linewidth=1.3)


def draw_sizes(axes, tokens):
    """What must be kept for the next token, in bars to one scale."""
    axes.axis("off")
    largest = max(size for _, size, _, _ in KEPT)
    for place, (name, size, told, colour) in enumerate(KEPT):
        axes.barh(place + 0.15, size / largest, 0.16 if WIDE else 0.3, color=colour)
        axes.text(0, place + 0.35, f"{name} · {told}", va="top", color=MUTED)
    for line, words in enumerate(DIFFERENCE):
        axes.text(0, len(KEPT) + 0.2 + 0.25 * line, words, va="top", color=MUTED if line else TEXT)
    axes.set(xlim=(0, 1), ylim=(len(KEPT) + (1 if DIFFERENCE else 0), 0))
    axes.set_title(KEPT_TITLE, loc="left", weight="bold", fontsize=POINTS)
'''


BUCKETS = '''\
def prepare(arrays, card):
    """One round: (labels of the tokens, tokens by place, labels by place, tokens that the locked one reads)"""
    labels, order = arrays["labels"][ROUND], arrays["order"][ROUND]
    order = np.where((order >= 0) & (order < len(labels)), order, -1)
    sorted_labels = np.where(order >= 0, labels[order], -1)
    read = []
    if LOCKED >= 0:
        place = int(np.flatnonzero(order == LOCKED)[0])
        start = max(place // CHUNK - LOOK_BACK, 0) * CHUNK
        near = order[start : (place // CHUNK + 1) * CHUNK]
        near = near[(near >= 0) & (near != LOCKED)]
        read = near[(labels[near] == labels[LOCKED]) & ((near < LOCKED) | (not card["causal"]))]
    return labels, order, sorted_labels, read


def draw(arrays, card):
    labels, order, sorted_labels, read = prepare(arrays, card)
    places = np.argsort(np.where(order < 0, len(order), order), kind="stable")[: len(labels)]
    figure = begun()
    axes = figure.subplots()
    tokens, unnamed = np.arange(len(labels)), np.full(len(labels), -1)
    few = len(order) <= 64
    rows = ((3.0, unnamed, tokens, True), (2.4, labels, tokens, False), (1.0, sorted_labels, order, False),
            (0.4, sorted_labels, order, True))
    for (y, found, whose, worded), title in zip(rows, TITLES):
        colours = [PARTS[label % len(PARTS)] if label >= 0 else RESTING for label in found]
        axes.bar(np.arange(len(found)), 0.3, 0.9 if few else 1, y, color=colours)
        axes.text(-0.5, y + 0.34, title, va="bottom")
        for place, position in enumerate(whose if few else ()):
            again = y == 1.0 and place > 0 and found[place] == found[place - 1]  # one number for a bucket
            word = "" if position < 0 or again else TOKENS[position] if worded else str(found[place])
            axes.text(place, y + 0.15, word, ha="center", va="center", fontsize=0.75 * POINTS, rotation=90 * worded)
    draw_flights(axes, labels, places)
    borders = np.arange(0, len(order) + CHUNK, CHUNK).clip(0, len(order)) - 0.5
    axes.vlines(borders, 0.35, 0.75, color=TEXT, linewidth=0.8)
    axes.text(len(order) - 0.5, 3.34, ROUND_NAME, ha="right", va="bottom", color=MUTED)
    if LOCKED >= 0:
        at = places[LOCKED]
        for y, slot in zip((3.0, 2.4, 1.0, 0.4), (LOCKED, LOCKED, at, at)):
            axes.bar(slot, 0.34, 1, y - 0.02, fill=False, edgecolor=TEXT, linewidth=1.2, zorder=4)
        draw_reading(axes, at, places, read)
    axes.set(xlim=(-0.6, len(order) - 0.4), ylim=(-0.5, 3.6))
    axes.axis("off")
    return figure


def draw_flights(axes, labels, places):
    """From a token's place in the text to its place among those of its bucket."""
    times = np.linspace(0, 1, 25)
    across = times**2 * (3 - 2 * times)
    down = 1.5 * times * (1 - times) + times**3
    every = -(-len(places) // 2000)  # of a long text some are enough
    for token, place in list(enumerate(places))[::every]:
        locked = token == LOCKED
        colour = TEXT if locked else PARTS[labels[token] % len(PARTS)]
        x, y = token + (place - token) * across, 2.4 - 1.1 * down
        axes.plot(x, y, color=colour, linewidth=1.3 if locked else 0.6, zorder=3 if locked else 0)


def draw_reading(axes, at, places, read):
    """The reach of the locked token, and an arc to each token that it reads."""
    first = max(at // CHUNK - LOOK_BACK, 0) * CHUNK
    axes.axvspan(first - 0.5, (at // CHUNK + 1) * CHUNK - 0.5, 0.2, 0.31, color=REACH, zorder=-1)
    turn = np.linspace(0, np.pi, 30)
    for place in places[read] if len(read) else ():
        middle, half = (at + place) / 2, (at - place) / 2
        axes.plot(middle + half * np.cos(turn), 0.37 - min(0.8, 0.2 + 0.02 * abs(half)) * np.sin(turn), color=TEXT, linewidth=0.9)
'''


def drawn_whole(drawn: object, arrays: Mapping[str, np.ndarray]) -> bool:
    """Whether the arrays, by name, are all that the view draws: a part of a grid would have other rows."""
    wanted = {
        BucketsData: {"labels", "order"},
        FoldData: {"part_of"} | ({"shades"} if getattr(drawn, "shades", None) is not None else set()),
        SegmentsData: {"shares", "edges", "work_cached", "work_again"},
        StateData: {"state", "normaliser", "positions", "added_row", "added_column"},
    }.get(type(drawn))
    if wanted is None or not wanted <= set(arrays):
        return False
    if isinstance(drawn, BucketsData) and arrays["labels"].shape != drawn.labels.shape:
        return False
    cut = isinstance(drawn, FoldData) and len(arrays["part_of"]) != len(drawn.part_of)
    return not cut and all(values.size for values in arrays.values())


def view_constants(drawn: object, theme: Theme, width: float, last: int = -1) -> tuple[Constants, str]:
    """The constants of a view's snippet and its functions.

    ``width`` is the page's, in units of the layout; ``last`` the position of a state's last moment.
    """
    if isinstance(drawn, FoldData):
        return fold_constants(drawn, theme), FOLD
    if isinstance(drawn, SegmentsData):
        return segments_constants(drawn, theme), SEGMENTS
    if isinstance(drawn, BucketsData):
        return buckets_constants(drawn, theme), BUCKETS
    assert isinstance(drawn, StateData)
    return state_constants(drawn, theme, width, last), STATE


def good_height(drawn: object, theme: Theme, width: float) -> float:
    """How high the view looks best at a width, in units of the layout."""
    if isinstance(drawn, FoldData):
        fold = FoldView(theme)
        fold.set_data(drawn)
        return fold.good_height(width)
    if isinstance(drawn, SegmentsData):
        segments = SegmentView(theme)
        segments.set_data(drawn)
        return segments.good_height(width)
    if isinstance(drawn, BucketsData):
        return max(0.72 * width, LEAST_PRINTED)
    assert isinstance(drawn, StateData)
    state = StateView(theme)
    state.set_data(drawn)
    return state.good_height(width)


def buckets_constants(data: BucketsData, theme: Theme) -> Constants:
    """The round that a figure tells of is the first; its caption is that of the last stage that has one."""
    locked = -1 if data.locked is None else data.locked
    layouts = [round_layout(data, index) for index in range(data.labels.shape[0])]
    stage = BucketStage.ROUNDS if locked >= 0 else BucketStage.CHUNK
    few = data.order.shape[1] <= MOST_WORDED
    return {
        "CAPTION": caption(data, layouts, 0, stage, data.locked),
        "ROUND": 0,
        "ROUND_NAME": tr("BucketView", "round {0} of {1}").format(1, len(layouts)) if len(layouts) > 1 else "",
        "LOCKED": locked,
        "CHUNK": data.chunk_length,
        "LOOK_BACK": data.look_back,
        "PARTS": list(theme.categories),
        "RESTING": mixed(theme.background, theme.muted, 0.4),
        "REACH": mixed(theme.background, theme.accent, 0.15),
        "TITLES": list(row_titles(data)),
        "TOKENS": [readable_short(token, 5) for token in data.tokens[: data.labels.shape[1]]] if few else [],
    }


def fold_constants(data: FoldData, theme: Theme) -> Constants:
    low, high = theme.raised, theme.text
    if data.shades is not None:  # as the view has it: a picture is no negative of itself on a light ground
        low, high = sorted((theme.background, theme.text), key=lambda colour: float(rgb(colour).sum()))
    worded = data.shades is None and data.width <= FOLD_WORDS
    inks = sorted((theme.text, theme.background), key=lambda colour: float(rgb(colour).sum()))
    return {
        "CAPTION": data.caption,
        "WIDTH": data.width,
        "LOCKED": data.locked,
        "PARTS": [(said(name), colour) for name, colour in data.parts],
        "DARKEST": low,
        "BRIGHTEST": high,
        "INKS": inks,
        "TOKENS": [readable_short(token) for token in data.tokens] if worded else [],
    }


def readable_short(token: str, most: int = 7) -> str:
    words = readable(token)
    return words if len(words) <= most else words[: most - 1] + "…"


def segments_constants(data: SegmentsData, theme: Theme) -> Constants:
    layers = [
        tr("SegmentView", "text"),
        *(tr("SegmentView", "layer {n}").format(n=layer) for layer in range(1, data.shares.shape[0])),
    ]
    return {
        "CAPTION": data.caption,
        "SEGMENT": data.segment,
        "MEMORY": data.memory,
        "TARGET": data.target,
        "COLOUR": data.colour,
        "NOW": mixed(theme.background, data.colour, 0.4),
        "REACHING": mixed(theme.background, theme.muted, 0.5),
        "DROPPED": mixed(theme.background, theme.raised, 0.8),
        "LATER": mixed(theme.background, theme.raised, 0.45),
        "LAYERS": layers,
        "SEGMENT_NAME": tr("SegmentView", "segment {n}"),
        "LEGEND": [
            tr("SegmentView", "computed now"),
            tr("SegmentView", "earlier, still reaches it"),
            tr("SegmentView", "cached, no gradient"),
        ],
        "WORK": work_told(data),
    }


def state_constants(data: StateData, theme: Theme, width: float, last: int) -> Constants:
    chips = max(1, int((width - 2 * MARGIN) / CHIP_WIDTH))
    first = min(max(0, last - 2 * chips // 3), max(0, data.length - chips))
    rows, columns = data.state.shape[1:]
    cache, tokens = data.cache_bytes_per_token, last + 1
    kept = (
        (tr("StateView", "state S, z at any length"), data.state_bytes, data.colour),
        (tr("StateView", "KV cache so far, {n} tokens").format(n=f"{tokens:,}"), cache * tokens, theme.muted),
        (tr("StateView", "KV cache of all {n} tokens").format(n=f"{data.length:,}"), cache * data.length, theme.muted),
    )
    return {
        "CAPTION": data.caption,
        "COLOUR": data.colour,
        "RAISED": theme.raised,
        "SIGNED": list(theme.signed or (theme.categories[0], theme.raised, data.colour)),
        "NAMES": [
            tr("StateView", "φ(k)"),
            tr("StateView", "S, {rows} features × {columns} values").format(rows=rows, columns=columns),
            tr("StateView", "z"),
            tr("StateView", "v"),
        ],
        "FIRST": first,
        "TOKENS": [readable_short(token) for token in data.tokens[first : first + chips]],
        "KEPT_TITLE": tr("StateView", "Kept for the next token"),
        "KEPT": [(name, size, bytes_text(size), colour) for name, size, colour in kept],
        "DIFFERENCE": difference_words(data) if width >= WIDE_FROM else [],
        "WIDE": width >= WIDE_FROM,
    }


def difference_words(data: StateData) -> list[str]:
    if data.difference is None:
        return []
    return [
        tr("StateView", "Recurrence = parallel form"),
        tr("StateView", "largest difference {value}").format(value=in_powers(f"{data.difference:.1e}")),
        tr("StateView", "at the tokens shown"),
    ]
