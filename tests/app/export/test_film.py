"""Films as files: decoded again by other programs, and written whole or not at all."""

import errno
import os
import signal
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from app.export import film as films
from app.export.encoder import last_words
from app.export.film import write_film, writing
from app.export.film_formats import FORMATS
from app.export.film_of_steps import StepsFilm
from app.export.image import Figure
from app.export.replacing import replacing
from app.timeline import ease
from engines.problems import Problem
from tests.app.export.films import (
    DARK,
    FRAMES,
    SMALL,
    decoded,
    painted,
    steps_film,
)
from tests.app.runs import run_of
from widgets.pattern_view import PatternView

# Formats ------------------------------------------------------------------------------------------------------------


MEAN_ERROR = {".mp4": 4.0, ".webm": 4.0, ".gif": 1.5, ".webp": 4.0, ".apng": 0.0}
"""Of a colour value from 0 to 255: lossy video keeps a quarter of the colours; a GIF has 256 of them in all."""


@pytest.mark.parametrize("extension", list(FORMATS))
def test_each_format_decodes_to_the_frames_that_were_painted(tmp_path, extension):
    film, path = steps_film(), tmp_path / f"film{extension}"
    assert write_film(film, path, SMALL) == path
    shown, fps, card = decoded(path)
    expected = painted(film, path, SMALL)
    assert len(shown) == len(expected) == FRAMES
    assert fps == pytest.approx(10, rel=0.01)
    for one, other in zip(shown, expected, strict=True):
        assert one.shape == (240, 320, 3)
        assert np.abs(one.astype(int) - other).mean() <= MEAN_ERROR[extension]
    assert card["variant"] == "reformer"
    assert card["parameters"]["rounds"] == 2
    assert (card["film"], card["view"], card["tokens"]) == ("over steps", "buckets", 40)
    assert (card["fps"], card["frames"], card["size"]) == (10, FRAMES, [320, 240])
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.parametrize("extension", [ext for ext, form in FORMATS.items() if "best" in form.lossless])
def test_lossless_files_keep_every_pixel(tmp_path, extension):
    film, path = steps_film("pattern", "longformer"), tmp_path / f"film{extension}"
    options = replace(SMALL, quality="best")
    write_film(film, path, options)
    for one, other in zip(decoded(path)[0], painted(film, path, options), strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize("extension", list(FORMATS))
def test_the_same_film_is_the_same_file(tmp_path, extension):
    one, other = tmp_path / f"one{extension}", tmp_path / f"other{extension}"
    short = replace(SMALL, size=(160, 120), seconds=0.4)
    write_film(steps_film("pattern", "longformer"), one, short)
    write_film(steps_film("pattern", "longformer"), other, short)
    assert one.read_bytes() == other.read_bytes()


class Bars:
    """The theme's colours as flat bars."""

    def paint_onto(self, painter, rect):
        width = rect.width() / len(DARK.categories)
        for index, colour in enumerate(DARK.categories):
            painter.fillRect(QRectF(rect.left() + index * width, rect.top(), width, rect.height()), QColor(colour))


class BarsFilm:
    start, stop, card = 0.0, 1.0, MappingProxyType({})

    def at(self, seconds):
        return "always", Figure(Bars(), "", "", DARK, {})


@pytest.mark.parametrize("extension", list(FORMATS))
def test_flat_colours_come_back_as_they_were(tmp_path, extension):
    """Within what eight bits of brightness and colour can say: a film whose kind of colours is not told shifts them."""
    path = write_film(BarsFilm(), tmp_path / f"bars{extension}", SMALL)
    across = 16 + (np.arange(len(DARK.categories)) + 0.5) * (320 / 0.5 - 32) / len(DARK.categories)
    for shown, expected in zip(decoded(path)[0], painted(BarsFilm(), path, SMALL), strict=False):
        places = (across * 0.5).astype(int)
        assert np.abs(shown[120, places].astype(int) - expected[120, places]).max() <= 4
    assert decoded(path)[2]["frames"] == FRAMES


def test_an_mp4_can_be_played_before_it_is_all_there(tmp_path):
    path = write_film(steps_film(), tmp_path / "film", SMALL)
    assert path.name == "film.mp4"
    content = path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_better_quality_is_nearer_and_larger(tmp_path):
    film, sizes, errors = steps_film(), [], []
    for quality in ("small", "good", "best"):
        path = tmp_path / f"{quality}.mp4"
        options = replace(SMALL, quality=quality)
        write_film(film, path, options)
        sizes.append(path.stat().st_size)
        pairs = zip(decoded(path)[0], painted(film, path, options), strict=True)
        errors.append(np.mean([np.abs(one.astype(int) - other).mean() for one, other in pairs]))
    assert sizes == sorted(sizes)
    assert errors == sorted(errors, reverse=True)


# Whole or not at all ------------------------------------------------------------------------------------------------


@pytest.fixture
def old(tmp_path):
    path = tmp_path / "film.mp4"
    path.write_bytes(b"what was there")
    return path


def untouched(path):
    return path.read_bytes() == b"what was there" and os.listdir(path.parent) == [path.name]


def test_a_cancel_leaves_the_old_file_and_says_so(old):
    shares = []
    with pytest.raises(Problem) as cancelled:
        write_film(steps_film(), old, SMALL, shares.append, lambda: len(shares) > 3)
    assert len(shares) == 4
    assert cancelled.value.code == "film_cancelled"
    assert str(old) in str(cancelled.value)
    assert untouched(old)


def test_ctrl_c_does_the_same(old):
    def pressed(share):
        raise KeyboardInterrupt

    with pytest.raises(Problem) as cancelled:
        write_film(steps_film(), old, SMALL, pressed)
    assert cancelled.value.code == "film_cancelled"
    assert untouched(old)


def test_giving_up_between_two_frames_leaves_the_old_file(old):
    steps = writing(steps_film(), old, SMALL)
    for _ in range(3):
        next(steps)
    steps.close()
    assert untouched(old)


def test_progress_grows_to_the_whole(tmp_path):
    shares = []
    write_film(steps_film(), tmp_path / "film.gif", SMALL, shares.append)
    assert shares == sorted(set(shares))
    assert shares[-1] == 1


def test_a_full_disk_leaves_the_old_file_and_says_so(old, monkeypatch):
    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Problem) as refused:
        write_film(steps_film(), old, SMALL)
    assert refused.value.code == "cannot_save"
    assert os.strerror(errno.ENOSPC) in str(refused.value)
    assert untouched(old)


@pytest.mark.parametrize("extension", list(FORMATS))
def test_a_disk_that_is_full_for_the_encoder_is_said(tmp_path, monkeypatch, extension):
    path = tmp_path / f"film{extension}"

    @contextmanager
    def on_a_full_disk(path):
        with replacing(path) as partial:
            partial.unlink()
            partial.symlink_to("/dev/full")
            yield partial

    monkeypatch.setattr(films, "replacing", on_a_full_disk)
    with pytest.raises(Problem) as refused:
        write_film(steps_film(), path, SMALL)
    assert "No space left on device" in str(refused.value)
    assert not path.exists()


def test_a_place_that_is_not_there_is_said(tmp_path):
    with pytest.raises(Problem) as refused:
        write_film(steps_film(), tmp_path / "nowhere" / "film.mp4", SMALL)
    assert refused.value.code == "cannot_save"


def test_without_an_encoder_one_sentence_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tmp_path / "none"))
    with pytest.raises(Problem) as refused:
        write_film(steps_film(), tmp_path / "film.mp4", SMALL)
    assert refused.value.code == "no_encoder"


def test_the_last_words_of_an_encoder_are_the_reason():
    assert (
        last_words("[out#0/mp4 @ 0x1] Error writing trailer: No space left on device\nmore\n")
        == "No space left on device"
    )
    assert last_words("") == "the encoder ended without a word"
    assert last_words("", signal.SIGXFSZ) == signal.strsignal(signal.SIGXFSZ)


def test_a_figure_needs_only_a_view():
    """So that anything that paints can be filmed."""

    class Clock:
        start, stop, card = 0.0, 1.0, MappingProxyType({})

        def at(self, seconds):
            return round(seconds, 3), Figure(PatternView(), "clock", f"{ease(seconds):.2f}", DARK, {})

    assert len(painted(Clock(), Path("film.gif"), SMALL)) == FRAMES


def test_steps_film_takes_what_the_window_knows():
    run = run_of("longformer")
    film = steps_film("pattern", "longformer")
    again = StepsFilm(film._scene, run.pattern(2), {})
    assert again.timeline == film.timeline
