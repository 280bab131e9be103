"""What the speaker sees: nothing is cut on any screen, times tell the truth, the picture is the one that was given."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QApplication, QLabel

from widgets.speaker_view import SpeakerView
from widgets.themes import CONTRAST, DARK, LIGHT

SHORT = "Say that colours are buckets."
LONG = " ".join(["A random rotation cuts the sphere, and the side a token points to is its bucket."] * 9)
SIZES = ((1024, 700), (1440, 900), (1920, 1080), (3840, 2160))


@pytest.fixture
def now():
    return [500.0]


@pytest.fixture
def view(qtbot, now):
    made = SpeakerView(DARK, lambda: now[0])
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    qtbot.waitExposed(made)
    return made


def red():
    picture = QPixmap(400, 300)
    picture.fill(QColor("#ff0000"))
    return picture


def show(view, notes=SHORT, following="What comes then", picture=None):
    view.set_scene("A hash from the sphere", "2 / 9", "The side is its bucket.", notes, following, picture)
    QApplication.processEvents()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("notes", [SHORT, LONG])
@pytest.mark.parametrize("theme", [DARK, LIGHT, CONTRAST])
def test_nothing_is_cut_and_notes_are_large(view, size, notes, theme):
    view.set_theme(theme)
    view.resize(*size)
    show(view, notes, picture=red())
    for label in view.findChildren(QLabel):
        if label.isVisible():
            assert label.width() >= label.minimumSizeHint().width(), label.text()
            assert label.height() >= label.heightForWidth(label.width()), label.text()
    assert view.paper.verticalScrollBar().maximum() == 0
    letters = view.notes.fontMetrics().height()
    assert letters >= size[1] / 60
    assert view.notes.font().pixelSize() >= view.caption.font().pixelSize() * 0.7


def test_short_notes_are_larger_than_long_ones(view):
    show(view, SHORT)
    large = view.notes.font().pixelSize()
    show(view, LONG)
    assert view.notes.font().pixelSize() < large


def test_the_longest_notes_scroll_by_wheel_or_arrow_and_begin_at_their_beginning(qtbot, view):
    show(view, LONG * 9)
    bar = view.paper.verticalScrollBar()
    assert bar.maximum() > 0
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert bar.value() > 0
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert bar.value() == 0
    qtbot.keyClick(view, Qt.Key.Key_Down)
    show(view, LONG * 8)
    assert bar.value() == 0


def test_the_time_goes_on(view, now):
    assert view.gone.text() == "0:00"
    now[0] += 754.6
    view.show_time()
    assert view.gone.text() == "12:34"
    now[0] += 3600
    view.show_time()
    assert view.gone.text() == "1:12:34"
    assert len(view.clock.text()) == 5


def test_the_picture_is_the_one_that_was_given(view):
    show(view, picture=red())
    middle = view.thumbnail.mapTo(view, view.thumbnail.rect().topLeft())
    assert view.grab().toImage().pixelColor(middle.x() + 40, middle.y() + 40).name() == "#ff0000"
    assert view.thumbnail.accessibleDescription() == ""
    show(view)
    assert view.grab().toImage().pixelColor(middle.x() + 40, middle.y() + 40).name() != "#ff0000"
    assert view.thumbnail.accessibleDescription().startswith("No picture yet")


def test_after_the_last_scene_comes_nothing(view):
    show(view, following="")
    assert view.following.text() == "The end"
    assert not view.coming.isVisible()
    assert view.thumbnail.accessibleDescription() == ""


def test_escape_leaves_and_a_click_into_the_notes_takes_no_key(qtbot, view):
    show(view, LONG * 9)
    with qtbot.waitSignal(view.left):
        qtbot.keyClick(view, Qt.Key.Key_Escape)
    qtbot.mouseClick(view.notes, Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() in (view, None)
