"""Sessions as text, and back: readable JSON with a version. Nothing in it is run, and it names no file that is read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, fields
from types import MappingProxyType
from typing import Any

from app.session import Pane, Play, Session, StageScene, Text
from engines.messages import Budget
from engines.problems import Problem
from engines.samples import sample_named
from engines.variant import Value
from engines.variants import variant_named

FORMAT = 2
KNOWN_FORMATS = (1, FORMAT)  # those of format 1 have one pane more or less, no zoom, playhead or theme
MOST_PANES, MOST_SCENES = 4, 200
LONGEST_WORDS = 10_000
LONGEST_PATH = 4096
DTYPES = ("float32", "bfloat16", "float16")
NAME = re.compile(r"[a-z][a-z0-9-]{0,40}")
DEVICE = re.compile(r"[a-z]{1,16}(:\d{1,4})?")
LEAST_ZOOM = 1e-6  # tokens across: a narrower part could not be drawn


def to_json(session: Session) -> str:
    """The session as readable text."""
    return json.dumps({"format": FORMAT, **asdict(session)}, indent=1, ensure_ascii=False, default=dict)


def from_json(text: str) -> Session:
    """A session from its text; a Problem where it is not one. Nothing in it is run, and no file is read."""
    try:
        raw = json.loads(text)
        version = raw["format"]
        if type(version) is int and version > FORMAT:
            raise Problem("session_newer", format=shortened(str(version)), known=FORMAT)
        if type(version) is not int or version not in KNOWN_FORMATS:
            raise ValueError(f"format {version!r}")
        return session_from(raw)
    except Problem as problem:
        if problem.code == "session_newer":
            raise
        raise Problem("bad_session", reason=shortened(str(problem))) from None
    except KeyError as error:
        raise Problem("bad_session", reason=shortened(f"{error} is missing")) from None
    except (TypeError, AttributeError):  # what Python says of it says nothing of the file
        raise Problem("bad_session", reason="a part of it is of another kind than it must be") from None
    except RecursionError:
        raise Problem("bad_session", reason="it is nested too deeply") from None
    except (ValueError, OverflowError) as error:
        raise Problem("bad_session", reason=shortened(str(error)) or type(error).__name__) from None


def session_from(raw: Mapping[str, Any]) -> Session:
    """A session from its dictionary; what older files lack is as it always was."""
    if len(raw["panes"]) > MOST_PANES:
        raise ValueError(f"{len(raw['panes'])} panes")
    panes = tuple(pane_from(each) for each in raw["panes"])
    active = raw["active"]
    if type(active) is not int or not 0 <= active < len(panes):
        raise ValueError(f"active is {active!r}")
    theme, one_text = raw.get("theme", Session.theme), raw.get("one_text", True)
    if not (isinstance(theme, str) and NAME.fullmatch(theme)) or type(one_text) is not bool:
        raise ValueError(f"theme is {theme!r}, one_text is {one_text!r}")
    scenes = scenes_from(raw.get("scenes", []))
    return Session(panes, active, budget_from(raw["budget"]), play_from(raw.get("play", {})), theme, one_text, scenes)


def scenes_from(raw: object) -> tuple[StageScene, ...]:
    """The scenes, each with a state that has none."""
    if not isinstance(raw, list) or len(raw) > MOST_SCENES:
        raise ValueError("scenes are no list, or too many")
    found = []
    for each in raw:
        words = [each[name] for name in ("name", "caption", "notes")]
        if not all(isinstance(one, str) and len(one) <= LONGEST_WORDS for one in words):
            raise ValueError(f"a scene is called {words[0]!r}")
        if each["state"]["scenes"]:
            raise ValueError("a scene holds scenes")
        found.append(StageScene(words[0], session_from(each["state"]), words[1], words[2]))
    return tuple(found)


def play_from(raw: Mapping[str, Any]) -> Play:
    """Where the playhead stands, from its dictionary."""
    play = Play(**raw)
    if play.mode not in ("steps", "length") or type(play.loop) is not bool:
        raise ValueError(f"play is {play.mode!r}, {play.loop!r}")
    share, speed = number_from(play.share, 0, 1), number_from(play.speed, 0.25, 4)
    return Play(play.mode, share, speed, play.loop)


def number_from(value: object, lowest: float, highest: float) -> float:
    """A finite number within bounds."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not lowest <= value <= highest:
        raise ValueError(f"expected a number from {lowest} to {highest}, not {value!r}")
    return float(value)


def shortened(reason: str) -> str:
    """What was wrong, short enough for one line, and without anything that is no text."""
    return " ".join(reason.encode("utf-8", errors="replace").decode("utf-8").split())[:80].rstrip(" .")


def budget_from(raw: Mapping[str, Any]) -> Budget:
    """A budget from its dictionary: seconds above 0, a share of the memory above 0 and up to 1."""
    seconds, share = (float(raw[each.name]) for each in fields(Budget))
    if not (0 < seconds < float("inf") and 0 < share <= 1):
        raise ValueError(f"budget is {seconds} s and {share}")
    return Budget(seconds, share)


ADDED = frozenset({"weights", "zoom"})
"""Fields that the first files did not have."""

RANGES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "length": (1, 1_048_576),
        "layer": (0, 1023),
        "head": (0, 1023),
        "seed": (0, 2**31),
        "locked": (-1, 1_048_575),
        "hash_round": (0, 1023),
    }
)
"""What a stored number may be, whatever the model; the engine checks layer and head against the one there is."""


def pane_from(raw: Mapping[str, Any]) -> Pane:
    """A pane from its dictionary, each value of the type and in the range it must have, each parameter checked."""
    plain = {}
    for each in fields(Pane):
        value = raw.get(each.name, getattr(Pane(), each.name)) if each.name in ADDED else raw[each.name]
        low, high = RANGES.get(each.name, (0, 0))
        if each.name not in ("settings", "text", "zoom"):
            if type(value) is not type(getattr(Pane(), each.name)) or (
                each.name in RANGES and not low <= value <= high
            ):
                raise ValueError(f"{each.name} is {value!r}")
            plain[each.name] = value
    if (
        not NAME.fullmatch(plain["view"])  # one that a run does not have is shown as its pattern
        or not DEVICE.fullmatch(plain["device"])  # one that this machine does not have is said when it is run
        or plain["dtype"] not in DTYPES
        or not 0 < len(plain["weights"]) < LONGEST_PATH
        or not plain["weights"].isprintable()
    ):
        told = [f"{name} is {shortened(repr(plain[name]))[:20]}" for name in ("view", "device", "dtype", "weights")]
        raise ValueError(", ".join(told))
    variant_named(plain["variant"])
    text, settings = text_from(raw["text"]), settings_from(raw["settings"])
    return Pane(text=text, settings=settings, zoom=zoom_from(raw.get("zoom", [])), **plain)


def zoom_from(raw: object) -> tuple[float, ...]:
    """The part in view: nothing, or two ranges of tokens."""
    if not isinstance(raw, list) or len(raw) not in (0, 4):
        raise ValueError(f"zoom is {raw!r}")
    zoom = tuple(number_from(each, -1, 2**22) for each in raw)
    if zoom and not (zoom[0] + LEAST_ZOOM < zoom[1] and zoom[2] + LEAST_ZOOM < zoom[3]):
        raise ValueError(f"zoom is {raw!r}")
    return zoom


def text_from(raw: Mapping[str, Any]) -> Text:
    """A text from its dictionary; a sample must be one that ships."""
    text = Text(**raw)
    if text.kind not in ("sample", "typed", "file") or not isinstance(text.value, str):
        raise ValueError(f"text is {text.kind!r}")
    if text.kind == "sample":
        sample_named(text.value)
    return text


def settings_from(raw: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Value]]:
    """The changed parameters of every variant, checked."""
    settings = {}
    for name, own in raw.items():
        given = {key: tuple(value) if isinstance(value, list) else value for key, value in own.items()}
        checked = variant_named(name).parameters(**given)
        settings[name] = {key: checked[key] for key in given}
    return settings
