"""What the Present menu does: the stage, its scenes, the tours, and the check before a talk."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt

from app.actions import STAGE_ACTIONS
from app.controller import Controller
from app.file_commands import FileCommands
from app.main_window import MainWindow
from app.motion import Motion
from app.preflight import Finding, Preflight, verdict
from app.presenting import Presenting
from app.scenes import record_scene


class StageCommands(FileCommands):
    """Scenes are recorded, shown and checked."""

    def __init__(self, window: MainWindow, controller: Controller) -> None:
        super().__init__(window, controller)
        self.presenting = Presenting(controller)
        self.motion = Motion(controller, self.presenting)
        self.preflight = Preflight(controller, self.presenting, time.monotonic)
        self.documents.opened.connect(lambda: self.presenting.find_place(-1))
        self.preflight.progressed.connect(self.say_progress)
        self.preflight.done.connect(self.say_verdict)

    def present(self) -> None:
        self.presenting.toggle([each for each in self.window.actions() if each.objectName() in STAGE_ACTIONS])

    def next_scene(self) -> None:
        self.presenting.turn(1)

    def previous_scene(self) -> None:
        self.presenting.turn(-1)

    def black_out(self) -> None:
        self.presenting.black_out()

    def swap_screens(self) -> None:
        """On the stage it is seen; before, it is said."""
        self.presenting.swap_screens()
        self.window.message_bar.clear("screens")
        stage, speaker = self.presenting.chosen_screens()
        if self.presenting.stage is None and speaker is not None:
            words = self.tr("The stage will be on {stage}, the speaker’s view on {speaker}.")
            said = words.format(stage=stage.name(), speaker=speaker.name())
            self.window.message_bar.show_message(said, "", "screens", good=True)

    def record_scene(self) -> None:
        record_scene(self.controller, self.presenting)

    def check_scenes(self) -> None:
        """Play every scene once; the verdict is said."""
        self.preflight.start()

    def say_progress(self, number: int, count: int) -> None:
        words = self.tr("Checking scene {number} of {count} …").format(number=number, count=count)
        self.window.message_bar.show_message(words, "", "preflight", good=True, under_way=True)

    def say_verdict(self, findings: tuple[Finding, ...]) -> None:
        words = verdict(findings, self.controller.stored)
        ready = not any(finding.problem for finding in findings)
        self.window.message_bar.show_message(words, "", "preflight", good=ready)

    def tour_quadratic(self) -> None:
        self.open_tour("quadratic")

    def tour_hashing(self) -> None:
        self.open_tour("hashing")

    def open_tour(self, name: str) -> None:
        self.documents.open_tour(name)
        self.presenting.go_to(0)
        self.results.offer_tour(name)

    def show_scenes(self) -> None:
        from app.scenes_dialog import ScenesDialog

        dialog = ScenesDialog(self.controller, self.presenting, self.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()
