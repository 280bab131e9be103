"""What painting adds to a film: 300 frames at 1280 × 720, against the encoder alone with the same frames ready.

    python -m benchmarks film [--quick]

Both write the same MP4 in turn: once frames are painted one by one as the encoder takes them, and once they were
painted before. Runs are on random inputs; pictures are those of the window, over the whole story of the steps or of the
length.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.export.encoder import film_encoder
from app.export.film import Film, FilmOptions, Frames, planned, write_film
from app.export.film_formats import format_of
from app.export.film_of_length import LengthFilm
from app.export.film_of_steps import StepsFilm
from app.run_state import RunState
from app.scene import Scene
from app.session import Pane
from app.theme import THEMES, apply
from benchmarks.interleaved import in_turn, median_ratio, stopwatch
from benchmarks.table import Measure, Table, at_most
from engines.finished_run import FinishedRun
from engines.measure import random_prepared
from engines.variant import Shape
from engines.variants import variant_named
from engines.weights import shipped_model

THEME = THEMES["dark"]
OPTIONS = FilmOptions(size=(1280, 720), fps=30, seconds=10)
LIMIT = 2.5
ABOUT = (
    "{frames} frames, 1280 × 720, H.264, quality good; median ratio of {repeats} interleaved pairs, both whole files"
)


def steps_film(variant: str, view: str, length: int, **settings: object) -> Film:
    """The steps of a run on random inputs."""
    chosen = dict(variant_named(variant).parameters(**settings))
    pane = Pane(variant, {variant: chosen}, length=length, view=view, locked=length // 3)
    shape = Shape(length, length, heads=1, head_width=64)
    run_ = random_prepared(variant_named(variant), pane.parameters(), shape)
    finished = FinishedRun(run_, run_.trace())
    known, tokens = RunState(1, run_.spec, traced=finished.traced(1, 0)), ["word"] * length
    scene = Scene(0, pane, THEME, shipped_model().info(), known, known, tokens, tokens, fresh=True)
    return StepsFilm(scene, finished.exact_pattern(0), {})


def length_film(variant: str, **settings: object) -> Film:
    """The pattern from 8 to 65,536 tokens, another length in nearly every frame."""
    pane = Pane(variant, {variant: dict(variant_named(variant).parameters(**settings))})
    return LengthFilm(Scene(0, pane, THEME, shipped_model().info(), tokens=["word"] * 65_536), {}, 8, 65_536)


def films() -> Iterator[tuple[str, Callable[[], Film]]]:
    """Every film that is measured."""
    yield "buckets, 64 tokens", lambda: steps_film("reformer", "buckets", 64, chunk_length=8, rounds=2)
    yield "buckets, 4,096 tokens", lambda: steps_film("reformer", "buckets", 4096)
    yield "pattern in parts, 4,096 tokens", lambda: steps_film("longformer", "pattern", 4096, window=256)
    yield "pattern in parts, 65,536 tokens", lambda: steps_film("sparse-transformer", "pattern", 65_536, stride=256)
    yield "pattern of buckets, 4,096 tokens", lambda: steps_film("reformer", "pattern", 4096)
    yield "pattern over growing length", lambda: length_film("longformer", window=256)


def measure(name: str, film: Film, options: FilmOptions, repeats: int, folder: Path) -> Measure:
    """A row: painted and encoded, over encoded alone."""
    path = folder / "film.mp4"
    plan, form = planned(film, path, options), format_of(path)
    frames = Frames(film, plan, options)
    ready = [QImage(frames.frame(index)).copy() for index in range(plan.frames)]

    def encode() -> None:
        with film_encoder(path, form, plan.size, plan.fps, options.quality, {}, None) as encoder:
            for image in ready:
                encoder.write(image)
            encoder.finish()

    seconds = in_turn(
        {
            "encoded": lambda: stopwatch(encode),
            "filmed": lambda: stopwatch(lambda: write_film(film, path, options)),
        },
        repeats,
    )
    return at_most(name, median_ratio(seconds["filmed"], seconds["encoded"]), LIMIT, " ×")


def table(quick: bool = False) -> Table:
    """Each film against the encoder alone."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    apply(application, THEME)
    options, repeats = (replace(OPTIONS, seconds=2), 2) if quick else (OPTIONS, 5)
    with tempfile.TemporaryDirectory() as folder:
        rows = tuple(measure(name, film(), options, repeats, Path(folder)) for name, film in films())
    about = ABOUT.format(frames=round(options.seconds * options.fps), repeats=repeats)
    return Table("A film, over its encoder alone", about, rows)
