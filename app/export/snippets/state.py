"""The part of a snippet that draws a running state, and what it is told."""

from __future__ import annotations

from app.export.snippets.figure import shortened, translated
from widgets.painted_view import MARGIN
from widgets.quantities import bytes_text, in_powers
from widgets.state_view import CHIP_WIDTH, WIDE_FROM
from widgets.view_data import StateData, Theme

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


def state_constants(data: StateData, theme: Theme, width: float, last: int) -> dict[str, object]:
    chips = max(1, int((width - 2 * MARGIN) / CHIP_WIDTH))
    first = min(max(0, last - 2 * chips // 3), max(0, data.length - chips))
    rows, columns = data.state.shape[1:]
    cache, tokens = data.cache_bytes_per_token, last + 1
    kept = (
        (translated("StateView", "state S, z at any length"), data.state_bytes, data.colour),
        (translated("StateView", "KV cache so far, {n} tokens").format(n=f"{tokens:,}"), cache * tokens, theme.muted),
        (
            translated("StateView", "KV cache of all {n} tokens").format(n=f"{data.length:,}"),
            cache * data.length,
            theme.muted,
        ),
    )
    return {
        "CAPTION": data.caption,
        "COLOUR": data.colour,
        "RAISED": theme.raised,
        "SIGNED": list(theme.signed or (theme.categories[0], theme.raised, data.colour)),
        "NAMES": [
            translated("StateView", "φ(k)"),
            translated("StateView", "S, {rows} features × {columns} values").format(rows=rows, columns=columns),
            translated("StateView", "z"),
            translated("StateView", "v"),
        ],
        "FIRST": first,
        "TOKENS": [shortened(token) for token in data.tokens[first : first + chips]],
        "KEPT_TITLE": translated("StateView", "Kept for the next token"),
        "KEPT": [(name, size, bytes_text(size), colour) for name, size, colour in kept],
        "DIFFERENCE": difference_words(data) if width >= WIDE_FROM else [],
        "WIDE": width >= WIDE_FROM,
    }


def difference_words(data: StateData) -> list[str]:
    if data.difference is None:
        return []
    return [
        translated("StateView", "Recurrence = parallel form"),
        translated("StateView", "largest difference {value}").format(value=in_powers(f"{data.difference:.1e}")),
        translated("StateView", "at the tokens shown"),
    ]
