"""Films: a picture at many moments of the same timeline that the screen plays, encoded frame by frame.

``writing`` is a generator, so that a window can make a frame between two events; ``write_film`` runs it to its end.
Frames are painted by widgets, and so in the thread that Qt runs in.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from app.export.encoder import film_encoder, palette_encoder
from app.export.film_cards import KEY, card_text, put_card
from app.export.film_formats import Quality, even, format_of, with_extension
from app.export.image import Figure
from app.export.replacing import replacing
from app.theme import application_font
from engines.problems import Problem
from widgets.lettering import lettering

SMALLEST, LARGEST = 16, 8192  # pixels; H.264 goes no further
MOST_FRAMES = 36_000
PALETTE_FRAMES = 16  # of a GIF are looked at, spread over the film, to choose its colours
USUAL_SIZE = (1280, 720)  # at which type has the size that it has on the screen
SMALLEST_TYPE = 0.75
MARGIN, APART = 16.0, 8.0
TITLE, LINE = 26.0, 18.0


@dataclass(frozen=True)
class FilmOptions:
    """How a film is written. ``seconds`` 0 lasts as long as the story does on the screen, at ``speed``.

    ``quality`` is "small", "good" or "best"; ``scale`` how large type and lines are, 1 as on the screen, 0 as the size
    of the film asks.
    """

    size: tuple[int, int] = USUAL_SIZE
    fps: float = 30.0
    seconds: float = 0.0
    speed: float = 1.0
    quality: Quality = "good"
    scale: float = 0.0

    def __post_init__(self) -> None:
        for what, value, low, high in (
            ("width", self.size[0], SMALLEST, LARGEST),
            ("height", self.size[1], SMALLEST, LARGEST),
            ("frames per second", self.fps, 1, 120),
            ("speed", self.speed, 0.05, 20),
        ):
            if not low <= value <= high:
                raise Problem("bad_number", what=what, smallest=low, largest=high, value=value)
        if not (self.seconds >= 0 and math.isfinite(self.seconds)):
            raise Problem("film_too_short")


class Film(Protocol):
    """A story to be filmed: from ``start`` to ``stop`` seconds of its timeline."""

    @property
    def start(self) -> float: ...

    @property
    def stop(self) -> float: ...

    @property
    def card(self) -> Mapping[str, object]:
        """For the file: what anybody needs to make it again."""

    def at(self, seconds: float) -> tuple[object, Figure]:
        """The figure at a time of the timeline, and a key: equal keys, equal pictures."""


@dataclass(frozen=True)
class Plan:
    """What will be written: sizes and times as the format can hold them. ``notes`` say what had to be changed."""

    size: tuple[int, int]
    fps: float
    frames: int
    notes: tuple[str, ...]

    def seconds_at(self, index: int, film: Film) -> float:
        """The time of a frame on the film's timeline: the first is its start, the last its very end."""
        return film.start + (film.stop - film.start) * (index / (self.frames - 1))


def tr(text: str) -> str:
    return QCoreApplication.translate("films", text)


def planned(film: Film, path: Path, options: FilmOptions) -> Plan:
    """What the options come to for this film and format; a Problem where there is nothing to play, or too much."""
    form = format_of(path)
    lasts = options.seconds or (film.stop - film.start) / options.speed
    fps = min(options.fps, form.most_fps)
    frames = round(lasts * fps)
    if frames < 2:
        raise Problem("film_too_short")
    if frames > MOST_FRAMES:
        raise Problem("film_too_long", frames=f"{frames:,}", most=f"{MOST_FRAMES:,}")
    size = even(options.size) if form.even else options.size
    notes = []
    if size != options.size:
        (w, h), (x, y) = options.size, size
        told = tr("{w} × {h} was made {x} × {y}: {format} needs even sizes.")
        notes.append(told.format(w=w, h=h, x=x, y=y, format=form.label))
    if fps != options.fps:
        told = tr("{asked} frames a second were made {shown}: players show no more of a {format}.")
        notes.append(told.format(asked=f"{options.fps:g}", shown=f"{fps:g}", format=form.label))
    return Plan(size, fps, frames, tuple(notes))


class Frames:
    """Paints the frames of a film, each into the same image; one that looks like the last is not painted again."""

    def __init__(self, film: Film, plan: Plan, options: FilmOptions) -> None:
        self.film, self.plan = film, plan
        self.ratio = options.scale or max(SMALLEST_TYPE, min(a / b for a, b in zip(plan.size, USUAL_SIZE, strict=True)))
        self.image = QImage(*plan.size, QImage.Format.Format_RGB32)
        self.image.setDevicePixelRatio(self.ratio)
        self._painted: object = None

    def frame(self, index: int) -> QImage:
        """The frame, in the one image that the next call paints over."""
        key, figure = self.film.at(self.plan.seconds_at(index, self.film))
        if self._painted is None or key != self._painted:
            painter = QPainter(self.image)
            width, height = self.plan.size
            paint_frame(figure, painter, QRectF(0, 0, width / self.ratio, height / self.ratio))
            painter.end()
            self._painted = key
        return self.image


def paint_frame(figure: Figure, painter: QPainter, page: QRectF) -> None:
    """A line above the picture and, where there is a caption, one below: of one height, whatever stands in them, and
    with digits of one width."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.fillRect(page, QColor(figure.theme.background))
    inner = page.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
    font = application_font(figure.theme)
    lines = (
        (QRectF(inner.topLeft(), QSizeF(inner.width(), TITLE)), figure.title, 1.4, True, figure.theme.text),
        (
            QRectF(inner.left(), inner.bottom() - LINE, inner.width(), LINE),
            figure.caption,
            1.0,
            False,
            figure.theme.muted,
        ),
    )
    for place, words, larger, bold, colour in lines:
        painter.setFont(lettering(font, figure.theme.body_points * larger, bold))
        painter.setPen(QColor(colour))
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
    below = LINE + APART if figure.caption else 0
    figure.view.paint_onto(painter, inner.adjusted(0, TITLE + APART, 0, -below))


def writing(film: Film, path: Path, options: FilmOptions) -> Generator[float, None, None]:
    """Write the film, yielding the share 0…1 that is done after each frame; ``close`` gives up.

    However it ends before its end, an old file of that name stays whole. A Problem says why it could not be written.
    """
    path, form = with_extension(path), format_of(path)
    plan = planned(film, path, options)
    frames = Frames(film, plan, options)
    text = card_text(
        {**film.card, "fps": plan.fps, "frames": plan.frames, "size": plan.size, "quality": options.quality}
    )
    colours = form.palette[options.quality] if form.palette else 0
    looked_at = min(PALETTE_FRAMES, plan.frames) if colours else 0
    work = plan.frames + looked_at
    with replacing(path) as partial:
        table = partial.with_name(partial.name + ".palette") if colours else None
        try:
            if table:
                for number in choosing_colours(frames, table, looked_at, colours):
                    yield number / work
            tags = {"title": KEY, "comment": text}
            with film_encoder(partial, form, plan.size, plan.fps, options.quality, tags, table) as encoder:
                for index in range(plan.frames):
                    encoder.write(frames.frame(index))
                    yield (looked_at + index + 1) / work * 0.999  # the file is not whole yet
                encoder.finish()
            put_card(partial, form.muxer, text, plan.size)
        finally:
            if table:
                table.unlink(missing_ok=True)
    yield 1.0


def choosing_colours(frames: Frames, table: Path, count: int, colours: int) -> Iterator[int]:
    """Make the table of colours from some frames, yielding how many have been looked at."""
    last = frames.plan.frames - 1
    with palette_encoder(table, frames.plan.size, colours) as encoder:
        for number in range(count):
            encoder.write(frames.frame(round(last * number / max(count - 1, 1))))
            yield number + 1
        encoder.finish()


def no_report(share: float) -> None:
    """Tell nobody."""


def write_film(
    film: Film,
    path: Path,
    options: FilmOptions,
    report: Callable[[float], None] = no_report,
    cancelled: Callable[[], bool] = lambda: False,
) -> Path:
    """Write the film whole or not at all; the path that was written. ``cancelled`` is asked after each frame."""
    path = with_extension(path)
    steps = writing(film, path, options)
    try:
        for share in steps:
            report(share)
            if share < 1 and cancelled():
                raise Problem("film_cancelled", path=str(path))
    except KeyboardInterrupt:
        raise Problem("film_cancelled", path=str(path)) from None
    finally:
        steps.close()
    return path
