"""The export dialog by keys: what it shows, writes, asks and copies. No engine: the pattern needs none."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QDoubleSpinBox, QLineEdit, QMessageBox

from app.export import still
from app.export_dialog import ExportDialog
from tests.app.conftest import dialogs, said
from widgets.viewport import Viewport

Key, Control, Shift = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def dialog(qtbot, window, commands, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    qtbot.keyClick(window, Key.Key_E, Control)
    opened = next(each for each in dialogs() if isinstance(each, ExportDialog))
    qtbot.waitExposed(opened)
    opened.form.width_box.setValue(60)
    opened.form.dpi.setValue(72)
    yield opened
    if opened in dialogs():
        opened.close()


def test_it_writes_what_it_shows_in_the_theme_for_print(qtbot, dialog, window, tmp_path):
    assert dialog.name.text() == "longformer-64.png"
    assert dialog.words.text().startswith("Longformer, window")
    qtbot.keyClick(dialog, Key.Key_Return)
    written = tmp_path / "longformer-64.png"
    assert said(window) == f"Saved {written.name}"
    image = QImage(str(written))
    assert image.width() == round(60 / 25.4 * 72)
    assert image.pixelColor(1, 1).name() == "#ffffff", "the window is dark, the figure is not"
    assert json.loads(image.text("Attnscope"))["variant"] == "longformer"
    assert not dialogs()


def test_the_name_follows_the_format_and_the_format_the_name(qtbot, dialog, tmp_path):
    dialog.form.format.setFocus()
    qtbot.keyClick(dialog.form.format, Key.Key_Down)
    assert (dialog.form.chosen_format.name, dialog.name.text()) == ("svg", "longformer-64.svg")
    dialog.name.setFocus()
    dialog.name.selectAll()
    qtbot.keyClicks(dialog.name, "figure.pdf")
    qtbot.keyClick(dialog.name, Key.Key_Return)
    assert dialog.form.chosen_format.name == "pdf"
    assert (tmp_path / "figure.pdf").read_bytes().startswith(b"%PDF-")


def test_an_extension_is_added(qtbot, dialog, tmp_path):
    dialog.name.setText("figure-1.5")
    dialog.export.click()
    assert (tmp_path / "figure-1.5.png").exists()


def question():
    return next(each for each in QApplication.topLevelWidgets() if isinstance(each, QMessageBox) and each.isVisible())


def test_overwriting_is_asked_and_no_is_the_answer_of_escape(qtbot, dialog, tmp_path):
    old = tmp_path / "longformer-64.png"
    old.write_bytes(b"old")
    dialog.export.click()
    qtbot.keyClick(question(), Key.Key_Escape)
    assert old.read_bytes() == b"old"
    assert dialog.isVisible()
    dialog.export.click()
    next(each for each in question().buttons() if each.text() == "Replace").click()
    assert old.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", [".", "..", "~no such person/figure.png", "long" * 100])
def test_a_name_that_no_file_can_have_is_said(qtbot, dialog, name):
    dialog.name.setText(name)
    dialog.export.click()
    assert dialog.said.text().startswith(f"{dialog.name.text()} could not be saved: ")
    dialog.form.format.setFocus()
    qtbot.keyClick(dialog.form.format, Key.Key_Down)
    assert dialog.form.chosen_format.name == "svg"


def test_what_cannot_be_saved_is_said_and_the_dialog_stays(dialog, tmp_path):
    dialog.name.setText(str(tmp_path / "no folder" / "figure.png"))
    dialog.export.click()
    assert "could not be saved" in dialog.said.text()
    assert dialog.isVisible()
    assert dialog.export.isEnabled()


def test_a_cancel_while_it_writes_leaves_the_old_file_whole(dialog, tmp_path, monkeypatch):
    old = tmp_path / "longformer-64.png"
    old.write_bytes(b"old")
    drawn = still.still_bytes

    def cancelled_meanwhile(*given):
        assert dialog.progress.isVisible()
        dialog.cancel.click()
        return drawn(*given)

    monkeypatch.setattr(still, "still_bytes", cancelled_meanwhile)
    dialog.write()
    assert dialog.said.text() == "The export was cancelled; longformer-64.png is as it was."
    assert old.read_bytes() == b"old"
    assert dialog.isVisible()
    assert not dialog.progress.isVisible()


def test_units_say_the_same_size_in_other_words(dialog):
    form = dialog.form
    form.unit.setCurrentText("in")
    assert form.width_box.value() == pytest.approx(60 / 25.4, abs=0.01)
    form.unit.setCurrentText("px")
    assert form.width_box.value() == round(60 / 25.4 * 72)
    form.unit.setCurrentText("mm")
    assert form.width_box.value() == pytest.approx(60, abs=0.5)
    assert not form.height_box.isEnabled()
    form.suits.setChecked(False)
    form.height_box.setValue(50)
    assert form.look().height == pytest.approx(50 / 25.4)


def test_caption_and_entry_are_copied(qtbot, dialog):
    dialog.copy_caption.click()
    assert QGuiApplication.clipboard().text() == dialog.words.text()
    dialog.copy_bibtex.click()
    assert QGuiApplication.clipboard().text().startswith("@misc{beltagy2020longformer,")


def test_the_selection_is_kept(dialog, window, controller):
    view = window.pane_view.pattern_view
    view.set_viewport(Viewport(10, 20, 10, 20))
    controller.set(locked=15)
    dialog.draw_preview()
    figure = dialog.figure
    assert figure.view.viewport() == view.viewport()
    assert figure.view.locked() == 15
    assert "Token 15 is locked." in dialog.words.text()


def test_every_control_is_reached_by_tab_and_has_a_name(qtbot, dialog):
    controls = [
        each
        for kind in (QAbstractButton, QComboBox, QDoubleSpinBox, QLineEdit)
        for each in dialog.findChildren(kind)
        if each.isVisible() and each.isEnabled() and each.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert all(each.accessibleName() or getattr(each, "text", str)() for each in controls)
    dialog.form.format.setFocus()
    reached = set()
    for _ in range(3 * len(controls)):
        reached.add(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget(), Key.Key_Tab)
    assert {each for each in controls if not isinstance(each.parent(), QDoubleSpinBox)} <= reached


def test_the_picture_is_copied_as_pixels_and_as_svg(qtbot, window, commands):
    qtbot.keyClick(window, Key.Key_C, Control | Shift)
    data = QGuiApplication.clipboard().mimeData()
    assert bytes(data.data("image/png").data()).startswith(b"\x89PNG")
    assert b"<svg" in bytes(data.data("image/svg+xml").data())
    assert data.hasImage()
    assert said(window) == "The picture is on the clipboard."
