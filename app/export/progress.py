"""How far an export has come, told between two pieces of its work."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Progress:
    """``share`` 0…1; ``words`` say the same, "frame 3 of 90". ``waiting``: nothing to do until something arrives."""

    share: float
    words: str = ""
    waiting: bool = False


Writing = Generator[Progress, None, Path]
"""An export on its way, which returns the path that was written; ``close`` gives up, and an old file is as it was."""
