"""The engine process as the window owns it: starting, losing, cancelling, giving up."""

import os

import psutil
import pytest

from app import engine_client
from app.engine_client import EngineClient
from engines.messages import Budget, Idle, Progress, Ready, RunSpec, Settings, TextSource
from tests.app import scripted_engines

SPEC = RunSpec("full", TextSource(text="words"), 64)


@pytest.fixture
def started(qtbot, monkeypatch):
    """A client whose engine follows a script; ended with the test."""
    clients = []

    def start(script):
        monkeypatch.setattr(engine_client, "engine_main", script)
        client = EngineClient()
        clients.append(client)
        client.seen, client.problems, client.statuses = [], [], []
        client.replied.connect(client.seen.append)
        client.problem.connect(client.problems.append)
        client.status_changed.connect(client.statuses.append)
        client.start()
        return client

    yield start
    for client in clients:
        client.stop()


def last_of(client, kind):
    return next((reply for reply in reversed(client.seen) if isinstance(reply, kind)), None)


def test_a_run_is_asked_for_and_answered(qtbot, started):
    client = started(scripted_engines.obeys)
    first = client.run(0, SPEC)  # before the engine is live: it is asked once it is
    qtbot.waitUntil(lambda: last_of(client, Progress) is not None, timeout=20_000)
    assert isinstance(client.seen[0], Ready)
    assert last_of(client, Progress).id == first
    assert client.statuses[:2] == ["starting", "starting"]
    assert client.statuses[-1] == "busy"
    client.cancel(0)
    qtbot.waitUntil(lambda: last_of(client, Idle) is not None, timeout=20_000)
    assert client.statuses[-1] == "live"
    assert client.runs == {}


def test_a_newer_run_takes_the_place_of_the_older(qtbot, started):
    client = started(scripted_engines.obeys)
    qtbot.waitUntil(lambda: len(client.seen) == 1, timeout=20_000)
    ids = [client.run(0, SPEC) for _ in range(5)]
    assert ids == sorted(set(ids))
    assert client.busy == {ids[-1]}
    assert client.runs[0].id == ids[-1]
    other = client.run(1, SPEC)
    assert client.busy == {ids[-1], other}


def test_replies_of_an_earlier_life_are_dropped(qtbot, started):
    client = started(scripted_engines.obeys)
    qtbot.waitUntil(lambda: len(client.seen) == 1, timeout=20_000)
    client.take(client.engine.generation - 1, Progress(1, "late", 1.0))
    client.take(client.engine.generation + 1, Progress(1, "early", 1.0))
    assert len(client.seen) == 1
    client.take_end(client.engine.generation - 1)
    assert client.problems == []


def test_killed_it_is_started_again_and_the_run_is_asked_again(qtbot, started):
    client = started(scripted_engines.obeys)
    run = client.run(0, SPEC)
    qtbot.waitUntil(lambda: last_of(client, Progress) is not None, timeout=20_000)
    old = client.engine.process.pid
    client.engine.process.kill()
    qtbot.waitUntil(lambda: last_of(client, Progress).doing != str(old), timeout=20_000)
    assert last_of(client, Progress).id == run
    assert [problem.code for problem in client.problems] == ["engine_stopped"]
    assert client.statuses[-1] == "busy"
    assert not psutil.pid_exists(old)


def test_a_run_over_budget_that_ended_the_engine_is_not_asked_again(qtbot, started):
    client = started(scripted_engines.obeys)
    client.run(0, SPEC, over_budget=True)
    qtbot.waitUntil(lambda: last_of(client, Progress) is not None, timeout=20_000)
    client.engine.process.kill()
    qtbot.waitUntil(lambda: len([each for each in client.seen if isinstance(each, Ready)]) == 2, timeout=20_000)
    assert client.runs == {}
    assert client.busy == set()


@pytest.mark.parametrize("script", [scripted_engines.never_answers, scripted_engines.obeys])
def test_cancelled_it_obeys_or_is_ended(qtbot, started, script):
    client = started(script)
    client.run(0, SPEC)
    qtbot.waitUntil(lambda: client.engine.ready, timeout=20_000)
    generation = client.engine.generation
    client.cancel(0)
    stuck = script is scripted_engines.never_answers
    qtbot.waitUntil(lambda: client.engine.generation > generation if stuck else not client.busy, timeout=20_000)
    qtbot.waitUntil(lambda: client.statuses[-1] == "live", timeout=20_000)
    qtbot.wait(engine_client.GIVE_UP_MILLISECONDS)
    assert client.engine.generation == generation + stuck
    assert client.problems == []


def test_a_run_that_follows_one_over_budget_does_not_wait_for_it(qtbot, started):
    client = started(scripted_engines.never_answers)
    qtbot.waitUntil(lambda: client.engine.ready, timeout=20_000)
    generation = client.engine.generation
    client.run(0, SPEC, over_budget=True)
    client.run(0, SPEC)
    qtbot.waitUntil(lambda: client.engine.generation == generation + 1, timeout=20_000)


def test_one_that_cannot_start_is_said_once_and_can_be_tried_again(qtbot, started, monkeypatch):
    client = started(scripted_engines.dies_at_once)
    client.run(0, SPEC)
    qtbot.waitUntil(lambda: client.gave_up, timeout=30_000)
    assert [problem.code for problem in client.problems] == ["engine_does_not_start"]
    assert client.statuses[-1] == "stopped"
    assert not client.engine.process.is_alive()
    monkeypatch.setattr(engine_client, "engine_main", scripted_engines.obeys)
    client.revive()
    qtbot.waitUntil(lambda: last_of(client, Progress) is not None, timeout=20_000)
    client.revive()  # it is live: nothing to do
    assert client.engine.process.is_alive()


def test_without_weights_it_says_so_and_is_not_started_again(qtbot, started):
    client = started(scripted_engines.without_weights)
    qtbot.waitUntil(lambda: len(client.problems) == 1, timeout=20_000)
    assert [problem.code for problem in client.problems] == ["weights_damaged"]
    assert client.statuses[-1] == "stopped"
    assert client.engine.generation == 1
    assert client.seen == []


def test_settings_are_sent_when_they_change(qtbot, started):
    client = started(scripted_engines.obeys)
    assert client.settings == Settings()
    client.set_settings(Settings(Budget(1.0)))
    assert client.settings.budget.seconds == 1.0


def test_stopped_it_leaves_no_process(qtbot, started):
    client = started(scripted_engines.never_answers)
    pid = client.engine.process.pid
    client.stop()
    assert not psutil.pid_exists(pid)
    assert pid not in {child.pid for child in psutil.Process(os.getpid()).children(recursive=True)}
    assert client.statuses[-1] == "stopped"
