"""The receptive field against products of boolean matrices written out."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.finished_run import FinishedRun
from engines.layer_steps import steps_of_layers
from engines.measure import random_prepared
from engines.messages import RunSpec
from engines.run import prepare
from engines.studies import receptive_field, study_named
from engines.study import Curve, Panel, Quantities, Question, Reach
from engines.trace import Cancelled, Segments
from engines.variant import Shape
from engines.variants import variants
from engines.weights import HostModel
from tests.engines.conftest import spec

LENGTH = 64
DEPENDS_ON_DATA = [name for name, variant in variants().items() if variant.pattern_needs_steps]


def run_of(wanted: RunSpec, model: HostModel) -> FinishedRun:
    prepared = prepare(wanted, model)
    return FinishedRun(prepared, prepared.trace())


def asked(run: FinishedRun, locked: int = -1) -> list[tuple[Panel, ...]]:
    study = study_named("receptive-field", run.prepared.variant, run.prepared.mask.causal)
    return [panels for panels in study.answer(Question(run, 0, locked)) if panels]


def reach(panels: tuple[Panel, ...]) -> Reach:
    data = panels[0].data
    assert isinstance(data, Reach)
    return data


def matrices(run: FinishedRun, layers: int) -> list[np.ndarray]:
    """Who reads whom in each layer, bool [query, key]: all heads together, and a token itself."""
    prepared, every = run.prepared, np.arange(run.prepared.shape.queries)
    steps = [run.steps] * layers
    if prepared.variant.pattern_needs_steps:
        steps = [prepare(replace(prepared.spec, layer=layer), prepared.model).trace() for layer in range(layers)]
    found = []
    for layer in range(layers):
        matrix = np.eye(len(every), dtype=bool)
        for head in range(prepared.shape.heads):
            shape = replace(prepared.shape, layer=layer, head=head)
            matrix |= prepared.variant.pattern(shape, prepared.parameters, steps[layer]).kept(every, every)
        found.append(matrix)
    return found


def by_hand(run: FinishedRun, target: int, layers: int) -> np.ndarray:
    """bool [layer + 1, position]"""
    rows = [np.arange(run.prepared.shape.queries) == target]
    for matrix in reversed(matrices(run, layers)):
        rows.insert(0, (matrix & rows[0][:, None]).any(0))
    return np.array(rows)


@pytest.mark.parametrize("name", list(variants()))
@pytest.mark.parametrize("locked", [-1, 23])
def test_every_variant_against_matrices(name, locked, random_model):
    """All three layers of the model, whichever is chosen."""
    run = run_of(spec(name, LENGTH, layer=1, causal="causal" in variants()[name].masks), random_model)
    found = reach(asked(run, locked)[-1])
    target = LENGTH - 1 if locked < 0 else locked
    assert found.target == target
    np.testing.assert_array_equal(found.edges, np.arange(LENGTH + 1))
    np.testing.assert_array_equal(found.shares, by_hand(run, target, 3))


@settings(max_examples=20)
@given(
    st.lists(st.integers(1, 6).map(lambda half: 2 * half), min_size=1, max_size=3),
    st.lists(st.integers(1, 3), min_size=1, max_size=2),
    st.booleans(),
    st.integers(0, 89),
)
def test_windows_that_differ_by_layer_and_dilations_by_head(random_model, windows, dilations, causal, locked):
    settings_ = (("window", tuple(windows)), ("dilation", tuple(dilations)), ("global_tokens", "none"))
    run = run_of(spec("longformer", 90, layer=0, causal=causal, parameters=settings_), random_model)
    panels = asked(run, locked)[-1]
    expected = by_hand(run, locked, 3)
    np.testing.assert_array_equal(reach(panels).shares, expected)
    curve = panels[1].data
    assert isinstance(curve, Curve)
    np.testing.assert_array_equal(curve.lines[0].y, expected.sum(1)[::-1])
    for line in curve.lines[1:]:
        np.testing.assert_array_equal(line.y, by_hand(run, locked, 16).sum(1)[::-1])


def test_a_window_reaches_half_its_width_a_layer(random_model):
    settings_ = (("window", (8,)), ("global_tokens", "none"))
    run = run_of(spec("longformer", 500, parameters=settings_), random_model)
    panels = asked(run, 300)[-1]
    curve, numbers = panels[1].data, panels[2].data
    assert isinstance(curve, Curve)
    assert isinstance(numbers, Quantities)
    assert curve.lines[0].y.tolist() == [1, 5, 9, 13]
    assert curve.lines[1].y.tolist() == [1 + 4 * layers for layers in range(17)]
    assert [number.value for number in numbers.numbers] == [13, 13 / 301, 12, 16]
    assert numbers.numbers[-1].unit == "are not enough"
    assert "13 of the 301 tokens" in str(panels[0].note)


def test_many_tokens_share_a_bin(random_model):
    run = run_of(spec("longformer", 2000, parameters=(("window", (40,)), ("global_tokens", "first"))), random_model)
    found = reach(asked(run)[-1])
    assert found.shares.shape == (4, 512)
    expected = by_hand(run, 1999, 3)
    for row, members in zip(found.shares, expected, strict=True):
        np.testing.assert_allclose(row, [members[a:b].mean() for a, b in pairwise(found.edges)])


@pytest.mark.parametrize("name", DEPENDS_ON_DATA)
def test_this_layer_stands_for_all_until_their_own_pairs_are_known(name, random_model):
    run = run_of(spec(name, LENGTH, layer=2), random_model)
    answers = asked(run)
    assert "The pairs of layer 3 stand for those of every layer." in str(answers[0][0].note)
    assert "each layer with the pairs that it found itself" in str(answers[-1][0].note)
    study = study_named("receptive-field", run.prepared.variant, True)
    assert len(list(study.answer(Question(run, 0, 11)))) < len(answers)  # the layers are not run again


@pytest.mark.parametrize("name", DEPENDS_ON_DATA)
def test_steps_of_layers_are_those_of_running_each(name, random_model):
    run = run_of(spec(name, LENGTH, layer=1), random_model)
    found = list(steps_of_layers(run.prepared, lambda: None))
    every = np.arange(LENGTH)
    for layer, steps in enumerate(found):
        alone = prepare(replace(run.prepared.spec, layer=layer), random_model)
        shape = replace(alone.shape, layer=layer, head=1)
        patterns = (alone.variant.pattern(shape, alone.parameters, each) for each in (steps, alone.trace()))
        np.testing.assert_array_equal(*(pattern.kept(every, every) for pattern in patterns))


def test_random_inputs_have_no_layers_below():
    """Inputs that come from no model: the recorded pairs stand for every layer, and that is said."""
    variant = variants()["reformer"]
    prepared = random_prepared(variant, variant.parameters(), Shape(LENGTH, LENGTH, heads=2, head_width=8, layer=1))
    run = FinishedRun(prepared, prepared.trace())
    panels = asked(run)[-1]
    assert reach(panels).shares.shape == (3, LENGTH)
    assert "stand for those of every layer" in str(panels[0].note)
    with pytest.raises(ValueError, match="host model"):
        next(steps_of_layers(prepared, lambda: None))


def test_it_can_be_cancelled(random_model):
    def stop() -> None:
        raise Cancelled

    run = run_of(spec("reformer", LENGTH), random_model)
    with pytest.raises(Cancelled):
        list(receptive_field.STUDY.answer(Question(run, 0, -1, stop)))


def test_segments_are_told_where_the_run_has_them(random_model):
    """Every variant whose steps say that it goes segment by segment: what lies before the target's was cached."""
    for name, variant in variants().items():
        run = run_of(spec(name, LENGTH, causal="causal" in variant.masks), random_model)
        lengths = [step.data.length for step in run.steps if isinstance(step.data, Segments)]
        found = reach(asked(run, 40)[-1])
        assert found.segment == (lengths[-1] if lengths else 0)
        assert found.cached_before == (40 // lengths[-1] * lengths[-1] if lengths else 0)
