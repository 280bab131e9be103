"""What is asked of the engine about a run beyond its steps: the study in view, and the numbers beside the picture."""

from __future__ import annotations

from app.engine_client import EngineClient
from app.scene import Scene
from engines.messages import Answer, Ask, Failed
from engines.studies import studies_of
from engines.study import Panel, Study
from engines.variants import variant_named


class StudyRequests:
    """Keeps one question and its newest answer. ``purpose`` tells the questions of a pane apart."""

    def __init__(self, client: EngineClient, purpose: str) -> None:
        self.client, self.purpose = client, purpose
        self.question: tuple[object, ...] = ()  # what the answer depends on
        self.id = 0
        self.study = self.variant = ""
        self.panels: tuple[Panel, ...] = ()
        self.whole = True
        self.stale = False  # the answer is of an earlier question

    def ask(self, scene: Scene, study: Study) -> bool:
        """Ask, unless this very question was the last; another study's answer is taken away, an older one is stale.

        Whether the engine was asked.
        """
        if not scene.fresh or scene.run.traced is None:
            self.stale = bool(self.panels)
            return False
        locked = scene.pane.locked if study.follows_locked else -1
        question = (study.name, scene.run.run_id, scene.pane.head, locked)
        if question == self.question:
            return False
        if study.name != self.study or scene.run.spec is None or scene.run.spec.variant != self.variant:
            self.panels = ()
        self.variant = scene.pane.variant
        self.question, self.study, self.whole, self.stale = question, study.name, False, bool(self.panels)
        self.id = self.client.ask(
            Ask(0, scene.number, scene.run.run_id, study.name, scene.pane.head, locked, self.purpose)
        )
        return True

    def recall(self, answer: Answer) -> None:
        """An answer that was recorded stands until a new one comes."""
        if answer.study == self.study:
            self.panels, self.whole, self.stale = answer.panels, True, False

    def take(self, reply: Answer | Failed) -> bool:
        """Keep an answer to the present question, or that it has none; whether it was to that question."""
        if reply.id != self.id:
            return False
        panels, whole = (reply.panels, reply.whole) if isinstance(reply, Answer) else ((), True)
        self.panels, self.whole, self.stale = panels, whole, False
        return True


def study_of(scene: Scene) -> Study | None:
    """The study that the pane looks at, if it does."""
    named = {study.name: study for study in studies_of(variant_named(scene.pane.variant), scene.pane.causal)}
    return named.get(scene.pane.view)
