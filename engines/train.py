"""Train the weights: ``python -m engines.train --text FOLDER``, or, with ``--variant``, train them on.

Without ``--variant`` it trains the host model from its first step. With ``--variant NAME …`` (or ``all``) it reads on
with each of these variants in place, from the weights that ship or from those in ``--base FOLDER``; where ``--size``
names one, from a host model of that size, which it trains first.

Interrupt it whenever you like: the next start with the same arguments goes on from the last checkpoint, to the result
that an uninterrupted run gives. Started once more after the end, it writes the weights and their cards anew.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from tokenizers import Tokenizer

from engines.training import card as cards
from engines.training.continuations import CONTINUATIONS, TOTAL_TOKENS, Continuation, ContinuedTask
from engines.training.corpus import Source, read_source, text_files, train_tokenizer
from engines.training.host import READING_LONG, SIZES, HostTask
from engines.training.run import Run, train
from engines.variant_model import blank_piece
from engines.weight_sets import TOKENIZER
from engines.weights import TENSORS, HostModel, load_model, shipped_model

HOST_TOKENS = 22e6
BATCH = "held_out_batch.safetensors"


@dataclass(frozen=True)
class Corpus:
    """Texts in pieces, and the licence of each."""

    sources: tuple[Source, ...]
    licences: Mapping[str, str]


def read_corpus(folder: Path, tokenizer: Tokenizer, longest: int, licence: str) -> Corpus:
    """All texts of a folder that are long enough to draw from; ValueError where none is."""
    files = text_files(folder)
    sources = [source for source in (read_source(path, tokenizer) for path in files) if len(source.train) > longest]
    if not sources:
        raise ValueError(f"expected a text of more than {longest} tokens in {folder}, found none; add longer texts")
    print(", ".join(f"{s.name} {len(s.train):,} {s.language}" for s in sources), flush=True)
    return Corpus(tuple(sources), cards.licences_of(folder, [source.name for source in sources], licence))


def load_or_train_tokenizer(path: Path, files: Sequence[Path], vocabulary: int) -> Tokenizer:
    if not path.exists():
        print("training the tokenizer", flush=True)
        train_tokenizer(files, vocabulary).save(str(path), pretty=False)
    return Tokenizer.from_file(str(path))


def train_host(options: argparse.Namespace) -> None:
    """The host model, from its first step; its tokenizer first."""
    shape = SIZES[options.size or "small"]
    tokenizer = load_or_train_tokenizer(options.work / TOKENIZER, text_files(options.text), shape.vocabulary)
    corpus = read_corpus(options.text, tokenizer, READING_LONG.length, options.licence)
    run = Run(options.work, HostTask(shape, int(options.tokens or HOST_TOKENS), options.seed, options.device))
    train(run, corpus.sources, options.every)
    found = cards.card(run, corpus.sources, corpus.licences)
    about = {"name": "Attnscope bilingual host model", "licence": "MIT", "positions": "rotary"}
    formed = {"induction_formed_at_tokens": run.progress.induction_tokens}
    cards.write_result(run, {**about, **found, **formed}, options.work)
    print(f"wrote {options.work / TENSORS}")


def train_on(options: argparse.Namespace, continuations: Sequence[Continuation]) -> None:
    """The host model's weights, read on with each variant in place."""
    base = load_model(options.base) if options.base else shipped_model()
    digest = tensors_digest(base)
    tasks = [
        ContinuedTask(each, base.to(options.device, "float32").weights, base.shape, digest, blank_piece(base.tokenizer),
                      int(options.tokens or TOTAL_TOKENS), options.seed)
        for each in continuations
    ]  # fmt: skip
    corpus = read_corpus(options.text, base.tokenizer, tasks[0].recipe_of_all.length, options.licence)
    batch = cards.held_out_batch(corpus.sources, tasks[0].recipe_of_all.length)
    cards.write_whole(options.work / BATCH, save({"ids": torch.from_numpy(batch.astype("int32"))}))
    base.tokenizer.save(str(options.work / TOKENIZER), pretty=False)
    for task in tasks:
        run = Run(options.work, task)
        train(run, corpus.sources, options.every)
        cards.write_result(run, continued_card(run, task, base, corpus, batch), options.work)
        print(f"wrote {options.work / task.name}.safetensors", flush=True)


def continued_card(run: Run, task: ContinuedTask, base: HostModel, corpus: Corpus, batch: Any) -> dict[str, Any]:
    continuation = task.continuation
    return {
        "name": f"Attnscope bilingual model with {task.variant.label}",
        "licence": "MIT",
        "variant_parameters": dict(continuation.parameters()),
        "defining_parameters": sorted(continuation.settings),
        "objective": continuation.objective,
        "continued_from": {"name": base.card.get("name", "a host model"), "tokens": base.card.get("tokens"),
                           "sha256": task.base},
        "layer_tensors": {name: list(tensor.shape) for name, tensor in run.weights.items() if name not in base.weights},
        **cards.card(run, corpus.sources, corpus.licences),
        "loss_by_position": cards.loss_by_position(run, corpus.sources),
        "stored_batch_nats": cards.stored_loss(run, batch) if len(batch) else None,
    }  # fmt: skip


def tensors_digest(model: HostModel) -> str:
    """What tells one set of weights from another."""
    import hashlib

    ordered = {name: tensor.contiguous() for name, tensor in sorted(model.weights.items())}
    return hashlib.sha256(save(ordered)).hexdigest()


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m engines.train", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--text", type=Path, required=True, help="folder of .txt files, UTF-8")
    parser.add_argument(
        "--licence", default="public domain", help="licence of those texts that have no LICENSE-NAME.txt beside them"
    )
    parser.add_argument("--work", type=Path, default=Path("training"), help="folder for checkpoints and the result")
    parser.add_argument(
        "--variant", nargs="+", metavar="NAME", help=f"train on with these in place: {', '.join(CONTINUATIONS)}, or all"
    )
    parser.add_argument("--base", type=Path, help="folder of the weights to train on from; default: those that ship")
    parser.add_argument("--size", choices=sorted(SIZES), help="of the host model; default: small")
    parser.add_argument("--tokens", type=float, help="how many tokens to read in all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="cpu", help="cpu, or cuda where there is one")
    parser.add_argument("--every", type=int, default=100, help="steps between checkpoints")
    options = parser.parse_args(argv)
    for name in options.variant or ():
        if name != "all" and name not in CONTINUATIONS:
            parser.error(f"there is no “{name}” to train on with; there are {', '.join(CONTINUATIONS)}, and all")
    return options


def main(argv: Sequence[str] | None = None) -> int:
    options = arguments(argv)
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    try:
        if options.variant:
            if options.size and options.base is None:
                train_host(options)
                options.base = options.work
            names = list(CONTINUATIONS) if "all" in options.variant else dict.fromkeys(options.variant)
            train_on(options, [CONTINUATIONS[name] for name in names])
        else:
            train_host(options)
    except (FileNotFoundError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
