"""Counts in three digits, by thousands and by ten thousands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets import counts
from widgets.counts import count_text

CHINESE = {"1000": "10000", "k": "万", "M": "亿", "G": "万亿", "T": "亿亿"}


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1 k"),
        (2080, "2.08 k"),
        (8_390_656, "8.39 M"),
        (549_756_338_176, "550 G"),
        (10**12, "1 T"),
    ],
)
def test_counts_as_people_read_them(count, text):
    assert count_text(count) == text


def test_small_counts_and_ratios_may_stay_without_a_unit():
    shown = [count_text(value, 1e4) for value in (3.0, 35.2, 391, 9139, 39_700, 8_390_000, 2e9)]
    assert shown == ["3", "35.2", "391", "9,139", "39.7 k", "8.39 M", "2 G"]


def test_ten_thousands_where_people_count_by_them(monkeypatch):
    monkeypatch.setattr(counts, "tr", CHINESE.get)
    shown = [count_text(value) for value in (9_990, 10_000, 25_637_000, 2_150_000_000, 14 * 10**12)]
    assert shown == ["9,990", "1 万", "2,560 万", "21.5 亿", "14 万亿"]


@given(st.integers(1, 9 * 10**14))
def test_counts_keep_three_digits(count):
    value, _, unit = count_text(count).partition(" ")
    assert "e" not in value
    scale = {"": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}[unit]
    assert abs(float(value.replace(",", "")) * scale - count) <= 0.006 * count
