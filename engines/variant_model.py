"""A host model built with a variant: every layer attends as the variant does. Token ids -> hidden states -> losses.

A causal model is asked for the next piece; one that looks both ways for pieces that were hidden from it, as in BERT's
training (Devlin et al. 2019, section 3.1): 15 % of them, of which 8 in 10 read as a piece that no text holds, 1 as a
random one, 1 as itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engines import host_model
from engines.host_model import HostLayer, ModelShape, Weights
from engines.run import generator_for
from engines.trace import SILENT, Step, Trace
from engines.variant import Inputs, Mask, Parameters, Shape, Variant

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer
    from torch import Tensor
else:
    from engines.lazy_torch import torch

HIDDEN_SHARE, BLANK_SHARE, RANDOM_SHARE = 0.15, 0.8, 0.1
Watch = Callable[[Inputs, tuple[Step, ...]], None]
"""Is told what each layer read and recorded, from the lowest."""


@dataclass(frozen=True)
class VariantModel:
    """Weights, the variant they run with, and its parameters. ``blank_piece`` stands for a hidden one."""

    weights: Weights
    shape: ModelShape
    variant: Variant
    parameters: Parameters
    causal: bool = True
    blank_piece: int = 0

    def hidden(self, ids: Tensor, seed: int = 0, watch: Watch | None = None) -> Tensor:
        """Final hidden states [batch, position, width] of ids [batch, position].

        ``seed`` is that of rotations and random features; ``watch`` sees each layer.
        """
        hidden = host_model.embed(self.weights, ids)
        for index in range(self.shape.layers):
            layer = HostLayer(self.weights, self.shape, index)
            generator = generator_for(seed, index, str(ids.device))
            inputs = self.variant.project(layer, hidden, self.parameters, generator)
            trace = Trace()
            attended, _ = self.variant.attend(
                inputs, self.parameters, Mask(self.causal), generator=generator, record=trace if watch else SILENT
            )
            if watch:
                watch(inputs, tuple(trace.steps))
            hidden = host_model.after_attention(self.weights, index, hidden, attended)
        return host_model.normalise(hidden, self.weights["final_norm"])

    def losses(self, ids: Tensor, learnable: Tensor, seed: int = 0) -> tuple[Tensor, Tensor]:
        """Nats of each piece that the model is asked for, and which those are: bool [batch, position].

        ids [batch, position]; ``learnable`` [batch, position] says which pieces can be known at all. A causal model is
        asked for all of them but the first of each row.
        """
        asked = learnable.clone()
        if self.causal:
            asked[:, 0] = False
            states = self.hidden(ids[:, :-1], seed)[asked[:, 1:]]
        else:
            hidden, read = with_hidden_pieces(ids, self.shape.vocabulary, self.blank_piece, seed)
            asked &= hidden
            states = self.hidden(read, seed)[asked]
        scores = host_model.logits(self.weights, states)
        return torch.nn.functional.cross_entropy(scores, ids[asked], reduction="none"), asked

    def attention_weights(self, inputs: Inputs, steps: tuple[Step, ...], head: int) -> Tensor:
        """The weights [query, key] of one head in a layer that was watched; 0 where no pair is kept."""
        _, heads, length, width = inputs.q.shape
        shape = Shape(length, length, heads, width, inputs.layer, head, self.causal)
        every = torch.arange(length, device=inputs.q.device)
        kept = self.variant.pattern(shape, self.parameters, steps).kept(every.cpu().numpy(), every.cpu().numpy())
        weights = self.variant.weights(inputs, self.parameters, steps, head, every, every)
        return torch.where(torch.from_numpy(kept).to(weights.device), weights, 0.0)

    def on(self, weights: Weights) -> VariantModel:
        """The same model with other weights of the same shape."""
        return replace(self, weights=weights)


def blank_piece(tokenizer: Tokenizer) -> int:
    """The piece of the byte FF, which no UTF-8 text holds: it stands for a hidden one."""
    piece = tokenizer.token_to_id("ÿ")
    if piece is None:
        raise ValueError("expected a byte-level tokenizer, which has a piece for every byte")
    return int(piece)


def with_hidden_pieces(ids: Tensor, vocabulary: int, blank: int, seed: int) -> tuple[Tensor, Tensor]:
    """Which pieces are hidden, bool, and what is read instead of all, both as ids [batch, position]."""
    generator = torch.Generator().manual_seed(seed)
    chance, fate = torch.rand(2, *ids.shape, generator=generator)
    random = torch.randint(0, vocabulary, ids.shape, generator=generator)
    hidden = (chance < HIDDEN_SHARE).to(ids.device)
    seen = torch.where(fate < BLANK_SHARE + RANDOM_SHARE, random, ids.cpu())
    seen = torch.where(fate < BLANK_SHARE, blank, seen).to(ids.device)
    return hidden, torch.where(hidden, seen, ids)
