"""A run and its arrays in one line, for notebooks and scripts: of a text, or of q, k and v of your own. No window.

>>> from engines.notebook import trace
>>> reformer = trace(text="It was the best of times", variant="reformer", length=64, rounds=2)
>>> reformer.arrays["hash.labels"].shape  # [head, round, position]
(8, 2, 64)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from engines.finished_run import FinishedRun
from engines.headless import finished
from engines.messages import RunSpec, TextSource
from engines.patterns import Pattern
from engines.problems import Problem
from engines.run import Prepared
from engines.samples import source_of
from engines.step_arrays import step_arrays, weights_between
from engines.tokens import Pieces, Tokens
from engines.trace import Step
from engines.variant import Inputs, Mask
from engines.variants import variant_named

if TYPE_CHECKING:
    import torch
    from numpy.typing import ArrayLike
    from torch import Tensor
else:
    from engines.lazy_torch import torch

MOST_CELLS = 1 << 26


@dataclass(frozen=True)
class TracedRun:
    """A finished run: its steps, and whatever is asked of it. Heads and positions count from 0."""

    run: FinishedRun

    @property
    def steps(self) -> tuple[Step, ...]:
        """What was recorded, in order; ``engines.trace`` describes the kinds of data."""
        return self.run.steps

    @property
    def length(self) -> int:
        """Number of queries."""
        return self.run.prepared.shape.queries

    @property
    def output(self) -> np.ndarray:
        """What the layer's attention gives: [head, position, feature]."""
        return self.arrays["output.values"]

    @cached_property
    def arrays(self) -> Mapping[str, np.ndarray]:
        """Every recorded array by "step.field", for example "hash.labels", at full precision, all heads."""
        return {each.name: each.values for each in step_arrays(self.steps, self.length)}

    @property
    def tokens(self) -> list[str]:
        """The text in tokens; the positions as numbers where there was no text."""
        prepared = self.run.prepared
        if prepared.model is None:
            return [str(position) for position in range(self.run.prepared.shape.keys)]
        return list(Pieces(prepared.tokens.ids, prepared.model.info().pieces))

    def pattern(self, head: int = 0) -> Pattern:
        """Which pairs a head keeps: ``kept(rows, columns)``, ``keys_of(query)``, ``count()``, …"""
        return self.run.pattern(self._head(head))

    def weights(self, rows: range | None = None, columns: range | None = None, head: int = 0) -> np.ndarray:
        """Attention weights [rows, columns] of a head as they were computed, nan where the pair is not kept.

        All rows or columns where none are given. A Problem where that is more than 2²⁶ pairs, or a range leaves the
        text.
        """
        shape = self.run.prepared.shape
        rows, columns = within("queries", rows, shape.queries), within("keys", columns, shape.keys)
        if len(rows) * len(columns) > MOST_CELLS:
            raise too_large(len(rows), len(columns), MOST_CELLS)
        return weights_between(self.run, self._head(head), rows, columns)

    def _head(self, head: int) -> int:
        heads = self.run.prepared.shape.heads
        if not 0 <= head < heads:
            raise Problem("bad_layer", what="head", value=head, largest=heads - 1)
        return head


def within(what: str, given: range | None, size: int) -> range:
    """The range, or all; a Problem where it is empty, takes steps, or leaves 0 … size."""
    if given is None:
        return range(size)
    if given.step != 1 or not 0 <= given.start < given.stop <= size:
        raise Problem("bad_range", what=what, range=f"{given.start}:{given.stop}", size=f"{size:,}")
    return given


def too_large(rows: int, columns: int, most: int) -> Problem:
    """That a rectangle is too large, and how large a square may be."""
    side = int(most**0.5)
    return Problem("range_too_large", rows=f"{rows:,}", columns=f"{columns:,}", most=f"{most:,}", side=f"{side:,}")


def trace(
    text: str = "",
    variant: str = "full",
    length: int = 64,
    *,
    sample: str = "",
    causal: bool | None = None,
    layer: int = 1,
    seed: int = 0,
    device: str = "cpu",
    dtype: str = "float32",
    weights: str = "own",
    **parameters: object,
) -> TracedRun:
    """Run a variant on a text, with the weights that ship, at a layer (from 0) of the model.

    The text is cut, or repeated, to ``length`` tokens; ``sample`` names a bundled one in its place. ``causal`` None: as
    the variant allows. ``parameters`` are the variant's. A Problem says what cannot be.
    """
    chosen = variant_named(variant)
    spec = RunSpec(
        variant=chosen.name,
        text=source_of(sample) if sample else TextSource(text=text),
        length=length,
        parameters=tuple(chosen.parameters(**parameters).items()),
        causal="causal" in chosen.masks if causal is None else causal,
        layer=layer,
        seed=seed,
        device=device,
        dtype=dtype,
        weights=weights,
    )
    return TracedRun(finished(spec))


def trace_of(
    q: ArrayLike | Tensor,
    k: ArrayLike | Tensor,
    v: ArrayLike | Tensor,
    variant: str = "full",
    *,
    causal: bool = True,
    seed: int = 0,
    extras: Mapping[str, Tensor] | None = None,
    **parameters: object,
) -> TracedRun:
    """Run a variant on q, k, v of your own: [head, position, feature], or [position, feature] for one head.

    numpy or torch, all of one dtype and on one device. ``extras`` are what else the variant reads, by name; what is
    missing is drawn from ``seed``, or derived, as the variant's file says. A Problem says what cannot be.
    """
    chosen = variant_named(variant)
    checked = chosen.parameters(**parameters)
    inputs = Inputs(headed("q", q), headed("k", k), headed("v", v), extras=dict(extras or {}))
    mask = Mask(causal=causal)
    chosen.check_mask(mask)
    check_shapes(inputs)
    queries, keys = inputs.q.shape[2], inputs.k.shape[2]
    device, dtype = str(inputs.q.device), str(inputs.q.dtype).removeprefix("torch.")
    spec = RunSpec(
        chosen.name, TextSource(), queries, tuple(checked.items()), causal, seed=seed, device=device, dtype=dtype
    )
    tokens = Tokens(np.arange(keys, dtype=np.int32), keys, cut=False)
    prepared = Prepared(spec, chosen, checked, mask, tokens, inputs)
    return TracedRun(FinishedRun(prepared, prepared.trace()))


def headed(name: str, given: ArrayLike | Tensor) -> Tensor:
    """The values as [1, head, position, feature]."""
    values: Tensor = given if isinstance(given, torch.Tensor) else torch.from_numpy(np.array(given))
    if values.ndim not in (2, 3) or not values.is_floating_point() or 0 in values.shape:
        arrived = f"{values.dtype} {list(values.shape)}".removeprefix("torch.")
        raise Problem("bad_tensor", name=name, arrived=arrived)
    return values.detach()[None, None] if values.ndim == 2 else values.detach()[None]


def check_shapes(inputs: Inputs) -> None:
    """A Problem where q, k and v do not fit together."""
    q, k, v = (tuple(each.shape[1:]) for each in (inputs.q, inputs.k, inputs.v))
    if (
        not (q[0] == k[0] == v[0] and q[2] == k[2] and k[1] == v[1])
        or len({inputs.q.dtype, inputs.k.dtype, inputs.v.dtype}) > 1
    ):
        raise Problem("tensors_do_not_fit", q=list(q), k=list(k), v=list(v))
