"""The numbers beside the picture, whole in the whole window: at any size, in both languages, with the longest words."""

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

from app import number_presenters
from app.language import CHINESE, ENGLISH, use
from engines.headless import study_answer
from tests.app.runs import run_of
from tests.app.test_number_presenters import known_with, measured
from widgets.lettering import lettering

SIZES = ((1024, 700), (1280, 800), (1440, 900), (1920, 1080), (3840, 2160))


def readings():
    """Numbers and baselines as long as they become."""
    known = known_with(
        measured("variant", 0.9996, 123_000_000),
        measured("fused", 0.1234, 98_700_000, "predicted", variant="full"),
        measured("textbook", 0.3456, 876_000_000, "predicted", variant="full"),
    )
    return number_presenters.readings(known, study_answer(run_of("longformer", 40, window=6), "closeness", head=2))


@pytest.mark.parametrize("language", [ENGLISH, CHINESE])
def test_no_number_and_no_note_is_cut(qapp, opened, language):
    use(language)
    try:
        window, _ = opened()
        assert_whole(window, readings())
    finally:
        use(ENGLISH)


def assert_whole(window, shown):
    for size in SIZES:
        window.resize(*size)
        window.live_panel.set_readings(shown)
        for _ in range(3):
            QApplication.processEvents()
        assert (window.width(), window.height()) == size
        for cell in window.live_panel.cells:
            theme, reading = cell._theme, cell.reading
            font = lettering(cell.font(), theme.small_points)
            lines = cell._noted(font)
            assert words(lines) == words(reading.notes), size
            assert all(QFontMetrics(font).horizontalAdvance(line) <= cell.width() - 16 for line in lines), (size, lines)
            assert cell._line(0, len(lines)) <= cell.height(), (size, lines)
            assert QFontMetrics(font).horizontalAdvance(reading.title) <= cell.width() - 16, (size, reading.title)


def words(lines):
    """All letters, however they are broken into lines."""
    return "".join(lines).replace(" ", "").replace("·", "")
