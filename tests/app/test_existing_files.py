"""What is there already: asked about at a terminal, kept elsewhere, and nothing is run for nothing."""

import io

import pytest

import main
from app import existing_files
from engines.problems import Problem

COMMANDS = {
    "render": ("picture.png", ()),
    "animate": ("film.gif", ("--size", "160x120", "--fps", "10", "--seconds", "0.5")),
    "data": ("data.npz", ()),
}


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_keeps_what_is_there_unless_it_is_forced(tmp_path, monkeypatch, capsys, command):
    name, more = COMMANDS[command]
    out = tmp_path / name
    out.write_bytes(b"old")
    words = [command, "--length", "16", "--threads", "2", *more, "--out", str(out)]
    with monkeypatch.context() as patched:
        patched.setattr("engines.headless.finished", None)  # it says no before anything is run
        assert main.main(words) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == (
        f"attnscope: {out} is there already, and was kept; choose another place, or replace it with --force.\n"
    )
    assert out.read_bytes() == b"old"
    assert main.main([*words, "--force"]) == 0
    assert capsys.readouterr().out == f"{out}\n"
    assert out.read_bytes() != b"old"


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", ["", ".", "..", "there/..", "long" * 100 + ".png"])
def test_a_name_that_no_file_can_have_is_one_sentence(tmp_path, monkeypatch, capsys, command, name):
    monkeypatch.chdir(tmp_path)
    suffix = COMMANDS[command][0].partition(".")[2]
    out = name.replace("png", suffix)
    assert main.main([command, "--length", "16", "--threads", "2", *COMMANDS[command][1], "--out", out]) == 1
    printed = capsys.readouterr().err
    assert "could not be saved: " in printed
    assert "Traceback" not in printed
    assert not list(tmp_path.iterdir())


def test_a_snippet_that_is_there_is_kept_too(tmp_path, capsys):
    (tmp_path / "data.npz.py").write_text("mine")
    words = ["data", "--length", "16", "--snippet", "--out", str(tmp_path / "data")]
    assert main.main(words) == 1
    assert "data.npz.py is there already" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["data.npz.py"]


@pytest.mark.parametrize(
    ("answer", "taken"), [("y\n", True), ("Yes\n", True), ("\n", False), ("n\n", False), ("", False)]
)
def test_whoever_sits_at_a_terminal_is_asked(tmp_path, monkeypatch, answer, taken):
    path, asked = tmp_path / "picture.png", Terminal()
    path.write_bytes(b"old")
    monkeypatch.setattr(existing_files.sys, "stdin", Terminal(answer))
    monkeypatch.setattr(existing_files.sys, "stderr", asked)
    if taken:
        existing_files.check_free(path, force=False)
    else:
        with pytest.raises(Problem, match="is there already, and was kept"):
            existing_files.check_free(path, force=False)
    assert asked.getvalue() == f"{path} is there already. Replace it? [y/N] "


def test_nobody_is_asked_where_answers_do_not_come_from_a_terminal(tmp_path, monkeypatch):
    path = tmp_path / "picture.png"
    path.write_bytes(b"old")
    monkeypatch.setattr(existing_files.sys, "stdin", io.StringIO("y\n"))
    monkeypatch.setattr(existing_files.sys, "stderr", Terminal())
    with pytest.raises(Problem):
        existing_files.check_free(path, force=False)
    existing_files.check_free(tmp_path / "new.png", force=False)
