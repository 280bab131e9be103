"""The parts of a snippet that draw: Python text, by what is drawn. Each has ``prepare`` and ``draw``."""

from __future__ import annotations

COLOURS = '''\
def rgb(colour):
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255


def ramp(shares, colours):
    """0 … 1 -> colours between these, [..., red green blue]"""
    stops = np.linspace(0, 1, len(colours))
    channels = np.array([rgb(colour) for colour in colours]).T
    return np.stack([np.interp(shares, stops, channel) for channel in channels], -1)


def colour_map(*colours):
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("", colours).with_extremes(bad=MASKED)
'''

PAIRS = '''\
SCALES = {"weight": ("weight", RAMP), "difference": ("b − a", SIGNED)}


def scale_of(arrays):
    """(lowest, highest, colours, name) of weights, or of their differences"""
    (name, values), = arrays.items()
    most = np.nanmax(np.abs(values), initial=0) or 1
    return (-most if name == "difference" else 0), most, SCALES[name][1], SCALES[name][0]


def prepare(arrays, card):
    """(picture [query, key, red green blue], first query, first key)"""
    (name, values), = arrays.items()
    (_, first_query), (_, first_key) = card["axes"][name]
    if name in SCALES:
        low, high, colours, _ = scale_of(arrays)
        picture = ramp((np.nan_to_num(values) - low) / (high - low), colours)
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
    import matplotlib.pyplot as plt

    picture, query, key = prepare(arrays, card)
    rows, columns = picture.shape[:2]
    figure, axes = plt.subplots(figsize=(7, 7), layout="constrained")
    extent = key - 0.5, key + columns - 0.5, query + rows - 0.5, query - 0.5
    axes.imshow(picture, extent=extent, interpolation="nearest")
    if "query tokens" in card and max(rows, columns) <= 64:
        axes.set_xticks(range(key, key + columns), card["key tokens"], rotation=90)
        axes.set_yticks(range(query, query + rows), card["query tokens"])
    axes.xaxis.tick_top()
    axes.set(xlabel="key", ylabel="query", title=TITLE)
    if set(arrays) & set(SCALES):
        from matplotlib.cm import ScalarMappable
        from matplotlib.colors import Normalize

        low, high, colours, name = scale_of(arrays)
        figure.colorbar(ScalarMappable(Normalize(low, high), colour_map(*colours)), ax=axes, label=name)
    else:
        for name, colour in zip(card["parts"], PARTS * len(card["parts"])):
            axes.plot([], [], "s", color=colour, label=name)
        axes.legend(loc="lower left")
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
    for place in range(CHUNK, pictures[1].shape[1], CHUNK):
        plots[1].axvline(place - 0.5, color=INK, lw=1)
    figure.suptitle(TITLE)
    return figure
'''

FOLD = '''\
def prepare(arrays, card):
    """the positions in rows of WIDTH, from cell START on: [row, column, red green blue]; where the locked one stands"""
    parts = arrays["part_of"]
    colours = np.array([rgb(colour) for colour in (*PARTS, MASKED)])
    found = colours[np.where(parts < 0, len(PARTS), parts % len(PARTS))]
    if "shades" in arrays:  # the picture beneath
        found = np.where(parts[:, None] < 0, arrays["shades"][:, None], (found + arrays["shades"][:, None]) / 2)
    rows = -(-(START + len(parts)) // WIDTH)
    picture = np.broadcast_to(rgb(BACKGROUND), (rows * WIDTH, 3)).copy()
    picture[START : START + len(parts)] = found
    return picture.reshape(rows, WIDTH, 3), divmod(LOCKED, WIDTH)


def draw(arrays, card):
    import matplotlib.pyplot as plt

    picture, (row, column) = prepare(arrays, card)
    rows = len(picture)
    figure, axes = plt.subplots(figsize=(8, 1 + 8 * rows / WIDTH), layout="constrained")
    axes.imshow(picture, interpolation="nearest")
    for at, token in enumerate(TOKENS, START):
        cell = picture[at // WIDTH, at % WIDTH]
        ink = max((INK, BACKGROUND), key=lambda colour: np.abs(rgb(colour) - cell).sum())
        axes.text(at % WIDTH, at // WIDTH, token, ha="center", va="center", color=ink, size=8)
    if LOCKED >= 0:
        axes.add_patch(plt.Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, ec=INK, lw=2))
    for name, colour in zip(NAMES, PARTS):
        axes.plot([], [], "s", color=colour, label=name)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 0), ncols=len(NAMES))
    axes.set(title=TITLE, xticks=[], yticks=[])
    return figure
'''

SEGMENTS = '''\
def prepare(arrays, card):
    """the share of each bin that reaches the token, [layer, bin], from the text up; pairs computed both ways"""
    return arrays["shares"], arrays["edges"], arrays["work_again"], arrays["work_cached"]


def draw(arrays, card):
    import matplotlib.pyplot as plt

    shares, edges, again, cached = prepare(arrays, card)
    figure, (above, below) = plt.subplots(2, 1, figsize=(9, 6), layout="constrained", sharex=True)
    layers = len(shares)
    above.pcolormesh(edges, np.arange(layers + 1), shares, cmap=colour_map(MASKED, PARTS[0]), vmin=0, vmax=1)
    for edge in range(0, LENGTH + 1, SEGMENT):
        above.axvline(edge, color=INK, lw=0.8, ls="--")
    above.add_patch(plt.Rectangle((TARGET, layers - 1), 1, 1, fill=False, ec=INK, lw=2))
    above.set_yticks(np.arange(layers) + 0.5, ["text", *(f"layer {at}" for at in range(1, layers))])
    above.set(title=f"what can reach token {TARGET}; segments of {SEGMENT}, {MEMORY} cached")
    below.fill_between(edges[1:], again, color=MASKED, label="reading all again")
    below.fill_between(edges[1:], cached, color=PARTS[0], label="with the cache")
    below.set(xlabel="position", ylabel="pairs computed so far")
    below.legend(loc="upper left")
    figure.suptitle(TITLE)
    return figure
'''

STATE = '''\
MOMENT = -1  # which of the kept moments


def prepare(arrays, card):
    """S [feature, value], z [feature], and what the token added: φ(k) [feature], v [value]"""
    return [arrays[name][MOMENT] for name in ("state", "normaliser", "added_row", "added_column")]


def draw(arrays, card):
    import matplotlib.pyplot as plt

    state, normaliser, row, column = prepare(arrays, card)
    sizes = {"width_ratios": (1, len(column), 1), "height_ratios": (len(row), 1)}
    figure, plots = plt.subplots(2, 3, figsize=(9, 7), layout="constrained", gridspec_kw=sizes)
    parts = ((plots[0, 0], row[:, None], "φ(k)"), (plots[0, 1], state, "S"), (plots[0, 2], normaliser[:, None], "z"))
    for axes, values, title in (*parts, (plots[1, 1], column[None], "v")):
        most = np.abs(values).max() or 1
        shown = np.sign(values) * np.sqrt(np.abs(values) / most)  # as in the window: small ones are seen
        axes.imshow(shown, cmap=colour_map(*SIGNED), vmin=-1, vmax=1, aspect="auto", interpolation="nearest")
        axes.set(title=title, xticks=[], yticks=[])
    plots[1, 0].axis("off")
    plots[1, 2].axis("off")
    figure.suptitle(f"{TITLE}, after token {arrays['positions'][MOMENT]}")
    return figure
'''

MATRICES = '''\
def draw_matrices(axes, extents):
    """Boxes to one scale: (name, rows, columns, role)"""
    from matplotlib.patches import Rectangle

    gap, left = 0.35 * np.mean([columns for _, _, columns, _ in extents]), 0
    for name, rows, columns, role in extents:
        never = role == "never made"
        fill = {"input": MASKED, "computed": RAMP[len(RAMP) // 3], "output": PARTS[0]}.get(role, BACKGROUND)
        box = Rectangle((left, -rows / 2), columns, rows, fc=fill, ec=INK, ls="--" if never else "-")
        axes.add_patch(box)
        axes.text(left + columns / 2, 0, name + ("\\nnever made" if never else ""), ha="center", va="center", color=INK)
        axes.text(left + columns / 2, rows / 2 + gap / 5, f"{rows:,} × {columns:,}", ha="center", va="top", color=INK)
        left += columns + gap
    highest = max(rows for _, rows, _, _ in extents)
    axes.set(xlim=(-gap, left), ylim=(0.75 * highest, -0.75 * highest), aspect="equal")
    axes.axis("off")
'''

PRODUCTS = '''\
def prepare(arrays, card):
    """(name, rows, columns, role) of each matrix"""
    return [(name, *sizes, role) for (name, role), sizes in zip(EXTENTS, arrays["extents"].tolist())]


def draw(arrays, card):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(10, 4), layout="constrained")
    draw_matrices(axes, prepare(arrays, card))
    axes.set_title(TITLE)
    return figure
'''

STUDY = '''\
def prepare(arrays, card):
    """(panel, its arrays by their names within it: "lines.0.x") of each panel that is in the file"""
    found = []
    for number, panel in PANELS.items():
        own = {name.partition(".")[2]: values for name, values in arrays.items() if name.partition(".")[0] == number}
        if own or "extents" in panel:
            found.append((panel, own))
    return found


def draw_curve(axes, panel, arrays):
    for at, (label, colour, look) in enumerate(panel["lines"]):
        x, y = (arrays.get(f"lines.{at}.{axis}") for axis in "xy")
        if y is None:  # one array was saved alone
            continue
        x = np.arange(len(y)) if x is None else x
        if f"lines.{at}.low" in arrays:
            band = arrays[f"lines.{at}.low"], arrays[f"lines.{at}.high"]
            axes.fill_between(x, *band, color=colour, alpha=0.2, lw=0)
        if look == "bars":
            axes.bar(x, y, width=0.8 * np.diff(x).min(initial=np.inf) if len(x) > 1 else 0.8, color=colour, label=label)
        else:
            dots = "." if len(x) < 40 else ""
            marker, style = {"points": ("D", ""), "dashed": ("", "--")}.get(look, (dots, "-"))
            axes.plot(x, y, color=colour, label=label, marker=marker, ls=style)
    for label, x in panel["marks"]:
        axes.axvline(x, color=INK, lw=1, ls="--")
        axes.text(x, 1, f" {label}", transform=axes.get_xaxis_transform(), va="top", color=INK, size=8)


def draw_clouds(axes, panel, arrays):
    for at, (label, colour) in enumerate(panel["clouds"]):
        x, y = (arrays.get(f"clouds.{at}.{axis}") for axis in "xy")
        if x is not None and y is not None:
            axes.plot(x, y, ".", color=colour, label=label, ms=3)
    if panel["diagonal"]:
        axes.axline((1, 1), (2, 2), color=INK, lw=1, ls="--")


def draw_heat_map(axes, panel, arrays):
    values = arrays["values"]
    rows, columns = (arrays.get(name, np.arange(size + 1)) for name, size in zip(EDGES, values.shape))
    most = np.nanmax(np.abs(values)) or 1
    colours = colour_map(*(DIVERGING if panel["diverging"] else RAMP))
    drawn = axes.pcolormesh(columns, rows, values, cmap=colours, vmin=-most if panel["diverging"] else 0, vmax=most)
    axes.invert_yaxis()
    axes.figure.colorbar(drawn, ax=axes)


def draw_reach(axes, panel, arrays):
    shares, edges = arrays["shares"], arrays["edges"]
    colours = colour_map(MASKED, PARTS[0])
    axes.pcolormesh(edges, np.arange(len(shares) + 1), shares, cmap=colours, vmin=0, vmax=1)
    axes.set_yticks(np.arange(len(shares)) + 0.5, ["input", *range(1, len(shares))])


def draw_numbers(axes, panel):
    for at, (name, value, unit) in enumerate(panel["numbers"]):
        axes.text(0, -at, f"{name}: ", va="top", color=INK)
        axes.text(1, -at, f"{value} {unit}", va="top", ha="right", color=INK, weight="bold")
    axes.set(xlim=(0, 1), ylim=(-len(panel["numbers"]), 0.5))
    axes.axis("off")


def draw(arrays, card):
    import matplotlib.pyplot as plt

    shown = prepare(arrays, card)
    across = 1 if len(shown) == 1 else 2
    down = -(-len(shown) // across)
    figure, plots = plt.subplots(down, across, figsize=(5.5 * across, 4 * down), layout="constrained", squeeze=False)
    for axes in plots.flat[len(shown) :]:
        axes.axis("off")
    for axes, (panel, own) in zip(plots.flat, shown):
        axes.set_title(panel["title"])
        if "numbers" in panel:
            draw_numbers(axes, panel)
        elif "extents" in panel:
            draw_matrices(axes, panel["extents"])
        elif "lines" in panel:
            draw_curve(axes, panel, own)
        elif "clouds" in panel:
            draw_clouds(axes, panel, own)
        elif "diverging" in panel:
            draw_heat_map(axes, panel, own)
        else:
            draw_reach(axes, panel, own)
        if "x" in panel:
            axes.set(xlabel=panel["x"], ylabel=panel["y"])
        if panel.get("logarithmic x"):
            axes.set_xscale("log")
        if panel.get("logarithmic y"):
            axes.set_yscale("log")
        if any(label for label, *_ in panel.get("lines", panel.get("clouds", ()))):
            axes.legend(fontsize=8)
    figure.suptitle(TITLE)
    return figure


EDGES = "row_edges", "column_edges"
'''

STEPS = '''\
def prepare(arrays, card):
    """[(name, values of at most two axes, names of the axes)]; of more axes the last of each"""
    shown = []
    for name, values in arrays.items():
        axes = [axis for axis, _ in card["axes"][name]]
        while values.ndim > 2:
            values, axes = values[-1], axes[1:]
        shown.append((name, values, axes))
    return shown


def draw(arrays, card):
    import matplotlib.pyplot as plt

    shown = prepare(arrays, card)
    figure, plots = plt.subplots(len(shown), 1, figsize=(8, 3 * len(shown)), layout="constrained", squeeze=False)
    for axes, (name, values, names) in zip(plots[:, 0], shown):
        if values.ndim == 2:
            drawn = axes.imshow(values, aspect="auto", interpolation="nearest", cmap=colour_map(*RAMP))
            figure.colorbar(drawn, ax=axes)
        else:
            axes.plot(values, color=PARTS[0])
        axes.set(title=name, xlabel=names[-1], ylabel=names[0] if values.ndim == 2 else "")
    figure.suptitle(TITLE)
    return figure
'''
