"""What a variant from outside does wrong is one sentence with its label, and goes no further."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import replace

import pytest
import torch

from engines.description import DescribedVariant, describe
from engines.headless import finished, study_answer
from engines.outside.checks import PlainUnpickler, Wrong, check_crosses
from engines.outside.loading import add_file
from engines.problems import Problem
from engines.studies import studies_of
from engines.trace import Cancelled, Trace
from engines.variant import Inputs, Mask, Parameters, Shape
from engines.variants import register, variant_named
from tests.engines.conftest import spec
from tests.engines.outside.conftest import FIRST_LINE

ATTEND = "def attend(self, inputs, parameters, mask, state=None, generator=None, record=SILENT):\n"
N = 24


def attending(*lines: str) -> str:
    """A body whose attend has these lines; ``right`` is what it should return."""
    before = "right = super().attend(inputs, parameters, mask, state, generator)"
    return ATTEND + "".join(f"    {line}\n" for line in (before, *lines))


def recording(step: str) -> str:
    return attending(f"record.step('own', lambda: {step})", "return right")


def failure(path) -> str:
    """The sentence of a run that fails."""
    add_file(path)
    with pytest.raises(Problem) as caught:
        finished(spec("mine", N), threads=1).traced(1, 0)
    sentence = str(caught.value)
    assert caught.value.code == "variant_went_wrong"
    assert sentence.startswith("Mine went wrong: ")
    assert "\n" not in sentence
    assert pickle.loads(pickle.dumps(caught.value)).values == caught.value.values
    return sentence


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (attending("raise ValueError('no such luck')"), f"ValueError: no such luck (line {FIRST_LINE + 2})"),
        (attending("raise SystemExit"), "SystemExit"),
        (attending("raise Problem('no_such_code', a=1)"), "a problem that has no sentence, no_such_code"),
        (attending("raise Problem('over_budget_time')"), "a problem that has no sentence"),
        (attending("return right[0]"), "attend should return (output, state), but returns Tensor"),
        (attending("return right[0][:, :, 1:], None"), "the output should have shape [1, 4, 24, 32], but has"),
        (attending("return right[0].double(), None"), "should be torch.float32 on cpu, but is torch.float64"),
        (attending("return right[0].numpy(), None"), "the output should be a tensor, but is ndarray"),
        (attending("return right[0], 3"), "the state should be a State"),
        (recording("inputs.q"), "step “own” should be one of Matrix, Pairs"),
        (recording("Matrix(inputs.q)"), "step “own”: values should have shape [4, any, any]"),
        (recording("PairValues(inputs.q[0, :, 1:, 0])"), "the normaliser should have shape [4, 24]"),
        (recording("Pairs(['all'])"), "the names of its pieces should be text"),
        (recording("Groups(torch.zeros(4, 24), 2)"), "labels should have shape [4, any, 24]"),
        (recording("Groups(torch.full((4, 1, 24), 2), 2)"), "labels should be from 0 to 1, but are 2 to 2"),
        (recording("Groups(torch.zeros(4, 1, 24, dtype=torch.long), 0)"), "count should be a whole number"),
        (recording("Order(torch.zeros(4, 1, 24))"), "positions should be a permutation"),
        (recording("Blocks(torch.tensor(3), 1)"), "length and look-back should be whole numbers"),
        (recording("Segments(0, 1)"), "length and memory should be whole numbers"),
        (recording("Products((3,))"), "this is no extent: 3"),
        (recording("Products((Extent('A', 1, 1, sign='+'),))"), "this is no extent: Extent(name='A'"),
        (recording("1 / 0"), "ZeroDivisionError"),
        ("def pattern(self, shape, parameters, steps=()): return None", "the pattern should be a Pattern"),
        ("def pattern(self, shape, parameters, steps=()): return dense(5, 5, True)", "the pattern should have shape"),
        (
            "def pattern(self, shape, parameters, steps=()): return dense(shape.queries, shape.keys, False)",
            "the pattern’s causal should be True",
        ),
        ("def pattern(self, shape, parameters, steps=()): return steps[99]", "IndexError"),
        ("def computed_pairs(self, shape, parameters): return 'many'", "ValueError"),
        ("def computed_pairs(self, shape, parameters): return 1.5", "computed_pairs should be a whole number"),
        ("def project(self, layer, hidden, parameters, generator): return 3", "project should return Inputs"),
        (
            "def project(self, layer, hidden, parameters, generator):\n"
            "    q, k, v = layer.queries_keys_values(hidden)\n"
            "    return Inputs(q[:, :, 1:], k, v, layer=layer.index)",
            "q should have shape [1, 4, 24, any], but has [1, 4, 23, 32]",
        ),
    ],
)
def test_a_run_that_goes_wrong_is_one_sentence(write, body, words):
    assert words in failure(write(body))


OWN_PATTERN = """
def pattern(self, shape, parameters, steps=()):
    whole = dense(shape.queries, shape.keys, shape.causal)
    class Own(type(whole)):
        pass
    Own.__module__, Own.__qualname__ = __name__, 'Own'
    globals()['Own'] = Own
    return Own(whole.queries, whole.keys, whole.causal, whole.parts)
"""


def test_a_pattern_of_its_own_class_would_load_code_in_the_window(write):
    assert "the pattern (build it from engines.patterns) cannot be sent to the window" in failure(write(OWN_PATTERN))


def test_being_cancelled_and_out_of_memory_are_not_its_fault(write):
    for error, kind in (("MemoryError()", MemoryError), ("RuntimeError('out of memory')", RuntimeError)):
        add_file(write(attending(f"raise {error}")))
        with pytest.raises(kind):
            finished(spec("mine", N), threads=1)
    variant = add_file(write(attending("record.check_cancelled()", "return right")))
    q = torch.zeros(1, 1, 8, 4)
    with pytest.raises(Cancelled):
        variant.attend(Inputs(q, q, q), variant.parameters(), Mask(), record=Trace(lambda: True))


def test_a_problem_with_a_sentence_stays_what_it_is(write):
    add_file(write(attending("raise Problem('mask_not_supported', variant='Mine', mask='padding', reason='none.')")))
    with pytest.raises(Problem) as caught:
        finished(spec("mine", N), threads=1)
    assert caught.value.code == "mask_not_supported"


@pytest.mark.parametrize("cost", ["None", "Cost(float('nan'), 1.0)", "Cost(1.0, -1.0)", "Cost('a', 1.0)"])
def test_a_cost_that_is_none_is_one_sentence(write, cost):
    variant = add_file(write(f"def cost(self, shape, parameters): return {cost}"))
    with pytest.raises(Problem, match="Mine went wrong"):
        variant.cost(Shape(8, 8), variant.parameters())


def test_weights_and_scores_must_be_of_the_size_that_is_asked_for(write):
    variant = add_file(
        write("def scores(self, inputs, parameters, head, rows, columns): return torch.zeros(len(columns), len(rows))")
    )
    q, rows = torch.zeros(1, 1, 8, 4), torch.arange(3)
    with pytest.raises(Problem, match=r"the scores should have shape \[3, 8\], but has \[8, 3\]"):
        variant.scores(Inputs(q, q, q), variant.parameters(), 0, rows, torch.arange(8))


# Studies ------------------------------------------------------------------------------------------------------------

STUDY = """
class Own(Study):
    name, label, help, order, follows_locked = "own-study", "Own", "What only this has.", 1, True
    def applies(self, variant, causal): return not causal
    def answer(self, question):
        import numpy as np
        x = np.arange(3.0)
        yield (Panel(Words("Half of {n}", {"n": question.run.prepared.variant.extra}), {data}),)
studies = (Own(),)
extra = 7
"""


def test_its_studies_are_asked_like_any_other(write):
    add_file(write(STUDY.replace("{data}", "Curve('x', 'y', (Line('line', x, x / 2),))")))
    variant = variant_named("mine")
    assert "own-study" not in [study.name for study in studies_of(variant, causal=True)]
    run = finished(replace(spec("mine", N), causal=False), threads=1)
    (panel,) = study_answer(run, "own-study", 0)
    assert str(panel.title) == "Half of 7"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("3", "int is no kind of panel"),
        ("Curve('x', 'y', (Line('line', x, x[1:]),))", "“line” should have shape [3], but has [2]"),
        ("Curve('x', 'y', (Line('line', x, torch.ones(3)),))", "cannot be sent to the window: torch"),
        ("1 / 0", "ZeroDivisionError"),
    ],
)
def test_a_study_that_goes_wrong_is_one_sentence(write, data, words):
    add_file(write(STUDY.replace("{data}", data)))
    run = finished(replace(spec("mine", N), causal=False), threads=1)
    with pytest.raises(Problem) as caught:
        study_answer(run, "own-study", 0)
    assert str(caught.value).startswith("Own went wrong: ")
    assert words in str(caught.value)


# What crosses -------------------------------------------------------------------------------------------------------


def test_a_description_makes_a_variant_without_its_code(write):
    own = add_file(write(STUDY))
    there = DescribedVariant(pickle.loads(pickle.dumps(own.description)))
    assert describe(there, there.source) == own.description
    assert there.parameters(implementation="textbook") == own.parameters(implementation="textbook")
    assert next(study.name for study in studies_of(there, causal=False)) == "own-study"
    assert "own-study" not in [study.name for study in studies_of(there, causal=True)]
    assert there.pattern_needs_steps
    for call in (
        lambda: there.attend(None, Parameters({}), Mask()),
        lambda: there.pattern(Shape(8, 8), Parameters({})),
        lambda: there.cost(Shape(8, 8), Parameters({})),
        lambda: next(there.studies[0].answer(None)),
    ):
        with pytest.raises(AssertionError, match="runs in the engine process"):
            call()


READ = """
import pickle, sys
from engines.description import DescribedVariant
from engines.variants import register, variant_named
description, traced = pickle.load(open(sys.argv[1], "rb"))
register(DescribedVariant(description), description.source)
print(variant_named("mine").label, traced.pattern.count(), len(traced.steps))
print([name for name in sys.modules if name.startswith(("torch", "attnscope_added", "engines.outside"))])
"""


def test_what_crosses_is_read_without_torch_and_without_the_file(write, tmp_path):
    own = add_file(write())
    traced = finished(spec("mine", N), threads=1).traced(1, 0)
    path = tmp_path / "crossed"
    path.write_bytes(pickle.dumps((own.description, traced)))
    read = subprocess.run([sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=False)
    assert read.returncode == 0, read.stderr
    assert read.stdout.split("\n")[:2] == [f"Mine {N * (N + 1) // 2} 3", "[]"]


@pytest.mark.parametrize(
    "value", [torch.zeros(2), lambda: 0, Wrong("x"), PlainUnpickler, subprocess.run, {torch.float}]
)
def test_only_plain_data_crosses(value):
    plain = isinstance(value, Wrong) or value is PlainUnpickler  # of this house
    if plain:
        check_crosses("it", value)
    else:
        with pytest.raises(Wrong, match="it cannot be sent to the window"):
            check_crosses("it", value)


def test_a_name_is_registered_once(write):
    own = add_file(write())
    with pytest.raises(Problem, match="is taken by"):
        register(own, "somewhere else")
