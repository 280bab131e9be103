"""Files that are there already: a command replaces none of them without being told to, or asking."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from engines.problems import Problem


def add_force(command: argparse.ArgumentParser) -> None:
    """The option that answers the question beforehand."""
    command.add_argument("--force", action="store_true", help="replace a file that is there already, without asking")


def check_free(path: Path, force: bool) -> None:
    """Ask whoever sits at a terminal whether a file may be replaced; a Problem where it may not, or nobody is there.

    Before anything is run: nobody should wait for a run that leads nowhere.
    """
    if force or not os.path.exists(path):  # a name that cannot be is said when it is written
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty() and replaced(path)):
        raise Problem("file_is_there", path=str(path))


def replaced(path: Path) -> bool:
    """Whether somebody says yes; on standard error, since standard output is the paths that were written."""
    print(f"{path} is there already. Replace it? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")
