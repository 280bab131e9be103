"""Reduced motion: what would move on its own jumps. The choice is the person's, and stays when a session is opened.

Qt 6.11 does not tell what the system prefers (its accessibility hints know contrast alone), so nothing is guessed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.kept_choices import keep, kept
from engines.problems import Problem

if TYPE_CHECKING:
    from app.controller import Controller
    from app.presenting import Presenting

FILE, REDUCED, FULL = "motion", "reduced", "full"


class Motion:
    """Tells all that moves on its own whether it may: panes, the way to a scene, the playhead."""

    def __init__(self, controller: Controller, presenting: Presenting) -> None:
        self.controller, self.presenting = controller, presenting
        self.reduced = False
        self.set_reduced(kept(controller.storage.folder, FILE) == REDUCED)

    def set_reduced(self, reduced: bool) -> None:
        """What is on its way is there at once."""
        self.reduced = reduced
        self.controller.window.pane_area.set_animated(not reduced)
        self.presenting.transition.set_animated(not reduced)
        self.controller.playback.set_stepwise(reduced)

    def toggle(self) -> None:
        """The other one, from now on and at the next start; what cannot be kept is said."""
        self.set_reduced(not self.reduced)
        try:
            keep(REDUCED if self.reduced else FULL, self.controller.storage.folder, FILE)
        except Problem as problem:
            self.controller.show_problem(problem)
