"""The small language model whose hidden states feed every variant: tokens -> hidden states -> q, k, v.

A pre-norm decoder without biases: x <- x + Attention(Norm(x)); x <- x + FeedForward(Norm(x)); tied embeddings; rotary
positions on q and k. Plain functions over a mapping of tensors, so that training, the engine and a notebook run the
same lines.

Sources: Vaswani et al. 2017 (the decoder), Xiong et al. 2020 (pre-norm), Su et al. 2021 (rotary positions).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch

ROTARY_BASE = 10_000.0


@dataclass(frozen=True)
class ModelShape:
    """Sizes of a host model. ``trained_length`` is the longest sequence, in tokens, it saw in training."""

    layers: int
    heads: int
    width: int
    feed_forward: int
    vocabulary: int
    trained_length: int

    @property
    def head_width(self) -> int:
        return self.width // self.heads

    def as_dict(self) -> dict[str, int]:
        return asdict(self)

    def parameter_shapes(self) -> dict[str, tuple[int, ...]]:
        """Name -> shape of every tensor the model needs; loading checks a file against it."""
        d, f = self.width, self.feed_forward
        shapes: dict[str, tuple[int, ...]] = {"embedding": (self.vocabulary, d), "final_norm": (d,)}
        for layer in range(self.layers):
            block = {
                "attention_norm": (d,),
                "query": (d, d),
                "key": (d, d),
                "value": (d, d),
                "output": (d, d),
                "feed_forward_norm": (d,),
                "up": (f, d),
                "down": (d, f),
            }
            shapes.update({f"layers.{layer}.{name}": shape for name, shape in block.items()})
        return shapes


Weights = Mapping[str, "Tensor"]
Attend = Callable[[int, "Tensor", "Tensor", "Tensor"], "Tensor"]
"""(layer, q, k, v), each [batch, head, position, feature] -> output of the same shape."""


def initial_weights(shape: ModelShape, generator: torch.Generator) -> dict[str, Tensor]:
    """Random weights: scale 1/sqrt(fan_in), and 1/sqrt(2 layers) more where a branch joins the residual stream.

    GPT-2's fixed 0.02 starves a small width: no structured head appears.
    """
    weights = {}
    for name, size in shape.parameter_shapes().items():
        if len(size) == 1:
            weights[name] = torch.ones(size)
            continue
        scale = 1 / math.sqrt(size[1])
        if name.endswith((".output", ".down")):
            scale /= math.sqrt(2 * shape.layers)
        weights[name] = torch.randn(size, generator=generator) * scale
    return weights


def normalise(hidden: Tensor, gain: Tensor) -> Tensor:
    """LayerNorm without bias over the last axis."""
    return torch.nn.functional.layer_norm(hidden, gain.shape, gain)


def embed(weights: Weights, ids: Tensor) -> Tensor:
    """Token ids [batch, position] -> hidden states [batch, position, width], scaled by sqrt(width)."""
    table = weights["embedding"]
    return torch.nn.functional.embedding(ids, table) * math.sqrt(table.shape[1])


def rotary(positions: Tensor, head_width: int) -> tuple[Tensor, Tensor]:
    """Cosines and sines [position, head_width / 2] of the rotary angles of the given positions, in float32.

    From float64: the float32 cosine of a math library may, in its first call on a busy machine, err in the last bit,
    and a hash that turns on it would then name another bucket than the run before.
    """
    half = torch.arange(head_width // 2, device=positions.device, dtype=torch.float32)
    frequencies = ROTARY_BASE ** (-2 * half / head_width)
    angles = (positions.to(torch.float32)[:, None] * frequencies).double()
    return angles.cos().float(), angles.sin().float()


def rotate(x: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
    """Turn each pair (x_i, x_{i + half}) of x [..., position, feature] by its position's angle."""
    first, second = x.chunk(2, dim=-1)
    return torch.cat([first * cosines - second * sines, second * cosines + first * sines], dim=-1)


def split_heads(x: Tensor, heads: int) -> Tensor:
    """[batch, position, width] -> [batch, head, position, feature]."""
    return x.unflatten(-1, (heads, -1)).transpose(1, 2)


def merge_heads(x: Tensor) -> Tensor:
    """[batch, head, position, feature] -> [batch, position, width]."""
    return x.transpose(1, 2).flatten(2)


PROJECTIONS = ("query", "key", "value")


def queries_keys_values(
    weights: Weights,
    shape: ModelShape,
    layer: int,
    hidden: Tensor,
    positions: Tensor,
    names: Sequence[str] = PROJECTIONS,
) -> tuple[Tensor, Tensor, Tensor]:
    """Hidden states [batch, position, width] entering ``layer`` -> q, k, v, the first two rotated.

    ``names`` are those of the three matrices; a variant may have further ones.
    """
    prefix = f"layers.{layer}."
    x = normalise(hidden, weights[prefix + "attention_norm"])
    q, k, v = (split_heads(x @ weights[prefix + name].T, shape.heads) for name in names)
    cosines, sines = (table.to(q.dtype) for table in rotary(positions, shape.head_width))
    return rotate(q, cosines, sines), rotate(k, cosines, sines), v


def after_attention(weights: Weights, layer: int, hidden: Tensor, attended: Tensor) -> Tensor:
    """The rest of a block: hidden [batch, position, width] and the heads' outputs -> the next layer's hidden states."""
    prefix = f"layers.{layer}."
    hidden = hidden + merge_heads(attended) @ weights[prefix + "output"].T
    x = normalise(hidden, weights[prefix + "feed_forward_norm"])
    return hidden + torch.nn.functional.gelu(x @ weights[prefix + "up"].T) @ weights[prefix + "down"].T


@dataclass(frozen=True)
class HostLayer:
    """One layer of a host model, as a variant's ``project`` sees it."""

    weights: Weights
    shape: ModelShape
    index: int

    def queries_keys_values(self, hidden: Tensor, names: Sequence[str] = PROJECTIONS) -> tuple[Tensor, Tensor, Tensor]:
        """Hidden states [batch, position, width] -> q, k, v [batch, head, position, feature], positions from 0."""
        positions = torch.arange(hidden.shape[1], device=hidden.device)
        return queries_keys_values(self.weights, self.shape, self.index, hidden, positions, names)


def forward(weights: Weights, shape: ModelShape, ids: Tensor, attend: Attend) -> Tensor:
    """Token ids [batch, position] -> final hidden states [batch, position, width]."""
    positions = torch.arange(ids.shape[1], device=ids.device)
    hidden = embed(weights, ids)
    for layer in range(shape.layers):
        q, k, v = queries_keys_values(weights, shape, layer, hidden, positions)
        hidden = after_attention(weights, layer, hidden, attend(layer, q, k, v))
    return normalise(hidden, weights["final_norm"])


def logits(weights: Weights, hidden: Tensor) -> Tensor:
    """Final hidden states [..., width] -> scores of the next token [..., vocabulary]."""
    return hidden @ weights["embedding"].T
