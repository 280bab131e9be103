"""Films in the export dialog: the frame at a moment as preview, frame by frame into the file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.export.caption import caption_of
from app.export.exporters import Order, Preview, Room, fitted
from app.export.film import Film, Frames, planned, writing
from app.export.film_of_length import follows_every_frame
from app.export.film_of_window import film_of_view
from app.export.formats import FILMS, Format, Kind
from app.export.progress import Progress, Writing
from app.export.scene_view import film_theme
from app.export_film_form import FilmChoice, FilmForm

if TYPE_CHECKING:
    from app.controller import Controller


def tr(text: str) -> str:
    return QCoreApplication.translate("films", text)


@dataclass(frozen=True)
class FilmExporter:
    """A film of the view's steps, or of its growing length."""

    kind: Kind = "film"
    formats: tuple[Format, ...] = FILMS

    def options(self, controller: Controller) -> QWidget | None:
        names = [step.name for step in controller.timeline.steps]
        lengths = controller.lengths.n_min, controller.lengths.n_max
        return FilmForm(names, lengths, follows_every_frame(controller.pane))

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
        told = caption_of(order.controller.pane, order.controller.run, order.controller.centre.view)
        figure = film.at(film.start)[1]
        return Preview(fitted(frame, room), words, told, figure, moments=plan.frames)

    def write(self, order: Order, path: Path) -> Writing:
        film, choice = film_of(order)
        frames = planned(film, path, choice.options).frames
        for share in writing(film, path, choice.options):
            done = min(round(share * frames), frames)
            yield Progress(share, tr("frame {done} of {frames}").format(done=f"{done:,}", frames=f"{frames:,}"))
        return path


def film_of(order: Order) -> tuple[Film, FilmChoice]:
    """The film that the controls ask for, in the theme of the look."""
    form = order.options
    assert isinstance(form, FilmForm)
    choice = form.choice()
    theme = film_theme(order.look.theme, order.controller.pane.variant)
    return film_of_view(order.controller, choice.over, choice.first, choice.last, theme), choice
