"""Runs and measurements without a window: for the command line, scripts and notebooks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from engines.finished_run import FinishedRun
from engines.live_readouts import LiveReadouts, measured
from engines.measure import Point
from engines.messages import Budget, Measurement, RunSpec, Settings
from engines.problems import Problem
from engines.run import prepare, weights_of
from engines.studies import study_named
from engines.study import Panel, Question
from engines.trace import SILENT
from engines.weight_sets import WeightSet
from engines.weights import HostModel, model_of

if TYPE_CHECKING:
    import torch
else:
    from engines.lazy_torch import torch


def no_report(fraction: float) -> None:
    """Tell nobody."""


def finished(spec: RunSpec, threads: int = 0, report: Callable[[float], None] = no_report) -> FinishedRun:
    """Everything a spec says, to its recorded steps. ``threads`` 0 leaves the processor's threads as they are."""
    if threads:
        torch.set_num_threads(threads)
    prepared = prepare(spec, model_on(spec.device, spec.dtype, weights_of(spec)), progress=report)
    try:
        return FinishedRun(prepared, prepared.trace())
    finally:
        report(1.0)


def study_answer(run: FinishedRun, name: str, head: int, locked: int = -1) -> tuple[Panel, ...]:
    """A study's last, whole answer. ``head`` counts from 0; ``locked`` is a position, −1 for none."""
    study = study_named(name, run.prepared.variant, run.prepared.mask.causal)
    panels: tuple[Panel, ...] = ()
    for better in study.answer(Question(run, head, locked)):
        panels = better
    return panels


def model_on(device: str, dtype: str, weights: WeightSet) -> HostModel:
    """The model of some weights, on a device; a Problem where there is no such device."""
    if not is_there(device):
        raise Problem("device_missing", device=device)
    return model_of(weights).to(device, dtype)


def is_there(device: str) -> bool:
    """Whether the machine has that device: the processor, or a CUDA device of that number."""
    try:
        named = torch.device(device)
    except RuntimeError:
        return False
    return named.type == "cpu" or (named.type == "cuda" and (named.index or 0) < torch.cuda.device_count())


def own_measurement(run: FinishedRun, budget: Budget) -> Measurement:
    """Time and peak memory of the run's variant alone, repeated within the budget."""
    point = Point("variant", run.prepared, torch.get_num_threads())
    *_, last = measured(point, lambda: Settings(budget), SILENT)
    return last.measurement


def measured_with_baselines(
    run: FinishedRun, budget: Budget, report: Callable[[float], None] = no_report
) -> list[Measurement]:
    """The variant's own numbers first, then the fused and the textbook baseline's."""
    last: dict[str, Measurement] = {}
    for each in LiveReadouts().measure(run.prepared, lambda: Settings(budget)):
        last[each.measurement.series] = each.measurement
        report(0.99 * len(last) / 3)
    report(1.0)
    return list(last.values())
