"""The parts of a snippet that draw a grid, segments or a running state, and what every figure begins with."""

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
