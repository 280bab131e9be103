"""The engine process's loop: requests in, replies out.

A reader thread takes requests off the pipe, so that a newer run or a cancel is known at once, while the main thread
computes; it looks at that between blocks. A writer thread sends, because the pipe blocks once the window stops
reading. Measuring is a generator that is advanced one repeat at a time, so that slices are served in between.
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from multiprocessing.connection import Connection

from engines.finished_run import FinishedRun
from engines.live_readouts import LiveReadouts
from engines.machine import describe_machine, out_of_memory
from engines.measure import Point
from engines.messages import (
    AddVariant,
    Answer,
    Ask,
    Cancel,
    CompareOutputs,
    DropSlice,
    Failed,
    Forget,
    HeadStructure,
    Idle,
    Measured,
    OutputsCompared,
    Progress,
    Ready,
    Refused,
    Reply,
    Request,
    Run,
    RunSpec,
    Settings,
    StepArrays,
    TextSource,
    Tokenised,
    VariantAdded,
    WeightsSlice,
)
from engines.outside.loading import add_file, add_installed
from engines.problems import Problem
from engines.run import Prepared, Silently, checked, prepare, weights_of
from engines.step_arrays import sent_arrays
from engines.studies import study_named
from engines.study import Panel, Question
from engines.tokens import Tokens, tokenise
from engines.trace import Cancelled, Step, Trace
from engines.variants import variant_named
from engines.weight_sets import WeightSet, nothing_known
from engines.weights import HostModel, model_of

NONE = -1  # no run has this id
OfARun = WeightsSlice | StepArrays | HeadStructure | Ask | CompareOutputs


class Worker:
    def __init__(self, connection: Connection, installed: bool = True) -> None:
        self.connection, self.installed = connection, installed
        self.inbox: queue.SimpleQueue[Request] = queue.SimpleQueue()
        self.outbox: queue.SimpleQueue[Reply] = queue.SimpleQueue()
        self.latest: dict[int, int] = {}  # pane -> id of its newest run; another id is no longer wanted
        self.latest_slice: dict[tuple[int, str], int] = {}  # pane, purpose -> its newest weights request, which wins
        self.latest_question: dict[tuple[int, str], int] = {}  # pane, purpose -> its newest study
        self.finished: dict[int, tuple[int, FinishedRun]] = {}  # pane -> its last run, for slices
        self.models: dict[tuple[str, str, str, str], HostModel] = {}  # folder and name of weights, device, dtype
        self.told_folder = ""  # of the weights whose sizes and pieces the window knows
        self.tokens: tuple[tuple[TextSource, int, str], Tokens] | None = None  # of the last text that is no file
        self.settings = Settings()
        self.machine = describe_machine()
        self.readouts = LiveReadouts()
        # pane, what -> its measuring, a repeat at a time, or the study somebody looks at, an answer at a time
        self.background: dict[tuple[int, str], Iterator[None]] = {}

    def serve(self) -> None:
        threading.Thread(target=self.read, daemon=True).start()
        threading.Thread(target=self.write, daemon=True).start()
        try:
            model = self.model(nothing_known(), "cpu", "float32")
        except Problem as problem:
            self.outbox.put(Failed(0, problem))
            while True:  # stay, so that the window shows the sentence instead of starting the engine for ever
                self.inbox.get()
        added, problems = add_installed() if self.installed else ([], [])
        descriptions = tuple(variant.description for variant in added)
        self.outbox.put(Ready(self.machine, model.info(), descriptions, tuple(problems)))
        while True:
            self.turn()

    def turn(self) -> None:
        """Answer the next request, or, where there is none, go on measuring."""
        try:
            request = self.inbox.get(block=not self.background)
        except queue.Empty:
            self.advance(next(iter(self.background)))
            return
        if isinstance(request, Settings):
            self.settings = request
        elif isinstance(request, Cancel):
            self.background = {key: work for key, work in self.background.items() if key[0] != request.pane}
            self.outbox.put(Idle(request.id))
        elif isinstance(request, Forget):
            self.background = {key: work for key, work in self.background.items() if key[0] != request.pane}
            self.finished.pop(request.pane, None)
        elif isinstance(request, DropSlice):
            self.background.pop((request.pane, f"weights, {request.purpose}"), None)
        elif isinstance(request, AddVariant):
            self.add(request)
        else:
            self.answer(request)

    def add(self, request: AddVariant) -> None:
        """Run the file that somebody picked; that it begins is told, so that one that never ends can be given up."""
        self.outbox.put(Progress(request.id, "loading", 0.0))
        try:
            self.outbox.put(VariantAdded(request.id, add_file(request.path).description))
        except Exception as error:
            self.outbox.put(Failed(request.id, problem_of(error, None)))

    def advance(self, key: tuple[int, str]) -> None:
        """One more repeat or answer; then the next of those in the background has its turn."""
        work = self.background.pop(key)
        try:
            next(work)
        except (StopIteration, Cancelled):
            return
        self.background[key] = work

    def read(self) -> None:
        while True:
            try:
                request = self.connection.recv()
            except (EOFError, OSError):
                os._exit(0)  # the window is gone
            if isinstance(request, Run):
                self.latest[request.pane] = request.id
            elif isinstance(request, Cancel | Forget):
                self.latest[request.pane] = NONE
            elif isinstance(request, WeightsSlice):
                self.latest_slice[request.pane, request.purpose] = request.id
            elif isinstance(request, DropSlice):
                self.latest_slice[request.pane, request.purpose] = NONE
            elif isinstance(request, Ask):
                self.latest_question[request.pane, request.purpose] = request.id
            self.inbox.put(request)

    def write(self) -> None:
        while True:
            try:
                self.connection.send(self.outbox.get())
            except OSError:
                os._exit(0)

    def answer(self, request: Run | OfARun) -> None:
        """Do what was asked; whatever goes wrong becomes one sentence."""
        try:
            if isinstance(request, Run):
                if self.latest.get(request.pane) == request.id:
                    self.finished.pop(request.pane, None)
                    self.background[request.pane, "run"] = self.run(request)
                    self.advance((request.pane, "run"))
            elif isinstance(request, Ask):
                self.background[request.pane, request.purpose] = self.study(request)
                self.advance((request.pane, request.purpose))
            elif isinstance(request, CompareOutputs):
                self.compare(request)
            else:
                self.slice(request)
        except Cancelled:
            pass
        except Exception as error:
            self.outbox.put(Failed(request.id, problem_of(error, self.spec_of(request))))

    def study(self, request: Ask) -> Iterator[None]:
        """A study's answers, until the last, or until something else is asked."""
        try:
            yield from self.study_answers(request)
        except Cancelled:
            raise
        except Exception as error:
            self.outbox.put(Failed(request.id, problem_of(error, self.spec_of(request))))

    def study_answers(self, request: Ask) -> Iterator[None]:
        run_id, finished = self.finished.get(request.pane, (NONE, None))
        if finished is None or run_id != request.run_id:
            return
        check = partial(self.check_question, request)
        prepared = finished.prepared
        study = study_named(request.study, prepared.variant, prepared.mask.causal)
        panels: tuple[Panel, ...] = ()
        fused = partial(self.readouts.fused, prepared)
        for panels in study.answer(Question(finished, request.head, request.locked, check, fused)):
            check()
            self.outbox.put(Answer(request.id, request.study, panels, whole=False))
            yield
        self.outbox.put(Answer(request.id, request.study, panels, whole=True))

    def check_question(self, request: Ask) -> None:
        """Raise Cancelled where a newer question or a newer run has come in."""
        newer_run = self.latest.get(request.pane) not in (request.run_id, NONE)
        if newer_run or self.latest_question.get((request.pane, request.purpose)) != request.id:
            raise Cancelled

    def spec_of(self, request: Run | OfARun) -> RunSpec | None:
        if isinstance(request, Run):
            return request.spec
        _, finished = self.finished.get(request.pane, (NONE, None))
        return finished.prepared.spec if finished else None

    def model(self, weights: WeightSet, device: str, dtype: str) -> HostModel:
        """The model of these weights, kept once it was loaded."""
        name = weights.folder, weights.name
        if (*name, "cpu", "float32") not in self.models:
            self.models[*name, "cpu", "float32"] = model_of(weights)
        if (*name, device, dtype) not in self.models:
            self.models[*name, device, dtype] = self.models[*name, "cpu", "float32"].to(device, dtype)
        return self.models[*name, device, dtype]

    def run(self, request: Run) -> Iterator[None]:
        """Tokens, steps, then numbers; between two yields the worker may answer something else."""
        try:
            yield from self.run_steps(request)
        except Cancelled:
            raise
        except Exception as error:
            self.outbox.put(Failed(request.id, problem_of(error, request.spec)))

    def run_steps(self, request: Run) -> Iterator[None]:
        spec, send = request.spec, self.outbox.put
        cancelled = partial(self.no_longer_wanted, request)
        weights = weights_of(spec)
        model = self.model(weights, spec.device, spec.dtype)
        variant, parameters, _ = checked(spec, model.shape)
        tokens = self.tokens_of(spec, model, weights.folder, cancelled)
        news = None if weights.folder == self.told_folder else model.info()
        self.told_folder = weights.folder
        send(Tokenised(request.id, tokens.ids, tokens.text_tokens, tokens.cut, tokens.notes, news, model.digest))
        if not request.over_budget:
            problem = self.readouts.refusal(spec, variant, parameters, model, self.settings.budget)
            if problem:
                send(Refused(request.id, problem))
                return
        report = lambda fraction: send(Progress(request.id, "layers below", fraction))  # noqa: E731
        prepared = prepare(spec, model, cancelled, report, tokens)
        finished = FinishedRun(prepared, self.steps_of(prepared, request.id, cancelled))
        self.finished[request.pane] = request.id, finished
        send(finished.traced(request.id, spec.head))
        yield
        readouts = self.readouts.measure(prepared, lambda: self.settings, Silently(cancelled))
        for measured in readouts if request.measured else ():
            if cancelled():
                raise Cancelled
            send(replace(measured, id=request.id))
            yield
        send(Idle(request.id))

    def tokens_of(self, spec: RunSpec, model: HostModel, folder: str, cancelled: Callable[[], bool]) -> Tokens:
        """The run's tokens; those of the last text are kept, because a parameter changes more often than the text."""
        key = spec.text, spec.length, folder  # another folder's tokenizer cuts otherwise
        if self.tokens and self.tokens[0] == key:
            return self.tokens[1]
        tokens = tokenise(spec.text, spec.length, model.tokenizer, Trace(cancelled).check_cancelled)
        self.tokens = None if spec.text.path else (key, tokens)
        return tokens

    def steps_of(self, prepared: Prepared, run_id: int, cancelled: Callable[[], bool]) -> tuple[Step, ...]:
        """The steps of a run; where memory does not suffice, that is a measurement too."""
        try:
            return prepared.trace(cancelled)
        except Exception as error:
            if out_of_memory(error):
                point = Point("variant", prepared, self.machine.threads)
                self.outbox.put(Measured(run_id, point.measurement(None, None, "out of memory")))
            raise

    def no_longer_wanted(self, request: Run) -> bool:
        return self.latest.get(request.pane) != request.id

    def check_slice(self, request: WeightsSlice) -> None:
        """Raise Cancelled where a newer slice or a newer run has come in."""
        newer_run = self.latest.get(request.pane) not in (request.run_id, NONE)
        if newer_run or self.latest_slice.get((request.pane, request.purpose)) != request.id:
            raise Cancelled

    def weights(self, request: WeightsSlice, finished: FinishedRun) -> Iterator[None]:
        """Ever better cells; a failure becomes one sentence."""
        check = partial(self.check_slice, request)
        try:
            check()
            for reply in finished.refined_cells(request, check):
                if reply is not None:
                    self.outbox.put(reply)
                yield
        except Cancelled:
            raise
        except Exception as error:
            self.outbox.put(Failed(request.id, problem_of(error, finished.prepared.spec)))

    def compare(self, request: CompareOutputs) -> None:
        """How far two runs' outputs lie apart; nothing where either is no longer the pane's last."""
        run_id, own = self.finished.get(request.pane, (NONE, None))
        other_id, other = self.finished.get(request.other, (NONE, None))
        if own is not None and other is not None and (run_id, other_id) == (request.run_id, request.other_run_id):
            errors = own.output_errors(request.head, other, request.other_head)
            self.outbox.put(OutputsCompared(request.id, *errors))

    def slice(self, request: WeightsSlice | StepArrays | HeadStructure) -> None:
        run_id, finished = self.finished.get(request.pane, (NONE, None))
        if finished is None or run_id != request.run_id:
            return
        if isinstance(request, HeadStructure):
            self.outbox.put(finished.traced(run_id, request.head))
        elif isinstance(request, StepArrays):
            self.outbox.put(sent_arrays(finished, request))
        else:
            key = request.pane, f"weights, {request.purpose}"
            self.background[key] = self.weights(request, finished)
            self.advance(key)


def problem_of(error: Exception, spec: RunSpec | None) -> Problem:
    """An exception as a sentence for a person; ``spec`` is the run it happened in."""
    if isinstance(error, Problem):
        return error
    text = str(error)
    if spec and out_of_memory(error):
        return Problem("out_of_memory", label=variant_named(spec.variant).label, n=f"{spec.length:,}")
    if spec and "cuda" in text.lower():
        return Problem("device_missing", device=spec.device)
    return Problem("unexpected", reason=f"{type(error).__name__}: {text[:200]}")
