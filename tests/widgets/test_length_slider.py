"""The length: its scale, what people type, and the slider driven by mouse and keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt

from widgets.length_scale import LONGEST, SHORTEST, finer, held, length_at, parse_length, share_of, snapped
from widgets.length_slider import LengthSlider
from widgets.themes import DARK, LIGHT

lengths = st.integers(SHORTEST, LONGEST)


@given(lengths)
def test_the_scale_is_its_own_inverse(n):
    assert length_at(share_of(n)) == n


@given(st.floats(-1, 2), st.floats(-1, 2))
def test_the_scale_only_grows(a, b):
    assert SHORTEST <= length_at(min(a, b)) <= length_at(max(a, b)) <= LONGEST


def test_every_doubling_is_equally_wide():
    assert [share_of(8 * 2**i) for i in range(18)] == pytest.approx([i / 17 for i in range(18)])


@given(lengths)
def test_snapping_goes_to_a_near_power_of_two_or_nowhere(n):
    at = snapped(n, 0.004)
    assert at == n or (at & (at - 1) == 0 and abs(share_of(at) - share_of(n)) <= 0.004)


@given(lengths, st.integers(1, 5))
def test_fine_steps_always_move_until_the_end(n, steps):
    assert finer(n, steps) > n or n == LONGEST
    assert finer(n, -steps) < n or n == SHORTEST


@given(lengths)
def test_all_ways_of_writing_a_length_are_read(n):
    assert parse_length(str(n)) == parse_length(f"{n:,}") == parse_length(f" {n:_} ") == n


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("65536", 65_536),
        ("65,536", 65_536),
        ("65 536", 65_536),
        ("64K", 65_536),
        ("64 k", 65_536),
        ("1M", 1_048_576),
        ("1.5K", 1_536),
        ("６４Ｋ", 65_536),
        ("", None),
        ("abc", None),
        ("6,5536", None),
        ("12.5", None),
        ("-8", None),
        ("64KB", None),
        ("1e4", None),
        ("0.3K", None),
        ("9" * 30, None),
    ],
)
def test_what_people_type(text, n):
    assert parse_length(text) == n


@given(st.text(max_size=12))
def test_no_text_is_a_stumbling_block(text):
    n = parse_length(text)
    assert n is None or n >= 0


@pytest.fixture
def slider(qtbot):
    made = LengthSlider()
    qtbot.addWidget(made)
    made.set_theme(DARK)
    made.set_length(8_192)
    made.set_note("text repeats")
    made.resize(900, made.sizeHint().height())
    made.show()
    made.changed, made.committed = [], []
    made.length_changed.connect(made.changed.append)
    made.length_committed.connect(made.committed.append)
    return made


def at(slider, n):
    return QPoint(round(slider._track.x_of(n)), 12)


def test_dragging_changes_and_letting_go_commits(slider, qtbot):
    track = slider._track
    qtbot.mousePress(track, Qt.MouseButton.LeftButton, pos=at(slider, 8_192))
    qtbot.mouseMove(track, at(slider, 20_000))
    qtbot.mouseMove(track, at(slider, 65_536))
    assert slider.changed[-1] == 65_536
    assert len(slider.changed) == 2
    assert slider.committed == []
    qtbot.mouseMove(track, QPoint(99_999, 12))
    qtbot.mouseRelease(track, Qt.MouseButton.LeftButton, pos=QPoint(99_999, 12))
    assert slider.committed == [LONGEST]
    assert slider._entry.text() == "1,048,576"


def retype(slider, qtbot, text):
    slider._entry.setFocus()
    slider._entry.selectAll()
    qtbot.keyClicks(slider._entry, text)
    qtbot.keyClick(slider._entry, Qt.Key.Key_Return)


def test_typing_commits_once(slider, qtbot):
    retype(slider, qtbot, "64K")
    assert (slider.changed, slider.committed) == ([65_536], [65_536])
    assert slider._entry.text() == "65,536"
    assert slider._note.text() == "text repeats"
    retype(slider, qtbot, "65536")
    assert slider.committed == [65_536]


@pytest.mark.parametrize(("text", "sentence"), [("lots", "“lots” is not a length"), ("4", "from 8 to 1,048,576")])
def test_wrong_text_is_said_and_the_length_stays(slider, qtbot, text, sentence):
    retype(slider, qtbot, text)
    assert sentence in slider._note.text()
    assert DARK.warning in slider._note.styleSheet()
    assert (slider.length, slider._entry.text(), slider.changed) == (8_192, "8,192", [])
    qtbot.keyClick(slider._track, Qt.Key.Key_PageUp)
    assert slider._note.text() == "text repeats"


def test_keys(slider, qtbot):
    track = slider._track
    for key, n in (
        (Qt.Key.Key_PageUp, 16_384),
        (Qt.Key.Key_PageDown, 8_192),
        (Qt.Key.Key_Right, finer(8_192, 1)),
        (Qt.Key.Key_Left, finer(finer(8_192, 1), -1)),
        (Qt.Key.Key_Home, SHORTEST),
        (Qt.Key.Key_PageDown, SHORTEST),
        (Qt.Key.Key_End, LONGEST),
        (Qt.Key.Key_Down, finer(LONGEST, -1)),
        (Qt.Key.Key_Up, held(finer(finer(LONGEST, -1), 1))),
    ):
        qtbot.keyClick(track, key)
        assert slider.length == n
        assert slider.committed[-1] == n


def test_setting_from_outside_says_nothing(slider):
    slider.set_length(512)
    slider.set_length(10**9)
    assert slider.length == LONGEST
    assert (slider.changed, slider.committed) == ([], [])


def test_names_for_screen_readers(slider):
    assert slider.accessibleName() == slider._track.accessibleName() == "Sequence length"
    assert slider._track.accessibleDescription() == "8,192 tokens"


def test_themes(slider):
    dark = slider.grab().toImage()
    slider.set_theme(LIGHT)
    assert slider.grab().toImage() != dark
