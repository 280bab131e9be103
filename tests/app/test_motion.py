"""Reduced motion by real keys: what would move jumps, what plays goes by steps, and the choice stays."""

from dataclasses import replace

from PySide6.QtCore import QAbstractAnimation, Qt
from PySide6.QtWidgets import QApplication

from app import scenes
from app.motion import FILE
from tests.app.conftest import said

BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def press(qtbot, window, key, modifier=BOTH):
    qtbot.keyClick(window.pane_view.pattern_view, key, modifier)


def test_panes_are_there_at_once(qtbot, window, commands):
    area = window.pane_area
    press(qtbot, window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert area.moving.state() == QAbstractAnimation.State.Running
    press(qtbot, window, Qt.Key.Key_M)
    assert commands.motion.reduced
    assert area.moving.state() == QAbstractAnimation.State.Stopped
    assert [pane.geometry() for pane in area.panes] == list(area.ends())
    press(qtbot, window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert [pane.geometry() for pane in area.panes] == list(area.ends())
    press(qtbot, window, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert [pane.geometry() for pane in area.panes] == list(area.ends())


def test_scenes_jump(qtbot, window, commands, controller):
    for length in (64, 2_000):
        controller.set(length=length)
        commands.record_scene()
    commands.presenting.go_to(0)
    commands.presenting.transition.finish()
    press(qtbot, window, Qt.Key.Key_M)
    seen = []
    controller.session_changed.connect(lambda: seen.append(controller.pane.length))
    press(qtbot, window, Qt.Key.Key_PageDown, Qt.KeyboardModifier.NoModifier)
    assert set(seen) == {2_000}
    assert controller.session == scenes.shown(controller.session, 1)


def test_the_way_to_a_scene_ends_at_once_when_motion_is_reduced_on_it(qtbot, window, commands, controller):
    for length in (64, 2_000):
        controller.set(length=length)
        commands.record_scene()
    commands.presenting.go_to(0)
    assert controller.pane.length > 64
    press(qtbot, window, Qt.Key.Key_M)
    assert controller.pane.length == 64


def test_playing_goes_by_steps(qtbot, window, controller):
    playback, now = controller.playback, [0.0]
    playback._clock = lambda: now[0]
    press(qtbot, window, Qt.Key.Key_M)
    press(qtbot, window, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)
    seen = set()
    while playback.state.playing:
        now[0] += 0.1
        playback.tick()
        seen.add(playback.state.seconds)
    assert seen == set(playback.state.boundaries)


def test_growing_length_doubles(qtbot, window, controller):
    playback, now = controller.playback, [0.0]
    playback._clock = lambda: now[0]
    press(qtbot, window, Qt.Key.Key_M)
    controller.playing.set_mode("length")
    playback.play()
    seen = [controller.pane.length]
    for _ in range(40):
        now[0] += 0.1
        playback.tick()
        if controller.pane.length != seen[-1]:
            seen.append(controller.pane.length)
    playback.pause()
    assert seen == [8 * 2**doubling for doubling in range(len(seen))]
    assert len(seen) > 2


def test_the_choice_stays_between_starts_and_with_any_session(qtbot, opened):
    window, commands = opened()
    assert not commands.motion.reduced
    press(qtbot, window, Qt.Key.Key_M)
    window.close()
    window, commands = opened()
    assert commands.motion.reduced
    assert not window.pane_area.animated
    commands.tour_quadratic()
    assert commands.motion.reduced
    commands.controller.set_session(replace(commands.controller.session, scenes=()))
    press(qtbot, window, Qt.Key.Key_M)
    window.close()
    assert not opened()[1].motion.reduced


def test_what_cannot_be_kept_is_said(qtbot, window, commands, controller):
    folder = controller.storage.folder
    (folder / FILE).mkdir(parents=True)
    press(qtbot, window, Qt.Key.Key_M)
    QApplication.processEvents()
    assert commands.motion.reduced
    assert "motion" in said(window)
