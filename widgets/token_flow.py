"""Lines of chips for any number of tokens. Chunks are laid out when looked at; the height of the others is estimated.

A chunk begins a line of its own, so that it can be laid out without those before it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

CHUNK = 2048  # tokens; about a millisecond to lay out
FIRST_GUESS = 7.0  # tokens in a line, before the first chunk is laid out

# (start, stop) → the chips' widths, and the positions after which a line ends whatever its width
Measure = Callable[[int, int], tuple[list[int], list[int]]]


@dataclass(frozen=True)
class Line:
    """One line of chips: tokens start…stop−1, each with its left edge and width in pixels."""

    number: int
    start: int
    lefts: tuple[int, ...]
    widths: tuple[int, ...]


@dataclass(frozen=True)
class _Chunk:
    starts: list[int]  # first token of each line
    widths: list[int]


class TokenFlow:
    """The layout of ``count`` tokens in lines ``width`` pixels wide, chips ``gap`` apart."""

    def __init__(self, count: int, width: int, gap: int, measure: Measure) -> None:
        self.count, self.width, self.gap = count, max(width, 1), gap
        self._measure = measure
        chunks = -(-count // CHUNK)
        self._chunks: dict[int, _Chunk] = {}
        sizes = np.full(chunks, CHUNK, dtype=np.int64)
        if chunks:
            sizes[-1] = count - (chunks - 1) * CHUNK
        self._lines = np.ceil(sizes / FIRST_GUESS).astype(np.int64)
        if chunks:
            self._lay(0)
            if chunks > 1:
                self._lines[1:] = np.ceil(sizes[1:] * self._lines[0] / sizes[0])
        self._ends = np.cumsum(self._lines)

    @property
    def line_count(self) -> int:
        """Lines in all; exact for what has been looked at, estimated elsewhere."""
        return int(self._ends[-1]) if len(self._ends) else 0

    def settled(self, top: float) -> float:
        """Lays out what line ``top`` falls into; where an estimate was wrong, returns the line now at that place."""
        if not self.count:
            return 0.0
        chunk = self._chunk_of(int(top))
        first, before = self._first_line(chunk), int(self._lines[chunk])
        if chunk in self._chunks:
            return top
        self._lay(chunk)
        return first + (top - first) / before * int(self._lines[chunk])

    def lines(self, first: int, most: int) -> list[Line]:
        """``most`` lines from line ``first`` on, or as many as there are."""
        found: list[Line] = []
        while len(found) < most and 0 <= first < self.line_count:
            chunk = self._chunk_of(first)
            self._lay(chunk)
            begins = self._first_line(chunk)
            inside = range(first - begins, min(int(self._lines[chunk]), first - begins + most - len(found)))
            found += [self._line(chunk, begins, at) for at in inside]
            first = begins + int(self._lines[chunk])
        return found

    def line_of(self, position: int) -> int:
        """The line that holds a token; its chunk is laid out."""
        chunk = position // CHUNK
        self._lay(chunk)
        return self._first_line(chunk) + bisect_right(self._chunks[chunk].starts, position) - 1

    def _first_line(self, chunk: int) -> int:
        return int(self._ends[chunk] - self._lines[chunk])

    def _chunk_of(self, line: int) -> int:
        return min(int(np.searchsorted(self._ends, line, side="right")), len(self._ends) - 1)

    def _line(self, chunk: int, begins: int, at: int) -> Line:
        laid = self._chunks[chunk]
        base = chunk * CHUNK
        start = laid.starts[at]
        stop = laid.starts[at + 1] if at + 1 < len(laid.starts) else base + len(laid.widths)
        widths = laid.widths[start - base : stop - base]
        lefts = accumulate((width + self.gap for width in widths[:-1]), initial=0)
        return Line(begins + at, start, tuple(lefts), tuple(widths))

    def _lay(self, chunk: int) -> None:
        if chunk in self._chunks:
            return
        base = chunk * CHUNK
        stop = min(base + CHUNK, self.count)
        widths, breaks = self._measure(base, stop)
        widths = [min(width, self.width) for width in widths]
        starts = [base + start for start in _line_starts(widths, [at - base for at in breaks], self.width, self.gap)]
        self._chunks[chunk] = _Chunk(starts, widths)
        self._lines[chunk] = len(starts)
        self._ends = np.cumsum(self._lines)


def _line_starts(widths: list[int], breaks: list[int], width: int, gap: int) -> list[int]:
    """Greedy lines: each takes as many chips as fit, at least one, and ends after a break."""
    ends = list(accumulate(chip + gap for chip in widths))
    starts, start = [], 0
    while start < len(widths):
        starts.append(start)
        before = ends[start - 1] if start else 0
        following = max(bisect_right(ends, before + width + gap), start + 1)
        at = bisect_left(breaks, start)
        if at < len(breaks):
            following = min(following, breaks[at] + 1)
        start = following
    return starts
