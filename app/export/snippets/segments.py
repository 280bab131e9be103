"""The part of a snippet that draws a segments through the layers, and the work, and what it is told."""

from __future__ import annotations

from app.export.snippets.figure import translated
from widgets.colour_ramp import mixed
from widgets.segment_view import earlier_grey, work_names, work_told
from widgets.view_data import SegmentsData, Theme

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
    draw_layers(upper, arrays["edges"], arrays["shares"] > 0, colours, ends)
    draw_work(lower, arrays)
    return figure


def draw_layers(axes, edges, reaches, colours, ends, height=0.42):
    """A row for each layer, the text below; what is cached is underlined; the cone lies between the rows."""
    least = edges[-1] / 300  # of what reaches the token, so that it is seen
    starts, widths, top = edges[:-1], np.diff(edges), len(colours) - 1
    gap = 0.15 if len(starts) <= 128 else 0
    now = TARGET // SEGMENT * SEGMENT
    held = (starts < now) & (edges[1:] > now - MEMORY)
    for layer, row in enumerate(colours):
        axes.bar(starts, height, widths - gap, layer - height / 2, align="edge", color=row, zorder=2)
        thin = reaches[layer] & (widths < least)
        axes.bar((starts + widths / 2)[thin], height, least, layer - height / 2, color=row[thin], zorder=2)
        if layer < top:
            low = layer - height / 2 - 0.1
            axes.bar(starts[held], 0.06, widths[held] - gap, low, align="edge", color=COLOUR, zorder=2)
    for layer, (below, above) in enumerate(zip(ends, ends[1:])):
        if below and above:
            between = [layer + height / 2, layer + 1 - height / 2]
            spare = [max(0, least - (last - first)) / 2 for first, last in (below, above)]
            sides = zip(*((first - each, last + each) for each, (first, last) in zip(spare, (below, above))))
            axes.fill_betweenx(between, *map(list, sides), color=COLOUR, alpha=0.16, linewidth=0)
    frame = {"color": "none", "edgecolor": TEXT, "linewidth": 1.3, "zorder": 4}
    wide = max(1, edges[-1] / 150)
    axes.bar(TARGET + 0.5, height + 0.08, wide, top - height / 2 - 0.04, **frame)
    borders = np.arange(0, edges[-1], SEGMENT)
    if len(borders) <= 64:
        axes.vlines(borders[1:], -0.5, top + 0.4, color=LINE, linestyle="--", linewidth=0.7)
    every = -(-len(borders) // 5)
    for border in borders:
        if border == now or (border // SEGMENT % every == 0 and abs(border - now) >= every * SEGMENT):
            colour, middle = COLOUR if border == now else MUTED, min(border + SEGMENT, edges[-1]) / 2 + border / 2
            axes.text(middle, -0.85, SEGMENT_NAME.format(n=f"{border // SEGMENT + 1:,}"), ha="center", color=colour)
    axes.set(xlim=(0, edges[-1]), ylim=(-1, top + 0.5))
    axes.set_yticks(range(top + 1), LAYERS)
    axes.xaxis.set_visible(False)
    axes.spines[:].set_visible(False)
    axes.set_facecolor("none")
    looks = [(COLOUR, ""), (REACHING, ""), (REACHING, COLOUR)]
    legend_beside(axes, [(label, *look) for label, look in zip(LEGEND, looks)], above=True)


def draw_work(axes, arrays):
    """Pairs computed so far by reading all again, and with the cache, on one scale."""
    seen = np.searchsorted(arrays["edges"], TARGET + 1)
    tokens = arrays["edges"][: seen + 1]
    for name, colour, alpha in (("work_again", MUTED, 0.35), ("work_cached", COLOUR, 0.85)):
        axes.fill_between(tokens, np.append(0, arrays[name][:seen]), color=colour, alpha=alpha, linewidth=0)
    highest = max(arrays["work_again"][-1], 1)
    axes.set_ylim(0, highest)
    again, cached = arrays["work_again"][:seen], arrays["work_cached"][:seen]
    beyond = tokens[-1] < 0.7 * arrays["edges"][-1]  # the names stand beyond the ends of the areas, or before them
    free = tokens[-1] if beyond else tokens[np.searchsorted(again, again[-1] - 0.2 * highest)]
    places = (free, max(again[-1], 0.4 * highest) if beyond else again[-1], "top"), (tokens[-1], cached[-1], "bottom")
    for name, (x, y, va) in zip(WORK_NAMES, places):
        at = {"xytext": (4 if beyond else -4, 2 if va == "bottom" else 0), "textcoords": "offset points"}
        axes.annotate(name, (x, y), ha="left" if beyond else "right", va=va, color=TEXT, **at)
    axes.spines[["left", "top", "right"]].set_visible(False)
    axes.set_facecolor("none")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_title(WORK, loc="left", fontsize=POINTS, wrap=True)
'''


def segments_constants(data: SegmentsData, theme: Theme) -> dict[str, object]:
    layers = [
        translated("SegmentView", "text"),
        *(translated("SegmentView", "layer {n}").format(n=layer) for layer in range(1, data.shares.shape[0])),
    ]
    return {
        "CAPTION": data.caption,
        "SEGMENT": data.segment,
        "MEMORY": data.memory,
        "TARGET": data.target,
        "COLOUR": data.colour,
        "NOW": mixed(theme.background, data.colour, 0.4),
        "REACHING": earlier_grey(theme),
        "DROPPED": mixed(theme.background, theme.raised, 0.8),
        "LATER": mixed(theme.background, theme.raised, 0.45),
        "LAYERS": layers,
        "SEGMENT_NAME": translated("SegmentView", "segment {n}"),
        "LEGEND": [
            translated("SegmentView", "computed now"),
            translated("SegmentView", "earlier, still reaches it"),
            translated("SegmentView", "cached, no gradient"),
        ],
        "WORK": work_told(data),
        "WORK_NAMES": list(work_names()),
    }
