"""The texts that ship: short ones that people know, and long ones to stretch the length with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from engines.problems import Problem

FOLDER = files("resources") / "samples"


@dataclass(frozen=True)
class Sample:
    """A text that ships. ``language`` is "en" or "zh"; ``origin`` says when it was written and where it is from."""

    id: str
    title: str
    language: str
    file: str
    author: str
    licence: str
    origin: str


@cache
def samples() -> tuple[Sample, ...]:
    """All of them, in menu order: short before long; the first is the one to begin with."""
    return tuple(Sample(**entry) for entry in json.loads((FOLDER / "samples.json").read_text(encoding="utf-8")))


def sample_named(name: str) -> Sample:
    """The sample with that id, or a Problem that lists the ids there are."""
    known = {sample.id: sample for sample in samples()}
    if name not in known:
        raise Problem("unknown_sample", name=name, choices=", ".join(known))
    return known[name]


def read_sample(name: str) -> str:
    """The text of the sample with that id."""
    return (FOLDER / sample_named(name).file).read_text(encoding="utf-8")
