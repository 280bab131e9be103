"""Sparse Transformer: each token reads two small sets of keys that together lead to every earlier token.

Paper: Child, Gray, Radford and Sutskever 2019, "Generating Long Sequences with Sparse Transformers", section 4.2.

Query i, stride l. Strided: A(1) = {max(0, i − l) … i} and A(2) = {j ≤ i : (i − j) mod l = 0}. Fixed, with c summary
tokens: A(1) = {j ≤ i : ⌊j/l⌋ = ⌊i/l⌋} and A(2) = {j ≤ i : j mod l ∈ {l − c … l − 1}}. Heads merged: one softmax over
the union, each pair once. Interleaved: layer r uses A(1) if r is even, A(2) if it is odd. One pattern per head: the
same by head. Any earlier token is joined to a later one in at most 3 steps; with l ≈ √n the cost is O(n·√n).

Differs from the paper: it prints the fixed summary as {l − c … l}, whose l no remainder reaches; here l − 1. Where
A(2) of the fixed scheme is alone, the first l − c tokens have no key at all, and their output is 0. Differs from the
official code: its strided window holds l tokens, the paper's l + 1; a flag chooses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engines.factorised import Factorised, Fixed, Sets, Span, Strided
from engines.patterns import Pattern, fixed, strided
from engines.recomputed import attend_recomputed
from engines.trace import SILENT, Matrix, PairValues, Recorder, Step
from engines.variant import Cost, Inputs, Mask, Paper, Parameter, Parameters, Shape, State, Variant

if TYPE_CHECKING:
    import torch
    from torch import Tensor


class SparseTransformer(Variant):
    name = "sparse-transformer"
    label = "Sparse Transformer"
    short_label = "Sparse"
    order = 2
    paper = Paper(
        "Child, Gray, Radford, Sutskever",
        "Generating Long Sequences with Sparse Transformers",
        2019,
        "1904.10509",
        names="Child, Rewon and Gray, Scott and Radford, Alec and Sutskever, Ilya",
    )
    summary = (
        "Every token reads two small sets: its neighbourhood, and a few tokens spread over all that came before. A "
        "second step through one of those reaches everything. Strided suits pictures and sound, fixed suits text."
    )
    complexity = "O(n·√n)"
    settings = (
        Parameter(
            "scheme",
            "choice",
            "strided",
            "Scheme",
            "Strided: the last ℓ tokens, and every ℓ-th before. Fixed: the own block of ℓ tokens, and the last c of "
            "each earlier block.",
            choices=("strided", "fixed"),
            learned=True,
        ),
        Parameter(
            "stride",
            "integer",
            8,
            "Stride ℓ",
            "Length of the window and distance of the far keys; for a picture, its width. Auto: √n, rounded.",
            minimum=0,
            maximum=1 << 20,
            unit="tokens",
            zero="auto",
        ),
        Parameter(
            "summary",
            "integer",
            2,
            "Summary c",
            "Fixed scheme: the last c tokens of each block are read by all later ones; more than ℓ count as ℓ.",
            minimum=1,
            maximum=1 << 20,
            unit="tokens",
        ),
        Parameter(
            "heads",
            "choice",
            "merged",
            "Heads",
            "Merged: every head reads both sets. Interleaved: even layers read the first set, odd ones the second. One "
            "pattern per head: even heads the first, odd ones the second.",
            choices=("merged", "interleaved", "one pattern per head"),
        ),
        Parameter(
            "official_window",
            "flag",
            False,
            "Local window as in the official code",
            "Strided scheme: the window holds ℓ tokens, the token itself included, rather than the paper’s ℓ + 1.",
        ),
    )
    masks = ("causal",)
    mask_reason = "its two sets are defined among earlier tokens; the paper generates, one token after the other."
    step_names = ("first set", "second set", "softmax", "output")

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
        (batch, heads, queries, _), keys = inputs.q.shape, inputs.k.shape[2]
        counts = tuple(min(count, keys) for count in mask.key_lengths or (keys,) * batch)
        scheme = scheme_of(parameters, max(queries + mask.query_offset, keys))
        groups = heads_with_sets(parameters, inputs.layer, heads)
        attention = Factorised(scheme, groups, counts, mask.query_offset)
        output, normaliser = attend_recomputed(attention, inputs.q, inputs.k, inputs.v, record)
        record.step("softmax", lambda: PairValues(normaliser[0]))
        record.step("output", lambda: Matrix(output[0]))
        return output, None

    def pattern(self, shape: Shape, parameters: Parameters, steps: Sequence[Step] = ()) -> Pattern:
        scheme = scheme_of(parameters, max(shape.queries, shape.keys))
        sets = sets_of(parameters, shape.layer, shape.head)
        if isinstance(scheme, Strided):
            return strided(shape.queries, shape.keys, scheme.stride, scheme.local, sets)
        return fixed(shape.queries, shape.keys, scheme.stride, scheme.summary, sets)

    def computed_pairs(self, shape: Shape, parameters: Parameters) -> int:
        scheme = scheme_of(parameters, max(shape.queries, shape.keys))
        return scheme.computed(sets_of(parameters, shape.layer, shape.head), Span(shape.queries, shape.keys))

    def cost(self, shape: Shape, parameters: Parameters) -> Cost:
        pairs = sum(self.computed_pairs(replace(shape, head=head), parameters) for head in range(min(2, shape.heads)))
        pairs = pairs * shape.heads // min(2, shape.heads)  # heads differ in turn, if at all
        tensors = 2 * (shape.queries + shape.keys) * shape.head_width * shape.heads
        return Cost(flops=4 * pairs * shape.head_width, resident_bytes=4 * tensors)

    def automatic(self, parameters: Parameters, length: int) -> Mapping[str, int]:
        return {"stride": scheme_of(parameters, length).stride}

    def fold_width(self, shape: Shape, parameters: Parameters) -> int:
        """A row of the grid for each stride: the second set is a column, or the last columns."""
        return scheme_of(parameters, max(shape.queries, shape.keys)).stride


def scheme_of(parameters: Parameters, length: int) -> Strided | Fixed:
    """The scheme in a text of ``length`` tokens."""
    stride = parameters.stride or max(1, round(length**0.5))
    if parameters.scheme == "strided":
        return Strided(stride, stride - 1 if parameters.official_window else stride)
    return Fixed(stride, min(parameters.summary, stride))


def sets_of(parameters: Parameters, layer: int, head: int) -> Sets:
    """Which of the two sets a head reads."""
    if parameters.heads == "merged":
        return "both"
    number = layer if parameters.heads == "interleaved" else head
    return "second" if number % 2 else "first"


def heads_with_sets(parameters: Parameters, layer: int, heads: int) -> tuple[tuple[slice, Sets], ...]:
    """Heads that read the same sets, together."""
    if parameters.heads != "one pattern per head":
        return ((slice(0, heads), sets_of(parameters, layer, 0)),)
    return tuple((slice(head, heads, 2), sets_of(parameters, layer, head)) for head in range(min(2, heads)))


VARIANT = SparseTransformer()
