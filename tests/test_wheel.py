"""The wheel: what ships is all there, and works without the source tree."""

import json
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

READ_EVERYTHING = """
import json, sys
sys.path[:0] = sys.argv[1:3]
import engines
from engines.samples import read_sample, samples
from engines.variants import variants
from importlib.resources import files
folders = ("samples", "fonts", "translations")
shipped = [found.name for folder in folders for found in (files("resources") / folder).iterdir()]
print(json.dumps({
    "engines": engines.__file__,
    "samples": {sample.id: len(read_sample(sample.id)) for sample in samples()},
    "variants": list(variants()),
    "resources": sorted(shipped),
}))
"""


def run(*command: str, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built offline from a copy without build/, from which a deleted file could come back."""
    copy, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in run(
        "git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT
    ).split("\0"):
        if name and (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, copy / name)
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps", "--no-build-isolation")
    run(*pip, "--wheel-dir", str(out), str(copy), cwd=out)
    return next(out.glob("*.whl"))


def test_ships_the_packages_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"app", "widgets", "engines", "resources", "main.py"}
    entry_points = next(name for name in names if name.endswith("entry_points.txt"))
    assert "attnscope = main:main" in zipfile.ZipFile(wheel).read(entry_points).decode()


def test_works_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    """-S leaves out the editable install, which would lend the source tree."""
    target = tmp_path / "installed"
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", str(target))
    run(*pip, str(wheel), cwd=tmp_path)
    packages = sysconfig.get_paths()["purelib"]
    seen = json.loads(run(sys.executable, "-S", "-c", READ_EVERYTHING, str(target), packages, cwd=tmp_path))
    assert Path(seen["engines"]).is_relative_to(target)
    listed = json.loads((ROOT / "resources" / "samples" / "samples.json").read_text(encoding="utf-8"))
    assert list(seen["samples"]) == [entry["id"] for entry in listed]
    assert all(seen["samples"].values())
    files = {path.stem.replace("_", "-") for path in (ROOT / "engines" / "variants").glob("[!_]*.py")}
    assert set(seen["variants"]) == files
    shipped = (
        path.name for folder in ("samples", "fonts", "translations") for path in (ROOT / "resources" / folder).iterdir()
    )
    assert seen["resources"] == sorted(shipped)
