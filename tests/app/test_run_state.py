"""What is known of a run, reply by reply."""

import numpy as np
import pytest

from app.run_state import RunState, kind_of
from engines.messages import (
    Failed,
    Idle,
    Measured,
    Measurement,
    MemoryTimeline,
    Progress,
    Ready,
    Refused,
    Tokenised,
    Traced,
)
from engines.problems import Problem
from engines.trace import Blocks, Groups, Matrix, Order, Pairs, PairValues, Step

START = RunState(run_id=7)
SOME = np.zeros((1, 1, 1))


def measurement(series, seconds=0.1):
    return Measurement(series, 64, seconds, 0.0, 1, 100, "measured", ())


def test_replies_build_up_the_run():
    tokens = Tokenised(7, np.zeros(64, np.int32), 64, False)
    traced = Traced(7, 0, (Step("output", Matrix(SOME)),), 10, 12)
    memory = MemoryTimeline(((0.0, 1),), (("a", 0.0, 1.0),))
    run = START
    for reply in (tokens, Progress(7, "layers below", 0.5), traced, Measured(7, measurement("variant"), memory)):
        run = run.after(reply)
    assert (run.tokens, run.traced, run.memory, run.progress) == (tokens, traced, memory, None)
    run = run.after(Measured(7, measurement("variant", 0.2))).after(Measured(7, measurement("fused")))
    assert run.measurements["variant"].seconds == 0.2
    assert set(run.measurements) == {"variant", "fused"}
    assert run.memory == memory
    assert not run.finished
    assert run.after(Idle(7)).finished
    assert [step.name for step in run.steps] == ["output"]
    assert START.steps == ()


@pytest.mark.parametrize(
    "reply",
    [
        Idle(6),
        Failed(8, Problem("empty_text")),
        Refused(0, Problem("empty_text")),
        Measured(6, measurement("variant")),
        Ready(None, None),
    ],
)
def test_a_reply_to_another_run_changes_nothing(reply):
    assert START.after(reply) is START


def test_what_cannot_be_done_is_finished_with_its_reason():
    problem = Problem("empty_text")
    assert START.after(Failed(7, problem)).failed is problem
    assert START.after(Refused(7, problem)).refused is problem
    assert START.after(Failed(7, problem)).finished
    assert START.after(Refused(7, problem)).finished


def test_each_kind_of_data_has_the_timelines_name():
    kinds = [Groups(SOME, 2), Order(SOME), Blocks(4, 1), Pairs(("window",)), PairValues(SOME), Matrix(SOME)]
    assert [kind_of(each) for each in kinds] == ["groups", "order", "blocks", "pairs", "pair values", "matrix"]
