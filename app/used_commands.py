"""Which commands of the palette were used last, kept between starts by names that no language changes."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from app.kept_choices import keep, kept
from engines.problems import Problem
from widgets.command_palette import MOST_USED, CommandPalette

if TYPE_CHECKING:
    from app.controller import Controller

FILE = "commands.json"


def remember_used(palette: CommandPalette, controller: Controller) -> None:
    """Give the palette what was used before, and keep what is used from now on."""
    palette.used = used_before(kept(controller.storage.folder, FILE))
    palette.used_changed.connect(partial(keep_used, controller))


def used_before(words: str) -> list[str]:
    """The names in a kept file, the most recent first; none where it holds something else."""
    try:
        names = json.loads(words or "[]")
    except (ValueError, RecursionError):
        return []
    return [name for name in names if isinstance(name, str)][:MOST_USED] if isinstance(names, list) else []


def keep_used(controller: Controller, names: list[str]) -> None:
    try:
        keep(json.dumps(names), controller.storage.folder, FILE)
    except Problem as problem:
        controller.show_problem(problem)
