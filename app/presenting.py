"""Presenting: the stage is set and struck, scenes follow each other, their captions filled from the runs."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from app import scenes
from app.kept_choices import keep, kept
from app.scene_pictures import ScenePictures
from app.session import Session
from app.transition import Transition
from engines.problems import Problem
from widgets.given_words import said

if TYPE_CHECKING:
    from app.controller import Controller
    from widgets.speaker_view import SpeakerView
    from widgets.stage import Stage


FILE = "scene"


class Presenting(QObject):
    """``place`` is the scene that is shown, −1 where there is none. ``changed`` when the stage or the place is."""

    changed = Signal()

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self.controller, self.window = controller, controller.window
        self.place = self.last_place()
        self.stage: Stage | None = None
        self.speaker: SpeakerView | None = None
        self.screens: list[QRect] = []  # of the stage and, if there is one, of the speaker's view
        self.swapped = False  # the stage is where the speaker's view would be
        self.pictures = ScenePictures(controller)
        self.transition = Transition(self.show_state, self)
        self.moving = False  # the session is being changed by the transition
        controller.keep_timer.timeout.connect(self.keep_place)
        controller.session_changed.connect(self.give_way)
        controller.session_changed.connect(self.show_words)
        controller.numbers_changed.connect(self.show_words)
        self.soon = QTimer(self)  # once Qt, too, is done with a screen that came or went
        self.soon.setSingleShot(True)
        self.soon.setInterval(0)
        self.soon.timeout.connect(self.arrange)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.screenAdded.connect(self.look_again)
        application.screenRemoved.connect(self.look_again)
        application.primaryScreenChanged.connect(self.look_again)

    # The stage ----------------------------------------------------------------------------------------------------

    def begin(self, actions: Sequence[QAction]) -> None:
        """Full screen, with the keys of these actions; notes on another screen, where there is one."""
        from widgets.speaker_view import SpeakerView  # loaded when it is asked for, not with the window
        from widgets.stage import Stage

        if self.stage is not None:
            return
        self.stage, self.speaker = Stage(self.controller.theme), SpeakerView(self.controller.theme)
        self.stage.installEventFilter(self)
        for shown in (self.stage, self.speaker):
            shown.left.connect(self.end)
            shown.addActions(actions)
        self.window.pane_area.set_staged(True)
        self.stage.lend(self.window.lend_panes())
        self.screens = []
        self.arrange()
        self.go_to(max(self.place, 0))
        self.show_words()

    def look_again(self) -> None:
        """Screens have come or gone, or another one is the primary."""
        if self.stage is not None:
            self.soon.start()

    def arrange(self) -> None:
        """The stage and the speaker's view on the screens that there are; without a second one no speaker's view."""
        stage, speaker = self.stage, self.speaker
        stage_screen, speaker_screen = self.chosen_screens()
        places = [each.geometry() for each in (stage_screen, speaker_screen) if each is not None]
        if stage is None or speaker is None or places == self.screens:
            return
        self.screens = places
        if speaker_screen is not None:
            fill(speaker, speaker_screen, Qt.WindowState.WindowMaximized)
        else:
            speaker.hide()
        fill(stage, stage_screen, Qt.WindowState.WindowFullScreen)
        stage.activateWindow()
        stage.setFocus()

    def chosen_screens(self) -> tuple[QScreen, QScreen | None]:
        """The stage's screen and the speaker's, as they are swapped."""
        stage, speaker = chosen_screens(QGuiApplication.screens())
        return (speaker, stage) if self.swapped and speaker is not None else (stage, speaker)

    def swap_screens(self) -> None:
        """The stage where the speaker's view is, and the other way round; so it stays for the next talk."""
        self.swapped = not self.swapped
        self.arrange()

    def in_front(self) -> QWidget | None:
        """What a question to the speaker belongs on: not before the audience where there is a speaker's view."""
        return self.speaker if self.speaker is not None and self.speaker.isVisible() else self.stage

    def is_in_front(self) -> bool:
        """Whether keys go to the stage or to the speaker's view."""
        return any(shown is not None and shown.isActiveWindow() for shown in (self.stage, self.speaker))

    def end(self) -> None:
        """Back in the window, as the stage was left."""
        stage, self.stage = self.stage, None
        if stage is None:
            return
        area = stage.give_back()
        assert area is self.window.pane_area
        self.window.take_back_panes()
        self.window.pane_area.set_staged(False)
        for closed in (stage, self.speaker):
            if closed is not None:
                closed.close()
                closed.deleteLater()
        self.speaker = None
        self.window.activateWindow()
        self.controller.centre.widget().setFocus()
        self.changed.emit()

    def toggle(self, actions: Sequence[QAction]) -> None:
        if self.stage is None:
            self.begin(actions)
        else:
            self.end()

    def black_out(self) -> None:
        if self.stage is not None:
            self.stage.set_black(not self.stage.black)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """However the stage is closed, the panes come back."""
        if watched is self.stage and event.type() == QEvent.Type.Close:
            self.end()
            return True
        return super().eventFilter(watched, event)

    # Scenes -------------------------------------------------------------------------------------------------------

    def go_to(self, place: int) -> None:
        """Show a scene, its playhead where it was recorded; past either end nothing happens."""
        session = self.controller.session
        if 0 <= place < len(session.scenes):
            self.keep_picture()
            self.place = place
            if self.stage is not None:
                self.stage.set_black(False)
            start = self.controller.captured()
            self.controller.remember(session)
            self.transition.go(start, scenes.shown(session, place))
            self.show_words()
            self.changed.emit()

    def show_state(self, state: Session) -> None:
        """A state on the way to a scene, or the scene's own."""
        self.moving = True
        self.controller.set_session(state, record=False)
        self.controller.playing.restore(state.play)
        self.moving = False

    def give_way(self) -> None:
        """What somebody sets while things move goes before the scene that they move to."""
        if not self.moving:
            self.transition.stop()

    def last_place(self) -> int:
        """The scene at which the window was left, also where something was set in it since."""
        session, words = self.controller.session, kept(self.controller.storage.folder, FILE)
        place = min(int(words), len(session.scenes) - 1) if words.isdecimal() and len(words) < 5 else -1
        found = scenes.place_of(session, place)
        return found if found >= 0 else place

    def keep_place(self) -> None:
        """For the next start; what cannot be kept costs nothing else."""
        with contextlib.suppress(Problem):
            keep(str(self.place), self.controller.storage.folder, FILE)

    def find_place(self, otherwise: int) -> None:
        """The scene that the session shows now: it was opened, or undone."""
        found = scenes.place_of(self.controller.session, self.place)
        self.place = found if found >= 0 else otherwise
        self.show_words()
        self.changed.emit()

    def keep_picture(self) -> None:
        """What is shown is the picture of the chosen scene, if it is as it was recorded."""
        session = self.controller.session
        if 0 <= self.place < len(session.scenes):
            self.pictures.take(session.scenes[self.place])

    def keep_first_picture(self) -> None:
        """As soon as all of it is there: later somebody may have played on."""
        scene = self.controller.session.scenes[self.place]
        if self.pictures.of(scene) is None:
            self.pictures.take(scene)

    def turn(self, by: int) -> None:
        """The next or the one before."""
        self.go_to(self.place + by)

    def caption(self) -> str:
        """The words below the picture, with the numbers as far as they are there."""
        session = self.controller.session
        if not 0 <= self.place < len(session.scenes):
            return ""
        runs = [made.run for made in self.controller.panes]
        return scenes.caption_text(session.scenes[self.place].caption, session, runs)

    def show_words(self) -> None:
        """Caption and place on the stage, notes for the speaker."""
        session: Session = self.controller.session
        count = len(session.scenes)
        self.place = min(self.place, count - 1)
        if self.place >= 0:
            self.keep_first_picture()
        if self.stage is not None:
            self.stage.set_theme(self.controller.theme)
            self.stage.set_caption(self.caption(), f"{self.place + 1} / {count}" if self.place >= 0 else "")
        if self.speaker is not None and self.place >= 0:
            now = session.scenes[self.place]
            following = session.scenes[self.place + 1] if self.place + 1 < count else None
            name, picture = (said(following.name), self.pictures.of(following)) if following else ("", None)
            place = f"{self.place + 1} / {count}"
            self.speaker.set_theme(self.controller.theme)
            self.speaker.set_scene(said(now.name), place, self.caption(), said(now.notes), name, picture)


def fill(widget: QWidget, screen: QScreen, state: Qt.WindowState) -> None:
    """Show a window on all of a screen, whichever it filled before."""
    widget.setWindowState(Qt.WindowState.WindowNoState)
    widget.setScreen(screen)
    widget.setGeometry(screen.geometry())
    widget.setWindowState(state)
    widget.show()


def chosen_screens(screens: Sequence[QScreen]) -> tuple[QScreen, QScreen | None]:
    """The stage's screen and the speaker's: the audience looks at what is not the primary one, nor a mirror of it."""
    primary = QGuiApplication.primaryScreen()
    others = [screen for screen in screens if not screen.geometry().intersects(primary.geometry())]
    return (others[0], primary) if others else (primary, None)
