"""The variants, found by discovery: every module here that has a ``VARIANT``; and those added from outside."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path

from engines.problems import Problem
from engines.variant import Variant

_from_outside: dict[str, tuple[str, Variant]] = {}  # name -> where it is from, and the variant; of this process


@cache
def shipped() -> dict[str, Variant]:
    """The variants of this folder: name -> variant, in menu order."""
    modules = (importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    found = [module.VARIANT for module in modules if hasattr(module, "VARIANT")]
    return {variant.name: variant for variant in sorted(found, key=lambda variant: (variant.order, variant.name))}


def variants() -> dict[str, Variant]:
    """Name -> variant, in menu order: those that ship, then those from outside in the order in which they came."""
    return shipped() | {name: variant for name, (_, variant) in _from_outside.items()}


def variant_named(name: str) -> Variant:
    """The variant of that name, or a Problem that lists the names there are."""
    known = variants()
    if name not in known:
        raise Problem("unknown_variant", name=name, choices=", ".join(known))
    return known[name]


def register(variant: Variant, source: str) -> None:
    """Add a variant from outside to those of this process, in place of an earlier one from the same source."""
    check_name(variant.name, source)
    for name in [name for name, (earlier, _) in _from_outside.items() if earlier == source and name != variant.name]:
        del _from_outside[name]
    _from_outside[variant.name] = source, variant


def check_name(name: str, source: str) -> None:
    """A Problem where a variant that ships, or one from another source, has that name."""
    taken_by = variants()[name].label if name in shipped() else _from_outside.get(name, (source, None))[0]
    if name in shipped() or taken_by != source:
        raise Problem("variant_name_taken", source=Path(source).name, name=name, by=Path(taken_by).name)


def is_from_outside(name: str) -> bool:
    return name in _from_outside


def place_of(name: str) -> int:
    """The ``order`` of a variant from outside: the one it has, or the next after all there are."""
    known = variants()
    return known[name].order if name in known else max((each.order for each in known.values()), default=-1) + 1
