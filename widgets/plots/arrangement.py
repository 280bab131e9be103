"""Where the panels of a study lie: rows that fill the view, each panel near the proportions it looks best in. No Qt."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, product

GAP = 12.0
LEAST_WIDTH, LEAST_SQUARE = 300.0, 230.0  # of a panel beside another one: of any, and of one that likes to be square
ALIKE = 1.08  # how much better it is when no row mixes square panels with others
EVEN = 1.35  # and when rows with squares hold as many panels: they are compared
AROUND = (28.0, 90.0)  # width and height of what surrounds the picture in its cell, roughly
STRIP_WIDTH = 340.0  # of a strip beside another one
MOST_UNEVEN = (0.85, 1.25)  # rows' heights against each other
SCROLLED_ASPECT = 1.7  # width : height of panels where not all are in view at once


@dataclass(frozen=True)
class Wish:
    """What a panel asks for: ``aspects`` of its cell, the least height at a width, or to be a strip of that height."""

    aspects: tuple[float, float]
    least_height: Callable[[float], float]
    compact: bool = False

    @property
    def least_width(self) -> float:
        return LEAST_SQUARE if self.aspects[1] < 1.5 else LEAST_WIDTH


@dataclass(frozen=True)
class Place:
    """A panel's rectangle."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Arrangement:
    """Every panel's place in their order, and the height of it all, which may be more than the view has."""

    places: tuple[Place, ...]
    height: float


def arrange(wishes: Sequence[Wish], width: float, height: float) -> Arrangement:
    """Place panels in a view of ``width`` × ``height``.

    Strips stand above where they come first, else below the others. The others fill what is left in rows, broken
    where they come nearest to their proportions; where even the least heights do not fit, the whole is taller.
    """
    large = [index for index, wish in enumerate(wishes) if not wish.compact]
    first = large[0] if large else len(wishes)
    above = [index for index, wish in enumerate(wishes) if wish.compact and index < first]
    below = [index for index, wish in enumerate(wishes) if wish.compact and index > first]
    places: dict[int, Place] = {}
    top = _place_strips(wishes, above, width, 0.0, places)
    strips = _place_strips(wishes, below, width, 0.0, {})
    if large:
        top = _place_rows(wishes, large, width, max(0.0, height - top - strips), top, places)
    top = _place_strips(wishes, below, width, top, places)
    return Arrangement(tuple(places[index] for index in range(len(wishes))), max(0.0, top - GAP))


def _place_strips(
    wishes: Sequence[Wish], members: list[int], width: float, top: float, places: dict[int, Place]
) -> float:
    """Strips side by side while there is room; returns where the next row begins."""
    across = max(1, min(len(members), int((width + GAP) // (STRIP_WIDTH + GAP))))
    for start in range(0, len(members), across):
        row = members[start : start + across]
        wide = (width - GAP * (len(row) - 1)) / len(row)
        high = max(wishes[index].least_height(wide) for index in row)
        for at, index in enumerate(row):
            places[index] = Place(at * (wide + GAP), top, wide, high)
        top += high + GAP
    return top


def _place_rows(
    wishes: Sequence[Wish], members: list[int], width: float, height: float, top: float, places: dict[int, Place]
) -> float:
    @cache
    def least(index: int, across: int) -> float:
        return wishes[index].least_height(_wide(width, across))

    best: tuple[tuple[float, float], list[list[int]], list[float]] | None = None
    for rows in _ways(wishes, members):
        if any(len(row) > 1 and _wide(width, len(row)) < max(wishes[at].least_width for at in row) for row in rows):
            continue
        needed = [max(least(index, len(row)) for index in row) for row in rows]
        room = height - GAP * (len(rows) - 1)
        over = max(0.0, sum(needed) - room)
        heights = (
            _filling(needed, room, rows, wishes, width)
            if not over
            else [
                max(need, min(_wide(width, len(row)) / SCROLLED_ASPECT, height * 0.9))
                for need, row in zip(needed, rows, strict=True)
            ]
        )
        score = sum(
            _fitness(wishes[index], _wide(width, len(row)), high)
            for row, high in zip(rows, heights, strict=True)
            for index in row
        )
        if all(len({wishes[index].least_width for index in row}) == 1 for row in rows):
            score *= ALIKE
        if len({len(row) for row in rows if any(wishes[index].least_width == LEAST_SQUARE for index in row)}) == 1:
            score *= EVEN
        key = (-over, score)
        if best is None or key > best[0]:
            best = key, rows, heights
    assert best is not None
    for row, high in zip(best[1], best[2], strict=True):
        for at, index in enumerate(row):
            wide = _wide(width, len(row))
            places[index] = Place(at * (wide + GAP), top, wide, high)
        top += high + GAP
    return top


def _wide(width: float, across: int) -> float:
    return (width - GAP * (across - 1)) / across


def _ways(wishes: Sequence[Wish], members: list[int]) -> Iterator[list[list[int]]]:
    """Ways to break panels into rows: those that differ by two panels at most (beyond six panels only the most even
    ones), and those that keep squares and others apart, each evenly."""
    yield from _even(members) if len(members) > 6 else _nearly_even(members)
    alike = [list(group) for _, group in groupby(members, lambda at: wishes[at].least_width)]
    for parts in product(*map(_even, alike)) if len(alike) > 1 else ():
        yield [row for part in parts for row in part]


def _nearly_even(members: list[int]) -> Iterator[list[list[int]]]:
    for breaks in range(1 << (len(members) - 1)):
        rows_of: list[list[int]] = [[members[0]]]
        for at in range(1, len(members)):
            if breaks >> (at - 1) & 1:
                rows_of.append([])
            rows_of[-1].append(members[at])
        if max(map(len, rows_of)) - min(map(len, rows_of)) <= 2:
            yield rows_of


def _even(members: list[int]) -> Iterator[list[list[int]]]:
    """One row, two, and so on, about equally long."""
    count = len(members)
    for rows in range(1, count + 1):
        yield [members[row * count // rows : (row + 1) * count // rows] for row in range(rows)]


def _tallness(wishes: Sequence[Wish], row: list[int], width: float) -> float:
    """How tall a row would like to be: as its panel of the least width for its height would."""
    low, high = zip(*(wishes[index].aspects for index in row), strict=True)
    return _wide(width, len(row)) / math.sqrt(min(low) * min(high))


def _filling(
    needed: list[float], room: float, rows: list[list[int]], wishes: Sequence[Wish], width: float
) -> list[float]:
    """Heights of rows that fill the room, but a row of squares is no higher than they can make use of."""
    wanted, most = [_tallness(wishes, row, width) for row in rows], [_most(wishes, row, width) for row in rows]
    free, heights = list(range(len(rows))), [0.0] * len(rows)
    while free:
        left = room - sum(high for at, high in enumerate(heights) if at not in free)
        shared = _shared([needed[at] for at in free], left, [wanted[at] for at in free])
        for at, high in zip(free, shared, strict=True):
            heights[at] = max(needed[at], min(high, most[at]))
        capped = [at for at, high in zip(free, shared, strict=True) if heights[at] < high]
        if not capped:
            break
        free = [at for at in free if at not in capped]
    return heights


def _most(wishes: Sequence[Wish], row: list[int], width: float) -> float:
    """The height from which on all panels of a row have room to spare above and below their pictures."""
    if any(wishes[index].least_width != LEAST_SQUARE for index in row):
        return math.inf
    return (_wide(width, len(row)) - AROUND[0]) / min(wishes[index].aspects[0] for index in row) + AROUND[1]


def _shared(needed: list[float], room: float, wanted: list[float]) -> list[float]:
    """Heights of rows that fill the room: by what they want, within narrow bounds, and never less than they need."""
    mean = sum(wanted) / len(wanted)
    weights = [min(max(want / mean, MOST_UNEVEN[0]), MOST_UNEVEN[1]) for want in wanted]
    heights = [room * weight / sum(weights) for weight in weights]
    for _ in needed:
        fixed = [need >= high - 1e-9 for need, high in zip(needed, heights, strict=True)]
        spare = room - sum(need for need, stays in zip(needed, fixed, strict=True) if stays)
        free = sum(weight for weight, stays in zip(weights, fixed, strict=True) if not stays)
        if not free:
            return [need + max(0.0, spare) / len(needed) for need in needed]
        heights = [
            need if stays else spare * weight / free for need, weight, stays in zip(needed, weights, fixed, strict=True)
        ]
    return heights


def _fitness(wish: Wish, width: float, height: float) -> float:
    """The side of a square as large as the part of the cell that the panel's picture makes use of."""
    low, high = wish.aspects
    width, height = max(1.0, width - AROUND[0]), max(1.0, height - AROUND[1])
    aspect = width / height
    if aspect > high:
        return math.sqrt(height * height * high)
    if aspect < low:
        return math.sqrt(width * width / low)
    return math.sqrt(width * height)
