"""Times, sizes and lengths as people read them. Three significant digits; sizes in powers of 1,000."""

from __future__ import annotations

_TIMES = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))
_SIZES = ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"))


SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def in_powers(text: str) -> str:
    """A number as it is printed: 1.07 × 10⁻⁶ for 1.07e-06; one without an exponent as it is."""
    digits, _, exponent = text.partition("e")
    return f"{digits} × 10{str(int(exponent)).translate(SUPERSCRIPTS)}" if exponent else text


def three_digits(value: float) -> str:
    """Three significant digits: 0.0123, 6.80, 31.4, 3,200; only below 0.0001 with a power: 1.23 × 10⁻⁵."""
    if value == 0:
        return "0"
    size = abs(value)
    decimals = 2 if size < 9.995 else 1 if size < 99.95 else 0
    if size < 0.995:
        return f"{value:.3g}" if size >= 1e-4 else in_powers(f"{value:.2e}")
    return f"{value:,.{decimals}f}"


def two_digits(value: float) -> str:
    """Where more would claim too much: 0.096, 6.8, 31, 3,200."""
    return f"{value:#.2g}" if 0.001 <= value < 9.95 else f"{value:,.0f}"


def seconds_text(seconds: float) -> str:
    """A duration with its unit: 31.4 ms."""
    for scale, unit in _TIMES:
        if seconds >= scale * 0.9995:
            return f"{three_digits(seconds / scale)} {unit}"
    return f"{three_digits(seconds / _TIMES[-1][0])} ns" if seconds else "0 s"


def bytes_text(size: int) -> str:
    """A size with its unit: 38.2 MB; below 1,000 in bytes."""
    for scale, unit in _SIZES:
        if size >= scale * 0.9995:
            return f"{three_digits(size / scale)} {unit}"
    return f"{size:,} B"


def length_text(n: int) -> str:
    """A length as an axis shows it: 512, 2K, 1M (powers of two only; anything else is written out)."""
    for scale, unit in ((1 << 20, "M"), (1 << 10, "K")):
        if n >= scale and n % scale == 0:
            return f"{n // scale}{unit}"
    return f"{n:,}"


def error_text(share: float) -> str:
    """An error 0 … in percent; what is no more than rounding reads as such, not as digits to compare."""
    return percent_text(share) if share == 0 or share >= 1e-5 else "<0.001"


def percent_text(share: float) -> str:
    """A share 0 … 1 in percent, with digits enough that something small does not read as nothing."""
    percent = 100 * share
    if percent == 0 or percent >= 10:
        return f"{percent:.1f}" if percent < 99.95 else f"{percent:,.0f}"  # blocks may compute more than is allowed
    return f"{percent:.2f}" if percent >= 0.1 else f"{percent:.2g}"
