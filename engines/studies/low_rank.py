"""Low rank: how much of this text's attention k dimensions can hold, and what a run with k of them makes of it.

Paper: Wang et al. 2020, "Linformer", section 4.1 and figure 1 (left): the normalised cumulative singular values of
softmax attention. They say that a matrix of rank k would do, not that a random one finds it.

The error over k uses E·K and F·V drawn from their exact distribution: for E with independent entries from N(0, 1/k) the
rows of E·K are independent, normal, with covariance KᵀK/k. That needs no k × n matrix, so it is as cheap at a million
tokens as at a thousand.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from engines.fused import fused_attention
from engines.layer_steps import Structure, layers_of
from engines.low_rank import compressed_weights, pooled
from engines.study import Curve, HeatMap, Line, Mark, Panel, Quantities, Quantity, Question, Study, some_of
from engines.trace import Matrix, Products, StepData
from engines.words import NO_WORDS, Words, english

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch

WINDOW = 1024  # the singular values of this size take 0.2 s a head; they grow with the cube
BINS = 256
SAMPLED_QUERIES = 256
PAIRS_AT_ONCE = 1 << 21
PAIRS_BUDGET = 1 << 25
TRIED = (4, 8, 16, 32, 64, 128, 256, 512)
DRAWS = 5
KEYS_AT_ONCE = 65_536
OTHER_HEADS = -4  # the shade of all heads but the one in question


class LowRank(Study):
    name = "low-rank"
    label = "Low rank"
    help = "How much of the attention on this text k dimensions can hold, what is really multiplied, and the error."
    order = 0

    def answer(self, question: Question) -> Iterator[tuple[Panel, ...]]:
        """First what the run itself made, then the spectrum head by head, the error over k, and the other layers."""
        products = Panel(Words("What is really multiplied"), _products(question))
        weights = _weights_panel(question)
        yield (products, weights)
        error = _own_error(question)
        panels: tuple[Panel, ...] = (products, _numbers(question, error, None), weights)
        for spectrum, shares in _spectra(question):
            panels = (products, spectrum, _numbers(question, error, shares), weights)
            yield panels
        for curve in _error_curves(question, error):
            yield (*panels[:2], curve, *panels[2:])
        panels = (*panels[:2], curve, *panels[2:])
        for every_layer in _every_layer(question):
            yield (*panels[:2], every_layer, *panels[2:])


def _step(question: Question, name: str) -> StepData:
    return next(step.data for step in question.run.steps if step.name == name)


def _matrix(question: Question, name: str) -> Tensor:
    """A recorded matrix [position, feature] of the head, in float32."""
    data = _step(question, name)
    assert isinstance(data, Matrix)
    return data.values[question.head].detach().float()


def _products(question: Question) -> Products:
    data = _step(question, "project")
    assert isinstance(data, Products)
    return data


def _inputs(question: Question) -> tuple[Tensor, Tensor, Tensor]:
    """The head's q, k, v [position, feature], in float32."""
    inputs = question.run.prepared.inputs
    q, k, v = (x[0, question.head].detach().float() for x in (inputs.q, inputs.k, inputs.v))
    return q, k, v


def cumulative_singular_values(q: Tensor, k: Tensor) -> np.ndarray:
    """Sums of the largest 0, 1, … n singular values of P = softmax(q kᵀ/√d), as shares of the sum of all [n + 1].

    As the roots of the eigenvalues of P Pᵀ in float64: half the time of a decomposition of P, and right to 1e-7. On
    one thread: at this size several wait for each other, for seconds where another program shares the cores.
    """
    weights = compressed_weights(q, k).double()
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        values = torch.linalg.eigvalsh(weights @ weights.T).clamp_min(0).sqrt().flip(0).cumsum(0).cpu().numpy()
    finally:
        torch.set_num_threads(threads)
    return np.concatenate([[0.0], values / values[-1]])


def _spectra(question: Question) -> Iterator[tuple[Panel, np.ndarray]]:
    """The curve with one more head each time, the one in question first; and that head's own shares."""
    prepared = question.run.prepared
    q, k = (x[0, :, :WINDOW].detach().float() for x in (prepared.inputs.q, prepared.inputs.k))
    heads, length = q.shape[:2]
    note = Words("Full attention of this layer’s queries and keys, both ways; a line for each head.")
    if length < prepared.inputs.q.shape[2]:
        note = Words(
            "Full attention of the first {window} tokens, both ways; a line for each head of this layer.",
            {"window": f"{length:,}"},
        )
    lines: list[Line] = []
    shares = np.zeros(0)
    for head in sorted(range(heads), key=lambda head: head != question.head):
        question.check_cancelled()
        found = cumulative_singular_values(q[head], k[head])
        shares = shares if lines else found
        colour = -1 if head == question.head else OTHER_HEADS
        lines.append(Line(Words("head {n}", {"n": head + 1}), np.arange(len(found), dtype=float), found, colour=colour))
        marks = (Mark("k", float(prepared.parameters.k)),) if prepared.parameters.k <= length else ()
        curve = Curve("largest singular values", "share of their sum", tuple(lines), marks)
        yield Panel(Words("Singular values of this text’s attention, cumulative"), curve, note), shares


def _every_layer(question: Question) -> Iterator[Panel]:
    """The share that the first k hold, in every layer and head (the paper's figure 1, right, is this map); one head
    more each time. Nothing where the run is of no model's layer."""
    prepared = question.run.prepared
    if prepared.model is None:
        return
    layers, heads, k = prepared.model.shape.layers, prepared.model.shape.heads, int(prepared.parameters.k)
    held = np.full((layers, heads), np.nan, dtype=np.float32)
    for layer, (inputs, _, _) in enumerate(layers_of(prepared, lambda: Structure(question.check_cancelled))):
        for head in range(heads):
            question.check_cancelled()
            shares = cumulative_singular_values(*(x[0, head, :WINDOW].float() for x in (inputs.q, inputs.k)))
            held[layer, head] = shares[min(k, len(shares) - 1)]
            heat = HeatMap(held.copy(), "layer", "head", np.arange(1, layers + 2), np.arange(1, heads + 2))
            title = Words("Share held by the first {k} singular values, every layer and head", {"k": k})
            yield Panel(title, heat)


def _weights_panel(question: Question) -> Panel:
    """The n × k weights, averaged over the queries of a row and summed over the mixtures of a column."""
    q, keys = _inputs(question)[0], _matrix(question, "compressed keys")
    (queries, _), rows = q.shape, keys.shape[0]
    row_edges, column_edges = _edges(queries), _edges(rows)
    every = max(1, -(-queries * rows // PAIRS_BUDGET))
    values = np.empty((len(row_edges) - 1, len(column_edges) - 1), dtype=np.float32)
    bands = [torch.arange(low, high, every) for low, high in pairwise(row_edges)]
    at_once = max(1, PAIRS_AT_ONCE // (rows * len(bands[0])))
    for start in range(0, len(bands), at_once):
        question.check_cancelled()
        group = bands[start : start + at_once]
        weights = compressed_weights(q[torch.cat(group).to(q.device)], keys).cpu().numpy()
        sums = np.add.reduceat(weights, column_edges[:-1], axis=1)
        sizes = np.array([len(band) for band in group])
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        values[start : start + at_once] = np.add.reduceat(sums, starts, axis=0) / sizes[:, None]
    note = NO_WORDS if every == 1 else Words("Every {every}th query stands for its neighbours.", {"every": every})
    heat = HeatMap(values, "query", "mixture", row_edges, column_edges)
    title = Words(
        "The n × k weights really computed: {queries} × {rows}", {"queries": f"{queries:,}", "rows": f"{rows:,}"}
    )
    return Panel(title, heat, note)


def _edges(count: int) -> np.ndarray:
    """Integer edges of at most ``BINS`` bins."""
    return np.linspace(0, count, min(count, BINS) + 1).astype(np.int64)


def _sampled(question: Question) -> tuple[Tensor, Tensor]:
    """At most 256 queries, evenly over the text: their positions, and their exact output [query, feature]."""
    q, k, v = _inputs(question)
    rows = torch.linspace(0, len(q) - 1, min(len(q), SAMPLED_QUERIES), device=q.device).round().long()
    exact, _ = fused_attention(q[None, None, rows], k[None, None], v[None, None])
    return rows, exact[0, 0]


def relative_error(estimate: Tensor, exact: Tensor) -> float:
    """‖estimate − exact‖ / ‖exact‖ over all entries."""
    return float((estimate - exact).norm() / exact.norm())


def _own_error(question: Question) -> float:
    """How far the run's own output is from exact attention, this head."""
    rows, exact = _sampled(question)
    return relative_error(_matrix(question, "output")[rows], exact)


def _numbers(question: Question, error: float, shares: np.ndarray | None) -> Panel:
    inputs, k = question.run.prepared.inputs, int(question.run.prepared.parameters.k)
    queries, keys = inputs.q.shape[2], inputs.k.shape[2]
    sampled = min(queries, SAMPLED_QUERIES)
    card = (
        ("compared with", english("exact attention on the same q, k, v")),
        ("queries", some_of(sampled, queries)),
    )
    numbers = [Quantity("output error", error, share=True, card=card)]
    if shares is not None:
        numbers += [
            Quantity("singular values up to k", float(shares[min(k, len(shares) - 1)]), share=True),
            Quantity("needed for 90 %", float(np.searchsorted(shares, 0.9))),
        ]
    rows = _matrix(question, "compressed keys").shape[0]
    numbers.append(Quantity("pairs computed", rows / keys, share=True))
    return Panel(Words("This head, with k = {k}", {"k": k}), Quantities(tuple(numbers)))


def gram_root(x: Tensor) -> Tensor:
    """A matrix R [feature, feature] in float64 with Rᵀ R = xᵀ x, for x [position, feature]."""
    gram = torch.zeros((x.shape[1],) * 2, dtype=torch.float64, device=x.device)
    for start in range(0, len(x), KEYS_AT_ONCE):
        block = x[start : start + KEYS_AT_ONCE].double()
        gram += block.T @ block
    values, vectors = torch.linalg.eigh(gram)
    return values.clamp_min(0).sqrt()[:, None] * vectors.T


def drawn_errors(q: Tensor, k: Tensor, v: Tensor, exact: Tensor, tied: bool, seed: int) -> Iterator[np.ndarray]:
    """Relative output errors of a draw of E and F at each k tried [k]; q and exact are of the sampled queries.

    ``tied``: E = F. The rows of a draw are used for every k, as many as it needs.
    """
    width = k.shape[1]
    root = gram_root(torch.cat([k, v], 1)) if tied else torch.block_diag(gram_root(k), gram_root(v))
    generator = torch.Generator().manual_seed(seed)
    while True:
        normal = torch.randn((TRIED[-1], 2 * width), generator=generator, dtype=torch.float64).to(root.device)
        mixed = (normal @ root).float()
        errors = []
        for count in TRIED:
            part = mixed[:count] / count**0.5
            errors.append(relative_error(compressed_weights(q, part[:, :width]) @ part[:, width:], exact))
        yield np.array(errors)


def _error_curves(question: Question, own: float) -> Iterator[Panel]:
    """Output error over k: mean pooling, then random projections with one draw more each time."""
    q, k, v = _inputs(question)
    rows, exact = _sampled(question)
    prepared = question.run.prepared
    tied, tried = prepared.parameters.sharing != "headwise", np.array(TRIED, dtype=float)
    run = Line("this run", np.array([float(prepared.parameters.k)]), np.array([own]), look="points")
    lines: tuple[Line, ...] = (run,)
    fitting = [count for count in TRIED if count < len(k)]
    if fitting:
        errors = []
        for count in fitting:
            question.check_cancelled()
            keys, values = pooled(count, k[None])[0], pooled(count, v[None])[0]
            errors.append(relative_error(compressed_weights(q[rows], keys) @ values, exact))
        lines = (Line("mean pooling", np.array(fitting, dtype=float), np.array(errors), colour=1), *lines)
        yield _error_panel(lines, 0, len(rows))
    drawn: list[np.ndarray] = []
    for errors_of_draw in drawn_errors(q[rows], k, v, exact, tied, prepared.spec.seed):
        question.check_cancelled()
        drawn.append(errors_of_draw)
        every = np.array(drawn)
        band = Line("random", tried, np.median(every, 0), every.min(0), every.max(0), colour=0)
        yield _error_panel((band, *lines), len(drawn), len(rows))
        if len(drawn) == DRAWS:
            return


def _error_panel(lines: tuple[Line, ...], draws: int, queries: int) -> Panel:
    curve = Curve("k", "relative output error", lines, logarithmic_x=True, logarithmic_y=True)
    note = NO_WORDS
    if draws:
        note = Words(
            "Against exact attention, {queries} queries; the band spans {draws} draws of E and F.",
            {"queries": queries, "draws": draws},
        )
    return Panel(Words("Output error over k, this head"), curve, note)
