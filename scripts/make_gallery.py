"""Look at every view in both themes and both languages, at three sizes, empty, small and huge.

.venv/bin/python scripts/make_gallery.py [--whole FOLDER] [view …]

Makes docs/gallery/<view>.webp, a sheet of small pictures of the window for each view; ``--whole`` also keeps every
picture as large as the window. All of them are real windows with real runs, drawn offscreen.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from make_pictures import settle, wait  # it chooses the offscreen platform before Qt is there
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.controller import Controller
from app.language import CHINESE, ENGLISH, use
from app.main_window import MainWindow
from app.session import Pane, Session, Text
from app.storage import Storage
from app.views import difference_views, view_names
from app.window import build
from engines.messages import Budget
from engines.variants import variants

FOLDER = Path(__file__).parent.parent / "docs" / "gallery"
THEMES, LANGUAGES = ("dark", "light"), (ENGLISH, CHINESE)
SMALL_WINDOW, WINDOW, LARGE_WINDOW = (1024, 700), (1440, 900), (2560, 1440)
CELL, GAP, TITLE = (440, 275), 8, 22
QUALITY = 70
LONG_TEXT = {ENGLISH: "hamlet", CHINESE: "su-shi-xin-qiji"}
HUGE, BOTH_WAYS_HUGE = 65_536, 16_384
LONGEST_SECONDS = 6.0  # a call may take so long: what is huge is to be seen, not refused

PANES: Mapping[str, Pane] = {
    "weights": Pane(layer=2, head=1),
    "buckets": Pane("reformer", {"reformer": {"chunk_length": 8, "rounds": 2}}),
    "fold": Pane("sparse-transformer", {"sparse-transformer": {"stride": 8}}),
    "segments": Pane("transformer-xl", {"transformer-xl": {"segment": 8, "memory": 8}}, layer=3),
    "state": Pane("linear-transformer"),
    "products": Pane("linformer", causal=False),
    "low-rank": Pane("linformer", causal=False),
    "looking-ahead": Pane("linformer", causal=False),
    "receptive-field": Pane("longformer", {"longformer": {"window": (8,)}}, layer=3),
    "key-mass": Pane("full"),
    "needle": Pane("full"),
}
"""What shows a view best, where it is not what the app starts with."""


@dataclass(frozen=True)
class Look:
    """A column of a sheet: what is in the window and how large it is."""

    title: str
    size: tuple[int, int]
    length: int
    text: str  # "empty", "short" or "long"


LOOKS = (
    Look("no text", WINDOW, 8, "empty"),
    Look("16 tokens", WINDOW, 16, "short"),
    Look("96 tokens, small window", SMALL_WINDOW, 96, "short"),
    Look("96 tokens", WINDOW, 96, "short"),
    Look("96 tokens, large window", LARGE_WINDOW, 96, "short"),
    Look("65,536 tokens (both ways 16,384)", WINDOW, HUGE, "long"),
)


def pane_of(view: str) -> Pane:
    """The pane that shows a view best: of the first variant that has it, where the table does not say."""
    owners = [variant.name for variant in variants().values() if view in {study.name for study in variant.studies}]
    return replace(PANES.get(view, Pane(owners[0]) if owners else Pane()), view=view)


def session_of(view: str, look: Look, theme: str, language: str) -> Session:
    """What the window is set to; two panes where they are compared."""
    texts = {"empty": Text("typed", ""), "short": Text(), "long": Text("sample", LONG_TEXT[language])}
    if language == CHINESE:
        texts["short"] = Text("sample", "shuidiao-getou")
    pane = pane_of(view)
    length = look.length if pane.causal else min(look.length, BOTH_WAYS_HUGE)
    pane = replace(pane, text=texts[look.text], length=length, locked=length * 2 // 3)
    beside = view in {each.name for each in difference_views()}
    panes = (replace(pane, variant="full"), pane) if beside else (pane,)
    return Session(panes, active=int(beside), budget=Budget(LONGEST_SECONDS), theme=theme)


def shots(view: str, language: str, window: MainWindow, controller: Controller) -> Iterator[tuple[Look, str, QImage]]:
    """Every picture of a view in one language, look by look, so that a run is made once."""
    for look in LOOKS:
        for theme in THEMES:
            window.resize(*look.size)
            controller.set_session(session_of(view, look, theme, language))
            settle(controller)
            yield look, theme, window.grab().toImage()


def sheet(titles: Sequence[str], rows: Sequence[Sequence[QImage]], cell: tuple[int, int] = CELL) -> QImage:
    """One image of all pictures: columns with a title each, every picture as large as its cell holds."""
    width, height = cell
    image = QImage(
        len(titles) * (width + GAP) + GAP, TITLE + len(rows) * (height + GAP) + GAP, QImage.Format.Format_RGB32
    )
    image.fill(QColor("#808080"))
    painter = QPainter(image)
    painter.setFont(QFont("Inter", 10))
    for column, title in enumerate(titles):
        left = GAP + column * (width + GAP)
        painter.drawText(QRect(left, 0, width, TITLE), Qt.AlignmentFlag.AlignVCenter, title)
        for row, pictures in enumerate(rows):
            small = pictures[column].scaled(
                width, height, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            painter.drawImage(left, TITLE + row * (height + GAP), small)
    painter.end()
    return image


def make(views: list[str], whole: Path) -> None:
    """Take all pictures of these views, and lay them out."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    for language in LANGUAGES:
        use(language)
        window, commands = build(Storage(None))
        controller = commands.controller
        window.show()
        controller.client.start()
        wait(lambda controller=controller: controller.model is not None)
        for view in views:
            for look, theme, image in shots(view, language, window, controller):
                file = whole / f"{view}-{LOOKS.index(look)}-{language}-{theme}.png"
                image.save(str(file))
            print(view, language, flush=True)
        window.close()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for view in views:
        rows = [
            [QImage(str(whole / f"{view}-{column}-{language}-{theme}.png")) for column in range(len(LOOKS))]
            for language in LANGUAGES
            for theme in THEMES
        ]
        sheet([look.title for look in LOOKS], rows).save(str(FOLDER / f"{view}.webp"), quality=QUALITY)


if __name__ == "__main__":
    every = [*view_names(), *(view.name for view in difference_views())]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("views", nargs="*", metavar="view", help=f"some of: {', '.join(every)}; none for all")
    parser.add_argument("--whole", type=Path, metavar="FOLDER", help="keep the whole pictures there as well")
    options = parser.parse_args()
    with TemporaryDirectory() as temporary:
        folder = options.whole or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        make(options.views or every, folder)
