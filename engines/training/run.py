"""A training run that can be interrupted whenever one likes: the next one goes on to the very same result.

Everything a step depends on is in the checkpoint or follows from the seed and the number of the step.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from engines.training import probes
from engines.training.corpus import Recipe, Source, draw
from engines.variant_model import VariantModel

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch


@dataclass(frozen=True)
class Progress:
    """Where training stands; with the tensors of the checkpoint, all that the next step depends on."""

    step: int = 0
    tokens: int = 0
    induction_tokens: int | None = None
    seconds: float = 0.0
    smooth_nats: float | None = None  # the running mean of the loss
    log: tuple[dict[str, float], ...] = ()


class Task(Protocol):
    """What is trained, and how."""

    @property
    def name(self) -> str: ...

    @property
    def total_tokens(self) -> int: ...

    @property
    def seed(self) -> int: ...

    def identity(self) -> dict[str, Any]:
        """What a checkpoint must agree on."""

    def initial_weights(self) -> Mapping[str, Tensor]: ...

    def model(self, weights: Mapping[str, Tensor]) -> VariantModel: ...

    def recipe(self, progress: Progress) -> Recipe:
        """How the next batch is drawn."""

    def rate(self, progress: Progress) -> float:
        """The learning rate of the next step."""


INDUCTION_FOUND = 0.3


class Run:
    """One run in a folder: its weights, its optimiser and its progress."""

    def __init__(self, folder: Path, task: Task) -> None:
        self.folder, self.task = folder, task
        self.weights = {name: tensor.clone().requires_grad_() for name, tensor in task.initial_weights().items()}
        self.optimiser = torch.optim.AdamW(
            self.weights.values(), lr=1e-3, betas=(0.9, 0.98), weight_decay=0.05, fused=True
        )
        self.progress = Progress()
        self.checkpoint = folder / f"checkpoint-{task.name}-{task.seed}.pt"
        if self.checkpoint.exists():
            self.resume()

    def resume(self) -> None:
        saved = torch.load(self.checkpoint, weights_only=True)
        if saved["identity"] != self.task.identity():
            raise SystemExit(
                f"{self.checkpoint} was made with {saved['identity']}, but this run asks for {self.task.identity()}; "
                "give the same arguments, or another --work folder"
            )
        with torch.no_grad():
            for name, tensor in saved["weights"].items():
                self.weights[name].copy_(tensor)
        self.optimiser.load_state_dict(saved["optimiser"])
        self.progress = Progress(**{**saved["progress"], "log": tuple(saved["progress"]["log"])})

    def save(self) -> None:
        state = {
            "identity": self.task.identity(),
            "weights": self.plain_weights(),
            "optimiser": self.optimiser.state_dict(),
            "progress": {**asdict(self.progress), "log": list(self.progress.log)},
        }
        partial = self.checkpoint.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(self.checkpoint)

    @property
    def ended(self) -> bool:
        return self.progress.tokens >= self.task.total_tokens

    def train_step(self, sources: Sequence[Source]) -> None:
        """One step. The batch depends on the seed and the step alone, so a resumed run draws the same."""
        progress, task, started = self.progress, self.task, time.perf_counter()
        model, recipe = task.model(self.weights), task.recipe(progress)
        rng = np.random.default_rng((task.seed, progress.step))
        drawn = draw(sources, recipe, model.shape.vocabulary, rng)
        ids, learnable = (torch.from_numpy(each).to(model.weights["embedding"].device) for each in drawn)
        for group in self.optimiser.param_groups:
            group["lr"] = task.rate(progress)
        if model.causal:  # the first piece is given, and never asked for
            learnable = torch.nn.functional.pad(learnable, (1, 0))
        else:
            ids = ids[:, 1:]
        losses, _ = model.losses(ids, learnable, seed=progress.step)
        self.optimiser.zero_grad(set_to_none=True)
        losses.mean().backward()
        torch.nn.utils.clip_grad_norm_(self.weights.values(), 1.0)
        self.optimiser.step()
        self.progress = replace(
            progress,
            step=progress.step + 1,
            tokens=progress.tokens + recipe.sequences * recipe.length,
            seconds=progress.seconds + time.perf_counter() - started,
            smooth_nats=smoothed(progress.smooth_nats, float(losses.detach().mean())),
        )

    def probe(self) -> None:
        """Note the loss and the head scores, and whether induction has formed."""
        weights = {name: tensor.cpu() for name, tensor in self.plain_weights().items()}
        scores = probes.head_scores(self.task.model(weights), sequences=20)
        found = self.progress.induction_tokens
        if found is None and scores.best_induction > INDUCTION_FOUND:
            found = self.progress.tokens
        entry = {
            "step": self.progress.step,
            "tokens": self.progress.tokens,
            "loss_nats": round(self.progress.smooth_nats or 0.0, 4),
            "previous_token": round(scores.best_previous_token, 3),
            "induction": round(scores.best_induction, 3),
            "first_copy_nats": round(scores.first_copy_nats, 2),
            "second_copy_nats": round(scores.second_copy_nats, 2),
        }
        self.progress = replace(self.progress, induction_tokens=found, log=(*self.progress.log, entry))

    def plain_weights(self) -> dict[str, Tensor]:
        return {name: tensor.detach() for name, tensor in self.weights.items()}


def smoothed(mean: float | None, loss: float) -> float:
    """The running mean of the loss over about fifty steps."""
    return loss if mean is None else 0.98 * mean + 0.02 * loss


def train(run: Run, sources: Sequence[Source], every: int) -> None:
    """Train to the end, with a line of progress and a checkpoint every so many steps; where it has ended, nothing."""
    while not run.ended:
        run.train_step(sources)
        if run.progress.step % every == 0 or run.ended:
            run.probe()
            run.save()
            print_progress(run)


def print_progress(run: Run) -> None:
    progress, last = run.progress, run.progress.log[-1]
    speed = progress.tokens / progress.seconds
    left = (run.task.total_tokens - progress.tokens) / speed / 60
    print(
        f"{run.task.name}  {100 * progress.tokens / run.task.total_tokens:5.1f} %  step {progress.step:6d}  "
        f"loss {last['loss_nats']:.3f}  previous {last['previous_token']:.2f}  induction {last['induction']:.2f}  "
        f"copies {last['first_copy_nats']:.2f} -> {last['second_copy_nats']:.2f}  "
        f"{speed:,.0f} tokens/s  {left:.0f} min left",
        flush=True,
    )
