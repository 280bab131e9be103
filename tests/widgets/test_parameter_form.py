"""The form: only a person's edits are announced, wrong text keeps the last good value, focus survives updates."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from widgets.form_rows import ChoiceRow
from widgets.parameter_form import ParameterForm, _made_up
from widgets.themes import DARK, LIGHT
from widgets.view_data import FormField

FIELDS = _made_up()


@pytest.fixture
def form(qtbot):
    form = ParameterForm()
    qtbot.addWidget(form)
    form.resize(300, 640)
    form.set_fields(FIELDS)
    form.show()
    qtbot.waitExposed(form)
    form.activateWindow()
    return form


@pytest.fixture
def edits(form):
    seen = []
    form.changed.connect(lambda name, value: seen.append((name, value)))
    return seen


def retype(qtbot, edit, text):
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, text)


def test_every_kind_has_its_row_and_shows_its_value(form):
    rows = form.rows
    assert list(rows) == [field.name for field in FIELDS]
    assert rows["chunk_length"].edit.text() == "64"
    assert rows["temperature"].edit.text() == "0.25"
    assert rows["attend"].choice.currentText() == "own + previous"
    assert rows["shared"].switch.isChecked()
    assert rows["windows"].edit.text() == "128, 256, 512"
    assert rows["globals"].edit.text() == "0, 64"
    assert not hasattr(rows["seed"], "slider")


def test_updates_from_outside_announce_nothing(form, edits):
    form.set_fields(
        (
            *(
                replace(f, value=v)
                for f, v in zip(FIELDS, (128, 2, 1.5, "own", False, 9, (1,), (3,), False), strict=True)
            ),
        )
    )
    assert edits == []
    assert form.rows["chunk_length"].edit.text() == "128"
    assert form.rows["chunk_length"].value == 128
    assert not form.rows["shared"].switch.isChecked()


def test_typing_a_number_is_announced_once_on_return(form, edits, qtbot):
    edit = form.rows["chunk_length"].edit
    retype(qtbot, edit, "256")
    assert edits == []
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    form.rows["rounds"].edit.setFocus()
    assert edits == [("chunk_length", 256)]


def test_wrong_text_gets_a_sentence_and_keeps_the_last_good_value(form, edits, qtbot):
    row = form.rows["windows"]
    retype(qtbot, row.edit, "128, x")
    assert row.error.isVisible()
    assert "128, 256, 512" in row.error.text()
    qtbot.keyClick(row.edit, Qt.Key.Key_Return)
    assert edits == []
    assert row.value == (128, 256, 512)
    assert row.edit.text() == "128, x"
    qtbot.keyClick(row.edit, Qt.Key.Key_Backspace)
    qtbot.keyClicks(row.edit, "64")
    assert not row.error.isVisible()
    qtbot.keyClick(row.edit, Qt.Key.Key_Return)
    assert edits == [("windows", (128, 64))]


def test_out_of_range_says_the_range(form, edits, qtbot):
    row = form.rows["rounds"]
    retype(qtbot, row.edit, "99")
    assert "1 … 8" in row.error.text()
    qtbot.keyClick(row.edit, Qt.Key.Key_Escape)
    assert row.edit.text() == "4"
    assert not row.error.isVisible()
    assert edits == []


def test_an_update_keeps_focus_caret_and_what_is_being_typed(form, qtbot):
    edit = form.rows["windows"].edit
    edit.setFocus()
    edit.setCursorPosition(3)
    qtbot.keyClicks(edit, "0")
    form.set_fields((replace(FIELDS[0], value=512, help="new"), *FIELDS[1:]))
    assert form.rows["windows"].edit is edit
    assert QApplication.focusWidget() is edit
    assert edit.text() == "1280, 256, 512"
    assert edit.cursorPosition() == 4


def test_the_slider_by_mouse_and_keys(form, edits, qtbot):
    slider = form.rows["rounds"].slider
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() - 3, slider.height() // 2))
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_End)
    assert edits[-1] == ("rounds", 8)
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    assert edits[-1] == ("rounds", 1)
    assert form.rows["rounds"].edit.text() == "1"
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert edits[-1] == ("rounds", 2)


def test_the_slider_does_not_round_a_typed_value(form, edits, qtbot):
    row = form.rows["chunk_length"]
    retype(qtbot, row.edit, "137")
    qtbot.keyClick(row.edit, Qt.Key.Key_Return)
    assert edits == [("chunk_length", 137)]
    form.set_fields((replace(FIELDS[0], value=137), *FIELDS[1:]))
    assert row.edit.text() == "137"
    assert row.value == 137


def test_arrows_step_a_whole_number_within_its_range(form, edits, qtbot):
    edit = form.rows["seed"].edit
    edit.setFocus()
    qtbot.keyClick(edit, Qt.Key.Key_Up)
    qtbot.keyClick(edit, Qt.Key.Key_Down)
    qtbot.keyClick(edit, Qt.Key.Key_Down)
    assert edits == [("seed", 8), ("seed", 7), ("seed", 6)]
    form.set_fields(tuple(replace(f, value=0) if f.name == "seed" else f for f in FIELDS))
    qtbot.keyClick(edit, Qt.Key.Key_Down)
    assert edits[-1] == ("seed", 6)


def test_choice_and_switch(form, edits, qtbot):
    choice = form.rows["attend"].choice
    choice.setFocus()
    qtbot.keyClick(choice, Qt.Key.Key_Up)
    qtbot.mouseClick(form.rows["shared"].switch, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(form.rows["shared"].label, Qt.MouseButton.LeftButton)
    assert edits == [("attend", "own"), ("shared", False), ("shared", True)]


def test_a_disabled_field_says_why_and_does_nothing(form, edits, qtbot):
    row = form.rows["flash"]
    qtbot.mouseClick(row.switch, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(row.label, Qt.MouseButton.LeftButton)
    assert edits == []
    where = row.switch.rect().center()
    QApplication.sendEvent(row, QHelpEvent(QEvent.Type.ToolTip, where, row.mapToGlobal(where)))
    assert "CUDA" in QToolTip.text()
    assert "CUDA" in row.switch.accessibleDescription()


def test_other_names_make_other_rows_and_the_tab_order_follows(form, qtbot):
    form.set_fields(FIELDS[1:3])
    QApplication.processEvents()  # new rows show themselves with the next event
    assert list(form.rows) == ["rounds", "temperature"]
    form.rows["rounds"].edit.setFocus()
    visited = []
    for _ in range(4):
        visited.append(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    rows = form.rows
    assert visited == [
        rows["rounds"].edit,
        rows["rounds"].slider,
        rows["temperature"].edit,
        rows["temperature"].slider,
    ]
    form.set_fields(())
    assert form.rows == {}


def test_help_is_a_tooltip_without_markup_from_outside(form):
    form.set_fields((replace(FIELDS[0], help="a <b> & c"), *FIELDS[1:]))
    assert "a &lt;b&gt; &amp; c" in form.rows["chunk_length"].toolTip()


def test_themes_differ(form):
    form.set_theme(DARK)
    dark = form.grab().toImage()
    form.set_theme(LIGHT)
    assert form.grab().toImage() != dark


def test_a_choice_that_does_not_fit_beside_its_label_stands_below_it_uncut(qtbot):
    field = FormField(
        "projection", "choice", "Projection", "", "from the weights", choices=("random", "from the weights")
    )
    form = ParameterForm()
    qtbot.addWidget(form)
    form.set_fields((field,))
    form.show()
    row = form.findChild(ChoiceRow)
    for width in (400, 210, 400):
        form.resize(width, 200)
        wide = width == 400

        def is_laid_out(wide=wide):
            name, choice = row.label.geometry(), row.choice.geometry()
            return (name.right() < choice.left()) is wide and row.rect().contains(choice)

        qtbot.waitUntil(is_laid_out)
        assert row.choice.width() >= row.choice.sizeHint().width()


def test_nought_is_called_by_its_word_and_what_it_comes_to_follows(form, edits, qtbot):
    buckets = FormField("buckets", "integer", "Buckets", "", 0, 0, 100, zero="auto", comes_to=16)
    form.set_fields((buckets,))
    row = form.rows["buckets"]
    assert row.edit.text() == "auto (16)"
    form.set_fields((replace(buckets, comes_to=24),))
    assert row.edit.text() == "auto (24)"
    retype(qtbot, row.edit, "12")
    form.set_fields((replace(buckets, comes_to=32),))
    assert row.edit.text() == "12"  # still being typed
    qtbot.keyClick(row.edit, Qt.Key.Key_Return)
    retype(qtbot, row.edit, "auto")
    qtbot.keyClick(row.edit, Qt.Key.Key_Return)
    assert edits == [("buckets", 12), ("buckets", 0)]
    assert row.edit.text() == "auto (32)"


@pytest.mark.parametrize("width", [200, 219, 300])
def test_no_row_is_wider_than_the_form(form, qtbot, width):
    names = ("Neighbours on each side", "Summary c", "Local window as in the official code")
    numbers = [FormField(name, "integer", name, "", 8, 1, 4096, unit="tokens") for name in names]
    choice = FormField("p", "choice", "Projection", "", "from the weights", choices=("none", "from the weights"))
    form.set_fields((*numbers, choice, FormField("list", "integers", "Window", "", (1,), 1, unit="tokens")))
    form.resize(width, 140)  # too low for all rows: the scroll bar takes some of the width
    area = form._scroll.viewport()
    qtbot.waitUntil(lambda: form._body.width() == area.width())
    row = form.rows["p"]
    if width < 300:
        lefts = {each.mapTo(area, QPoint(0, 0)).x() for each in (row.choice, form.rows["list"].edit)}
        qtbot.waitUntil(lambda: row.choice.y() > row.label.y())
        assert len(lefts) == 1
