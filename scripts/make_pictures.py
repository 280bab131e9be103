"""Make the pictures of README and docs: real windows with real runs, drawn offscreen.

.venv/bin/python scripts/make_pictures.py [name …]
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from app import scenes
from app.controller import Controller
from app.export.image import png_bytes, save_bytes
from app.pane_run import PaneRun
from app.session import Pane, Session, Text
from app.storage import Storage
from app.user_commands import UserCommands
from app.window import build

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
LONGEST_WAIT_MILLISECONDS = 300_000


@dataclass(frozen=True)
class Shot:
    """One picture: what the window shows, in which theme, how large, and how far the story is played (0…1).

    ``beside`` are further panes; ``staged`` puts all of them on the stage, with that caption.
    """

    pane: Pane
    beside: tuple[Pane, ...] = ()
    staged: str = ""
    theme: str = "dark"
    size: tuple[int, int] = (1440, 900)
    played: float = 1.0


REFORMER = Pane(
    variant="reformer", view="buckets", locked=33, settings={"reformer": {"chunk_length": 8, "rounds": 2}}, length=64
)
LONGFORMER = Pane(length=96, locked=70, settings={"longformer": {"window": (32,), "global_tokens": "first"}})
LONG = replace(REFORMER, view="pattern", length=65_536, text=Text("sample", "hamlet"), locked=-1,
               settings={"reformer": {"chunk_length": 64, "rounds": 1}})  # fmt: skip
HAMLET = Text("sample", "hamlet")
SHOTS: Mapping[str, Shot] = {
    "window-buckets": Shot(REFORMER),
    "longformer-pattern": Shot(LONGFORMER),
    "longformer-weights": Shot(replace(LONGFORMER, view="weights", head=1)),
    "full-weights-light": Shot(replace(LONGFORMER, variant="full", view="weights", head=1), theme="light"),
    "reformer-65536": Shot(LONG),
    "reformer-chinese": Shot(replace(REFORMER, text=Text("sample", "shuidiao-getou"), locked=20)),
    "reformer-sorting": Shot(REFORMER, played=0.3),
    "window-small": Shot(LONGFORMER, size=(1024, 700)),
    "transformer-xl-segments": Shot(
        Pane(
            "transformer-xl",
            view="segments",
            length=48,
            locked=44,
            layer=3,
            settings={"transformer-xl": {"segment": 8, "memory": 8}},
        ),
        played=0.95,
    ),
    "sparse-grid": Shot(
        Pane(
            "sparse-transformer",
            view="fold",
            text=Text("sample", "ball-on-cloth"),
            length=1024,
            locked=700,
            settings={"sparse-transformer": {"stride": 32}},
        )
    ),
    "linformer-low-rank": Shot(Pane("linformer", view="low-rank", causal=False, length=512)),
    "linear-state": Shot(Pane("linear-transformer", view="state", length=64), played=0.6),
    "performer-features": Shot(Pane("performer", view="random-features", length=512)),
    "quality-and-cost": Shot(Pane("longformer", view="quality-and-cost", text=HAMLET, length=4096)),
    "compare": Shot(
        replace(LONGFORMER, view="weights", head=1),
        beside=tuple(
            replace(LONGFORMER, variant=name, view="weights", head=1) for name in ("full", "reformer", "bigbird")
        ),
    ),
    "difference": Shot(
        replace(LONGFORMER, view="difference"), beside=(replace(LONGFORMER, view="difference", variant="reformer"),)
    ),
    "stage": Shot(
        replace(LONG, length=4096, view="pattern", settings={"reformer": {"chunk_length": 64, "rounds": 4}}),
        beside=(replace(LONG, variant="full", length=4096, view="pattern"),),
        staged="{name2} reads {pairs2} pairs, {name} {pairs}.",
        size=(1600, 900),
    ),
    "needle": Shot(Pane("full", view="needle", text=HAMLET, length=1024)),
    "loss-by-position": Shot(
        Pane(
            "attention-sinks",
            view="loss-by-position",
            text=HAMLET,
            length=4096,
            settings={"attention-sinks": {"window": 128}},
        )
    ),
}


def wait(condition: Callable[[], bool]) -> None:
    """Let the window live until the condition holds."""
    deadline = QDeadlineTimer(LONGEST_WAIT_MILLISECONDS)
    while not condition():
        if deadline.hasExpired():
            raise SystemExit("the window did not get there in time")
        loop = QEventLoop()
        QTimer.singleShot(20, loop.quit)
        loop.exec()


def settle(controller: Controller) -> None:
    """Everything asked for is there, and drawn."""
    wait(lambda: all(is_there(made) for made in controller.panes))
    for _ in range(10):
        turned = []
        QTimer.singleShot(20, lambda turned=turned: turned.append(True))
        wait(lambda turned=turned: bool(turned))


def is_there(made: PaneRun) -> bool:
    """Whether a pane has its run, its study, and the weights that it shows, if its run was made."""
    if made.timer.isActive() or not made.run.finished or not made.centre.study.whole:
        return False
    if not made.run.traced or made.centre.view not in ("weights", "weights-difference"):
        return True
    if made.centre.view == "weights-difference" and made.first is not None:
        return made.centre.difference.drawn is not None or made.first.run.traced is None
    return made.centre.weights.reply is not None


def on_stage(commands: UserCommands, shot: Shot) -> QWidget:
    """The stage with the shot's panes and caption."""
    commands.record_scene()
    session = commands.controller.session
    commands.controller.set_session(scenes.updated(session, commands.presenting.place, caption=shot.staged))
    commands.present()
    stage = commands.presenting.stage
    assert stage is not None
    stage.showNormal()
    stage.resize(*shot.size)
    settle(commands.controller)
    return stage


def make(names: list[str]) -> None:
    """Take the shots of these names, all where there are none."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    window, commands = build(Storage(None))
    controller = commands.controller
    window.show()
    controller.client.start()
    wait(lambda: controller.model is not None)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in names or list(SHOTS):
        shot = SHOTS[name]
        window.resize(*shot.size)
        controller.set_session(Session((shot.pane, *shot.beside), active=len(shot.beside), theme=shot.theme))
        settle(controller)
        if controller.run.refused:
            controller.override()
            settle(controller)
        controller.playback.seek_share(shot.played)
        settle(controller)
        window.message_bar.clear()  # what it says of a run is gone from a window a moment later, too
        if (focused := QApplication.focusWidget()) is not None:
            focused.clearFocus()
        shown: QWidget = on_stage(commands, shot) if shot.staged else window
        save_bytes(png_bytes(shown.grab().toImage()), FOLDER / f"{name}.png")
        commands.presenting.end()
        print(FOLDER / f"{name}.png")
    window.close()


if __name__ == "__main__":
    make(sys.argv[1:])
