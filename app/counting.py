"""How people count what programs count from 0. Pure."""

from __future__ import annotations

from engines.problems import Problem


def counted_from_one(problem: Problem) -> Problem:
    """Layers and heads are counted from 1 in the window and on the command line."""
    if problem.code != "bad_layer":
        return problem
    values = problem.values
    return Problem(
        "bad_number", what=values["what"], smallest=1, largest=values["largest"] + 1, value=values["value"] + 1
    )
