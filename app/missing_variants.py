"""A session that names a variant which is not here: what it named is kept apart, and the rest of it is read. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.session import DEFAULT_VARIANT, Session
from engines.problems import Problem
from engines.variant import Value, Variant
from engines.variants import variants

MOST = 1000  # panes, with those of scenes
NAME = re.compile(r"[a-z][a-z0-9-]{0,40}")


@dataclass(frozen=True)
class Missing:
    """The variant that the session showed, "" where that one is here; and the settings of all that are not.

    ``places``: the missing variant of each pane, "" where it is here; after the session's own panes those of scenes.
    """

    name: str = ""
    places: tuple[str, ...] = ()
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
        places = tuple(pane["variant"] * is_missing(pane["variant"]) for pane in (*raw["panes"], *scenes))
        for pane in (raw["panes"][raw["active"]], *raw["panes"], *scenes):
            unknown = [name for name in pane["settings"] if is_missing(name)]
            settings |= {name: pane["settings"].pop(name) for name in unknown}
            if is_missing(pane["variant"]):
                gone.append(pane["variant"])
                pane["variant"] = DEFAULT_VARIANT
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        return text, Missing()
    if not gone and not settings:
        return text, Missing()
    return json.dumps(raw), Missing(gone[0] if gone else "", places, settings)


def with_variants_back(session: Session, places: tuple[str, ...]) -> Session:
    """The session with those variants in their places that are here by now, where no others were chosen meanwhile."""
    every = (*session.panes, *(pane for scene in session.scenes for pane in scene.state.panes))
    if len(every) != len(places):
        return session
    found = iter(
        replace(pane, variant=name) if name in variants() and pane.variant == DEFAULT_VARIANT else pane
        for pane, name in zip(every, places, strict=True)
    )
    panes = tuple(next(found) for _ in session.panes)
    scenes = tuple(
        replace(scene, state=replace(scene.state, panes=tuple(next(found) for _ in scene.state.panes)))
        for scene in session.scenes
    )
    return replace(session, panes=panes, scenes=scenes)


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
