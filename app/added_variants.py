"""Variants from outside, in the window: asked of the engine, known here by their description, chosen once added.

Their code never runs in this process. Files are added for this session only, by the command of that name: neither a
session nor a text can bring one.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject

from app import panels
from app.controller import Controller
from app.missing_variants import Missing, still_fitting, with_variants_back
from app.session import DEFAULT_VARIANT
from engines.description import DescribedVariant, VariantDescription
from engines.messages import Failed, Ready, Reply, VariantAdded
from engines.problems import Problem
from engines.variants import register, variant_named, variants

MESSAGE = "added variant"


class AddedVariants(QObject):
    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self.controller = controller
        self.asked: set[int] = set()  # ids of the files that were added
        self.unanswered: set[int] = set()
        self.told: set[str] = set()  # what was wrong with packages, said once
        self.missing: Missing = controller.storage.missing
        controller.client.replied.connect(self.take)

    def add(self, path: str) -> None:
        """Ask the engine to run a file and add its variant."""
        self.controller.window.message_bar.clear(MESSAGE)
        number = self.controller.client.add_variant(path)
        self.asked.add(number)
        self.unanswered.add(number)

    def take(self, reply: Reply) -> None:
        """The engine's answer; after a restart it tells of the same files again."""
        if isinstance(reply, Ready):
            self.take_installed(reply)
        elif isinstance(reply, VariantAdded):
            self.know(reply.description)
            if reply.id in self.unanswered or self.controller.pane.variant not in variants():
                self.choose(reply.description.name)
            self.unanswered.discard(reply.id)
        elif isinstance(reply, Failed) and reply.id in self.asked:
            self.unanswered.discard(reply.id)
            self.controller.show_problem(reply.problem, MESSAGE)

    def take_installed(self, reply: Ready) -> None:
        """What packages offer; the session's own variants are shown again as soon as they are among them."""
        for description in reply.installed:
            self.know(description)
        if reply.installed:
            panels.show_bar(self.controller.window, self.controller.pane, self.controller.theme)
        for problem in reply.problems:
            if str(problem) not in self.told:
                self.controller.show_problem(problem, MESSAGE)
                self.told.add(str(problem))
        missing, controller = self.missing, self.controller
        if not missing.name:
            return
        self.missing = replace(missing, name="", places=())
        controller.set_session(with_variants_back(controller.session, missing.places), record=False)
        still = [name for name in missing.places if name and name not in variants()]
        if still:
            shown = variant_named(DEFAULT_VARIANT).label  # which stands in its pane, whichever is active
            controller.show_problem(Problem("variant_missing", name=still[0], shown=shown), MESSAGE)
        else:
            controller.storage.unreadable = False  # nothing of the session is lost

    def look_for(self, missing: Missing) -> None:
        """What a session that was opened names and is not here: said; its settings wait for it."""
        if missing.name or missing.settings:
            self.missing = replace(missing, name="", places=())
        if missing.name:
            shown = variant_named(DEFAULT_VARIANT).label  # which stands in its pane, whichever is active
            self.controller.show_problem(Problem("variant_missing", name=missing.name, shown=shown), MESSAGE)

    def know(self, description: VariantDescription) -> None:
        """Register what the engine has; settings that it no longer takes are dropped, those of last time found."""
        variant = DescribedVariant(description)
        register(variant, description.source)
        session, name = self.controller.session, description.name
        lost = self.missing.settings.get(name, {})
        panes = tuple(
            replace(pane, settings={**pane.settings, name: still_fitting(variant, pane.settings.get(name, lost))})
            for pane in session.panes
        )
        self.controller.session = replace(session, panes=panes)

    def choose(self, name: str) -> None:
        """Show it, and run it; again, where it is an edited file's."""
        again = self.controller.pane.variant == name
        self.controller.set_variant(name)
        if again:
            self.controller.active.refresh(frozenset({"variant", "settings", "causal"}))
            self.controller.around.show(frozenset({"variant", "settings", "causal"}))
            self.controller.ask_for_run()
