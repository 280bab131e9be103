"""The samples as the engines read them."""

import pytest

from engines.problems import Problem
from engines.samples import read_sample, sample_named, samples


def test_the_first_one_is_short_and_known() -> None:
    first = samples()[0]
    assert read_sample(first.id).startswith("It was the best of times, it was the worst of times,")


def test_each_can_be_read_and_found() -> None:
    for sample in samples():
        assert read_sample(sample.id)
        assert sample_named(sample.id) == sample
        assert sample.licence == "public domain"


def test_an_unknown_one_is_answered_with_those_there_are() -> None:
    with pytest.raises(Problem) as caught:
        read_sample("moby-dick")
    assert caught.value.code == "unknown_sample"
    assert "moby-dick" in str(caught.value)
    assert all(sample.id in str(caught.value) for sample in samples())
