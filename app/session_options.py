"""A session on the command line, in place of the options that say what is run and shown."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engines.problems import Problem

if TYPE_CHECKING:
    from app.documents import Opened
    from app.stored_runs import StoredRuns

OF_A_RUN = (
    *("variant", "variants", "text", "sample", "length", "settings", "causal", "bidirectional", "layer", "head"),
    *("seed", "device", "dtype", "weights", "view", "token", "step", "log"),
)
"""What a session says itself, by the names of the options."""
OF_A_SESSION = ("scene", "pane", "no_caption", "results")
BESIDE = ""  # the results are in the file beside the session
FLAGS = {"variants": "--variant", "settings": "--set"}  # others are called as they are written


def add_session(command: argparse.ArgumentParser, help_: str) -> None:
    """The session, and which part of it."""
    command.add_argument("session", nargs="?", type=Path, metavar="SESSION", help=f"a .attnscope file: {help_}")
    command.add_argument("--scene", type=int, default=0, metavar="NUMBER", help="one scene of the session, from 1")
    command.add_argument("--pane", type=int, default=0, metavar="NUMBER", help="one pane of the session alone, from 1")
    command.add_argument(
        "--results",
        nargs="?",
        const=BESIDE,
        metavar="FILE",
        help="draw what was recorded, and say so, where FILE holds all of it, without running anything; without FILE "
        "the results beside the session",
    )


def check_options(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """A Problem where an option has no part here: one of a run beside a session, or one of a session without it.

    A session right behind ``--results`` was taken for its file, and is the session all the same.
    """
    from app.documents import SUFFIX

    if options.session is None and options.results and Path(options.results).suffix.lower() == SUFFIX:
        options.session, options.results = Path(options.results), BESIDE
    apart = OF_A_SESSION if options.session is None else OF_A_RUN
    given = [name for name in apart if getattr(options, name, None) != parser.get_default(name)]
    if given:
        flags = ", ".join(dict.fromkeys(FLAGS.get(name, "--" + name.replace("_", "-")) for name in given))
        raise Problem("needs_a_session" if options.session is None else "session_says_it", options=flags)


def opened(path: Path) -> Opened:
    """What a file holds; a Problem where it needs a variant that is not here. Weights left closed are told of."""
    from app.cli import PROGRAM
    from app.documents import read_session

    found = read_session(path)
    if found.missing.name:
        raise Problem("session_needs_variant", name=found.missing.name)
    for folder in found.folders:
        print(f"{PROGRAM}: {Problem('session_weights', folder=folder)}", file=sys.stderr)
    return found


def results_of(options: argparse.Namespace, found: Opened) -> StoredRuns | None:
    """The recorded runs that are asked for; None where none are, a Problem where they cannot be read."""
    from app.results import beside, stored_results

    if options.results is None:
        return None
    return stored_results(Path(options.results) if options.results != BESIDE else beside(options.session), found)


def tell_run_now(what: str) -> None:
    """That something was not recorded whole, though recorded runs were asked for."""
    from app.cli import PROGRAM

    print(f"{PROGRAM}: {what}: {Problem('not_all_recorded')}", file=sys.stderr)


def chosen(what: str, number: int, among: Sequence[object]) -> int:
    """The place from 0 of what is counted from 1, −1 for none; a Problem where there are not so many."""
    if not 0 <= number <= len(among):
        raise Problem("bad_number", what=what, smallest=1, largest=len(among), value=number)
    return number - 1
