"""What is said after all scenes were played once."""

from types import SimpleNamespace

import pytest

from app.preflight import Finding, verdict
from widgets.quantities import two_digits

STORED = SimpleNamespace(runs={"a": None, "b": None}, size_bytes=983_000)


def test_the_time_claims_two_digits_and_the_engine_is_warm_where_it_ran():
    words = verdict((Finding("A", 0.0511), Finding("B", 0.0444)), STORED)
    assert "2 scenes were played in 0.096 s, 2 runs are stored (983 kB), the engine is warm" in words


def test_scenes_from_stored_runs_are_told():
    words = verdict((Finding("A", 1.0, stored=True), Finding("B", 2.5)), STORED)
    assert "played in 3.5 s, 1 of them from stored runs, as the engine was not there" in words
    assert "warm" not in words


@pytest.mark.parametrize(
    ("value", "text"), [(0.0955, "0.096"), (0.5, "0.50"), (6.81, "6.8"), (9.96, "10"), (31.4, "31"), (3210.0, "3,210")]
)
def test_two_digits(value, text):
    assert two_digits(value) == text
