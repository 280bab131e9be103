"""The bucket view, driven by mouse and keys, and its pictures, which depend on nothing but data and playhead."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter
from pytestqt.qt_compat import qt_api

from widgets.bucket_cells import Style, contrast, draw_number_each, font_for_all, part_buckets, reach_colour
from widgets.bucket_geometry import lens_for
from widgets.bucket_layout import BucketStage
from widgets.bucket_preview import made_up_buckets
from widgets.bucket_view import BucketView
from widgets.bucket_words import row_titles, token_note
from widgets.themes import CONTRAST, DARK, LIGHT, PRINT, PRINT_GREY


@pytest.fixture
def view(qtbot):
    made = BucketView(DARK)
    qtbot.addWidget(made)
    made.resize(880, 740)
    made.set_data(made_up_buckets(64, bucket_count=8))
    made.set_time(BucketStage.ROUNDS, 1.0)
    made.show()
    return made


def picture(view, width=700, height=560):
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    view.paint_onto(painter, QRectF(0, 0, width, height))
    painter.end()
    return image


def spot(view, row, slot):
    """The middle of a cell: row 0 tokens, 1 hashed, 2 sorted, 3 chunked."""
    geometry = view._geometry()
    return QPoint(round(geometry.x_of(slot + 0.5)), round(geometry.rows[row].center().y()))


@pytest.mark.parametrize("stage", list(BucketStage))
@pytest.mark.parametrize("n", [1, 5, 64, 500, 5000])
def test_the_same_playhead_gives_the_same_picture(qtbot, stage, n):
    first, second = BucketView(DARK), BucketView(DARK)
    for view in (first, second):
        qtbot.addWidget(view)
        view.set_data(made_up_buckets(n, bucket_count=16, locked=n - 1))
    first.set_time(stage, 0.4)
    # The other one comes from the end of the story, and from another size.
    second.set_time(BucketStage.ROUNDS, 1.0)
    picture(second, 300, 300)
    picture(second)
    second.set_time(stage, 0.4)
    assert picture(first) == picture(second)


@pytest.mark.parametrize("stage", list(BucketStage)[1:])
def test_a_chapter_begins_as_the_one_before_ends(view, stage):
    view.set_locked(30)
    view.set_time(stage - 1, 1.0)
    before = picture(view)
    view.set_time(stage, 0.0)
    after = picture(view)
    # All but the caption and the titles, which name the new chapter.
    geometry = view._export_scene.geometry(QRectF(0, 0, 700, 560))
    for row in geometry.rows:
        box = row.toRect().adjusted(0, -4, 0, 4)
        assert before.copy(box) == after.copy(box)


def test_sorted_cells_have_the_colours_of_their_buckets(view):
    image = view.grab().toImage()
    ratio = image.devicePixelRatio()
    data = view._scene.data
    for place, position in enumerate(data.order[0].tolist()):
        at = spot(view, 2, place)
        colour = image.pixelColor(round(at.x() * ratio), round((at.y() + 11) * ratio))
        expected = QColor(DARK.categories[data.labels[0, position] % len(DARK.categories)])
        assert colour == expected


def test_hover_names_the_token(view, qtbot):
    data = view._scene.data
    for row, slot, expected in ((0, 7, 7), (1, 9, 9), (2, 20, int(data.order[0, 20])), (3, 63, int(data.order[0, 63]))):
        with qtbot.waitSignal(view.token_hovered) as signal:
            qtbot.mouseMove(view, spot(view, row, slot))
        assert signal.args == [expected]
    note = token_note(data, view._scene.layouts[0], 7)
    assert f"bucket {data.labels[0, 7]}" in note
    assert "position 7" in note


def test_leaving_the_tokens_says_so(view, qtbot):
    qtbot.mouseMove(view, spot(view, 0, 3))
    with qtbot.waitSignal(view.token_hovered) as signal:
        qtbot.mouseMove(view, QPoint(3, view.height() - 3))
    assert signal.args == [-1]


def test_click_locks(view, qtbot):
    with qtbot.waitSignal(view.token_clicked) as signal:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=spot(view, 3, 12))
    position = int(view._scene.data.order[0, 12])
    assert signal.args == [position]
    assert view.playhead.locked == position


def test_rows_that_are_not_there_yet_cannot_be_clicked(view):
    view.set_time(BucketStage.HASH, 0.5)
    assert view.token_at(QPointF(spot(view, 1, 5))) == 5
    assert view.token_at(QPointF(spot(view, 2, 5))) is None


def test_up_and_down_move_the_locked_token(view, qtbot):
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.playhead.locked == 0
    qtbot.keyClick(view, Qt.Key.Key_Down)
    with qtbot.waitSignal(view.token_clicked) as signal:
        qtbot.keyClick(view, Qt.Key.Key_Down)
    assert signal.args == [2]
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert view.playhead.locked == 1
    view.set_locked(None)
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert view.playhead.locked == 63


def test_left_and_right_are_left_to_the_transport(view):
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Space):
        event = qt_api.QtGui.QKeyEvent(qt_api.QtCore.QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
        event.accept()
        view.keyPressEvent(event)
        assert not event.isAccepted()


def test_brackets_and_buttons_choose_the_round(view, qtbot):
    with qtbot.waitSignal(view.round_changed) as signal:
        qtbot.keyClick(view, Qt.Key.Key_BracketRight)
    assert signal.args == [1]
    qtbot.mouseClick(view._next_round, Qt.MouseButton.LeftButton)
    assert view.playhead.round == 2
    qtbot.mouseClick(view._previous_round, Qt.MouseButton.LeftButton)
    qtbot.keyClick(view, Qt.Key.Key_BracketLeft)
    assert view.playhead.round == 0
    assert not view._previous_round.isEnabled()
    with qtbot.assertNotEmitted(view.round_changed):
        qtbot.keyClick(view, Qt.Key.Key_BracketLeft)


def test_many_tokens_are_read_through_the_magnifier(qtbot):
    view = BucketView(DARK)
    qtbot.addWidget(view)
    view.resize(880, 740)
    view.set_data(made_up_buckets(20_000, 64, bucket_count=64, locked=9_999))
    view.set_time(BucketStage.ATTEND, 1.0)
    layout = view._scene.layouts[0]
    lens = lens_for(view._geometry(), layout.reach_of(9_999))
    place = int(layout.places[9_999])
    assert view.token_at(QPointF(lens.x_of(place + 0.5), lens.rect.center().y())) == 9_999
    assert lens.stop - lens.start in (64, 128)


def test_sentences_say_what_is_read(view):
    view.set_locked(40)
    view.set_time(BucketStage.ATTEND, 1.0)
    count = len(view._scene.layouts[0].reads(40))
    assert view.accessibleDescription() == (
        f"“it” reads {count} tokens of its own bucket in its chunk and the one before, never the future."
    )
    view.set_locked(0)
    assert "reads itself" in view.accessibleDescription()
    view.set_locked(None)
    assert view.accessibleDescription() == "Click a token to see what it reads."


def test_nothing_to_show_is_said_calmly(view, qtbot):
    for empty in (None, made_up_buckets(0)):
        view.set_data(empty)
        assert view.accessibleDescription() == "No tokens yet."
        assert view.token_at(QPointF(100, 40)) is None
        qtbot.keyClick(view, Qt.Key.Key_Down)
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton)
        assert not picture(view).isNull()


def test_the_same_data_again_keeps_what_is_drawn(view):
    scene = view._scene
    view.set_data(replace(scene.data, locked=5))
    assert view._scene is scene
    assert view.playhead.locked == 5
    view.set_data(made_up_buckets(64, bucket_count=8, seed=8))
    assert view._scene is not scene


def test_padding_places_and_bidirectional_reading_are_drawn(qtbot):
    data = made_up_buckets(30, bucket_count=4)
    padded = np.concatenate([data.order, np.full((4, 2), -1)], axis=1)
    view = BucketView(LIGHT)
    qtbot.addWidget(view)
    view.set_data(replace(data, order=padded, causal=False, look_back=0, locked=3))
    view.set_time(BucketStage.ROUNDS, 1.0)
    assert not picture(view).isNull()
    geometry = view._geometry()
    assert geometry.slots == 32
    assert view.token_at(QPointF(geometry.x_of(31.5), geometry.chunks.center().y())) is None


def test_themes_change_every_pixel_of_the_ground(view):
    dark = picture(view)
    view.set_theme(LIGHT)
    light = picture(view)
    assert dark.pixelColor(2, 2) == QColor(DARK.background)
    assert light.pixelColor(2, 2) == QColor(LIGHT.background)


def test_it_has_a_name_and_takes_focus_by_tab(view):
    assert view.accessibleName() == "Buckets"
    assert view.focusPolicy() & Qt.FocusPolicy.TabFocus


def row_of_cells(draw, width=200, height=40):
    """What ``draw`` paints of a row on the dark ground."""
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(DARK.background))
    painter = QPainter(image)
    draw(painter, Style(DARK, QFont()), QRectF(0, 0, width, height))
    painter.end()
    return image


def has_ink(image, first, stop):
    ground = image.pixel(0, 0)
    return any(image.pixel(x, y) != ground for x in range(first, stop) for y in range(image.height()))


@pytest.mark.parametrize("cells", [6, 10, 12, 40])
def test_every_bucket_of_a_row_has_its_number_or_none_has(qapp, cells):
    labels = np.array([9, 10, 15, 11] * 10)[:cells]

    def draw(painter, style, rect):
        painter.fillRect(rect, QColor("white"))
        draw_number_each(painter, style, rect, cells, labels)

    image = row_of_cells(draw)
    pitch = 200 // cells
    inked = {has_ink(image, place * pitch, (place + 1) * pitch) for place in range(cells)}
    assert inked == {pitch >= 12}


def test_numbers_grow_smaller_before_they_go(qapp):
    style = Style(DARK, QFont())
    room = QFontMetricsF(style.tiny).horizontalAdvance("88")
    assert font_for_all(style, room, 2) == style.tiny
    smaller = font_for_all(style, room - 1, 2)
    assert 8 <= smaller.pixelSize() < style.tiny.pixelSize()
    assert font_for_all(style, room / 3, 2) is None


@pytest.mark.parametrize("theme", [DARK, LIGHT, CONTRAST, PRINT, PRINT_GREY], ids=lambda theme: theme.name)
def test_the_reach_stands_out_from_the_ground(qapp, theme):
    assert contrast(reach_colour(theme), QColor(theme.background)) >= 3


@pytest.mark.parametrize("cells", [8, 40, 100])
def test_buckets_of_one_colour_are_parted(qapp, cells):
    colours = len(DARK.categories)
    labels = np.repeat([0, colours], cells // 2)  # two buckets, one colour

    def draw(painter, style, rect):
        painter.fillRect(rect, QColor(DARK.categories[0]))
        part_buckets(painter, style, rect, cells, labels)

    image = row_of_cells(draw)
    ground = QColor(DARK.background).rgb()
    dark = [x for x in range(200) if image.pixel(x, 20) == ground]
    assert dark
    assert all(abs(x - 99.5) <= 2 for x in dark)


def test_the_title_counts_chunks(view):
    data = view._scene.data
    assert row_titles(replace(data, chunk_length=8))[3].startswith("4  chunk: 8 chunks of 8 tokens, attend ")
    assert row_titles(replace(data, chunk_length=64))[3].startswith("4  chunk: 1 chunk of 64 tokens, attend ")
