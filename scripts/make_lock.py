"""Remake requirements.lock: install what pyproject.toml asks for into an empty environment, and freeze that.

    make lock

torch stays at the version in the file (a newer one may be gigabytes larger, and every measure is tied to it); give
another with --torch. Comments at the head of the file are kept.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"


def wanted() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    tools = project["project"]["optional-dependencies"]["dev"]
    return [*project["project"]["dependencies"], *tools, *project["build-system"]["requires"]]


def frozen(requirements: list[str]) -> list[str]:
    """What pip installs for these, pinned, without build tags."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = [str(Path(folder) / "bin" / "python"), "-m", "pip"]
        subprocess.run([*pip, "install", "--quiet", *requirements], check=True)
        listed = subprocess.run([*pip, "freeze", "--all"], check=True, capture_output=True, text=True).stdout
    pins = [re.sub(r"\+[a-z0-9.]+$", "", line) for line in listed.splitlines()]
    # pip is the environment's own, and NVIDIA's libraries and triton follow from torch's build
    return sorted((pin for pin in pins if not re.match(r"(pip|nvidia|cuda|triton)\b", pin)), key=str.lower)


def main() -> None:
    parser = argparse.ArgumentParser(description="Remake requirements.lock.")
    current = re.search(r"^torch==(\S+)", LOCK.read_text(), re.MULTILINE)
    parser.add_argument("--torch", default=current.group(1) if current else None)
    options = parser.parse_args()
    comments = [line for line in LOCK.read_text().splitlines() if line.startswith("#")]
    pins = frozen([*wanted(), f"torch=={options.torch}"])
    LOCK.write_text("\n".join([*comments, *pins]) + "\n")
    print(f"requirements.lock: {len(pins)} packages")


if __name__ == "__main__":
    main()
