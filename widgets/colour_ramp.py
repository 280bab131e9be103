"""Colour tables of 256 entries, made from a theme; an entry is an opaque 0xffrrggbb, as an indexed image takes it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from widgets.view_data import Theme

# What an index of a picture means. 1…LEVELS are shares or weights, from just above nothing to most.
NOTHING = 0
LEVELS = 250
PENDING = 251  # not here yet
GAP = 252  # the hairline between cells
FORBIDDEN, HATCH = 254, 255

FLOOR = 0.32  # where the ramp of shares begins: the smallest share is still seen
GAMMA = 0.6  # small shares are spread out, for most patterns are thin
STALE_STRENGTH = 0.55


def rgb(colour: str) -> np.ndarray:
    """ "#rrggbb" as float [3], 0…255."""
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], dtype=np.float64)


def luminance(channels: np.ndarray) -> np.ndarray:
    """Relative luminance 0…1 (WCAG 2.2) of colours [..., red green blue], 0…255."""
    shares = channels / 255
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def mixed(low: str, high: str, share: float) -> str:
    """The colour ``share`` of the way from ``low`` to ``high``."""
    red, green, blue = np.rint(rgb(low) + (rgb(high) - rgb(low)) * share).astype(int)
    return f"#{red:02x}{green:02x}{blue:02x}"


def ramp(stops: Sequence[str], positions: np.ndarray) -> np.ndarray:
    """Colours at ``positions`` 0…1 of a ramp through evenly spaced stops: float [positions, 3]."""
    colours = np.stack([rgb(stop) for stop in stops])
    at = np.linspace(0.0, 1.0, len(stops))
    return np.stack([np.interp(positions, at, colours[:, channel]) for channel in range(3)], axis=1)


@lru_cache(maxsize=64)
def share_table(theme: Theme, colour: str, stale: bool = False) -> list[int]:
    """The table of a pattern: from the background, over a visible floor, to ``colour``."""
    shares = np.arange(1, LEVELS + 1) / LEVELS
    return _table(theme, ramp((theme.background, colour), FLOOR + (1 - FLOOR) * shares**GAMMA), stale)


@lru_cache(maxsize=64)
def value_table(theme: Theme, stale: bool = False) -> list[int]:
    """The table of weights: the theme's ramp for values, but for its very beginning, which looks like nothing."""
    positions = np.linspace(0.14, 1.0, LEVELS)
    return _table(theme, ramp(theme.sequential, positions), stale)


def signed_table(theme: Theme, ends: tuple[str, str], stale: bool = False) -> list[int]:
    """The table of differences: from one end's colour over a grey that is not nothing to the other's; where hues tell
    nothing apart, the theme's own stops."""
    stops = theme.signed or (ends[0], mixed(theme.background, theme.text, 0.12), ends[1])
    return _table(theme, ramp(stops, np.linspace(0.0, 1.0, LEVELS)), stale)


def levels_each(parts: int) -> int:
    """How many levels each of several parts has in one table."""
    return LEVELS // max(parts, 1)


def parts_table(theme: Theme, colours: Sequence[str], stale: bool = False) -> list[int]:
    """As ``_parts_table`` makes it, once for the same theme and colours: a frame has no time for it."""
    return _parts_table(theme, tuple(colours), stale)


@lru_cache(maxsize=64)
def _parts_table(theme: Theme, colours: tuple[str, ...], stale: bool) -> list[int]:
    """The table of a pattern in parts: as for one, but each part has its own colour and its own stretch of levels."""
    each = levels_each(len(colours))
    strengths = FLOOR + (1 - FLOOR) * (np.arange(1, each + 1) / each) ** GAMMA
    levels = np.tile(rgb(theme.background), (LEVELS, 1))
    for part, colour in enumerate(colours):
        levels[part * each : (part + 1) * each] = ramp((theme.background, colour), strengths)
    return _table(theme, levels, stale)


def _table(theme: Theme, levels: np.ndarray, stale: bool) -> list[int]:
    background = rgb(theme.background)
    table = np.tile(background, (256, 1))
    table[1 : LEVELS + 1] = levels
    table[PENDING] = rgb(theme.raised)
    table[FORBIDDEN] = rgb(mixed(theme.background, theme.masked, 0.5))
    table[HATCH] = rgb(theme.masked)
    if stale:
        table = background + (table - background) * STALE_STRENGTH
    channels = np.rint(table).astype(np.int64)
    packed = 0xFF000000 | channels[:, 0] << 16 | channels[:, 1] << 8 | channels[:, 2]
    return [int(entry) for entry in packed]
