"""Whatever code from outside raises, as one sentence for a person."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from engines.machine import out_of_memory
from engines.outside.checks import Wrong
from engines.problems import SENTENCES, Problem
from engines.trace import Cancelled

LONGEST_REASON = 200


def one_line(text: str) -> str:
    """Short enough for a sentence, and without anything that is no text."""
    plain = " ".join(text.encode("utf-8", errors="replace").decode("utf-8").split())
    return plain if len(plain) <= LONGEST_REASON else plain[:LONGEST_REASON] + "…"


def reason_of(error: BaseException, file: str) -> str:
    """An exception in words: its type, what it says, and the last line of ``file`` that it passed through."""
    text = str(error)
    said = f"{type(error).__name__}: {text}" if text else type(error).__name__
    line = line_in(error.__traceback__, file)
    return one_line(said) + (f" (line {line})" if line else "")


def line_in(trace: TracebackType | None, file: str) -> int:
    """The line of a file in which an exception was last seen; 0 where it was not there."""
    lines = [frame.lineno or 0 for frame in traceback.extract_tb(trace) if file and frame.filename == file]
    return lines[-1] if lines else 0


def file_of(own: object) -> str:
    return str(getattr(sys.modules.get(type(own).__module__), "__file__", None) or "")


@contextmanager
def guarded(label: str, file: str) -> Iterator[None]:
    """Whatever goes wrong inside is one sentence with the variant's label; being cancelled is not wrong."""
    try:
        yield
    except Cancelled:
        raise
    except Wrong as wrong:
        raise Problem("variant_went_wrong", label=label, reason=one_line(str(wrong))) from None
    except Problem as problem:
        raise plain_problem(problem, label) from None
    except (Exception, SystemExit) as error:
        if isinstance(error, Exception) and out_of_memory(error):
            raise
        raise Problem("variant_went_wrong", label=label, reason=reason_of(error, file)) from error


def plain_problem(problem: Problem, label: str) -> Problem:
    """A variant's own Problem, as long as it can be said and can cross."""
    try:
        plain = {name: v if type(v) in (int, float) else str(v) for name, v in problem.values.items()}
        same = Problem(str(problem.code), **plain)
        if type(problem) is Problem and problem.code in SENTENCES and str(same):
            return same
    except Exception:  # its sentence lacks a value, or a value fails
        pass
    reason = one_line(f"it raised a problem that has no sentence, {problem.code!s}")
    return Problem("variant_went_wrong", label=label, reason=reason)
