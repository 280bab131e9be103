"""attnscope animate: a film of a run's steps, or of growing length, without a screen."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.existing_files import add_force, check_free
from engines.problems import Problem

if TYPE_CHECKING:
    from app.export.film import Film
    from app.export.scene_of_run import AnyRun
    from app.session import Pane
    from app.stored_runs import StoredRuns
    from engines.messages import RunSpec

PROGRAM = "attnscope"


def add_animate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command and its options."""
    from app.cli import add_run_options
    from app.export.look import THEME_NAMES
    from app.session_options import add_session

    animate = commands.add_parser("animate", help="film a view: its steps, or growing length")
    add_session(animate, "its panes are filmed, as its present state or --scene has them")
    add_run_options(animate, several=True)
    animate.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="film.mp4, .webm, .gif, .webp or .apng; mp4 without"
    )
    animate.add_argument(
        "--view", default="pattern", metavar="NAME", help="pattern, buckets, …; what “attnscope variants” lists"
    )
    animate.add_argument("--over", choices=("steps", "length"), default="steps", help="what grows; default steps")
    animate.add_argument(
        "--from",
        default="",
        dest="first",
        metavar="STEP|TOKENS",
        help="the first step by name, default the variant’s first; or the first length, default 8",
    )
    animate.add_argument(
        "--to",
        default="",
        dest="last",
        metavar="STEP|TOKENS",
        help="the last step; or the last length, default 65536, and 4096 where each length has to be run",
    )
    animate.add_argument("--fps", type=float, default=30.0, metavar="N", help="frames a second, default 30")
    animate.add_argument("--size", type=size, default=(1280, 720), metavar="WxH", help="in pixels, default 1280x720")
    lasts = animate.add_mutually_exclusive_group()
    lasts.add_argument("--seconds", type=float, default=0.0, help="how long it lasts; default as on the screen")
    lasts.add_argument("--speed", type=float, default=1.0, metavar="TIMES", help="as on the screen times this")
    animate.add_argument("--quality", choices=("small", "good", "best"), default="good")
    animate.add_argument("--theme", choices=THEME_NAMES, default="dark")
    animate.add_argument("--token", type=int, default=-1, help="lock the token at this position; buckets lock the last")
    animate.add_argument("--log", action="store_true", help="logarithmic colours for weights")
    add_force(animate)
    animate.set_defaults(command=partial(animate_command, animate), variants=())


def animate_command(parser: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    """The film that the options name; its path, and in sentences what had to be changed."""
    from app.cli import check_token, progress_bar
    from app.session_options import check_options

    check_options(parser, options)
    if options.results is not None and options.over == "length":
        raise Problem("results_of_one_length")
    if options.over == "steps":
        check_token(options)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from app.export.film import FilmOptions, planned, write_film
    from app.export.film_formats import with_extension

    path = with_extension(options.out)
    check_free(path, options.force)
    how = FilmOptions(options.size, options.fps, options.seconds, options.speed, options.quality)
    film = film_of(options)
    for note in planned(film, path, how).notes:
        print(f"{PROGRAM}: {note}", file=sys.stderr)
    print(write_film(film, path, how, progress_bar("filming")))
    return 0


def film_of(options: argparse.Namespace) -> Film:
    """Run what must be run, and the film of it."""
    from app.export.films_without_window import film_of_length, film_of_steps_of_panes
    from app.export.headless import application
    from app.export.scene_view import film_theme
    from app.theme import application_font
    from engines.headless import finished, model_on
    from engines.run import weights_of

    if options.session is not None:
        panes, lead, stored = panes_of_session(options)
    else:
        panes, lead, stored = panes_of_options(options), 0, None
    specs = [replace(pane.spec(), head=pane.head) for pane in panes]
    theme = film_theme(options.theme, panes[lead].variant)
    application().setFont(application_font(theme))
    if options.over == "steps":
        runs = runs_of(panes, specs, stored, options.threads)
        return film_of_steps_of_panes(runs, panes, theme, lead, options.first, options.last)
    first, last = tokens_of("--from", options.first), tokens_of("--to", options.last)
    models = [model_on(spec.device, spec.dtype, weights_of(spec)) for spec in specs]
    return film_of_length(specs, panes, theme, models, lambda each: finished(each, options.threads), first, last)


def runs_of(
    panes: Sequence[Pane], specs: Sequence[RunSpec], stored: StoredRuns | None, threads: int
) -> Sequence[AnyRun]:
    """The panes' runs: recorded ones where those of all panes are there, else made now."""
    from app.export.recorded_run import recorded_runs
    from app.render_command import run_with_progress
    from app.session_options import tell_run_now

    if stored is not None:
        recorded = recorded_runs(stored, panes)
        if recorded is not None:
            return recorded
        tell_run_now("film")
    return [run_with_progress(spec, threads) for spec in specs]


def panes_of_options(options: argparse.Namespace) -> Sequence[Pane]:
    """What the window would show of the runs that are named."""
    from app.cli import spec_of, text_of
    from app.export.scene_of_run import pane_of
    from app.variant_options import options_of_each
    from engines.run import SHORTEST

    text = text_of(options)  # standard input is read once
    specs = [spec_of(one, text) for one in options_of_each(options)]
    shortest = options.length if options.over == "steps" else tokens_of("--from", options.first) or SHORTEST
    unlocked = shortest - 1 if options.view == "buckets" else -1  # a story of buckets is told of a token
    locked = options.token if options.token >= 0 else unlocked
    return [pane_of(spec, options.view, locked, options.log) for spec in specs]


def panes_of_session(options: argparse.Namespace) -> tuple[Sequence[Pane], int, StoredRuns | None]:
    """The panes of a session that are to be filmed; which of them leads: the one that is worked in; and the recorded
    runs, where they are asked for."""
    from app.session_options import chosen, opened, results_of

    found = opened(options.session)
    session, stored = found.session, results_of(options, found)
    scene = chosen("scene", options.scene, session.scenes)
    state = session.scenes[scene].state if options.scene else session
    pane = chosen("pane", options.pane, state.panes)
    return (state.panes[pane : pane + 1], 0, stored) if options.pane else (state.panes, state.active, stored)


def size(text: str) -> tuple[int, int]:
    """ "1280x720" as two numbers."""
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise argparse.ArgumentTypeError(f"expected WIDTHxHEIGHT, got {text}")
    return int(width), int(height)


def tokens_of(option: str, text: str) -> int:
    """A length as it was typed; 0 where nothing was."""
    if not text:
        return 0
    try:
        return int(text.replace(",", ""))
    except ValueError:
        raise Problem("bad_length", length=f"{text} ({option})") from None
