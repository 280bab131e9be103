"""What the cache saves, and why positions must be relative: the answers on real runs."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engines import host_model, segment_studies
from engines.finished_run import FinishedRun
from engines.fused import fused_attention
from engines.run import prepare
from engines.segment_studies import (
    CACHED_OR_AGAIN,
    COLLIDING_POSITIONS,
    position_panels,
    read_again,
    read_segment,
    shown_positions,
)
from engines.study import Curve, HeatMap, Panel, Question
from engines.trace import Cancelled
from engines.variants.transformer_xl import VARIANT
from tests.engines.conftest import spec


def question(model, length: int = 96, **parameters: int) -> Question:
    prepared = prepare(spec("transformer-xl", length, parameters=tuple(parameters.items())), model)
    return Question(FinishedRun(prepared, prepared.trace()), head=0, locked=-1)


def nothing() -> None:
    pass


def test_the_variant_offers_both():
    assert VARIANT.studies == (CACHED_OR_AGAIN, COLLIDING_POSITIONS)


def test_reading_again_is_the_model_itself(random_model):
    ids = torch.arange(20)[None]

    def attend(layer, q, k, v):
        return fused_attention(q, k, v, causal=True)[0]

    hidden = host_model.forward(random_model.weights, random_model.shape, ids, attend)
    expected = host_model.logits(random_model.weights, hidden)[:, -1]
    torch.testing.assert_close(read_again(random_model, ids, nothing), expected)


def test_the_first_segment_is_the_model_itself(random_model):
    ids = torch.arange(20)[None]
    scores, _ = read_segment(random_model, ids, (), nothing)
    torch.testing.assert_close(scores[:, -1], read_again(random_model, ids, nothing), rtol=0, atol=2e-5)


def test_cached_states_of_the_whole_past_give_what_reading_all_gives(random_model):
    """A segment after one that saw everything before it: as if all had been read at once."""
    ids = torch.arange(100, 140)[None]
    _, caches = read_segment(random_model, ids[:, :20], (), nothing)
    scores, kept = read_segment(random_model, ids[:, 20:], caches, nothing)
    for stop in (21, 30, 40):
        again = read_again(random_model, ids[:, :stop], nothing)
        torch.testing.assert_close(scores[:, stop - 21], again, rtol=0, atol=2e-5)
    assert len(kept) == random_model.shape.layers
    assert kept[0][0].shape[2] == 20


def test_each_answer_has_one_more_measured_point(monkeypatch, random_model):
    monkeypatch.setattr(segment_studies, "CONTEXTS", (10, 30, 80))
    monkeypatch.setattr(segment_studies, "REPEATS", 1)
    answers = list(CACHED_OR_AGAIN.answer(question(random_model)))
    assert len(answers) == 3
    for count, (seconds, faster) in enumerate(answers, start=1):
        assert isinstance(seconds.data, Curve)
        again, cached = seconds.data.lines
        np.testing.assert_array_equal(again.x, (10, 30, 80)[:count])
        assert (again.y > 0).all()
        assert (cached.y > 0).all()
        measured, published = faster.data.lines
        np.testing.assert_allclose(measured.y, again.y / cached.y)
        assert published.look == "dashed"
        assert dict(zip(published.x, published.y, strict=True)) == {800: 363, 1800: 773, 2800: 1409, 3800: 1874}
        assert "{" not in str(seconds.note) + str(faster.note)
    assert "is repeated" not in str(answers[1][0].note)
    assert "is repeated" in str(answers[2][0].note)


def test_answers_of_one_context_get_better(monkeypatch, random_model):
    monkeypatch.setattr(segment_studies, "CONTEXTS", (10,))
    answers = list(CACHED_OR_AGAIN.answer(question(random_model)))
    assert 1 <= len(answers) <= segment_studies.REPEATS
    assert all(len(seconds.data.lines[0].x) == 1 for seconds, _ in answers)


def test_it_can_be_given_up(random_model):
    def stop() -> None:
        raise Cancelled

    asked = question(random_model)
    with pytest.raises(Cancelled):
        next(iter(CACHED_OR_AGAIN.answer(Question(asked.run, 0, -1, stop))))


def heat_maps(panels: tuple[Panel, ...]) -> list[HeatMap]:
    assert all(panel.reconstructed and isinstance(panel.data, HeatMap) for panel in panels)
    return [panel.data for panel in panels]


def test_restarted_positions_collide_and_distances_do_not(random_model):
    (panels,) = COLLIDING_POSITIONS.answer(question(random_model, length=90, segment=20))
    absolute, distances = heat_maps(panels)
    np.testing.assert_array_equal(absolute.row_edges, [*range(40, 100), 100])
    for place in range(20):
        assert absolute.values[place + 20, place] == pytest.approx(1)
        assert absolute.values[place + 40, place] == pytest.approx(1)
        assert distances.values[place + 20, place] < 0.99
        assert distances.values[place, place] == pytest.approx(1)
    assert np.isnan(absolute.values[np.triu_indices(60, 1)]).all()
    assert "tokens 43 and 63" in str(panels[0].note)


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (
            16,
            "tokens 3 and 19, and with every pair one segment apart, the lines beside the diagonal, were the text ",
        ),
        (19, "tokens 3 and 19, and with"),  # its last token is number 18
        (20, "tokens 3 and 19 of the text, have"),
        (100, "tokens 67 and 83 of the text, have"),
    ],
)
def test_tokens_are_said_to_be_of_the_text_where_it_has_them(keys, told):
    panels = position_panels(shown_positions(keys, 16), 16, 64, keys)
    assert told in str(panels[0].note)


def test_only_the_same_place_collides():
    absolute, distances = heat_maps(position_panels(np.arange(48), 16, 64, 48))
    rows, columns = np.indices((48, 48))
    same_code, earlier = rows % 16 == columns % 16, columns <= rows
    assert (absolute.values[same_code & earlier] > 1 - 1e-6).all()
    assert (absolute.values[~same_code & earlier] < 0.99).all()
    assert (distances.values[(rows > columns)] < 0.99).all()


@pytest.mark.parametrize(("keys", "length"), [(8, 16), (100, 1), (4096, 16), (4096, 512), (70, 4096), (10**6, 2**20)])
def test_the_positions_shown_are_few_and_the_same_in_each_segment(keys, length):
    shown = shown_positions(keys, length)
    assert len(shown) <= segment_studies.SHOWN_CELLS + segment_studies.SHOWN_SEGMENTS
    starts = np.unique(shown // length)
    assert len(starts) >= 2
    within = [shown[shown // length == start] % length for start in starts]
    assert all(np.array_equal(within[0], other) for other in within[1:])
    panels = position_panels(shown, length, 32, keys)
    assert (np.diff(panels[0].data.row_edges) > 0).all()
    assert panels[0].data.values.shape == (len(shown), len(shown))
