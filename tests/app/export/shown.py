"""A window with finished runs in it, no engine needed."""

from app import presenters
from app.session import Pane, Text
from tests.app.runs import WORDS, known_of, model, run_of


def pane_with(variant, view="pattern", locked=-1, **settings):
    """The pane of a run of ``run_of``."""
    text = Text("typed", WORDS)
    return Pane(variant, {variant: settings}, text, length=40, layer=1, head=2, seed=3, view=view, locked=locked)


def give_run(made, variant, **settings):
    """What the engine would have told a pane."""
    made.timer.stop()
    made.model, made.run = model(), known_of(run_of(variant, **settings))
    made.tokens = presenters.token_texts(made.run, made.model)
    made.take_trace()
