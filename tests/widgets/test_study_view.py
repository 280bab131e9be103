"""The view of a study: answers go in where they belong, and a person's pointer reads them."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QHelpEvent, QImage, QPainter
from PySide6.QtWidgets import QApplication, QToolTip

from tests.widgets.pointer import click, leave, move
from widgets.plots.plot_data import CurveData, PlotLine, PlotPanel, StudyData
from widgets.plots.preview_study import cloud_panel, numbers_panel, preview_study
from widgets.study_view import StudyView
from widgets.themes import DARK, LIGHT


def curve(title, y, note=""):
    y = np.asarray(y, dtype=float)
    line = PlotLine("head 1", np.arange(len(y), dtype=float), y, "#56b4e9")
    return PlotPanel(title, CurveData("rank", "mass", (line,)), note)


@pytest.fixture
def view(qtbot):
    view = StudyView()
    qtbot.addWidget(view)
    view.set_theme(DARK)
    view.resize(900, 700)
    view.show()
    qtbot.waitExposed(view)
    return view


def pixels(view):
    image = QImage(view.size(), QImage.Format.Format_RGB32)
    view.render(image)
    return image


def onto(view, size, scale=1.0):
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.fill(QColor("#000000"))
    painter = QPainter(image)
    view.paint_onto(painter, QRectF(0, 0, size[0] / scale, size[1] / scale))
    painter.end()
    return image


def test_a_better_answer_goes_into_the_same_panels_and_nothing_moves(view):
    view.set_data(StudyData((curve("mass", [1, 2, 3]), curve("error", [3, 2, 1])), "What it shows", working=True))
    before, places = view.panels, [panel.geometry() for panel in view.panels]
    first = pixels(view)
    view.set_data(StudyData((curve("mass", [1, 2, 2.5]), curve("error", [3, 2, 1.5])), "What it shows"))
    assert view.panels == before
    assert [panel.geometry() for panel in view.panels] == places
    assert view.panels[0].panel.plot.lines[0].y[-1] == 2.5
    assert pixels(view) != first


def test_a_picture_stays_where_a_note_gets_shorter(view):
    many = "One of many words that the note has at first. " * 8
    view.set_data(StudyData((curve("mass", [1, 2, 3], many),)))
    picture = view.panels[0].picture_rect()
    view.set_data(StudyData((curve("mass", [1, 2, 3], "Few words."),)))
    assert view.panels[0].picture_rect() == picture


def test_an_answer_of_other_panels_replaces(view, qtbot):
    view.set_data(StudyData((curve("mass", [1, 2, 3]), curve("error", [3, 2, 1]))))
    gone = view.panels
    view.set_data(StudyData((curve("mass", [1, 2, 3]), cloud_panel(DARK), numbers_panel())))
    assert [panel.panel.title for panel in view.panels] == [
        "mass",
        "Exact against estimated kernel",
        "How close to exact",
    ]
    assert not set(gone) & set(view.panels)
    assert not any(panel.isVisible() for panel in gone)
    assert all(panel.isVisible() for panel in view.panels)
    view.set_data(None)
    assert view.panels == ()


def test_the_pointer_reads_a_line_and_stays_on_it_when_the_answer_gets_better(view):
    view.set_data(StudyData((curve("mass", [0, 0.5, 1]),)))
    (panel,) = view.panels
    frame = panel.picture.frame(panel.picture_rect())
    still = pixels(view)
    move(panel, QPointF(frame.x_place(1) + 4, frame.plot.center().y()))
    assert panel.pointed.words() == "rank = 1, head 1 0.5"
    assert pixels(view) != still
    view.set_data(StudyData((curve("mass", [0, 0.75, 1]),)))
    assert panel.pointed.words() == "rank = 1, head 1 0.75"
    leave(panel)
    assert panel.pointed is None
    view.set_data(StudyData((curve("mass", [0, 0.5, 1]),)))
    assert pixels(view) == still


def test_a_number_shows_its_card_on_hover_and_a_click_copies_it(view, qtbot):
    view.set_data(StudyData((numbers_panel(),)))
    (panel,) = view.panels
    _, cell = panel.picture.cells(panel.picture_rect())[1]
    where = cell.center().toPoint()
    event = QHelpEvent(QHelpEvent.Type.ToolTip, where, panel.mapToGlobal(where))
    QApplication.sendEvent(panel, event)
    assert "256 of 65,536" in QToolTip.text()
    assert "94.1 %" in QToolTip.text()
    click(panel, cell.center())
    assert QGuiApplication.clipboard().text().startswith("softmax mass found: 94.1 %\nqueries: 256 of 65,536")


def test_stale_and_working_are_seen_and_said(view):
    data = StudyData((curve("mass", [0, 0.5, 1]),), "Where the mass is")
    view.set_data(data)
    fresh = pixels(view)
    assert view.accessibleDescription() == "Where the mass is"
    view.set_data(replace(data, working=True))
    working = pixels(view)
    assert working != fresh
    assert "refining" in view.accessibleDescription()
    view.set_data(replace(data, stale=True))
    assert pixels(view) not in (fresh, working)
    assert "stale" in view.accessibleDescription()
    view.set_data(data)
    assert pixels(view) == fresh


def test_empty_says_why(view):
    view.set_data(None)
    usual = pixels(view)
    view.set_why_empty("This variant has no such study.")
    assert pixels(view) != usual
    view.set_data(StudyData((), working=True))
    view.set_data(StudyData(()))
    view.set_data(None)
    assert "no such study" in view.accessibleDescription()


def test_nothing_is_drawn_before_there_is_a_theme(qtbot):
    view = StudyView()
    qtbot.addWidget(view)
    view.set_data(StudyData((curve("mass", [1, 2, 3]),)))
    assert view.panels == ()
    view.set_theme(LIGHT)
    assert len(view.panels) == 1


def test_a_theme_changes_every_colour_and_moves_nothing(view):
    view.set_data(preview_study(DARK))
    places = [panel.geometry() for panel in view.panels]
    assert pixels(view).pixelColor(3, 3).name() == DARK.background
    view.set_theme(LIGHT)
    assert pixels(view).pixelColor(3, 3).name() == LIGHT.background
    assert pixels(view).pixelColor(places[0].left() + 40, places[0].top() + 3).name() == LIGHT.surface
    assert [panel.geometry() for panel in view.panels] == places


@pytest.mark.parametrize("count", range(1, 9))
def test_panels_fill_the_view_or_scroll(view, count):
    view.set_data(StudyData(preview_study(DARK).panels[:count]))
    for size in ((400, 300), (900, 700), (3840, 2160)):
        view.resize(*size)
        page = view.panels[0].parentWidget()
        right = max(panel.geometry().right() for panel in view.panels)
        bottom = max(panel.geometry().bottom() for panel in view.panels)
        assert page.width() - 14 <= right + 1 <= page.width() - 10
        assert page.height() >= view.height()
        assert abs(page.height() - 12 - (bottom + 1)) <= 1
        bar = view._scroll.verticalScrollBar()
        assert (bar.maximum() > 0) == (page.height() > view.height())


def test_an_exported_page_is_drawn_at_any_size_without_the_widget(qtbot):
    view = StudyView()
    qtbot.addWidget(view)
    view.set_theme(LIGHT)
    view.set_data(preview_study(LIGHT, 65_536))
    for size, scale in (((1_600, 1_000), 1.5), ((700, 400), 1.0), ((2_400, 1_800), 3.125)):
        image = onto(view, size, scale)
        assert image == onto(view, size, scale)
        edge = [image.pixelColor(x, size[1] - 2).lightnessF() for x in range(size[0])]
        assert min(edge) > 0.9  # nothing but ground: no picture and no word runs over the edge
    view.set_data(None)
    onto(view, (300, 200))


def test_the_pointer_is_not_in_the_export(view):
    view.set_data(StudyData((curve("mass", [0, 0.5, 1]),)))
    before = onto(view, (800, 500))
    (panel,) = view.panels
    move(panel, panel.picture_rect().center())
    assert panel.pointed is not None
    assert onto(view, (800, 500)) == before


def test_a_long_page_keeps_its_place_while_it_gets_better(view):
    view.resize(420, 320)
    view.set_data(preview_study(DARK))
    bar = view._scroll.verticalScrollBar()
    bar.setValue(200)
    view.set_data(preview_study(DARK))
    assert bar.value() == 200
    view.set_data(StudyData((curve("mass", [0, 1]),)))
    assert bar.value() == 0


def test_importing_the_view_loads_neither_pictures_nor_a_plotting_library():
    code = (
        "import sys, widgets.study_view\n"
        "late = [name for name in sys.modules if name.startswith(('pyqtgraph', 'torch', 'widgets.plots.'))]\n"
        "print(sorted(set(late) - {'widgets.plots.plot_data'}))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_the_tooltip_goes_where_there_is_no_number(view):
    view.set_data(StudyData((numbers_panel(),)))
    (panel,) = view.panels
    where = QPoint(panel.width() - 3, panel.height() - 3)
    QApplication.sendEvent(panel, QHelpEvent(QHelpEvent.Type.ToolTip, where, panel.mapToGlobal(where)))
    assert panel.pointed is None


def test_keys_walk_through_the_points_and_let_go(view, qtbot):
    view.set_data(StudyData((curve("mass", [0, 0.5, 1]),)))
    (panel,) = view.panels
    panel.setFocus()
    seen = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(panel, key)
        seen.append(panel.pointed.heading)
    assert seen == ["rank = 0", "rank = 1", "rank = 2", "rank = 2", "rank = 1"]
    qtbot.keyClick(panel, Qt.Key.Key_Escape)
    assert panel.pointed is None


def test_keys_reach_every_number_and_copy_it(view, qtbot):
    view.set_data(StudyData((numbers_panel(),)))
    (panel,) = view.panels
    panel.setFocus()
    for _ in range(3):
        qtbot.keyClick(panel, Qt.Key.Key_Right)
    qtbot.keyClick(panel, Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text().startswith("pairs computed: 2.4 %")
