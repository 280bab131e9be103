"""The commands, as a person and a script type them."""

from __future__ import annotations

import gc
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

import main
from app import cli
from engines.variants import variants

ROOT = Path(main.__file__).parent
QUICK = ("--length", "32", "--threads", "2")


@pytest.fixture
def run(attnscope):
    return attnscope


def one_line(err):
    assert err.startswith("attnscope: ")
    assert err.count("\n") == 1
    return err


# Variants -----------------------------------------------------------------------------------------------------------


def test_variants_lists_every_variant_and_parameter(run):
    status, out, err = run("variants")
    assert (status, err) == (0, "")
    for name, variant in variants().items():
        assert name in out
        for setting in variant.settings:
            assert f"--set {setting.name}=" in out
    assert "--set buckets=auto" in out


def test_variants_as_json(run):
    status, out, _ = run("variants", "--json")
    assert status == 0
    listed = {each["name"]: each for each in json.loads(out)}
    assert set(listed) == set(variants())
    assert {"name", "kind", "default", "minimum", "help"} <= set(listed["longformer"]["parameters"][0])


# Run ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("variant", list(variants()))
def test_run_as_json_has_steps_numbers_and_cards(run, variant):
    status, out, err = run("run", "--variant", variant, *QUICK, "--budget", "2", "--json")
    assert (status, err) == (0, "")
    told = json.loads(out)
    assert [step["name"] for step in told["steps"]] == list(variants()[variant].step_names)
    assert 0 < told["pairs_kept"] <= (32 * 33 // 2 if "causal" in variants()[variant].masks else 32 * 32)
    assert told["pairs_computed"] > 0
    own, fused, textbook = told["measurements"]
    assert (own["series"], fused["series"], textbook["series"]) == ("variant", "fused", "textbook")
    for each in told["measurements"]:
        assert each["seconds"] > 0
        assert each["peak_bytes"] > 0
        assert {"torch", "device", "threads", "seed"} <= set(each["card"])


def test_run_in_words(run):
    status, out, _ = run("run", "--variant", "longformer", *QUICK, "--set", "window=8", "--budget", "0.05")
    assert status == 0
    assert out.startswith("steps     window → global → softmax → output")
    assert "peak memory" in out
    assert "full, textbook" in out


def test_text_from_standard_input(run, monkeypatch):
    class Typed:
        buffer = io.BytesIO("静夜思 half \xff".encode() + b"\xe5")

    monkeypatch.setattr(sys, "stdin", Typed)
    status, out, _ = run("run", "--text", "-", *QUICK, "--budget", "0.05", "--json")
    assert status == 0
    assert 3 < json.loads(out)["text_tokens"] <= 32


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--variant", "nobody"), "There is no variant “nobody”"),
        (("--text", "/no/such/file"), "cannot be read"),
        (("--text", "/"), "cannot be read"),
        (("--set", "window"), "NAME=VALUE"),
        (("--set", "window=0"), "Window must be"),
        (("--set", "height=3"), "has no parameter"),
        (("--sample", "nothing"), "There is no sample"),
        (("--length", "0"), "whole number from 8"),
        (("--length", "-3"), "whole number from 8"),
        (("--length", "2000000"), "1,048,576"),
        (("--layer", "0"), "layer must be from 1"),
        (("--layer", "99"), "layer must be from 1"),
        (("--head", "0"), "head must be from 1"),
        (("--device", "cuda:77"), "no device cuda:77"),
        (("--device", "toaster"), "no device toaster"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_status_1(run, words, said):
    status, out, err = run("run", *words)
    assert (status, out) == (1, "")
    assert said in one_line(err)


@pytest.mark.parametrize("content", [b"", b"\0\0"], ids=["empty", "binary"])
def test_a_file_that_is_no_text(run, tmp_path, content):
    (tmp_path / "text.txt").write_bytes(content)
    status, _, err = run("run", "--text", str(tmp_path / "text.txt"))
    assert status == 1
    one_line(err)


@pytest.mark.parametrize(
    "words",
    [
        ("jump",),
        ("run", "--length", "many"),
        ("run", "--text", "a", "--sample", "b"),
        ("run", "--dtype", "int3"),
        ("run", "--threads", "-1"),
        ("render",),
        ("render", "--out", "x.png", "--size", "12"),
        ("render", "--out", "x.png", "--size", "1x1"),
        ("render", "--out", "x.png", "--dpi", "0"),
        ("render", "--out", "x.png", "--dpi", "nan"),
    ],
)
def test_wrong_usage_is_status_2(run, words):
    status, out, err = run(*words)
    assert (status, out) == (2, "")
    assert "usage: attnscope" in err


# Render -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", ["pattern", "weights", "buckets"])
@pytest.mark.parametrize(("size", "dpi", "theme"), [((400, 300), 72, "dark"), ((900, 1300), 200, "light")])
def test_any_view_at_any_size(run, tmp_path, qapp, view, size, dpi, theme):
    path = tmp_path / "picture.png"
    words = (
        "render",
        "--variant",
        "reformer",
        *QUICK,
        "--layer",
        "3",
        "--view",
        view,
        "--size",
        f"{size[0]}x{size[1]}",
    )
    more = ("--dpi", str(dpi), "--theme", theme, "--token", "5", "--out", str(path))
    status, out, err = run(*words, *more)
    assert (status, out.strip(), err) == (0, str(path), "")
    image = QImage(str(path))
    assert (image.width(), image.height()) == size
    assert image.dotsPerMeterX() == round(dpi / 0.0254)
    told = json.loads(image.text("Attnscope"))
    assert (told["variant"], told["tokens"], told["layer"], told["head"]) == ("reformer", 32, 3, 1)
    colours = {image.pixelColor(x, y).name() for x in range(0, size[0], 7) for y in range(0, size[1], 7)}
    assert len(colours) > 5
    first = path.read_bytes()
    assert run(*words, *more, "--force")[0] == 0
    assert path.read_bytes() == first


@pytest.mark.parametrize(("name", "head"), [("figure.svg", b"<?xml"), ("figure.pdf", b"%PDF-")])
def test_a_figure_for_a_paper_with_what_stands_below_it(run, tmp_path, qapp, name, head):
    path = tmp_path / name
    words = ("render", "--variant", "reformer", *QUICK, "--width", "60mm", "--type", "7pt", "--out", str(path))
    status, out, err = run(*words, "--caption", "--bibtex")
    assert (status, err) == (0, "")
    written, caption, *entry = out.splitlines()
    assert written == str(path)
    assert path.read_bytes().startswith(head)
    assert caption.startswith("Reformer, ")
    assert "% of the causal pairs kept; layer 2, head 1, 32 tokens of" in caption
    assert entry[0] == "@inproceedings{kitaev2020reformer,"


def test_a_width_and_an_extension_make_an_image_of_that_width(run, tmp_path, qapp):
    words = ("render", *QUICK, "--width", "2in", "--dpi", "100", "--format", "png", "--no-title")
    assert run(*words, "--out", str(tmp_path / "figure"))[1].strip() == str(tmp_path / "figure.png")
    image = QImage(str(tmp_path / "figure.png"))
    assert image.width() == 200
    assert image.pixelColor(0, 0).name() == "#ffffff"


def test_one_panel_of_a_study(run, tmp_path, qapp):
    words = ("render", *QUICK, "--view", "key-mass", "--width", "60mm", "--out")
    whole, one = tmp_path / "whole.svg", tmp_path / "one.svg"
    assert run(*words, str(whole))[0] == run(*words, str(one), "--panel", "2")[0] == 0
    assert whole.read_text().count("<text") > one.read_text().count("<text")
    assert "panel must be from 1 to 2" in run(*words, str(tmp_path / "no.svg"), "--panel", "3")[2]


def test_a_step_is_drawn_as_far_as_it_is(run, tmp_path, qapp):
    words = ("render", "--variant", "longformer", *QUICK, "--set", "window=4", "--size", "400x300")
    pictures = []
    for step in ("window", "global", "output"):
        assert run(*words, "--step", step, "--out", str(tmp_path / step))[0] == 0
        pictures.append((tmp_path / f"{step}.png").read_bytes())
    assert pictures[0] != pictures[1] == pictures[2]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--variant", "full", "--view", "buckets"), "has no buckets"),
        (("--step", "dance"), "There is no step “dance”; there are window, global"),
        (("--out", "/no/such/folder/x.png"), "could not be saved"),
        (("--token", "99"), "token must be from"),
        (("--width", "84"), "A size is a number with mm"),
        (("--type", "8mm"), "A type size is from 2 to 72 points"),
    ],
)
def test_a_picture_that_cannot_be_made(run, tmp_path, qapp, words, said):
    status, out, err = run("render", *QUICK, "--out", str(tmp_path / "x.png"), *words)
    assert (status, out) == (1, "")
    assert said in one_line(err)
    assert list(tmp_path.iterdir()) == []


# Without a screen ---------------------------------------------------------------------------------------------------


def environment(**more):
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return {**{name: value for name, value in os.environ.items() if name not in screens}, **more}


@pytest.mark.parametrize(
    ("platform", "screens", "there"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"QT_QPA_PLATFORM": "offscreen"}, True),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_where_a_window_could_open(monkeypatch, platform, screens, there):
    monkeypatch.setattr(cli.sys, "platform", platform)
    monkeypatch.setattr(cli.os, "environ", environment(**screens))
    assert cli.has_display() is there


@pytest.mark.parametrize(("words", "language"), [([], ""), (["--language", "zh_CN"], "zh_CN")])
def test_the_window_opens_in_a_language(monkeypatch, words, language):
    asked = []
    monkeypatch.setattr(cli, "has_display", lambda: True)
    monkeypatch.setattr("app.window.open_window", lambda language, path: asked.append((language, gc.isenabled())) or 0)
    assert cli.main(words) == 0
    assert asked == [(language, False)]
    assert gc.isenabled()


def test_without_a_display_the_default_picture_is_drawn(tmp_path):
    script = "import sys, app.cli, main; app.cli.has_display = lambda: False; sys.exit(main.main([]))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path, env=environment(PYTHONPATH=str(ROOT)), capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("\n") == 1
    assert "no display" in done.stderr
    assert done.stdout.strip() == str(tmp_path / "attnscope.png")
    assert (tmp_path / "attnscope.png").stat().st_size > 5_000


def test_a_script_gets_one_sentence_on_standard_error():
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "run", "--text", "-"],
        input="", cwd=ROOT, env=environment(), capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "attnscope: There is no text to run on; type some, or choose a sample.\n"


def test_the_windows_process_never_loads_torch():
    script = (
        "import sys\n"
        "from PySide6.QtWidgets import QApplication\n"
        "application = QApplication([])\n"
        "from app.storage import Storage\n"
        "from app.window import build\n"
        "window, commands = build(Storage(None))\n"
        "window.show()\n"
        "application.processEvents()\n"
        "for view in ('weights', 'buckets', 'pattern'):\n"
        "    commands.controller.set_view(view)\n"
        "for name in ('full', 'longformer', 'reformer'):\n"
        "    commands.controller.set_variant(name)\n"
        "print('torch._C' in sys.modules, any(name.split('.')[0] == 'torch' for name in sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment(QT_QPA_PLATFORM="offscreen"),
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["False", "False"]


def test_a_display_is_looked_for(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert not cli.has_display()
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert cli.has_display()


def test_a_file_in_a_commands_place_is_opened_in_the_window(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr("app.window.open_window", lambda language, path: asked.append((language, path)) or 0)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    text = tmp_path / "words.txt"
    text.write_text("to be", encoding="utf-8")
    for argv in (
        ["talk.attnscope"],
        [str(text)],
        ["--language", "zh_CN", "talk.attnscope"],
        ["--open", "talk.attnscope"],
    ):
        assert main.main(argv) == 0
    talk = "talk.attnscope"
    assert asked == [("", talk), ("", str(text)), ("zh_CN", talk), ("", talk)]
    with pytest.raises(SystemExit):
        main.main(["no-such-command"])
