"""Films: decoded again by other programs, and compared with what the window's widgets paint at the same moments."""

import errno
import json
import os
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from app import presenters
from app.centre import Centre
from app.export import film as films
from app.export.encoder import last_words
from app.export.film import FilmOptions, Frames, paint_frame, planned, write_film, writing
from app.export.film_cards import KEY
from app.export.film_formats import FORMATS
from app.export.film_of_length import LengthFilm, rungs
from app.export.film_of_steps import StepsFilm
from app.export.films_without_window import film_of_length, film_of_steps
from app.export.image import Figure
from app.export.replacing import replacing
from app.scene import Scene
from app.session import Pane
from app.theme import THEMES, apply
from app.timeline import ease
from engines.problems import Problem
from engines.weights import shipped_model
from tests.app.runs import model, run_of
from widgets.bucket_view import BucketView
from widgets.pattern_view import PatternView

DARK = THEMES["dark"]
SMALL = FilmOptions(size=(320, 240), fps=10, seconds=1.2, scale=0.5)
FRAMES = 12
REFORMER = {"chunk_length": 8, "rounds": 2}


@pytest.fixture(autouse=True)
def dressed(qapp):
    apply(qapp, DARK)


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


# The same pictures as the screen's ----------------------------------------------------------------------------------


def on_screen(widget, size):
    """What a widget of the window shows."""
    widget.resize(*size)
    widget.ensurePolished()
    image = QImage(*size, QImage.Format.Format_RGB32)
    widget.render(image)
    return pixels(image)


class Window:
    """The widgets that a centre drives, without a shell around them."""

    def __init__(self):
        self.pattern_view, self.bucket_view = PatternView(), BucketView(DARK)
        self.pattern_view.set_theme(DARK)

    def view_widgets(self):
        return self.pattern_view, self.bucket_view


@dataclass
class NoEngine:
    asked: list = field(default_factory=list)

    def ask(self, request):
        self.asked.append(request)


@pytest.mark.parametrize(
    ("view", "variant"), [("pattern", "longformer"), ("pattern", "sparse-transformer"), ("pattern", "reformer")]
)
def test_patterns_in_a_film_are_those_of_the_window_at_the_same_moments(view, variant):
    film = steps_film(view, variant)
    scene: Scene = film._scene
    window = Window()
    centre = Centre(window, NoEngine())
    centre.view = view
    centre.pattern = scene.known.traced.pattern or presenters.pattern_of(scene.pane, scene.known, scene.model)
    centre.caption = presenters.pattern_caption(scene.pane, centre.pattern)
    window.pattern_view.set_locked(20)
    for seconds in np.linspace(0, film.timeline.duration, 9):
        moment = film.timeline.at(seconds)
        centre.show_moment(replace(scene, moment=moment, story=seconds / film.timeline.duration))
        canvas = QImage(500, 400, QImage.Format.Format_RGB32)
        paint_onto(film.at(seconds)[1].view, canvas)
        assert np.array_equal(on_screen(window.pattern_view, (500, 400)), pixels(canvas))


def paint_onto(view, image):
    painter = QPainter(image)
    view.paint_onto(painter, QRectF(image.rect()))
    painter.end()


def test_buckets_in_a_film_are_those_of_the_window_at_the_same_moments():
    film = steps_film("buckets")
    scene = film._scene
    widget = BucketView(DARK)
    widget.set_data(presenters.buckets_data(scene.pane, scene.known, scene.known_tokens))
    widget.set_locked(20)
    for seconds in np.linspace(0, film.timeline.duration, 9):
        moment = film.timeline.at(seconds)
        widget.set_time(*presenters.bucket_stage(scene.known.steps, moment.step, moment.eased))
        film_view = film.at(seconds)[1].view
        assert film_view.playhead == widget.playhead
        both = [QImage(600, 460, QImage.Format.Format_RGB32) for _ in range(2)]
        for view, image in zip((film_view, widget), both, strict=True):
            paint_onto(view, image)
        assert np.array_equal(*map(pixels, both))


@pytest.mark.parametrize(
    ("view", "variant"),
    [("state", "linear-transformer"), ("segments", "transformer-xl"), ("fold", "sparse-transformer")],
)
def test_every_view_that_moves_can_be_filmed(tmp_path, view, variant):
    film, path = steps_film(view, variant), tmp_path / "film.apng"
    write_film(film, path, SMALL)
    shown = decoded(path)[0]
    assert (shown[0] != shown[-1]).any()
    for one, other in zip(shown, painted(film, path, SMALL), strict=True):
        assert np.array_equal(one, other)


def test_a_frame_that_looks_like_the_last_is_not_painted_again():
    """And the film is the same as if each were painted anew."""
    film, options = steps_film("pattern", "longformer"), replace(SMALL, seconds=4)
    plan = planned(film, Path("film.mp4"), options)
    one = Frames(film, plan, options)
    painted_keys = []
    for index in range(plan.frames):
        kept = pixels(one.frame(index))
        painted_keys.append(one._painted)
        assert np.array_equal(kept, pixels(Frames(film, plan, options).frame(index)))
    assert len(set(map(id, painted_keys))) < plan.frames


def test_nothing_but_the_story_moves():
    """Title, axes and words stay where they are through a whole film: only the plot changes, and the step's name."""
    film, options = steps_film("pattern", "full"), replace(SMALL, size=(640, 480), scale=1, seconds=2)
    asked = []

    class Asked:
        def paint_onto(self, painter, rect):
            asked.append(QRectF(rect))

    frames = painted(film, Path("film.mp4"), options)
    figure = film.at(0)[1]
    painter = QPainter(image := QImage(640, 480, QImage.Format.Format_RGB32))
    paint_frame(replace(figure, view=Asked()), painter, QRectF(image.rect()))
    painter.end()
    plot = figure.view.view._scene.laid_out(asked[0], 1.0).plot.toAlignedRect()
    still = np.ones((480, 640), bool)
    still[plot.top() : plot.bottom() + 1, plot.left() : plot.right() + 1] = False
    still[int(asked[0].bottom()) :] = False
    assert still.mean() > 0.4
    for frame in frames:
        assert np.array_equal(frame[still], frames[0][still])
    assert (frames[0] != frames[-1]).any()


def test_pictures_of_growing_length_stay_in_one_place():
    """The plot, its axes and the words below it lie where they lay, whatever the numbers on them are."""
    film = length_film("pattern", "longformer", 8, 4096)
    places = set()
    for seconds in np.linspace(0, film.stop, 12):
        view = film.at(seconds)[1].view.view
        layout = view._scene.laid_out(QRectF(0, 0, 900, 600), 1.0)
        places.add((layout.plot.getRect(), layout.below.getRect(), layout.gutter))
    assert len(places) == 1


# Ranges, sizes, times -----------------------------------------------------------------------------------------------


def test_a_range_of_steps_begins_and_ends_with_them():
    film = steps_film(first="hash", last="sort")
    steps = {step.name: step for step in film.timeline.steps}
    assert (film.start, film.stop) == (steps["hash"].start_seconds, steps["sort"].stop_seconds)
    assert "hash" in film.at(film.start)[1].caption
    assert "sort" in film.at(film.stop)[1].caption  # the very end belongs to it, done
    assert film.at(film.stop)[1].view.playhead.fraction == 1
    options = FilmOptions(fps=10, speed=2)
    assert planned(film, Path("f.mp4"), options).frames == round(10 * (film.stop - film.start) / 2)


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [("sort", "hash", "film_backwards"), ("hish", "", "unknown_step"), ("", "hish", "unknown_step")],
)
def test_ranges_that_cannot_be_are_refused(first, last, code):
    with pytest.raises(Problem) as refused:
        steps_film(first=first, last=last)
    assert refused.value.code == code
    assert str(refused.value)


def test_a_view_that_does_not_move_is_refused():
    with pytest.raises(Problem) as refused:
        steps_film("weights", "longformer")
    assert refused.value.code == "view_does_not_move"
    with pytest.raises(Problem) as refused:
        steps_film("buckets", "longformer")
    assert refused.value.code == "view_not_there"


@pytest.mark.parametrize(
    "values",
    [{"size": (8, 100)}, {"size": (100, 9000)}, {"fps": 0}, {"speed": 0}, {"seconds": float("nan")}, {"seconds": -1}],
)
def test_options_that_cannot_be_are_refused(values):
    with pytest.raises(Problem) as refused:
        FilmOptions(**values)
    assert str(refused.value)


@pytest.mark.parametrize(("seconds", "code"), [(0.1, "film_too_short"), (1e6, "film_too_long")])
def test_films_of_no_length_or_without_end_are_refused(tmp_path, seconds, code):
    with pytest.raises(Problem) as refused:
        write_film(steps_film(), tmp_path / "film.mp4", replace(SMALL, seconds=seconds))
    assert refused.value.code == code
    assert os.listdir(tmp_path) == []


def test_another_extension_is_refused(tmp_path):
    with pytest.raises(Problem) as refused:
        write_film(steps_film(), tmp_path / "film.avi", SMALL)
    assert refused.value.code == "unknown_film_format"


@pytest.mark.parametrize(("extension", "size"), [(".mp4", (162, 122)), (".webm", (162, 122)), (".gif", (161, 121))])
def test_odd_sizes_are_made_even_where_they_must_be_and_it_is_said(tmp_path, extension, size):
    path, options = tmp_path / f"film{extension}", replace(SMALL, size=(161, 121), seconds=0.5)
    plan = planned(steps_film(), path, options)
    assert plan.size == size
    assert bool(plan.notes) == (size != (161, 121))
    write_film(steps_film(), path, options)
    assert decoded(path)[0][0].shape == (size[1], size[0], 3)


def test_a_gif_is_held_to_what_players_show(tmp_path):
    plan = planned(steps_film(), tmp_path / "film.gif", replace(SMALL, fps=60))
    assert plan.fps == 50
    assert "50" in plan.notes[0]


# Growing length -----------------------------------------------------------------------------------------------------


def length_film(view, variant, first, last, runs=None, **settings):
    run = run_of(variant, **settings)
    pane, spec = pane_of(variant, view, locked=-1, **settings), run.prepared.spec

    def run_at(each):
        if runs is not None:
            runs.append(each.length)
        return run_of(variant, each.length, **settings)

    return film_of_length(spec, pane, DARK, shipped_model(), run_at, first, last)


def test_a_pattern_that_needs_no_data_follows_every_frame(tmp_path):
    runs = []
    film = length_film("pattern", "longformer", 8, 64, runs)
    options = replace(SMALL, seconds=2)
    path = write_film(film, tmp_path / "film.apng", options)
    plan = planned(film, path, options)
    lengths = [film.lengths.length_at(plan.seconds_at(index, film)) for index in range(plan.frames)]
    assert (lengths[0], lengths[-1]) == (8, 64)
    assert len(set(lengths)) > 15
    assert runs == []
    for index, length in enumerate(lengths):
        figure = film.at(plan.seconds_at(index, film))[1]
        assert figure.title.endswith(f"{length} tokens")
        pane = replace(film._scene.pane, length=length)
        pattern = presenters.pattern_of(pane, film._scene.known, model())
        widget = PatternView()
        widget.set_theme(DARK)
        caption = presenters.pattern_caption(pane, pattern)
        widget.set_data(presenters.pattern_data(pane, pattern, caption, film._scene.tokens, DARK))
        canvas = QImage(320, 300, QImage.Format.Format_RGB32)
        paint_onto(figure.view, canvas)
        assert np.array_equal(on_screen(widget, (320, 300)), pixels(canvas))


@pytest.mark.parametrize(
    ("view", "variant"), [("buckets", "reformer"), ("weights", "longformer"), ("pattern", "reformer")]
)
def test_what_depends_on_the_data_is_run_at_a_ladder_of_lengths_and_says_so(tmp_path, view, variant):
    runs = []
    film = length_film(view, variant, 8, 32, runs)
    path = write_film(film, tmp_path / "film.apng", SMALL)
    card = decoded(path)[2]
    assert card["run at"] == list(film.rungs) == [8, 10, 11, 13, 16, 19, 23, 27, 32]
    assert runs == sorted(set(runs))
    assert set(runs) <= set(film.rungs)
    assert runs[-1] == 32
    figure = film.at(film.lengths.seconds_of(17))[1]
    assert figure.title.endswith("16 tokens")  # what is named is what was run
    assert "9 lengths were run" in figure.caption


@pytest.mark.parametrize(("first", "last"), [(64, 64), (64, 8), (4, 64), (8, 2_000_000)])
def test_lengths_that_do_not_grow_or_cannot_be_are_refused(first, last):
    with pytest.raises(Problem) as refused:
        length_film("pattern", "longformer", first, last)
    assert refused.value.code in ("film_backwards", "bad_length")


def test_a_window_cannot_film_what_must_be_run():
    scene = Scene(0, pane_of("reformer", "pattern"), DARK, model())
    with pytest.raises(Problem) as refused:
        LengthFilm(scene, {}, 8, 64)
    assert "attnscope animate" in str(refused.value)


def test_a_ladder_has_both_ends_and_about_four_rungs_a_doubling():
    assert rungs(8, 9) == (8, 9)
    assert rungs(100, 1600)[::4] == (100, 200, 400, 800, 1600)


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
