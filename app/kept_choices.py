"""Choices of a person's that belong to no session: each a small file of its own, kept between starts."""

from __future__ import annotations

from pathlib import Path

from app.export.image import save_bytes
from engines.problems import Problem


def kept(folder: Path | None, name: str) -> str:
    """What was kept under a name; "" where nothing was, or where it cannot be read."""
    try:
        return (folder / name).read_text(encoding="utf-8").strip() if folder else ""
    except (OSError, UnicodeDecodeError):
        return ""


def keep(words: str, folder: Path | None, name: str) -> None:
    """Keep it for the next starts, in no folder not at all; a Problem where it cannot be kept."""
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem("cannot_save", path=str(folder), reason=error.strerror or str(error)) from None
    save_bytes(words.encode("utf-8", errors="surrogateescape"), folder / name)
