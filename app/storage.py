"""Where the window keeps its things between starts. What cannot be kept costs nothing else."""

from __future__ import annotations

from pathlib import Path

from app.export.image import save_bytes
from app.session import Session, from_json, to_json
from engines.problems import Problem


class Storage:
    """A folder of the user's, or None to keep nothing (tests, pictures)."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.problem: Problem | None = None

    @property
    def points_path(self) -> Path | None:
        return self.folder / "measurements.jsonl" if self.folder else None

    @property
    def session_path(self) -> Path | None:
        return self.folder / "session.json" if self.folder else None

    def load_session(self) -> Session:
        """The last session, or a new one; a damaged file is left beside, and said."""
        if self.session_path is None or not self.session_path.exists():
            return Session()
        try:
            return from_json(self.session_path.read_text(encoding="utf-8", errors="surrogatepass"))
        except (OSError, UnicodeDecodeError) as error:
            self.problem = Problem("bad_session", reason=str(error))
        except Problem as problem:
            self.problem = problem
        return Session()

    def save_session(self, session: Session) -> None:
        if self.session_path is None:
            return
        try:
            self.session_path.parent.mkdir(parents=True, exist_ok=True)
            save_bytes(to_json(session).encode("utf-8", errors="surrogatepass"), self.session_path)
        except (OSError, Problem) as error:
            self.problem = error if isinstance(error, Problem) else None
