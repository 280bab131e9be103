"""What a reply of the engine changes: the pane it is for takes it, and what stands around the pictures follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app import panels, presenters
from engines.messages import (
    Failed,
    Measured,
    Progress,
    Ready,
    Refused,
    Reply,
    Tokenised,
    Traced,
    WeightsReply,
)
from widgets.given_words import said

if TYPE_CHECKING:
    from app.controller import Controller
    from app.pane_run import PaneRun


class Replies:
    """Takes the engine's replies for the controller."""

    def __init__(self, controller: Controller) -> None:
        self.controller = controller
        self.met_tokens = False  # the text turns to tokens once, when the first are there

    def take(self, reply: Reply) -> None:
        """A reply: an engine is there, or a pane has asked for it."""
        if isinstance(reply, Ready):
            self.begin(reply)
            return
        controller = self.controller
        if isinstance(reply, Tokenised) and reply.model is not None:
            controller.model = reply.model
        for made in controller.panes:
            if isinstance(reply, Tokenised) and reply.id == made.run.run_id:
                made.model = controller.model
            if made.take(reply):
                self.show(made, reply)
                if isinstance(reply, WeightsReply):
                    self.share_colours()
                return

    def begin(self, ready: Ready) -> None:
        """An engine has been started: what the panes want is asked of it again."""
        controller = self.controller
        controller.model, controller.machine = ready.model, ready.machine
        controller.stored.machine = ready.machine.processor
        for made in controller.panes:
            made.model = ready.model
            made.ask_again()
        controller.around.show_menus()

    def share_colours(self) -> None:
        """One colour scale for the weights of all panes."""
        panes = self.controller.panes
        strongest = max(max(made.centre.weights.largest, made.centre.difference.largest) for made in panes)
        for made in panes:
            made.centre.weights.draw(strongest, made.pane.logarithmic)
            made.centre.difference.draw(strongest)

    def show(self, made: PaneRun, reply: Reply) -> None:
        """What a pane's reply changes around the pictures."""
        controller = self.controller
        if isinstance(reply, Measured):
            controller.points.add(reply.measurement)
        if isinstance(reply, Refused | Failed) and made.run.run_id == reply.id:
            anyway = QCoreApplication.translate("Controller", "Run anyway") if isinstance(reply, Refused) else ""
            controller.show_problem(reply.problem, "run", anyway)
            made.refresh_picture()
        if isinstance(reply, Tokenised):
            for note in reply.notes:
                controller.show_problem(note)
        controller.around.show_headings()
        if isinstance(reply, Traced | Refused | Failed) and made is controller.panes[0]:
            controller.show_differences()
        if made is controller.active:
            self.show_beside(made, reply)

    def show_beside(self, made: PaneRun, reply: Reply) -> None:
        """What a reply to the active pane changes in the panels beside the pictures."""
        controller, window = self.controller, self.controller.window
        if isinstance(reply, Tokenised | Failed):
            window.length_slider.set_note(presenters.length_note(made.run))
        if isinstance(reply, Tokenised):
            controller.around.show_menus()
            if not window.text_panel.shows_tokens() and not self.met_tokens:
                window.text_panel.show_tokens(True)
            self.met_tokens = True
        elif isinstance(reply, Traced):
            for key in ("run", "engine_stopped"):
                window.message_bar.clear(key)
            controller.playing.show_timeline()
        elif isinstance(reply, Progress):
            window.variant_bar.set_status("measuring", f"{said(reply.doing)} {100 * reply.fraction:.0f} %")
        if isinstance(reply, Traced | Measured | Refused | Failed):
            controller.around.show_numbers_of(made, stale=False)
        if isinstance(reply, Measured):
            panels.show_costs(window, controller.points, made.run, made.pane, controller.theme)
        controller.around.show_tabs()
        controller.around.show_strip()
