"""Fonts of the theme's type scale, and text that must fit a width."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics, QFontMetricsF

_PIXELS_PER_POINT = 96 / 72  # a point is 1/72 inch on macOS and 1/96 elsewhere in Qt: pixels look alike everywhere
FIRST_CHINESE = "\u2e80"  # everything from here on stands in full width, its punctuation included
_COLON = re.compile("[:：]")
_COMMA = re.compile("(, |，)")
_NUMBER_AT_END = re.compile(r"[\d.,]+$")
_OPENING, _ENDING = "（“‘《(", "，。；：、！？）”’》…,.;:%)"

_PLAIN = ContextVar("plain letters", default=False)


@contextmanager
def plain_letters() -> Iterator[None]:
    """While a still picture is painted: letters and digits as the font has them by itself.

    Nothing moves there, and the signs that a font's features put in their place have no name in a PDF: they could be
    neither searched nor copied.
    """
    before = _PLAIN.set(True)
    try:
        yield
    finally:
        _PLAIN.reset(before)


def letters_are_plain() -> bool:
    """Whether a still picture is being painted."""
    return _PLAIN.get()


def pixels(points: float) -> int:
    """A type size of the theme in device-independent pixels."""
    return round(points * _PIXELS_PER_POINT)


def lettering(base: QFont, points: float, bold: bool = False) -> QFont:
    """``base`` at a size of the theme, digits all of one width, so that a changing number stays in its place."""
    return QFont(_lettering(base, points, bold, _PLAIN.get()))  # a copy, which may be changed


@lru_cache(maxsize=256)
def _lettering(base: QFont, points: float, bold: bool, as_it_is: bool) -> QFont:
    font = QFont(base)
    font.setPixelSize(pixels(points))
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return plain(font) if as_it_is else tabular(font)


@lru_cache(maxsize=8192)
def advance(text: str, font: QFont) -> float:
    """The width of ``text`` in pixels, found once: captions and legends are measured in every frame."""
    return QFontMetricsF(font).horizontalAdvance(text)


def fits(text: str, font: QFont, width: float) -> bool:
    """Whether ``text`` has room in ``width`` pixels, but for half a one: widgets have whole pixels."""
    return round(advance(text, font)) <= width


def bold_html(words: str) -> str:
    """Words in rich text (escaped already) in the font's own semibold: for <b> Qt would smear another one over it."""
    return f"<span style='font-weight:600'>{words}</span>"


def tabular(font: QFont) -> QFont:
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def plain(font: QFont) -> QFont:
    """Every sign as the font has it by itself: no other colon between digits, no other × between words."""
    for feature in ("calt", "liga", "clig"):
        font.setFeature(QFont.Tag(feature), 0)
    return font


def elided(text: str, font: QFont, width: float, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> str:
    """``text`` shortened with an ellipsis to fit ``width`` pixels; never within its last number: 819… is no 8,192."""
    if fits(text, font, int(width)):
        return text
    shown = QFontMetrics(font).elidedText(text, mode, max(0, int(width)))
    kept = shown.removesuffix("…")
    if mode == Qt.TextElideMode.ElideRight and kept != shown and text[len(kept) : len(kept) + 1].isdigit():
        kept = _NUMBER_AT_END.sub("", kept).rstrip(" ,，:：")
        return kept + "…"
    return shown


def elided_before_colon(text: str, font: QFont, width: float) -> str:
    """ "Transformer-XL, segm…: 18 % kept": what stands before the first colon gives way to what is said of it.

    Where even that has no room, the middle does: what it is about stands first, and how far to believe it last.
    """
    if fits(text, font, width):
        return text
    colon = _COLON.search(text)
    rest = text[colon.start() :] if colon else ""
    room = width - advance(rest, font)
    parts = _COMMA.split(text[: -len(rest)]) if rest else []  # "Reformer", ", ", "chunk length 64", ", ", "hash …"
    for count in range(len(parts) - 1, 3, -2):  # whole settings go, but for the first
        if fits(shorter := "".join(parts[:count]) + "…", font, room):
            return shorter + rest
    if rest and room >= advance(text[:1] + "…", font):
        return elided(text[: -len(rest)], font, room) + rest
    return elided(text, font, width, Qt.TextElideMode.ElideMiddle)


def how_many_fit(parts: Sequence[str], font: QFont, width: float) -> int:
    """How many of the parts, from the first on, stand whole beside each other (" · ") in ``width`` pixels."""
    count = len(parts)
    while count and not fits(" · ".join(parts[:count]), font, width):
        count -= 1
    return count


def flowed(parts: Sequence[str], font: QFont, width: float, most_lines: int) -> list[str]:
    """The parts in at most ``most_lines`` lines of ``width`` pixels, each one whole; an ellipsis tells of more.

    Only a part that is wider than a line is elided.
    """
    lines: list[str] = []
    rest = list(parts)
    while rest and len(lines) < most_lines:
        count = max(how_many_fit(rest, font, width), 1)
        if len(lines) == most_lines - 1 and count < len(rest):
            while count > 1 and how_many_fit([*rest[:count], "…"], font, width) <= count:
                count -= 1
            rest[count:] = ["…"]
            count += 1
        line = " · ".join(rest[:count])
        lines.append(line if how_many_fit(rest[:count], font, width) == count else elided(line, font, width))
        rest = rest[count:]
    return lines


def wrapped(text: str, font: QFont, width: float, most_lines: int) -> list[str]:
    """``text`` in at most ``most_lines`` lines of ``width`` pixels; the last one is elided where more would follow.

    Breaks between parts (" · "), else at spaces and between Chinese characters, and anywhere in a word that is wider
    than a line.
    """
    lines: list[str] = []
    rest = text.strip()
    while rest and len(lines) < most_lines - 1:
        end = _fitting(rest, font, width)
        if end == len(rest):
            break
        end = _break(rest, end)
        lines.append(rest[:end].rstrip())
        rest = rest[end:].lstrip(" ·")
    if rest:
        lines.append(elided(rest, font, width))
    return lines


def _break(text: str, end: int) -> int:
    """Where to break a text of which ``end`` characters fit; no line begins with a mark that ends something."""
    part = text.rfind(" · ", 0, end + 1)
    if part > 0:
        return part
    for at in range(end, 0, -1):
        chinese = max(text[at - 1 : at + 1]) >= FIRST_CHINESE
        if text[at] == " " or (chinese and text[at] not in _ENDING and text[at - 1] not in _OPENING):
            return at
    return end


def _fitting(text: str, font: QFont, width: float) -> int:
    """How many leading characters fit ``width``, at least one."""
    low, high = 1, len(text)
    if fits(text, font, width):
        return high
    while low < high:
        middle = (low + high + 1) // 2
        if fits(text[:middle], font, width):
            low = middle
        else:
            high = middle - 1
    return low
