"""Opens the window: the shell and the text first, then the engine."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from PySide6.QtCore import QStandardPaths, QTimer
from PySide6.QtWidgets import QApplication

from app.controller import Controller
from app.engine_client import EngineClient
from app.main_window import MainWindow
from app.storage import Storage
from app.theme import apply, theme_named
from app.user_commands import UserCommands


def open_window() -> int:
    """Run the application until its window closes; its exit status."""
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Attnscope")
    application.setOrganizationName("Attnscope")
    folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation))
    window, commands = build(Storage(folder))
    window.show()
    QTimer.singleShot(0, commands.controller.client.start)  # after the first paint
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    status = application.exec()
    return status


def build(storage: Storage, threads: int | None = None) -> tuple[MainWindow, UserCommands]:
    """The window with everything connected; the engine is not started yet."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    session = storage.load_session()
    theme = theme_named(session.theme)
    apply(application, theme)
    window = MainWindow(theme)
    client = EngineClient(threads)
    controller = Controller(window, client, storage, session)
    commands = UserCommands(window, controller)
    controller.show_everything()
    return window, commands
