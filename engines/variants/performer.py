"""Performer: softmax attention estimated through random features, at a cost linear in the length.

Paper: Choromanski et al. 2021, "Rethinking Attention with Performers", sections 2.2 to 2.4 (FAVOR+).

The softmax kernel exp(qᵀk/√d) is the mean of φ_ω(q)φ_ω(k) over Gaussian vectors ω (``engines.random_features``), so
with m of them softmax attention becomes φ(q_i)ᵀS / φ(q_i)ᵀz with S = Σ φ(k_j) v_jᵀ and z = Σ φ(k_j), which is summed up
once for all queries, or causally as a running state (``engines.feature_attention``). q and k are multiplied by d^−¼
first. "m" counts the vectors ω: hyperbolic and trigonometric features are 2m.

Stabiliser: each feature of a key is held relative to the largest value of that feature so far ("log_scale"), which the
queries' features carry instead, and a query's features are relative to their sum. All of it cancels in the ratio. The
denominator is then at least 1 for all keys together, and nothing is added to it. Causally the scale runs: at a
position it covers the keys up to the end of its block of some thousand positions, so later keys touch the rounding
of a result only; where each key that a query sees is smaller than one of those by e^−70, the output fades to 0.

ω: ``extras["features"]`` [head or 1, m, d]; ``project`` draws them, and ``attend`` where they are missing. State: "S"
[batch, head, feature, value], "z" and "log_scale" [batch, head, feature], held in float32 at least; no gradient flows
through it. A state continues only under the ω it was made with.

Differs from the paper: nothing. Unlike the official code there is no 1e-6 inside the features, the stabiliser of the
keys is one number for each feature and not one for all of them, and the default is m = 64 (there 256). Each head has
its own ω. With norms √d the estimate is no longer unbiased (section 4 of the paper, "SMREG").
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engines.feature_attention import FeatureMap, Layout, chunk_pairs
from engines.feature_gradients import feature_attention
from engines.feature_records import implied_weights, log_normalisers, products_to_scale, state_over_time
from engines.patterns import Pattern, dense
from engines.random_features import KINDS, NORMS, draw_features, random_feature_map
from engines.studies.random_feature_error import RandomFeatureError
from engines.studies.state_or_cache import StateOrCache
from engines.trace import SILENT, Matrix, Products, Recorder, StateOverTime, Step
from engines.variant import Cost, Inputs, Mask, Paper, Parameter, Parameters, Shape, State, Variant

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from engines.host_model import HostLayer
else:
    from engines.lazy_torch import torch

CHUNK = 128
SEED_STEP = 0x9E3779B97F4A7C15  # large and odd, so that seeds and layers close to each other do not meet


class Performer(Variant):
    name = "performer"
    label = "Performer"
    order = 7
    paper = Paper(
        "Choromanski et al.",
        "Rethinking Attention with Performers",
        2021,
        "2009.14794",
        "ICLR 2021",
        names=(
            "Choromanski, Krzysztof and Likhosherstov, Valerii and Dohan, David and Song, Xingyou and Gane, "
            "Andreea and Sarlos, Tamas and Hawkins, Peter and Davis, Jared and Mohiuddin, Afroz and Kaiser, "
            "Łukasz and Belanger, David and Colwell, Lucy and Weller, Adrian"
        ),
    )
    summary = (
        "Random features of a query and of a key multiply, on average, to the very number that softmax gives the pair. "
        "So softmax attention is estimated without comparing pairs: keys and values are summed up once, feature by "
        "feature. More features come closer; the work grows with the length and with their number."
    )
    complexity = "O(n·m·d)"
    settings = (
        Parameter(
            "m",
            "integer",
            64,
            "Random vectors m",
            "How many random vectors make the features. The squared error of an estimate falls as 1/m; time and state "
            "grow with m.",
            minimum=1,
            maximum=8192,
        ),
        Parameter(
            "features",
            "choice",
            "positive",
            "Features",
            "Positive: exponentials, never below 0. Hyperbolic: also those of the opposite vectors, 2m features. "
            "Trigonometric: sines and cosines, 2m features, poor where weights are small.",
            choices=KINDS,
        ),
        Parameter(
            "orthogonal",
            "flag",
            True,
            "Orthogonal",
            "Random vectors at right angles to each other, in blocks of d; off: drawn independently.",
        ),
        Parameter(
            "norms",
            "choice",
            "Gaussian",
            "Norms",
            "Lengths of the random vectors: of Gaussian vectors, which gives no bias; or all √d, which varies less and "
            "is a little biased.",
            choices=NORMS,
        ),
        Parameter(
            "redraw",
            "integer",
            0,
            "Drawing",
            "Which drawing of the random vectors to use; every number is another one, and nothing else changes.",
            minimum=0,
            maximum=1_000_000,
        ),
    )
    step_names = ("random features", "feature map", "state", "normaliser", "output")
    records = (StateOverTime, Products)
    weights_note = (
        "These weights were trained with exact softmax attention, which Performer only estimates: where queries and "
        "keys are long, the error is large."
    )
    implied_weights = True
    studies = (RandomFeatureError(), StateOrCache())

    def project(self, layer: HostLayer, hidden: Tensor, parameters: Parameters, generator: torch.Generator) -> Inputs:
        q, k, v = layer.queries_keys_values(hidden)
        return Inputs(q, k, v, layer.index, {"features": drawn_features(q, parameters, generator)})

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
        omega = inputs.extras.get("features")
        if omega is None:
            omega = drawn_features(q, parameters, generator)
        record.step("random features", lambda: Matrix(omega.expand(q.shape[1], -1, -1)))
        features, layout = feature_map(omega, q, parameters), _layout(inputs, parameters, mask)
        before = _before(state)
        queries, width = q.shape[2:]
        record.step("feature map", lambda: products_to_scale(queries, k.shape[2], width, v.shape[3], features.width))
        with record.phase("state"):
            output, _, sums, peak = feature_attention(features, layout, q, k, v, before, record)
        assert peak is not None  # these features are relative to one
        held = (sums[0].numel() + peak[0].numel()) * sums.element_size() if len(sums) else 0
        record.step("state", lambda: state_over_time(features, layout, inputs, output, held, before))
        record.step("normaliser", lambda: Matrix(log_normalisers(features, layout, q, k, before)))
        record.step("output", lambda: Matrix(output[0]))
        return output, State({"S": sums[..., :-1], "z": sums[..., -1], "log_scale": peak})

    def pattern(self, shape: Shape, parameters: Parameters, steps: Sequence[Step] = ()) -> Pattern:
        return dense(shape.queries, shape.keys, causal=shape.causal)

    def computed_pairs(self, shape: Shape, parameters: Parameters) -> int:
        """Products of a query with a key: those inside the chunks of a causal run, and none of any other."""
        return chunk_pairs(shape.queries, CHUNK) if shape.causal else 0

    def cost(self, shape: Shape, parameters: Parameters) -> Cost:
        d, width, positions = shape.head_width, feature_count(parameters), shape.queries + shape.keys
        inside = 2 * self.computed_pairs(shape, parameters) * (width + d)
        flops = inside + 2 * positions * (parameters.m * d + width * (d + 1))
        return Cost(flops=shape.heads * flops, resident_bytes=4 * shape.heads * 2 * positions * d)

    def state_bytes(self, shape: Shape, parameters: Parameters, bytes_per_value: int = 4) -> int:
        """S, z and the scale of each feature, at any length; in float32 where values are shorter."""
        return shape.heads * feature_count(parameters) * (shape.head_width + 2) * max(4, bytes_per_value)

    def weights(
        self, inputs: Inputs, parameters: Parameters, steps: Sequence[Step], head: int, rows: Tensor, columns: Tensor
    ) -> Tensor:
        """The weights [rows, columns] that the output implies: φ(q)ᵀφ(k) over the recorded normaliser."""
        omega, normaliser = (_matrix(steps, name) for name in ("random features", "normaliser"))
        q, k = inputs.q[0, head].index_select(0, rows), inputs.k[0, head].index_select(0, columns)
        features = feature_map(omega, q, parameters)
        return implied_weights(features, q, k, head, normaliser[head].index_select(0, rows))


def drawn_features(q: Tensor, parameters: Parameters, generator: torch.Generator | None) -> Tensor:
    """ω [head, m, d] for queries q [batch, head, position, d]; each ``redraw`` but 0 has a seed of its own."""
    if parameters.redraw:
        seed = generator.initial_seed() if generator is not None else torch.initial_seed()
        seed = (seed + parameters.redraw * SEED_STEP) % (1 << 63)
        generator = torch.Generator(generator.device if generator is not None else q.device).manual_seed(seed)
    like = torch.empty(0, dtype=torch.promote_types(q.dtype, torch.float32), device=q.device)
    sizes = q.shape[1], parameters.m, q.shape[3]
    return draw_features(*sizes, parameters.orthogonal, parameters.norms, generator, like)


def feature_map(omega: Tensor, like: Tensor, parameters: Parameters) -> FeatureMap:
    """φ of the parameters' kind from ω, in the dtype that the run computes in."""
    return random_feature_map(omega.to(torch.promote_types(like.dtype, torch.float32)), parameters.features)


def feature_count(parameters: Parameters) -> int:
    """Features of one query or key."""
    return parameters.m if parameters.features == "positive" else 2 * parameters.m


def _layout(inputs: Inputs, parameters: Parameters, mask: Mask) -> Layout:
    """Denominators of positive features cannot reach 0, but for what float32 cannot hold; others may."""
    tiny = torch.finfo(torch.promote_types(inputs.q.dtype, torch.float32)).tiny
    least = float("-inf") if parameters.features == "trigonometric" else tiny**0.8
    return Layout.of(inputs, mask, CHUNK, least=least)


def _before(state: State | None) -> tuple[Tensor | None, Tensor | None]:
    if state is None:
        return None, None
    tensors = state.tensors
    return torch.cat([tensors["S"], tensors["z"][..., None]], -1), tensors["log_scale"]


def _matrix(steps: Sequence[Step], name: str) -> Tensor:
    """The values of the recorded matrix of that name."""
    data = next(step.data for step in steps if step.name == name)
    assert isinstance(data, Matrix)
    return data.values


VARIANT = Performer()
