"""Frozen records as JSON and arrays, and back: nothing but the classes that are listed, and no code.

What comes back is checked field by field against the types that the classes declare, so that a file can hold nothing
that a program would not have made itself but for the sizes of its arrays (``app.stored_checks``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import cache
from string import Formatter
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np

from app.run_state import RunState
from app.stored_runs import StoredRun
from engines import messages, study, trace
from engines.problems import SENTENCES, Problem
from engines.words import Words

RECORDS: Mapping[str, type] = MappingProxyType(
    {
        each.__name__: each
        for each in (
            StoredRun,
            RunState,
            messages.RunSpec,
            messages.TextSource,
            messages.Tokenised,
            messages.Traced,
            messages.ModelInfo,
            messages.Measurement,
            messages.MemoryTimeline,
            messages.WeightsReply,
            messages.Answer,
            trace.Step,
            trace.Matrix,
            trace.Pairs,
            trace.PairValues,
            trace.Groups,
            trace.Order,
            trace.Blocks,
            trace.Segments,
            trace.Extent,
            trace.Products,
            trace.StateOverTime,
            study.Panel,
            study.TokenValues,
            study.Curve,
            study.Line,
            study.Mark,
            study.Scatter,
            study.Cloud,
            study.HeatMap,
            study.Reach,
            study.Quantities,
            study.Quantity,
        )
    }
)
"""Every class that a file may hold."""
ADDED: Mapping[str, frozenset[str]] = MappingProxyType(
    {"Tokenised": frozenset({"weights"}), "Extent": frozenset({"sign", "by"})}
)
"""Fields that older files do not have, by class; there they are as the class has them by default."""

NUMBER_FORMAT = re.compile(r",?(\.\d)?[a-z%]?")
SPECIAL = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def packed(value: object, arrays: list[np.ndarray]) -> Any:
    """A value for JSON; its arrays go to the list, and are named by their place in it."""
    if value is None or isinstance(value, bool | int | float | np.bool_ | np.integer | np.floating):
        return packed_number(value)
    if isinstance(value, Words):
        return {"words": value.template, "values": packed_values(value.values, arrays)}
    if isinstance(value, str):
        return value
    if isinstance(value, np.ndarray):
        arrays.append(value)
        return {"array": len(arrays) - 1}
    if isinstance(value, Problem):
        return {"problem": value.code, "values": packed_values(value.values, arrays)}
    if type(value).__name__ in RECORDS and type(value) is RECORDS[type(value).__name__]:
        own = {each.name: packed(getattr(value, each.name), arrays) for each in fields(value)}  # type: ignore[arg-type]
        return {"record": type(value).__name__, "fields": own}
    if isinstance(value, Mapping):
        return {"map": [[packed(key, arrays), packed(one, arrays)] for key, one in value.items()]}
    if isinstance(value, Sequence):
        return [packed(each, arrays) for each in value]
    raise TypeError(f"{type(value).__name__} is no record that can be stored")


def packed_number(value: Any) -> Any:
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, float) and not math.isfinite(plain):
        return {"number": str(plain)}
    return plain


def packed_values(values: Mapping[str, object], arrays: list[np.ndarray]) -> dict[str, Any]:
    return {name: packed(value, arrays) for name, value in values.items()}


def unpacked(raw: Any, arrays: Sequence[np.ndarray]) -> Any:
    """The value again; ValueError where it could not have been packed."""
    if raw is None or isinstance(raw, bool | int | float | str):
        return raw
    if isinstance(raw, list):
        return tuple(unpacked(each, arrays) for each in raw)
    if not isinstance(raw, dict):
        raise ValueError(f"{type(raw).__name__} is no value")
    kind = next(iter(raw), "")
    if kind == "number" and raw[kind] in SPECIAL:
        return SPECIAL[raw[kind]]
    if kind == "array" and type(raw[kind]) is int and 0 <= raw[kind] < len(arrays):
        return arrays[raw[kind]]
    if kind == "map" and isinstance(raw[kind], list):
        return dict(pair_of(each, arrays) for each in raw[kind])
    if kind == "record" and raw[kind] in RECORDS:
        return record_of(RECORDS[raw[kind]], raw.get("fields"), arrays)
    if kind in ("words", "problem") and isinstance(raw[kind], str) and isinstance(raw.get("values"), dict):
        return sentence_of(kind, raw[kind], {name: unpacked(one, arrays) for name, one in raw["values"].items()})
    raise ValueError(f"“{kind}” names nothing that can be read")


def pair_of(raw: Any, arrays: Sequence[np.ndarray]) -> tuple[Any, Any]:
    if not isinstance(raw, list) or len(raw) != 2 or not isinstance(raw[0], str):
        raise ValueError("a pair should be a name and a value")
    return raw[0], unpacked(raw[1], arrays)


def sentence_of(kind: str, text: str, values: dict[str, Any]) -> object:
    """Words or a Problem whose template is one of ours or takes just these values."""
    if any(not isinstance(value, str | int | float | NoneType) for value in values.values()):
        raise ValueError("a sentence has a value that is no word and no number")
    if kind == "words" and deep(text):
        raise ValueError("a sentence reaches into its values")
    try:
        if kind == "words":
            return Words(text, values)
        if text not in SENTENCES:
            raise ValueError(f"there is no problem “{text}”")
        found = Problem(text, **values)
        str(found)
        return found
    except (KeyError, IndexError, AttributeError, TypeError) as error:
        raise ValueError(f"a sentence lacks a value: {error}") from None


def deep(template: str) -> bool:
    """Whether a field of a template is more than a name with a short format: such a one could ask for anything."""
    return any(
        name is not None and not (name.isidentifier() and not conversion and NUMBER_FORMAT.fullmatch(form or ""))
        for _, name, form, conversion in Formatter().parse(template)
    )


def record_of(kind: type, raw: Any, arrays: Sequence[np.ndarray]) -> Any:
    """A record of a class, all of its fields of the types that it declares."""
    hints = hints_of(kind)
    if not isinstance(raw, dict) or set(raw) | ADDED.get(kind.__name__, frozenset()) != set(hints):
        raise ValueError(f"{kind.__name__} should have {', '.join(hints)}")
    values = {name: unpacked(one, arrays) for name, one in raw.items()}
    for name, value in values.items():
        if not conforms(value, hints[name]):
            raise ValueError(f"{name} of {kind.__name__} is a {type(value).__name__}")
    return kind(**values)


@cache
def hints_of(kind: type) -> dict[str, Any]:
    """The declared types of a record's fields; what the engine holds as tensors comes as arrays."""
    known = get_type_hints(kind, localns={"Tensor": np.ndarray})
    return {each.name: known[each.name] for each in fields(kind)}


def conforms(value: object, hint: Any) -> bool:
    """Whether a value is of a declared type; a float may be whole."""
    origin, inner = get_origin(hint), get_args(hint)
    if hint is Any or hint is object:
        return True
    if origin in (Union, UnionType):
        return any(conforms(value, each) for each in inner)
    if origin is Literal:
        return value in inner
    if origin is tuple:
        if not isinstance(value, tuple):
            return False
        if len(inner) == 2 and inner[1] is Ellipsis:
            return all(conforms(each, inner[0]) for each in value)
        return len(value) == len(inner) and all(map(conforms, value, inner))
    if origin is not None and issubclass(origin, Mapping):
        return isinstance(value, dict) and all(conforms(each, inner[1]) for each in value.values())
    if hint is float:
        return type(value) in (int, float)
    if hint in (int, bool):
        return type(value) is hint
    return isinstance(value, origin or hint)
