"""What a variant from outside declares, checked and made plain, before a menu or a form reads it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, get_args

from engines.description import in_words
from engines.outside.checks import all_strings, require
from engines.outside.guard import one_line
from engines.problems import Problem
from engines.studies import general_studies
from engines.study import Study
from engines.variant import Kind, Paper, Parameter, Variant

NAME = re.compile(r"[a-z][a-z0-9-]{0,40}")
SETTING_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
RESERVED = "seed"  # every run has one, beside the variant's own parameters


def declared(own: Variant, source: str) -> dict[str, Any]:
    """What a variant declares, as plain values; a Problem that names the first thing that cannot be."""

    def take(name: str, expected: str, fits: Callable[[Any], object]) -> Any:
        value = getattr(own, name, None)
        try:
            accepted = bool(fits(value))
        except Exception:
            accepted = False
        if not accepted:
            arrived = "missing" if value is None else one_line(repr(value))
            raise Problem("variant_incomplete", source=in_words(source), name=name, expected=expected, arrived=arrived)
        return value

    def text(value: object) -> bool:
        return type(value) is str

    found: dict[str, Any] = {
        "name": take("name", "a name of small letters, digits and hyphens", lambda v: text(v) and NAME.fullmatch(v)),
        "label": take("label", "text of up to 40 letters", lambda v: text(v) and 0 < len(v.strip()) <= 40),
        "paper": take("paper", "a Paper", plain_paper),
        "settings": tuple(
            plain_setting(each, source, own)
            for each in take("settings", "Parameters in a tuple, each with a name of its own", distinct_settings)
        ),
        "masks": take(
            "masks",
            "“causal”, “bidirectional”, or both, in a tuple",
            lambda v: all_strings(v) and v and set(v) <= {"causal", "bidirectional"},
        ),
        "step_names": take("step_names", "names in a tuple", lambda v: all_strings(v) and v),
        "implied_weights": take("implied_weights", "True or False", lambda v: type(v) is bool),
        "studies": take("studies", "Studies in a tuple, each with a name of its own", distinct_studies),
    }
    for name in ("summary", "complexity"):
        found[name] = take(name, "text", lambda v: text(v) and v.strip())
    for name in ("short_label", "weights_note", "mask_reason"):
        found[name] = take(name, "text", text)
    studies = {"", *(study.name for study in (*found["studies"], *general_studies()))}
    found["mask_study"] = take("mask_study", "the name of a study", lambda v: v in studies)
    return found


def plain_paper(paper: object) -> bool:
    if type(paper) is not Paper or type(paper.year) is not int:
        return False
    return all(type(getattr(paper, each.name)) is str for each in fields(paper) if each.name != "year")


def distinct_settings(settings: Any) -> bool:
    names = [setting.name for setting in settings]
    whole = isinstance(settings, tuple) and all(type(setting) is Parameter for setting in settings)
    return whole and len(set(names)) == len(names)


def plain_setting(setting: Parameter, source: str, own: Variant) -> Parameter:
    """A parameter with its default checked; a Problem where it could not be shown or set."""
    bounds = (setting.minimum, setting.maximum)
    words = (setting.name, setting.label, setting.help, setting.unit, setting.kind, setting.per, setting.zero)
    try:
        require(all_strings(words) and SETTING_NAME.fullmatch(setting.name), "its name should be small letters")
        require(setting.name != RESERVED, f"“{RESERVED}” is the run’s own")
        require(setting.kind in get_args(Kind), f"its kind should be one of {', '.join(get_args(Kind))}")
        require(setting.per in ("", "layer", "head"), "its per should be layer or head")
        require(setting.label.strip(), "it should have a label")
        require(all(each is None or type(each) in (int, float) for each in bounds), "its bounds should be numbers")
        require(all_strings(setting.choices), "its choices should be text in a tuple")
        default = setting.check(setting.default)
        require(default == setting.default, f"its default should be {setting.expected}")
        return replace(setting, default=default)
    except Exception as error:
        raise Problem(
            "variant_incomplete",
            source=in_words(source),
            name=one_line(f"parameter {setting.name}"),
            expected="one that a person can set",
            arrived=one_line(f"not: {error}").rstrip("."),
        ) from None


def distinct_studies(studies: Any) -> bool:
    names = [study.name for study in (*studies, *general_studies())]
    steps = ("pattern", "weights", "buckets", "fold", "segments", "state", "products")  # the views of a run's steps
    return (
        isinstance(studies, tuple)
        and all(isinstance(study, Study) for study in studies)
        and all(all_strings((study.name, study.label, study.help)) and NAME.fullmatch(study.name) for study in studies)
        and all(type(study.order) is int and type(study.follows_locked) is bool for study in studies)
        and len(set(names) | set(steps)) == len(names) + len(steps)
    )
