"""Look at everything that is no view: the stage, the speaker's view, the dialogs, the palette, panes beside each other.

.venv/bin/python scripts/make_dialog_gallery.py [--whole FOLDER] [sheet …]

Makes docs/gallery/dialogs/<sheet>.webp, each in the three themes and both languages; ``--whole`` also keeps every
picture as large as it was. Everything is opened by its command in a real window with real runs, drawn offscreen.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import make_gallery
from dialog_sights import SHEETS, Sight, press
from make_gallery import LANGUAGES, LARGE_WINDOW, sheet
from make_pictures import settle, wait
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

from app.language import CHINESE, use
from app.session import Session, Text
from app.storage import Storage
from app.theme import THEMES
from app.user_commands import UserCommands
from app.window import build

FOLDER = make_gallery.FOLDER / "dialogs"
BACKGROUND, BAR = "#6a6a6a", 24
LARGEST_FILE, QUALITIES = 250_000, (70, 55, 40, 25)


def prepare(commands: UserCommands, sight: Sight, language: str, theme: str) -> None:
    """The window as it is before the thing is opened."""
    controller = commands.controller
    commands.window.resize(*sight.size)
    text = Text("sample", "shuidiao-getou") if language == CHINESE else Text()
    panes = tuple(replace(pane, text=text) for pane in sight.panes)
    controller.set_session(Session(panes, active=len(sight.panes) - 1, theme=theme))
    if sight.tour:
        press(commands, sight.tour)
        commands.presenting.go_to(sight.scene)
    else:
        press(commands, "go_end")
    commands.window.message_bar.clear()
    settle(controller)


def picture(front: QWidget, behind: QWidget, alone: bool) -> QImage:
    """What a person sees: the thing where it lies over the window, in the middle where the window cannot hold it."""
    image = front.grab().toImage()
    if front is behind or alone or not isinstance(front, QDialog | QMenu):
        return image
    if isinstance(front, QMenu):
        whole = behind.grab().toImage()
        painter = QPainter(whole)
        painter.drawImage(behind.mapFromGlobal(front.pos()), image)
        painter.end()
        return whole
    whole = QImage(behind.size().expandedTo(front.size()), QImage.Format.Format_RGB32)
    whole.fill(QColor(BACKGROUND))
    painter = QPainter(whole)
    painter.drawImage(0, 0, behind.grab().toImage())
    painter.fillRect(whole.rect(), QColor(0, 0, 0, 110))  # what is not the dialog steps back
    corner = whole.rect().center() - front.rect().center()
    painter.drawImage(corner, image)
    painter.setPen(QColor(BACKGROUND))
    painter.drawRect(QRect(corner, image.size()).adjusted(-1, -1, 0, 0))
    bar = QRect(corner.x() - 1, max(corner.y() - BAR, 0), image.width() + 1, min(BAR, corner.y()))
    painter.fillRect(bar, QColor(BACKGROUND))  # a system's title bar, with the title that the dialog gives it
    painter.setPen(QColor("#ffffff"))
    painter.drawText(bar, Qt.AlignmentFlag.AlignCenter, front.windowTitle())
    painter.end()
    return whole


def put_away(commands: UserCommands) -> None:
    """Close whatever was opened."""
    wait(lambda: not commands.preflight.ticker.isActive())
    commands.presenting.end()
    commands.presenting.place = -1
    commands.palette.hide()
    while popup := QApplication.activePopupWidget():
        popup.close()
    for each in QApplication.topLevelWidgets():
        if isinstance(each, QDialog) and each.isVisible():
            each.close()
    QApplication.sendPostedEvents(None, 0)


def shots(sights: tuple[Sight, ...], language: str, commands: UserCommands) -> Iterator[tuple[int, str, QImage]]:
    """Every picture of a sheet in one language: column, theme, image."""
    for column, sight in enumerate(sights):
        for theme in THEMES:
            prepare(commands, sight, language, theme)
            opened = sight.open(commands, language)
            if not commands.preflight.ticker.isActive():
                settle(commands.controller)
            yield column, theme, picture(opened, commands.window, sight.alone)
            put_away(commands)


def make(names: list[str], whole: Path, folder: Path = FOLDER) -> None:
    """Take all pictures of these sheets, and lay them out."""
    for language in LANGUAGES:
        use(language)
        window, commands = build(Storage(None))
        controller = commands.controller
        commands.motion.set_reduced(True)
        window.show()
        controller.client.start()
        wait(lambda controller=controller: controller.model is not None)
        for name in names:
            for column, theme, image in shots(SHEETS[name], language, commands):
                image.save(str(whole / f"{name}-{column}-{language}-{theme}.png"))
            print(name, language, flush=True)
        QApplication.instance().removeEventFilter(commands)
        window.close()
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        rows = [
            [QImage(str(whole / f"{name}-{column}-{language}-{theme}.png")) for column in range(len(SHEETS[name]))]
            for language in LANGUAGES
            for theme in THEMES
        ]
        made, file = sheet([sight.title for sight in SHEETS[name]], rows), folder / f"{name}.webp"
        for quality in QUALITIES:
            made.save(str(file), quality=quality)
            if file.stat().st_size <= LARGEST_FILE:
                break


def two_screens(folder: Path) -> str:
    """Qt's platform for a machine without screens, with two of them: a stage and a speaker."""
    width, height = LARGE_WINDOW
    screens = [
        {"name": name, "x": at * width, "y": 0, "width": width, "height": height, "logicalDpi": 96, "dpr": 1}
        for at, name in enumerate(("speaker", "stage"))
    ]
    file = folder / "screens.json"
    file.write_text(json.dumps({"screens": screens}), encoding="utf-8")
    return f"offscreen:configfile={file}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sheets", nargs="*", metavar="sheet", help=f"some of: {', '.join(SHEETS)}; none for all")
    parser.add_argument("--whole", type=Path, metavar="FOLDER", help="keep the whole pictures there as well")
    options = parser.parse_args()
    with TemporaryDirectory() as temporary:
        pictures = (options.whole or Path(temporary)).resolve()
        pictures.mkdir(parents=True, exist_ok=True)
        os.environ["QT_QPA_PLATFORM"] = two_screens(Path(temporary))
        os.chdir(temporary)  # where an export would go
        application = QApplication([])
        make(options.sheets or list(SHEETS), pictures)
