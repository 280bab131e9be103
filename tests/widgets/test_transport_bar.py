"""The transport bar, driven by mouse; names on the track never overlap."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt

from widgets.scrub_track import ScrubTrack, place_names, shortened
from widgets.themes import DARK, LIGHT
from widgets.transport_bar import SPEEDS, TransportBar, speed_text
from widgets.view_data import TimelineStep

STEPS = tuple(
    TimelineStep(name, float(start), float(stop))
    for name, start, stop in (("hash", 0, 2), ("sort", 2, 5), ("chunk", 5, 6), ("combine rounds", 6, 10))
)


@pytest.fixture
def bar(qtbot):
    made = TransportBar()
    qtbot.addWidget(made)
    made.set_theme(DARK)
    made.set_steps(STEPS)
    made.resize(900, made.sizeHint().height())
    made.show()
    return made


@pytest.mark.parametrize(("button", "signal", "value"), [("_back", "stepped", [-1]), ("_forward", "stepped", [1])])
def test_step_buttons(bar, qtbot, button, signal, value):
    with qtbot.waitSignal(getattr(bar, signal)) as caught:
        qtbot.mouseClick(getattr(bar, button), Qt.MouseButton.LeftButton)
    assert caught.args == value


def test_play_asks_and_shows_what_it_is_told(bar, qtbot):
    with qtbot.waitSignal(bar.play_toggled):
        qtbot.mouseClick(bar._play, Qt.MouseButton.LeftButton)
    assert bar._play.accessibleName().startswith("Play")
    shown = bar._play.grab().toImage()
    bar.set_state(0.5, True, 2.0, True)
    assert bar._play.accessibleName().startswith("Pause")
    assert bar._play.grab().toImage() != shown
    assert bar._speed.text() == "2×"
    assert bar._loop.isChecked()


def test_setters_emit_nothing(bar, qtbot):
    signals = [bar.play_toggled, bar.sought, bar.speed_changed, bar.loop_changed, bar.mode_changed]
    caught = []
    for signal in signals:
        signal.connect(lambda *values: caught.append(values))
    bar.set_state(0.3, True, 4.0, True)
    bar.set_mode("length")
    bar.set_playing(False)
    assert caught == []


def test_loop_speed_and_mode(bar, qtbot):
    with qtbot.waitSignal(bar.loop_changed) as caught:
        qtbot.mouseClick(bar._loop, Qt.MouseButton.LeftButton)
    assert caught.args == [True]
    with qtbot.waitSignal(bar.mode_changed) as caught:
        qtbot.mouseClick(bar._modes.button(1), Qt.MouseButton.LeftButton)
    assert caught.args == ["length"]
    for action, speed in zip(bar._speed.menu().actions(), SPEEDS, strict=True):
        with qtbot.waitSignal(bar.speed_changed) as caught:
            action.trigger()
        assert caught.args == [speed]
        assert bar._speed.text() == speed_text(speed)
        assert [a.isChecked() for a in bar._speed.menu().actions()].count(True) == 1


def test_click_and_drag_seek(bar, qtbot):
    track = bar._track
    seen = []
    bar.sought.connect(seen.append)
    middle = QPoint(track.width() // 2, 16)
    qtbot.mouseClick(track, Qt.MouseButton.LeftButton, pos=middle)
    assert seen[-1] == pytest.approx(0.5, abs=0.002)
    qtbot.mousePress(track, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(track, QPoint(track.width() * 3, 16))
    assert seen[-1] == 1.0
    qtbot.mouseMove(track, QPoint(-50, 16))
    assert seen[-1] == 0.0
    qtbot.mouseRelease(track, Qt.MouseButton.LeftButton, pos=QPoint(0, 16))
    count = len(seen)
    qtbot.mouseMove(track, middle)
    assert len(seen) == count


def test_the_step_under_the_handle_is_named(bar):
    bar.set_playhead(5.5)
    assert bar._track.accessibleDescription() == "chunk"
    bar.set_playhead(5.0)
    assert bar._track.current_step == 2
    bar.set_playhead(10.0)
    assert bar._track.accessibleDescription() == "combine rounds"


def test_nothing_to_play_disables(bar, qtbot):
    bar.set_steps(())
    assert not bar._play.isEnabled()
    with qtbot.assertNotEmitted(bar.sought):
        qtbot.mouseClick(bar._track, Qt.MouseButton.LeftButton)
    assert not bar.grab().isNull()


def test_a_theme_reaches_every_part(bar):
    dark = bar.grab().toImage()
    bar.set_theme(LIGHT)
    assert bar.grab().toImage() != dark


def width_of(text):
    return 7.0 * len(text)


@st.composite
def tracks(draw):
    widths = draw(st.lists(st.floats(1.0, 200.0), min_size=1, max_size=12))
    ticks = [8.0 + sum(widths[:i]) for i in range(len(widths))]
    names = draw(st.lists(st.text("abc d", min_size=1, max_size=20), min_size=len(widths), max_size=len(widths)))
    return names, ticks, 8.0 + sum(widths) + 8.0, draw(st.integers(-1, len(widths) - 1))


@given(tracks())
def test_names_never_overlap_and_the_current_one_is_whole(track):
    names, ticks, end, current = track
    placed = place_names(names, ticks, end, current, width_of)
    for a, b in pairwise(placed):
        assert a.left + a.width <= b.left
    if current >= 0:
        assert [p.text for p in placed if p.index == current] == [names[current]]
    for p in placed:
        if p.index != current:
            assert p.left == ticks[p.index]
            assert p.left + p.width <= end


@given(st.text("abc d", min_size=1, max_size=20), st.floats(0, 150))
def test_a_shortened_name_fits_or_is_left_out(name, room):
    text = shortened(name, room, width_of)
    assert text in ("", name) or (text.endswith("…") and name.startswith(text[:-1]) and len(text) >= 3)
    assert text == "" or width_of(text) <= room


def test_names_are_drawn_where_they_were_placed(qtbot):
    track = ScrubTrack()
    qtbot.addWidget(track)
    track.set_steps(STEPS)
    track.resize(200, 48)
    track.set_seconds(9.0)
    assert "combine rounds" in [name.text for name in track.names()]
    assert all(name.left + name.width <= track.width() for name in track.names())


def test_the_pointer_reads_a_name_whole_where_it_is_shortened(bar):
    bar.resize(420, bar.height())
    track = bar._track
    assert "combine rounds" not in {name.text for name in track.names()}
    for step in STEPS:
        for x in (track._x_of(step.start_seconds) + 1, track._x_of(step.stop_seconds) - 1):
            assert track.name_at(QPointF(x, 16)) == step.name
    for name in track.names():
        assert track.name_at(QPointF(name.left + name.width / 2, 34)) == STEPS[name.index].name
    bar.set_steps(())
    assert track.name_at(QPointF(10, 16)) == ""
