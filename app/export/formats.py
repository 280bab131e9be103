"""The kinds of file that a picture, its film and its data are exported to: one table, read by dialog and commands."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engines.problems import Problem

EXTENSION = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,7}")
Kind = Literal["still", "film", "data"]


@dataclass(frozen=True)
class Format:
    """``name`` is what ``--format`` takes; the first of ``suffixes`` is added where a file name has none."""

    name: str
    label: str
    suffixes: tuple[str, ...]
    kind: Kind = "still"
    vector: bool = False


STILLS = (
    Format("png", "PNG", (".png",)),
    Format("svg", "SVG", (".svg",), vector=True),
    Format("pdf", "PDF", (".pdf",), vector=True),
)

FILMS = (
    Format("mp4", "MP4 (H.264)", (".mp4",), "film"),
    Format("webm", "WebM (VP9)", (".webm",), "film"),
    Format("gif", "GIF", (".gif",), "film"),
    Format("webp", "WebP", (".webp",), "film"),
    Format("apng", "APNG", (".apng",), "film"),
)
DATA = (
    Format("csv", "CSV", (".csv",), "data"),
    Format("npz", "NPZ", (".npz",), "data"),
    Format("json", "JSON", (".json",), "data"),
    Format("parquet", "Parquet", (".parquet",), "data"),
)


def format_named(name: str, formats: Iterable[Format] = STILLS) -> Format:
    """The format of a name; a Problem that lists them where there is no such one."""
    known = {each.name: each for each in formats}
    if name not in known:
        raise Problem("unknown_format", name=name, choices=", ".join(known))
    return known[name]


def file_and_format(path: Path, named: str = "", formats: Iterable[Format] = STILLS) -> tuple[Path, Format]:
    """Where to write and what: ``named`` if given, else what the extension says, else the first format.

    The extension is added where the name has none of that format's; a Problem for one of another kind of file.
    """
    formats = tuple(formats)
    guessed = next((each for each in formats if path.suffix.lower() in each.suffixes), None)
    if guessed is None and not named and has_extension(path):
        known = ", ".join(suffix for each in formats for suffix in each.suffixes)
        raise Problem("unknown_extension", path=path.name, choices=known)
    chosen = format_named(named, formats) if named else guessed or formats[0]
    return (path if path.suffix.lower() in chosen.suffixes else with_suffix(path, chosen)), chosen


def has_extension(path: Path) -> bool:
    """Whether the name ends as a kind of file does ("longformer-1.5" is a whole name)."""
    return EXTENSION.fullmatch(path.suffix) is not None


def with_suffix(path: Path, format_: Format) -> Path:
    check_named(path)
    return path.with_name(path.name + format_.suffixes[0])


def is_named(path: Path) -> bool:
    """Whether it is a file's, as "." and ".." are not."""
    return path.name not in ("", "..")


def check_named(path: Path) -> None:
    """A Problem where the path can be no file's."""
    if not is_named(path):
        raise Problem("cannot_save", path=str(path), reason=os.strerror(errno.EISDIR))
