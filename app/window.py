"""Opens the window: the shell and the text first, then the engine."""

from __future__ import annotations

import gc
import signal
import sys
from pathlib import Path

import shiboken6
from PySide6.QtCore import QStandardPaths, QTimer
from PySide6.QtWidgets import QApplication

from app.controller import Controller
from app.engine_client import EngineClient
from app.language import chosen_language, keep_language, use
from app.main_window import MainWindow
from app.storage import Storage
from app.theme import apply, theme_named
from app.user_commands import UserCommands
from app.window_place import WindowPlace
from engines.problems import Problem


def open_window(language: str = "", path: str = "") -> int:
    """Run the application until its window closes; its exit status. ``language`` goes before what was chosen.

    ``path`` is a session or a text to show in it.
    """
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Attnscope")
    application.setOrganizationName("Attnscope")
    folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation))
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    status, next_language = 0, language or chosen_language(folder)
    while next_language:
        status, next_language = open_once(application, folder, next_language, path)
        path = ""  # opened once; in another language the window goes on from what it kept
    return status


def open_once(application: QApplication, folder: Path, language: str, path: str = "") -> tuple[int, str]:
    """Run one window until it closes; its exit status, and the language to open it again in, if one was chosen."""
    use(language)
    window, commands = build(Storage(folder))
    chosen = [""]

    def speak(another: str) -> None:
        try:
            keep_language(another, folder)
        except Problem as problem:
            commands.controller.show_problem(problem)
        else:
            chosen.append(another if window.close() else "")

    commands.language_chosen.connect(speak)
    if path:
        commands.open_path(str(Path(path).absolute()))
    window.show()
    QTimer.singleShot(0, lambda: after_first_paint(commands))
    status = application.exec()
    application.removeEventFilter(commands)
    if chosen[-1]:
        shiboken6.delete(window)  # now: the next one is built from what this one kept
    return status, chosen[-1]


def after_first_paint(commands: UserCommands) -> None:
    """The engine; and the search for garbage again, which need not look at what stays until the end."""
    commands.controller.client.start()
    gc.freeze()
    gc.enable()


def build(storage: Storage, threads: int | None = None) -> tuple[MainWindow, UserCommands]:
    """The window with everything connected; the engine is not started yet."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    session = storage.load_session()
    theme = theme_named(session.theme)
    apply(application, theme)
    window = MainWindow(theme)
    WindowPlace(window, storage.folder)
    client = EngineClient(threads)
    controller = Controller(window, client, storage, session)
    commands = UserCommands(window, controller)
    controller.show_everything()
    return window, commands
