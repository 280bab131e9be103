"""Lengths on a logarithmic scale, and as people write them. Pure."""

from __future__ import annotations

import math
import re
import unicodedata

SHORTEST, LONGEST = 8, 1_048_576
LABELLED = (8, 64, 512, 4_096, 32_768, 262_144, 1_048_576)
UNITS = {"": 1, "K": 1_024, "M": 1_048_576}
FINE_FACTOR = 2.0 ** (1 / 16)

_NUMBER = re.compile(r"(?P<number>\d+|\d{1,3}(?:[,' _]\d{3})+|\d+\.\d+)\s?(?P<unit>[KM]?)")


def share_of(n: float) -> float:
    """Where a length lies, 0…1 from the shortest to the longest, by its logarithm."""
    return math.log(min(max(n, SHORTEST), LONGEST) / SHORTEST) / math.log(LONGEST / SHORTEST)


def length_at(share: float) -> int:
    """The length at a share 0…1; shares outside are taken to the nearer end."""
    inside = min(max(share, 0.0), 1.0)
    return held(round(SHORTEST * (LONGEST / SHORTEST) ** inside))


def held(n: int) -> int:
    """The length, or the nearer end where it is outside."""
    return min(max(n, SHORTEST), LONGEST)


def snapped(n: int, tolerance: float) -> int:
    """The nearest power of two where it is no farther than ``tolerance``, a share of the whole scale."""
    power = held(2 ** round(math.log2(max(n, 1))))
    return power if abs(share_of(power) - share_of(n)) <= tolerance else n


def finer(n: int, steps: int) -> int:
    """So many sixteenths of a doubling more (+) or less (−), each at least one token."""
    for _ in range(abs(steps)):
        n = max(round(n * FINE_FACTOR), n + 1) if steps > 0 else min(round(n / FINE_FACTOR), n - 1)
    return held(n)


def parse_length(text: str) -> int | None:
    """65536, 65,536, 64K, 1.5 k, 1M, full-width digits: the number; None for all that is not a whole number.

    K is 1,024 and M is 1,048,576. The range is not checked.
    """
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    match = _NUMBER.fullmatch(plain)
    if match is None or len(plain) > 20:
        return None
    value = float(re.sub(r"[,' _]", "", match["number"])) * UNITS[match["unit"]]
    return int(value) if value == int(value) else None
