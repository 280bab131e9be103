"""The gallery of what is no view: one cheap sheet is really made."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app.language import ENGLISH, use
from app.session import Pane

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


@pytest.fixture
def gallery(monkeypatch, qtbot, tmp_path):
    monkeypatch.syspath_prepend(str(SCRIPTS))
    monkeypatch.chdir(tmp_path)
    import make_dialog_gallery

    yield make_dialog_gallery
    use(ENGLISH)


def test_a_sheet_has_a_cell_for_every_language_theme_and_sight(gallery, monkeypatch, tmp_path):
    budget = gallery.SHEETS["questions"][0]
    monkeypatch.setattr(gallery, "LANGUAGES", (ENGLISH,))
    monkeypatch.setattr(gallery, "THEMES", ("light", "contrast"))
    monkeypatch.setattr(gallery, "SHEETS", {"one": (replace(budget, panes=(Pane(length=8),)),)})
    gallery.make(["one"], tmp_path, tmp_path)
    pictures = [QImage(str(tmp_path / f"one-0-en-{theme}.png")) for theme in gallery.THEMES]
    assert {(each.width(), each.height()) for each in pictures} == {budget.size}
    assert len({each.pixelColor(3, 690).name() for each in pictures}) == 2
    width, height = gallery.make_gallery.CELL
    made = QImage(str(tmp_path / "one.webp"))
    gap, title = gallery.make_gallery.GAP, gallery.make_gallery.TITLE
    assert (made.width(), made.height()) == (width + 2 * gap, title + 2 * (height + gap) + gap)
    assert not any(each.isVisible() for each in QApplication.topLevelWidgets())


def test_a_dialog_lies_in_the_middle_of_its_window_under_its_title(gallery, qtbot):
    behind = QWidget()
    qtbot.addWidget(behind)
    behind.resize(300, 200)
    dialog = QDialog(behind)
    dialog.resize(100, 60)
    dialog.setStyleSheet("background: #ff0000")
    image = gallery.picture(dialog, behind, alone=False)
    assert (image.width(), image.height()) == (300, 200)
    assert image.pixelColor(150, 100) == QColor("#ff0000")
    assert image.pixelColor(150, 60) == QColor(gallery.BACKGROUND)
    assert gallery.picture(dialog, behind, alone=True).width() == 100


def test_every_sheet_names_its_columns(gallery):
    for sights in gallery.SHEETS.values():
        titles = [sight.title for sight in sights]
        assert len(titles) == len(set(titles))
