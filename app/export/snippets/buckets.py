"""The part of a snippet that draws buckets: one round's story, and below it how large they are and all rounds."""

from __future__ import annotations

from app.export.snippets.figure import shortened, translated
from widgets.bucket_cells import reach_colour
from widgets.bucket_layout import BucketStage, bucket_sizes, round_layout
from widgets.bucket_words import caption, row_titles
from widgets.colour_ramp import mixed
from widgets.view_data import BucketsData, Theme

MOST_WORDED = 64  # places up to which there is room for the tokens

BUCKETS = '''\
def prepare(arrays, card):
    """One round: (labels of the tokens, tokens by place, labels by place, tokens that the locked one reads)"""
    labels, order = whole(arrays, card)["labels"][ROUND], arrays["order"][ROUND]
    order = np.where((order >= 0) & (order < len(labels)), order, -1)
    sorted_labels = np.where(order >= 0, labels[order], -1)
    read = []
    if LOCKED >= 0 and labels[LOCKED] >= 0:
        place = int(np.flatnonzero(order == LOCKED)[0])
        start = max(place // CHUNK - LOOK_BACK, 0) * CHUNK
        near = order[start : (place // CHUNK + 1) * CHUNK]
        near = near[(near >= 0) & (near != LOCKED)]
        read = near[(labels[near] == labels[LOCKED]) & ((near < LOCKED) | (not card["causal"]))]
    return labels, order, sorted_labels, read


def whole(arrays, card):
    """The arrays with all positions: those that are not in the file are in no bucket."""
    found = dict(arrays)
    for name, nothing in (("labels", -1), ("round_share", np.nan)):
        if name in arrays:
            first = card["axes"][name][1][1]
            found[name] = np.full((len(arrays[name]), LENGTH), nothing, arrays[name].dtype)
            found[name][:, first : first + arrays[name].shape[1]] = arrays[name]
    return found


def draw(arrays, card):
    labels, order, sorted_labels, read = prepare(arrays, card)
    places = np.argsort(np.where(order < 0, len(order), order), kind="stable")[: len(labels)]
    figure = begun()
    story, below = figure.subfigures(2, 1, height_ratios=(3, 1))
    draw_panels(below, whole(arrays, card))
    axes = story.subplots()
    tokens, unnamed = np.arange(len(labels)), np.full(len(labels), -1)
    few = len(order) <= 64
    rows = ((3.0, unnamed, tokens, True), (2.4, labels, tokens, False), (1.0, sorted_labels, order, False),
            (0.4, sorted_labels, order, True))
    for (y, found, whose, worded), title in zip(rows, TITLES):
        colours = [PARTS[label % len(PARTS)] if label >= 0 else RESTING for label in found]
        draw_row(axes, y, colours, few)
        if y <= 1.0 and len(found) <= 512:  # a gap between buckets, as colours repeat
            axes.vlines(np.flatnonzero(np.diff(found)) + 0.5, y, y + 0.3, color=BACKGROUND, linewidth=1.5)
        ground = {"facecolor": BACKGROUND, "edgecolor": "none", "pad": 1}
        axes.text(-0.5, y + 0.36, title, va="bottom", bbox=ground)
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


def draw_row(axes, y, colours, few):
    """A row of places: cells of their own, or one picture where there are many."""
    if few:
        axes.bar(np.arange(len(colours)), 0.3, 0.9, y, color=colours)
        return
    cells = np.array([rgb(colour) for colour in colours])[None]
    axes.imshow(cells, extent=(-0.5, len(colours) - 0.5, y, y + 0.3), aspect="auto", interpolation="nearest")


def draw_flights(axes, labels, places):
    """From a token's place in the text to its place among those of its bucket."""
    from matplotlib.collections import LineCollection

    times = np.linspace(0, 1, 25)
    across = times**2 * (3 - 2 * times)
    down = 1.5 * times * (1 - times) + times**3
    every = -(-len(places) // 2000)  # of a long text some are enough
    flown = np.array([token for token in range(0, len(places), every) if labels[token] >= 0], int)
    x, y = flown[:, None] + (places[flown] - flown)[:, None] * across, 2.4 - 1.1 * down
    paths = np.stack([x, np.broadcast_to(y, x.shape)], -1)
    colours = [PARTS[label % len(PARTS)] for label in labels[flown]]
    axes.add_collection(LineCollection(paths, colors=colours, linewidths=0.6, zorder=0))
    if LOCKED >= 0:
        axes.plot(LOCKED + (places[LOCKED] - LOCKED) * across, y, color=TEXT, linewidth=1.3, zorder=3)


def draw_reading(axes, at, places, read):
    """The reach of the locked token, and an arc to each token that it reads."""
    first = max(at // CHUNK - LOOK_BACK, 0) * CHUNK
    axes.axvspan(first - 0.5, (at // CHUNK + 1) * CHUNK - 0.5, 0.2, 0.31, color=REACH, zorder=-1)
    turn = np.linspace(0, np.pi, 30)
    for place in places[read] if len(read) else ():
        middle, half = (at + place) / 2, (at - place) / 2
        deep = min(0.8, 0.2 + 0.02 * abs(half))
        axes.plot(middle + half * np.cos(turn), 0.37 - deep * np.sin(turn), color=TEXT, linewidth=0.9)


def draw_panels(figure, arrays):
    """How large the buckets are, and all rounds, each sorted and chunked, with their shares in the locked output."""
    sizes, rounds, shares = figure.subplots(1, 3, width_ratios=(4, 6, 2))
    for axes, title in zip((sizes, rounds, shares), PANEL_TITLES):
        axes.set_title(title, loc="left", fontsize=POINTS)
        axes.set_facecolor("none")
        axes.spines[["left", "top", "right"]].set_visible(False)
    labels = arrays["labels"][ROUND]
    count = np.bincount(labels[labels >= 0], minlength=BUCKETS)
    sizes.bar(np.arange(BUCKETS), count, 0.9, color=[PARTS[at % len(PARTS)] for at in range(BUCKETS)])
    sizes.axhline(CHUNK, color=TEXT, linestyle="--", linewidth=0.7)
    sizes.annotate(CHUNK_NAME, (1, CHUNK), xycoords=("axes fraction", "data"), ha="right", va="bottom")
    sizes.annotate(f"{count.max():,}", (count.argmax(), count.max()), ha="center", va="bottom")
    sizes.set(yticks=[], ylim=(0, 1.2 * max(count.max(), CHUNK)))
    strips = np.where(arrays["order"] < 0, -1, np.take_along_axis(arrays["labels"], np.maximum(arrays["order"], 0), 1))
    colours = np.array([rgb(colour) for colour in (*PARTS, RESTING)])
    cells = colours[np.where(strips < 0, len(PARTS), strips % len(PARTS))]
    rounds.imshow(cells, aspect="auto", interpolation="nearest")
    rounds.hlines(np.arange(1, len(strips)) - 0.5, -0.5, strips.shape[1] - 0.5, color=BACKGROUND, linewidth=4)
    rounds.set(xticks=[], yticks=range(len(strips)), yticklabels=range(1, len(strips) + 1))
    shares.set(xlim=(0, 1.6), ylim=rounds.get_ylim(), xticks=[], yticks=[])
    if LOCKED < 0 or "round_share" not in arrays:
        shares.axis("off")
        return
    for number, (order, share) in enumerate(zip(arrays["order"], arrays["round_share"][:, LOCKED])):
        rounds.plot(np.flatnonzero(order == LOCKED)[0], number, "|", color=TEXT, markersize=2 * POINTS)
        shares.barh(number, 1, 0.5, color=RESTING, alpha=0.4)
        shares.barh(number, share, 0.5, color=ACCENT)
        shares.text(1.05, number, f"{share:.0%}", va="center")
'''


def buckets_constants(data: BucketsData, number: int, theme: Theme) -> dict[str, object]:
    """``number`` is that of the round whose story is told, from 0; the caption is that of the last stage with one."""
    locked = -1 if data.locked is None else data.locked
    layouts = [round_layout(data, index) for index in range(data.labels.shape[0])]
    stage = BucketStage.ROUNDS if locked >= 0 else BucketStage.CHUNK
    few = data.order.shape[1] <= MOST_WORDED
    return {
        "CAPTION": caption(data, layouts, number, stage, data.locked),
        "ROUND": number,
        "LENGTH": data.labels.shape[1],
        "ROUND_NAME": translated("BucketView", "round {0} of {1}").format(number + 1, len(layouts))
        if len(layouts) > 1
        else "",
        "LOCKED": locked,
        "CHUNK": data.chunk_length,
        "LOOK_BACK": data.look_back,
        "PARTS": list(theme.categories),
        "RESTING": mixed(theme.background, theme.muted, 0.4),
        "REACH": reach_colour(theme).name(),
        "TITLES": list(row_titles(data)),
        **panels_constants(data, number, theme),
        "TOKENS": [shortened(token, 5) for token in data.tokens[: data.labels.shape[1]]] if few else [],
    }


def panels_constants(data: BucketsData, number: int, theme: Theme) -> dict[str, object]:
    """What the panels below the story say."""
    sizes, rounds = bucket_sizes(round_layout(data, number).labels, data.bucket_count), data.labels.shape[0]
    titles = (
        translated("BucketView", "tokens per bucket: {0} to {1}").format(f"{sizes.min():,}", f"{sizes.max():,}"),
        translated("BucketView", "one round")
        if rounds == 1
        else translated("BucketView", "{0} rounds, each sorted and chunked").format(rounds),
        translated("BucketView", "share") if data.locked is not None and data.round_share is not None else "",
    )
    return {
        "PANEL_TITLES": list(titles),
        "BUCKETS": data.bucket_count,
        "CHUNK_NAME": translated("BucketView", "chunk {0}").format(f"{data.chunk_length:,}"),
        "ACCENT": theme.accent,
    }
