"""Linformer: keys and values are mixed down along the sequence, from n to k, and every query reads the k mixtures.

Paper: Wang, Li, Khabsa, Fang and Ma 2020, "Linformer: Self-Attention with Linear Complexity", equation 7:
head = softmax(Q (E K)ᵀ/√d) · (F V), with E and F of k × n. Cost O(n·k); the n × n matrix is never made. The paper's
reason is that softmax attention is of low rank; its proof takes E and F at random, with entries from N(0, 1/k).

Sharing (section 4): headwise, E and F of each layer are shared by its heads; key-value, also E = F; layerwise, one
matrix for all layers, heads, keys and values. Mean pooling takes the means of n/k neighbours instead of a matrix.

E and F come as ``inputs.extras`` "key_projection" and "value_projection", [head or 1, k, position]; where only one is
given, E = F. Where their length is not that of the text, they are interpolated along it. What is given is used,
whatever the choices say. "From the weights", ``project`` gives those of weights that have "layers.i.key_projection"
(and "value_projection"). What is missing is drawn from the generator; one matrix for all layers from its seed less the
layer's index, which the layers of a run have in common.

Padding: the columns of E and F at padded keys do not take part; mean pooling divides the real keys alone.

Differs from the paper: nothing. It trains E and F; here they are drawn where the weights have none. It leaves open what
becomes of E at another length: interpolation, here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engines.low_rank import (
    attend_compressed,
    bin_counts,
    compressed_weights,
    draw_projection,
    pooled,
    pooling_columns,
    project_along,
    stretched,
)
from engines.patterns import Pattern, dense
from engines.problems import Problem
from engines.studies.looking_ahead import LookingAhead
from engines.studies.low_rank import LowRank
from engines.trace import SILENT, Extent, Matrix, Pairs, Products, Recorder, Step
from engines.variant import Cost, Inputs, Mask, Paper, Parameter, Parameters, Shape, State, Variant
from engines.words import english

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from engines.host_model import HostLayer, ModelShape
else:
    from engines.lazy_torch import torch

FROM_WEIGHTS, RANDOM, POOLING = "from the weights", "random (Johnson–Lindenstrauss)", "mean pooling"
GIVEN = ("key_projection", "value_projection")
NOISE = 0.1  # of a mean's weight
HEADWISE, KEY_VALUE, LAYERWISE = "headwise", "key-value", "layerwise"


class Linformer(Variant):
    name = "linformer"
    label = "Linformer"
    order = 5
    paper = Paper(
        "Wang, Li, Khabsa, Fang, Ma",
        "Linformer: Self-Attention with Linear Complexity",
        2020,
        "2006.04768",
        names="Wang, Sinong and Li, Belinda Z. and Khabsa, Madian and Fang, Han and Ma, Hao",
    )
    summary = (
        "Attention matrices are of low rank, so the n keys and values are mixed down to k, and every token reads the "
        "k mixtures. Twice the text, twice the time; but a mixture holds later tokens too, so it cannot be causal."
    )
    complexity = "O(n·k)"
    settings = (
        Parameter(
            "k",
            "integer",
            32,
            "Projected length k",
            "How many mixtures the keys and the values are projected to.",
            minimum=1,
            maximum=1 << 16,
        ),
        Parameter(
            "projection",
            "choice",
            FROM_WEIGHTS,
            "Projection",
            "What mixes the keys. From the weights: E and F that were trained, where the weights have them, else "
            "random ones. Random: numbers from N(0, 1/k). Mean pooling: the means of neighbours.",
            choices=(FROM_WEIGHTS, RANDOM, POOLING),
        ),
        Parameter(
            "sharing",
            "choice",
            KEY_VALUE,  # as the weights that come with the app have it
            "Sharing",
            "Headwise: E and F for each layer, the same for its heads. Key-value: E = F as well. Layerwise: one matrix "
            "for all layers. Mean pooling has nothing to share.",
            choices=(HEADWISE, KEY_VALUE, LAYERWISE),
        ),
    )
    masks = ("bidirectional",)
    mask_reason = "every mixture of keys holds tokens of the whole text, later ones too, so each output looks ahead."
    mask_study = LookingAhead.name
    step_names = ("project", "compressed keys", "compressed values", "weights", "output")
    records = (Products,)
    weights_note = "The weights know no E and F: without training, a large error is the truth."
    implied_weights = True
    studies = (LowRank(), LookingAhead())

    def project(self, layer: HostLayer, hidden: Tensor, parameters: Parameters, generator: torch.Generator) -> Inputs:
        inputs = super().project(layer, hidden, parameters, generator)
        prefix = f"layers.{layer.index}."
        given: dict[str, Tensor] = {}
        if parameters.projection == FROM_WEIGHTS:
            given = {name: layer.weights[prefix + name] for name in GIVEN if prefix + name in layer.weights}
        for matrix in given.values():
            if matrix.shape[1] != parameters.k:
                raise Problem("projection_of_other_k", stored=matrix.shape[1], k=parameters.k)
        projections = _projections(replace(inputs, extras=given), parameters, generator)
        return inputs if projections is None else replace(inputs, extras=dict(zip(GIVEN, projections, strict=True)))

    def layer_weights(self, shape: ModelShape, parameters: Parameters, generator: torch.Generator) -> dict[str, Tensor]:
        """E, and F where it is a matrix of its own, [1, k, position] of the trained length: near the means of bins."""
        means = pooling_columns(parameters.k, shape.trained_length, torch.arange(shape.trained_length), torch.zeros(1))
        noise = means.max() * NOISE
        names = GIVEN if parameters.sharing == HEADWISE else GIVEN[:1]
        return {name: (means + noise * torch.randn(means.shape, generator=generator))[None] for name in names}

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
        q, k, v = (x if x.stride(-1) == 1 else x.contiguous() for x in (inputs.q, inputs.k, inputs.v))
        found = _projections(inputs, parameters, generator)
        projections = found or (None, None)
        lengths = mask.key_lengths or (k.shape[2],) * k.shape[0]
        record.step("project", lambda: Products(_extents(q, k, found, parameters)))
        between, rows = record.check_cancelled, parameters.k
        with record.phase("project"):
            keys = _compressed(k, projections[0], rows, lengths, between)
            record.step("compressed keys", lambda: Matrix(keys[0]))
            values = _compressed(v, projections[1], rows, lengths, between)
            record.step("compressed values", lambda: Matrix(values[0]))
        with record.phase("attend"):
            output = _attend_items(q, keys, values, between)
        record.step("weights", lambda: Pairs(("all",)))
        record.step("output", lambda: Matrix(output[0]))
        return output, None

    def pattern(self, shape: Shape, parameters: Parameters, steps: Sequence[Step] = ()) -> Pattern:
        return dense(shape.queries, shape.keys, causal=shape.causal)

    def computed_pairs(self, shape: Shape, parameters: Parameters) -> int:
        return shape.queries * _rows(parameters, shape.keys)

    def cost(self, shape: Shape, parameters: Parameters) -> Cost:
        pooling, heads, width = parameters.projection == POOLING, shape.heads, shape.head_width
        mixing = 2 if pooling else 4 * parameters.k
        tensors = 2 * (shape.queries + shape.keys) * width * heads
        matrices = 0 if pooling else (2 if parameters.sharing == HEADWISE else 1) * parameters.k * shape.keys
        return Cost(
            flops=heads * width * (mixing * shape.keys + 4 * self.computed_pairs(shape, parameters)),
            resident_bytes=4 * (tensors + matrices),
        )

    def weights(
        self, inputs: Inputs, parameters: Parameters, steps: Sequence[Step], head: int, rows: Tensor, columns: Tensor
    ) -> Tensor:
        """The implied weights P̄·F [rows, columns]: what the output makes of each value. No run computes them.

        With mean pooling a row sums to 1; with random E and F it need not, and weights may be negative. Problem where
        F was drawn inside the run and is known no more: ``project`` keeps it in the inputs.
        """
        compressed = next(step.data for step in steps if step.name == "compressed keys")
        assert isinstance(compressed, Matrix)
        weights = compressed_weights(inputs.q[0, head].index_select(0, rows), compressed.values[head])
        if not inputs.extras and parameters.projection == POOLING:
            return weights @ pooling_columns(parameters.k, inputs.k.shape[2], columns, weights)
        if not inputs.extras:
            raise Problem("projection_unknown")
        projections = _projections(inputs, parameters, None)
        assert projections is not None
        values = projections[1]
        return weights @ values[min(head, values.shape[0] - 1)].index_select(1, columns)


def _rows(parameters: Parameters, keys: int) -> int:
    """How many mixtures there are: k, but mean pooling knows no more bins than keys."""
    return min(parameters.k, keys) if parameters.projection == POOLING else int(parameters.k)


def _projections(
    inputs: Inputs, parameters: Parameters, generator: torch.Generator | None
) -> tuple[Tensor, Tensor] | None:
    """E and F, [head or 1, k, position], given or drawn; None for mean pooling, which needs no matrix."""
    like, positions = inputs.k, inputs.k.shape[2]
    given = [inputs.extras[name] for name in GIVEN if name in inputs.extras]
    if given:
        for matrix in given:
            _check(matrix, like.shape[1], parameters.k)
        fitted = [stretched(matrix.to(like.device, like.dtype), positions) for matrix in given]
        return fitted[0], fitted[-1]
    if parameters.projection == POOLING:
        return None
    if parameters.sharing == LAYERWISE:
        seed = (generator or torch.default_generator).initial_seed() - inputs.layer
        device = generator.device if generator is not None else like.device
        generator = torch.Generator(device=device).manual_seed(seed)
    first = draw_projection(parameters.k, positions, generator, like)
    if parameters.sharing == HEADWISE:
        return first, draw_projection(parameters.k, positions, generator, like)
    return first, first


def _check(matrix: Tensor, heads: int, k: int) -> None:
    if matrix.ndim != 3 or matrix.shape[0] not in (1, heads) or matrix.shape[1] != k or not matrix.shape[2]:
        raise Problem("projection_wrong_shape", expected=f"{heads} (or 1) × {k} × n", arrived=list(matrix.shape))


def _compressed(
    x: Tensor, projection: Tensor | None, rows: int, lengths: Sequence[int], between: Callable[[], None]
) -> list[Tensor]:
    """Each batch item's k mixtures [head, row, feature] of x [batch, head, position, feature], without padding."""
    items = []
    for item, length in zip(x, lengths, strict=True):
        between()
        real = item[:, :length]
        if projection is None:
            items.append(pooled(rows, real))
        else:
            items.append(project_along(projection[:, :, :length], real, between))
    return items


def _attend_items(q: Tensor, keys: list[Tensor], values: list[Tensor], between: Callable[[], None]) -> Tensor:
    """All batch items at once, or one by one where padding leaves them different numbers of mixtures."""
    if len({item.shape[1] for item in keys}) == 1:
        return attend_compressed(q, torch.stack(keys), torch.stack(values), between)
    items = zip(q, keys, values, strict=True)
    return torch.cat([attend_compressed(one[None], e[None], f[None], between) for one, e, f in items])


def _extents(
    q: Tensor, k: Tensor, projections: tuple[Tensor, Tensor] | None, parameters: Parameters
) -> tuple[Extent, ...]:
    """What is multiplied in one head, in the order in which it is made; mean pooling has no E and no F."""
    queries, keys, width = q.shape[2], k.shape[2], q.shape[3]
    key, value = Extent("K", keys, width, "input"), Extent("V", keys, width, "input")
    if projections is None:
        rows, pooling = bin_counts(parameters.k, keys)[0], english("means of bins")
        mixed: tuple[Extent, ...] = (
            *(key, Extent("E·K", rows, width, sign="→", by=pooling)),
            *(value, Extent("F·V", rows, width, sign="→", by=pooling)),
        )
    else:
        rows, same = parameters.k, torch.equal(*projections)
        mixed = (
            *(Extent("E", rows, keys, "input"), replace(key, sign="·"), Extent("E·K", rows, width, sign="=")),
            *(Extent("F = E" if same else "F", rows, keys, "input"), replace(value, sign="·")),
            Extent("F·V", rows, width, sign="="),
        )
    return (
        *mixed,
        Extent("Q", queries, width, "input"),
        Extent("(E·K)ᵀ", width, rows, sign="·"),
        Extent("P̄", queries, rows, sign="→", by="softmax"),
        Extent("P̄", queries, rows),
        Extent("F·V", rows, width, sign="·"),
        Extent("output", queries, width, "output", sign="="),
        Extent("Q·Kᵀ", queries, keys, "never made"),
    )


VARIANT = Linformer()
