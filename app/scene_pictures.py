"""Pictures of scenes, for the speaker: each was on the screen, whole, when its scene was shown; none is made up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from app.session import Session, StageScene

if TYPE_CHECKING:
    from app.controller import Controller
    from app.pane_run import PaneRun

WIDEST = 1280  # pixels
SAME_PLACE = 1e-6  # of the timeline: a playhead that was not moved


class ScenePictures:
    """Kept in memory, the last one of each scene's state; a scene that was recorded anew has none yet."""

    def __init__(self, controller: Controller) -> None:
        self.controller = controller
        self.kept: list[tuple[Session, QPixmap]] = []

    def of(self, scene: StageScene) -> QPixmap | None:
        return next((picture for state, picture in self.kept if state == scene.state), None)

    def take(self, scene: StageScene) -> None:
        """Keep what is shown as the scene's picture, where it is the scene's own beginning and all of it is there."""
        if self.shows(scene.state):
            picture = picture_of(self.controller.window.pane_area)
            others = [each for each in self.kept if each[0] != scene.state and self.is_wanted(each[0])]
            self.kept = [*others, (scene.state, picture)]

    def is_wanted(self, state: Session) -> bool:
        return any(scene.state == state for scene in self.controller.session.scenes)

    def shows(self, state: Session) -> bool:
        """Whether the panes show this state, with nothing on its way."""
        controller = self.controller
        now, moving = controller.captured(), controller.window.pane_area.is_moving()
        same = now.panes == state.panes and now.theme == state.theme and now.play.mode == state.play.mode
        rests = not moving and not controller.playback.state.playing
        return same and rests and abs(now.play.share - state.play.share) < SAME_PLACE and is_there(controller.panes)


def is_there(panes: list[PaneRun]) -> bool:
    """Whether every pane's run is done, and its view has been answered."""
    return all(made.idle and made.centre.study.whole for made in panes) and all(
        made.run.traced is not None and (made.centre.view != "weights" or made.centre.weights.reply is not None)
        for made in panes
    )


def picture_of(widget: QWidget) -> QPixmap:
    """The widget as it looks, no wider than the widest."""
    picture = widget.grab()
    if picture.width() > WIDEST:
        picture = picture.scaledToWidth(WIDEST, Qt.TransformationMode.SmoothTransformation)
    return picture
