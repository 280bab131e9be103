"""The speaker's pictures: real ones, of scenes that were shown whole, and none before."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app import presenters, scenes
from app.scene_pictures import WIDEST
from tests.app.runs import known_of, model, run_of


def finish(controller):
    """As if the engine had answered: the runs are there, and drawn."""
    for made in controller.panes:
        made.timer.stop()
        made.model = model()
        made.run = replace(known_of(run_of(made.pane.variant)), finished=True)
        made.tokens = presenters.token_texts(made.run, made.model)
        made.refresh_picture()
    QApplication.processEvents()


@pytest.fixture
def story(controller, commands):
    """Two scenes, the first shown, nothing known of either."""
    commands.presenting.transition.set_animated(False)
    controller.set(length=40, layer=1, head=2)
    commands.record_scene()
    controller.set_variant("performer")
    commands.record_scene()
    commands.presenting.go_to(0)
    return controller.session.scenes


@pytest.fixture
def speaker(qtbot, window, commands, story, monkeypatch):
    """The stage set, and the speaker's view behind it."""
    screen = QGuiApplication.primaryScreen()
    monkeypatch.setattr("app.presenting.chosen_screens", lambda screens: (screen, screen))
    commands.presenting.begin(window.actions())
    qtbot.waitUntil(commands.presenting.stage.isActiveWindow)
    return commands.presenting.speaker


def press(qtbot, commands, key):
    qtbot.keyClick(commands.presenting.stage, key)


def test_what_was_not_shown_whole_has_no_picture(qtbot, commands, speaker, story):
    press(qtbot, commands, Qt.Key.Key_PageDown)
    press(qtbot, commands, Qt.Key.Key_PageUp)
    assert [commands.presenting.pictures.of(scene) for scene in story] == [None, None]
    assert speaker.thumbnail.picture is None
    assert speaker.following.text() == "Performer"


def test_the_next_scene_is_shown_as_it_was_on_the_stage(qtbot, window, commands, controller, speaker, story):
    press(qtbot, commands, Qt.Key.Key_PageDown)
    finish(controller)
    seen = window.pane_area.grab().toImage()
    press(qtbot, commands, Qt.Key.Key_PageUp)
    picture = speaker.thumbnail.picture
    assert picture is not None
    assert picture.width() <= WIDEST
    assert picture.toImage() == seen.scaledToWidth(picture.width(), Qt.TransformationMode.SmoothTransformation)


def test_it_is_kept_as_soon_as_it_is_there_whatever_is_done_then(qtbot, commands, controller, speaker, story):
    finish(controller)
    controller.numbers_changed.emit()
    first = commands.presenting.pictures.of(story[0])
    assert first is not None
    press(qtbot, commands, Qt.Key.Key_Home)  # the playhead is not where the scene begins
    press(qtbot, commands, Qt.Key.Key_PageDown)
    assert commands.presenting.pictures.of(story[0]) is first


def test_what_was_changed_in_the_window_is_no_picture_of_the_scene(commands, controller, story):
    controller.set(locked=3)
    finish(controller)
    commands.presenting.go_to(1)
    assert commands.presenting.pictures.of(story[0]) is None


def test_a_scene_that_is_recorded_anew_loses_its_picture(commands, controller, story):
    finish(controller)
    commands.presenting.go_to(1)
    pictures = commands.presenting.pictures
    assert pictures.of(story[0]) is not None
    state = replace(story[0].state, panes=(replace(story[0].state.pane, head=3),))
    controller.set_session(scenes.updated(controller.session, 0, state=state))
    assert pictures.of(controller.session.scenes[0]) is None
    controller.set_session(scenes.updated(controller.session, 1, name="another name"))
    finish(controller)
    commands.presenting.go_to(0)
    assert [state for state, _ in pictures.kept] == [story[1].state]


def test_the_speaker_reads_place_notes_and_what_comes_in_the_window_theme(commands, controller, speaker, story):
    controller.set_session(scenes.updated(controller.session, 0, notes="slowly", caption="{tokens} tokens"))
    assert speaker.notes.text() == "slowly"
    assert speaker.caption.text() == "40 tokens"
    assert speaker.now.text().startswith("1 / 2")
    controller.set_theme("light")
    assert speaker.theme.name == "light"
