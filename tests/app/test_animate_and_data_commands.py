"""attnscope animate and attnscope data, as a person and a script type them."""

import json
from dataclasses import replace

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image

from app.session import Pane, Session, StageScene, Text
from app.session_file import to_json
from app.theme import FIGURE_THEMES
from tests.app.runs import WORDS

QUICK = ("--length", "32", "--threads", "2")
FILM = ("--size", "160x120", "--fps", "10", "--seconds", "0.5", "--quality", "small")


def test_animate_writes_the_film_and_says_where(attnscope, tmp_path):
    out = tmp_path / "film.mp4"
    status, said, err = attnscope("animate", "--variant", "reformer", "--view", "buckets", *QUICK, *FILM, "--out", out)
    assert (status, said, err) == (0, f"{out}\n", "")
    reader = imageio_ffmpeg.read_frames(str(out))
    told = next(reader)
    assert (told["size"], told["fps"]) == ((160, 120), 10)
    assert len(list(reader)) == 5


def test_animate_over_length_and_steps_take_ranges(attnscope, tmp_path):
    growing, steps = tmp_path / "growing.apng", tmp_path / "steps.apng"
    words = ("animate", "--variant", "longformer", "--threads", "2", *FILM)
    assert attnscope(*words, "--over", "length", "--from", "8", "--to", "1,024", "--out", growing)[0] == 0
    assert attnscope(*words, "--length", "32", "--from", "window", "--to", "global", "--out", steps)[0] == 0
    with Image.open(growing) as image:
        card = json.loads(image.text["Attnscope"])
    assert (card["film"], card["from"], card["to"]) == ("over length", 8, 1024)
    with Image.open(steps) as image:
        card = json.loads(image.text["Attnscope"])
    assert (card["film"], card["from"], card["to"], card["tokens"]) == ("over steps", "window", "global", 32)


def test_animate_says_what_it_had_to_change(attnscope, tmp_path):
    out = tmp_path / "film.webm"
    status, said, err = attnscope("animate", *QUICK, *FILM[2:], "--size", "161x121", "--out", out)
    assert (status, said) == (0, f"{out}\n")
    assert "161 × 121 was made 162 × 122" in err
    assert err.startswith("attnscope: ")


def test_an_image_is_filmed_on_its_own_grid(attnscope, tmp_path):
    out = tmp_path / "grid.apng"
    words = ("--variant", "sparse-transformer", "--sample", "ball-on-cloth", "--length", "1024", "--view", "fold")
    assert attnscope("animate", *words, "--threads", "2", *FILM, "--out", out)[0] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--view", "weights"), "does not move"),
        (("--view", "buckets"), "has no buckets"),
        (("--from", "output", "--to", "window"), "from less to more"),
        (("--from", "nothing"), "no step “nothing”"),
        (("--over", "length", "--from", "64", "--to", "64"), "from less to more"),
        (("--over", "length", "--from", "many"), "whole number from 8"),
        (("--over", "length", "--view", "key-mass"), "does not move"),
        (("--seconds", "0.01"), "at least two frames"),
        (("--fps", "0"), "frames per second"),
        (("--token", "77"), "token"),
    ],
)
def test_films_that_cannot_be_are_one_sentence_and_nothing_is_written(attnscope, tmp_path, words, said):
    status, out, err = attnscope("animate", *QUICK, *words, "--out", tmp_path / "film.gif")
    assert (status, out) == (1, "")
    assert err.startswith("attnscope: ")
    assert err.count("\n") == 1
    assert said in err
    assert list(tmp_path.iterdir()) == []


def test_a_film_in_a_print_theme_is_on_white(attnscope, tmp_path):
    out = tmp_path / "film.apng"
    assert attnscope("animate", "--variant", "reformer", *QUICK, *FILM, "--theme", "print-grey", "--out", out)[0] == 0
    with Image.open(out) as image:
        last = np.asarray(image.convert("RGB")).astype(int)
    assert (last[0, 0] == 255).all()
    assert (last.max(axis=2) - last.min(axis=2)).max() < 24


def test_a_scene_of_a_session_is_filmed_as_it_is_shown(attnscope, tmp_path):
    pane = Pane("reformer", {"reformer": {"chunk_length": 8}}, Text("typed", WORDS), 40, head=2, view="buckets")
    grows = Session((Pane("full"), Pane("longformer")), active=1)
    talk = tmp_path / "talk.attnscope"
    talk.write_text(to_json(replace(grows, scenes=(StageScene("one", Session((pane,))),))), encoding="utf-8")

    def card(*words):
        out = ("--force", "--out", tmp_path / "film.apng")
        status, _, err = attnscope("animate", talk, *words, *FILM, "--threads", "2", *out)
        assert (status, err) == (0, "")
        with Image.open(tmp_path / "film.apng") as image:
            return json.loads(image.text["Attnscope"])

    scene = card("--scene", "1", "--to", "sort")
    assert (scene["variant"], scene["view"], scene["head"], scene["tokens"]) == ("reformer", "buckets", 3, 40)
    assert (scene["parameters"]["chunk_length"], scene["to"]) == (8, "sort")
    grown = card("--over", "length", "--to", "256")["panes"]
    assert [(each["variant"], each["to"]) for each in grown] == [("full", 256), ("longformer", 256)]
    assert card("--pane", "1")["variant"] == "full"
    for words, said in (
        (("--scene", "2"), "scene must be from 1 to 1"),
        (("--pane", "3"), "pane must be from 1 to 2"),
        (("--variant", "full", "--view", "weights"), "leave out --variant, --view"),
    ):
        assert said in attnscope("animate", talk, *words, "--out", tmp_path / "no.gif")[2]
    assert "--pane needs a session" in attnscope("animate", "--pane", "1", "--out", tmp_path / "no.gif")[2]


def test_another_kind_of_film_is_refused(attnscope, tmp_path):
    status, _, err = attnscope("animate", *QUICK, *FILM, "--out", tmp_path / "film.avi")
    assert status == 1
    assert ".mp4, .webm, .gif, .webp, .apng" in err


def test_data_writes_the_range_and_a_snippet(attnscope, tmp_path):
    out = tmp_path / "weights.npz"
    status, said, err = attnscope("data", *QUICK, "--rows", "0:8", "--columns", "2:20", "--snippet", "--out", out)
    assert (status, said, err) == (0, f"{out}\n{out}.py\n", "")
    with np.load(out) as stored:
        assert stored["weight"].shape == (8, 18)
        assert json.loads(str(stored["card"]))["keys"] == "2:20"


def test_data_of_steps_and_studies(attnscope, tmp_path):
    steps, study = tmp_path / "steps.npz", tmp_path / "study.json"
    assert attnscope("data", "--variant", "reformer", *QUICK, "--steps", "hash, sort", "--out", steps)[0] == 0
    with np.load(steps) as stored:
        assert set(stored.files) == {"card", "hash.labels", "sort.positions"}
    assert attnscope("data", *QUICK, "--view", "key-mass", "--out", study)[0] == 0
    assert "1.lines.0.y" in json.loads(study.read_text(encoding="utf-8"))["arrays"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--rows", "8"), "START:STOP"),
        (("--rows", "9:3"), "START:STOP"),
        (("--columns", "0:33"), "0:32"),
        (("--view", "buckets"), "has no buckets"),
        (("--steps", "nothing"), "no step “nothing”"),
        (("--length", "65536"), "4,096 × 4,096"),
    ],
)
def test_data_that_cannot_be_is_one_sentence(attnscope, tmp_path, words, said):
    status, out, err = attnscope("data", *QUICK, *words, "--out", tmp_path / "data.npz")
    assert (status, out) == (1, "")
    assert err.count("\n") == 1
    assert said in err
    assert list(tmp_path.iterdir()) == []


def test_parquet_has_a_snippet_that_reads_it(attnscope, tmp_path):
    out = tmp_path / "data.parquet"
    status, said, _ = attnscope("data", *QUICK, "--snippet", "--out", out)
    assert (status, said) == (0, f"{out}\n{out}.py\n")
    assert "pyarrow" in (tmp_path / "data.parquet.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("theme", ["print", "dark"])
def test_a_snippet_has_the_colours_of_the_theme_that_is_asked_for(attnscope, tmp_path, theme):
    out = tmp_path / "mass.npz"
    options = ("--view", "key-mass", "--theme", theme, "--snippet", "--out", out)
    assert attnscope("data", *QUICK, *options)[0] == 0
    written = (tmp_path / "mass.npz.py").read_text(encoding="utf-8")
    assert f'BACKGROUND = "{FIGURE_THEMES[theme].background}"' in written
