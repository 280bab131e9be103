"""State or cache: sizes against what is held, times that were taken, the recurrence against the parallel form."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
import torch

from engines.finished_run import FinishedRun
from engines.run import prepare
from engines.studies import state_or_cache
from engines.studies.state_or_cache import NextToken, StateOrCache
from engines.study import Curve, Quantities, Question
from engines.trace import Cancelled
from engines.variant import Inputs, Mask
from engines.variants import linear_transformer, performer
from tests.engines.conftest import spec

STUDY = StateOrCache()
both = pytest.mark.parametrize("variant", ["linear-transformer", "performer"])


@pytest.fixture
def question(random_model, monkeypatch):
    """About a finished run of some tokens; few and short measurements."""
    monkeypatch.setattr(state_or_cache, "DECODED_LENGTHS", (8, 100))
    monkeypatch.setattr(state_or_cache, "REPEATS", 3)

    def make(variant: str, length: int = 64) -> Question:
        prepared = prepare(spec(variant, length), random_model)
        return Question(FinishedRun(prepared, prepared.trace()), 0, -1)

    return make


def test_it_is_asked_where_there_is_only_the_past():
    for variant in (linear_transformer.VARIANT, performer.VARIANT):
        assert "state-or-cache" in [study.name for study in variant.studies]
        assert STUDY.applies(variant, causal=True)
        assert not STUDY.applies(variant, causal=False)


@both
def test_sizes_are_those_of_the_tensors(question, variant):
    asked = question(variant)
    (sizes,) = next(iter(STUDY.answer(asked)))
    prepared, curve = asked.run.prepared, sizes.data
    assert isinstance(curve, Curve)
    state, cache = curve.lines
    _, really = prepared.variant.attend(prepared.inputs, prepared.parameters, prepared.mask)
    held = sum(tensor.numel() * tensor.element_size() for tensor in really.tensors.values())
    assert set(state.y) == {held}
    both_tensors = (prepared.inputs.k, prepared.inputs.v)
    assert cache.y[6] == sum(x.numel() * x.element_size() for x in both_tensors)  # 64 tokens
    assert np.array_equal(cache.y / cache.y[0], state.x)
    crossing = {mark.label: mark.x for mark in curve.marks}["same size"]
    assert cache.y[0] * crossing == pytest.approx(held)


@pytest.mark.parametrize(
    ("crossing", "said"),
    [
        (16.5, "Up to 16 tokens the cache is the smaller one"),
        (16.0, "Up to 15 tokens the cache is the smaller one"),  # at 16 both are of one size
        (2068.2, "Up to 2,068 tokens the cache is the smaller one"),
        (0.6, "At every length the state is the smaller one"),
    ],
)
def test_which_is_smaller_is_true_of_the_very_length_named(crossing, said):
    assert str(state_or_cache.smaller_side(crossing)) == said


@pytest.mark.parametrize(("length", "nearest"), [(12, 8), (64, 100)])
def test_the_time_told_at_this_length_is_of_the_length_nearest_to_it(question, length, nearest):
    *_, panels = STUDY.answer(question("linear-transformer", length))
    assert str(panels[2].data.numbers[-1].name) == f"one more token after {nearest}, cache over state"
    assert dict(panels[2].data.numbers[-1].card)["tokens before it"] == str(nearest)


@both
@pytest.mark.parametrize("length", [8, 63, 64, 300])
def test_the_next_token_is_that_of_the_text_and_of_its_repetition(question, variant, length):
    prepared = question(variant).run.prepared
    token = NextToken.after(prepared, length)
    at = torch.arange(length + 1) % 64
    q, k, v = (x[:, :, at] for x in (prepared.inputs.q, prepared.inputs.k, prepared.inputs.v))
    whole = Inputs(q[:, :, -1:], k, v, extras=prepared.inputs.extras)
    expected, _ = prepared.variant.attend(whole, prepared.parameters, Mask())
    torch.testing.assert_close(token.from_state(), expected, rtol=0, atol=2e-5)
    exact = torch.nn.functional.scaled_dot_product_attention(q[:, :, -1:], k, v)
    torch.testing.assert_close(token.from_cache(), exact, rtol=0, atol=2e-5)


@both
def test_the_whole_answer(question, variant):
    *_, panels = STUDY.answer(question(variant))
    times, numbers = panels[1].data, panels[2].data
    assert isinstance(times, Curve)
    for line in times.lines:
        assert line.x.tolist() == [8, 100]
        assert (line.low <= line.y).all()
        assert (line.y <= line.high).all()
        assert (line.y > 0).all()
    assert isinstance(numbers, Quantities)
    found = {number.name: number.value for number in numbers.numbers}
    assert found["recurrence against parallel, largest difference"] < 2e-5
    assert found["keys and values"] == 64 * 2 * 32 * 4


def test_a_long_text_is_compared_in_part_and_says_so(question, monkeypatch):
    monkeypatch.setattr(state_or_cache, "COMPARED", 40)
    monkeypatch.setattr(state_or_cache, "AT_ONCE", 16)
    answers = list(STUDY.answer(question("linear-transformer")))
    notes = [str(panels[2].note) for panels in answers if len(panels) == 3]
    assert notes == [f"Compared on the first {tokens} tokens" for tokens in (16, 32, 40)]


def test_too_large_a_cache_is_not_made(question, monkeypatch):
    monkeypatch.setattr(state_or_cache, "CACHE_BUDGET", 10_000)
    *_, panels = STUDY.answer(question("linear-transformer"))
    assert panels[1].data.lines[0].x.tolist() == [8]


def test_it_can_be_given_up(question):
    def cancelled() -> None:
        raise Cancelled

    asked = question("performer")
    answers = STUDY.answer(Question(asked.run, 0, -1, cancelled))
    list(islice(answers, 1))
    with pytest.raises(Cancelled):
        next(answers)
