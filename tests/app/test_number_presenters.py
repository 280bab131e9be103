"""The numbers beside the picture against what was measured and counted."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import number_presenters, presenters
from app.measured_points import MeasuredPoint
from app.run_state import RunState
from engines.headless import study_answer
from engines.messages import Measurement, MemoryTimeline
from engines.problems import Problem
from tests.app.runs import known_of, pane_of, run_of
from widgets.counts import count_text
from widgets.quantities import error_text, percent_text
from widgets.themes import DARK


def measured(series, seconds, peak_bytes, kind="measured", repeats=5, variant="longformer", parameters="", n=64):
    card = (("parameters", parameters), ("torch", "2.13.0"))
    return Measurement(series, n, seconds, 0.0, repeats, peak_bytes, kind, card, variant, variant.title())


def known_with(*measurements):
    known = known_of(run_of("longformer", 40, window=6))
    return replace(known, measurements={each.series: each for each in measurements})


def test_readings_of_a_measured_run():
    known = known_with(
        measured("variant", 0.010, 2_000_000),
        measured("fused", 0.025, 1_000_000, variant="full"),
        measured("textbook", 0.005, 8_000_000, "predicted", variant="full"),
    )
    time, memory, kept, computed, error, mass = number_presenters.readings(known)
    assert (time.title, time.value, time.unit, time.look) == ("time · median of 5", "10.0", "ms", "measured")
    assert time.notes == ("2.5× faster · fused 25.0 ms", "2.0× slower · textbook ≈ 5.00 ms")
    assert time.card.rows == known.measurements["variant"].card
    assert (memory.value, memory.unit) == ("2.00", "MB")
    assert memory.notes == ("2.0× larger · fused 1.00 MB", "4.0× smaller · textbook ≈ 8.00 MB")
    pattern = run_of("longformer", 40, window=6).pattern(2)
    share = presenters.percent(pattern.count(), 820)
    assert (kept.value, kept.unit, kept.notes) == (share, "%", (f"{pattern.count()} of 820",))
    assert computed.notes == (f"{count_text(known.traced.pairs_computed)} in whole blocks",)
    assert ("what", "counted exactly, head 3") in kept.card.rows
    assert (error.look, mass.look) == ("pending", "pending")


@pytest.mark.parametrize(
    ("other", "own", "words"),
    [(10, 2.5, "4.0× less"), (2.5, 10, "4.0× more"), (1.04, 1, "alike"), (1, 1.04, "alike"), (1.06, 1, "1.1× less")],
)
def test_a_ratio_that_its_digits_do_not_tell_is_none(other, own, words):
    assert number_presenters.ratio(other, own, "{factor}× less", "{factor}× more", "alike") == words


def test_readings_of_how_close_to_exact():
    run = run_of("longformer", 40, window=6)
    panels = study_answer(run, "closeness", head=2)
    numbers = {number.name: number for number in panels[0].data.numbers}
    error, mass = number_presenters.readings(known_with(), panels)[-2:]
    assert (error.title, error.unit, error.look) == ("output error", "%", "measured")
    assert error.value == error_text(numbers["output error"].value)
    assert mass.value == percent_text(numbers["softmax mass found"].value)
    assert ("head", "3 of layer 2") in mass.card.rows
    so_far = number_presenters.readings(known_with(), panels, whole=False)[-2:]
    assert [(each.value, each.look) for each in so_far] == [(error.value, "pending"), (mass.value, "pending")]


def test_what_keeps_no_pairs_finds_no_mass_and_says_so():
    panels = study_answer(run_of("linear-transformer", 40), "closeness", head=2)
    error, mass = number_presenters.readings(known_with(), panels)[-2:]
    assert float(error.value) > 0
    assert (mass.value, mass.notes) == ("–", ("it keeps no pairs",))


def test_what_scores_no_pair_says_that_every_one_is_implied():
    run = run_of("performer", 40)
    kept, computed = number_presenters.readings(known_of(run))[2:4]
    assert (kept.value, kept.notes) == ("–", ("every pair is implied",))
    assert "products of positions" in computed.notes[0]
    assert "implied" in presenters.pattern_caption(pane_of(run), run.pattern(2))


def test_the_first_run_is_shown_at_once():
    (time, memory, *_) = number_presenters.readings(known_with(measured("variant", 0.5, None, repeats=1)))
    assert (time.title, time.value, time.notes) == ("time · 1 run", "500", ())
    assert (memory.value, memory.look) == ("–", "pending")


def test_what_is_not_known_looks_pending_and_what_is_refused_refused():
    assert [each.look for each in number_presenters.readings(RunState())] == ["pending"] * 6
    refused = RunState(refused=Problem("empty_text"))
    assert [each.look for each in number_presenters.readings(refused)] == ["refused"] * 6
    assert {each.value for each in number_presenters.readings(refused)} == {"–"}
    failed = RunState(failed=Problem("engine_stopped"))
    assert [each.look for each in number_presenters.readings(failed)] == ["failed"] * 6
    nothing = RunState(failed=Problem("empty_text"))
    assert [each.look for each in number_presenters.readings(nothing)] == ["absent"] * 6, "nothing was tried"


def test_full_attention_is_not_held_against_itself():
    run = replace(known_of(run_of("full", 40)), measurements={})
    known = {name: measured(name, 0.01, 1000, variant="full") for name in ("variant", "fused", "textbook")}
    time, memory, *_ = number_presenters.readings(replace(run, measurements=known))
    assert [len(reading.notes) for reading in (time, memory)] == [1, 1]
    assert "textbook" in time.notes[0]


def test_memory_phases_follow_each_other_and_carry_what_is_held():
    changes = ((0.05, 10), (0.10, 30), (0.25, 20), (0.35, 5), (0.90, 0))
    phases = (("window", 0.0, 0.1), ("window", 0.1, 0.2), ("global", 0.3, 0.6))
    window, others = number_presenters.memory_phases(MemoryTimeline(changes, phases))
    assert (window.name, window.start_seconds, window.stop_seconds) == ("window", 0.0, 0.3)
    assert window.bytes_over_time == ((0.0, 0), (0.05, 10), (0.10, 30), (0.25, 20))
    assert (others.name, others.start_seconds, others.stop_seconds) == ("global", 0.3, 0.9)
    assert others.bytes_over_time == ((0.3, 20), (0.35, 5), (0.90, 0))
    assert number_presenters.memory_phases(None) == ()
    assert number_presenters.memory_phases(MemoryTimeline(changes, ())) == ()
    assert number_presenters.memory_phases(MemoryTimeline((), phases))[0].bytes_over_time == ((0.0, 0),)


moments = st.floats(0, 1, allow_nan=False)


@given(
    st.lists(st.tuples(moments, st.integers(0, 1000)), max_size=10).map(sorted),
    st.lists(st.sampled_from("abc"), min_size=1, max_size=5),
)
def test_memory_at_any_moment_is_the_recorded_one(changes, names):
    phases = tuple((name, i / len(names), (i + 1) / len(names)) for i, name in enumerate(names))
    pieces = number_presenters.memory_phases(MemoryTimeline(tuple(changes), phases))
    assert pieces[0].start_seconds == 0
    assert all(one.stop_seconds == two.start_seconds for one, two in pairwise(pieces))
    for piece in pieces:
        for moment, held in piece.bytes_over_time[1:]:
            assert (moment, held) in changes
        first = [held for moment, held in changes if moment <= piece.start_seconds]
        assert piece.bytes_over_time[0] == (piece.start_seconds, first[-1] if first else 0)
    inside = sum(len(piece.bytes_over_time) - 1 for piece in pieces)
    assert inside == sum(moment > 0 for moment, _ in changes)


def test_the_chart_has_a_line_a_variant_and_both_baselines():
    points = [
        MeasuredPoint(measured("variant", 0.1, 10)),
        MeasuredPoint(measured("fused", 0.2, 20, variant="full", parameters="kernel fused")),
    ]
    known = known_with(
        measured("textbook", 0.9, None, "predicted", variant="full", parameters="kernel textbook"),
        measured("variant", 0.1, 10),
    )
    chart = number_presenters.cost_points(points, known, DARK)
    assert [(each.series, each.seconds, each.kind) for each in chart] == [
        ("Full, fused", 0.2, "measured"),
        ("Full, textbook", 0.9, "predicted"),
        ("Longformer", 0.1, "measured"),
    ]
    assert len({each.colour for each in chart}) == 3
    assert [each.hollow for each in chart] == [False, True, False]
    assert chart[1].peak_bytes is None
    assert chart[2].card.rows == points[0].measurement.card


def test_the_order_of_the_chart_is_that_of_the_menu_and_its_names_are_those_of_the_chips():
    names = ["reformer", "linear-transformer", "full", "sparse-transformer", "gone"]
    points = [MeasuredPoint(measured(name, 0.1, 10, variant=name)) for name in names]
    for shuffled in (points, points[::-1]):
        chart = number_presenters.cost_points(shuffled, known_with(), DARK)
        found = [each.series for each in chart]
        assert found[:4] == ["Full, fused", "Sparse", "Reformer", "Linear"]
        assert len(found) == 5
