"""Train the host model on a folder of texts: ``python -m engines.train --text FOLDER``.

Interrupt it whenever you like: the next start with the same arguments goes on from the last checkpoint, to the result
that an uninterrupted run gives. Started once more after the end, it writes the weights and their card anew. The recipe
was found by trial: short sequences rich in repetition until induction heads form (they form suddenly), then longer ones
of mostly plain text; see docs/training.md.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save
from tokenizers import Tokenizer
from torch import Tensor

from engines import host_model, probes
from engines.corpus import Recipe, Source, draw, read_source, text_files, train_tokenizer
from engines.host_model import ModelShape

COPYING = Recipe(sequences=16, length=96, repeated=0.35, copied=0.35)
READING = Recipe(sequences=12, length=256, repeated=0.08, copied=0.04)
READING_LONG = Recipe(sequences=6, length=512, repeated=0.08, copied=0.04)
INDUCTION_FOUND = 0.3
SIZES = {
    "small": ModelShape(layers=4, heads=4, width=128, feed_forward=512, vocabulary=4096, trained_length=512),
    "tiny": ModelShape(layers=2, heads=2, width=64, feed_forward=256, vocabulary=2048, trained_length=512),
}
PEAK_RATE, WARM_UP_STEPS, LAST_RATE = 3e-3, 100, 0.02


@dataclass(frozen=True)
class Progress:
    """Where training stands; with the tensors of the checkpoint, all that the next step depends on."""

    step: int = 0
    tokens: int = 0
    induction_tokens: int | None = None
    seconds: float = 0.0
    smooth_nats: float | None = None  # the running mean of the loss
    log: tuple[dict[str, float], ...] = ()


def learning_rate(step: int, done: float) -> float:
    """Warm up, stay until half of the tokens are read, then fall linearly to 2 %. ``done`` in 0…1."""
    rate = PEAK_RATE * min(1.0, (step + 1) / WARM_UP_STEPS)
    return rate if done < 0.5 else rate * (1 - (1 - LAST_RATE) * (done - 0.5) * 2)


def smoothed(mean: float | None, loss: float) -> float:
    """The running mean of the loss over about fifty steps."""
    return loss if mean is None else 0.98 * mean + 0.02 * loss


def recipe_at(progress: Progress, total_tokens: int) -> Recipe:
    """Copying until induction is found, then reading; the last quarter at full length."""
    if progress.induction_tokens is None:
        return COPYING
    return READING if progress.tokens < 0.75 * total_tokens else READING_LONG


class Run:
    """One training run in a folder: its model, its optimiser and its progress."""

    def __init__(self, folder: Path, shape: ModelShape, total_tokens: int, seed: int) -> None:
        self.folder, self.shape, self.total_tokens, self.seed = folder, shape, total_tokens, seed
        generator = torch.Generator().manual_seed(seed)
        self.weights = {
            name: tensor.requires_grad_() for name, tensor in host_model.initial_weights(shape, generator).items()
        }
        self.optimiser = torch.optim.AdamW(
            self.weights.values(), lr=PEAK_RATE, betas=(0.9, 0.98), weight_decay=0.05, fused=True
        )
        self.progress = Progress()
        self.checkpoint = folder / f"checkpoint-{seed}.pt"
        if self.checkpoint.exists():
            self.resume()

    def identity(self) -> dict[str, Any]:
        return {"shape": self.shape.as_dict(), "total_tokens": self.total_tokens, "seed": self.seed}

    def resume(self) -> None:
        saved = torch.load(self.checkpoint, weights_only=True)
        if saved["identity"] != self.identity():
            raise SystemExit(
                f"{self.checkpoint} was made with {saved['identity']}, but this run asks for {self.identity()}; "
                "give the same arguments, or another --work folder"
            )
        with torch.no_grad():
            for name, tensor in saved["weights"].items():
                self.weights[name].copy_(tensor)
        self.optimiser.load_state_dict(saved["optimiser"])
        self.progress = Progress(**{**saved["progress"], "log": tuple(saved["progress"]["log"])})

    def save(self) -> None:
        state = {
            "identity": self.identity(),
            "weights": {name: tensor.detach() for name, tensor in self.weights.items()},
            "optimiser": self.optimiser.state_dict(),
            "progress": {**asdict(self.progress), "log": list(self.progress.log)},
        }
        partial = self.checkpoint.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(self.checkpoint)

    def train_step(self, sources: Sequence[Source]) -> None:
        """One step. The batch depends on the seed and the step alone, so a resumed run draws the same."""
        progress, started = self.progress, time.perf_counter()
        recipe = recipe_at(progress, self.total_tokens)
        rng = np.random.default_rng((self.seed, progress.step))
        ids, learnable = (torch.from_numpy(a) for a in draw(sources, recipe, self.shape.vocabulary, rng))
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate(progress.step, progress.tokens / self.total_tokens)
        hidden = host_model.forward(self.weights, self.shape, ids[:, :-1], probes.causal)
        targets = ids[:, 1:][learnable]
        loss = torch.nn.functional.cross_entropy(host_model.logits(self.weights, hidden[learnable]), targets)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.weights.values(), 1.0)
        self.optimiser.step()
        self.progress = replace(
            progress,
            step=progress.step + 1,
            tokens=progress.tokens + recipe.sequences * recipe.length,
            seconds=progress.seconds + time.perf_counter() - started,
            smooth_nats=smoothed(progress.smooth_nats, float(loss.detach())),
        )

    def probe(self) -> None:
        """Note the loss and the head scores, and whether induction has formed."""
        scores = probes.head_scores(self.plain_weights(), self.shape, sequences=20)
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


def train(run: Run, sources: Sequence[Source], every: int) -> None:
    """Train to the end, with a line of progress and a checkpoint every so many steps; where it has ended, nothing."""
    while run.progress.tokens < run.total_tokens:
        run.train_step(sources)
        if run.progress.step % every == 0 or run.progress.tokens >= run.total_tokens:
            run.probe()
            run.save()
            print_progress(run)


def print_progress(run: Run) -> None:
    progress, last = run.progress, run.progress.log[-1]
    speed = progress.tokens / progress.seconds
    left = (run.total_tokens - progress.tokens) / speed / 60
    print(
        f"{100 * progress.tokens / run.total_tokens:5.1f} %  step {progress.step:6d}  loss {last['loss_nats']:.3f}  "
        f"previous {last['previous_token']:.2f}  induction {last['induction']:.2f}  "
        f"copies {last['first_copy_nats']:.2f} -> {last['second_copy_nats']:.2f}  "
        f"{speed:,.0f} tokens/s  {left:.0f} min left",
        flush=True,
    )


def shipped_weights(run: Run) -> dict[str, Tensor]:
    """The weights as they ship, in float16; every score on the card is theirs."""
    return {name: tensor.to(torch.float16).contiguous() for name, tensor in run.plain_weights().items()}


def licences_of(folder: Path, names: Sequence[str], otherwise: str) -> dict[str, str]:
    """Each source's licence: what LICENSE-name.txt beside it says, word for word, or ``otherwise``."""
    files = {name: folder / f"LICENSE-{name}.txt" for name in names}
    return {
        name: path.read_text(encoding="utf-8").strip() if path.exists() else otherwise for name, path in files.items()
    }


def card(run: Run, sources: Sequence[Source], licences: Mapping[str, str]) -> dict[str, Any]:
    """The model card: what it was trained on and how, what it measured at the end, and the licence of each source."""
    weights = {name: tensor.float() for name, tensor in shipped_weights(run).items()}
    held_out = {
        source.name: round(probes.bits_per_byte(weights, run.shape, source.held_out, source.held_out_bytes), 4)
        for source in sources
        if source.held_out
    }
    by_language: dict[str, list[float]] = {}
    for source in sources:
        if source.name in held_out:
            by_language.setdefault(source.language, []).append(held_out[source.name])
    return {
        "name": "Attnscope bilingual host model",
        "licence": "MIT",
        "trained_with": "full",
        "direction": "causal",
        "shape": run.shape.as_dict(),
        "positions": "rotary",
        "parameters": sum(tensor.numel() for tensor in weights.values()),
        "seed": run.seed,
        "steps": run.progress.step,
        "tokens": run.progress.tokens,
        "induction_formed_at_tokens": run.progress.induction_tokens,
        "training_seconds": round(run.progress.seconds),
        "held_out_bits_per_byte": held_out,
        "mean_bits_per_byte": {language: round(float(np.mean(v)), 4) for language, v in by_language.items()},
        "head_scores": asdict(probes.head_scores(weights, run.shape)),
        "data": [
            {"file": s.name, "language": s.language, "sha256": s.sha256, "licence": licences[s.name]} for s in sources
        ],
        "loss_curve": list(run.progress.log),
        "versions": {"torch": torch.__version__, "python": platform.python_version()},
    }


def load_or_train_tokenizer(path: Path, files: Sequence[Path], vocabulary: int) -> Tokenizer:
    if not path.exists():
        print("training the tokenizer", flush=True)
        train_tokenizer(files, vocabulary).save(str(path), pretty=False)
    return Tokenizer.from_file(str(path))


def read_sources(folder: Path, tokenizer_path: Path, vocabulary: int) -> list[Source]:
    """All texts of a folder that are long enough to draw from; ValueError where none is."""
    files = text_files(folder)
    tokenizer = load_or_train_tokenizer(tokenizer_path, files, vocabulary)
    longest = READING_LONG.length
    sources = [source for source in (read_source(path, tokenizer) for path in files) if len(source.train) > longest]
    if not sources:
        raise ValueError(f"expected a text of more than {longest} tokens in {folder}, found none; add longer texts")
    print(", ".join(f"{s.name} {len(s.train):,} {s.language}" for s in sources), flush=True)
    return sources


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m engines.train", description=__doc__)
    parser.add_argument("--text", type=Path, required=True, help="folder of .txt files, UTF-8")
    parser.add_argument(
        "--licence", default="public domain", help="licence of those texts that have no LICENSE-NAME.txt beside them"
    )
    parser.add_argument("--work", type=Path, default=Path("training"), help="folder for checkpoints and the result")
    parser.add_argument("--size", choices=sorted(SIZES), default="small")
    parser.add_argument("--tokens", type=float, default=22e6, help="how many tokens to read in all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--every", type=int, default=200, help="steps between checkpoints")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    options = arguments(argv)
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    shape = SIZES[options.size]
    try:
        sources = read_sources(options.text, options.work / "tokenizer.json", shape.vocabulary)
    except (FileNotFoundError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    run = Run(options.work, shape, int(options.tokens), options.seed)
    train(run, sources, options.every)
    licences = licences_of(options.text, [source.name for source in sources], options.licence)
    write_result(run, card(run, sources, licences))
    print(f"wrote {options.work / 'host_model.safetensors'}")
    return 0


def write_result(run: Run, model_card: Mapping[str, Any]) -> None:
    """The weights and their card, beside the tokenizer; each takes its place whole."""
    partial = run.folder / "host_model.partial"
    partial.write_bytes(save(shipped_weights(run)))
    partial.replace(run.folder / "host_model.safetensors")
    partial.write_text(json.dumps(model_card, indent=1, ensure_ascii=False, allow_nan=False), encoding="utf-8")
    partial.replace(run.folder / "host_model.json")


if __name__ == "__main__":
    sys.exit(main())
