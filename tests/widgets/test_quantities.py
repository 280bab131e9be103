"""Numbers as people read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.quantities import bytes_text, in_powers, length_text, seconds_text, three_digits


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.0123, "0.0123"), (6.8, "6.80"), (31.4, "31.4"), (3200, "3,200"), (0.9999, "1.00"), (99.96, "100")],
)
def test_three_digits(value, text):
    assert three_digits(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 s"), (0.0314, "31.4 ms"), (2.5e-6, "2.50 µs"), (0.99999, "1.00 s"), (90, "90.0 s")]
)
def test_seconds(seconds, text):
    assert seconds_text(seconds) == text


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 B"), (999, "999 B"), (38_200_000, "38.2 MB"), (137_000_000_000, "137 GB")]
)
def test_bytes(size, text):
    assert bytes_text(size) == text


@pytest.mark.parametrize(
    ("n", "text"), [(8, "8"), (512, "512"), (2048, "2K"), (524_288, "512K"), (1 << 20, "1M"), (1500, "1,500")]
)
def test_lengths(n, text):
    assert length_text(n) == text


@given(st.floats(1e-9, 1e4))
def test_a_written_time_is_within_half_a_percent(seconds):
    number, unit = seconds_text(seconds).split(" ")
    scale = {"s": 1, "ms": 1e-3, "µs": 1e-6, "ns": 1e-9}[unit]
    assert float(number.replace(",", "")) * scale == pytest.approx(seconds, rel=0.0051)


@pytest.mark.parametrize(
    ("text", "printed"),
    [("1.07e-06", "1.07 × 10⁻⁶"), ("6.1e+14", "6.1 × 10¹⁴"), ("-2e-05", "-2 × 10⁻⁵"), ("0.12", "0.12"), ("nan", "nan")],
)
def test_powers_of_ten_are_written_as_in_print(text, printed):
    assert in_powers(text) == printed
