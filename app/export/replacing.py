"""A file that is written beside its place and moved there when it is whole: what was there stays until then."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.export.image import current_umask
from engines.problems import Problem


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A new, empty file beside ``path`` to write into; it takes the place of ``path`` when the block ends well.

    Whatever ends the block otherwise leaves an old file whole and nothing beside it. An OSError becomes a Problem.
    """
    partial = Path()
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".partial")
        os.close(handle)
        partial = Path(name)
        yield partial
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.chmod(0o666 & ~current_umask())
        partial.replace(path)
    except OSError as error:
        raise Problem("cannot_save", path=str(path), reason=error.strerror or str(error)) from None
    finally:
        if partial != Path():
            partial.unlink(missing_ok=True)
