"""What a person types into a form field, read as a value, and the value written back. No Qt."""

from __future__ import annotations

from widgets.view_data import FormField


class Unreadable(ValueError):
    """The text is not a value of the field; ``expected`` is one of the keys that the form puts into words."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


def read(field: FormField, text: str) -> object:
    """The value that ``text`` means: int, float, or a tuple of ints; raises Unreadable.

    Thousands may be separated by commas in a single number; lists are separated by commas or spaces.
    """
    if field.zero and text.strip().casefold() in ("", field.zero.casefold(), written_in(field, 0).casefold()):
        return 0
    if field.kind == "integer":
        return _within(field, _whole(text.replace(",", "").replace(" ", ""), "whole number"))
    if field.kind == "real":
        try:
            number = float(text.strip())
        except ValueError:
            raise Unreadable("number") from None
        if number != number or number in (float("inf"), float("-inf")):
            raise Unreadable("number")
        return _within(field, number)
    numbers = tuple(_whole(item, field.kind) for item in text.replace(",", " ").replace("，", " ").split())
    if not numbers and field.kind == "integers":
        raise Unreadable("integers")
    for number in numbers:
        _within(field, number)
    return tuple(sorted(set(numbers))) if field.kind == "tokens" else numbers


def _whole(text: str, expected: str) -> int:
    try:
        if len(text) > 18:
            raise ValueError(text)
        return int(text, 10)
    except ValueError:
        raise Unreadable(expected) from None


def _within(field: FormField, number: int | float) -> int | float:
    low = field.minimum is None or number >= field.minimum
    high = field.maximum is None or number <= field.maximum
    if not (low and high):
        raise Unreadable("range")
    return number


def written(value: object) -> str:
    """A value as the field shows it: 8,192; 0.25; 128, 256, 512."""
    if isinstance(value, (tuple, list)):
        return ", ".join(str(item) for item in value)
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value)


def written_in(field: FormField, value: object) -> str:
    """A value as its field shows it: also "auto (16)" for 0."""
    if not field.zero or value != 0:
        return written(value)
    return field.zero if field.comes_to is None else f"{field.zero} ({field.comes_to:,})"


def range_text(field: FormField) -> str:
    """The allowed range: "1 … 512", "≥ 1", or nothing."""
    low, high = (None if end is None else f"{end:,.10g}" for end in (field.minimum, field.maximum))
    if low and high:
        return f"{low} … {high}"
    return f"≥ {low}" if low else f"≤ {high}" if high else ""
