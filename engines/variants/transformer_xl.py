"""Transformer-XL: segment by segment, with the states of the segments before kept in a memory.

Paper: Dai et al. 2019, "Transformer-XL: Attentive Language Models Beyond a Fixed-Length Context", sections 3.2 and 3.3.

h̃ⁿ⁻¹_τ+1 = [stop_gradient(hⁿ⁻¹_τ) ; hⁿ⁻¹_τ+1], q from h, k and v from h̃: a query of the segment that starts at s reads
the keys from s − memory on, up to itself. The cached ones come from the layer below of earlier segments, so the reach
grows by a segment per layer. Scores, with d^−½ before the softmax:

    A_ij = q_i·k_j + q_i·r_{i−j} + u·k_j + v·r_{i−j} = (q_i + u)·k_j + (q_i + v)·r_{i−j},   r = W_{k,R} R

with R the sinusoid of the distance. Cost O(n·(segment + memory)); the term with r takes one product per block of
queries, shifted in place (``engines.relative_positions``).

Where weights have them, they come as ``inputs.extras``: "relative_key" W_{k,R} R [head, distance 0 …, feature],
"content_bias" u and "position_bias" v [head, feature]. ``project`` makes them of a host layer's tensors "relative_key"
[width, width], "content_bias" and "position_bias". Without them, q and k keep the positions that they carry, rotary
ones in the host model, and the pairs are scored by q_i·k_j alone.

The state after a call holds "key" and "value" [batch, head, ≤ memory, feature] of the last positions, without gradient;
given to the next call, it stands before that call's first segment. One call over a whole sequence gives the same as a
call per segment, and the same gradients: none reaches the keys and values that a segment takes from before its start,
but u, v and r learn from all pairs.

Differs from the paper: keys and values are cached, the official code caches hidden states and projects them again,
which gives the same numbers where the weights did not change. It calls u r_w_bias and v r_r_bias.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from engines.host_model import normalise, split_heads
from engines.patterns import Pattern, Pieces
from engines.patterns.interval_ends import StairEnds
from engines.patterns.intervals import Intervals
from engines.problems import Problem
from engines.relative_positions import relative_keys
from engines.segment_studies import CACHED_OR_AGAIN, COLLIDING_POSITIONS
from engines.segmented import BLOCK, ROWS_AT_ONCE, Layout, Relative, segment_attention, segment_gradients, tiles
from engines.trace import SILENT, Matrix, Pairs, PairValues, Recorder, Segments, Step
from engines.variant import Cost, Inputs, Mask, Paper, Parameter, Parameters, Shape, State, Variant

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from engines.host_model import HostLayer, ModelShape
else:
    from engines.lazy_torch import torch

RELATIVE = ("relative_key", "content_bias", "position_bias")
UNTRAINED = "relative, untrained"
LONGEST = 1 << 20


class TransformerXL(Variant):
    name = "transformer-xl"
    label = "Transformer-XL"
    order = 1
    paper = Paper(
        "Dai et al.",
        "Transformer-XL: Attentive Language Models Beyond a Fixed-Length Context",
        2019,
        "1901.02860",
        "ACL 2019",
        names=(
            "Dai, Zihang and Yang, Zhilin and Yang, Yiming and Carbonell, Jaime and Le, Quoc V. and "
            "Salakhutdinov, Ruslan"
        ),
    )
    summary = (
        "The text is read segment by segment. Each segment also reads the cached states of what came before, so that "
        "information travels one segment further with every layer, and nothing is computed twice."
    )
    complexity = "O(n·(L + M))"
    settings = (
        Parameter(
            "segment",
            "integer",
            16,
            "Segment",
            "Tokens L that are computed together.",
            minimum=1,
            maximum=LONGEST,
            unit="tokens",
        ),
        Parameter(
            "memory",
            "integer",
            16,
            "Memory",
            "Tokens M before a segment whose states are kept for it; more than a segment reaches further at once, "
            "0 cuts the text into pieces that know nothing of each other.",
            minimum=0,
            maximum=LONGEST,
            unit="tokens",
        ),
        Parameter(
            "positions",
            "choice",
            "from the weights",
            "Positions",
            "From the weights: relative where they have u, v and W_kR, else those they were trained with. "
            "Relative, untrained: u, v and W_kR are drawn, to see their cost and working; no weights know them.",
            choices=("from the weights", UNTRAINED),
        ),
    )
    masks = ("causal",)
    mask_reason = (
        "A segment is computed before the ones after it exist; its memory holds earlier tokens only, so there is "
        "nothing later to look at."
    )
    step_names = ("segments", "attend", "softmax", "output")
    records = (Segments,)
    weights_note = (
        "The weights have no u, v and W_kR: segments and memory run with the rotary positions they were trained with."
    )
    studies = (CACHED_OR_AGAIN, COLLIDING_POSITIONS)

    def project(self, layer: HostLayer, hidden: Tensor, parameters: Parameters, generator: torch.Generator) -> Inputs:
        prefix = f"layers.{layer.index}."
        stored = {name: layer.weights[prefix + name] for name in RELATIVE if prefix + name in layer.weights}
        untrained = parameters.positions == UNTRAINED
        if not untrained and len(stored) < len(RELATIVE):
            return super().project(layer, hidden, parameters, generator)
        q, k, v = unrotated(layer, hidden)
        distances = _layout(parameters).longest_distance(hidden.shape[1]) + 1
        if untrained:
            return Inputs(q, k, v, layer.index, untrained_extras(q, distances, generator))
        projected = relative_keys(stored["relative_key"], distances, layer.shape.heads)
        return Inputs(q, k, v, layer.index, {**stored, "relative_key": projected})

    def layer_weights(self, shape: ModelShape, parameters: Parameters, generator: torch.Generator) -> dict[str, Tensor]:
        """W_kR [width, width], of the scale of a key projection; u and v [head, feature], which start at 0."""
        width = shape.width
        biases = torch.zeros(shape.heads, shape.head_width)
        drawn = torch.randn(width, width, generator=generator) / width**0.5
        return {"relative_key": drawn, "content_bias": biases, "position_bias": biases.clone()}

    def attend(
        self,
        inputs: Inputs,
        parameters: Parameters,
        mask: Mask,
        state: State | None = None,
        generator: torch.Generator | None = None,
        record: Recorder = SILENT,
    ) -> tuple[Tensor, State | None]:
        self.check_mask(mask)
        inputs, layout, counts = _after_memory(inputs, parameters, mask, state)
        extras = _relative_extras(inputs, parameters, layout, generator)
        tensors = tuple(_packed(x) for x in (inputs.q, inputs.k, inputs.v, *extras))
        record.step("segments", lambda: Segments(layout.length, layout.memory))
        with record.phase("attend"):
            if torch.is_grad_enabled() and any(x.requires_grad for x in tensors):
                output, normaliser = _differentiable().apply(layout, counts, record, *tensors)
            else:
                output, normaliser = _run(layout, counts, tensors, record)
        record.step("attend", lambda: Pairs(("segment", "memory")))
        record.step("softmax", lambda: PairValues(normaliser[0]))
        record.step("output", lambda: Matrix(output[0]))
        return output, None if mask.key_lengths else _cached(inputs, layout.memory)

    def pattern(self, shape: Shape, parameters: Parameters, steps: Sequence[Step] = ()) -> Pattern:
        queries, keys = shape.queries, shape.keys

        def ends(step: int, shift: int) -> StairEnds:
            return StairEnds(queries, step, shift, low=0, high=keys, offset=_offset(queries, keys))

        low, starts = ends(parameters.segment, -parameters.memory), ends(parameters.segment, 0)
        parts = (Intervals("segment", keys, starts, ends(1, 1)), Intervals("memory", keys, low, starts))
        return Pieces(queries, keys, True, parts)

    def computed_pairs(self, shape: Shape, parameters: Parameters) -> int:
        layout = replace(_layout(parameters), offset=_offset(shape.queries, shape.keys))
        return sum(tile.pairs for tile in tiles(layout, shape.queries, shape.keys, ROWS_AT_ONCE, False))

    def cost(self, shape: Shape, parameters: Parameters) -> Cost:
        products = 3 if parameters.positions == UNTRAINED else 2
        tensors = 2 * (shape.queries + shape.keys) * shape.head_width * shape.heads
        flops = 2 * products * self.computed_pairs(shape, parameters) * shape.head_width * shape.heads
        return Cost(flops=flops, resident_bytes=4 * tensors)

    def state_bytes(self, shape: Shape, parameters: Parameters, bytes_per_value: int = 4) -> int:
        """The memory, and the tokens of the segment that the next one belongs to."""
        held = min(shape.keys, parameters.memory + shape.keys % parameters.segment)
        return 2 * held * shape.heads * shape.head_width * bytes_per_value

    def scores(self, inputs: Inputs, parameters: Parameters, head: int, rows: Tensor, columns: Tensor) -> Tensor:
        """Scores [rows, columns], the relative terms included; a key after its query counts as at distance 0."""
        if not all(name in inputs.extras for name in RELATIVE):
            return super().scores(inputs, parameters, head, rows, columns)
        relative_key, content_bias, position_bias = (inputs.extras[name][head] for name in RELATIVE)
        q, k = inputs.q[0, head].index_select(0, rows), inputs.k[0, head].index_select(0, columns)
        distance = rows[:, None] + _offset(inputs.q.shape[2], inputs.k.shape[2]) - columns
        # A pair further apart than any that is kept has no term of its own; the pattern leaves it out.
        distance = distance.clamp(0, relative_key.shape[0] - 1)
        scores = (q + content_bias) @ k.T
        for start in range(0, len(rows), BLOCK):
            some = slice(start, start + BLOCK)
            scores[some] += ((q[some] + position_bias) @ relative_key.T).gather(1, distance[some])
        return scores / q.shape[-1] ** 0.5


def unrotated(layer: HostLayer, hidden: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """q, k, v of a host layer without its rotary positions."""
    prefix = f"layers.{layer.index}."
    x = normalise(hidden, layer.weights[prefix + "attention_norm"])
    q, k, v = (split_heads(x @ layer.weights[prefix + name].T, layer.shape.heads) for name in ("query", "key", "value"))
    return q, k, v


def untrained_extras(like: Tensor, distances: int, generator: torch.Generator | None) -> dict[str, Tensor]:
    """Relative tensors drawn as the host model draws its own, at 1/√width, for q [batch, head, position, feature]."""
    heads, features = like.shape[1], like.shape[3]
    width = heads * features

    def draw(*size: int) -> Tensor:
        return torch.randn(size, generator=generator, device=like.device, dtype=like.dtype) / width**0.5

    projected = relative_keys(draw(width, width), distances, heads)
    return dict(zip(RELATIVE, (projected, draw(heads, features), draw(heads, features)), strict=True))


def _offset(queries: int, keys: int) -> int:
    """Queries fewer than keys are the last ones: the keys before them were cached."""
    return max(0, keys - queries)


def _layout(parameters: Parameters) -> Layout:
    return Layout(parameters.segment, parameters.memory)


def _after_memory(
    inputs: Inputs, parameters: Parameters, mask: Mask, state: State | None
) -> tuple[Inputs, Layout, tuple[int, ...]]:
    """The inputs with the cached keys and values before them, where segments start, and each batch item's keys."""
    layout, cached = replace(_layout(parameters), offset=mask.query_offset), 0
    if state is not None:
        key, value = (state.tensors[name].detach()[:, :, -layout.memory or LONGEST :] for name in ("key", "value"))
        cached = key.shape[2]
        inputs = replace(inputs, k=torch.cat([key, inputs.k], 2), v=torch.cat([value, inputs.v], 2))
        layout = replace(layout, origin=cached, offset=cached + mask.query_offset)
    batch, keys = inputs.q.shape[0], inputs.k.shape[2]
    counts = tuple(min(cached + count, keys) for count in mask.key_lengths or (keys,) * batch)
    return inputs, layout, counts


def _cached(inputs: Inputs, memory: int) -> State:
    """Keys and values of the last positions; views, without gradient."""
    first = max(0, inputs.k.shape[2] - memory)
    return State({"key": inputs.k.detach()[:, :, first:], "value": inputs.v.detach()[:, :, first:]})


def _relative_extras(
    inputs: Inputs, parameters: Parameters, layout: Layout, generator: torch.Generator | None
) -> tuple[Tensor, ...]:
    """r, u and v; nothing where q and k carry their positions."""
    distances = layout.longest_distance(inputs.q.shape[2]) + 1
    extras = dict(inputs.extras)
    if parameters.positions == UNTRAINED and not any(name in extras for name in RELATIVE):
        extras = untrained_extras(inputs.q, distances, generator)
    missing = [name for name in RELATIVE if name not in extras]
    if len(missing) == len(RELATIVE):
        return ()
    if missing:
        raise Problem("relative_incomplete", missing=", ".join(missing), names=", ".join(RELATIVE))
    if extras["relative_key"].shape[1] < distances:
        raise Problem("relative_too_short", needed=distances, arrived=extras["relative_key"].shape[1])
    return tuple(extras[name] for name in RELATIVE)


def _packed(x: Tensor) -> Tensor:
    return x if x.stride(-1) == 1 else x.contiguous()


def _relative(layout: Layout, tensors: Sequence[Tensor]) -> Relative | None:
    if len(tensors) == 3:
        return None
    r, u, v = tensors[3:]
    return Relative.of(r, u, v, layout.longest_distance(tensors[0].shape[2]) + 1)


def _run(layout: Layout, counts: tuple[int, ...], tensors: Sequence[Tensor], record: Recorder) -> tuple[Tensor, Tensor]:
    """Output and log-sum-exp, [batch, head, query, …], from q, k, v, and r, u, v where there are such."""
    q, k, v = tensors[:3]
    output = torch.empty(q.shape, dtype=q.dtype, device=q.device)
    normaliser = torch.empty(q.shape[:3], dtype=torch.promote_types(q.dtype, torch.float32), device=q.device)
    relative = _relative(layout, tensors)
    for item, count in enumerate(counts):
        of_item = q[item], k[item, :, :count], v[item, :, :count]
        segment_attention(*of_item, layout, relative, output[item], normaliser[item], record.check_cancelled)
    return output, normaliser


def _gradients(
    layout: Layout, counts: tuple[int, ...], tensors: Sequence[Tensor], saved: tuple[Tensor, Tensor], grad: Tensor
) -> list[Tensor]:
    """Gradients of all tensors: the same blocks again, from the saved output and log-sum-exp."""
    grads = [torch.zeros_like(x, memory_format=torch.contiguous_format) for x in tensors]
    relative, into = _relative(layout, tensors), None
    if relative is not None:
        into = Relative(torch.zeros_like(relative.falling), *grads[4:])
    output, normaliser = saved
    normaliser = normaliser.masked_fill(normaliser == float("-inf"), float("inf"))  # no keys: weights of 0, not nan
    for item, count in enumerate(counts):
        q, k, v = tensors[0][item], tensors[1][item, :, :count], tensors[2][item, :, :count]
        of_item = grads[0][item], grads[1][item, :, :count], grads[2][item, :, :count]
        segment_gradients(
            q, k, v, layout, relative, output[item], normaliser[item], grad[item], of_item, into
        )  # fmt: skip
    if into is not None:
        grads[3][:, : into.falling.shape[1]] = into.falling.flip(1)
    return grads


@cache
def _differentiable() -> Any:
    """The autograd function; made at first use, since this file does not import torch."""

    class SegmentAttention(torch.autograd.Function):
        @staticmethod
        def forward(
            ctx: Any, layout: Layout, counts: tuple[int, ...], record: Recorder, *tensors: Tensor
        ) -> tuple[Tensor, Tensor]:
            output, normaliser = _run(layout, counts, tensors, record)
            ctx.layout, ctx.counts = layout, counts
            ctx.save_for_backward(*tensors, output, normaliser)
            ctx.mark_non_differentiable(normaliser)
            return output, normaliser

        @staticmethod
        def backward(ctx: Any, grad: Tensor, _: Tensor) -> tuple[Any, ...]:
            *tensors, output, normaliser = ctx.saved_tensors
            grads = _gradients(ctx.layout, ctx.counts, tensors, (output, normaliser), grad.contiguous())
            return None, None, None, *grads

    return SegmentAttention


VARIANT = TransformerXL()
