"""The gallery of the views: a small sheet is really made, and there is one for every view."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from app.language import CHINESE, ENGLISH, use
from app.session_file import from_json, to_json
from app.views import difference_views, step_views, view_names
from engines.studies import studies_of
from engines.variants import variant_named

ROOT = Path(__file__).resolve().parents[2]
EVERY = [*view_names(), *(view.name for view in difference_views())]


@pytest.fixture
def gallery(monkeypatch, qtbot, tmp_path):
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    monkeypatch.chdir(tmp_path)
    import make_gallery

    yield make_gallery
    use(ENGLISH)


def test_a_sheet_has_a_cell_for_every_language_theme_and_look(gallery, monkeypatch, tmp_path):
    look = replace(gallery.LOOKS[1], length=8)
    monkeypatch.setattr(gallery, "LANGUAGES", (CHINESE,))
    monkeypatch.setattr(gallery, "LOOKS", (look,))
    monkeypatch.setattr(gallery, "FOLDER", tmp_path / "sheets")
    gallery.make(["pattern"], tmp_path)
    pictures = [QImage(str(tmp_path / f"pattern-0-{CHINESE}-{theme}.png")) for theme in gallery.THEMES]
    assert {(each.width(), each.height()) for each in pictures} == {look.size}
    assert len({each.pixelColor(3, 500).name() for each in pictures}) == 2
    made = QImage(str(tmp_path / "sheets" / "pattern.webp"))
    (width, height), gap = gallery.CELL, gallery.GAP
    assert (made.width(), made.height()) == (width + 2 * gap, gallery.TITLE + 2 * (height + gap) + gap)


@pytest.mark.parametrize("view", EVERY)
def test_each_view_is_shown_by_a_pane_that_has_it(gallery, view):
    pane = gallery.pane_of(view)
    if view not in {each.name for each in (*step_views(), *difference_views())}:
        assert view in {study.name for study in studies_of(variant_named(pane.variant), pane.causal)}
    for look in gallery.LOOKS:
        session = gallery.session_of(view, look, "dark", CHINESE)
        assert from_json(to_json(session)) == session, "a window would take it"


def test_the_gallery_lacks_no_view():
    kept = {path.stem for path in (ROOT / "docs" / "gallery").glob("*.webp")}
    assert kept == set(EVERY)
