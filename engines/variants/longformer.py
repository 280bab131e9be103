"""Longformer: a window that slides over the text, and a few tokens that see everything and are seen by all.

Paper: Beltagy, Peters and Cohan 2020, "Longformer: The Long-Document Transformer", sections 3.1 and 3.2.

A token at i attends to the keys i + s·d for |s| ≤ w/2, where w is the whole window and d the dilation (1 for none),
and to the global tokens. A global token attends to every token, with projections Q_g, K_g, V_g of its own; "symmetric"
in the paper. A global token's own key is read by others through the local K and V, as in the official code. Cost
O(n·(w + g)) for g global tokens; ℓ layers reach ℓ·d·w tokens.

Q_g, K_g, V_g come as ``inputs.extras`` "global_query", "global_key", "global_value", shaped like q, k, v. Where they
are missing they equal the local ones, as the paper initialises them.

Differs from the paper: nothing where it looks both ways. Its causal (autoregressive) window is not spelled out: here it
is the earlier half and the token itself, and a global token, too, sees earlier tokens only. The official code calls the
one-sided window `attention_window`; here, as in the paper, `window` is the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from engines.global_tokens import (
    fill_global_queries,
    global_key_gradients,
    global_query_gradients,
    global_row_blocks,
    merge_global_keys,
)
from engines.patterns import Pattern, sliding_window
from engines.trace import SILENT, Matrix, Pairs, PairValues, Recorder, Step
from engines.variant import Cost, Inputs, Mask, Paper, Parameter, Parameters, Shape, State, Variant, entry
from engines.windowed import Window, computed_pairs, window_attention, window_gradients

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from engines.host_model import HostLayer

    Triple = tuple[Tensor, Tensor, Tensor]
else:
    from engines.lazy_torch import torch


@dataclass(frozen=True)
class Layout:
    """Who may see whom: each head's window, the positions of global tokens, keys per batch item, causal or not."""

    windows: tuple[Window, ...]
    positions: tuple[int, ...]
    key_counts: tuple[int, ...]
    offset: int
    causal: bool

    def global_rows(self, queries: int) -> list[int]:
        """The global tokens that are among the queries, counted from the first query."""
        return [position - self.offset for position in self.positions if 0 <= position - self.offset < queries]

    def global_keys(self, item: int, like: Tensor) -> Tensor | None:
        """Positions of the global tokens among a batch item's keys; None where there is none."""
        positions = [position for position in self.positions if position < self.key_counts[item]]
        return torch.tensor(positions, device=like.device) if positions else None


GLOBAL = ("global_query", "global_key", "global_value")


class Longformer(Variant):
    name = "longformer"
    label = "Longformer"
    order = 3
    paper = Paper(
        "Beltagy, Peters, Cohan",
        "Longformer: The Long-Document Transformer",
        2020,
        "2004.05150",
        names="Beltagy, Iz and Peters, Matthew E. and Cohan, Arman",
    )
    summary = (
        "Every token reads its neighbours only, through a window that slides along the text. A few global tokens read "
        "everything and are read by all, and carry what is far away. Twice the text, twice the time."
    )
    complexity = "O(n·w)"
    settings = (
        Parameter(
            "window",
            "integers",
            (32,),
            "Window",
            "Tokens in the window, half of them on each side; a causal window is the earlier half and the token "
            "itself. One number per layer, from the lowest.",
            minimum=2,
            maximum=1 << 21,
            per="layer",
            unit="tokens",
        ),
        Parameter(
            "dilation",
            "integers",
            (1,),
            "Dilation",
            "The window takes every d-th token, and reaches d times as far; 1 is none. One number per head.",
            minimum=1,
            maximum=1024,
            per="head",
        ),
        Parameter(
            "dilated_from",
            "integer",
            1,
            "Dilated from layer",
            "Layers below it take every token. The paper dilates upper layers only, on two heads.",
            minimum=1,
            maximum=1024,
        ),
        Parameter(
            "global_tokens",
            "choice",
            "first",
            "Global tokens",
            "Tokens that see all and are seen by all.",
            choices=("none", "first", "chosen", "every k-th"),
        ),
        Parameter(
            "chosen_tokens",
            "tokens",
            (0,),
            "Chosen tokens",
            "Positions of the global tokens, where they are chosen; those past the end of the text do nothing.",
            minimum=0,
        ),
        Parameter(
            "global_every",
            "integer",
            512,
            "Global: every k-th",
            "A token is global every so many tokens; the work then grows as n²/k.",
            minimum=1,
            unit="tokens",
        ),
    )
    step_names = ("window", "global", "softmax", "output")
    weights_note = "The weights know no global projections: global tokens use the local ones."

    def project(self, layer: HostLayer, hidden: Tensor, parameters: Parameters, generator: torch.Generator) -> Inputs:
        """With Q_g, K_g and V_g where the weights have "layers.i.global_query", "global_key" and "global_value"."""
        inputs = super().project(layer, hidden, parameters, generator)
        if not all(f"layers.{layer.index}.{name}" in layer.weights for name in GLOBAL):
            return inputs
        own = zip(GLOBAL, layer.queries_keys_values(hidden, GLOBAL), strict=True)
        return replace(inputs, extras=dict(own))

    def attend(
        self,
        inputs: Inputs,
        parameters: Parameters,
        mask: Mask,
        state: State | None = None,
        generator: torch.Generator | None = None,
        record: Recorder = SILENT,
    ) -> tuple[Tensor, State | None]:
        tensors = tuple(_last_dimension_packed(x) for x in (inputs.q, inputs.k, inputs.v, *global_projections(inputs)))
        layout = _layout(inputs, parameters, mask)
        if torch.is_grad_enabled() and any(x.requires_grad for x in tensors):
            output, normaliser = _differentiable().apply(layout, record, *tensors)
        elif layout.positions or record.step != SILENT.step:
            output, normaliser = _run(layout, tensors, record)
        else:  # no part of the softmax to merge with, and nobody to keep its log-sum-exp
            return _fill(layout, tensors, None, record), None
        record.step("softmax", lambda: PairValues(normaliser[0]))
        record.step("output", lambda: Matrix(output[0]))
        return output, None

    def pattern(self, shape: Shape, parameters: Parameters, steps: Sequence[Step] = ()) -> Pattern:
        window = _window(parameters, shape.layer, shape.head, shape.causal)
        positions = global_positions(parameters, max(shape.queries, shape.keys))
        return sliding_window(
            shape.queries, shape.keys, window.left, window.right, window.dilation, positions, shape.causal
        )

    def computed_pairs(self, shape: Shape, parameters: Parameters) -> int:
        window = _window(parameters, shape.layer, shape.head, shape.causal).clipped(max(shape.queries, shape.keys))
        positions = global_positions(parameters, max(shape.queries, shape.keys))
        keys = sum(position < shape.keys for position in positions)
        rows = [position for position in positions if position < shape.queries]
        whole = sum(len(block) * stop for block, stop in global_row_blocks(rows, 0, shape.keys, shape.causal))
        return computed_pairs(window, shape.queries, shape.keys) + shape.queries * keys + whole

    def cost(self, shape: Shape, parameters: Parameters) -> Cost:
        heads = (replace(shape, head=head) for head in range(shape.heads))
        pairs = sum(self.computed_pairs(head, parameters) for head in heads)
        tensors = 2 * (shape.queries + shape.keys) * shape.head_width * shape.heads
        return Cost(flops=4 * pairs * shape.head_width, resident_bytes=4 * tensors)

    def scores(self, inputs: Inputs, parameters: Parameters, head: int, rows: Tensor, columns: Tensor) -> Tensor:
        """Scores [rows, columns]; a global token's row through the global projections."""
        q, k, _ = global_projections(inputs)
        of_global = super().scores(Inputs(q, k, inputs.v), parameters, head, rows, columns)
        of_local = super().scores(inputs, parameters, head, rows, columns)
        positions = global_positions(parameters, max(inputs.q.shape[2], inputs.k.shape[2]))
        is_global = torch.isin(rows, torch.tensor(positions, dtype=rows.dtype, device=rows.device))
        return torch.where(is_global[:, None], of_global, of_local)


def global_positions(parameters: Parameters, length: int) -> tuple[int, ...]:
    """Positions of the global tokens in a text of ``length`` tokens, rising."""
    if parameters.global_tokens == "first":
        return (0,)
    if parameters.global_tokens == "chosen":
        return tuple(position for position in parameters.chosen_tokens if position < length)
    if parameters.global_tokens == "every k-th":
        return tuple(range(0, length, parameters.global_every))
    return ()


def global_projections(inputs: Inputs) -> tuple[Tensor, Tensor, Tensor]:
    """Q_g, K_g, V_g; the local ones where they are not given."""
    local = (inputs.q, inputs.k, inputs.v)
    query, key, value = (inputs.extras.get(name, tensor) for name, tensor in zip(GLOBAL, local, strict=True))
    return query, key, value


def _window(parameters: Parameters, layer: int, head: int, causal: bool) -> Window:
    half = entry(parameters.window, layer) // 2
    dilation = entry(parameters.dilation, head) if layer + 1 >= parameters.dilated_from else 1
    return Window(half, 0 if causal else half, dilation)


def _layout(inputs: Inputs, parameters: Parameters, mask: Mask) -> Layout:
    (batch, heads, queries, _), keys = inputs.q.shape, inputs.k.shape[2]
    length = max(queries + mask.query_offset, keys)
    windows = (_window(parameters, inputs.layer, head, mask.causal).clipped(length) for head in range(heads))
    counts = tuple(min(count, keys) for count in mask.key_lengths or (keys,) * batch)
    return Layout(tuple(windows), global_positions(parameters, length), counts, mask.query_offset, mask.causal)


def _last_dimension_packed(x: Tensor) -> Tensor:
    return x if x.stride(-1) == 1 else x.contiguous()


def _item(layout: Layout, tensors: Sequence[Tensor], item: int) -> tuple[Triple, Triple]:
    """One batch item's local and global q, k, v, [head, position, feature], without keys that are padding."""
    keys = layout.key_counts[item]
    q, k, v, q_global, k_global, v_global = (x[item] for x in tensors)
    return (q, k[:, :keys], v[:, :keys]), (q_global, k_global[:, :keys], v_global[:, :keys])


def _run(layout: Layout, tensors: Sequence[Tensor], record: Recorder) -> tuple[Tensor, Tensor]:
    """Output and log-sum-exp, [batch, head, query, …], from q, k, v and the global q, k, v."""
    q = tensors[0]
    normaliser = torch.empty(q.shape[:3], dtype=torch.promote_types(q.dtype, torch.float32), device=q.device)
    return _fill(layout, tensors, normaliser, record), normaliser


def _fill(layout: Layout, tensors: Sequence[Tensor], normaliser: Tensor | None, record: Recorder) -> Tensor:
    """The output; fills ``normaliser``, which only global tokens need for it."""
    q, between = tensors[0], record.check_cancelled
    output = torch.empty(q.shape, dtype=q.dtype, device=q.device)
    with record.phase("window"):
        for item in range(q.shape[0]):
            (local, _), z = _item(layout, tensors, item), None if normaliser is None else normaliser[item]
            window_attention(*local, layout.windows, layout.offset, output[item], z, between)
    record.step("window", lambda: Pairs(("window",)))
    with record.phase("global"):
        for item in range(q.shape[0]):
            if layout.positions and normaliser is not None:
                _add_global(layout, tensors, item, output[item], normaliser[item], between)
    record.step("global", lambda: Pairs(("window", "global")))
    return output


def _add_global(
    layout: Layout, tensors: Sequence[Tensor], item: int, output: Tensor, normaliser: Tensor, between: Any
) -> None:
    """Merge the global keys into every row, then put the global tokens' own rows in place."""
    local, own = _item(layout, tensors, item)
    positions, rows = layout.global_keys(item, output), layout.global_rows(output.shape[1])
    offset, causal = layout.offset, layout.causal
    if positions is not None:
        merge_global_keys(*local, layout.windows, offset, positions, causal, output, normaliser, between)
    if rows and layout.key_counts[item]:
        fill_global_queries(*own, rows, offset, causal, output, normaliser, between)


def _gradients(
    layout: Layout, tensors: Sequence[Tensor], output: Tensor, normaliser: Tensor, grad: Tensor
) -> list[Tensor]:
    """Gradients of the six tensors: the same blocks again, from the saved output and log-sum-exp."""
    grads = [torch.zeros_like(x, memory_format=torch.contiguous_format) for x in tensors]
    rows = layout.global_rows(output.shape[2])
    normaliser = normaliser.masked_fill(normaliser == float("-inf"), float("inf"))  # no keys: weights of 0, not nan
    local = normaliser.index_fill(2, torch.tensor(rows, dtype=torch.int64, device=grad.device), float("inf"))
    for item in range(grad.shape[0]):
        (q_k_v, own), (into, into_own) = _item(layout, tensors, item), _item(layout, grads, item)
        saved, z, through, offset = output[item], local[item], grad[item], layout.offset
        window_gradients(*q_k_v, layout.windows, offset, saved, z, through, into)
        positions = layout.global_keys(item, grad)
        if positions is not None:
            global_key_gradients(*q_k_v, layout.windows, offset, positions, layout.causal, saved, z, through, into)
        if rows and layout.key_counts[item]:
            z = normaliser[item]
            global_query_gradients(*own, rows, offset, layout.causal, saved, z, through, into_own)
    return grads


@cache
def _differentiable() -> Any:
    """The autograd function; made at first use, since this file does not import torch."""

    class LongformerAttention(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, layout: Layout, record: Recorder, *tensors: Tensor) -> tuple[Tensor, Tensor]:
            output, normaliser = _run(layout, tensors, record)
            ctx.layout = layout
            ctx.save_for_backward(*tensors, output, normaliser)
            ctx.mark_non_differentiable(normaliser)
            return output, normaliser

        @staticmethod
        def backward(ctx: Any, grad: Tensor, _: Tensor) -> tuple[Any, ...]:
            *tensors, output, normaliser = ctx.saved_tensors
            return None, None, *_gradients(ctx.layout, tensors, output, normaliser, grad.contiguous())

    return LongformerAttention


VARIANT = Longformer()
