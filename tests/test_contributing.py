"""The example in CONTRIBUTING.md works as it stands there: the variant, its test, and the checks of the house."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from itertools import product
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the engines with the example's two files in their places."""
    variant, test = re.findall(
        r"```python\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.DOTALL
    )
    tree = tmp_path_factory.mktemp("tree")
    for name in ("engines", "tests/engines"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__", "test_*.py"))
    for name in ("pyproject.toml", "tests/__init__.py"):
        shutil.copyfile(ROOT / name, tree / name)
    (tree / "engines/variants/local.py").write_text(variant, encoding="utf-8")
    (tree / "tests/engines/variants/test_local.py").write_text(test, encoding="utf-8")
    return tree


def run(tree: Path, *command: str) -> str:
    done = subprocess.run([sys.executable, *command], cwd=tree, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def load(name: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    return module


def cases(test: FunctionType) -> Iterator[dict[str, Any]]:
    """The arguments of every case that a test's parametrize marks make."""
    marks = [mark.args for mark in getattr(test, "pytestmark", [])]
    for values in product(*(values for _, values in marks)):
        pairs = zip((names for names, _ in marks), values, strict=True)
        yield {k: v for n, x in pairs for k, v in ([(n, x)] if isinstance(n, str) else zip(n, x, strict=True))}


def test_the_example_passes_its_own_test(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load("engines.variants.local", tree / "engines/variants/local.py", monkeypatch)
    module = load("example_test_local", tree / "tests/engines/variants/test_local.py", monkeypatch)
    calls = [(test, case) for name, test in vars(module).items() if name.startswith("test_") for case in cases(test)]
    assert len(calls) == 2 * 3 * 2 + 1
    for test, case in calls:
        test(**case)


def test_the_example_is_found_without_loading_torch(tree: Path) -> None:
    source = "import sys; from engines.variants import variants; print(*variants(), 'torch._C' in sys.modules)"
    names = run(tree, "-c", source).split()
    assert "local" in names
    assert names[-1] == "False"


def test_the_example_is_as_clean_as_the_house(tree: Path) -> None:
    files = ("engines/variants/local.py", "tests/engines/variants/test_local.py")
    run(tree, "-m", "ruff", "check", "--no-cache", *files)
    run(tree, "-m", "ruff", "format", "--check", "--no-cache", *files)
