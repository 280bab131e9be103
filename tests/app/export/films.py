"""Films of runs on a short text, and what other programs read in their files: for the tests of films."""

import json
import subprocess

import imageio_ffmpeg
import numpy as np
from PIL import Image
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from app.export.film import FilmOptions, Frames, planned
from app.export.film_cards import KEY
from app.export.films_without_window import film_of_length, film_of_steps
from app.session import Pane
from app.theme import THEMES
from engines.weights import shipped_model
from tests.app.runs import run_of

DARK = THEMES["dark"]
SMALL = FilmOptions(size=(320, 240), fps=10, seconds=1.2, scale=0.5)
FRAMES = 12
REFORMER = {"chunk_length": 8, "rounds": 2}


def pane_of(variant, view, length=40, locked=20, **settings):
    return Pane(variant, {variant: settings}, length=length, layer=1, head=2, seed=3, view=view, locked=locked)


def steps_film(view="buckets", variant="reformer", first="", last="", **settings):
    settings = settings or (REFORMER if variant == "reformer" else {})
    run = run_of(variant, **settings)
    return film_of_steps(run, pane_of(variant, view, **settings), DARK, first, last)


def pixels(image):
    """[row, column, red green blue] of a QImage."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    return rows[:, : 3 * rgb.width()].reshape(rgb.height(), rgb.width(), 3).copy()


def painted(film, path, options):
    """What was given to the encoder."""
    plan = planned(film, path, options)
    frames = Frames(film, plan, options)
    return [pixels(frames.frame(index)) for index in range(plan.frames)]


def decoded(path):
    """(frames as [row, column, rgb], frames a second, card) as ffmpeg or Pillow reads the file.

    A picture that is shown as long as several frames of a tenth of a second counts as so many.
    """
    if path.suffix in (".mp4", ".webm"):
        reader = imageio_ffmpeg.read_frames(str(path))
        told = next(reader)
        width, height = told["size"]
        frames = [np.frombuffer(each, np.uint8).reshape(height, width, 3) for each in reader]
        return frames, told["fps"], card_by_ffmpeg(path)
    with Image.open(path) as image:
        shown, milliseconds = [], 0
        for index in range(getattr(image, "n_frames", 1)):
            image.seek(index)
            picture = np.asarray(image.convert("RGB"))
            lasts = image.info.get("duration", 0) or 100  # a still has no time
            milliseconds += lasts
            shown += [picture] * round(lasts / 100)
        image.seek(0)
        card = {
            ".gif": lambda: image.info["comment"],
            ".webp": lambda: between(image.info["xmp"].decode(), '<rdf:li xml:lang="x-default">', "</rdf:li>"),
            ".apng": lambda: image.text[KEY],
        }[path.suffix]()
    return shown, 1000 * len(shown) / milliseconds, json.loads(card)


def card_by_ffmpeg(path):
    program = imageio_ffmpeg.get_ffmpeg_exe()
    said = subprocess.run(
        [program, "-v", "error", "-i", path, "-f", "ffmetadata", "-"], capture_output=True, check=True
    )
    lines = said.stdout.decode().replace("\\\\", "\\").replace("\\=", "=").splitlines()
    return json.loads(next(line for line in lines if line.lower().startswith("comment=")).partition("=")[2])


def between(text, before, after):
    return text.partition(before)[2].partition(after)[0].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def on_screen(widget, size):
    """What a widget of the window shows."""
    widget.resize(*size)
    widget.ensurePolished()
    image = QImage(*size, QImage.Format.Format_RGB32)
    widget.render(image)
    return pixels(image)


def paint_onto(view, image):
    painter = QPainter(image)
    view.paint_onto(painter, QRectF(image.rect()))
    painter.end()


def length_film(view, variant, first, last, runs=None, **settings):
    run = run_of(variant, **settings)
    pane, spec = pane_of(variant, view, locked=-1, **settings), run.prepared.spec

    def run_at(each):
        if runs is not None:
            runs.append(each.length)
        return run_of(variant, each.length, **settings)

    return film_of_length([spec], [pane], DARK, [shipped_model()], run_at, first, last)
