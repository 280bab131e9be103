"""The live numbers of a run: its own time and memory, then both baselines', measured within the budget or predicted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from engines.machine import free_bytes, out_of_memory
from engines.measure import Point, Times, baseline, measure_memory, predicted, random_prepared, rest, time_repeatedly
from engines.messages import Budget, Measured, Measurement, RunSpec, Settings
from engines.problems import Problem
from engines.run import Prepared
from engines.trace import SILENT, Recorder
from engines.variant import Parameters, Shape, Variant
from engines.weights import HostModel

if TYPE_CHECKING:
    import torch
else:
    from engines.lazy_torch import torch

BASELINES = ("fused", "textbook")
CALIBRATION_LENGTHS = (2048, 8192, 32_768)
TOLD_EVERY_SECONDS = 0.25
SHORT_SECONDS = 1.0  # what a series may take to be made twice
WRITTEN_SCORES = 4.0  # textbook attention holds scores, masked scores, weights and a temporary of their size at once


@dataclass(frozen=True)
class Call:
    """What a prediction is of: a variant with its parameters, on inputs of a shape, on a device in a number format."""

    variant: Variant
    parameters: Parameters
    shape: Shape
    device: str
    dtype: str

    @property
    def flops(self) -> float:
        return self.variant.cost(self.shape, self.parameters).flops

    def at(self, length: int) -> Call:
        """The same on the first tokens alone, where there are more."""
        shape = self.shape
        return replace(self, shape=replace(shape, queries=min(length, shape.queries), keys=min(length, shape.keys)))


class LiveReadouts:
    """Keeps what was measured once per shape, so that baselines are not measured again and again."""

    def __init__(self) -> None:
        self.calibrations: dict[tuple[object, ...], Measurement] = {}
        self.baselines: dict[tuple[object, ...], Measurement] = {}

    def refusal(
        self, spec: RunSpec, variant: Variant, parameters: Parameters, model: HostModel, budget: Budget
    ) -> Problem | None:
        """Why a run would not fit the budget, or None where it does."""
        sizes = model.shape
        shape = Shape(spec.length, spec.length, sizes.heads, sizes.head_width, spec.layer, spec.head, spec.causal)
        bytes_needed = variant.cost(shape, parameters).resident_bytes + 6 * 4 * spec.length * sizes.width
        allowed = budget.memory_share * free_bytes(spec.device)
        n = f"{spec.length:,}"
        if bytes_needed > allowed:
            return Problem(
                "over_budget_memory", label=variant.label, n=n, gigabytes=bytes_needed / 1e9, free=allowed / 1e9
            )
        if spec.length <= CALIBRATION_LENGTHS[0]:
            return None
        call = Call(variant, parameters, shape, spec.device, spec.dtype)
        seconds = self.expected(call, budget.seconds).seconds
        if seconds is not None and seconds > budget.seconds:
            seconds = self.expected(call, budget.seconds, again=True).seconds
        if seconds is not None and seconds > budget.seconds:
            return Problem(
                "over_budget_time",
                label=variant.label,
                n=n,
                duration=rough(seconds, budget.seconds),
                budget=budget.seconds,
            )
        return None

    def expected(self, call: Call, budget_seconds: float, again: bool = False) -> Measurement:
        """A prediction from a short measured run, scaled by operations.

        Short runs spend most of their time on what does not grow; so, where the prediction is over the budget, a
        longer one is made, as long as that is expected to fit the budget itself. ``again`` measures the short runs
        anew, and keeps the faster ones: a moment in which the machine was busy must not speak for all that follow.
        """
        prediction = self.scaled(call, CALIBRATION_LENGTHS[0], again)
        for length in CALIBRATION_LENGTHS[1:]:
            share, seconds = call.at(length).flops / call.flops, prediction.seconds or 0.0
            if seconds <= budget_seconds or length >= call.shape.queries or share * seconds > budget_seconds:
                break
            prediction = self.scaled(call, length, again)
        return prediction

    def scaled(self, call: Call, length: int, again: bool) -> Measurement:
        """The time of a run at ``length``, measured once and kept (or ``again``), scaled to the whole call."""
        small = call.at(length)
        key = (small.variant.name, small.parameters, small.shape, small.device, small.dtype)
        known = self.calibrations.get(key)
        if known is None or again:
            prepared = random_prepared(small.variant, small.parameters, small.shape, small.device, small.dtype)
            times = list(time_repeatedly(prepared.attend, small.device, 0.1))[-1]
            found = Point(small.variant.name, prepared, torch.get_num_threads()).measurement(times, None)
            slower = known is not None and (known.seconds or 0.0) <= (found.seconds or 0.0)
            self.calibrations[key] = known if known is not None and slower else found
        return predicted(self.calibrations[key], small.flops, call.flops, call.shape.queries)

    def measure(
        self, prepared: Prepared, settings: Callable[[], Settings], record: Recorder = SILENT
    ) -> Iterator[Measured]:
        """First the variant, its first run at once and then refined; then its memory; then the baselines.

        ``settings`` is asked again and again: the window may begin to animate while this measures. ``record``
        keeps nothing, but may stop a run that is no longer wanted in the middle of a call.
        """
        for own in measured(Point("variant", prepared, torch.get_num_threads()), settings, record):
            yield own
        for name in BASELINES:
            full = baseline(prepared, name)
            if (full.variant, full.parameters) == (prepared.variant, prepared.parameters):
                yield self.of_itself(name, prepared, own.measurement)
            else:
                yield from self.measure_baseline(name, prepared, settings, record)

    def of_itself(self, name: str, prepared: Prepared, own: Measurement) -> Measured:
        """A baseline that is the variant itself: another measurement would only show how times scatter."""
        itself = replace(own, series=name)
        if not beside_animation(itself):
            self.baselines[baseline_key(name, prepared)] = itself
        return Measured(0, itself)

    def fused(self, prepared: Prepared) -> Measurement | None:
        """What was measured of full attention, fused, on inputs of a run's sizes; None before it was."""
        return self.baselines.get(baseline_key("fused", prepared))

    def measure_baseline(
        self, name: str, prepared: Prepared, settings: Callable[[], Settings], record: Recorder
    ) -> Iterator[Measured]:
        spec, shape = prepared.spec, prepared.shape
        key = baseline_key(name, prepared)
        if key in self.baselines:
            yield Measured(0, self.baselines[key])
            return
        full = baseline(prepared, name)
        budget = settings().budget
        call = Call(full.variant, full.parameters, shape, spec.device, spec.dtype)
        expected = replace(self.expected(call, budget.seconds), series=name)
        bytes_needed = full.variant.cost(shape, full.parameters).resident_bytes * WRITTEN_SCORES / 2
        too_big = bytes_needed > budget.memory_share * free_bytes(spec.device)
        if too_big or (expected.seconds or 0) > budget.seconds:
            yield Measured(0, expected)
            return
        animated = False
        for reply in measured(Point(name, full, torch.get_num_threads()), settings, record):
            animated = animated or beside_animation(reply.measurement)
            yield replace(reply, memory=None)
        if not animated:
            self.baselines[key] = reply.measurement


def beside_animation(measurement: Measurement) -> bool:
    """Such a time is shown, but not kept."""
    return "note" in dict(measurement.card)


def baseline_key(name: str, prepared: Prepared) -> tuple[object, ...]:
    """What a baseline's numbers depend on."""
    return name, replace(prepared.shape, layer=0, head=0), prepared.spec.device, prepared.spec.dtype


def rough(seconds: float, more_than: float = 0.0) -> str:
    """A predicted duration as roughly as it is known: 2.3 s, 34 s, 12 min, 2.4 h; and so that it reads as more than
    ``more_than``, where it is."""
    unit, size = next(((unit, size) for unit, size in (("h", 3600), ("min", 60)) if seconds >= 1.5 * size), ("s", 1))
    digits = 2
    while digits < 6 and more_than < seconds and float(f"{seconds:.{digits}g}") <= more_than:
        digits += 1
    return f"{seconds / size:.{digits}g} {unit}"


def measured(point: Point, settings: Callable[[], Settings], record: Recorder) -> Iterator[Measured]:
    """Timings so far, now and then, and the peak at the end; running out of memory is a measurement of its own.

    Whoever is told a number paints it, and takes processors from what is being timed: so not every repeat is told, and
    a short series is made again, after the memory was measured and a rest. The quieter of the two counts.
    """
    prepared, device = point.prepared, point.prepared.spec.device
    series = Series(point, settings, partial(prepared.attend, record))
    try:
        yield from series.timed()
        peak_bytes, timeline = measure_memory(prepared.attend, device)
        if series.times is not None and series.times.undisturbed < SHORT_SECONDS:
            rest()
            yield from series.timed()
    except Exception as error:
        if not out_of_memory(error):
            raise
        yield Measured(0, point.measurement(None, None, "out of memory"))
        return
    yield Measured(0, series.measurement(peak_bytes), timeline)


@dataclass
class Series:
    """Repeated timings of a point, the quieter ones where they were made twice."""

    point: Point
    settings: Callable[[], Settings]
    call: Callable[[], object]
    times: Times | None = None
    animated: bool = False

    def timed(self) -> Iterator[Measured]:
        """Time anew, telling now and then what is known."""
        before, told = self.times, time.perf_counter()
        for times in time_repeatedly(self.call, self.point.prepared.spec.device, self.settings().budget.seconds):
            self.animated = self.animated or self.settings().animating
            self.times = times if before is None else min(before, times, key=lambda each: each.median)
            if time.perf_counter() - told >= TOLD_EVERY_SECONDS:
                told = time.perf_counter()
                yield Measured(0, self.measurement(None))

    def measurement(self, peak_bytes: int | None) -> Measurement:
        return replace(self.point, while_animating=self.animated).measurement(self.times, peak_bytes)
