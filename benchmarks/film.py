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
from app.export.film_of_panes import film_of_lengths, film_of_stories
from app.export.film_of_steps import StepsFilm
from app.run_state import RunState
from app.scene import Scene
from app.session import Pane
from app.theme import THEMES, apply, worn
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


def pane_of(variant: str, view: str, length: int, **settings: object) -> Pane:
    chosen = dict(variant_named(variant).parameters(**settings))
    return Pane(variant, {variant: chosen}, length=length, view=view, locked=length // 3)


def growing(variant: str, **settings: object) -> Pane:
    """A pattern whose length grows, no token locked."""
    return replace(pane_of(variant, "pattern", 64, **settings), locked=-1)


def steps_film(variant: str, view: str, length: int, **settings: object) -> StepsFilm:
    """The steps of a run on random inputs."""
    return film_of_pane(pane_of(variant, view, length, **settings))


def film_of_pane(pane: Pane) -> StepsFilm:
    variant, length = pane.variant, pane.length
    shape = Shape(length, length, heads=1, head_width=64)
    run_ = random_prepared(variant_named(variant), pane.parameters(), shape)
    finished = FinishedRun(run_, run_.trace())
    known, tokens = RunState(1, run_.spec, traced=finished.traced(1, 0)), ["word"] * length
    scene = Scene(0, pane, worn(THEME, variant), shipped_model().info(), known, known, tokens, tokens, fresh=True)
    return StepsFilm(scene, finished.exact_pattern(0), {})


def steps_film_of_panes(*panes: Pane) -> Film:
    """The steps of runs beside each other."""
    return film_of_stories(lambda place, pane, leads: film_of_pane(pane), panes, THEME)


def length_film_of_panes(*panes: Pane) -> Film:
    """The patterns beside each other, growing together."""
    return film_of_lengths([length_film(pane) for pane in panes], panes, THEME)


def length_film(pane: Pane) -> LengthFilm:
    """The pattern from 8 to 65,536 tokens, another length in nearly every frame."""
    theme = worn(THEME, pane.variant)
    return LengthFilm(Scene(0, pane, theme, shipped_model().info(), tokens=["word"] * 65_536), {}, 8, 65_536)


def two_of_buckets() -> Film:
    return steps_film_of_panes(
        *(pane_of("reformer", "buckets", 64, chunk_length=8, rounds=rounds) for rounds in (1, 2))
    )


def two_of_patterns() -> Film:
    longformer = pane_of("longformer", "pattern", 4096, window=256)
    return steps_film_of_panes(longformer, pane_of("reformer", "pattern", 4096))


def two_that_grow() -> Film:
    return length_film_of_panes(growing("longformer", window=256), growing("sparse-transformer", stride=256))


def films() -> Iterator[tuple[str, Callable[[], Film]]]:
    """Every film that is measured."""
    yield "buckets, 64 tokens", lambda: steps_film("reformer", "buckets", 64, chunk_length=8, rounds=2)
    yield "buckets, 4,096 tokens", lambda: steps_film("reformer", "buckets", 4096)
    yield "pattern in parts, 4,096 tokens", lambda: steps_film("longformer", "pattern", 4096, window=256)
    yield "pattern in parts, 65,536 tokens", lambda: steps_film("sparse-transformer", "pattern", 65_536, stride=256)
    yield "pattern of buckets, 4,096 tokens", lambda: steps_film("reformer", "pattern", 4096)
    yield "pattern over growing length", lambda: length_film(growing("longformer", window=256))
    yield "two panes, buckets, 64 tokens", two_of_buckets
    yield "two panes, patterns, 4,096 tokens", two_of_patterns
    yield "two panes over growing length", two_that_grow


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
