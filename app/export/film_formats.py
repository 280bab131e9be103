"""The kinds of film there are: how each is asked of the encoder, and what it can and cannot hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from app.export.formats import check_named, has_extension
from engines.problems import Problem

Quality = Literal["small", "good", "best"]
QUALITIES: tuple[Quality, ...] = ("small", "good", "best")

# Screens since HDTV expect these coefficients; unmarked films are guessed at by size, and their colours shift.
BT709 = (
    "-vf", "scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int,format=yuv420p",
    "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv",
)  # fmt: skip


@dataclass(frozen=True)
class FilmFormat:
    """One kind of file. ``arguments`` are those of ffmpeg for each quality.

    ``even``: width and height must be even. ``lossless``: the qualities at which every pixel is kept. ``most_fps``:
    what the file can say, or players show. ``palette``: the most colours of each quality, where it has a
    table of them.
    """

    label: str
    muxer: str
    arguments: Mapping[Quality, tuple[str, ...]]
    even: bool = False
    lossless: tuple[Quality, ...] = ()
    most_fps: int = 120
    palette: Mapping[Quality, int] | None = None


def h264(crf: int) -> tuple[str, ...]:
    return (*BT709, "-c:v", "libx264", "-preset", "medium", "-crf", str(crf), "-movflags", "+faststart")


def vp9(crf: int) -> tuple[str, ...]:
    threads = ("-row-mt", "1", "-tile-columns", "2")
    speed = ("-deadline", "good", "-cpu-used", "5")
    return (*BT709, "-c:v", "libvpx-vp9", "-crf", str(crf), "-b:v", "0", *speed, *threads)


def webp(*how: str) -> tuple[str, ...]:
    return ("-c:v", "libwebp_anim", "-loop", "0", *how)


def apng(prediction: str) -> tuple[str, ...]:
    return ("-c:v", "apng", "-pix_fmt", "rgb24", "-plays", "0", "-pred", prediction)


GIF = ("-c:v", "gif", "-loop", "0")

FORMATS: Mapping[str, FilmFormat] = MappingProxyType(
    {
        ".mp4": FilmFormat("MP4 (H.264)", "mp4", {"small": h264(28), "good": h264(18), "best": h264(10)}, even=True),
        ".webm": FilmFormat("WebM (VP9)", "webm", {"small": vp9(40), "good": vp9(24), "best": vp9(12)}, even=True),
        ".gif": FilmFormat(
            "GIF",
            "gif",
            {"small": GIF, "good": GIF, "best": GIF},
            most_fps=50,
            palette={"small": 64, "good": 256, "best": 256},
        ),
        ".webp": FilmFormat(
            "WebP",
            "webp",
            {
                "small": webp("-pix_fmt", "yuv420p", "-quality", "60"),
                "good": webp("-pix_fmt", "yuv420p", "-quality", "90"),
                "best": webp("-pix_fmt", "bgra", "-lossless", "1"),
            },
            lossless=("best",),
        ),
        ".apng": FilmFormat(
            "APNG",
            "apng",
            {"small": apng("mixed"), "good": apng("up"), "best": apng("up")},
            lossless=QUALITIES,
        ),
    }
)
"""By the file's extension."""

DEFAULT_EXTENSION = ".mp4"


def with_extension(path: Path) -> Path:
    """The path with an extension, where it has none; a Problem for one that is no film's."""
    check_named(path)
    if not has_extension(path):
        return path.with_name(path.name + DEFAULT_EXTENSION)
    if path.suffix.lower() not in FORMATS:
        raise Problem("unknown_extension", path=path.name, choices=", ".join(FORMATS))
    return path


def format_of(path: Path) -> FilmFormat:
    """The format that the extension names; a Problem where it names none."""
    return FORMATS[with_extension(path).suffix.lower()]


def even(size: tuple[int, int]) -> tuple[int, int]:
    """The size with odd numbers raised by one."""
    return size[0] + size[0] % 2, size[1] + size[1] % 2
