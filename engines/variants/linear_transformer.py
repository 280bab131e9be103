"""Linear Transformer: softmax replaced by a product of features, so that the past becomes one matrix.

Paper: Katharopoulos, Vyas, Pappas and Fleuret 2020, "Transformers are RNNs: Fast Autoregressive Transformers with
Linear Attention", equations 5 to 12 and 16 to 20.

The weight of a pair is φ(q_i)ᵀφ(k_j) with φ(x) = elu(x) + 1, divided by its sum over the keys that i sees. Since φ(q_i)
does not depend on j, it moves out of the sums:

    out_i = φ(q_i)ᵀ S_i / (φ(q_i)ᵀ z_i + ε),  S_i = Σ φ(k_j) v_jᵀ,  z_i = Σ φ(k_j)

over all j, or causally over j ≤ i, where S_i = S_{i−1} + φ(k_i) v_iᵀ is a recurrence of constant size. O(n·d²) time;
the next token costs O(d²) however long the text was. Causally the run is in chunks (``engines.feature_attention``).

State: "S" [batch, head, feature, value] and "z" [batch, head, feature], held in float32 at least. Given one, the keys
of a call come after those it has seen; no gradient flows through it. There are no extras.

Differs from the paper: nothing. Queries and keys are not scaled by 1/√d, as there; ε = 1e-6 is added below, which
equation 9 does not write and the official code does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engines.feature_attention import FeatureMap, Layout, chunk_pairs
from engines.feature_gradients import feature_attention
from engines.feature_records import implied_weights, log_normalisers, products_to_scale, state_over_time
from engines.patterns import Pattern, dense
from engines.room import FRESH, Room
from engines.studies.state_or_cache import StateOrCache
from engines.trace import SILENT, Matrix, Products, Recorder, StateOverTime, Step
from engines.variant import Cost, Inputs, Mask, Paper, Parameter, Parameters, Shape, State, Variant

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch

EPSILON = 1e-6


class EluPlusOne(FeatureMap):
    """φ(x) = elu(x) + 1: x + 1 above 0, eˣ below."""

    scaled = False

    def __init__(self, width: int) -> None:
        self.width = width

    def of_keys(self, k: Tensor, heads: slice, peak: Tensor | None, room: Room = FRESH) -> tuple[Tensor, Tensor | None]:
        return elu_plus_one(k, "keys", room), peak

    def of_queries(self, q: Tensor, heads: slice, peak: Tensor | None, room: Room = FRESH) -> Tensor:
        return elu_plus_one(q, "queries", room)

    def query_scale(self, q: Tensor, heads: slice, peak: Tensor | None) -> Tensor:
        return torch.zeros(q.shape[:2], dtype=q.dtype, device=q.device)

    def key_gradient(self, k: Tensor, heads: slice, features: Tensor, grad: Tensor) -> Tensor:
        return grad * features.clamp(max=1)

    def query_gradient(self, q: Tensor, heads: slice, features: Tensor, grad: Tensor) -> Tensor:
        return grad * features.clamp(max=1)


def elu_plus_one(x: Tensor, name: str, room: Room) -> Tensor:
    """max(x, 0) + exp(min(x, 0)); ``elu`` takes twice as long. ``name`` is that of the room for it."""
    below = torch.clamp(x, max=0, out=room(name, x, *x.shape))
    return below.exp_().add_(torch.clamp(x, min=0, out=room("above", x, *x.shape)))


class LinearTransformer(Variant):
    name = "linear-transformer"
    label = "Linear Transformer"
    short_label = "Linear"
    order = 6
    paper = Paper(
        "Katharopoulos, Vyas, Pappas, Fleuret",
        "Transformers are RNNs: Fast Autoregressive Transformers with Linear Attention",
        2020,
        "2006.16236",
        "ICML 2020",
        names="Katharopoulos, Angelos and Vyas, Apoorv and Pappas, Nikolaos and Fleuret, François",
    )
    summary = (
        "The weight of a pair is a product of positive features of the query and of the key, so keys and values can be "
        "summed up once, in a matrix that does not grow, and every query reads that. It does not approximate "
        "softmax; it replaces it. Writing one more token costs the same after any number of tokens."
    )
    complexity = "O(n·d²)"
    settings = (
        Parameter(
            "chunk_length",
            "integer",
            64,
            "Chunk length",
            "A causal run multiplies queries and keys inside chunks of this many tokens, and reads all earlier ones "
            "from the running state. It changes the speed, not the result; 1 is the recurrence, token by token.",
            minimum=1,
            maximum=2048,
            unit="tokens",
        ),
    )
    step_names = ("feature map", "state", "normaliser", "output")
    records = (StateOverTime, Products)
    weights_note = (
        "These weights were trained with softmax, which this variant replaces; what it attends to differs from what "
        "the weights learned."
    )
    implied_weights = True
    studies = (StateOrCache(),)

    def attend(
        self,
        inputs: Inputs,
        parameters: Parameters,
        mask: Mask,
        state: State | None = None,
        generator: torch.Generator | None = None,
        record: Recorder = SILENT,
    ) -> tuple[Tensor, State | None]:
        q, k, v = inputs.q, inputs.k, inputs.v
        features, layout = EluPlusOne(q.shape[-1]), Layout.of(inputs, mask, parameters.chunk_length, epsilon=EPSILON)
        before = torch.cat([state.tensors["S"], state.tensors["z"][..., None]], -1) if state is not None else None
        queries, width = q.shape[2:]
        record.step("feature map", lambda: products_to_scale(queries, k.shape[2], width, v.shape[3], width))
        with record.phase("state"):
            output, _, sums, _ = feature_attention(features, layout, q, k, v, (before, None), record)
        held = sums[0].numel() * sums.element_size() if len(sums) else 0
        record.step("state", lambda: state_over_time(features, layout, inputs, output, held, (before, None)))
        record.step("normaliser", lambda: Matrix(log_normalisers(features, layout, q, k, (before, None))))
        record.step("output", lambda: Matrix(output[0]))
        return output, State({"S": sums[..., :-1], "z": sums[..., -1]})

    def pattern(self, shape: Shape, parameters: Parameters, steps: Sequence[Step] = ()) -> Pattern:
        return dense(shape.queries, shape.keys, causal=shape.causal)

    def computed_pairs(self, shape: Shape, parameters: Parameters) -> int:
        """Products of a query with a key: those inside the chunks of a causal run, and none of any other."""
        return chunk_pairs(shape.queries, parameters.chunk_length) if shape.causal else 0

    def cost(self, shape: Shape, parameters: Parameters) -> Cost:
        d = shape.head_width
        inside = 2 * self.computed_pairs(shape, parameters) * 2 * d
        through_state = 2 * (shape.queries + shape.keys) * d * (d + 1)
        tensors = 2 * (shape.queries + shape.keys) * d
        return Cost(flops=shape.heads * (inside + through_state), resident_bytes=4 * shape.heads * tensors)

    def state_bytes(self, shape: Shape, parameters: Parameters, bytes_per_value: int = 4) -> int:
        """S and z, at any length; in float32 where values are shorter."""
        return shape.heads * shape.head_width * (shape.head_width + 1) * max(4, bytes_per_value)

    def weights(
        self, inputs: Inputs, parameters: Parameters, steps: Sequence[Step], head: int, rows: Tensor, columns: Tensor
    ) -> Tensor:
        """The weights [rows, columns] that the output implies: φ(q)ᵀφ(k) over the recorded normaliser."""
        normaliser = next(step.data for step in steps if step.name == "normaliser")
        assert isinstance(normaliser, Matrix)
        q, k = inputs.q[0, head].index_select(0, rows), inputs.k[0, head].index_select(0, columns)
        return implied_weights(EluPlusOne(q.shape[-1]), q, k, head, normaliser.values[head].index_select(0, rows))


VARIANT = LinearTransformer()
