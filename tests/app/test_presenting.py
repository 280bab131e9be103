"""The stage by real keys: scenes, captions, black-out, and back into the window."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from app import scenes
from app.keys_dialog import KeysDialog
from app.language import CHINESE, ENGLISH, use
from app.run_state import RunState
from app.session import Session
from app.session_file import from_json, to_json
from tests.app.conftest import dialogs, said
from tests.widgets import pointer
from widgets.given_words import said as in_chinese


@pytest.fixture
def story(controller, commands):
    """Three scenes: one pane, two panes, a locked token; the first is shown, and nothing moves on the way."""
    commands.presenting.transition.animated = False
    commands.record_scene()
    commands.add_pane()
    commands.record_scene()
    controller.set(locked=5, length=40)
    commands.record_scene()
    session = controller.session
    for place, caption in enumerate(("at {tokens} tokens", "{name} and {name2}", "{kept} kept")):
        session = scenes.updated(session, place, caption=caption, notes=f"say {place}")
    controller.set_session(session)
    commands.presenting.go_to(0)
    return session.scenes


def press(commands, qtbot, key):
    """A key, given to the stage as the window system would."""
    qtbot.waitUntil(commands.presenting.stage.isActiveWindow)
    qtbot.keyClick(commands.presenting.stage, key)


def test_f5_sets_the_stage_and_escape_strikes_it(qtbot, window, commands, controller):
    qtbot.keyClick(window.pane_view.pattern_view, Qt.Key.Key_F5)
    stage = commands.presenting.stage
    assert stage.isVisible()
    assert stage.area is window.pane_area
    assert window.pane_view.header.isVisibleTo(window.pane_area)
    press(commands, qtbot, Qt.Key.Key_Escape)
    assert commands.presenting.stage is None
    assert window.pane_area.window() is window
    assert window.pane_area.isVisible()
    assert not window.pane_view.header.isVisible()
    qtbot.keyClick(window.pane_view.pattern_view, Qt.Key.Key_Plus)
    assert controller.pane.zoom


def test_a_clicker_walks_through_the_scenes(qtbot, window, commands, controller, story):
    commands.present()
    stage = commands.presenting.stage
    assert (stage.caption, stage.place) == ("at 64 tokens", "1 / 3")
    press(commands, qtbot, Qt.Key.Key_PageDown)
    assert stage.caption == "Longformer and Reformer"
    assert len(window.pane_area.panes) == 2
    press(commands, qtbot, Qt.Key.Key_PageDown)
    press(commands, qtbot, Qt.Key.Key_PageDown)
    assert stage.place == "3 / 3"
    assert controller.pane.locked == 5
    press(commands, qtbot, Qt.Key.Key_PageUp)
    press(commands, qtbot, Qt.Key.Key_PageUp)
    press(commands, qtbot, Qt.Key.Key_PageUp)
    assert stage.place == "1 / 3"
    assert controller.session.panes == story[0].state.panes
    assert controller.session.scenes == story


def test_lengths_move_on_the_way_to_a_scene(qtbot, commands, controller, story):
    commands.presenting.go_to(1)
    commands.presenting.transition.animated = True
    commands.presenting.go_to(2)
    seen = set()
    controller.session_changed.connect(lambda: seen.add(controller.pane.length))
    qtbot.waitUntil(lambda: controller.pane.length == 40)
    assert len(seen) > 3
    controller.undo()
    assert controller.pane.length == 64


def test_a_number_that_is_not_there_yet_is_not_made_up(commands, story):
    commands.presenting.go_to(2)
    assert commands.presenting.caption() == "… kept"


def test_black_out_hides_everything_until_the_next_scene(qtbot, commands, story):
    commands.present()
    stage = commands.presenting.stage
    press(commands, qtbot, Qt.Key.Key_Period)
    assert stage.grab().toImage().pixelColor(300, 300).name() == "#000000"
    press(commands, qtbot, Qt.Key.Key_PageDown)
    assert not stage.black


def test_f1_shows_the_keys_on_the_stage_and_escape_leaves_them_alone(qtbot, window, commands, story):
    commands.present()
    stage = commands.presenting.stage
    press(commands, qtbot, Qt.Key.Key_F1)
    dialog = stage.findChild(KeysDialog)
    qtbot.waitExposed(dialog)
    qtbot.keyClick(dialog.field, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert stage.isVisible()


def test_clickers_that_send_a_letter_black_out_too(qtbot, commands, story):
    commands.present()
    press(commands, qtbot, Qt.Key.Key_B)
    assert commands.presenting.stage.black
    press(commands, qtbot, Qt.Key.Key_Period)
    assert not commands.presenting.stage.black


def test_the_transport_works_on_the_stage(qtbot, window, commands, controller, story):
    commands.present()
    press(commands, qtbot, Qt.Key.Key_Home)
    assert controller.playback.state.seconds == 0
    press(commands, qtbot, Qt.Key.Key_Right)
    assert controller.playback.state.seconds > 0
    press(commands, qtbot, Qt.Key.Key_Space)
    assert controller.playback.state.playing
    press(commands, qtbot, Qt.Key.Key_Space)


def test_a_click_on_the_stage_reaches_the_picture_and_the_pointer_shines(qtbot, window, commands, controller):
    commands.present()
    stage = commands.presenting.stage
    stage.resize(1600, 900)
    QApplication.processEvents()
    plot = window.pane_view.pattern_view._layout().plot.center()
    inner = window.pane_view.pattern_view.mapTo(window.pane_area, plot.toPoint())
    at = stage.mapFromScene(stage.proxy.mapToScene(inner)).toPointF()
    pointer.move(stage.viewport(), at)
    pointer.click(stage.viewport(), at)
    assert 25 <= controller.pane.locked <= 40
    assert stage.pointer == at


def test_everything_is_larger_on_a_larger_screen(qtbot, window, commands):
    commands.present()
    stage = commands.presenting.stage
    stage.showNormal()  # screens of other sizes, on a platform that has one
    for size in ((1280, 720), (1920, 1080), (3840, 2160)):
        stage.resize(*size)
        QApplication.processEvents()
        area = window.pane_area
        assert stage.proxy.scale() == pytest.approx(size[1] / 640)
        assert area.height() * stage.proxy.scale() < size[1]
        assert area.width() * stage.proxy.scale() < size[0]


def test_closing_the_stage_gives_the_panes_back(qtbot, window, commands):
    commands.present()
    commands.presenting.stage.close()
    assert commands.presenting.stage is None
    assert window.pane_area.window() is window


def test_scenes_are_recorded_captioned_ordered_duplicated_and_removed_in_the_list(qtbot, window, commands, controller):
    commands.record_scene()
    commands.show_scenes()
    dialog = next(each for each in QApplication.topLevelWidgets() if each.objectName() == "scenes" and each.isVisible())
    controller.set(length=33)
    qtbot.mouseClick(dialog.buttons["record"], Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    dialog.name.clear()
    qtbot.keyClicks(dialog.name, "short")
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    qtbot.keyClicks(dialog.caption, "{tokens}")
    qtbot.keyClicks(dialog.notes, "slowly")
    dialog.buttons["duplicate"].click()
    dialog.buttons["up"].click()
    found = [(scene.name, scene.caption, scene.notes, scene.state.pane.length) for scene in controller.session.scenes]
    assert found == [
        ("short", "{tokens}", "slowly", 33),
        ("Longformer", "", "", 64),
        ("short", "{tokens}", "slowly", 33),
    ]
    dialog.buttons["remove"].click()
    assert len(controller.session.scenes) == 2
    controller.undo()
    assert len(controller.session.scenes) == 3
    commands.presenting.transition.animated = False
    controller.set(length=50)
    dialog.list.setCurrentRow(2)
    assert controller.pane.length == 33
    controller.set(length=34)
    dialog.buttons["update"].click()
    assert controller.session.scenes[2].state.pane.length == 34
    dialog.close()


def test_undo_leads_back_to_the_scene_before(qtbot, window, commands, story):
    presenting, undo = commands.presenting, Qt.KeyboardModifier.ControlModifier
    presenting.go_to(2)
    qtbot.keyClick(window.pane_view.pattern_view, Qt.Key.Key_Z, undo)
    assert presenting.place == 0
    qtbot.keyClick(window.pane_view.pattern_view, Qt.Key.Key_Z, undo | Qt.KeyboardModifier.ShiftModifier)
    assert presenting.place == 2


def test_the_scene_that_was_shown_is_known_at_the_next_start(qtbot, opened, commands, controller, story):
    commands.presenting.go_to(1)
    controller.set(locked=7)  # which the scene is not
    qtbot.waitUntil(lambda: not controller.keep_timer.isActive())
    assert opened()[1].presenting.place == 1


def test_a_session_is_opened_at_no_scene_of_the_one_before(commands, controller, story, tmp_path):
    commands.save_session_to(tmp_path / "talk.attnscope")
    controller.set(length=99)
    commands.save_session_to(tmp_path / "other.attnscope")
    commands.presenting.go_to(2)
    commands.open_path(str(tmp_path / "other.attnscope"))
    assert commands.presenting.place == -1
    commands.open_path(str(tmp_path / "talk.attnscope"))
    assert commands.presenting.place == 0


def test_what_is_set_on_the_way_to_a_scene_goes_before_it(qtbot, commands, controller, story, tmp_path):
    commands.save_session_to(tmp_path / "talk.attnscope")
    commands.presenting.go_to(1)
    commands.presenting.transition.animated = True
    commands.presenting.go_to(2)
    qtbot.waitUntil(lambda: controller.pane.length < 60)
    commands.open_path(str(tmp_path / "talk.attnscope"))
    assert not commands.presenting.transition.moving.state().value
    assert controller.session.panes == story[0].state.panes


def test_scenes_are_in_the_file(commands, controller, window, story, tmp_path):
    commands.save_session_to(tmp_path / "talk.attnscope")
    commands.new_session()
    commands.open_path(str(tmp_path / "talk.attnscope"))
    assert controller.session.scenes == story
    assert "Saved" in said(window)


def test_scenes_do_not_hold_scenes():
    session = scenes.recorded(Session(), Session(), "a", 0)
    nested = scenes.updated(session, 0, state=session)
    with pytest.raises(Exception, match="holds scenes"):
        from_json(to_json(nested))


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_any_caption_is_words(caption):
    words = scenes.caption_text(caption, Session(), [RunState()])
    if "{" not in caption:
        assert words == caption
    assert scenes.caption_text("{tokens.__class__} {nobody}", Session(), [RunState()]) == "{tokens.__class__} {nobody}"
    assert scenes.caption_text("{kept4}", Session(), [RunState()]) == "…"


def test_a_scene_is_the_state_alone():
    session = replace(Session(), theme="light")
    again = scenes.shown(scenes.recorded(session, session, "a", 0), 0)
    assert scenes.state_of(again) == session


def test_the_list_of_scenes_speaks_chinese_and_looking_at_it_changes_nothing(qtbot, opened):
    use(CHINESE)
    try:
        _, commands = opened()
        commands.open_tour("hashing")
        commands.presenting.transition.finish()
        before = commands.controller.session
        commands.show_scenes()
        dialog = next(each for each in dialogs() if each.objectName() == "scenes")
        assert dialog.name.text() == in_chinese(before.scenes[0].name) != before.scenes[0].name
        qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
        assert commands.controller.session.scenes == before.scenes
        qtbot.keyClicks(dialog.notes, "x")
        assert commands.controller.session.scenes[0].notes.startswith("x")
        assert commands.controller.session.scenes[0].name == before.scenes[0].name
        dialog.close()
    finally:
        use(ENGLISH)


def test_an_empty_list_of_scenes_says_how_to_begin(commands, controller):
    commands.show_scenes()
    (dialog,) = dialogs()
    assert dialog.empty.isVisible()
    commands.record_scene()
    assert not dialog.empty.isVisible()
