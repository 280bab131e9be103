"""What is written when training has ended: the weights as they ship, and the card that tells all about them."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engines.training import probes
from engines.training.corpus import Source
from engines.training.run import Run

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch

POSITION_EDGES = (0, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096)
LONGEST = POSITION_EDGES[-1]


def shipped_weights(run: Run) -> dict[str, Tensor]:
    """The weights as they ship, in float16; every score on the card is theirs."""
    return {name: tensor.to("cpu", torch.float16).contiguous() for name, tensor in run.plain_weights().items()}


def licences_of(folder: Path, names: Sequence[str], otherwise: str) -> dict[str, str]:
    """Each source's licence: what LICENSE-name.txt beside it says, word for word, or ``otherwise``."""
    files = {name: folder / f"LICENSE-{name}.txt" for name in names}
    return {
        name: path.read_text(encoding="utf-8").strip() if path.exists() else otherwise for name, path in files.items()
    }


def card(run: Run, sources: Sequence[Source], licences: Mapping[str, str]) -> dict[str, Any]:
    """The model card: what it was trained on and how, what it measured at the end, and the licence of each source."""
    weights = {name: tensor.float() for name, tensor in shipped_weights(run).items()}
    model, progress = run.task.model(weights), run.progress
    window = model.shape.trained_length
    held_out = {
        source.name: round(probes.bits_per_byte(model, source.held_out, source.held_out_bytes, window), 4)
        for source in sources
        if source.held_out
    }
    by_language: dict[str, list[float]] = {}
    for source in sources:
        if source.name in held_out:
            by_language.setdefault(source.language, []).append(held_out[source.name])
    return {
        "trained_with": model.variant.name,
        "direction": "causal" if model.causal else "bidirectional",
        "shape": model.shape.as_dict(),
        "parameters": sum(tensor.numel() for tensor in weights.values()),
        "seed": run.task.seed,
        "steps": progress.step,
        "tokens": progress.tokens,
        "training_seconds": round(progress.seconds),
        "tokens_per_second": round(progress.tokens / max(progress.seconds, 1e-9)),
        "threads": torch.get_num_threads(),
        "held_out_bits_per_byte": held_out,
        "mean_bits_per_byte": {language: round(float(np.mean(v)), 4) for language, v in by_language.items()},
        "head_scores": asdict(probes.head_scores(model)),
        "data": [
            {"file": s.name, "language": s.language, "sha256": s.sha256, "licence": licences[s.name]} for s in sources
        ],
        "loss_curve": list(progress.log),
        "versions": {"torch": torch.version.__version__, "python": platform.python_version()},
    }


def loss_by_position(run: Run, sources: Sequence[Source]) -> dict[str, Any]:
    """Mean nats on held-out text between each two edges, for texts up to four times as long as those of training."""
    weights = {name: tensor.float() for name, tensor in shipped_weights(run).items()}
    model = run.task.model(weights)
    blocks = [block for source in sources for block in source.held_out if len(block) >= LONGEST]
    if not blocks:
        return {}
    found = probes.loss_by_position(model, blocks, LONGEST, POSITION_EDGES)
    return {"edges": list(POSITION_EDGES), "nats": [round(float(value), 4) for value in found]}


def stored_loss(run: Run, batch: np.ndarray) -> float:
    """Mean nats on a batch of ids that ships beside the weights, so that anybody can check that they are these."""
    weights = {name: tensor.float() for name, tensor in shipped_weights(run).items()}
    ids = torch.from_numpy(batch.astype(np.int64))
    with torch.no_grad():
        nats, _ = run.task.model(weights).losses(ids, torch.ones_like(ids, dtype=torch.bool))
    return round(float(nats.mean()), 5)


def held_out_batch(sources: Sequence[Source], length: int, each: int = 1) -> np.ndarray:
    """The beginnings of held-out blocks, ``each`` of a source, as ids [text, position], uint16."""
    rows = [block[:length] for source in sources for block in source.held_out[:each] if len(block) >= length]
    return np.stack(rows) if rows else np.zeros((0, length), dtype=np.uint16)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_whole(path: Path, content: bytes) -> None:
    """A file takes its place whole."""
    partial = path.with_suffix(".partial")
    partial.write_bytes(content)
    partial.replace(path)


def write_result(run: Run, model_card: Mapping[str, Any], folder: Path) -> None:
    """The weights and their card."""
    from safetensors.torch import save

    name = run.task.name
    write_whole(folder / f"{name}.safetensors", save(shipped_weights(run)))
    text = json.dumps(model_card, indent=1, ensure_ascii=False, allow_nan=False)
    write_whole(folder / f"{name}.json", text.encode())
