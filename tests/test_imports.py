"""Who may import whom, and that the window's process never loads torch."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NEEDS_TORCH_AT_ONCE = {"engines.train"}  # the command that trains the shipped weights: nobody imports it

IMPORT_ALL = """
import importlib, pkgutil, sys
import app, engines, widgets
found = ["main"]
for package in (app, widgets, engines):
    found += [module.name for module in pkgutil.walk_packages(package.__path__, package.__name__ + ".")]
for name in sorted(set(found) - set(sys.argv[1:])):
    importlib.import_module(name)
    if "torch._C" in sys.modules:
        sys.exit(f"{name} loads torch when it is imported")
from engines.variants import variants
for variant in variants().values():
    variant.parameters()
if "torch._C" in sys.modules:
    sys.exit("reading the parameters of the variants loads torch")
print(len(found))
"""


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_contracts_hold() -> None:
    checked = run(str(Path(sys.executable).with_name("lint-imports")), "--no-cache")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_nothing_that_the_window_may_import_loads_torch() -> None:
    imported = run(sys.executable, "-c", IMPORT_ALL, *NEEDS_TORCH_AT_ONCE)
    assert imported.returncode == 0, imported.stderr
    assert int(imported.stdout) > 20


def test_engines_never_load_qt() -> None:
    source = IMPORT_ALL.replace('found = ["main"]', "found = []").replace("(app, widgets, engines)", "(engines,)")
    source = source.replace("import app, engines, widgets", "import engines") + "\nprint('PySide6' in sys.modules)"
    imported = run(sys.executable, "-c", source, *NEEDS_TORCH_AT_ONCE)
    assert imported.returncode == 0, imported.stderr
    assert imported.stdout.split()[-1] == "False"
