"""Look at everything that is no view: the stage, the speaker's view, the dialogs, the palette, panes beside each other.

.venv/bin/python scripts/make_dialog_gallery.py [--whole FOLDER] [sheet …]

Makes docs/gallery/dialogs/<sheet>.webp, each in the three themes and both languages; ``--whole`` also keeps every
picture as large as it was. Everything is opened by its command in a real window with real runs, drawn offscreen.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import make_gallery
from make_gallery import CELL, LANGUAGES, LARGE_WINDOW, QUALITY, SMALL_WINDOW, WINDOW, sheet
from make_pictures import settle, wait
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAction, QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QMessageBox, QWidget

from app import scenes
from app.language import CHINESE, use
from app.session import Pane, Session, Text
from app.storage import Storage
from app.theme import THEMES
from app.user_commands import UserCommands
from app.window import build
from engines.samples import FOLDER as SAMPLES
from engines.samples import sample_named

FOLDER = make_gallery.FOLDER / "dialogs"
BACKGROUND, BAR = "#6a6a6a", 24
NOTES = {CHINESE: "su-shi-xin-qiji"}
NOTES_LETTERS = 1500

Way = Callable[
    [UserCommands, str], QWidget
]  # opens it and gives what then lies in front; the language may choose words


@dataclass(frozen=True)
class Sight:
    """A column of a sheet: what is in the window of that size, and how the thing to look at is opened."""

    title: str
    open: Way
    size: tuple[int, int] = WINDOW
    panes: tuple[Pane, ...] = (Pane(length=96, locked=70),)
    tour: str = ""  # the command that opens one, instead of the panes
    scene: int = 0
    alone: bool = False  # the thing fills the picture, without the window behind it


# Ways to open things ------------------------------------------------------------------------------------------------


def press(commands: UserCommands, name: str) -> None:
    """Choose an action as its menu or its key does."""
    commands.window.findChild(QAction, name).trigger()


def dialog(name: str) -> Way:
    """The dialog that an action opens."""

    def opened(commands: UserCommands, language: str) -> QWidget:
        press(commands, name)
        return front()

    return opened


def front() -> QWidget:
    """The one dialog that is open."""
    (found,) = (each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible())
    return found


def exported(format_: str) -> Way:
    """The export dialog with a format chosen."""

    def opened(commands: UserCommands, language: str) -> QWidget:
        press(commands, "export_picture")
        box = front().form.format
        box.setCurrentIndex(box.findData(format_))
        return front()

    return opened


def keys(query: str, chinese: str) -> Way:
    """The list of keys with something typed."""

    def opened(commands: UserCommands, language: str) -> QWidget:
        press(commands, "show_keys")
        front().field.setText(chinese if language == CHINESE else query)
        return front()

    return opened


def palette(query: str, chinese: str) -> Way:
    """The command palette with something typed."""

    def opened(commands: UserCommands, language: str) -> QWidget:
        press(commands, "open_palette")
        commands.palette.field.setText(chinese if language == CHINESE else query)
        return commands.window

    return opened


def menu(place: int) -> Way:
    """One of the menus open."""

    def opened(commands: UserCommands, language: str) -> QWidget:
        bar = commands.window.menuBar()
        action = bar.actions()[place]
        action.menu().popup(bar.mapToGlobal(bar.actionGeometry(action).bottomLeft()))
        return action.menu()

    return opened


def window(commands: UserCommands, language: str) -> QWidget:
    """Nothing more than the window."""
    return commands.window


def second_step(commands: UserCommands, language: str) -> QWidget:
    """The window with the playhead in the second step."""
    press(commands, "go_home")
    press(commands, "step_forward")
    return commands.window


def staged(commands: UserCommands, language: str) -> QWidget:
    """The stage, as large as the window was."""
    press(commands, "present")
    stage = commands.presenting.stage
    assert stage is not None
    stage.showNormal()
    stage.resize(commands.window.size())
    return stage


def last_scene(commands: UserCommands, language: str) -> QWidget:
    """The speaker's view where nothing follows."""
    staged(commands, language)
    return shown_speaker(commands)


def speaker(commands: UserCommands, language: str) -> QWidget:
    """What the speaker sees, on a second screen; the next scene was shown before."""
    commands.presenting.turn(1)
    settle(commands.controller)
    commands.presenting.turn(-1)
    settle(commands.controller)
    staged(commands, language)
    return shown_speaker(commands)


def shown_speaker(commands: UserCommands) -> QWidget:
    """The speaker's view, as large as the window was."""
    view = commands.presenting.speaker
    assert view is not None
    view.showNormal()
    view.resize(commands.window.size())
    return view


def long_notes(commands: UserCommands, language: str) -> QWidget:
    """More notes than a screen holds."""
    words = (SAMPLES / sample_named(NOTES.get(language, "hamlet")).file).read_text(encoding="utf-8")[:NOTES_LETTERS]
    controller = commands.controller
    controller.set_session(scenes.updated(controller.session, commands.presenting.place, notes=words))
    return speaker(commands, language)


def overwriting(commands: UserCommands, language: str) -> QWidget:
    """The question before a file is replaced."""
    press(commands, "export_picture")
    asking = front()
    Path(asking.name.text()).touch()
    asking.export.click()
    return next(box for box in QApplication.topLevelWidgets() if isinstance(box, QMessageBox) and box.isVisible())


def no_weights(commands: UserCommands, language: str) -> QWidget:
    """What is said of a folder without weights; the question for a folder is the system's own."""
    commands.open_weights_at("my-weights")
    return commands.window


def checking(commands: UserCommands, language: str) -> QWidget:
    """The check of two scenes before a talk while it goes on."""
    session = commands.controller.session
    commands.controller.set_session(scenes.with_scenes(session, session.scenes[:2]))
    press(commands, "check_scenes")
    return commands.window


def checked(commands: UserCommands, language: str) -> QWidget:
    """The verdict of the check before a talk."""
    done: list[object] = []
    commands.preflight.done.connect(done.append)
    checking(commands, language)
    wait(lambda: bool(done))
    return commands.window


QUADRATIC, HASHING = "tour_quadratic", "tour_hashing"
SIZES = {f"{width} × {height}": (width, height) for width, height in (SMALL_WINDOW, WINDOW, LARGE_WINDOW)}
BOTH = (Pane(length=96, locked=70), Pane("reformer", length=96, locked=70))
SHEETS: Mapping[str, tuple[Sight, ...]] = {
    "stage": tuple(Sight(f"one pane, {name}", staged, size, tour=HASHING, scene=4) for name, size in SIZES.items()),
    "stage-two-panes": tuple(
        Sight(f"two panes, {name}", staged, size, tour=QUADRATIC, scene=4) for name, size in SIZES.items()
    ),
    "speaker": (
        *(Sight(name, speaker, size, tour=HASHING, scene=3, alone=True) for name, size in SIZES.items()),
        Sight("long notes", long_notes, SMALL_WINDOW, tour=HASHING, scene=3, alone=True),
        Sight("the last scene", last_scene, SMALL_WINDOW, tour=HASHING, scene=8, alone=True),
    ),
    "export": (
        Sight("still, 1024 × 700", exported("png"), SMALL_WINDOW),
        Sight("film", exported("mp4"), SMALL_WINDOW),
        Sight("data", exported("npz"), SMALL_WINDOW),
        Sight("two panes, 1440 × 900", exported("pdf"), panes=BOTH),
        Sight("a file that is there", overwriting, SMALL_WINDOW),
    ),
    "scenes": (
        Sight("none yet, 1024 × 700", dialog("show_scenes"), SMALL_WINDOW),
        Sight("a tour, 1024 × 700", dialog("show_scenes"), SMALL_WINDOW, tour=HASHING, scene=3),
        Sight("a tour, 1440 × 900", dialog("show_scenes"), tour=HASHING, scene=3),
    ),
    "keys": (
        Sight("1024 × 700", dialog("show_keys"), SMALL_WINDOW),
        Sight("1440 × 900", dialog("show_keys")),
        Sight("a search", keys("pane", "窗格"), SMALL_WINDOW),
        Sight("nothing found", keys("zebra", "斑马"), SMALL_WINDOW),
    ),
    "palette": (
        Sight("1024 × 700", palette("", ""), SMALL_WINDOW),
        Sight("1440 × 900", palette("view", "视图")),
        Sight("what cannot be done now", palette("close pane", "关闭窗格"), SMALL_WINDOW),
        Sight("nothing found", palette("zebra", "斑马"), SMALL_WINDOW),
    ),
    "menus": (
        Sight("File", menu(0), SMALL_WINDOW),
        Sight("View", menu(3)),
        Sight("Compare", menu(4), SMALL_WINDOW),
        Sight("Present", menu(5), SMALL_WINDOW),
    ),
    "questions": (
        Sight("budget", dialog("ask_for_budget"), SMALL_WINDOW),
        Sight("add a variant", dialog("add_variant"), SMALL_WINDOW),
        Sight("a folder without weights", no_weights, SMALL_WINDOW),
    ),
    "ready-for-the-stage": (
        Sight("while it plays, 1024 × 700", checking, SMALL_WINDOW, tour=HASHING),
        Sight("the verdict, 1024 × 700", checked, SMALL_WINDOW, tour=HASHING),
        Sight("the verdict, 1440 × 900", checked, tour=HASHING),
    ),
    "two-panes": (
        Sight("1024 × 700", window, SMALL_WINDOW, BOTH),
        Sight("two of one variant", window, SMALL_WINDOW, (
            BOTH[0], replace(BOTH[0], settings={"longformer": {"window": (8,)}}, layer=2),
        )),
        Sight("another step", second_step, SMALL_WINDOW, BOTH),
        Sight("1440 × 900", window, panes=BOTH),
    ),
}  # fmt: skip


# Pictures -----------------------------------------------------------------------------------------------------------


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
        sheet([sight.title for sight in SHEETS[name]], rows, CELL).save(str(folder / f"{name}.webp"), quality=QUALITY)


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
