"""What must hold for every study of every variant, whatever it asks."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pytest

from engines.finished_run import FinishedRun
from engines.run import prepare
from engines.studies import needle, studies_of
from engines.study import Question
from engines.trace import Cancelled
from engines.variants import variants
from engines.words import NO_WORDS, Words
from scripts.make_translations import found
from tests.engines.conftest import spec

CASES = [
    pytest.param(variant.name, mask == "causal", study.name, id=f"{variant.name}-{mask}-{study.name}")
    for variant in variants().values()
    for mask in variant.masks
    for study in studies_of(variant, mask == "causal")
]
every_study = pytest.mark.parametrize(("name", "causal", "study"), CASES)


@pytest.fixture
def ask(random_model, monkeypatch):
    """Ask a study of a run with locked token 20; what it measures takes one second by a clock of our own.

    Needles, which every trained model is asked for, are few here.
    """
    monkeypatch.setattr(needle, "DISTANCES", (16,))
    monkeypatch.setattr(needle, "TRIALS", 1)

    def answers(name: str, causal: bool, study: str, check_cancelled=lambda: None):
        prepared = prepare(spec(name, 45, layer=1, causal=causal), random_model)
        run = FinishedRun(prepared, prepared.trace())
        ticks = itertools.count()
        monkeypatch.setattr(time, "perf_counter", lambda: float(next(ticks)))
        found = next(each for each in studies_of(prepared.variant, causal) if each.name == study)
        return found.answer(Question(run, 1, 20, check_cancelled))

    return answers


def plain(value: Any) -> Any:
    """Records and arrays as nested tuples that can be compared."""
    if is_dataclass(value):
        return type(value).__name__, *(plain(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    if isinstance(value, dict):
        return tuple((key, plain(each)) for key, each in value.items())
    if isinstance(value, np.ndarray):
        return value.shape, str(value.dtype), value.tobytes()
    return repr(value)


UNSAID = ("look", "colour", "role", "values")
KNOWN = {text for context, text in found() if context == "engines"}
LETTERS = re.compile("[a-z]{2}")


def words_in(value: Any, name: str = "") -> Iterator[str]:
    """What a record says to a person: templates, labels, names; of a card, the names and the values with spaces."""
    if isinstance(value, Words):
        yield value.template
        for each in value.values.values():
            yield from words_in(each, "given")
    elif isinstance(value, str):
        if LETTERS.search(value) and (name != "given" or " " in value):
            yield value
    elif name == "card":
        for row, told in value:
            yield from words_in(row)
            yield from words_in(told, "given")
    elif is_dataclass(value):
        for field in fields(value):
            if field.name not in UNSAID:
                yield from words_in(getattr(value, field.name), field.name)
    elif isinstance(value, tuple):
        for each in value:
            yield from words_in(each, name)


@every_study
def test_the_same_question_has_the_same_answer(ask, name, causal, study):
    first, second = list(ask(name, causal, study)), list(ask(name, causal, study))
    assert len(first) == len(second) > 0
    assert plain(first[-1]) == plain(second[-1])
    assert all(str(panel.title) for panel in first[-1])
    assert set(words_in(first[-1])) <= KNOWN | {NO_WORDS}, "mark it with english(…), or make a template of it"


@every_study
def test_it_can_be_given_up_at_any_question(ask, name, causal, study):
    asked: list[int] = []
    list(ask(name, causal, study, lambda: asked.append(1)))
    for limit in {0, len(asked) // 2, len(asked) - 1} if asked else ():
        left = iter(range(limit))

        def give_up(left=left) -> None:
            if next(left, None) is None:
                raise Cancelled

        with pytest.raises(Cancelled):
            list(ask(name, causal, study, give_up))
    assert asked
