"""What the speaker sees: nothing is cut on any screen, times tell the truth, the picture is the one that was given."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QApplication, QLabel

from app.language import CHINESE, ENGLISH, use
from tests.app.export.films import pixels
from widgets.speaker_view import SpeakerView
from widgets.themes import CONTRAST, DARK, LIGHT

SHORT = "Say that colours are buckets."
LONG = " ".join(["A random rotation cuts the sphere, and the side a token points to is its bucket."] * 9)
CHINESE_NOTES = "随机旋转把球面切开，词元所指的那一侧就是它的桶。" * 12
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


# The rim ------------------------------------------------------------------------------------------------------------

RIM = {
    ENGLISH: ("A hash from the sphere, turned", LONG, "What comes then"),
    CHINESE: ("来自球面的哈希", CHINESE_NOTES, "排序"),
}


@pytest.fixture(params=[ENGLISH, CHINESE])
def spoken(request, qapp):
    """The language that the view is made in."""
    use(request.param)
    yield request.param
    use(ENGLISH)


@pytest.mark.parametrize("size", [(1, 1), (1024, 700), (3840, 2160)])
@pytest.mark.parametrize("many", [1, 9])
@pytest.mark.parametrize("last", [False, True])
def test_no_letter_touches_the_rim(qtbot, spoken, size, many, last):
    """At the least size that the window system gives it, and at a large one; with words that fit, and that scroll."""
    name, notes, following = RIM[spoken]
    view = SpeakerView(LIGHT)
    qtbot.addWidget(view)
    view.resize(*size)
    view.show()
    qtbot.waitExposed(view)
    view.set_scene(name, "2 / 9", notes[:80], notes * many, "" if last else following)
    QApplication.processEvents()
    shown = pixels(view.grab().toImage())
    ink = np.abs(shown.astype(int) - shown[0, 0]).max(axis=2) > 8
    across, down = view.columns.contentsMargins().left(), view.columns.contentsMargins().top()
    assert min(across, down) >= 18, "as wide as the smallest letters are high"
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    assert rows[0] >= down
    assert rows[-1] < ink.shape[0] - down
    assert columns[0] >= across - 2, "a letter may hang a little to the left of where it is put"
    assert columns[-1] < ink.shape[1] - across
    for label in view.findChildren(QLabel):
        if label.isVisible() and label is not view.notes:  # which scroll
            assert label.width() >= label.minimumSizeHint().width(), label.text()
            assert label.height() >= label.heightForWidth(label.width()), label.text()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("notes", ["\n".join([LONG] * 5), "\n\n".join([CHINESE_NOTES, SHORT] * 9)])
def test_notes_that_scroll_are_legible_and_no_line_is_cut(qtbot, view, size, notes):
    view.resize(*size)
    show(view, notes)
    assert view.notes.font().pixelSize() >= size[1] / 35
    for _ in range(4):
        lines, area = view.paper.whole_lines(), view.paper.viewport()
        shown = pixels(area.grab().toImage())[:, : area.width() - 2].astype(int)
        rows = np.flatnonzero((np.abs(shown - shown[-1, -1]).max(axis=2) > 8).any(axis=1))
        offset = view.notes.y()
        assert rows[0] >= lines[0][0] + offset - 1
        assert rows[-1] <= lines[-1][1] + offset + 1
        assert lines[-1][1] + offset <= area.height()
        between = [int(bottom + offset) for _, bottom in lines[:-1]]
        inked = set(rows.tolist())
        assert sum(y in inked for y in between) <= 0.1 * len(between)  # the lines are where they are said to be
        qtbot.keyClick(view, Qt.Key.Key_Down)
