"""Everything the engines say to a person when something cannot be done: a code, its values, an English sentence.

The window translates by code; a notebook and the command line read the English. Each sentence says what was expected,
what arrived, and what to do.
"""

from __future__ import annotations

from typing import Any

SENTENCES = {
    "unknown_variant": "There is no variant “{name}”; choose one of {choices}.",
    "unknown_parameter": "{variant} has no parameter “{name}”; it has {choices}.",
    "bad_parameter": "{label} must be {expected}, but is {value}; change it in the parameters.",
    "mask_not_supported": "{variant} cannot run {mask}: {reason}",
}


class Problem(Exception):
    """Something that a person must know; picklable, so that it crosses from the engine process to the window."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (self.code, self.values)

    def __str__(self) -> str:
        return SENTENCES[self.code].format(**self.values)


def _rebuild(code: str, values: dict[str, Any]) -> Problem:
    return Problem(code, **values)
