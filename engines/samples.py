"""The texts that ship: short ones that people know, and long ones to stretch the length with; and an image.

An image is read as its pixels, row by row, a token each.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from engines.messages import TextSource
from engines.problems import Problem

FOLDER = files("resources") / "samples"


@dataclass(frozen=True)
class Sample:
    """A text or an image that ships. ``language`` is "en" or "zh", or "image"; ``origin`` says when it was written and
    where it is from; ``width`` is that of an image in pixels, 0 for a text."""

    id: str
    title: str
    language: str
    file: str
    author: str
    licence: str
    origin: str
    width: int = 0


@cache
def samples() -> tuple[Sample, ...]:
    """All texts, in menu order: short before long; the first is the one to begin with."""
    return listed("samples.json")


@cache
def images() -> tuple[Sample, ...]:
    """All images, in menu order."""
    return listed("images.json")


def listed(file: str) -> tuple[Sample, ...]:
    return tuple(Sample(**entry) for entry in json.loads((FOLDER / file).read_text(encoding="utf-8")))


def sample_named(name: str) -> Sample:
    """The sample with that id, text or image, or a Problem that lists the ids there are."""
    known = {sample.id: sample for sample in (*samples(), *images())}
    if name not in known:
        raise Problem("unknown_sample", name=name, choices=", ".join(known))
    return known[name]


def read_sample(name: str) -> str:
    """The text of the sample with that id; a Problem for an image."""
    sample = sample_named(name)
    if sample.width:
        raise Problem("image_is_no_text", name=name)
    return (FOLDER / sample.file).read_text(encoding="utf-8")


def source_of(name: str) -> TextSource:
    """What a run is given to read the sample with that id, text or image."""
    return TextSource(image=name) if sample_named(name).width else TextSource(text=read_sample(name))


def read_pixels(name: str) -> NDArray[np.uint8]:
    """The shades of an image [row, column], 0 black to 255 white; a Problem where the sample is no image."""
    sample = sample_named(name)
    if not sample.width:
        raise Problem("unknown_sample", name=name, choices=", ".join(image.id for image in images()))
    raw = (FOLDER / sample.file).read_bytes()  # a grey PGM: sizes in a line of text, then a byte for each pixel
    width, height = (int(number) for number in raw.split(maxsplit=3)[1:3])
    return np.frombuffer(raw, np.uint8, width * height, len(raw) - width * height).reshape(height, width)


def shades(name: str, length: int) -> NDArray[np.float32]:
    """The shade of each of ``length`` tokens of an image, 0 black to 1 white, repeated as its tokens are."""
    return np.resize(read_pixels(name).reshape(-1), length).astype(np.float32) / np.float32(255)
