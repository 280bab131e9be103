"""Values as the text of Python."""

from __future__ import annotations

import json

MOST_COLUMNS = 118  # of a line


def constant(named: tuple[str, object]) -> str:
    """A line of Python."""
    name, value = named
    written = 'float("nan")' if value != value else literal(value, len(name) + 3)
    return f"{name} = {written}"


def literal(value: object, before: int = 0, depth: int = 0) -> str:
    """A value in Python's words, a line to each part where it does not fit into one of ``MOST_COLUMNS``."""
    plain = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
    if not isinstance(value, dict | list | tuple):
        return plain
    parts = [
        (f"{literal(key)}: " if isinstance(value, dict) else "", value[key] if isinstance(value, dict) else key)
        for key in value
    ]
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]") if isinstance(value, list) else ("(", ")")
    inner = ", ".join(named + literal(part) for named, part in parts)
    alone = "," if isinstance(value, tuple) and len(parts) == 1 else ""
    whole = f"{opening}{inner}{alone}{closing}"
    if "\n" not in whole and before + 4 * depth + len(whole) <= MOST_COLUMNS:
        return whole
    space = "    " * (depth + 1)
    lines = [f"{space}{named}{literal(part, len(named), depth + 1)}," for named, part in parts]
    return "\n".join((opening, *lines, "    " * depth + closing))


def short(value: float) -> float:
    """A number with six digits, whole where it is: enough for a limit of an axis."""
    rounded = float(f"{value:.6g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 1e15 else rounded
