"""Loading variants from files and from installed packages: what works, and one sentence for whatever does not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from engines.description import GROUP
from engines.headless import finished
from engines.outside.loading import add_file, add_installed
from engines.problems import Problem
from engines.variants import is_from_outside, shipped, variant_named, variants
from tests.engines.conftest import spec
from tests.engines.outside.conftest import FIRST_LINE, source


def test_a_files_variant_stands_after_those_that_ship_and_runs(write):
    variant = add_file(write())
    assert list(variants()) == [*shipped(), "mine"]
    assert variants()["mine"] is variant
    assert is_from_outside("mine")
    assert not is_from_outside("full")
    assert variant.order == max(each.order for each in shipped().values()) + 1
    run, full = (finished(spec(name, 40), threads=1) for name in ("mine", "full"))
    assert run.pattern(0).count() == full.pattern(0).count()
    assert run.steps[-1].data.values.equal(full.steps[-1].data.values)
    assert "torch" not in {name.partition(".")[0] for name in vars(variant.description)}


def test_a_class_is_called(write):
    path = write()
    path.write_text(source().replace("VARIANT = Mine()", "VARIANT = Mine"))
    assert add_file(path).label == "Mine"


def test_an_edited_file_takes_its_own_place(write):
    order = add_file(write()).order
    again = add_file(write("summary = 'Edited.'"))
    assert variant_named("mine") is again
    assert (again.summary, again.order) == ("Edited.", order)
    path = write()
    path.write_text(source().replace('"mine"', '"renamed"'))
    add_file(path)
    assert list(variants()) == [*shipped(), "renamed"]


def test_two_files_have_two_places_and_two_names(write):
    first = add_file(write())
    with pytest.raises(Problem, match=r"other\.py: the name “mine” is taken by mine\.py"):
        add_file(write(name="other.py"))
    assert variant_named("mine") is first
    path = write(name="other.py")
    path.write_text(source().replace('"mine"', '"other"'))
    assert add_file(path).order == first.order + 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"\0\xff", "bad.py is no Python program"),
        (b"\xff", "bad.py is no Python program"),
        (b"def", "is no Python program (invalid syntax, line 1)"),
        (b"a = 1\nb = = 2\n", "line 2"),
        (b"x = 1", "bad.py has no VARIANT"),
        (b"VARIANT = 3", "should give an engines.variant.Variant, but gives int"),
        (b"from engines.study import Study\nVARIANT = Study", "but gives ABCMeta"),
        (b"import no_such_module_as_this", "ModuleNotFoundError: No module named 'no_such_module_as_this' (line 1)"),
        (b"x = 1\ny = x / 0", "bad.py could not be loaded: ZeroDivisionError: division by zero (line 2)"),
        (b"raise SystemExit(3)", "SystemExit: 3 (line 1)"),
        (b"raise ValueError('many\\nlines\\n' * 1000)", "ValueError: many lines many lines"),
        (
            b"from engines.variant import Variant\nclass A(Variant): pass\nVARIANT = A",
            "attend, cost, pattern should be",
        ),
    ],
)
def test_a_file_without_a_variant_is_one_sentence(tmp_path, text, words):
    path = tmp_path / "bad.py"
    path.write_bytes(text)
    with pytest.raises(Problem) as caught:
        add_file(path)
    sentence = str(caught.value)
    assert words in sentence
    assert "\n" not in sentence
    assert len(sentence) < 400
    assert list(variants()) == list(shipped())


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path):
    for path in (tmp_path / "missing.py", tmp_path):
        with pytest.raises(Problem, match="cannot be read"):
            add_file(path)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("name = 'full'", "the name “full” is taken by Full"),
        ("name = 'Mine'", "name should be a name of small letters"),
        ("name = None", "name should be a name"),
        ("name = ['a']", "name should be a name"),
        ("label = ''", "label should be text"),
        ("paper = 'Me 2026'", "paper should be a Paper"),
        ("paper = Paper('a', 'b', '2026', '')", "paper should be a Paper"),
        ("summary = 3", "summary should be text"),
        ("complexity = None", "complexity should be text, but is missing"),
        ("settings = [1]", "settings should be Parameters"),
        ("settings = (Parameter('a', 'integer', 1, 'A', 'a'),) * 2", "each with a name of its own"),
        ("settings = (Parameter('a', 'integer', 0, 'A', 'a', minimum=1),)", "A must be a whole number of at least 1"),
        ("settings = (Parameter('a', 'number', 0, 'A', 'a'),)", "its kind should be one of"),
        ("settings = (Parameter('a', 'choice', 'x', 'A', 'a'),)", "parameter a should be one that a person can set"),
        ("settings = (Parameter('seed', 'integer', 0, 'A', 'a'),)", "“seed” is the run’s own"),
        ("settings = (Parameter('a b', 'integer', 0, 'A', 'a'),)", "its name should be small letters"),
        ("masks = ()", "masks should be “causal”"),
        ("masks = ('causal', 'striped')", "masks should be “causal”"),
        ("step_names = ['a']", "step_names should be names"),
        ("implied_weights = 1", "implied_weights should be True or False"),
        ("studies = (1,)", "studies should be Studies"),
        ("mask_study = 'nothing'", "mask_study should be the name of a study"),
        ("class Name(str): pass\nname = Name('mine')", "name should be a name"),
        ("def __init__(self): raise OSError('no')", "OSError: no"),
    ],
)
def test_what_is_declared_is_checked(write, body, words):
    with pytest.raises(Problem) as caught:
        add_file(write(body))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "mine.py" in str(caught.value)
    assert list(variants()) == list(shipped())


def test_a_line_is_that_of_the_users_own_file(write):
    with pytest.raises(Problem, match=rf"KeyError: 'no' \(line {FIRST_LINE + 1}\)"):
        add_file(write("import os\nvalue = os.environ['no']"))


# Packages -----------------------------------------------------------------------------------------------------------


def install(folder: Path, text: str, points: str) -> None:
    """A package with entry points, as an installer leaves it."""
    folder.mkdir(exist_ok=True)
    (folder / "somebodys_package.py").write_text(text, encoding="utf-8")
    info = folder / "somebodys-1.0.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: somebodys\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{GROUP}]\n{points}\n")


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Installs a package for this process; its module is forgotten afterwards."""

    def install_one(text: str, points: str = "mine = somebodys_package:VARIANT") -> None:
        install(tmp_path / "site", text, points)
        monkeypatch.syspath_prepend(str(tmp_path / "site"))

    yield install_one
    sys.modules.pop("somebodys_package", None)


def test_an_installed_package_offers_variants(installed):
    installed(source(), "mine = somebodys_package:VARIANT")
    added, problems = add_installed()
    assert problems == []
    assert [variant.name for variant in added] == ["mine"]
    assert added[0].description.source == "somebodys (somebodys_package:VARIANT)"
    assert list(variants()) == [*shipped(), "mine"]


def test_a_broken_package_costs_only_itself(installed):
    installed(source(), "a = somebodys_package:NOBODY\nb = missing_package:X\nc = somebodys_package:Mine")
    added, problems = add_installed()
    assert [variant.name for variant in added] == ["mine"]
    assert ["AttributeError" in str(problems[0]), "ModuleNotFoundError" in str(problems[1])] == [True, True]
    assert all("somebodys (" in str(problem) for problem in problems)


def test_nothing_is_loaded_before_somebody_asks(installed):
    installed("raise SystemExit")
    assert list(variants()) == list(shipped())
    assert "somebodys_package" not in sys.modules
    assert "SystemExit (line 1)" in str(add_installed()[1][0])
