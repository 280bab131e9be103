"""How a slider's place and a parameter's value belong together. Pure numbers, no Qt.

Wide ranges feel logarithmic: equal travel multiplies by equal factors, and whole numbers fall on eight steps per octave
(128, 144, 160, …), so that round values are easy to hit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

PLACES = 1000  # of a slider that is not stepped one by one
_WIDE = 64  # a range whose ends differ by this factor is wide


@dataclass(frozen=True)
class SliderScale:
    """Maps values from ``low`` to ``high`` onto whole places from 0 to ``places``."""

    low: float
    high: float
    whole: bool

    @property
    def logarithmic(self) -> bool:
        """Whole numbers from 0 on count as wide too; 0 then has the first place for itself."""
        bottom = max(self.low, 1.0) if self.whole else self.low
        return self.low >= 0 and bottom > 0 and self.high / bottom >= _WIDE

    @property
    def places(self) -> int:
        if self.whole and not self.logarithmic and self.high - self.low <= PLACES:
            return max(1, round(self.high - self.low))
        return PLACES

    def value(self, place: int) -> float:
        """The value at ``place``."""
        if place <= 0:
            return self.low
        if place >= self.places:
            return self.high
        if not self.logarithmic:
            value = self.low + (self.high - self.low) * place / self.places
            return round(value) if self.whole else self._rounded(value, (self.high - self.low) / self.places)
        bottom = self._bottom()
        value = bottom ** (1 - place / self.places) * self.high ** (place / self.places)
        if not self.whole:
            return self._rounded(value, value / 100)
        step = max(1.0, 2.0 ** (math.floor(math.log2(value)) - 3))
        return min(max(round(value / step) * step, self.low), self.high)

    def place(self, value: float) -> int:
        """The place nearest to ``value``, which may lie outside the range."""
        value = min(max(value, self.low), self.high)
        if not self.logarithmic:
            return round((value - self.low) / max(self.high - self.low, 1e-300) * self.places)
        bottom = self._bottom()
        if value <= bottom:
            return 0 if value == self.low else 1
        return round((math.log(value) - math.log(bottom)) / (math.log(self.high) - math.log(bottom)) * self.places)

    def _bottom(self) -> float:
        """The lowest value of the logarithmic part."""
        return self.low if self.low > 0 else 1.0

    def _rounded(self, value: float, step: float) -> float:
        """``value`` with no more decimals than ``step`` needs, still in range."""
        return min(max(round(value, max(0, 1 - math.floor(math.log10(step)))), self.low), self.high)
