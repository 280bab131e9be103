"""What a snippet knows of buckets, a grid, segments or a running state besides their values: words, colours, places."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QCoreApplication, QRectF
from PySide6.QtGui import QFont

from app.export.snippet_buckets import BUCKETS
from app.export.snippet_drawings import FOLD, SEGMENTS, STATE
from widgets.bucket_cells import Style
from widgets.bucket_layout import BucketStage, bucket_sizes, round_layout
from widgets.bucket_painting import BucketScene
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
        return buckets_constants(drawn, theme, width), BUCKETS
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


def buckets_constants(data: BucketsData, theme: Theme, width: float) -> Constants:
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
        **panels_constants(data, theme, width),
        "TOKENS": [readable_short(token, 5) for token in data.tokens[: data.labels.shape[1]]] if few else [],
    }


def panels_constants(data: BucketsData, theme: Theme, width: float) -> Constants:
    """What the panels below the story say; nothing where the figure has no room for them."""
    scene = BucketScene(data, Style(theme, QFont()), printed=True)
    if scene.geometry(QRectF(0, 0, width, max(0.72 * width, LEAST_PRINTED))).sizes is None:
        return {"PANEL_TITLES": []}
    sizes, rounds = bucket_sizes(scene.layouts[0].labels, data.bucket_count), len(scene.layouts)
    titles = (
        tr("BucketView", "tokens per bucket: {0} to {1}").format(f"{sizes.min():,}", f"{sizes.max():,}"),
        tr("BucketView", "one round")
        if rounds == 1
        else tr("BucketView", "{0} rounds, each sorted and chunked").format(rounds),
        tr("BucketView", "share") if data.locked is not None and data.round_share is not None else "",
    )
    return {
        "PANEL_TITLES": list(titles),
        "BUCKETS": data.bucket_count,
        "CHUNK_NAME": tr("BucketView", "chunk {0}").format(f"{data.chunk_length:,}"),
        "ACCENT": theme.accent,
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
