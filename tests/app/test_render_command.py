"""attnscope render of sessions and of several variants, as a person and a script type it; other programs open them."""

import io
import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import partial
from importlib import resources
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pypdf
import pytest
import resvg_py
from PIL import Image

from app.export import scene_of_run
from app.export.headless import figure_of_panes
from app.export.image import render_page
from app.export.look import Look
from app.export.page import Page
from app.export.session_figures import figure_of_scene, file_stem
from app.scenes import state_of
from app.session import Pane, Play, Session, StageScene, Text
from app.session_file import to_json
from engines.headless import finished
from engines.messages import WeightsSlice
from engines.problems import Problem
from tests.app.runs import WORDS

SMALL = ("--size", "480x320", "--dpi", "100", "--threads", "2")
TYPED = Text("typed", WORDS)
REFORMER = Pane("reformer", {"reformer": {"chunk_length": 8}}, TYPED, 40, head=2, view="buckets", locked=20)
FULL, LONGFORMER = Pane("full", text=TYPED, length=40), Pane("longformer", text=TYPED, length=40)
ONE = Session((REFORMER,), play=Play(share=0.5))
TWO = Session((FULL, LONGFORMER))
TALK = replace(
    TWO,
    scenes=(
        StageScene("Half way", ONE, "{name} keeps {kept}"),
        StageScene("Two: side / by side", TWO, "{name} keeps {kept}, {name2} {kept2} of the pairs"),
    ),
)


@pytest.fixture
def run(attnscope):
    """(status, standard output, standard error) of attnscope render."""
    return partial(attnscope, "render")


@pytest.fixture
def stored(tmp_path):
    """Writes a session into a file."""

    def write(session, name="talk.attnscope"):
        path = tmp_path / name
        path.write_text(to_json(session), encoding="utf-8")
        return path

    return write


def pixels(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB")).astype(int)


# A session ----------------------------------------------------------------------------------------------------------


def test_every_scene_is_a_file_named_in_order(run, stored, tmp_path):
    folder = tmp_path / "new" / "talk"
    status, out, err = run(stored(TALK), "--out", folder, *SMALL)
    wanted = [folder / "01-half-way.png", folder / "02-two-side-by-side.png"]
    assert (status, out.split("\n")[:-1], err) == (0, list(map(str, wanted)), "")
    assert sorted(folder.iterdir()) == wanted
    for path in wanted:
        with Image.open(path) as image:
            assert image.size == (480, 320)
            card, told = json.loads(image.text["Attnscope"]), image.text["Description"]
        assert card["caption"] == told
        assert "measurements" not in card, "no caption names a time"
    assert [each["variant"] for each in card["panes"]] == ["full", "longformer"]
    assert card["scene"] == "Two: side / by side"
    assert told.startswith("Full keeps 100 %, Longformer ")


@pytest.mark.parametrize("name", ["svg", "pdf"])
def test_vectors_are_opened_by_other_programs_and_say_what_the_scene_says(run, stored, tmp_path, name):
    assert run(stored(TALK), "--out", tmp_path / "out", "--format", name, "--width", "120mm")[0] == 0
    path = tmp_path / "out" / f"02-two-side-by-side.{name}"
    if name == "pdf":
        text = pypdf.PdfReader(path).pages[0].extract_text()
    else:
        text = " ".join(ET.fromstring(path.read_text(encoding="utf-8")).itertext())
        assert resvg_py.svg_to_bytes(svg_string=path.read_text(encoding="utf-8"), dpi=100)
    assert all(word in text for word in ("(a)", "(b)", "Full keeps 100", "Longformer"))


def test_a_scene_is_drawn_as_the_session_has_it(run, stored, tmp_path):
    """View, zoom, locked token, playhead, length, head: what the figure of those very values is, and of no others."""
    zoomed = replace(FULL, view="weights", zoom=(8.0, 24.0, 16.0, 32.0), locked=20, length=48, head=1, logarithmic=True)
    scenes = (StageScene("half", ONE), StageScene("zoomed", Session((zoomed,))))
    run(stored(replace(TALK, scenes=scenes)), "--out", tmp_path, *SMALL)
    page, look = Page.of_pixels(480, 320, 100), Look(theme="print")
    for path, pane, share in (("01-half", REFORMER, 0.5), ("02-zoomed", zoomed, 1.0)):
        found = pixels(tmp_path / f"{path}.png")
        made = finished(pane.spec(), 2)

        def drawn(pane, share, made=made):
            content = render_page(figure_of_panes([made], [pane], look, share), page)
            buffer = content.convertToFormat(content.Format.Format_RGB888)
            rows = np.frombuffer(buffer.constBits(), np.uint8).reshape(320, buffer.bytesPerLine())
            return rows[:, : 3 * 480].reshape(320, 480, 3).astype(int)

        assert np.array_equal(found, drawn(pane, share))
        others = [(replace(pane, locked=3), share), (replace(pane, head=3), share)]
        others += [(replace(pane, zoom=()), share)] if pane.zoom else [(pane, 1.0)]
        assert not any(np.array_equal(found, drawn(*other)) for other in others)


def test_zoomed_weights_are_counted_in_the_part_in_view(monkeypatch):
    monkeypatch.setattr(scene_of_run, "MOST_CELLS", 16)
    pane = replace(FULL, view="weights", zoom=(8.4, 24.0, 16.0, 31.5))
    made = finished(pane.spec(), 2)
    reply = scene_of_run.weights_in_view(made, pane)
    assert (reply.column_edges[0], reply.column_edges[-1]) == (8, 24)
    assert (reply.row_edges[0], reply.row_edges[-1]) == (16, 32)
    exact = made.cells(WeightsSlice(0, 0, 0, 0, np.arange(16, 33), np.arange(8, 25)))
    assert np.array_equal(reply.values, exact.values, equal_nan=True)


def test_one_scene_one_pane_and_the_present_state(run, stored, tmp_path):
    talk = stored(TALK)
    assert run(talk, "--out", tmp_path / "now.png", *SMALL)[0] == 0
    assert run(talk, "--out", tmp_path / "second.png", "--scene", "2", "--no-caption", *SMALL)[0] == 0
    assert np.array_equal(pixels(tmp_path / "now.png"), pixels(tmp_path / "second.png")), "the state is that of scene 2"
    assert run(talk, "--out", tmp_path / "b", "--scene", "2", "--pane", "2", "--no-caption", *SMALL)[0] == 0
    assert [path.name for path in (tmp_path / "b").iterdir()] == ["02-two-side-by-side-pane-2.png"]
    with Image.open(tmp_path / "b" / "02-two-side-by-side-pane-2.png") as image:
        card = json.loads(image.text["Attnscope"])
    assert card["variant"] == "longformer"
    assert card["caption"].startswith("Full keeps 100 %"), "a caption tells of all panes, whichever is drawn"


def test_a_session_without_scenes_is_its_present_state(run, stored, tmp_path):
    assert run(stored(state_of(TALK), "my talk.attnscope"), "--out", tmp_path / "out", *SMALL)[0] == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["01-my-talk.png"]


def test_panes_differ_and_print_themes_apply(run, stored, tmp_path):
    same = replace(TALK, scenes=(StageScene("same", Session((FULL, FULL))), *TALK.scenes[1:]))
    assert run(stored(same), "--out", tmp_path / "grey", "--theme", "print-grey", "--no-caption", *SMALL)[0] == 0
    one, other = (pixels(path) for path in sorted((tmp_path / "grey").iterdir()))
    left, right = one[60:, :240], one[60:, 240:]
    assert np.abs(left - right).mean() < np.abs(other[60:, :240] - other[60:, 240:]).mean(), "one variant twice, two"
    assert (other.max(axis=2) - other.min(axis=2)).max() < 24, "no colour in a grey-scale safe theme"


def test_nothing_is_overwritten_unless_that_is_asked(run, stored, tmp_path):
    talk, old = stored(TALK), tmp_path / "out" / "01-half-way.png"
    old.parent.mkdir()
    old.write_bytes(b"old")
    status, out, err = run(talk, "--out", old.parent, *SMALL)
    assert status == 1
    assert out == f"{old.parent / '02-two-side-by-side.png'}\n"
    assert err == (
        f"attnscope: Half way: {old} is there already, and was kept; choose another place, "
        "or replace it with --force.\n"
    )
    assert old.read_bytes() == b"old"
    assert run(talk, "--out", old.parent, "--force", *SMALL)[0] == 0
    assert old.read_bytes().startswith(b"\x89PNG")


def test_a_scene_that_fails_is_one_sentence_and_the_others_go_on(run, stored, tmp_path):
    impossible = StageScene("no such head", Session((replace(FULL, layer=77),)))
    lacking = StageScene("no such device", Session((replace(FULL, device="cuda:77"),)))
    talk = stored(replace(TALK, scenes=(impossible, *TALK.scenes, lacking)))
    status, out, err = run(talk, "--out", tmp_path / "out", *SMALL)
    assert status == 1
    assert out.count("\n") == len(list((tmp_path / "out").iterdir())) == 2
    first, second = err.splitlines()
    assert first.startswith("attnscope: no such head: The layer must be from")
    assert second.startswith("attnscope: no such device: There is no device cuda:77")
    status, out, err = run(talk, "--out", tmp_path / "panes", "--pane", "2", *SMALL)
    assert (status, out.count("\n"), err.count("pane must be from 1 to 1")) == (1, 1, 3)


def test_only_what_a_caption_names_is_measured(qapp, monkeypatch):
    measured, own = [], scene_of_run.own_measurement

    def watched(run, budget):
        measured.append(run.prepared.spec.variant)
        return own(run, replace(budget, seconds=0.01))

    monkeypatch.setattr(scene_of_run, "own_measurement", watched)
    runs = {pane.variant: finished(pane.spec(), 2) for pane in TWO.panes}

    def figure(caption):
        measured.clear()
        return figure_of_scene(StageScene("", TWO, caption), Look(), lambda pane: runs[pane.variant])

    assert figure("{kept2}").told.endswith("%")
    assert measured == []
    assert "…" not in (made := figure("{time2} {memory2}")).told
    assert measured == ["longformer"]
    assert made.metadata["measurements"][0]["card"]["threads"]
    assert "…" not in figure("{slower2}").told
    assert measured == ["full", "longformer"]
    assert figure("").told.startswith("(a) Full")
    assert measured == []


def test_a_tour_that_ships(run, tmp_path):
    with resources.as_file(resources.files("resources").joinpath("tours", "hashing.attnscope")) as tour:
        status, _, err = run(tour, "--out", tmp_path, "--scene", "3", "--bibtex", *SMALL)
    assert (status, err) == (0, "")
    assert [path.name for path in tmp_path.iterdir()] == ["03-sorted-by-bucket.png"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--length", "48", "--set", "window=3"), "leave out --length, --set"),
        (("--variant", "longformer"), "leave out --variant"),
        (("--scene", "3"), "scene must be from 1 to 2"),
        (("--scene", "-1"), "scene must be from 1 to 2"),
        (("--out", "/proc/nowhere"), "could not be saved"),
    ],
)
def test_what_cannot_be_is_one_sentence(run, stored, tmp_path, words, said):
    status, out, err = run(stored(TALK), "--out", tmp_path / "out", *words)
    assert (status, out) == (1, "")
    assert err.startswith("attnscope: ")
    assert err.count("\n") == 1
    assert said in err


def test_a_file_that_is_no_session_and_one_that_needs_a_variant(run, stored, tmp_path):
    (tmp_path / "no.attnscope").write_text("{}")
    assert "is no session that can be read" in run(tmp_path / "no.attnscope", "--out", tmp_path / "out")[2]
    assert "cannot be read" in run(tmp_path / "none.attnscope", "--out", tmp_path / "out")[2]
    path = stored(TALK)
    path.write_text(path.read_text(encoding="utf-8").replace('"longformer"', '"mine"'), encoding="utf-8")
    status, out, err = run(path, "--out", tmp_path / "out")
    assert (status, out) == (1, "")
    assert err.startswith("attnscope: The session uses “mine”, which is not here")
    assert not (tmp_path / "out").exists()


def test_weights_of_a_folder_are_not_opened_and_that_is_said(run, stored, tmp_path):
    own = stored(Session((replace(FULL, weights="/somewhere/mine"),)))
    status, _, err = run(own, "--out", tmp_path / "out", *SMALL)
    assert status == 0
    assert "made with the weights in /somewhere/mine, which were not opened" in err


@pytest.mark.parametrize(
    ("number", "count", "name", "stem"),
    [
        (3, 9, "A hash, from the sphere!", "03-a-hash-from-the-sphere"),
        (3, 120, "x", "003-x"),
        (1, 1, "../../etc/passwd", "01-etc-passwd"),
        (1, 1, "静夜思：两轮", "01-静夜思-两轮"),
        (2, 2, " / ", "02"),
        (1, 1, "a" * 300, "01-" + "a" * 60),
    ],
)
def test_names_are_safe(number, count, name, stem):
    assert file_stem(number, count, name) == stem


# Several variants ---------------------------------------------------------------------------------------------------

QUICK = ("--length", "32", "--threads", "2")


def test_several_variants_are_one_figure_each_with_its_own_settings(run, tmp_path):
    words = ("--variant", "reformer", "--set", "chunk_length=8", "--variant", "reformer", "--set", "chunk_length=4")
    status, out, err = run(*words, *QUICK, "--view", "buckets", "--caption", "--bibtex", "--out", tmp_path / "two.pdf")
    assert (status, err) == (0, "")
    path, told, *entry = out.splitlines()
    assert Path(path).read_bytes().startswith(b"%PDF-")
    assert told.startswith("(a) Buckets")
    assert "chunk length 8" in told
    assert "chunk length 4" in told
    assert sum(line.startswith("@") for line in entry) == 1, "one paper, cited once"
    text = pypdf.PdfReader(io.BytesIO(Path(path).read_bytes())).pages[0].extract_text()
    assert text.count("Reformer") == 2
    assert "32 tokens" in text


def test_a_text_from_standard_input_is_that_of_all(run, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(WORDS.encode())))
    words = ("--variant", "full", "--variant", "reformer", "--text", "-", *QUICK, "--caption", "--step", "output")
    status, out, err = run(*words, "--out", tmp_path / "two.png")
    assert (status, err) == (0, "")
    assert out.count("32 tokens of a text of one’s own") == 2


def test_what_is_set_before_all_variants_is_set_in_all(run, tmp_path):
    words = ("--set", "implementation=textbook", "--variant", "full", "--variant", "full", "--set", "shared_qk=on")
    assert run(*words, *QUICK, "--out", tmp_path / "two.png")[0] == 0
    with Image.open(tmp_path / "two.png") as image:
        panes = json.loads(image.text["Attnscope"])["panes"]
    assert [each["parameters"]["implementation"] for each in panes] == ["textbook", "textbook"]
    assert [each["parameters"]["shared_qk"] for each in panes] == [False, True]


@pytest.mark.parametrize("view", ["difference", "weights-difference"])
def test_variants_are_held_against_the_first(run, tmp_path, view):
    words = ("--variant", "full", "--variant", "longformer", "--set", "window=4", *QUICK, "--width", "120mm")
    status, out, err = run(*words, "--view", view, "--caption", "--out", tmp_path / "apart.svg")
    assert (status, err) == (0, "")
    text = " ".join(ET.fromstring((tmp_path / "apart.svg").read_text(encoding="utf-8")).itertext())
    assert all(word in text for word in (("only", "both") if view == "difference" else ("b − a", "−0.")))
    assert "(b) Difference" in out or "(b) Weights a − b" in out


def test_the_difference_that_is_drawn_is_that_of_the_weights(qapp):
    panes = [replace(each, view="weights-difference") for each in TWO.panes]
    runs = [finished(pane.spec(), 2) for pane in panes]
    first, view = (panel.view for panel in figure_of_panes(runs, panes, Look()).view.panels)
    edges = np.arange(41)
    full, own = (made.cells(WeightsSlice(0, 0, 0, 0, edges, edges)).values for made in runs)
    wanted = np.where(np.isnan(full) & np.isnan(own), np.nan, np.nan_to_num(own) - np.nan_to_num(full))
    assert np.allclose(view.weights.values, wanted, equal_nan=True)
    assert np.allclose(first.weights.values, full, equal_nan=True)  # what the other is held against
    strongest = max(np.nanmax(full), np.nanmax(np.abs(wanted)))
    assert [each.weights.largest for each in (first, view)] == pytest.approx([strongest] * 2)  # one scale


def test_a_view_that_some_have_is_a_pattern_in_the_others_and_one_that_none_has_is_said(run, tmp_path):
    words = ("--variant", "full", "--variant", "longformer", *QUICK, "--out", tmp_path / "two.png")
    status, out, err = run(*words, "--view", "bucket")
    assert (status, out) == (1, "")
    assert err.startswith("attnscope: Full, Longformer has no bucket to show here; it has pattern, weights")
    many = [word for name in ("full", "longformer", "bigbird", "reformer", "performer") for word in ("--variant", name)]
    assert "number of variants must be from 1 to 4" in run(*many, *QUICK, "--out", tmp_path / "many.png")[2]
    assert "--no-caption needs a session" in run(*words, "--no-caption")[2]
    assert list(tmp_path.iterdir()) == []


def test_a_missing_pane_is_a_problem(qapp):
    with pytest.raises(Problem, match="pane must be from 1 to 2, but is 3"):
        figure_of_scene(StageScene("", TWO), Look(), lambda pane: None, 3)
