"""Results of a session: its finished runs in a file beside it, written and read when somebody asks for it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from app.documents import Opened, all_panes, embedded
from app.export.image import save_bytes
from app.session import Session, Text
from app.stored_file import LARGEST_BYTES, SUFFIX, file_of, read_runs
from app.stored_runs import StoredRun, StoredRuns
from engines.messages import RunSpec, TextSource
from engines.problems import Problem
from engines.variants import variant_named
from engines.weight_sets import digest_of as weights_digest
from engines.weight_sets import set_for

if TYPE_CHECKING:
    from app.controller import Controller


class Results:
    """Those of the window's session. Loaded ones are shown while the engine is not live, and say where they are from:
    what is measured here and now is never mixed with them."""

    def __init__(self, controller: Controller) -> None:
        self.controller = controller
        controller.stored.portable = portable_spec

    def save(self, session_path: Path) -> tuple[int, int]:
        """Write what is known of the session's panes beside its file; how many runs that is, and how many panes
        have none yet."""
        found, missing = self.known(self.controller.session)
        save_bytes(file_of(found), beside(session_path))
        return len(found), missing

    def known(self, session: Session) -> tuple[list[StoredRun], int]:
        """The stored runs of a session's panes and scenes, each once; and how many panes have none."""
        runs, missing = {}, 0
        for pane in all_panes(session):
            stored = self.controller.stored.find(pane.spec(), pane.head)
            if stored is None:
                missing += 1
            else:
                portable = portable_run(stored)
                runs[portable.key] = portable
        return list(runs.values()), missing

    def load(self, path: Path) -> int:
        """Show a file's runs where the engine is not live; how many there are. A Problem where it cannot be read."""
        return self.take(read_results(path))

    def offer_tour(self, name: str) -> None:
        """Those that ship with a tour are at hand, and read when the engine is not there."""
        self.controller.stored.later = partial(shipped, name)
        self.controller.use_stored()

    def take(self, runs: Sequence[StoredRun]) -> int:
        self.controller.stored.load(runs)
        self.controller.use_stored()
        return len(runs)


def read_results(path: Path) -> tuple[StoredRun, ...]:
    """The runs of a file; a Problem where it cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise Problem("cannot_read_file", path=str(path), reason=error.strerror or str(error)) from None
    if len(content) > LARGEST_BYTES:
        raise Problem("bad_results_file", path=path.name, reason=f"more than {LARGEST_BYTES // 1_000_000} MB")
    return read_runs(content, path.name)


def stored_results(path: Path, opened: Opened) -> StoredRuns:
    """A file's runs, to be found by the panes of an opened session; a Problem where it cannot be read."""
    stored = StoredRuns(portable=portable_spec)
    stored.unopened = frozenset(portable_spec(pane.spec()) for pane in opened.unopened)
    stored.load(read_results(path))
    return stored


def portable_spec(spec: RunSpec) -> RunSpec:
    """The request with digests in place of the words, of the path of a file that holds them, and of a folder of
    weights: a results file tells none of them, and a session that was saved finds its results wherever its text and
    its weights are then kept. A Problem where they cannot be read."""
    variant = variant_named(spec.variant)
    chosen = set_for(variant, variant.parameters(**dict(spec.parameters)), spec.causal, spec.weights)
    return named(spec, weights_digest(chosen) or spec.weights)


def portable_run(stored: StoredRun) -> StoredRun:
    """The run under its portable request; its weights are those that the engine had read, whatever lies there now."""
    spec, tokens = stored.key[0], stored.run.tokens
    assert tokens is not None
    return replace(stored, run=replace(stored.run, spec=named(spec, tokens.weights or spec.weights)))


def named(spec: RunSpec, weights: str) -> RunSpec:
    text = spec.text if spec.text.image else TextSource(text=digest_of(spec.text))
    return replace(spec, text=text, weights=weights)


def digest_of(source: TextSource) -> str:
    """Of the words that a run may read; a Problem where the file is gone."""
    words = embedded(Text("file", source.path)).value if source.path else source.text
    return f"sha256 {hashlib.sha256(words.encode('utf-8', errors='surrogatepass')).hexdigest()}"


def shipped(tour: str) -> tuple[StoredRun, ...]:
    """The runs that ship with a tour."""
    file = resources.files("resources").joinpath("tours", f"{tour}{SUFFIX}")
    return read_runs(file.read_bytes(), file.name)


def beside(session_path: Path) -> Path:
    """The results' file of a session's file."""
    return session_path.with_suffix(SUFFIX)
