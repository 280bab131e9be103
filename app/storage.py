"""Where the window keeps its things between starts. What cannot be kept is said once, and costs nothing else."""

from __future__ import annotations

from pathlib import Path

from app.export.image import save_bytes
from app.missing_variants import Missing, without_missing
from app.session import Session
from app.session_file import from_json, to_json
from engines.problems import Problem


class Storage:
    """A folder of the user's, or None to keep nothing (tests, pictures)."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.problem: Problem | None = None  # what the window should say; it takes it away
        self.unreadable = False  # the stored session could not be read: it is kept beside the new one
        self.missing = Missing()  # what the stored session names of variants that are not here
        self.complained = False

    @property
    def points_path(self) -> Path | None:
        return self.folder / "measurements.jsonl" if self.folder else None

    @property
    def session_path(self) -> Path | None:
        return self.folder / "session.json" if self.folder else None

    def load_session(self) -> Session:
        """The last session, or a new one; a damaged file stays, and is said."""
        if self.session_path is None or not self.session_path.exists():
            return Session()
        try:
            text, missing = without_missing(self.session_path.read_text(encoding="utf-8", errors="surrogatepass"))
            session = from_json(text)
            self.missing, self.unreadable = missing, bool(missing.name)
            return session
        except (OSError, UnicodeDecodeError) as error:
            self.problem = Problem("bad_session", reason=str(error))
        except Problem as problem:
            self.problem = problem
        self.unreadable = True
        return Session()

    def save_session(self, session: Session) -> None:
        """Keep the session. A file that could not be read is moved aside first; what fails is said the first time."""
        if self.session_path is None:
            return
        try:
            self.session_path.parent.mkdir(parents=True, exist_ok=True)
            if self.unreadable:
                self.session_path.replace(self.session_path.with_name("session.unreadable.json"))
                self.unreadable = False
            save_bytes(to_json(session).encode("utf-8", errors="surrogatepass"), self.session_path)
        except (OSError, Problem) as error:
            if not self.complained:
                reason = error.values["reason"] if isinstance(error, Problem) else error.strerror or str(error)
                self.problem = Problem("cannot_save", path=str(self.session_path), reason=reason)
            self.complained = True
