"""The parts of a snippet that draw a study's panels: only those of the kinds that it has are written."""

from __future__ import annotations

from collections.abc import Mapping

from app.export.snippets.figure import FAMILIES, RGB

PREPARE = '''\
def prepare(arrays, card):
    """[(panel, its arrays by name)]"""
    def within(prefix):
        return {name[len(prefix) :]: values for name, values in arrays.items() if name.startswith(prefix)}

    return [(panel, within(panel["prefix"])) for panel in PANELS]


def draw(arrays, card):
    import matplotlib.pyplot as plt

    plt.rcParams.update({**STYLE, "font.family": families()})
    figure = plt.figure(figsize=SIZE, layout="constrained", facecolor=BACKGROUND)
    figure.suptitle(TITLE, x=0.01, ha="left", weight="bold", fontsize=POINTS + 1)
    prepared = prepare(arrays, card)
    rows = figure.subfigures(len(ROWS), 1, height_ratios=HEIGHTS, squeeze=False, hspace=0.03)[:, 0]
    for row, places in zip(rows, ROWS):
        for part, place in zip(row.subfigures(1, len(places), squeeze=False, wspace=0.02)[0], places):
            panel, values = prepared[place]
            axes = framed(part, panel)
            DRAW[panel["kind"]](axes, panel, values)
    return figure


def framed(part, panel):
    """Axes within a panel that has its title, its note and its legend."""
    part.set_facecolor(SURFACE)
    title = panel["title"] + "\\n\\n \\n " * ("badge" in panel)  # room for the badge
    heading = part.suptitle(title, x=0.02, ha="left", weight="bold", fontsize=POINTS)
    axes = part.subplots()
    axes.set_facecolor(BACKGROUND)
    if panel["note"]:
        part.supxlabel(panel["note"], x=0.02, ha="left", color=MUTED, fontsize=POINTS)
    if "badge" in panel:
        frame = {"edgecolor": PREDICTED, "facecolor": "none", "linestyle": ":", "boxstyle": "round"}
        axes.annotate(panel["badge"], (0, 0), (3, 0.8 * POINTS), xycoords=heading, textcoords="offset points",
                      va="bottom", color=PREDICTED, bbox=frame).set_in_layout(False)
    if "legend" in panel:
        signs = [sign_of(*entry, panel.get("grey")) for entry in panel["legend"]]
        above = 0.4 if panel["kind"] in ("reach", "products") else 1.6  # the name of the axis stands between,
        above += 1.7 * ("marks" in panel)  # and the names of marks
        places = {"loc": "lower left", "bbox_to_anchor": (0, 1), "borderaxespad": above, "handlelength": 1.2}
        axes.legend(handles=signs, ncols=panel["legend_columns"], frameon=False, labelcolor=MUTED, **places)
    return axes


def sign_of(label, colour, sign, grey):
    """What stands for a series in a legend."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    if sign in ("line", "dashed"):
        return Line2D([], [], color=colour, linestyle="-" if sign == "line" else "--", label=label)
    if "dot" in sign or sign == "hollow line":
        fill = SURFACE if "hollow" in sign else colour
        dot = {"marker": "o", "markersize": 4, "markerfacecolor": fill}
        return Line2D([], [], color=colour, linestyle="" if "dot" in sign else "-", label=label, **dot)
    if "outline" in sign:
        return Patch(facecolor="none", edgecolor=colour, linestyle="--" if "dashed" in sign else "-", label=label)
    return Patch(facecolor=grey if sign == "underline" else colour, edgecolor=colour, label=label)


def name_axes(axes, x, y, arrow="↑", pad=6):
    axes.set_xlabel(f"{x} →" if x else "", loc="right", color=MUTED)
    axes.set_title(f"{arrow} {y}" if y else "", loc="left", color=MUTED, fontsize=POINTS, pad=pad)
'''

SCALED = '''\
def scale_axes(axes, x, y, pad=6):
    """Names, scales, limits and ticks of both axes; the name of y stands ``pad`` points above."""
    axes.set(xscale=x["scale"], yscale=y["scale"], xlim=x["limits"], ylim=y["limits"])
    axes.minorticks_off()
    axes.set_xticks(list(x["ticks"]), x["ticks"].values())
    axes.set_yticks(list(y["ticks"]), y["ticks"].values())
    axes.grid(color=LINE, alpha=0.55)
    axes.set_axisbelow(True)
    name_axes(axes, x["label"], y["label"], pad=pad)
'''

CURVE = '''\
def draw_curve(axes, panel, values):
    marks = panel.get("marks", ())
    scale_axes(axes, panel["x"], panel["y"], 6 + 1.7 * POINTS * bool(marks))
    for number, line in enumerate(panel["lines"]):
        mine = {side: values.get(f"lines.{number}.{side}") for side in ("x", "y", "low", "high")}
        draw_line(axes, line, panel, **mine)
    for label, x, middle in marks:  # named above the plot, where names keep apart
        axes.axvline(x, color=TEXT, linewidth=0.7, linestyle="--", clip_on=False)
        room = {"xycoords": axes.get_xaxis_transform(), "textcoords": ("axes fraction", "offset points")}
        leader = {"arrowstyle": "-", "linewidth": 0.7, "color": TEXT, "shrinkA": 0, "shrinkB": 0, "relpos": (0.5, 0)}
        axes.annotate(label, (x, 1), (middle, 4), ha="center", va="bottom", arrowprops=leader, **room)


def draw_line(axes, line, panel, x, y, low, high):
    """One series: a line, a dashed line, points or bars, with its band."""
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    look, style = line["look"], {"color": line["colour"], "label": line["label"]}
    hollow = {"markerfacecolor": BACKGROUND} if "hollow" in look else {}
    if low is not None and (look == "bars" or "points" in look):
        axes.vlines(x, low[order], high[order], color=line["colour"], linewidth=1)
    elif low is not None:
        axes.fill_between(x, low[order], high[order], color=line["colour"], alpha=0.2, linewidth=0)
    if look == "bars":
        axes.bar(x, y, width=bar_widths(x, panel["x"]), zorder=2, **style)
    elif "points" in look:
        size, alpha = (2, 0.6) if len(x) >= 200 else (4, 1)
        axes.plot(x, y, "o", markersize=size, alpha=alpha, zorder=5, **style, **hollow)
    elif look == "dashed":
        axes.plot(x, y, "--", linewidth=1, zorder=3, **style)
    else:
        dots = {"marker": "o" if len(x) <= 24 else "", "markersize": 3.5, **hollow}
        dashes = {"linestyle": (0, (5, 2)) if hollow else "-", "linewidth": 1.3}
        axes.plot(x, y, zorder=4, **style, **dashes, **dots)
        gone = np.r_[True, ~np.isfinite(y), True]
        alone = ~gone[1:-1] & gone[:-2] & gone[2:]  # points that no line would show
        axes.plot(x[alone], y[alone], "o", markersize=2.7, color=line["colour"], zorder=4, **hollow)


def bar_widths(x, axis):
    """Four fifths of the room from one bar to the next."""
    apart = np.unique(x)
    if axis["scale"] == "log":
        ratio = np.min(apart[1:] / apart[:-1]) if len(apart) > 1 else 2
        return x * (ratio**0.4 - ratio**-0.4)
    low, high = axis["limits"]
    return min(0.8 * np.min(np.diff(apart)) if len(apart) > 1 else high - low, 0.1 * (high - low))
'''

SCATTER = """\
def draw_scatter(axes, panel, values):
    scale_axes(axes, panel["x"], panel["y"])
    count = sum(len(values[f"clouds.{number}.x"]) for number in range(len(panel["clouds"])))
    if panel["diagonal"]:
        axes.plot(panel["x"]["limits"], panel["x"]["limits"], "--", color=MUTED, linewidth=0.7)
        axes.set_box_aspect(1)
        axes.text(0.9, 0.98, panel["diagonal"], ha="right", va="top", color=MUTED, transform=axes.transAxes)
    for number, cloud in enumerate(panel["clouds"]):
        x, y = values[f"clouds.{number}.x"], values[f"clouds.{number}.y"]
        size = 3.3 if count < 400 else 2.3 if count < 4000 else 1.7
        shown = {"markersize": size, "alpha": 0.75 if count < 400 else 0.6, "markeredgewidth": 0}
        axes.plot(x, y, "o", color=cloud["colour"], label=cloud["label"], **shown)
"""

HEAT_MAP = """\
def draw_heat_map(axes, panel, values):
    from matplotlib.colors import LinearSegmentedColormap

    rows, columns, cells = panel["rows"], panel["columns"], values["values"]
    row_edges = values.get("row_edges", np.linspace(*rows["limits"], cells.shape[0] + 1))
    column_edges = values.get("column_edges", np.linspace(*columns["limits"], cells.shape[1] + 1))
    colours = LinearSegmentedColormap.from_list("", panel["ramp"]).with_extremes(bad=panel["no_value"])
    shown = np.ma.masked_invalid(cells)
    low, high = panel["limits"]
    mesh = axes.pcolormesh(column_edges, row_edges, shown, cmap=colours, vmin=low, vmax=high, rasterized=True)
    axes.set(xlim=columns["limits"], ylim=rows["limits"][::-1])
    axes.set_xticks(list(columns["ticks"]), columns["ticks"].values())
    axes.set_yticks(list(rows["ticks"]), rows["ticks"].values())
    if panel["square"]:
        axes.set_box_aspect(1)
    bar = axes.figure.colorbar(mesh, ax=axes, pad=0.02, aspect=25)
    bar.set_ticks(list(panel["ticks"]), labels=panel["ticks"].values())
    bar.outline.set_edgecolor(LINE)
    name_axes(axes, columns["label"], rows["label"], "↓")
"""

REACH = '''\
def draw_reach(axes, panel, values):
    """A row for each layer, the input below; the cone of those that can reach the target lies between the rows."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    shares, edges, target = np.nan_to_num(values["shares"]), values["edges"], panel["target"]
    top, height = len(shares) - 1, panel["height"]
    segment, cached = panel.get("segment", 0), panel.get("cached_before", 0)
    starts, widths, runs = edges[:-1], np.diff(edges), []
    for layer, share in enumerate(shares):
        colours = np.tile(rgb(panel["empty"]), (len(share), 1))
        full = np.where((starts < cached)[:, None], rgb(panel["grey"]), rgb(panel["colour"]))
        strength = np.where(share > 0, 0.35 + 0.65 * share, 0)[:, None]
        colours += (full - colours) * strength
        if segment and cached:
            colours[(share == 0) & (starts >= cached) & (starts < cached + segment)] = rgb(panel["now"])
        gap = 0.15 if len(share) <= 64 else 0
        axes.bar(starts, height, widths - gap, layer - height / 2, align="edge", color=colours, zorder=2)
        wide = (share > 0) & (widths < panel["least"])
        at, seen = (starts + widths / 2)[wide], panel["least"]
        axes.bar(at, height, seen, layer - height / 2, color=colours[wide], zorder=2)
        if segment:
            held = (starts < cached) & (share > 0)
            low = layer - height / 2
            axes.bar(starts[held], height / 6, widths[held] - gap, low, align="edge", color=panel["colour"], zorder=3)
        runs.append(runs_of(share, edges))
    runs[top] = np.array([(target, target + 1)])
    for layer, pair in enumerate(zip(runs, runs[1:])):
        cone = [[(left, layer + height / 2), (right, layer + height / 2), (last, layer + 1 - height / 2),
                 (first, layer + 1 - height / 2)] for (left, right), (first, last) in bands(*pair, panel["least"])]
        if cone:
            outline = Path.make_compound_path(*(Path([*each, each[0]], closed=True) for each in cone))
            axes.add_patch(PathPatch(outline, color=panel["colour"], alpha=0.16, linewidth=0))
    wide = max(1, (edges[-1] - edges[0]) / 100)
    axes.bar(target + 0.5, height, wide, top - height / 2, color=panel["colour"], edgecolor=TEXT, zorder=4)
    axes.set(xlim=(edges[0], edges[-1]), ylim=(-height, top + height))
    axes.set_xticks(list(panel["ticks"]), panel["ticks"].values())
    axes.set_yticks(range(top + 1), [panel["input"], *range(1, top + 1)])
    axes.spines[:].set_visible(False)
    axes.set_facecolor("none")
    if segment:
        borders = np.arange(-(-edges[0] // segment) * segment, edges[-1], segment)
        axes.vlines(borders[borders > edges[0]], -height, top + height, color=LINE, linestyle="--", linewidth=0.7)
        for border in borders if "name" in panel else ():
            now = cached <= border <= target
            name = panel["name"].format(number=f"{int(border) // segment + 1:,}")
            below = {"xycoords": axes.get_xaxis_transform(), "textcoords": "offset points", "ha": "center"}
            colour = panel["colour"] if now else MUTED
            axes.annotate(name, (border + segment / 2, 0), (0, -3 * POINTS), color=colour, **below)


def runs_of(share, edges):
    """Runs of neighbouring cells with a share, from edge to edge."""
    ends = np.flatnonzero(np.diff(np.r_[False, share > 0, False].astype(int)))
    return np.stack([edges[ends[::2]], edges[ends[1::2]]], 1)


def bands(lower, upper, least):
    """Each run with every one above that it overlaps, else with the nearest, both wide enough to be seen."""
    pairs = []
    for run in lower if len(upper) else ():
        over = upper[(upper[:, 1] > run[0]) & (upper[:, 0] < run[1])]
        if not len(over):
            over = upper[[np.argmin(np.maximum(upper[:, 0] - run[1], run[0] - upper[:, 1]))]]
        pairs += [(run, one) for one in over]
    return [tuple(seen(each, least) for each in pair) for pair in pairs]


def seen(run, least):
    spare = max(0, least - (run[1] - run[0])) / 2
    return run[0] - spare, run[1] + spare
'''

PRODUCTS = '''\
def draw_products(axes, panel, values):
    """The matrices to one scale; "at" and "size" are in units of the page."""
    from matplotlib.patches import FancyBboxPatch

    wide, high = panel["room"]
    axes.set(xlim=(0, wide), ylim=(high, 0), aspect="equal")
    axes.axis("off")
    for matrix, (rows, columns) in zip(panel["matrices"], values["extents"]):
        (x, y), (width, height) = matrix["at"], matrix["size"]
        never = matrix["role"] == "never made"
        looks = {"color": panel["fills"][matrix["role"]]}
        if never:
            looks = {"facecolor": "none", "edgecolor": MUTED, "linestyle": "--"}
        corner, round_ = (x - width / 2, y - height / 2), "round,pad=0,rounding_size=2"
        axes.add_patch(FancyBboxPatch(corner, width, height, boxstyle=round_, **looks))
        above = {"ha": "center", "va": "bottom", "weight": "bold", "color": MUTED if never else TEXT}
        axes.text(x, y - height / 2 - 3, matrix["name"], **above)
        below = matrix["below"].format(rows=rows, columns=columns)
        axes.text(x, y + height / 2 + 4, below, ha="center", va="top", color=MUTED)
        if "sign" in matrix:
            at = matrix["sign_at"], y
            axes.text(*at, matrix["sign"], ha="center", va="center", weight="bold", fontsize=POINTS + 2)
            over = {"xytext": (0, 0.6 * POINTS), "textcoords": "offset points", "ha": "center", "va": "bottom"}
            axes.annotate(matrix.get("by", ""), at, color=MUTED, **over)
    axes.text(wide / 2, high, panel["note_below"], ha="center", va="bottom", color=MUTED)
'''

NUMBERS = '''\
def draw_numbers(axes, panel, values):
    """A few numbers, each below its name."""
    axes.axis("off")
    columns, rows = panel["columns"], -(-len(panel["numbers"]) // panel["columns"])
    axes.set(xlim=(0, columns), ylim=(rows, 0))
    for place, number in enumerate(panel["numbers"]):
        row, column = divmod(place, columns)
        value = number["shown"].format(*values[f"numbers.{place}.value"] * number["times"])
        axes.text(column + 0.02, row + 0.05, number["name"], va="top", color=MUTED)
        large = {"weight": "bold", "fontsize": 1.8 * POINTS, "color": panel["colour"]}
        told = axes.text(column + 0.02, row + 0.8, value, va="baseline", **large)
        axes.annotate(number["unit"], (1, 0), (4, 2), xycoords=told, textcoords="offset points", color=MUTED)
'''

DRAWINGS: Mapping[str, tuple[str, ...]] = {
    "curve": (SCALED, CURVE),
    "scatter": (SCALED, SCATTER),
    "heat map": (HEAT_MAP,),
    "reach": (RGB, REACH),
    "products": (PRODUCTS,),
    "numbers": (NUMBERS,),
}
"""What draws each kind of panel, besides what draws any."""


def drawing_of(kinds: list[str]) -> str:
    """The functions that draw panels of these kinds."""
    parts = dict.fromkeys(part for kind in kinds for part in DRAWINGS[kind])
    table = ", ".join(f'"{kind}": draw_{kind.replace(" ", "_")}' for kind in dict.fromkeys(kinds))
    return "\n\n".join((FAMILIES, PREPARE, *parts, f"DRAW = {{{table}}}\n"))
