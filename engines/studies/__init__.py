"""The general studies, found by discovery: every module here that has a ``STUDY``; and all that a variant has."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache, lru_cache

from engines.problems import Problem
from engines.study import Study
from engines.variant import Variant


@cache
def general_studies() -> tuple[Study, ...]:
    """The studies that are asked of any variant, in their order."""
    modules = (importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    found = [module.STUDY for module in modules if hasattr(module, "STUDY")]
    return tuple(sorted(found, key=lambda study: (study.order, study.name)))


@lru_cache(maxsize=64)  # asked in every frame of every pane
def studies_of(variant: Variant, causal: bool) -> tuple[Study, ...]:
    """The variant's own studies first, then the general ones that apply to it."""
    return tuple(study for study in (*variant.studies, *general_studies()) if study.applies(variant, causal))


def study_named(name: str, variant: Variant, causal: bool) -> Study:
    """One of the variant's studies, or a Problem that lists those there are."""
    known = {study.name: study for study in studies_of(variant, causal)}
    if name not in known:
        raise Problem("unknown_study", name=name, variant=variant.label, choices=", ".join(known))
    return known[name]
