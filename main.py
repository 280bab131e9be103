"""Attnscope: see how efficient attention works. Parses arguments; starts the window or a command."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 0 done, 1 it could not be done (one sentence on standard error), 2 wrong usage."""
    from app.cli import main as run

    return run(sys.argv[1:] if argv is None else argv)


if __name__ == "__main__":
    sys.exit(main())
