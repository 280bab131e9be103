"""Load a model's weights: its tensors, checked against its card, and its tokenizer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tokenizers import Tokenizer

from engines.host_model import ModelShape, Weights
from engines.messages import ModelInfo
from engines.problems import Problem
from engines.tokens import readable_pieces
from engines.weight_sets import HOST, TOKENIZER, WeightSet, digest_of
from engines.words import english

if TYPE_CHECKING:
    import torch
else:
    from engines.lazy_torch import torch

TENSORS, CARD = f"{HOST}.safetensors", f"{HOST}.json"


@dataclass(frozen=True)
class HostModel:
    """Weights with all that is known of them; ``digest`` names those of somebody's own."""

    weights: Weights
    shape: ModelShape
    tokenizer: Tokenizer
    card: dict[str, Any]
    name: str = HOST
    digest: str = ""

    def to(self, device: str, dtype: str) -> HostModel:
        """The same model with its tensors elsewhere."""
        moved = {name: tensor.to(device=device, dtype=getattr(torch, dtype)) for name, tensor in self.weights.items()}
        return replace(self, weights=moved)

    def info(self) -> ModelInfo:
        return ModelInfo(
            layers=self.shape.layers,
            heads=self.shape.heads,
            head_width=self.shape.head_width,
            pieces=readable_pieces(self.tokenizer),
        )


def shipped_model(name: str = HOST) -> HostModel:
    """One of the models that ship with the project."""
    with as_file(files("resources") / "weights") as folder:
        return load_model(folder, name)


def model_of(weights: WeightSet) -> HostModel:
    """The model of some weights, wherever they lie."""
    if not weights.folder:
        return shipped_model(weights.name)
    return replace(load_model(Path(weights.folder), weights.name), digest=digest_of(weights))


def load_model(folder: Path, name: str = HOST) -> HostModel:
    """A model from a folder of three files; a Problem where one is missing, damaged or of the wrong shape."""
    card, shape = load_card(folder / f"{name}.json")
    tokenizer = load_tokenizer(folder / TOKENIZER, shape)
    tensors = load_tensors(folder / f"{name}.safetensors", expected_tensors(card, shape))
    return HostModel(tensors, shape, tokenizer, card, name)


def expected_tensors(card: Mapping[str, Any], shape: ModelShape) -> dict[str, tuple[int, ...]]:
    """What a file must hold: the host model's tensors, and those that its card says a variant needs besides."""
    return {**shape.parameter_shapes(), **{name: tuple(size) for name, size in card.get("layer_tensors", {}).items()}}


def load_card(path: Path) -> tuple[dict[str, Any], ModelShape]:
    """The model card, with at least what the window says of a model, and the sizes it names."""
    raw = read_file(path)
    try:
        card = json.loads(raw)
        shape = ModelShape(**card["shape"])
        missing = {"trained_with", "direction"} - set(card)
        if missing or not all(isinstance(size, int) and size > 0 for size in shape.as_dict().values()):
            raise ValueError(f"{', '.join(sorted(missing)) or 'a size'} is missing")
    except (ValueError, TypeError, KeyError) as error:
        raise Problem("weights_damaged", path=str(path), reason=str(error)) from None
    return card, shape


def load_tokenizer(path: Path, shape: ModelShape) -> Tokenizer:
    """The tokenizer, none of whose pieces lies beyond the model's embedding."""
    raw = read_file(path)
    try:
        tokenizer = Tokenizer.from_str(raw.decode())
    except Exception as error:  # what the library raises has no type of its own
        raise Problem("weights_damaged", path=str(path), reason=str(error)) from None
    size = tokenizer.get_vocab_size()
    if size > shape.vocabulary:
        raise Problem(
            "weights_wrong_shape",
            path=str(path),
            name=english("the vocabulary"),
            expected=shape.vocabulary,
            arrived=size,
        )
    return tokenizer


def read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Problem("weights_unreadable", path=str(path), reason=error.strerror or str(error)) from None


def load_tensors(path: Path, expected: Mapping[str, tuple[int, ...]]) -> Weights:
    """The tensors in float32, each of the shape that is expected."""
    from safetensors import SafetensorError
    from safetensors.torch import load

    try:
        tensors = load(read_file(path))
    except SafetensorError as error:
        raise Problem("weights_damaged", path=str(path), reason=str(error)) from None
    for name, size in expected.items():
        if name not in tensors or tuple(tensors[name].shape) != size:
            arrived = tuple(tensors[name].shape) if name in tensors else "nothing"
            raise Problem("weights_wrong_shape", path=str(path), name=name, expected=size, arrived=arrived)
    return {name: tensors[name].float() for name in expected}
