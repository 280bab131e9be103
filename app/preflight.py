"""Before the talk: every scene is played once, so that its runs are stored and the engine is warm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from app.controller import Controller
from app.presenting import Presenting
from app.problem_words import sentence
from app.scene_pictures import is_there
from app.stored_runs import StoredRuns
from engines.problems import Problem
from widgets.quantities import bytes_text, two_digits

LOOK_MILLISECONDS = 50
LONGEST_SECONDS = 120.0  # for one scene


@dataclass(frozen=True)
class Finding:
    """How a scene went: how long until everything was there, what was wrong, if anything, and whether it was shown
    from a stored run, because the engine was not there."""

    name: str
    seconds: float
    problem: str = ""
    stored: bool = False


class Preflight(QObject):
    """Plays all scenes, one after the other. ``progressed`` tells how far it is, ``done`` carries the findings."""

    progressed = Signal(int, int)
    done = Signal(tuple)

    def __init__(self, controller: Controller, presenting: Presenting, clock: Callable[[], float]) -> None:
        super().__init__(controller)
        self.controller, self.presenting, self.clock = controller, presenting, clock
        self.findings: list[Finding] = []
        self.started = 0.0
        self.place = -1
        self.back_to = -1
        self.ticker = QTimer(self)
        self.ticker.setInterval(LOOK_MILLISECONDS)
        self.ticker.timeout.connect(self.look)

    def start(self) -> None:
        """From the first scene on; where it had been started, it goes on."""
        if not self.ticker.isActive() and self.controller.session.scenes:
            self.findings, self.back_to = [], max(self.presenting.place, 0)
            self.ticker.start()
            self.play(0)

    def play(self, place: int) -> None:
        self.place, self.started = place, self.clock()
        self.progressed.emit(place + 1, len(self.controller.session.scenes))
        self.presenting.go_to(place)
        self.presenting.transition.finish()

    def look(self) -> None:
        """Whether the scene is there; then the next one."""
        seconds = self.clock() - self.started
        problem = self.problem()
        if not problem and not self.is_there() and seconds < LONGEST_SECONDS:
            return
        if not problem and not self.is_there():
            problem = tr("it took more than {seconds} s").format(seconds=round(LONGEST_SECONDS))
        scenes = self.controller.session.scenes
        self.findings.append(Finding(scenes[self.place].name, seconds, problem, self.is_stored()))
        if self.place + 1 < len(scenes):
            self.play(self.place + 1)
        else:
            self.ticker.stop()
            self.presenting.go_to(self.back_to)
            self.done.emit(tuple(self.findings))

    def is_there(self) -> bool:
        """Whether every pane's run is done, and its view has been answered."""
        return is_there(self.controller.panes)

    def is_stored(self) -> bool:
        return any(made.shown_stored is not None for made in self.controller.panes)

    def problem(self) -> str:
        """What keeps a pane of the scene from being shown; "" where nothing does."""
        for made in self.controller.panes:
            reason: Problem | None = made.run.refused or made.run.failed
            if reason is not None and not made.timer.isActive():
                return sentence(reason)
        return ""


def tr(text: str) -> str:
    return QCoreApplication.translate("preflight", text)


def verdict(findings: tuple[Finding, ...], stored: StoredRuns) -> str:
    """All of it in one sentence."""
    wrong = [finding for finding in findings if finding.problem]
    if wrong:
        return tr("{count} of {all} scenes are not ready. {name}: {problem}").format(
            count=len(wrong), all=len(findings), name=wrong[0].name, problem=wrong[0].problem
        )
    shown = sum(finding.stored for finding in findings)
    words = tr(
        "Ready for the stage: {all} scenes were played in {seconds} s, {stored} runs are stored ({size}), the engine "
        "is warm, and no network is needed."
    )
    if shown:
        words = tr(
            "Ready for the stage: {all} scenes were played in {seconds} s, {shown} of them from stored runs, as the "
            "engine was not there; {stored} runs are stored ({size}), and no network is needed."
        )
    return words.format(
        all=len(findings),
        shown=shown,
        seconds=two_digits(sum(finding.seconds for finding in findings)),
        stored=len(stored.runs),
        size=bytes_text(stored.size_bytes),
    )
