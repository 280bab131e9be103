"""A variant from outside, guarded: what it declares and returns is checked, and what it raises becomes one sentence."""

from __future__ import annotations

import math
import re
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, get_args

from engines.description import describe, in_words
from engines.machine import out_of_memory
from engines.outside_checks import (
    Wrong,
    all_strings,
    check_panels,
    check_pattern,
    check_tensor,
    checked_step,
    require,
)
from engines.problems import SENTENCES, Problem
from engines.studies import general_studies
from engines.study import Panel, Question, Study
from engines.trace import SILENT, Cancelled, Recorder, Step, StepData
from engines.variant import Cost, Inputs, Kind, Mask, Paper, Parameter, Parameters, Shape, State, Variant

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from engines.host_model import HostLayer
    from engines.patterns import Pattern

NAME = re.compile(r"[a-z][a-z0-9-]{0,40}")
SETTING_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
RESERVED = "seed"  # every run has one, beside the variant's own parameters
LONGEST_REASON = 200


# What is said -------------------------------------------------------------------------------------------------------


def one_line(text: str) -> str:
    """Short enough for a sentence, and without anything that is no text."""
    plain = " ".join(text.encode("utf-8", errors="replace").decode("utf-8").split())
    return plain if len(plain) <= LONGEST_REASON else plain[:LONGEST_REASON] + "…"


def reason_of(error: BaseException, file: str) -> str:
    """An exception in words: its type, what it says, and the last line of ``file`` that it passed through."""
    text = str(error)
    said = f"{type(error).__name__}: {text}" if text else type(error).__name__
    line = line_in(error.__traceback__, file)
    return one_line(said) + (f" (line {line})" if line else "")


def line_in(trace: TracebackType | None, file: str) -> int:
    """The line of a file in which an exception was last seen; 0 where it was not there."""
    lines = [frame.lineno or 0 for frame in traceback.extract_tb(trace) if file and frame.filename == file]
    return lines[-1] if lines else 0


def file_of(own: object) -> str:
    return str(getattr(sys.modules.get(type(own).__module__), "__file__", None) or "")


@contextmanager
def guarded(label: str, file: str) -> Iterator[None]:
    """Whatever goes wrong inside is one sentence with the variant's label; being cancelled is not wrong."""
    try:
        yield
    except Cancelled:
        raise
    except Wrong as wrong:
        raise Problem("variant_went_wrong", label=label, reason=one_line(str(wrong))) from None
    except Problem as problem:
        raise plain_problem(problem, label) from None
    except (Exception, SystemExit) as error:
        if isinstance(error, Exception) and out_of_memory(error):
            raise
        raise Problem("variant_went_wrong", label=label, reason=reason_of(error, file)) from error


def plain_problem(problem: Problem, label: str) -> Problem:
    """A variant's own Problem, as long as it can be said and can cross."""
    try:
        plain = {name: v if type(v) in (int, float) else str(v) for name, v in problem.values.items()}
        same = Problem(str(problem.code), **plain)
        if type(problem) is Problem and problem.code in SENTENCES and str(same):
            return same
    except Exception:  # its sentence lacks a value, or a value fails
        pass
    reason = one_line(f"it raised a problem that has no sentence, {problem.code!s}")
    return Problem("variant_went_wrong", label=label, reason=reason)


# What is declared ---------------------------------------------------------------------------------------------------


def declared(own: Variant, source: str) -> dict[str, Any]:
    """What a variant declares, as plain values; a Problem that names the first thing that cannot be."""

    def take(name: str, expected: str, fits: Callable[[Any], object]) -> Any:
        value = getattr(own, name, None)
        try:
            accepted = bool(fits(value))
        except Exception:
            accepted = False
        if not accepted:
            arrived = "missing" if value is None else one_line(repr(value))
            raise Problem("variant_incomplete", source=in_words(source), name=name, expected=expected, arrived=arrived)
        return value

    def text(value: object) -> bool:
        return type(value) is str

    found: dict[str, Any] = {
        "name": take("name", "a name of small letters, digits and hyphens", lambda v: text(v) and NAME.fullmatch(v)),
        "label": take("label", "text of up to 40 letters", lambda v: text(v) and 0 < len(v.strip()) <= 40),
        "paper": take("paper", "a Paper", plain_paper),
        "settings": tuple(
            plain_setting(each, source, own)
            for each in take("settings", "Parameters in a tuple, each with a name of its own", distinct_settings)
        ),
        "masks": take(
            "masks",
            "“causal”, “bidirectional”, or both, in a tuple",
            lambda v: all_strings(v) and v and set(v) <= {"causal", "bidirectional"},
        ),
        "step_names": take("step_names", "names in a tuple", lambda v: all_strings(v) and v),
        "implied_weights": take("implied_weights", "True or False", lambda v: type(v) is bool),
        "studies": take("studies", "Studies in a tuple, each with a name of its own", distinct_studies),
    }
    for name in ("summary", "complexity"):
        found[name] = take(name, "text", lambda v: text(v) and v.strip())
    for name in ("short_label", "weights_note", "mask_reason"):
        found[name] = take(name, "text", text)
    studies = {"", *(study.name for study in (*found["studies"], *general_studies()))}
    found["mask_study"] = take("mask_study", "the name of a study", lambda v: v in studies)
    return found


def plain_paper(paper: object) -> bool:
    if type(paper) is not Paper or type(paper.year) is not int:
        return False
    return all(type(getattr(paper, each.name)) is str for each in fields(paper) if each.name != "year")


def distinct_settings(settings: Any) -> bool:
    names = [setting.name for setting in settings]
    whole = isinstance(settings, tuple) and all(type(setting) is Parameter for setting in settings)
    return whole and len(set(names)) == len(names)


def plain_setting(setting: Parameter, source: str, own: Variant) -> Parameter:
    """A parameter with its default checked; a Problem where it could not be shown or set."""
    bounds = (setting.minimum, setting.maximum)
    words = (setting.name, setting.label, setting.help, setting.unit, setting.kind, setting.per)
    try:
        require(all_strings(words) and SETTING_NAME.fullmatch(setting.name), "its name should be small letters")
        require(setting.name != RESERVED, f"“{RESERVED}” is the run's own")
        require(setting.kind in get_args(Kind), f"its kind should be one of {', '.join(get_args(Kind))}")
        require(setting.per in ("", "layer", "head"), "its per should be layer or head")
        require(setting.label.strip(), "it should have a label")
        require(all(each is None or type(each) in (int, float) for each in bounds), "its bounds should be numbers")
        require(all_strings(setting.choices), "its choices should be text in a tuple")
        default = setting.check(setting.default)
        require(default == setting.default, f"its default should be {setting.expected}")
        return replace(setting, default=default)
    except Exception as error:
        raise Problem(
            "variant_incomplete",
            source=in_words(source),
            name=one_line(f"parameter {setting.name}"),
            expected="one that a person can set",
            arrived=one_line(f"not: {error}").rstrip("."),
        ) from None


def distinct_studies(studies: Any) -> bool:
    names = [study.name for study in (*studies, *general_studies())]
    steps = ("pattern", "weights", "buckets", "fold", "segments", "state", "products")  # the views of a run's steps
    return (
        isinstance(studies, tuple)
        and all(isinstance(study, Study) for study in studies)
        and all(all_strings((study.name, study.label, study.help)) and NAME.fullmatch(study.name) for study in studies)
        and all(type(study.order) is int and type(study.follows_locked) is bool for study in studies)
        and len(set(names) | set(steps)) == len(names) + len(steps)
    )


# What runs ----------------------------------------------------------------------------------------------------------


class CheckedSteps:
    """Hands steps on, each checked when it is made."""

    def __init__(self, record: Recorder, inputs: Inputs) -> None:
        self.record, self.sizes = record, (int(inputs.q.shape[1]), int(inputs.q.shape[2]))
        self.phase, self.check_cancelled = record.phase, record.check_cancelled

    def step(self, name: str, make: Callable[[], StepData]) -> None:
        self.record.step(str(name), lambda: checked_step(name, make(), *self.sizes))


class OutsideStudy(Study):
    """A study of such a variant."""

    def __init__(self, own: Study) -> None:
        self.own = own
        for name in ("name", "label", "help", "order", "follows_locked"):
            setattr(self, name, getattr(own, name))

    def applies(self, variant: Variant, causal: bool) -> bool:
        with guarded(self.label, file_of(self.own)):
            return bool(self.own.applies(variant, causal))

    def answer(self, question: Question) -> Iterator[tuple[Panel, ...]]:
        with guarded(self.label, file_of(self.own)):
            for panels in self.own.answer(question):
                check_panels(panels)
                yield panels


class OutsideVariant(Variant):
    """Stands before somebody's variant wherever one is asked for; ``own`` is theirs."""

    def __init__(self, own: Variant, source: str, order: int) -> None:
        self.own, self.source = own, source
        found = declared(own, source)
        found |= {"order": order, "studies": tuple(OutsideStudy(study) for study in found["studies"])}
        for name, value in found.items():
            setattr(self, name, value)
        self.description = describe(self, source)

    def __getattr__(self, name: str) -> Any:
        """What else it has, for its own studies."""
        return getattr(self.__dict__["own"], name)

    def guard(self) -> Any:
        return guarded(self.label, file_of(self.own))

    def project(self, layer: HostLayer, hidden: Tensor, parameters: Parameters, generator: torch.Generator) -> Inputs:
        with self.guard():
            inputs = self.own.project(layer, hidden, parameters, generator)
            require(isinstance(inputs, Inputs), f"project should return Inputs, but returns {type(inputs).__name__}")
            first = hidden.shape[0], layer.shape.heads
            check_tensor("q", inputs.q, *first, hidden.shape[1], None)
            check_tensor("k", inputs.k, *first, None, None)
            check_tensor("v", inputs.v, *first, inputs.k.shape[2], layer.shape.head_width)
            require(inputs.layer == layer.index, f"the Inputs' layer should be {layer.index}")
        return inputs

    def attend(
        self,
        inputs: Inputs,
        parameters: Parameters,
        mask: Mask,
        state: State | None = None,
        generator: torch.Generator | None = None,
        record: Recorder = SILENT,
    ) -> tuple[Tensor, State | None]:
        with self.guard():
            result = self.own.attend(inputs, parameters, mask, state, generator, CheckedSteps(record, inputs))
            pair = isinstance(result, tuple) and len(result) == 2
            require(pair, f"attend should return (output, state), but returns {type(result).__name__}")
            output, kept = result
            check_tensor("the output", output, *inputs.q.shape[:3], inputs.v.shape[3])
            require(
                output.dtype == inputs.q.dtype and output.device == inputs.q.device,
                f"the output should be {inputs.q.dtype} on {inputs.q.device}, but is {output.dtype} on {output.device}",
            )
            require(
                kept is None or isinstance(kept, State), f"the state should be a State, but is {type(kept).__name__}"
            )
        return output, kept

    def pattern(self, shape: Shape, parameters: Parameters, steps: Sequence[Step] = ()) -> Pattern:
        with self.guard():
            pattern = self.own.pattern(shape, parameters, steps)
            check_pattern(pattern, shape)
        return pattern

    @property
    def pattern_needs_steps(self) -> bool:
        with self.guard():
            return bool(self.own.pattern_needs_steps)

    def computed_pairs(self, shape: Shape, parameters: Parameters) -> int:
        with self.guard():
            return whole_number("computed_pairs", self.own.computed_pairs(shape, parameters))

    def cost(self, shape: Shape, parameters: Parameters) -> Cost:
        with self.guard():
            cost = self.own.cost(shape, parameters)
            require(isinstance(cost, Cost), f"cost should return a Cost, but returns {type(cost).__name__}")
            flops, held = float(cost.flops), float(cost.resident_bytes)
            positive = 0 < flops < math.inf and 0 < held < math.inf
            require(positive, f"a cost should be above 0, but is {flops:g} operations and {held:g} bytes")
        return Cost(flops, held)

    def state_bytes(self, shape: Shape, parameters: Parameters, bytes_per_value: int = 4) -> int:
        with self.guard():
            return whole_number("state_bytes", self.own.state_bytes(shape, parameters, bytes_per_value))

    def fold_width(self, shape: Shape, parameters: Parameters) -> int:
        with self.guard():
            return whole_number("fold_width", self.own.fold_width(shape, parameters))

    def scores(self, inputs: Inputs, parameters: Parameters, head: int, rows: Tensor, columns: Tensor) -> Tensor:
        with self.guard():
            scores = self.own.scores(inputs, parameters, head, rows, columns)
            check_tensor("the scores", scores, len(rows), len(columns))
        return scores

    def weights(
        self, inputs: Inputs, parameters: Parameters, steps: Sequence[Step], head: int, rows: Tensor, columns: Tensor
    ) -> Tensor:
        with self.guard():
            weights = self.own.weights(inputs, parameters, steps, head, rows, columns)
            check_tensor("the weights", weights, len(rows), len(columns))
        return weights


def whole_number(what: str, value: Any) -> int:
    """A count as an int; Wrong where it is none."""
    counts = value == int(value) >= 0
    require(counts, f"{what} should be a whole number, but is {value}")
    return int(value)
