"""Runs without a window."""

from __future__ import annotations

import pytest
import torch

from engines import headless
from engines.messages import Budget
from engines.problems import Problem
from engines.run import prepare, weights_of
from engines.variants import variants
from engines.weights import model_of
from tests.engines.conftest import spec


@pytest.mark.parametrize("name", list(variants()))
def test_a_run_and_its_numbers(name):
    seen: list[float] = []
    run = headless.finished(spec(name, length=100, layer=2), report=seen.append)
    assert [step.name for step in run.steps] == list(variants()[name].step_names)
    model = model_of(weights_of(spec(name)))
    assert torch.equal(run.prepared.inputs.q, prepare(spec(name, length=100, layer=2), model).inputs.q)
    assert seen == sorted(seen)
    assert seen[-1] == 1
    seen.clear()
    found = headless.measured_with_baselines(run, Budget(seconds=1.0), seen.append)
    assert [measurement.series for measurement in found] == ["variant", "fused", "textbook"]
    assert all(measurement.seconds and measurement.peak_bytes for measurement in found)
    assert seen == sorted(seen)
    assert seen[-1] == 1


@pytest.mark.parametrize("device", ["cuda:99", "meta", "toaster"])
def test_a_device_that_is_not_there(device):
    with pytest.raises(Problem) as caught:
        headless.finished(spec(device=device))
    assert str(caught.value) == f"There is no device {device} now; choose another one."


def test_progress_ends_even_where_the_run_does_not():
    seen: list[float] = []
    with pytest.raises(Problem):
        headless.finished(spec("full", length=100, layer=2, text=""), report=seen.append)
    assert all(0 <= fraction <= 1 for fraction in seen)
