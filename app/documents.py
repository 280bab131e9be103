"""Session files: opened, saved, and remembered. A file holds its texts, names no other file, and runs nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.export.image import save_bytes
from app.history import Document
from app.missing_variants import Missing, without_missing
from app.session import Pane, Session, Text
from app.session_file import from_json, shortened, to_json
from engines.messages import Budget
from engines.problems import Problem
from engines.tokens import without_surrogates
from engines.weight_sets import CHOICES, OWN

if TYPE_CHECKING:
    from app.controller import Controller

SUFFIX = ".attnscope"
LARGEST_BYTES = 64_000_000
EMBEDDED_BYTES = 8_000_000  # of a text file: more than the longest run reads
EDITABLE_CHARACTERS = 1_000_000
MOST_RECENT = 10


@dataclass(frozen=True)
class Opened:
    """A session from a file; what it named that is not here, the weights folders it was made with, and the panes that
    are without them."""

    session: Session
    missing: Missing
    folders: tuple[str, ...]
    unopened: tuple[Pane, ...]


def portable(session: Session) -> Session:
    """The session with the words of its text files in it, so that it opens on another machine."""
    return with_texts(session, embedded)


def with_texts(session: Session, change: Callable[[Text], Text]) -> Session:
    """The session with every text changed, those of its scenes as well."""
    return with_panes(session, lambda pane: replace(pane, text=change(pane.text)))


def with_panes(session: Session, change: Callable[[Pane], Pane]) -> Session:
    """The session with every pane changed, those of its scenes as well."""
    scenes = tuple(replace(scene, state=with_panes(scene.state, change)) for scene in session.scenes)
    return replace(session, panes=tuple(map(change, session.panes)), scenes=scenes)


def settled(session: Session) -> Session:
    """What a file is saved for: not which pane is active, where the playhead is, nor the window's own budget."""
    return replace(session, active=0, play=replace(session.play, share=1.0), budget=Budget())


def all_panes(session: Session) -> tuple[Pane, ...]:
    """The session's panes, and those of its scenes."""
    return (*session.panes, *(pane for scene in session.scenes for pane in scene.state.panes))


def embedded(text: Text) -> Text:
    """A text file's words, as far as a run may read; a Problem where the file is gone."""
    if text.kind != "file":
        return text
    try:
        with open(text.value, "rb") as file:
            raw = file.read(EMBEDDED_BYTES)
    except OSError as error:
        raise Problem("cannot_read_file", path=text.value, reason=error.strerror or str(error)) from None
    return Text("typed", without_surrogates(raw.decode("utf-8-sig", errors="surrogateescape")))


def read_session(path: Path) -> Opened:
    """A session from a file, or one sentence that says why not. No other file is read, and nothing is run."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_BYTES + 1)
        if len(raw) > LARGEST_BYTES:
            raise ValueError(f"more than {LARGEST_BYTES // 1_000_000} MB")
        text, missing = without_missing(raw.decode("utf-8", errors="surrogatepass"))
        session = from_json(text)
        if any(pane.text.kind == "file" for pane in all_panes(session)):
            raise ValueError("it names a text file instead of holding its words")
    except OSError as error:
        raise Problem("cannot_read_file", path=str(path), reason=error.strerror or str(error)) from None
    except ValueError as error:
        raise Problem("bad_session_file", path=path.name, reason=shortened(str(error))) from None
    except Problem as problem:
        if problem.code != "bad_session":
            raise
        raise Problem("bad_session_file", path=path.name, reason=problem.values["reason"]) from None
    folders = tuple(dict.fromkeys(pane.weights for pane in all_panes(session) if pane.weights not in CHOICES))
    own = with_panes(session, without_folder)
    unopened = tuple(without_folder(pane) for pane in all_panes(session) if pane.weights not in CHOICES)
    return Opened(own, missing, folders, unopened)


def without_folder(pane: Pane) -> Pane:
    return replace(pane, weights=pane.weights if pane.weights in CHOICES else OWN)


class Documents(QObject):
    """Opens, saves and remembers. ``changed``: another file than before, or what is in it."""

    changed = Signal()
    opened = Signal()  # another session is shown than before

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self.controller = controller
        self.folder = controller.storage.folder
        self.recent: list[str] = []
        self.remember_from_last_time()
        controller.document_changed.connect(self.remember)

    @property
    def path(self) -> Path | None:
        """The file of the present session, None where it has none."""
        return self.controller.document.path

    # Files --------------------------------------------------------------------------------------------------------

    def open(self, path: Path) -> Missing:
        """Show the session of a file; undo leads back. What it names of variants that are not here."""
        opened = read_session(path)
        stored = self.controller.stored
        stored.unopened = frozenset(stored.portable(pane.spec()) for pane in opened.unopened)
        session = replace(opened.session, budget=self.controller.session.budget)
        session = with_texts(session, self.kept_apart)
        self.controller.set_session(session, apart=True)
        self.controller.playing.restore(session.play)
        self.controller.document = self.listed(path)
        self.remember()
        self.opened.emit()
        if opened.folders:
            self.controller.show_problem(Problem("session_weights", folder=opened.folders[0]), "session")
        return opened.missing

    def save(self, path: Path) -> Path:
        """Write the session whole, or not at all; the path that was written."""
        if path.suffix.lower() != SUFFIX:
            path = path.with_name(path.name + SUFFIX)
        content = to_json(portable(self.controller.captured())).encode("utf-8", errors="surrogatepass")
        save_bytes(content, path)
        before, self.controller.document = self.controller.document, self.listed(path)
        self.controller.history = self.controller.history.saved_as(before, self.controller.document)
        self.remember()
        return path

    def open_tour(self, name: str) -> None:
        """A tour that ships, in the window's theme; undo leads back."""
        text = resources.files("resources").joinpath("tours", f"{name}.attnscope").read_text(encoding="utf-8")
        old, tour = self.controller.session, from_json(text)
        themed = tuple(replace(scene, state=replace(scene.state, theme=old.theme)) for scene in tour.scenes)
        self.controller.set_session(replace(tour, scenes=themed, budget=old.budget, theme=old.theme), apart=True)
        self.controller.playing.restore(tour.play)
        self.controller.document = Document()
        self.remember()
        self.opened.emit()

    def new(self) -> None:
        """The default session, of no file; undo leads back."""
        old = self.controller.session
        self.controller.set_session(replace(Session(), budget=old.budget, theme=old.theme), apart=True)
        self.controller.document = Document()
        self.remember()
        self.opened.emit()

    def listed(self, path: Path) -> Document:
        """The document of a file that the present session is in; it leads the list of recent files."""
        self.recent = [str(path.resolve()), *(each for each in self.recent if each != str(path.resolve()))]
        self.recent = self.recent[:MOST_RECENT]
        return Document(path, self.controller.session)

    def is_changed(self) -> bool:
        """Whether something is not in the file that it is saved for."""
        now, saved = self.controller.session, self.controller.document.saved
        return saved is not None and settled(now) != settled(saved)

    def kept_apart(self, text: Text) -> Text:
        """A text too long to edit as a file of the window's own, which is read through a window."""
        if self.folder is None or text.kind != "typed" or len(text.value) <= EDITABLE_CHARACTERS:
            return text
        content = text.value.encode("utf-8", errors="replace")
        path = self.folder / "texts" / f"{hashlib.sha256(content).hexdigest()[:16]}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        save_bytes(content, path)
        return Text("file", str(path))

    # Between starts -----------------------------------------------------------------------------------------------

    def remember(self) -> None:
        """Keep which files there were; where that cannot be kept, nothing else is lost."""
        if self.folder is not None:
            content = {"recent": self.recent, "path": str(self.path.resolve()) if self.path else ""}
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                save_bytes(json.dumps(content, ensure_ascii=False).encode("utf-8"), self.folder / "documents.json")
            except (OSError, Problem):
                pass
        self.changed.emit()

    def remember_from_last_time(self) -> None:
        """The file that the window belonged to, and those before it; a damaged record is as none."""
        if self.folder is None:
            return
        try:
            raw = json.loads((self.folder / "documents.json").read_text(encoding="utf-8"))
            self.recent = [each for each in raw["recent"] if isinstance(each, str)][:MOST_RECENT]
            path = Path(raw["path"]) if raw["path"] else None
            saved = read_session(path).session if path else None
            now = self.controller.session
            if saved is not None and settled(portable(now)) == settled(saved):
                saved = now  # whose text files the file holds
            self.controller.document = Document(path, saved)
        except (OSError, ValueError, KeyError, TypeError, RecursionError, Problem):
            pass
