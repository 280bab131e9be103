"""What went wrong, in words for people: in their language, and counted as they count."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from engines.problems import SENTENCES, Problem
from widgets.given_words import said


def sentence(problem: Problem) -> str:
    """A problem in the window's language: by code, with its values, those in words translated, too."""
    problem = counted_from_one(problem)
    values = {name: said(value) if isinstance(value, str) else value for name, value in problem.values.items()}
    return QCoreApplication.translate("problems", SENTENCES[problem.code]).format(**values)


def counted_from_one(problem: Problem) -> Problem:
    """Layers and heads are counted from 1 in the window and on the command line."""
    if problem.code != "bad_layer":
        return problem
    values = problem.values
    return Problem(
        "bad_number", what=values["what"], smallest=1, largest=values["largest"] + 1, value=values["value"] + 1
    )
