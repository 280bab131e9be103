"""Full attention: softmax(QKᵀ/√d_k) V, every query against every key it may see.

Paper: Vaswani et al. 2017, "Attention Is All You Need", equation 1.

Two implementations of the same numbers. "textbook" writes the n × n scores out, as the paper's formula and most
explanations do: O(n²) time and memory. "fused" is what practice uses: tiled, the scores never leave the processor's
cache (Dao et al. 2022): O(n²) time, O(n) memory, backward too. Both are baselines; comparing with the first alone
flatters everybody.

Differs from the paper: nothing, unless "shared QK" is on. Then the keys are the queries made unit length, k = q/‖q‖
(``inputs.k`` is not read), and a token attends to itself only where it has no other key: the full attention that
Reformer's rounds approach, one after the other (Kitaev, Kaiser, Levskaya 2020, section 2 and its comparison of shared
with separate QK).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engines.dense_regions import DenseAttention
from engines.patterns import Pattern, Pieces, dense
from engines.patterns.bands import Band
from engines.patterns.subset import Subset
from engines.problems import Problem
from engines.recomputed import attend_recomputed
from engines.trace import SILENT, Matrix, Pairs, PairValues, Recorder, Step
from engines.unit_keys import unit_keys
from engines.variant import Cost, Inputs, Mask, Paper, Parameter, Parameters, Shape, State, Variant
from engines.words import Words, english

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch


class Full(Variant):
    name = "full"
    label = "Full"
    order = 0
    paper = Paper(
        "Vaswani et al.",
        "Attention Is All You Need",
        2017,
        "1706.03762",
        "NeurIPS 2017",
        names=(
            "Vaswani, Ashish and Shazeer, Noam and Parmar, Niki and Uszkoreit, Jakob and Jones, Llion and "
            "Gomez, Aidan N. and Kaiser, Łukasz and Polosukhin, Illia"
        ),
    )
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
        Parameter(
            "shared_qk",
            "flag",
            False,
            "Shared QK",
            "The keys are the queries made unit length, and a token reads itself only where it has nothing else to "
            "read: what Reformer’s rounds approach. Weights trained with keys of their own did not learn it.",
            learned=True,
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
        shared = bool(parameters.shared_qk)
        if shared:
            inputs = self._with_shared_keys(inputs, mask)
        record.step("scores", lambda: Pairs(("all", "self") if shared else ("all",)))
        record.check_cancelled()
        if parameters.implementation == "textbook":
            output, normaliser = _textbook(inputs, mask, shared, record)
        else:
            with record.phase("fused"):
                output, normaliser = attend_recomputed(
                    DenseAttention(mask, shared), inputs.q, inputs.k, inputs.v, record
                )
        record.step("softmax", lambda: PairValues(normaliser[0]))
        record.step("output", lambda: Matrix(output[0]))
        return output, None

    def _with_shared_keys(self, inputs: Inputs, mask: Mask) -> Inputs:
        """Unit keys from the queries; a Problem where queries and keys are not the same tokens."""
        queries, keys = inputs.q.shape[2], inputs.v.shape[2]
        if queries != keys or mask.query_offset:
            raise Problem(
                "mask_not_supported",
                variant=Words("{label} with shared QK", {"label": self.label}),
                mask=Words("{queries} queries against {keys} keys", {"queries": queries, "keys": keys}),
                reason=english("its queries are its keys, so every token is both; give it the whole sequence."),
            )
        return replace(inputs, k=unit_keys(inputs.q))

    def pattern(self, shape: Shape, parameters: Parameters, steps: Sequence[Step] = ()) -> Pattern:
        if parameters.shared_qk:
            return without_themselves(shape.keys, shape.causal)
        return dense(shape.queries, shape.keys, causal=shape.causal)

    def computed_pairs(self, shape: Shape, parameters: Parameters) -> int:
        """The textbook computes what it masks, too; the fused kernel skips it."""
        if parameters.implementation == "textbook":
            return shape.queries * shape.keys
        return super().computed_pairs(shape, parameters)

    def scores(self, inputs: Inputs, parameters: Parameters, head: int, rows: Tensor, columns: Tensor) -> Tensor:
        if not parameters.shared_qk:
            return super().scores(inputs, parameters, head, rows, columns)
        q = inputs.q[0, head]
        keys = unit_keys(q.index_select(0, columns))
        return (q.index_select(0, rows) @ keys.T) / q.shape[-1] ** 0.5

    def cost(self, shape: Shape, parameters: Parameters) -> Cost:
        pairs = shape.queries * shape.keys * (0.5 if shape.causal else 1.0)
        written = shape.queries * shape.keys if parameters.implementation == "textbook" else 0
        tensors = 2 * shape.queries * shape.head_width + 2 * shape.keys * shape.head_width
        return Cost(
            flops=4 * pairs * shape.head_width * shape.heads, resident_bytes=4 * shape.heads * (2 * written + tensors)
        )


def without_themselves(length: int, causal: bool) -> Pieces:
    """Every pair that the mask allows but a token's own, "all"; that one, "self", where it is the only one."""
    every = Subset.everything(length)
    before, after = Band("all", every, every, -length, -1), Band("all", every, every, 1, length)
    alone = Subset.of(length, range(1 if causal or length == 1 else 0))
    itself = Band("self", alone, alone, 0, 0)
    return Pieces(length, length, causal, (before, itself) if causal else (before, after, itself))


def bias_for(mask: Mask, queries: int, keys: int, itself_last: bool, like: Tensor) -> Tensor | None:
    """0 where a pair may be looked at, −inf where not: [batch or 1, 1, queries, keys or 1]; None where all may.

    ``itself_last`` leaves a token's pair with itself out unless it is the only one that the token has.
    """
    columns = torch.arange(keys, device=like.device)
    rows = torch.arange(queries, device=like.device)[:, None] + mask.query_offset
    excluded = None
    if mask.causal:
        excluded = (columns > rows)[None, None]
    if mask.key_lengths is not None:
        padding = columns >= torch.tensor(mask.key_lengths, device=like.device)[:, None, None, None]
        excluded = padding if excluded is None else excluded | padding
    if itself_last:
        excluded = torch.zeros_like(columns == rows) if excluded is None else excluded
        besides = excluded | (columns == rows)
        excluded = torch.where(besides.all(-1, keepdim=True), excluded, besides)
    if excluded is None:
        return None
    return torch.zeros((), dtype=like.dtype, device=like.device).masked_fill(excluded, float("-inf"))


def _textbook(inputs: Inputs, mask: Mask, itself_last: bool, record: Recorder) -> tuple[Tensor, Tensor]:
    q, k, v = inputs.q, inputs.k, inputs.v
    with record.phase("scores"):
        scores = q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5
        bias = bias_for(mask, q.shape[2], k.shape[2], itself_last, q)
        nothing = _without_keys(mask, bias)
        if bias is not None:
            scores = scores + (bias if nothing is None else bias.masked_fill(nothing, 0))
    with record.phase("softmax"):
        normaliser = torch.logsumexp(scores, -1)
        weights = torch.softmax(scores, -1)
    with record.phase("output"):
        output = weights @ v
    if nothing is None:
        return output, normaliser
    return output.masked_fill(nothing, 0), normaliser.masked_fill(nothing[..., 0], float("-inf"))


def _without_keys(mask: Mask, bias: Tensor | None) -> Tensor | None:
    """Queries whose keys are all padding or all later, [batch or 1, 1, queries or 1, 1]; None where there are none.

    The softmax of nothing would be nan, and its gradient too.
    """
    if bias is None or (mask.query_offset >= 0 and min(mask.key_lengths or (1,)) > 0):
        return None
    return (bias == float("-inf")).all(-1, keepdim=True)


VARIANT = Full()
