"""The engine process itself, over its pipe: what it answers, in which order, and that it ends when it should.

Nothing sleeps: every wait is for a reply or for the end of a process, with a limit that only a fault reaches.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import SimpleNamespace
from typing import Any

import numpy as np
import psutil
import pytest

from engines.engine_process import main
from engines.finished_run import FinishedRun
from engines.messages import (
    Budget,
    Cancel,
    CompareOutputs,
    DropSlice,
    Failed,
    HeadStructure,
    Idle,
    Measured,
    OutputsCompared,
    Progress,
    Ready,
    Refused,
    Run,
    RunSpec,
    Settings,
    StepArrays,
    TextSource,
    Tokenised,
    Traced,
    WeightsReply,
    WeightsSlice,
)
from engines.problems import Problem
from engines.run import prepare, weights_of
from engines.step_arrays import received, step_arrays
from engines.trace import Cancelled, Groups, Matrix, Order, PairValues
from engines.variants import variants
from engines.weight_sets import digest_of, opened_sets
from engines.weights import model_of
from engines.worker import Worker, problem_of
from tests.engines.conftest import spec

PATIENCE = 60.0
QUICK = Settings(Budget(seconds=0.1))


class Engine:
    """A real engine process and our end of its pipe."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection: Connection
        self.connection, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=main, args=(theirs, 1), daemon=True)
        self.process.start()
        theirs.close()
        self.next_id = 1
        self.ready = self.receive()

    def receive(self) -> Any:
        assert self.connection.poll(PATIENCE), "the engine gave no answer"
        return self.connection.recv()

    def send(self, *requests: object) -> None:
        for request in requests:
            self.connection.send(request)

    def numbered(self) -> int:
        self.next_id += 1
        return self.next_id

    def run(self, wanted: RunSpec, over_budget: bool = False, pane: int = 0) -> int:
        request = Run(self.numbered(), pane, wanted, over_budget)
        self.send(request)
        return request.id

    def until(self, last: Callable[[Any], bool]) -> list[Any]:
        """Every reply up to the one that is waited for."""
        replies = [self.receive()]
        while not last(replies[-1]):
            replies.append(self.receive())
        return replies

    def answers(self, run_id: int) -> list[Any]:
        """All replies up to the end of a run."""
        return self.until(lambda reply: isinstance(reply, Idle | Refused | Failed) and reply.id == run_id)

    def end(self) -> None:
        self.connection.close()
        self.process.join(PATIENCE)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    one = Engine()
    one.send(QUICK)
    yield one
    one.end()


def kinds(replies: list[Any]) -> list[type]:
    """The kinds of replies in the order in which each came first; progress may come at any time."""
    return list(dict.fromkeys(type(reply) for reply in replies if not isinstance(reply, Progress)))


def weights(engine: Engine, run_id: int, edges: np.ndarray, head: int = 0) -> WeightsSlice:
    return WeightsSlice(engine.numbered(), 0, run_id, head, edges, edges)


def test_it_says_what_it_is(engine, model):
    assert isinstance(engine.ready, Ready)
    assert engine.ready.model == model.info()
    machine = engine.ready.machine
    assert machine.devices[0].name == "cpu"
    assert not machine.devices[0].unavailable
    assert machine.threads == 1
    offered = dict(machine.dtypes)
    assert {choice.name: choice.unavailable for choice in offered["cpu"]}["float32"] == ""
    assert any(choice.name.startswith("cuda") for choice in machine.devices)


def test_outputs_of_two_panes_are_compared(engine, model):
    """Held against the two runs made here, subtracted."""
    specs = spec("full", 40), spec("longformer", 40)
    ids = []
    for pane, each in enumerate(specs):  # one after the other: together, either may be done first
        ids.append(engine.run(each, pane=pane))
        engine.answers(ids[-1])
    engine.send(CompareOutputs(engine.numbered(), 1, ids[1], 2, 0, ids[0], 2))
    reply = engine.until(lambda reply: isinstance(reply, OutputsCompared))[-1]
    outputs = [prepare(each, model_of(weights_of(each))).attend()[0, 2].double() for each in specs]
    expected = float((outputs[1] - outputs[0]).norm() / outputs[0].norm())
    assert reply.relative_error == pytest.approx(expected, rel=1e-5)
    of_each = (outputs[1] - outputs[0]).norm(dim=-1) / outputs[0].norm(dim=-1)
    np.testing.assert_allclose(reply.errors, of_each.numpy(), rtol=1e-5)
    engine.send(CompareOutputs(engine.numbered(), 1, ids[1], 2, 0, ids[0] + 999, 2))  # of a run that is gone: no answer
    engine.send(CompareOutputs(engine.numbered(), 0, ids[0], 1, 0, ids[0], 1))
    assert engine.until(lambda reply: isinstance(reply, OutputsCompared))[-1].relative_error == 0


def test_weights_of_one_s_own_bring_their_sizes_and_pieces_once(engine, model, own_folder):
    """And those that ship, told at the start, are told again after them."""
    told = []
    for weights in (str(own_folder), str(own_folder), "own"):
        replies = engine.answers(engine.run(spec("longformer", 40, weights=weights)))
        tokenised = next(reply for reply in replies if isinstance(reply, Tokenised))
        assert tokenised.weights == ("" if weights == "own" else digest_of(opened_sets(weights)["longformer"]))
        told.append(tokenised.model)
    assert (told[0].layers, told[0].heads) == (2, 2)
    assert 256 <= len(told[0].pieces) <= 300
    assert told[1] is None
    assert told[2] == model.info()


def test_a_run_whose_numbers_nobody_wants_is_not_measured(engine):
    request = Run(engine.numbered(), 0, spec(length=64), measured=False)
    engine.send(request)
    assert kinds(engine.answers(request.id)) == [Tokenised, Traced, Idle]


@pytest.mark.parametrize("name", list(variants()))
def test_a_run_s_replies_come_in_order(engine, model, name):
    wanted = spec(name, length=200, layer=1, head=2)
    run_id = engine.run(wanted)
    replies = engine.answers(run_id)
    assert {reply.id for reply in replies} == {run_id}
    assert kinds(replies) == [Tokenised, Traced, Measured, Idle]
    prepared = prepare(wanted, model)
    tokenised, traced = (next(r for r in replies if isinstance(r, kind)) for kind in (Tokenised, Traced))
    assert np.array_equal(tokenised.ids, prepared.tokens.ids)
    assert (traced.head, [step.name for step in traced.steps]) == (2, list(variants()[name].step_names))
    assert traced.pairs_kept > 0
    assert traced.pairs_computed >= (0 if variants()[name].implied_weights else traced.pairs_kept)
    series = {reply.measurement.series: reply.measurement for reply in replies if isinstance(reply, Measured)}
    assert list(series) == ["variant", "fused", "textbook"]
    assert all(m.n == 200 and m.peak_bytes and m.kind == "measured" for m in series.values())


def test_of_a_step_only_one_head_s_small_structure_crosses(engine):
    run_id = engine.run(spec("reformer", length=300))
    replies = engine.answers(run_id)
    engine.send(HeadStructure(engine.numbered(), 0, run_id, 3))
    first, other = next(r for r in replies if isinstance(r, Traced)), engine.receive()
    assert (first.head, other.head, other.id) == (0, 3, run_id)
    for step in (*first.steps, *other.steps):
        if isinstance(step.data, Groups):
            assert step.data.labels.dtype == np.int32
            assert step.data.labels.shape[0] == 1
        elif isinstance(step.data, Order):
            places = step.data.positions[0, 0]  # −1 where a chunk is padded
            assert sorted(places[places >= 0].tolist()) == list(range(300))
        elif isinstance(step.data, PairValues):
            assert step.data.normaliser.shape[0] == 1
        elif isinstance(step.data, Matrix):
            assert step.data.values.size == 0


def test_slices_are_of_the_right_run_and_of_no_other(engine):
    run_id = engine.run(spec(length=64))
    engine.answers(run_id)
    edges = np.arange(0, 65, 8)
    old = weights(engine, run_id - 1, edges)
    other_pane = replace(weights(engine, run_id, edges), pane=5)
    engine.send(old, HeadStructure(engine.numbered(), 0, run_id - 1, 0), other_pane)
    asked = weights(engine, run_id, edges, head=1)
    engine.send(asked)
    reply = engine.receive()
    assert isinstance(reply, WeightsReply)
    assert (reply.id, reply.head, reply.every) == (asked.id, 1, 1)
    np.testing.assert_allclose(np.nansum(reply.values, 1), 1, atol=1e-5)


def test_slices_are_answered_while_it_measures(engine):
    engine.send(Settings(Budget(seconds=PATIENCE)))
    run_id = engine.run(spec("reformer", length=8192))
    engine.until(lambda reply: isinstance(reply, Traced))
    asked = weights(engine, run_id, np.array([0, 1000, 2000]))
    engine.send(asked)
    replies = engine.until(lambda reply: isinstance(reply, WeightsReply))
    assert replies[-1].id == asked.id
    assert not any(isinstance(reply, Idle) for reply in replies)
    engine.send(Cancel(0, run_id), QUICK)
    engine.answers(run_id)


def test_the_newest_of_several_slices_is_answered(engine):
    run_id = engine.run(spec(length=64))
    engine.answers(run_id)
    asked = [weights(engine, run_id, np.arange(0, 65, step)) for step in (1, 2, 4, 8, 16)]
    engine.send(*asked)
    replies = engine.until(lambda reply: reply.id == asked[-1].id)
    assert len(replies) <= len(asked)
    assert replies[-1].values.shape == (4, 4)


def test_weights_that_nobody_waits_for_are_given_up(model, monkeypatch):
    """In this process, so that it stands still while it is looked at."""
    ours, theirs = multiprocessing.Pipe()
    worker = Worker(theirs)
    prepared = prepare(spec(length=64), model)
    worker.finished[0], worker.latest[0] = (1, FinishedRun(prepared, prepared.trace())), 1
    slices = [
        WeightsSlice(slice_id, 0, 1, 0, np.arange(65), np.arange(65), purpose)
        for slice_id, purpose in ((7, "data"), (8, "picture"))
    ]
    for each in slices:
        worker.latest_slice[0, each.purpose] = each.id
        worker.answer(each)
    assert len(worker.background) == 2
    monkeypatch.setattr("engines.worker.os", SimpleNamespace(_exit=sys.exit))  # ends the thread, not the tests

    def read() -> None:
        with contextlib.suppress(SystemExit):
            worker.read()

    reader = threading.Thread(target=read)
    reader.start()
    ours.send(DropSlice(0, "data"))
    dropped = worker.inbox.get(timeout=PATIENCE)
    with pytest.raises(Cancelled):
        worker.check_slice(slices[0])  # known at once, in the middle of a tile
    worker.check_slice(slices[1])
    worker.inbox.put(dropped)
    worker.turn()
    assert list(worker.background) == [(0, "weights, picture")]
    ours.close()
    reader.join(PATIENCE)


@pytest.mark.parametrize("name", ["reformer", "linear-transformer"])
def test_recorded_arrays_come_in_the_range_at_full_precision(engine, model, name):
    wanted = spec(name, length=200)
    run_id = engine.run(wanted)
    engine.answers(run_id)
    prepared = prepare(wanted, model_of(weights_of(wanted)))
    exact = {each.name: each for each in step_arrays(prepared.trace(), 200, range(30, 90))}
    request = StepArrays(engine.numbered(), 0, run_id, 30, 90)
    engine.send(request, replace(request, values=False), replace(request, array=min(exact)))
    whole, shapes, one = (engine.receive() for _ in range(3))
    assert [each.name for each in whole.arrays] == list(exact)
    assert [each.name for each in one.arrays] == [min(exact)]
    for sent, told in zip(whole.arrays, shapes.arrays, strict=True):
        array = received(sent)
        assert array.values.dtype == exact[sent.name].values.dtype
        assert np.array_equal(array.values, exact[sent.name].values)
        assert (array.axes, array.starts) == (exact[sent.name].axes, exact[sent.name].starts)
        assert told.values is None
        assert received(told).values.shape == array.values.shape == told.shape
        assert told.dtype == array.values.dtype.name


def test_a_newer_run_takes_the_older_one_s_place(engine):
    engine.send(Settings(Budget(seconds=PATIENCE)))
    older = engine.run(spec("reformer", length=3000, layer=3))
    engine.until(lambda reply: isinstance(reply, Tokenised))
    engine.send(QUICK)
    newer = engine.run(spec(length=32))
    replies = engine.answers(newer)
    assert not any(isinstance(reply, Idle) and reply.id == older for reply in replies)
    after = replies[next(i for i, reply in enumerate(replies) if reply.id == newer) :]
    assert {reply.id for reply in after} == {newer}


def test_a_cancelled_run_ends(engine):
    engine.send(Settings(Budget(seconds=PATIENCE)))
    cancelled = engine.run(spec("reformer", length=3000, layer=3))
    engine.until(lambda reply: isinstance(reply, Tokenised))
    engine.send(Cancel(0, cancelled), QUICK)
    newer = engine.run(spec(length=16))
    replies = engine.answers(newer)
    assert sum(isinstance(reply, Idle) for reply in replies if reply.id == newer) == 1
    assert kinds([reply for reply in replies if reply.id == newer]) == [Tokenised, Traced, Measured, Idle]


def test_two_panes_are_served_side_by_side(engine):
    left, right = engine.run(spec(length=40), pane=1), engine.run(spec("longformer", length=50), pane=2)
    ended: set[int] = set()

    def both(reply: Any) -> bool:
        if isinstance(reply, Idle):
            ended.add(reply.id)
        return ended == {left, right}

    replies = engine.until(both)
    for run_id in (left, right):
        mine = [reply for reply in replies if reply.id == run_id]
        assert kinds(mine) == [Tokenised, Traced, Measured, Idle]


def test_what_would_not_fit_is_refused_and_can_be_run_anyway(engine):
    million = engine.run(spec(length=1_048_576))
    replies = engine.answers(million)
    assert kinds(replies) == [Tokenised, Refused]
    assert replies[-1].problem.code == "over_budget_time"
    assert len(replies[0].ids) == 1_048_576
    engine.send(Settings(Budget(seconds=1e-6)))
    wanted = spec("longformer", length=4096)
    assert isinstance(engine.answers(engine.run(wanted))[-1], Refused)
    replies = engine.answers(engine.run(wanted, over_budget=True))
    assert kinds(replies) == [Tokenised, Traced, Measured, Idle]
    engine.send(QUICK)


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (spec(text=""), "empty_text"),
        (spec(length=0), "bad_length"),
        (spec(layer=99), "bad_layer"),
        (spec("nonsense"), "unknown_variant"),
        (spec(parameters=(("colour", 1),)), "unknown_parameter"),
        (spec("reformer", parameters=(("rounds", 0),)), "bad_parameter"),
        (replace(spec(), text=TextSource(path="/no/such/file")), "cannot_read_file"),
        (spec(device="cuda:99"), "device_missing"),
    ],
)
def test_what_goes_wrong_is_one_sentence_and_the_engine_lives(engine, wanted, code):
    run_id = engine.run(wanted)
    replies = engine.answers(run_id)
    assert isinstance(replies[-1], Failed)
    assert replies[-1].problem.code == code
    sentence = str(replies[-1].problem)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert isinstance(engine.answers(engine.run(spec(length=16)))[-1], Idle)


def test_out_of_memory_is_said_and_the_engine_lives(engine):
    """The written-out scores of 131,072 tokens and four heads are 275 GB."""
    textbook = spec(length=131_072, parameters=(("implementation", "textbook"),))
    run_id = engine.run(textbook, over_budget=True)
    replies = engine.answers(run_id)
    assert isinstance(replies[-1], Failed)
    assert str(replies[-1].problem) == str(Problem("out_of_memory", label="Full", n="131,072"))
    points = [reply.measurement for reply in replies if isinstance(reply, Measured)]
    assert [(point.kind, point.n, point.seconds) for point in points] == [("out of memory", 131_072, None)]
    assert isinstance(engine.answers(engine.run(spec(length=16)))[-1], Idle)


def test_it_ends_when_its_pipe_closes():
    engine = Engine()
    engine.end()
    assert engine.process.exitcode == 0


def test_it_ends_when_its_parent_is_killed_in_the_middle_of_a_run(tmp_path):
    script = textwrap.dedent("""
        import multiprocessing
        from engines.engine_process import main
        from engines.messages import Budget, Run, RunSpec, Settings, TextSource
        if __name__ == "__main__":
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe()
            engine = context.Process(target=main, args=(theirs, 1))
            engine.start()
            theirs.close()
            ours.recv()
            ours.send(Settings(Budget(seconds=1e6)))
            ours.send(Run(1, 0, RunSpec("longformer", TextSource("some text"), 65_536), True))
            ours.recv()
            print(engine.pid, flush=True)
            engine.join()
    """)
    path = tmp_path / "parent.py"  # a file, because a spawned process imports its parent's main module
    path.write_text(script)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, str(path)], stdout=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout
        engine = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
        parent.wait(PATIENCE)
    gone, alive = psutil.wait_procs([engine], timeout=PATIENCE)
    assert (len(gone), len(alive)) == (1, 0)


def test_errors_as_sentences():
    one = spec(length=2048)
    assert problem_of(Problem("empty_text"), one).code == "empty_text"
    assert str(problem_of(MemoryError(), one)).startswith("Full ran out of memory at 2,048 tokens.")
    assert problem_of(RuntimeError("CUDA error: device lost"), replace(one, device="cuda:0")).code == "device_missing"
    assert problem_of(ValueError("shapes"), one).values == {"reason": "ValueError: shapes"}
    assert problem_of(MemoryError(), None).code == "unexpected"
