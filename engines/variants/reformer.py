"""Reformer: attention within buckets of a locality-sensitive hash.

Paper: Kitaev, Kaiser, Levskaya 2020, "Reformer: The Efficient Transformer", section 2. A token's attention goes mostly
to the keys that point its way, and an angular hash finds those without comparing every pair:

1. share QK: the keys are the queries made unit length, k = q/‖q‖ (``inputs.k`` is not read).
2. hash: h(q) = argmax([qR; −qR]), R Gaussian (``engines.hashing``), once for each round.
3. sort: the tokens by (bucket, position); a bucket's tokens become neighbours.
4. chunk: cut the order into chunks of m places; a chunk attends to itself and to the one before. Only pairs of one
   bucket count; causal compares original positions. A token attends to itself only where it has no other target.
5. combine rounds: with z⁽ʳ⁾ the log-normaliser of round r, o = Σ_r exp(z⁽ʳ⁾ − z) o⁽ʳ⁾ (its appendix on several rounds).
   Inside a round, log N_ij is taken from the score, N_ij being in how many rounds j is among i's targets. So the
   rounds together are exactly the softmax over the union of their pairs.

Rotations: ``extras["rotations"]`` is [head or 1, round, feature, column], with Σ bᵢ/2 columns, b₁ … the hash's factors;
where it is missing it is drawn from the generator.

Gradients reach q (as query and, through k = q/‖q‖, as key) and v; the rotations get none, since a hash has no slope.

Differs from the paper: scores are divided by √d unless ``score_scale`` is 1, and many buckets are hashed in two
factors unless ``hashing`` says one stage. "Itself only as last resort" is decided over all rounds and exactly, where
the paper subtracts 10⁵ from the score, which costs float32 its small digits. The number of buckets is free: the paper's
2n/m unless given. Tokens that are padding (``Mask.key_lengths``) are sorted behind all others and attend to nothing.

Differs from the official code, unless the option named says otherwise:

- ``correction`` off: log N_ij is not taken off, as there by default. The softmax then runs over pairs *in rounds*: a
  pair that N_ij rounds find has N_ij times the weight, and ``weights`` gives that sum.
- ``ring``: there the first chunk looks at the last one. Here this is so inside a round and inside a bucket: it shows
  where one bucket reaches from the first chunk into the last, looking both ways.
- ``score_scale`` 1: trax does not divide by √d (reformer-pytorch does).
- ``hashing`` one stage: one rotation with b/2 columns, however many buckets.
- No option: there, tokens of other buckets in the chunks are attended to as well. The paper, and this file, mask them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from engines.bucket_chunks import attend_in_chunks
from engines.bucket_gradients import gradients_in_chunks
from engines.bucket_places import Places, sort_by_bucket
from engines.hashing import angular_hash, bucket_count, bucket_factors, draw_rotations
from engines.patterns import Pattern, hashed_chunks
from engines.problems import Problem
from engines.trace import SILENT, Blocks, Groups, Matrix, Order, PairValues, Recorder, Step
from engines.unit_keys import inverse_norms, unit_keys
from engines.variant import Cost, Inputs, Mask, Paper, Parameter, Parameters, Shape, State, Variant
from engines.words import Words, english

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch

ONE_STAGE_UP_TO = 128


class Reformer(Variant):
    name = "reformer"
    label = "Reformer"
    order = 4
    paper = Paper(
        "Kitaev, Kaiser, Levskaya",
        "Reformer: The Efficient Transformer",
        2020,
        "2001.04451",
        "ICLR 2020",
        names="Kitaev, Nikita and Kaiser, Łukasz and Levskaya, Anselm",
    )
    summary = (
        "Tokens that point the same way fall into the same bucket of a hash; sorted by bucket they become neighbours, "
        "and each attends only inside its bucket, within its chunk and the one before. Several rounds of hashing "
        "catch the pairs that one round misses."
    )
    complexity = "O(n·log n)"
    settings = (
        Parameter(
            "chunk_length",
            "integer",
            16,
            "Chunk length",
            "The sorted tokens are cut into chunks of this many; a chunk attends to itself and the one before.",
            minimum=2,
            maximum=65536,
            unit="tokens",
        ),
        Parameter(
            "rounds",
            "integer",
            4,
            "Hash rounds",
            "How often to hash, each time with other rotations. More rounds find more of the pairs that matter.",
            minimum=1,
            maximum=16,
        ),
        Parameter(
            "buckets",
            "integer",
            0,
            "Buckets",
            "How many buckets the hash has, rounded up to an even number; 1 puts all tokens together. "
            "Auto: 2n/m, so that a chunk holds two buckets on average.",
            minimum=0,
            maximum=1048576,
            zero="auto",
        ),
        Parameter(
            "score_scale",
            "choice",
            "1/√d",
            "Score scale",
            "What the products of queries and unit keys are multiplied by; 1 as in the official code.",
            choices=("1/√d", "1"),
        ),
        Parameter(
            "hashing",
            "choice",
            "auto",
            "Hashing",
            "One stage: as in the paper, work grows with the buckets. Two factors: two small hashes name a bucket "
            "together, work grows with their square root. Auto: two factors above 128 buckets.",
            choices=("auto", "one stage", "two factors"),
        ),
        Parameter(
            "correction",
            "flag",
            True,
            "Count a pair once",
            "Takes log N_ij from the score of a pair that N_ij rounds found, so that it counts once. Off as in the "
            "official code: it then counts N_ij times.",
        ),
        Parameter(
            "ring",
            "flag",
            False,
            "Ring of chunks",
            "The first chunk also looks at the last one, as in the official code. Only a bucket that reaches from one "
            "to the other notices, and only looking both ways: in the last chunk stand its later tokens.",
        ),
    )
    step_names = ("share QK", "hash", "sort", "chunk", "attend", "combine rounds", "output")
    records = (Groups, Order, Blocks)
    weights_note = (
        "These weights were trained with separate queries and keys; Reformer uses the queries as its keys too, "
        "so what it attends to differs from what the weights learned."
    )

    def attend(
        self,
        inputs: Inputs,
        parameters: Parameters,
        mask: Mask,
        state: State | None = None,
        generator: torch.Generator | None = None,
        record: Recorder = SILENT,
    ) -> tuple[Tensor, State | None]:
        self._check(inputs, mask)
        batch, heads, length, width = inputs.q.shape
        q, v = inputs.q.flatten(0, 1), inputs.v.flatten(0, 1)
        chunk = chunk_in_use(parameters, length)
        factors = hash_factors(parameters, length)
        record.step("share QK", lambda: UnitKeys(inputs.q[0]))

        with record.phase("hash"):
            rotations = inputs.extras.get("rotations")
            if rotations is None:
                rotations = draw_rotations(heads, parameters.rounds, width, factors, generator, q)
            if rotations.shape[0] > 1 and batch > 1:
                rotations = rotations.repeat(batch, 1, 1, 1)
            labels = angular_hash(q, rotations, factors, record.check_cancelled)
        record.step("hash", lambda: Groups(labels[:heads], bucket_count(factors)))

        with record.phase("sort"):
            lengths = None
            if mask.key_lengths is not None:
                lengths = tuple(each for each in mask.key_lengths for _ in range(heads))
            places = sort_by_bucket(labels, bucket_count(factors), chunk, mask.causal, lengths, parameters.ring, record)
        record.step("sort", lambda: Order(places.positions(heads)))
        record.step("chunk", lambda: Blocks(chunk, 1))

        work = Work(places, score_scale(parameters, width), parameters.correction)
        if torch.is_grad_enabled() and (q.requires_grad or v.requires_grad):
            output, normaliser, total = _differentiable().apply(work, record, q, v)
        else:
            output, normaliser, total = work.run(q, v, record)
        record.step("attend", lambda: PairValues(normaliser[:heads]))
        record.step("combine rounds", lambda: PairValues(total[:heads]))
        record.step("output", lambda: Matrix(output[:heads]))
        return output.unflatten(0, (batch, heads)), None

    def _check(self, inputs: Inputs, mask: Mask) -> None:
        """Queries and keys are the same tokens here: anything else cannot run."""
        queries, keys = inputs.q.shape[2], inputs.v.shape[2]
        if queries != keys or mask.query_offset:
            raise Problem(
                "mask_not_supported",
                variant=self.label,
                mask=Words("{queries} queries against {keys} keys", {"queries": queries, "keys": keys}),
                reason=english("its queries are its keys, so every token is both; give it the whole sequence."),
            )

    def pattern(self, shape: Shape, parameters: Parameters, steps: Sequence[Step] = ()) -> Pattern:
        """The union over the rounds, from the recorded steps "hash" and "sort" (tensors or numpy arrays).

        Tokens that are padding, those whose position the order leaves out, keep nothing and are kept by nobody.
        """
        data = {step.name: step.data for step in steps}
        groups, order = data["hash"], data["sort"]
        assert isinstance(groups, Groups)
        assert isinstance(order, Order)
        return hashed_chunks(
            groups.labels[shape.head],
            order.positions[shape.head],
            chunk_in_use(parameters, shape.keys),
            causal=shape.causal,
            look_back=1,
            ring=parameters.ring,
        )

    @property
    def pattern_needs_steps(self) -> bool:
        return True

    def automatic(self, parameters: Parameters, length: int) -> Mapping[str, int]:
        return {"buckets": bucket_count(hash_factors(parameters, length))}

    def cost(self, shape: Shape, parameters: Parameters) -> Cost:
        columns = sum(hash_factors(parameters, shape.keys)) / 2
        hashing = 2 * shape.keys * shape.head_width * columns * parameters.rounds
        attending = 4 * self.computed_pairs(shape, parameters) * shape.head_width
        rounds_held = parameters.rounds * shape.keys * shape.head_width  # of one head at a time
        return Cost(
            flops=(hashing + attending) * shape.heads,
            resident_bytes=4 * (3 * shape.heads * shape.keys * shape.head_width + rounds_held),
        )

    def computed_pairs(self, shape: Shape, parameters: Parameters) -> int:
        """Scores computed for one head, kept or not: in each round every place against two chunks."""
        chunk = chunk_in_use(parameters, shape.keys)
        places = -(-shape.keys // chunk) * chunk
        return int(parameters.rounds * places * 2 * chunk)

    def scores(self, inputs: Inputs, parameters: Parameters, head: int, rows: Tensor, columns: Tensor) -> Tensor:
        q = inputs.q[0, head]
        keys = unit_keys(q.index_select(0, columns))
        return (q.index_select(0, rows) @ keys.T) * score_scale(parameters, q.shape[-1])

    def weights(
        self, inputs: Inputs, parameters: Parameters, steps: Sequence[Step], head: int, rows: Tensor, columns: Tensor
    ) -> Tensor:
        """As every variant's; without the correction a kept pair has the sum of its weights in the rounds."""
        weights = super().weights(inputs, parameters, steps, head, rows, columns)
        if parameters.correction:
            return weights
        data = {step.name: step.data for step in steps}
        groups, order = data["hash"], data["sort"]
        assert isinstance(groups, Groups)
        assert isinstance(order, Order)
        labels, positions = groups.labels[head], order.positions[head]
        found = rounds_with(
            labels, positions, chunk_in_use(parameters, labels.shape[-1]), parameters.ring, rows, columns
        )
        return weights * found


def rounds_with(labels: Tensor, positions: Tensor, chunk: int, ring: bool, rows: Tensor, columns: Tensor) -> Tensor:
    """N_ij [rows, columns] of kept pairs, from labels [round, n] and positions [round, place]; 1 for a token itself."""
    total = torch.zeros(rows.shape[0], columns.shape[0], dtype=torch.int64, device=labels.device)
    last = positions.shape[-1] // chunk - 1
    for label, order in zip(labels, positions.to(torch.int64), strict=True):
        tokens = order >= 0
        chunk_of = torch.full_like(label, -3, dtype=torch.int64)  # padding is in no chunk, nor next to one
        chunk_of[order[tokens]] = torch.arange(order.shape[0], device=order.device)[tokens] // chunk
        back = chunk_of[rows][:, None] - chunk_of[columns]
        near = (back == 0) | (back == 1)
        if ring and last > 0:
            near |= (chunk_of[rows][:, None] == 0) & (chunk_of[columns] == last)
        total += near & (label[rows][:, None] == label[columns])
    return total.masked_fill(rows[:, None] == columns, 1)


def chunk_in_use(parameters: Parameters, length: int) -> int:
    """The chunk length; a sequence shorter than that is one chunk."""
    return max(1, min(int(parameters.chunk_length), length))


def hash_factors(parameters: Parameters, length: int) -> tuple[int, ...]:
    """The sizes of the hashes in use for a sequence of that length: (b,), (b₁, b₂), or () for one bucket."""
    buckets = int(parameters.buckets) or max(2, -(-2 * length // int(parameters.chunk_length)))
    two = parameters.hashing == "two factors" or (parameters.hashing == "auto" and buckets > ONE_STAGE_UP_TO)
    return bucket_factors(buckets, two)


def score_scale(parameters: Parameters, width: int) -> float:
    return float(width**-0.5) if parameters.score_scale == "1/√d" else 1.0


class UnitKeys(Matrix):
    """The keys, computed when somebody looks: the run itself never needs them all at once."""

    def __init__(self, q: Tensor) -> None:
        object.__setattr__(self, "q", q)

    @property
    def values(self) -> Tensor:
        return unit_keys(self.__dict__["q"])


@dataclass(frozen=True)
class Work:
    """What attention among sorted tokens needs besides q and v [head, position, feature]."""

    places: Places
    scale: float
    once: bool

    def run(self, q: Tensor, v: Tensor, record: Recorder) -> tuple[Tensor, Tensor, Tensor]:
        """Output, and the log-normalisers of each round and of all."""
        return attend_in_chunks(q, inverse_norms(q), v, self.places, self.scale, self.once, record)


@cache
def _differentiable() -> Any:
    """The autograd function; made at first use, since this file does not import torch."""

    class ReformerAttention(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, work: Work, record: Recorder, q: Tensor, v: Tensor) -> tuple[Tensor, Tensor, Tensor]:
            output, normaliser, total = work.run(q, v, record)
            ctx.work = work
            ctx.save_for_backward(q, v, output, total)
            ctx.mark_non_differentiable(normaliser, total)
            return output, normaliser, total

        @staticmethod
        def backward(ctx: Any, grad: Tensor, *_: Tensor) -> tuple[Any, ...]:
            (q, v, output, total), work = ctx.saved_tensors, ctx.work
            rest = (output, total, grad)
            of_q, of_v = gradients_in_chunks(q, inverse_norms(q), v, work.places, work.scale, work.once, *rest)
            return None, None, of_q, of_v

    return ReformerAttention


VARIANT = Reformer()
