"""What the gallery of dialogs looks at, and how each thing is opened: by the window's own commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from make_gallery import LARGE_WINDOW, SMALL_WINDOW, WINDOW
from make_pictures import settle, wait
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QToolButton, QWidget

from app import scenes
from app.language import CHINESE
from app.main_window import MainWindow
from app.session import Pane
from app.user_commands import UserCommands
from engines.samples import FOLDER as SAMPLES
from engines.samples import sample_named

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


def menu_of(button: Callable[[MainWindow], QToolButton]) -> Way:
    """The menu of a button."""

    def opened(commands: UserCommands, language: str) -> QWidget:
        found = button(commands.window)
        found.menu().popup(found.mapToGlobal(found.rect().bottomLeft()))
        return found.menu()

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
    for _ in range(3):  # letters that filled the whole screen hold the view open until they have shrunk
        view.resize(commands.window.size())
        settle(commands.controller)
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


def four(length: int, view: str) -> tuple[Pane, ...]:
    """Four variants beside each other, with windows, chunks and segments that are seen at that length."""
    settings = {
        "longformer": {"window": (max(length // 128, 4),)},
        "reformer": {"chunk_length": min(max(length // 16, 4), 64), "rounds": 2},
        "transformer-xl": {"segment": length // 8, "memory": length // 8},
    }
    names = ("longformer", "full", "reformer", "transformer-xl")
    return tuple(Pane(name, settings, length=length, view=view, locked=length * 2 // 3) for name in names)


QUADRATIC, HASHING = "tour_quadratic", "tour_hashing"
SIZES = {f"{width} × {height}": (width, height) for width, height in (SMALL_WINDOW, WINDOW, LARGE_WINDOW)}
BOTH = (Pane(length=96, locked=70), Pane("reformer", length=96, locked=70))
SHEETS: Mapping[str, tuple[Sight, ...]] = {
    "stage": tuple(Sight(f"one pane, {name}", staged, size, tour=HASHING, scene=4) for name, size in SIZES.items()),
    "stage-panes": (
        *(Sight(f"two panes, {name}", staged, size, tour=QUADRATIC, scene=4) for name, size in SIZES.items()),
        Sight("four panes, 1440 × 900", staged, tour=QUADRATIC, scene=9),
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
        Sight("View", menu(3), SMALL_WINDOW),
        Sight("Present", menu(5), SMALL_WINDOW),
        Sight("samples", menu_of(lambda window: window.text_panel._sample_button), SMALL_WINDOW),
        Sight("variants without room", menu_of(lambda window: window.variant_bar._row._more), SMALL_WINDOW),
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
    "four-panes": (
        Sight("16 tokens, 1024 × 700", window, SMALL_WINDOW, four(16, "weights")),
        Sight("16 tokens, 1440 × 900", window, panes=four(16, "weights-difference")),
        Sight("96 tokens, 2560 × 1440", window, LARGE_WINDOW, four(96, "difference")),
        Sight("65,536 tokens, 1024 × 700", window, SMALL_WINDOW, four(65_536, "difference")),
        Sight("65,536 tokens, 1440 × 900", window, panes=four(65_536, "pattern")),
    ),
}  # fmt: skip
