"""attnscope render and animate from results: drawn from what was recorded, said to be so, and no engine is asked."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from importlib import import_module, resources
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import main
from app.documents import read_session
from app.export import session_figures
from app.export.recorded_run import RecordedRun, cells_over
from app.export.scene_of_run import known_of as known_here
from app.results import beside, portable_run, read_results, stored_results
from app.session import Pane, Play, Session, StageScene, Text
from app.session_file import to_json
from app.stored_file import file_of
from app.stored_runs import StoredRun
from engines.headless import finished, study_answer
from engines.messages import Answer, Measurement, WeightsSlice
from tests.app.runs import WORDS
from tests.app.test_stored_file import HOSTILE

WHERE = "a laptop, 2026-11-26 01:00"
SMALL = ("--size", "480x320", "--dpi", "100", "--threads", "2")
FILM = ("--size", "160x120", "--fps", "10", "--seconds", "0.5", "--quality", "small", "--threads", "2")
TYPED = Text("typed", WORDS)
BUCKETS = Pane("reformer", {"reformer": {"chunk_length": 8}}, TYPED, 40, head=2, view="buckets", locked=20)
FULL, LONGFORMER = Pane("full", text=TYPED, length=40), Pane("longformer", text=TYPED, length=40)
WEIGHTS = replace(FULL, view="weights", zoom=(8.0, 24.0, 16.0, 32.0), length=48, head=1)
STATE = Pane("linear-transformer", text=TYPED, length=40, view="state")
MASS = replace(LONGFORMER, view="key-mass")
DIFFERENCE = tuple(replace(pane, view="difference") for pane in (FULL, LONGFORMER))
SCENES = (
    StageScene("buckets", Session((BUCKETS,), play=Play(share=0.5)), "{name} keeps {kept}"),
    StageScene("apart", Session(DIFFERENCE), "{name2} is {slower2} times as slow"),
    StageScene("weights", Session((WEIGHTS,))),
    StageScene("state", Session((STATE,))),
    StageScene("mass", Session((MASS,))),
)
TALK = Session((FULL,), scenes=SCENES)


def recorded(pane, study="", seconds=0.001):
    """A pane's run as the window stores it, with the weights of all its pairs."""
    run = finished(pane.spec(), 2)
    edges = np.arange(pane.length + 1)
    weights = run.cells(WeightsSlice(0, 0, 0, pane.head, edges, edges))
    measured = Measurement("variant", pane.length, seconds, 0.0, 5, 4096, "measured", (("device", "cpu"),), "", "")
    known = replace(known_here(run, pane.head), measurements={"variant": measured}, finished=True)
    answers = (Answer(3, study, study_answer(run, study, pane.head), whole=True),) if study else ()
    return StoredRun(known, run.prepared.model.info(), WHERE, weights, answers)


@pytest.fixture(scope="module")
def results():
    """All that the talk draws."""
    first = [recorded(pane) for pane in (BUCKETS, FULL, WEIGHTS, STATE)]
    return [portable_run(each) for each in (*first, recorded(MASS, "key-mass", 0.002))]


@pytest.fixture
def talk(tmp_path, results):
    """The session's file, its results beside it."""
    path = tmp_path / "talk.attnscope"
    path.write_text(to_json(TALK), encoding="utf-8")
    beside(path).write_bytes(file_of(results))
    return path


@pytest.fixture
def no_engine(monkeypatch):
    """Whatever would run, or measure, or answer, fails the test."""

    def asked(*arguments, **more):
        pytest.fail("the engine was asked")

    for module in ("engines.headless", "app.export.scene_of_run", "app.render_command"):
        for name in ("finished", "study_answer", "own_measurement", "model_on", "run_with_progress"):
            if hasattr(import_module(module), name):
                monkeypatch.setattr(f"{module}.{name}", asked)


def pixels(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB")).astype(int)


def card_of(path):
    with Image.open(path) as image:
        return json.loads(image.text["Attnscope"])


def test_the_pictures_are_those_of_the_runs(attnscope, talk, tmp_path, request):
    words = ("--no-caption", *SMALL)
    assert attnscope("render", talk, "--out", tmp_path / "run", *words)[0] == 0
    request.getfixturevalue("no_engine")
    assert attnscope("render", talk, "--results", "--out", tmp_path / "recorded", *words)[::2] == (0, "")
    made = sorted((tmp_path / "run").iterdir())
    assert len(made) == len(SCENES)
    for path in made:
        assert np.array_equal(pixels(path), pixels(tmp_path / "recorded" / path.name)), path.name


def test_captions_and_cards_say_where_they_were_recorded(attnscope, talk, tmp_path, no_engine):
    status, out, err = attnscope("render", talk, "--results", "--caption", "--out", tmp_path / "out", *SMALL)
    assert (status, err) == (0, "")
    assert out.count(f"Recorded on {WHERE}.") == len(SCENES)
    own, apart, *_ = (card_of(path) for path in sorted((tmp_path / "out").iterdir()))
    assert own["caption"].startswith("Reformer keeps ")
    assert own["caption"].endswith(f"Recorded on {WHERE}.")
    assert own["recorded"] == WHERE
    assert own["weights"] == BUCKETS.weight_set().name
    assert apart["caption"] == f"Longformer is 2.00 times as slow. Recorded on {WHERE}."
    assert [each["recorded"] for each in apart["panes"]] == [WHERE] * 2
    assert [each["seconds"] for each in apart["measurements"]] == [0.001, 0.002]


def test_torch_is_not_even_loaded(talk, tmp_path):
    code = (
        "import sys, main; status = main.main(sys.argv[1:]); "
        "print('torch' in ' '.join(n for n in sys.modules if n == 'torch._C')); sys.exit(status)"
    )
    words = [sys.executable, "-c", code, "render", talk, "--results", "--out", tmp_path / "out", *SMALL]
    done = subprocess.run(
        list(map(str, words)),
        cwd=Path(main.__file__).parent,
        env=os.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "False"
    assert len(list((tmp_path / "out").iterdir())) == len(SCENES)


@pytest.mark.parametrize("tour", ["quadratic", "hashing"])
def test_a_tour_is_drawn_from_what_ships_with_it(attnscope, tmp_path, no_engine, tour):
    with resources.as_file(resources.files("resources") / "tours") as folder:
        status, out, err = attnscope("render", folder / f"{tour}.attnscope", "--results", "--out", tmp_path, *SMALL)
    assert (status, err) == (0, "")
    assert out.count("\n") == len(read_session(folder / f"{tour}.attnscope").session.scenes)


def test_what_is_not_recorded_whole_is_run_and_that_is_said(attnscope, talk, tmp_path, results):
    """No run, no answer, no weights of the part in view, no time that the caption tells: nothing is mixed."""
    buckets, full, weights, _, mass = results
    edges = np.arange(17)
    little = replace(weights, weights=replace(weights.weights, values=weights.weights.values[:16, :16]))
    little = replace(little, weights=replace(little.weights, row_edges=edges, column_edges=edges))
    untimed = replace(full, run=replace(full.run, measurements={}))
    beside(talk).write_bytes(file_of([buckets, untimed, little, replace(mass, answers=())]))
    status, _, err = attnscope("render", talk, "--results", "--out", tmp_path / "out", *SMALL)
    assert status == 0
    said = "The results do not hold all that is drawn here, and so it was run now."
    assert err.splitlines() == [f"attnscope: {name}: {said}" for name in ("apart", "weights", "state", "mass")]
    found = [card_of(path) for path in sorted((tmp_path / "out").iterdir())]
    assert "recorded" in found[0]
    assert not any("ecorded" in json.dumps(card) for card in found[1:])


def test_the_results_of_another_file_are_chosen_by_name(attnscope, talk, tmp_path, no_engine):
    other = tmp_path / "elsewhere" / "kept.attnscope-results"
    other.parent.mkdir()
    words = ("--scene", "4", "--out", tmp_path / "one.png", *SMALL)
    assert attnscope("render", "--results", talk, *words)[0] == 0, "in whichever order"
    beside(talk).rename(other)
    words = (*words, "--force")
    assert attnscope("render", talk, "--results", other, *words)[0] == 0
    status, out, err = attnscope("render", talk, "--results", *words)
    assert (status, out) == (1, "")
    assert err.startswith(f"attnscope: {beside(talk)} cannot be read: No such file")


@pytest.mark.parametrize("what", list(HOSTILE))
@pytest.mark.parametrize("command", ["render", "animate"])
def test_a_file_that_holds_no_results_is_one_sentence(attnscope, talk, tmp_path, what, command):
    beside(talk).write_bytes(HOSTILE[what])
    status, out, err = attnscope(
        command, talk, "--results", "--out", tmp_path / "out.png" if command == "render" else "x.mp4"
    )
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert "holds no results that can be read" in err or "newer Attnscope" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == [talk.name, beside(talk).name]


def test_results_need_a_session_and_a_film_of_steps(attnscope, talk, tmp_path):
    assert "--results needs a session" in attnscope("render", "--results", "--out", tmp_path / "x.png")[2]
    words = ("--results", "--over", "length", "--out", tmp_path / "x.mp4")
    assert "leave out --results" in attnscope("animate", talk, *words)[2]
    assert not (tmp_path / "x.mp4").exists()


def test_a_film_from_results_is_that_of_the_run_and_says_so(attnscope, talk, tmp_path, request):
    made, shown = tmp_path / "run.apng", tmp_path / "recorded.apng"
    assert attnscope("animate", talk, "--scene", "1", *FILM, "--out", made)[0] == 0
    request.getfixturevalue("no_engine")
    assert attnscope("animate", talk, "--results", "--scene", "1", *FILM, "--out", shown)[::2] == (0, "")
    one, other = (Image.open(path) for path in (made, shown))
    assert one.n_frames == other.n_frames
    for frame in range(one.n_frames):
        one.seek(frame), other.seek(frame)
        pictures = [np.asarray(each.convert("RGB")).astype(int)[:95] for each in (one, other)]  # above the caption
        assert np.array_equal(*pictures), frame
    assert card_of(shown)["recorded"] == WHERE
    assert "recorded" not in card_of(made)


def test_a_film_whose_panes_are_not_all_recorded_is_run(attnscope, talk, tmp_path, results):
    beside(talk).write_bytes(file_of(results[1:2]))
    status, _, err = attnscope("animate", talk, "--results", "--scene", "2", *FILM, "--out", tmp_path / "x.apng")
    assert status == 1, "a difference does not move"
    pattern = Session((FULL, LONGFORMER))
    talk.write_text(to_json(pattern), encoding="utf-8")
    status, _, err = attnscope("animate", talk, "--results", *FILM, "--out", tmp_path / "x.apng")
    assert (status, err) == (
        0,
        "attnscope: film: The results do not hold all that is drawn here, and so it was run now.\n",
    )
    assert not any("recorded" in each for each in card_of(tmp_path / "x.apng")["panes"])


def test_weights_that_were_not_opened_are_named_in_the_caption(tmp_path, results):
    """The session names a folder; its runs are drawn for it, and say that they are of other weights."""
    own = "sha256 " + 64 * "0"
    full = results[1]
    spec = replace(full.run.spec, weights=own)
    full = replace(full, run=replace(full.run, spec=spec, tokens=replace(full.run.tokens, weights=own)))
    path = tmp_path / "talk.attnscope"
    path.write_text(to_json(Session((replace(FULL, weights="/somewhere/mine"),))), encoding="utf-8")
    beside(path).write_bytes(file_of([full]))
    opened = read_session(path)
    scene = StageScene("one", opened.session)
    find = session_figures.recorded_scene(scene, stored_results(beside(path), opened))
    figure = session_figures.figure_of_scene(scene, session_figures.Look(), find)
    assert f"Recorded on {WHERE}, with weights not open here." in figure.told
    assert figure.metadata["weights"] == own


def test_an_answer_about_a_locked_token_is_not_taken_for_another_tokens(results):
    asked = replace(results[1], answers=(Answer(1, "receptive-field", (), whole=True),))
    assert not RecordedRun(asked).holds(replace(FULL, view="receptive-field", locked=3), compared=False)


@pytest.mark.parametrize(
    ("edges", "part", "cells"),
    [
        (range(41), (0, 40), range(40)),
        (range(41), (8.4, 31.5), range(8, 32)),
        (range(0, 41, 2), (0, 40), None),
        (range(4, 41), (0, 40), None),
        (range(40), (0, 40), None),
        (range(0, 4097, 16), (0, 4096), range(256)),
        (range(0, 4097, 16), (24, 3000), range(1, 188)),
        (range(0, 4097, 16), (0, 512), None),
    ],
)
def test_recorded_cells_must_cover_the_part_and_be_fine_enough(edges, part, cells):
    assert cells_over(np.array(edges), *part) == cells


def test_a_file_that_is_too_long_is_not_read(tmp_path, monkeypatch):
    from engines.problems import Problem

    monkeypatch.setattr("app.results.LARGEST_BYTES", 10)
    path = tmp_path / "big.attnscope-results"
    path.write_bytes(11 * b"x")
    with pytest.raises(Problem, match="more than 0 MB"):
        read_results(path)
