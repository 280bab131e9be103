"""Measuring, on calls whose time and memory are known."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import torch

from engines import live_readouts, measure
from engines.live_readouts import LiveReadouts
from engines.machine import out_of_memory
from engines.measure import (
    Point,
    Times,
    baseline,
    measure_memory,
    predicted,
    random_prepared,
    time_repeatedly,
)
from engines.messages import Budget, Measured, Settings
from engines.run import Prepared, Silently, prepare
from engines.trace import SILENT, Cancelled, Recorder, Trace
from engines.variant import Inputs, Shape, in_words
from engines.variants import variants
from tests.engines.conftest import spec

CARD = [
    "what",
    "parameters",
    "mask",
    "weights",
    "tokens",
    "heads × dim",
    "dtype",
    "device",
    "threads",
    "torch",
    "repeats",
    "seed",
    "date",
]


@pytest.fixture
def clock(monkeypatch) -> Callable[[list[float]], Callable[[], object]]:
    """A clock that stands still but while a call runs, which takes the next of the given seconds."""
    now = [100.0]
    monkeypatch.setattr(measure.time, "perf_counter", lambda: now[0])

    def taking(seconds: list[float]) -> Callable[[], object]:
        rest: Iterator[float] = itertools.chain(seconds, itertools.repeat(seconds[-1]))
        return lambda: now.__setitem__(0, now[0] + next(rest))

    return taking


def test_median_and_interquartile_range():
    times = Times((1.0, 2.0, 3.0, 4.0, 10.0))
    assert times.median == 3
    assert times.spread == 2
    assert not times.settled


def test_timings_settle_when_their_spread_is_small():
    assert Times((1.0, 1.0, 1.01, 1.0, 1.01)).settled
    assert not Times((1.0, 1.0, 1.0, 1.0)).settled  # too few
    assert not Times((1.0, 1.1, 1.0, 1.1, 1.2)).settled


def test_the_warm_up_is_shown_and_then_dropped(clock):
    given = list(time_repeatedly(clock([9.0, 1.0]), "cpu", budget_seconds=100))
    assert given[0].seconds == (9.0,)
    assert [len(times.seconds) for times in given[1:]] == [1, 2, 3, 4, 5]
    assert given[-1].seconds == (1.0,) * 5


def test_timing_ends_with_the_budget(clock):
    given = list(time_repeatedly(clock([1.0, 1.0, 2.0, 1.0, 2.0]), "cpu", budget_seconds=4.5))
    assert given[-1].seconds == (1.0, 2.0, 1.0)


def test_a_call_longer_than_the_budget_is_timed_once_more(clock):
    given = list(time_repeatedly(clock([30.0, 20.0]), "cpu", budget_seconds=2))
    assert [times.seconds for times in given] == [(30.0,), (20.0,)]


def test_an_unsteady_call_is_not_timed_for_ever(clock):
    given = list(time_repeatedly(clock([1.0, 2.0] * 50), "cpu", budget_seconds=1000))
    assert len(given[-1].seconds) == measure.MOST_REPEATS


def test_peak_bytes_are_exact():
    def call(record: Recorder) -> torch.Tensor:
        with record.phase("first"):
            first = torch.empty(1000)  # 4,000 bytes
            second = torch.empty(3000)  # 12,000 more: the peak
            del first
        with record.phase("second"):
            third = torch.empty(500)
            del second
            return third

    peak, timeline = measure_memory(call, "cpu")
    assert peak == 16_000
    held = [size for _, size in timeline.changes]
    assert held[:5] == [4000, 16_000, 12_000, 14_000, 2000]
    moments = [moment for moment, _ in timeline.changes]
    assert moments == sorted(moments)
    assert moments[0] >= 0
    (first, *inside), (second, *after) = timeline.phases
    assert (first, second) == ("first", "second")
    assert inside[0] <= moments[0] <= moments[2] <= inside[1] <= after[0] <= moments[3] <= moments[4] <= after[1]


def test_what_was_there_before_does_not_count():
    before = torch.ones(10_000)
    peak, _ = measure_memory(lambda record: before.neg(), "cpu")
    assert peak == 40_000
    assert measure_memory(lambda record: None, "cpu")[0] == 0


def test_a_call_that_fails_leaves_the_profiler_off():
    def fail(record: Recorder) -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        measure_memory(fail, "cpu")
    assert measure_memory(lambda record: torch.empty(100), "cpu")[0] == 400


@pytest.mark.parametrize("name", list(variants()))
def test_every_variant_s_phases_and_memory_are_seen(random_model, name):
    prepared = prepare(spec(name, length=700), random_model)
    peak, timeline = measure_memory(prepared.attend, "cpu")
    output = prepared.attend()
    assert peak >= output.numel() * output.element_size()
    assert peak == max(held for _, held in timeline.changes)
    assert timeline.phases
    assert all(begin <= end for _, begin, end in timeline.phases)


def test_textbook_attention_s_phases(random_model):
    prepared = prepare(spec(length=64, parameters=(("implementation", "textbook"),)), random_model)
    _, timeline = measure_memory(prepared.attend, "cpu")
    assert [name for name, _, _ in timeline.phases] == ["scores", "softmax", "output"]


def test_the_card_says_all(random_model):
    parameters = (("window", (32, 16)), ("global_tokens", "first"))
    prepared = prepare(spec("longformer", length=200, layer=1, seed=6, parameters=parameters), random_model)
    measurement = Point("variant", prepared, threads=2).measurement(Times((1.0, 1.5)), 123)
    card = dict(measurement.card)
    assert list(card) == CARD
    assert card["what"] == "attend of Longformer, layer 2, all heads, batch 1"
    assert "window 32 16" in card["parameters"]
    assert (card["mask"], card["tokens"], card["heads × dim"]) == ("causal", "200", "2 × 16")
    assert card["weights"] == random_model.name
    assert (card["dtype"], card["threads"], card["repeats"], card["seed"]) == ("float32", "2", "2", "6")
    assert card["device"].startswith("cpu (")
    assert card["torch"] == torch.__version__
    assert (measurement.seconds, measurement.peak_bytes, measurement.kind) == (1.25, 123, "measured")
    assert (measurement.variant, measurement.label, measurement.n) == ("longformer", "Longformer", 200)
    animated = Point("variant", prepared, threads=2, while_animating=True).card(1)
    assert dict(animated)["note"] == "while animating"


def test_values_in_words():
    assert [in_words(v) for v in (128, 0.5, (1, 2), (), True, False, "auto")] == [
        "128",
        "0.5",
        "1 2",
        "none",
        "on",
        "off",
        "auto",
    ]


def test_a_prediction_scales_and_says_so(random_model):
    known = Point("variant", prepare(spec(length=100), random_model), 1).measurement(Times((2.0, 4.0)), 999)
    found = predicted(known, from_flops=10.0, to_flops=40.0, n=200)
    assert (found.kind, found.n, found.seconds, found.spread_seconds) == ("predicted", 200, 12.0, 4.0)
    assert found.peak_bytes is None
    card = dict(found.card)
    assert card["how"] == "predicted from 100 tokens by the ratio of operations"
    assert card["tokens"] == "200"


def test_measure_gives_both_numbers(random_model):
    measurement = measure.measure(Point("variant", prepare(spec(length=64), random_model), 1), budget_seconds=0.01)
    assert measurement.seconds
    assert measurement.peak_bytes
    assert measurement.repeats >= 1


def test_baselines_run_on_the_very_same_inputs(random_model):
    prepared = prepare(spec("longformer", length=90, parameters=(("window", (512,)),)), random_model)
    for name in ("fused", "textbook"):
        full = baseline(prepared, name)
        assert full.inputs is prepared.inputs
        assert full.parameters.implementation == name
        torch.testing.assert_close(full.attend(), prepared.attend(), rtol=0, atol=2e-5)


# Live readouts ------------------------------------------------------------------------------------------------------


QUICK = Settings(Budget(seconds=0.05))


def all_of(readouts: LiveReadouts, prepared: Prepared, settings: Settings = QUICK) -> list[Measured]:
    return list(readouts.measure(prepared, lambda: settings))


def test_the_variant_first_and_then_both_baselines_once(random_model):
    readouts, prepared = LiveReadouts(), prepare(spec("longformer", length=100), random_model)
    first = all_of(readouts, prepared)
    order = [m.measurement.series for m in first]
    assert order == ["variant", "fused", "textbook"], (
        "quick calls are told once: who is told takes processors from them"
    )
    last = {m.measurement.series: m for m in first}
    assert all(m.measurement.kind == "measured" and m.measurement.peak_bytes for m in last.values())
    assert last["variant"].memory is not None
    again = all_of(readouts, prepared)
    assert [m.measurement for m in again if m.measurement.series != "variant"] == [
        last["fused"].measurement,
        last["textbook"].measurement,
    ]


def test_a_slow_call_is_told_at_once_and_again_and_again(random_model, monkeypatch):
    monkeypatch.setattr(live_readouts, "TOLD_EVERY_SECONDS", 0.0)
    first, second, *_, last = all_of(LiveReadouts(), prepare(spec("longformer", length=64), random_model))
    assert (first.measurement.repeats, first.measurement.peak_bytes) == (1, None)
    assert (second.measurement.repeats, last.measurement.series) == (1, "textbook")


@pytest.mark.parametrize(("series", "counts"), [((3e-3, 2e-3), 2e-3), ((2e-3, 3e-3), 2e-3), ((0.4, 0.3), 0.4)])
def test_a_short_series_is_made_twice_and_the_quieter_one_counts(random_model, monkeypatch, series, counts):
    made = iter(series)

    def times(call, device, budget_seconds):
        fastest = next(made)
        yield Times((fastest, fastest, fastest, 30.0, 40.0))  # disturbed, but no long call

    monkeypatch.setattr(live_readouts, "time_repeatedly", times)
    prepared = prepare(spec("full", length=64), random_model)
    last = list(live_readouts.measured(Point("variant", prepared, 2), lambda: QUICK, SILENT))[-1]
    assert last.measurement.seconds == counts
    assert last.measurement.peak_bytes


def test_a_baseline_that_is_the_variant_itself_is_measured_once(random_model):
    """Else two panes of the same attention, and a curve and its baseline, would tell two times of one thing."""
    readouts = LiveReadouts()
    own = {
        m.measurement.series: m.measurement for m in all_of(readouts, prepare(spec("full", length=100), random_model))
    }
    assert own["fused"] == replace(own["variant"], series="fused")
    assert own["textbook"].card != own["fused"].card
    others = prepare(spec("longformer", length=100), random_model)
    assert {m.measurement.series: m.measurement for m in all_of(readouts, others)}["fused"] == own["fused"]


def test_baselines_beyond_the_budget_are_predicted_and_look_it(random_model):
    prepared = prepare(spec("longformer", length=4096), random_model)
    found = all_of(LiveReadouts(), prepared, Settings(Budget(seconds=0.0)))
    kinds = {m.measurement.series: m.measurement for m in found}
    assert kinds["variant"].kind == "measured"
    for name in ("fused", "textbook"):
        assert (kinds[name].kind, kinds[name].n, kinds[name].peak_bytes) == ("predicted", 4096, None)
        assert kinds[name].seconds


def test_what_is_timed_beside_an_animation_says_so_and_is_not_kept(random_model):
    readouts, prepared = LiveReadouts(), prepare(spec("longformer", length=64), random_model)
    found = all_of(readouts, prepared, replace(QUICK, animating=True))
    assert all(dict(m.measurement.card)["note"] == "while animating" for m in found)
    assert not readouts.baselines
    assert all("note" not in dict(m.measurement.card) for m in all_of(readouts, prepared))


def test_running_out_of_memory_is_a_point(random_model, monkeypatch):
    full = variants()["full"]
    real = type(full).attend

    def attend(self, inputs, parameters, *rest, **named):
        if parameters.implementation == "textbook" and inputs is prepared.inputs:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 999 bytes.")
        return real(self, inputs, parameters, *rest, **named)

    prepared = prepare(spec("longformer", length=64), random_model)
    monkeypatch.setattr(type(full), "attend", attend)
    last = {m.measurement.series: m.measurement for m in all_of(LiveReadouts(), prepared)}
    assert last["textbook"].kind == "out of memory"
    assert (last["textbook"].seconds, last["textbook"].peak_bytes) == (None, None)
    assert last["fused"].kind == "measured"


def test_a_run_no_longer_wanted_stops_in_the_middle_of_a_call(random_model):
    prepared = prepare(spec("reformer", length=64), random_model)
    wanted = [True]
    replies = LiveReadouts().measure(prepared, lambda: QUICK, Silently(lambda: not wanted[0]))
    next(replies)
    wanted[0] = False
    with pytest.raises(Cancelled):
        next(replies)


def test_which_errors_are_of_memory():
    with pytest.raises(RuntimeError) as caught:
        torch.empty(1 << 60)
    assert out_of_memory(caught.value)
    assert out_of_memory(MemoryError())
    assert not out_of_memory(ValueError("shapes differ"))


def refusal(model, budget: Budget, **values) -> str | None:
    wanted = spec(**values)
    variant = variants()[wanted.variant]
    problem = LiveReadouts().refusal(wanted, variant, variant.parameters(**dict(wanted.parameters)), model, budget)
    return str(problem) if problem else None


def test_refusals(random_model, monkeypatch):
    monkeypatch.setattr(live_readouts, "free_bytes", lambda device: 10_000_000_000)
    assert refusal(random_model, Budget(), length=4000) is None
    slow = refusal(random_model, Budget(), length=1_048_576)
    assert slow
    assert "Full at 1,048,576 tokens would take about" in slow
    assert "run it anyway" in slow
    large = refusal(random_model, Budget(), length=65_536, parameters=(("implementation", "textbook"),))
    assert large
    assert "would need about 68.8 GB" in large
    assert "7.0 GB may be used" in large
    assert refusal(random_model, Budget(seconds=1e9), length=65_536) is None


def test_a_busy_moment_refuses_no_run_that_fits(random_model, monkeypatch):
    """The short run by which a long one is judged is made again before anything is refused."""
    monkeypatch.setattr(live_readouts, "free_bytes", lambda device: 10_000_000_000)
    seconds = iter([1.0, 0.0001, 0.5])
    timed = []

    def time(call, device, budget):
        timed.append(next(seconds))
        yield Times((timed[-1],))

    monkeypatch.setattr(live_readouts, "time_repeatedly", time)
    readouts, wanted = LiveReadouts(), spec(length=8192)
    full = variants()["full"]
    ask = lambda: readouts.refusal(wanted, full, full.parameters(), random_model, Budget(seconds=1.0))  # noqa: E731
    assert ask() is None
    assert ask() is None
    assert timed == [1.0, 0.0001], "the faster one is kept"


@pytest.mark.parametrize(
    ("seconds", "budget", "told"),
    [(2.04, 2.0, "2.04 s"), (2.0004, 2.0, "2.0004 s"), (34.2, 2.0, "34 s"), (720, 2.0, "12 min"), (9_000, 2, "2.5 h")],
)
def test_what_is_over_a_budget_reads_so(seconds, budget, told):
    assert live_readouts.rough(seconds, budget) == told


def test_random_inputs_are_of_the_shape_and_the_same_each_time():
    full = variants()["full"]
    shape = Shape(20, 30, heads=3, head_width=8)
    first, second = (random_prepared(full, full.parameters(), shape, seed=2).inputs for _ in range(2))
    assert isinstance(first, Inputs)
    assert first.q.shape == (1, 3, 20, 8)
    assert first.k.shape == first.v.shape == (1, 3, 30, 8)
    assert torch.equal(first.q, second.q)
    assert random_prepared(full, full.parameters(), shape).attend(Trace()).shape == (1, 3, 20, 8)
