"""Finished runs of every variant on a short text, made once for all tests of what is drawn from them."""

from functools import cache

from app.run_state import RunState
from app.session import Pane
from engines.finished_run import FinishedRun
from engines.headless import finished
from engines.messages import ModelInfo, RunSpec, TextSource, Tokenised
from engines.variants import variant_named
from engines.weights import shipped_model

WORDS = "床前明月光，疑是地上霜。 It was the best of times, it was the worst of times — and so on it went."

SETTINGS = {
    "reformer": {"chunk_length": 8, "rounds": 2},
    "sparse-transformer": {"stride": 8},
    "transformer-xl": {"segment": 8, "memory": 8},
}
"""Small enough that a short text shows what a variant does, by variant."""


@cache
def run_of(variant: str, length: int = 40, causal: bool = True, **settings: object) -> FinishedRun:
    """A run at layer 1, head 2 (from 0), on two threads."""
    parameters = tuple(variant_named(variant).parameters(**settings).items())
    spec = RunSpec(variant, TextSource(text=WORDS), length, parameters, causal, layer=1, head=2, seed=3)
    return finished(spec, threads=2)


def known_of(run: FinishedRun) -> RunState:
    """The run as the window knows it."""
    spec, tokens = run.prepared.spec, run.prepared.tokens
    digest = run.prepared.model.digest if run.prepared.model else ""
    told = Tokenised(1, tokens.ids, tokens.text_tokens, tokens.cut, tokens.notes, weights=digest)
    return RunState(run_id=1, spec=spec, tokens=told, traced=run.traced(1, spec.head))


@cache
def model() -> ModelInfo:
    return shipped_model().info()


def pane_of(run: FinishedRun, **more: object) -> Pane:
    """The pane that asks for this run."""
    spec = run.prepared.spec
    settings = {spec.variant: dict(spec.parameters)}
    return Pane(
        spec.variant, settings, length=spec.length, causal=spec.causal, layer=spec.layer, head=spec.head, **more
    )
