"""The variants, found by discovery: every module here that has a ``VARIANT``."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from engines.problems import Problem
from engines.variant import Variant


@cache
def variants() -> dict[str, Variant]:
    """Name -> variant, in menu order."""
    modules = (importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    found = [module.VARIANT for module in modules if hasattr(module, "VARIANT")]
    return {variant.name: variant for variant in sorted(found, key=lambda variant: (variant.order, variant.name))}


def variant_named(name: str) -> Variant:
    """The variant of that name, or a Problem that lists the names there are."""
    known = variants()
    if name not in known:
        raise Problem("unknown_variant", name=name, choices=", ".join(known))
    return known[name]
