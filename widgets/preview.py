"""Shows one widget alone with made-up data: ``python -m widgets.live_panel``. Not used by the application."""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtWidgets import QApplication, QWidget

from widgets.style_sheet import palette, style_sheet
from widgets.themes import DARK, LIGHT
from widgets.view_data import Theme


def preview(make: Callable[[Theme], QWidget]) -> None:
    """Open a window with what ``make`` returns; ``--light`` chooses the light theme."""
    application = QApplication(sys.argv)
    theme = LIGHT if "--light" in sys.argv else DARK
    application.setStyle("Fusion")
    application.setPalette(palette(theme))
    application.setStyleSheet(style_sheet(theme))
    widget = make(theme)
    widget.show()
    sys.exit(application.exec())
