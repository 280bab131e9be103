"""The stage and the speaker's view on screens of the platform's own, as many and as fine as a talk may find."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.session_file import from_json
from tests.app.two_screens import TALKS, settings

ROOT = Path(__file__).parents[2]
TOUR = from_json((ROOT / "resources" / "tours" / "hashing.attnscope").read_text(encoding="utf-8"))
ON_LAPTOP = {"screen": "laptop", "geometry": [0, 0, 1440, 900], "pixels": [2880, 1800], "whole": True}
ON_PROJECTOR = {"screen": "projector", "geometry": [2880, 0, 1920, 1080], "pixels": [1920, 1080], "whole": True}


@pytest.fixture
def talk(tmp_path):
    """Gives one of the talks; what was where after each key."""

    def give(name, language="en", theme="dark"):
        file = tmp_path / "screens.json"
        file.write_text(json.dumps(settings(TALKS[name][0])), encoding="utf-8")
        environment = {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={file}", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "tests.app.two_screens", name, language, theme]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        told = json.loads(done.stdout.splitlines()[-1])
        assert all(each["front"] for each in told)  # keys go there
        return told

    return give


def places(told):
    return [each["place"] for each in told]


def test_the_audience_sees_the_stage_and_the_speaker_the_notes(talk):
    begun, second, again, third, struck, anew, ended = talk("two screens")
    for told in (begun, second, again, third, anew):
        assert told["stage"] == ON_PROJECTOR
        assert told["speaker"] == ON_LAPTOP
        now, following = TOUR.scenes[told["place"]], TOUR.scenes[told["place"] + 1]
        assert told["words"]["place"] == f"{told['place'] + 1} / {len(TOUR.scenes)}"
        assert told["words"]["notes"] == now.notes
        assert told["words"]["next"] == following.name
    assert places((begun, second, again, third)) == [0, 1, 0, 1]
    assert begun["words"]["picture"] is None  # nobody has seen the next scene
    width, height = again["words"]["picture"]
    assert width / height > 1.5  # as it was on the stage, not as in the window
    for told in (struck, ended):
        assert (told["stage"], told["speaker"], told["home"]) == (None, None, True)


def test_one_screen_has_the_stage_alone(talk):
    told = talk("one screen")
    assert [each["speaker"] for each in told] == [None] * 3
    assert [each["stage"] for each in told] == [ON_LAPTOP, ON_LAPTOP, None]
    assert {each["why"] for each in told} == {"There is one screen only, or all show the same."}
    assert places(told) == [0, 1, 1]


def test_screens_that_show_the_same_are_one(talk):
    told = talk("mirrored")
    assert [each["speaker"] for each in told] == [None] * 3


def test_the_screens_are_swapped_by_a_key_wherever_it_is_pressed(talk):
    on_laptop, on_projector = (ON_LAPTOP, ON_PROJECTOR), (ON_PROJECTOR, ON_LAPTOP)
    before, begun, back, again, second, alone, plugged, third, struck, anew = talk("swapped")
    assert before["said"] == "The stage will be on laptop, the speaker’s view on projector."
    assert (before["stage"], before["speaker"]) == (None, None)
    seen = [(each["stage"], each["speaker"]) for each in (begun, back, again, second, plugged, third, anew)]
    assert seen == [on_laptop, on_projector, on_laptop, on_laptop, on_projector, on_laptop, on_laptop]
    assert (second["words"]["place"], second["words"]["notes"]) == ("2 / 9", TOUR.scenes[1].notes)
    assert (alone["stage"], alone["speaker"]) == (ON_LAPTOP, None)
    assert alone["said"] == alone["why"] == "There is one screen only, or all show the same."
    assert [each["why"] for each in (before, begun, plugged)] == ["", "", ""]
    assert (struck["stage"], struck["speaker"], struck["home"]) == (None, None, True)
    assert places((begun, second, third, anew)) == [0, 1, 1, 1]


def test_screens_come_and_go_while_the_stage_stands(talk):
    begun, *told, ended = talk("another cable")
    gone, first, back, second, closed, third = told
    assert (begun["stage"], begun["speaker"]) == (ON_PROJECTOR, ON_LAPTOP)
    assert [(each["stage"], each["speaker"]) for each in (gone, first)] == [(ON_LAPTOP, None)] * 2
    assert [(each["stage"], each["speaker"]) for each in (back, second)] == [(ON_PROJECTOR, ON_LAPTOP)] * 2
    assert [(each["stage"], each["speaker"]) for each in (closed, third)] == [(ON_PROJECTOR, None)] * 2
    assert back["words"]["notes"] == TOUR.scenes[1].notes
    assert places(told) == [0, 1, 1, 2, 2, 3]
    assert (ended["stage"], ended["speaker"], ended["home"]) == (None, None, True)
