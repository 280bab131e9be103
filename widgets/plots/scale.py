"""The arithmetic of a plot's axes, linear and logarithmic: ranges, ticks, and where a value lands. No Qt."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from widgets.quantities import SUPERSCRIPTS, length_text, three_digits
from widgets.round_values import reaches, round_values

AIR = 0.04  # of the range, left free around the data
FROM_ZERO = 0.4  # values whose smallest is below this share of the largest are drawn from zero on
PLAIN_DECADES = range(-4, 7)  # powers of ten that an axis writes out; with others on it, all are as 10⁻⁷


@dataclass(frozen=True)
class Scale:
    """An axis from ``low`` to ``high``, low < high; both positive where ``logarithmic``."""

    low: float
    high: float
    logarithmic: bool = False

    def shares(self, values: np.ndarray) -> np.ndarray:
        """Where values lie, float64 of the same shape: 0 at ``low``, 1 at ``high``; nan where a value has no place."""
        values = np.asarray(values, dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            if self.logarithmic:
                logs = np.log10(np.where(values > 0, values, np.nan))
                shares = (logs - math.log10(self.low)) / (math.log10(self.high) - math.log10(self.low))
            else:
                shares = (values - self.low) / (self.high - self.low)
        return np.where(np.isfinite(values), shares, np.nan)

    def share(self, value: float) -> float:
        return float(self.shares(np.array(value)))

    def value(self, share: float) -> float:
        """The value at a share of the axis."""
        if self.logarithmic:
            return float(self.low * (self.high / self.low) ** share)
        return self.low + share * (self.high - self.low)


def placeable(values: np.ndarray, logarithmic: bool) -> np.ndarray:
    """The values that have a place on such an axis: finite, positive where it is logarithmic; float64, flat."""
    values = np.asarray(values, dtype=np.float64).ravel()
    return values[np.isfinite(values) & ((values > 0) | (not logarithmic))]


def without_place(values: np.ndarray, logarithmic: bool) -> int:
    """How many finite values have no place on such an axis."""
    return int(np.isfinite(np.asarray(values, dtype=np.float64)).sum()) - placeable(values, logarithmic).size


def scale_of(
    arrays: Iterable[np.ndarray],
    logarithmic: bool = False,
    air: float = AIR,
    rests_on_zero: bool = False,
    near_zero: float = FROM_ZERO,
) -> Scale:
    """The axis that holds all values of ``arrays`` that have a place, with some air at its ends.

    Zero belongs to it where it ``rests_on_zero`` (bars), and where the least value is positive and below the share
    ``near_zero`` of the largest.
    """
    kept = [placeable(values, logarithmic) for values in arrays]
    low = min((float(values.min()) for values in kept if values.size), default=math.nan)
    high = max((float(values.max()) for values in kept if values.size), default=math.nan)
    if math.isnan(low):
        return Scale(0.1, 1.0, True) if logarithmic else Scale(0.0, 1.0)
    if logarithmic:
        return _logarithmic(low, high, air)
    floor = low
    if rests_on_zero or 0 < low < near_zero * high:
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low <= 1e-12 * max(abs(low), abs(high)):  # all the same
        spare = abs(low) * 0.5 or 0.5
        return Scale(low - spare, high + spare)
    spare = (high - low) * air
    low = low if low == 0 and floor >= 0 else low - spare
    return Scale(low, high if high == 0 else high + spare)


def _logarithmic(low: float, high: float, air: float) -> Scale:
    if high / low < 1 + 1e-9:
        return Scale(low / 2, high * 2, True)
    spare = min((high / low) ** air, 2.0)
    low, high = max(low / spare, 5e-324), min(high * spare, 1e308)
    return Scale(low, high, True)


def ticks(scale: Scale, most: int, whole: bool = False, doubling: bool = False) -> list[tuple[float, str]]:
    """At most about ``most`` ticks as (value, label). ``whole``: integers only. ``doubling``: powers of two (log).

    Two at the least, one near each end, for one alone tells no distance; but for whole numbers that are not there.
    """
    most = max(2, most)
    if scale.logarithmic:
        return _doubling_ticks(scale, most) if doubling else _decade_ticks(scale, most)
    step, inside = round_values(scale.low, scale.high, most, 1.0 if whole else 0.0)
    power = math.floor(math.log10(max(abs(scale.low), abs(scale.high))) + 1e-9)
    return [(index * step, step_label(index * step, step, power)) for index in inside]


def step_label(value: float, step: float, power: int) -> str:
    """A value on an axis whose ticks are ``step`` apart, with the decimals that the step needs.

    Very small and very large steps are written with 10 to the ``power``, one for the whole axis.
    """
    if step < 1e-4 or step >= 1e6:
        return "0" if value == 0 else scientific(value, step, power)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return signed(f"{value + 0.0:,.{decimals}f}")


def scientific(value: float, step: float, power: int | None = None) -> str:
    """A value as 2.5·10⁻⁶, with the digits that tell it from one that is ``step`` away."""
    if power is None:
        power = math.floor(math.log10(abs(value)) + 1e-9)
    decimals = max(0, power - math.floor(math.log10(step) + 1e-9))
    return signed(f"{value / 10.0**power:.{min(decimals, 6)}f}") + "·10" + str(power).translate(SUPERSCRIPTS)


def signed(text: str) -> str:
    """With the sign of mathematics in place of a hyphen."""
    return text.replace("-", "−")


def _decade_ticks(scale: Scale, most: int) -> list[tuple[float, str]]:
    low, high = math.log10(scale.low), math.log10(scale.high)
    first, last = math.ceil(low - 1e-9), math.floor(high + 1e-9)
    powers = spread_out(range(first, last + 1), most, low, high)
    if last - first >= 2 or (most <= 3 and reaches(powers, low, high)):
        plain = all(power in PLAIN_DECADES for power in powers)
        return [(10.0**power, decade_label(power, plain)) for power in powers]
    values = [
        factor * 10.0**power
        for power in range(math.floor(low) - 1, math.ceil(high) + 1)
        for factor in ((1, 2, 5) if high - low > 0.6 else (1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9))
    ]
    inside = [value for value in values if scale.low * (1 - 1e-9) <= value <= scale.high * (1 + 1e-9)]
    logs = spread_out([math.log10(value) for value in inside], most + 1, low, high)
    if high - low <= 1 and not reaches(logs, low, high):  # hardly more than the room between two of these
        step, indexes = round_values(scale.low, scale.high, most)
        return [(index * step, value_text(index * step)) for index in indexes if index > 0]
    return [(value, value_text(value)) for value in inside if math.log10(value) in logs]


def spread_out(places: Sequence[float], most: int, low: float, high: float) -> Sequence[Any]:
    """At most ``most`` of the places, which are evenly spaced or nearly so, and of low…high both ends where they can.

    Where no even spacing does, the first and the last.
    """
    least = max(1, math.ceil(len(places) / most))
    for every in range(least, len(places)):
        for first in range(len(places) - every):
            if reaches(places[first::every], low, high):
                return places[first::every]
    return places[:: max(1, len(places) - 1)]


def _doubling_ticks(scale: Scale, most: int) -> list[tuple[float, str]]:
    low, high = math.log2(scale.low), math.log2(scale.high)
    first, last = math.ceil(low - 1e-9), math.floor(high + 1e-9)
    powers = spread_out(range(first, last + 1), most, low, high)
    return [(2.0**power, length_text(2**power) if power >= 0 else value_text(2.0**power)) for power in powers]


def decade_label(power: int, plain: bool) -> str:
    """A power of ten, written out where it is ``plain``."""
    if plain:
        return f"{10**power:,}" if power >= 0 else f"{10.0**power:.{-power}f}"
    return "10" + str(power).translate(SUPERSCRIPTS)


def value_text(value: float) -> str:
    """A value as a person reads it in a readout: integers whole, others to three digits, nothing written with e."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value != 0 and (abs(value) < 1e-4 or abs(value) >= 1e9):
        return scientific(value, abs(value) / 100)
    if float(value).is_integer():
        return signed(f"{int(value):,}")
    return signed(three_digits(value))


def all_whole(arrays: Iterable[np.ndarray]) -> bool:
    """Whether every value is an integer (as a position or a rank is)."""
    return all(bool(np.all(kept == np.rint(kept))) for kept in (placeable(values, False) for values in arrays))


def all_doubling(arrays: Iterable[np.ndarray]) -> bool:
    """Whether every value is a power of two (as lengths and numbers of features often are)."""
    kept = np.concatenate([np.ones(1), *(placeable(values, True) for values in arrays)])
    return bool(np.all(np.log2(kept) == np.rint(np.log2(kept)))) and kept.size > 2
