"""A talk on the platform's own screens, driven by keys; prints as JSON what was where after each of them.

A process has the screens that it began with, so each talk is a process of its own.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import PySide6
import shiboken6
from PySide6.QtCore import QByteArray, QDataStream, QIODevice, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

TURNS = 12  # of the event loop, after which nothing is on its way
FIRST_AFTER_QOBJECT = 12  # of the virtual functions of a class derived from it
FINE, COARSE = 192, 96  # dots per inch: two pixels per unit, and one
LAPTOP = {"name": "laptop", "x": 0, "y": 0, "width": 2880, "height": 1800, "logicalDpi": FINE}
PROJECTOR = {"name": "projector", "x": 2880, "y": 0, "width": 1920, "height": 1080, "logicalDpi": COARSE}
MIRROR = {**PROJECTOR, "x": 0}


class Talk:
    """The tour of hashing, whose runs ship with it; ``told`` has a state per key that was pressed."""

    def __init__(self, application: QApplication, language: str, theme: str, pictures: Path | None) -> None:
        from app.language import use
        from app.storage import Storage
        from app.window import build

        use(language)
        self.application, self.pictures = application, pictures
        self.window, self.commands = build(Storage(None), threads=1)
        self.window.show()
        self.controller, self.presenting = self.commands.controller, self.commands.presenting
        self.controller.set_theme(theme)
        self.commands.open_tour("hashing")
        self.presenting.transition.set_animated(False)
        self.told: list[dict[str, object]] = []
        self.settle()

    def settle(self) -> None:
        """Until the scene's stored runs are drawn."""
        self.presenting.transition.finish()
        for made in self.controller.panes:
            made.timer.stop()
            made.ask_for_run()
        for _ in range(TURNS):
            self.application.processEvents()

    def press(self, key: Qt.Key, on: str = "stage", held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key for the window in front, or where the speaker has clicked."""
        target = getattr(self.presenting, on) or self.window.pane_view.pattern_view
        if on == "speaker":
            target.activateWindow()
            QTest.mouseClick(target.notes, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
            target = QApplication.focusWidget()
        QTest.keyClick(target, key, held)
        self.settle()
        self.tell()

    def swap(self, on: str = "stage") -> None:
        self.press(Qt.Key.Key_F5, on, Qt.KeyboardModifier.ControlModifier)

    def tell(self) -> None:
        stage, speaker = self.presenting.stage, self.presenting.speaker
        words = None
        if speaker is not None:
            picture = speaker.thumbnail.picture
            size = [picture.width(), picture.height()] if picture is not None else None
            words = {"place": speaker.words[1], "notes": speaker.notes.text(), "next": speaker.following.text()}
            words |= {"picture": size, "elapsed": speaker.gone.text()}
        home = self.window.pane_area.window() is self.window and self.window.isVisible()
        where = {"stage": shown(stage), "speaker": shown(speaker), "words": words, "place": self.presenting.place}
        front = self.window.isActiveWindow() if stage is None else self.presenting.is_in_front()
        said = self.window.message_bar.sentence
        self.told.append({**where, "home": home, "front": front, "said": said, "why": self.why()})
        for name, widget in (("stage", stage), ("speaker", speaker)):
            if self.pictures is not None and widget is not None:
                widget.grab().save(str(self.pictures / f"{len(self.told)}-{name}.png"))

    def why(self) -> str:
        """Why the menu's entry that swaps the screens is faint."""
        menus = self.window.menuBar().findChildren(QMenu)
        entry, menu = next(
            (entry, menu) for menu in menus for entry in menu.actions() if entry.objectName() == "swap_screens"
        )
        self.commands.menu_state.look(menu)
        reason = "" if entry.isEnabled() else entry.toolTip()
        self.commands.menu_state.enable(menu)
        return reason


def shown(widget: QWidget | None) -> dict[str, object] | None:
    """Where it lies, and in how many pixels it is drawn."""
    if widget is None or not widget.isVisible():
        return None
    whole = widget.isFullScreen() or widget.isMaximized()
    grab = widget.grab()
    place, pixels = list(widget.geometry().getRect()), [grab.width(), grab.height()]
    return {"screen": widget.screen().name(), "geometry": place, "pixels": pixels, "whole": whole}


def set_screens(screens: Sequence[Mapping[str, object]]) -> None:
    """Other screens from now on, as when cables are pulled and plugged; the platform tells Qt of each that comes or
    goes. It offers that to Qt's own tests by name, so that it must be asked for it as C++ would ask."""
    core, gui = (library(name) for name in ("Core", "Gui"))
    find = gui._ZN15QGuiApplication23platformNativeInterfaceEv
    find.restype, find.argtypes = ctypes.c_void_p, []
    native = find()
    table = ctypes.cast(native, ctypes.POINTER(ctypes.POINTER(ctypes.c_void_p))).contents
    resource = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)(table[FIRST_AFTER_QOBJECT])
    name = QByteArray(b"setConfiguration")
    change = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)(resource(native, address(name)))

    written = QByteArray()
    QDataStream(written, QIODevice.OpenModeFlag.WriteOnly) << QByteArray(json.dumps(settings(screens)).encode())
    read = core._ZrsR11QDataStreamR11QJsonObject
    read.restype, read.argtypes = ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_void_p]
    stream, value = QDataStream(written), ctypes.c_void_p(None)  # an empty QJsonObject
    read(address(stream), ctypes.byref(value))
    change(ctypes.addressof(value), native)


def settings(screens: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """What the offscreen platform reads: its screens, the first of which is the primary one."""
    own = [{"logicalBaseDpi": 96, "dpr": 1, **screen} for screen in screens]
    return {"synchronousWindowSystemEvents": False, "windowFrameMargins": False, "screens": own}


def library(name: str) -> ctypes.CDLL:
    return ctypes.CDLL(str(next((Path(PySide6.__file__).parent / "Qt" / "lib").glob(f"*Qt6{name}.*"))))


def address(value: object) -> int:
    return int(shiboken6.getCppPointer(value)[0])  # type: ignore[no-untyped-call]


def to_and_fro(talk: Talk) -> None:
    talk.press(Qt.Key.Key_F5)
    talk.press(Qt.Key.Key_PageDown)
    talk.press(Qt.Key.Key_PageUp)
    talk.press(Qt.Key.Key_PageDown, "speaker")
    talk.press(Qt.Key.Key_Escape, "speaker")
    talk.press(Qt.Key.Key_F5)
    talk.press(Qt.Key.Key_Escape)


def alone(talk: Talk) -> None:
    talk.press(Qt.Key.Key_F5)
    talk.press(Qt.Key.Key_PageDown)
    talk.press(Qt.Key.Key_Escape)


def another_cable(talk: Talk) -> None:
    """The projector goes while the stage is on it, comes back, and then the laptop is closed."""
    talk.press(Qt.Key.Key_F5)
    for screens in ([LAPTOP], [LAPTOP, PROJECTOR], [PROJECTOR]):
        set_screens(screens)
        talk.settle()
        talk.tell()
        talk.press(Qt.Key.Key_PageDown)
    talk.press(Qt.Key.Key_Escape)


def swapped(talk: Talk) -> None:
    """Before the stage is set, on it, by the speaker, with a cable pulled and plugged, and for the next talk."""
    talk.swap()
    talk.press(Qt.Key.Key_F5)
    talk.swap()
    talk.swap("speaker")
    talk.press(Qt.Key.Key_PageDown)
    for screens in ([LAPTOP], [LAPTOP, PROJECTOR]):
        set_screens(screens)
        talk.settle()
        talk.swap()
    talk.swap()
    talk.press(Qt.Key.Key_Escape, "speaker")
    talk.press(Qt.Key.Key_F5)


TALKS: Mapping[str, tuple[Sequence[Mapping[str, object]], Callable[[Talk], None]]] = {
    "two screens": ([LAPTOP, PROJECTOR], to_and_fro),
    "one screen": ([LAPTOP], alone),
    "mirrored": ([LAPTOP, MIRROR], alone),
    "swapped": ([LAPTOP, PROJECTOR], swapped),
    "another cable": ([LAPTOP, PROJECTOR], another_cable),
}

if __name__ == "__main__":
    which, spoken, worn, *folder = sys.argv[1:]
    talk = Talk(QApplication([]), spoken, worn, Path(folder[0]) if folder else None)
    TALKS[which][1](talk)
    print(json.dumps(talk.told))
    sys.stdout.flush()
    os._exit(0)
