"""What setting up says and does where something is missing."""

import os
import runpy
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


@pytest.fixture
def find_libraries(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, list[str]]]:
    """The script run on a Linux that lacks some libraries; gives its exit status and the calls of apt-get."""

    def run(missing: set[str], root: bool, apt_get: bool, repairs: bool = True) -> tuple[int, list[str]]:
        module = SimpleNamespace(**runpy.run_path(str(SCRIPTS / "find_libraries.py")))
        calls: list[str] = []

        def pretend_apt_get(action: str) -> bool:
            calls.append(action)
            if repairs and action == "install":
                missing.clear()
            return repairs

        inside = module.main.__globals__
        inside["loads"] = lambda source: not any(library in source for library in missing)
        inside["apt_get"] = pretend_apt_get
        monkeypatch.setattr(sys, "platform", "linux")
        monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000)
        monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}" if apt_get else None)
        return module.main(), calls

    return run


QT, SCREEN = "QtWidgets", "libqxcb"


def test_nothing_is_called_where_all_is_there(find_libraries: Callable[..., tuple[int, list[str]]]) -> None:
    assert find_libraries(set(), root=True, apt_get=True) == (0, [])


def test_root_with_apt_get_installs(find_libraries: Callable[..., tuple[int, list[str]]]) -> None:
    status, calls = find_libraries({QT, SCREEN}, root=True, apt_get=True)
    assert status == 0
    assert calls[-1] == "install"


@pytest.mark.parametrize(("missing", "expected"), [({QT, SCREEN}, 1), ({SCREEN}, 3)])
def test_others_read_the_one_line_to_type(
    missing: set[str],
    expected: int,
    find_libraries: Callable[..., tuple[int, list[str]]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert find_libraries(missing, root=False, apt_get=True) == (expected, [])
    said = capsys.readouterr().err.strip()
    assert "\n" not in said
    assert "Type: sudo apt-get install -y libglib2.0-0 libgl1" in said


def test_an_installation_that_fails_is_tried_again_with_fresh_lists(
    find_libraries: Callable[..., tuple[int, list[str]]], capsys: pytest.CaptureFixture[str]
) -> None:
    status, calls = find_libraries({QT, SCREEN}, root=True, apt_get=True, repairs=False)
    assert (status, calls[-3:]) == (1, ["install", "update", "install"])
    assert "Type: apt-get install -y" in capsys.readouterr().err


def test_without_apt_get_the_packages_are_named(
    find_libraries: Callable[..., tuple[int, list[str]]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert find_libraries({SCREEN}, root=True, apt_get=False) == (3, [])
    assert "libxcb-cursor0" in capsys.readouterr().err


def test_an_old_python_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer, but this is 3\.9"):
        runpy.run_path(str(SCRIPTS / "install_packages.py"), run_name="__main__")


def test_a_python_without_venv_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    module = runpy.run_path(str(SCRIPTS / "install_packages.py"))
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(SystemExit, match=r"apt-get install python3\.11-venv"):
        module["make_environment"]("3.11")
