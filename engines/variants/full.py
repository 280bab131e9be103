"""Full attention: softmax(QKᵀ/√d_k) V, every query against every key it may see.

Paper: Vaswani et al. 2017, "Attention Is All You Need", equation 1.

Two implementations of the same numbers. "textbook" writes the n × n scores out, as the paper's formula and most
explanations do: O(n²) time and memory. "fused" is what practice uses: tiled, the scores never leave the processor's
cache (Dao et al. 2022): O(n²) time, O(n) memory. Both are baselines; comparing with the first alone flatters
everybody.

Differs from the paper: nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engines.fused import fused_attention
from engines.patterns import Pattern, dense
from engines.trace import SILENT, Matrix, Pairs, PairValues, Recorder, Step
from engines.variant import Cost, Inputs, Mask, Paper, Parameter, Parameters, Shape, State, Variant

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch

ROWS_AT_ONCE = 2048
PAIRS_AT_ONCE = 1 << 24  # values of the bias, where one is needed


class Full(Variant):
    name = "full"
    label = "Full"
    order = 0
    paper = Paper("Vaswani et al.", "Attention Is All You Need", 2017, "1706.03762", "NeurIPS 2017")
    summary = (
        "Every token compares itself with every token it may see. Nothing is lost, and the work grows with the square "
        "of the length: twice the text, four times the time."
    )
    complexity = "O(n²)"
    settings = (
        Parameter(
            "implementation",
            "choice",
            "fused",
            "Implementation",
            "Fused: tiled, the scores are never stored. Textbook: the n × n scores are written out.",
            choices=("fused", "textbook"),
        ),
    )
    step_names = ("scores", "softmax", "output")

    def attend(
        self,
        inputs: Inputs,
        parameters: Parameters,
        mask: Mask,
        state: State | None = None,
        generator: torch.Generator | None = None,
        record: Recorder = SILENT,
    ) -> tuple[Tensor, State | None]:
        record.step("scores", lambda: Pairs(("all",)))
        run = _textbook if parameters.implementation == "textbook" else _fused
        record.check_cancelled()
        output, normaliser = run(inputs, mask, record)
        output, normaliser = _without_empty_items(output, normaliser, mask)
        record.step("softmax", lambda: PairValues(normaliser[0]))
        record.step("output", lambda: Matrix(output[0]))
        return output, None

    def pattern(self, shape: Shape, parameters: Parameters, steps: Sequence[Step] = ()) -> Pattern:
        return dense(shape.queries, shape.keys, causal=shape.causal)

    def cost(self, shape: Shape, parameters: Parameters) -> Cost:
        pairs = shape.queries * shape.keys * (0.5 if shape.causal else 1.0)
        written = shape.queries * shape.keys if parameters.implementation == "textbook" else 0
        tensors = 2 * shape.queries * shape.head_width + 2 * shape.keys * shape.head_width
        return Cost(
            flops=4 * pairs * shape.head_width * shape.heads, resident_bytes=4 * shape.heads * (2 * written + tensors)
        )


def bias_for(mask: Mask, queries: range, keys: int, like: Tensor) -> Tensor | None:
    """0 where a pair may be looked at, −inf where not: [batch or 1, 1, queries, keys]; None where all may."""
    positions = torch.arange(keys, device=like.device)
    bias = None
    if mask.causal:
        rows = torch.arange(queries.start, queries.stop, device=like.device) + mask.query_offset
        bias = torch.zeros((), dtype=like.dtype, device=like.device).masked_fill(
            positions > rows[:, None], float("-inf")
        )[None, None]
    if mask.key_lengths is not None:
        lengths = torch.tensor(mask.key_lengths, device=like.device)[:, None, None, None]
        padding = torch.zeros((), dtype=like.dtype, device=like.device).masked_fill(positions >= lengths, float("-inf"))
        bias = padding if bias is None else bias + padding
    return bias


def _without_empty_items(output: Tensor, normaliser: Tensor, mask: Mask) -> tuple[Tensor, Tensor]:
    """A batch item whose keys are all padding: 0 and −inf, where the softmax of nothing gives nan."""
    if mask.key_lengths is None or min(mask.key_lengths) > 0:
        return output, normaliser
    empty = torch.tensor(mask.key_lengths, device=output.device)[:, None, None] == 0
    return output.masked_fill(empty[..., None], 0.0), normaliser.masked_fill(empty, float("-inf"))


def _textbook(inputs: Inputs, mask: Mask, record: Recorder) -> tuple[Tensor, Tensor]:
    q, k, v = inputs.q, inputs.k, inputs.v
    with record.phase("scores"):
        scores = q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5
        bias = bias_for(mask, range(q.shape[2]), k.shape[2], q)
        if bias is not None:
            scores = scores + bias
    with record.phase("softmax"):
        normaliser = torch.logsumexp(scores, -1)
        weights = torch.softmax(scores, -1)
    with record.phase("output"):
        return weights @ v, normaliser


def _fused(inputs: Inputs, mask: Mask, record: Recorder) -> tuple[Tensor, Tensor]:
    q, k, v = inputs.q, inputs.k, inputs.v
    with record.phase("fused"):
        square = q.shape[2] == k.shape[2] and mask.query_offset == 0 and mask.key_lengths is None
        if square or (not mask.causal and mask.key_lengths is None):
            return fused_attention(q, k, v, causal=mask.causal)
        parts = []
        size = max(1, min(ROWS_AT_ONCE, PAIRS_AT_ONCE // k.shape[2]))
        for start in range(0, q.shape[2], size):
            record.check_cancelled()
            rows = range(start, min(start + size, q.shape[2]))
            parts.append(fused_attention(q[:, :, start : rows.stop], k, v, bias_for(mask, rows, k.shape[2], q)))
        return torch.cat([o for o, _ in parts], 2), torch.cat([z for _, z in parts], 2)


VARIANT = Full()
