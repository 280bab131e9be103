"""A session that names a variant which is not here: what it named is kept apart, and the rest of it is read. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.session import DEFAULT_VARIANT
from engines.problems import Problem
from engines.variant import Value, Variant
from engines.variants import variants

MOST = 1000  # panes, with those of scenes
NAME = re.compile(r"[a-z][a-z0-9-]{0,40}")


@dataclass(frozen=True)
class Missing:
    """The variant that the session showed, "" where that one is here; and the settings of all that are not."""

    name: str = ""
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def without_missing(text: str) -> tuple[str, Missing]:
    """The session's text with the default variant in such a one's place. Nothing is loaded because a session names it.

    A text that is no session is left as it is.
    """
    try:
        raw = json.loads(text)
        settings: dict[str, Mapping[str, Any]] = {}
        gone: list[str] = []
        scenes = [pane for scene in raw.get("scenes", []) for pane in scene["state"]["panes"]]
        if len(scenes) + len(raw["panes"]) > MOST:
            return text, Missing()  # no session: whoever reads it says so
        for pane in (raw["panes"][raw["active"]], *raw["panes"], *scenes):
            unknown = [name for name in pane["settings"] if is_missing(name)]
            settings |= {name: pane["settings"].pop(name) for name in unknown}
            if is_missing(pane["variant"]):
                gone.append(pane["variant"])
                pane["variant"] = DEFAULT_VARIANT
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        return text, Missing()
    return (json.dumps(raw), Missing(gone[0] if gone else "", settings)) if gone or settings else (text, Missing())


def is_missing(name: object) -> bool:
    return isinstance(name, str) and NAME.fullmatch(name) is not None and name not in variants()


def still_fitting(variant: Variant, settings: object) -> dict[str, Value]:
    """Kept settings as far as a variant still takes them."""
    fitting: dict[str, Value] = {}
    known = {setting.name: setting for setting in variant.settings}
    for name, value in settings.items() if isinstance(settings, Mapping) else ():
        try:
            fitting[name] = known[name].check(tuple(value) if isinstance(value, list) else value)
        except (KeyError, TypeError, ValueError, OverflowError, Problem):  # no such parameter, or no value for it
            continue
    return fitting
