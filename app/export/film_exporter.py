"""Films in the export dialog: the frame at a moment as preview, frame by frame into the file."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.export.caption import caption_of
from app.export.exporters import Order, Preview, Room, fitted
from app.export.film import Film, Frames, planned, writing
from app.export.film_of_length import LONGEST_RUN, LadderFilm, follows_every_frame
from app.export.film_of_window import film_of_view, filmed_panes, shown_pane
from app.export.formats import FILMS, Format, Kind
from app.export.ladder_from_engine import AwaitedFilm, awaited_film, ladder_film
from app.export.moving_views import MOVING
from app.export.panes_view import lettered
from app.export.picture import view_told
from app.export.progress import Progress, Writing
from app.export.scene_view import film_theme
from app.export_film_form import FilmChoice, FilmForm
from app.views import step_views
from widgets.view_data import Theme

if TYPE_CHECKING:
    from app.controller import Controller
    from app.pane_run import PaneRun


SHARE_OF_RUNS = 0.5  # of the work, where every length has to be run


def tr(text: str) -> str:
    return QCoreApplication.translate("films", text)


@dataclass(frozen=True)
class FilmExporter:
    """A film of the view's steps, or of its growing length."""

    kind: Kind = "film"
    formats: tuple[Format, ...] = FILMS

    def options(self, controller: Controller) -> QWidget | None:
        names = [step.name for step in controller.timeline.steps]
        pane, lengths = shown_pane(controller.active), controller.playing.lengths
        grows = pane.view in {view.name for view in step_views()}
        at_once = all(follows_every_frame(shown_pane(made)) for made in controller.panes)
        longest = lengths.n_max if at_once else min(lengths.n_max, LONGEST_RUN)
        form = FilmForm(names, (lengths.n_min, longest), grows)
        if grows and pane.view not in MOVING:
            form.over.setCurrentIndex(1)  # what stands still while steps are played can still grow
        return form

    def preview(self, order: Order, room: Room, moment: int) -> Preview:
        form = order.options
        assert isinstance(form, FilmForm)
        film = film_of(order)[0]
        form.show_story(film.stop - film.start)
        options = form.choice().options
        plan = planned(film, Path("film").with_suffix(order.format.suffixes[0]), options)
        form.show_words("\n".join(plan.notes))
        frames = Frames(film, plan, options)
        frame = frames.frame(min(moment, plan.frames - 1)).copy()
        frame.setDevicePixelRatio(1.0)
        width, height = plan.size
        words = tr("{w} × {h} px · {frames} frames · {seconds} s").format(
            w=width, h=height, frames=f"{plan.frames:,}", seconds=f"{plan.frames / plan.fps:.4g}"
        )
        filmed = filmed_panes(order.controller, order.look.all_panes)
        captions = [caption_of(made.pane, made.scene().known, view_told(made), made.recorded) for made in filmed]
        told = lettered(captions) if len(captions) > 1 else captions[0]
        figure = film.at(film.start)[1]
        moments = 0 if isinstance(film, AwaitedFilm) else plan.frames
        return Preview(fitted(frame, room), words, told, figure, moments=moments)

    def write(self, order: Order, path: Path) -> Writing:
        film, choice = film_of(order)
        frames = planned(film, path, choice.options).frames  # or say why not, before anything is run
        before = 0.0
        if isinstance(film, AwaitedFilm):
            before = SHARE_OF_RUNS
            running = ladder_film(order.controller, *ladder_of(order, choice))
            film = yield from shared(running, before)
        for share in writing(film, path, choice.options):
            done = min(round(share * frames), frames)
            told = tr("frame {done} of {frames}").format(done=f"{done:,}", frames=f"{frames:,}")
            yield Progress(before + (1 - before) * share, told)
        return path


def film_of(order: Order) -> tuple[Film, FilmChoice]:
    """The film that the controls ask for, in the theme of the look."""
    form = order.options
    assert isinstance(form, FilmForm)
    choice = form.choice()
    filmed, theme, first, last = ladder_of(order, choice)
    if choice.over == "length" and not all(follows_every_frame(shown_pane(made)) for made in filmed):
        return awaited_film(order.controller, filmed, theme, first, last), choice
    together = order.look.all_panes
    return film_of_view(order.controller, choice.over, choice.first, choice.last, theme, together), choice


def ladder_of(order: Order, choice: FilmChoice) -> tuple[Sequence[PaneRun], Theme, int, int]:
    """What is filmed, in which theme, and the lengths, 0 where the film is of steps."""
    theme = film_theme(order.look.theme, order.controller.pane.variant)
    first, last = (int(choice.first), int(choice.last)) if choice.over == "length" else (0, 0)
    return filmed_panes(order.controller, order.look.all_panes), theme, first, last


def shared(running: Generator[Progress, None, LadderFilm], part: float) -> Generator[Progress, None, LadderFilm]:
    """The same work as a part 0…1 of a larger one."""
    try:
        while True:
            progress = next(running)
            yield replace(progress, share=part * progress.share)
    except StopIteration as end:
        film: LadderFilm = end.value
        return film
    finally:
        running.close()
