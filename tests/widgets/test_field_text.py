"""What a person types, read as a value."""

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.field_text import Unreadable, range_text, read, written, written_in
from widgets.view_data import FormField


def field(kind, low=None, high=None):
    return FormField("x", kind, "X", "", 0, low, high)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("integer", " 8,192 ", 8192),
        ("integer", "-3", -3),
        ("real", "2.5e-1", 0.25),
        ("integers", "128, 256, 512", (128, 256, 512)),
        ("integers", "512 128 512", (512, 128, 512)),
        ("integers", "128，256", (128, 256)),
        ("tokens", "64, 0 64", (0, 64)),
        ("tokens", "", ()),
    ],
)
def test_what_can_be_read(kind, text, value):
    assert read(field(kind), text) == value


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("integer", "", "whole number"),
        ("integer", "2.5", "whole number"),
        ("integer", "9" * 5000, "whole number"),
        ("integer", "0", "range"),
        ("integer", "101", "range"),
        ("real", "x", "number"),
        ("real", "nan", "number"),
        ("real", "inf", "number"),
        ("integers", "", "integers"),
        ("integers", "1, x", "integers"),
        ("integers", "1, 0", "range"),
        ("tokens", "1.5", "tokens"),
    ],
)
def test_what_cannot(kind, text, expected):
    with pytest.raises(Unreadable) as wrong:
        read(field(kind, 1, 100), text)
    assert wrong.value.expected == expected


@given(st.integers(-(10**12), 10**12))
def test_whole_numbers_come_back(number):
    assert read(field("integer"), written(number)) == number


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=12).map(tuple))
def test_lists_come_back(numbers):
    assert read(field("integers"), written(numbers)) == numbers
    assert read(field("tokens"), written(numbers)) == tuple(sorted(set(numbers)))


@given(st.text("0123456789,.-+eE_ ，x½②٣\0", max_size=20))
def test_any_text_is_a_value_or_unreadable(text):
    for kind in ("integer", "real", "integers", "tokens"):
        value = None
        with contextlib.suppress(Unreadable):
            value = read(field(kind, 0, 10), text)
        numbers = value if isinstance(value, tuple) else () if value is None else (value,)
        assert all(0 <= number <= 10 for number in numbers)


def test_ranges():
    assert range_text(field("integer", 1, 4096)) == "1 … 4,096"
    assert range_text(field("integer", 0)) == "≥ 0"
    assert range_text(field("integer", None, 5)) == "≤ 5"
    assert range_text(field("integer")) == ""


def test_a_word_for_nought() -> None:
    buckets = replace(field("integer", 0, 100), zero="auto", comes_to=16)
    assert written_in(buckets, 0) == "auto (16)"
    assert written_in(replace(buckets, comes_to=None), 0) == "auto"
    assert written_in(buckets, 12) == "12"
    assert written_in(field("integer"), 0) == "0"
    assert [read(buckets, text) for text in ("auto", " Auto ", "auto (16)", "", "0", "12")] == [0, 0, 0, 0, 0, 12]
