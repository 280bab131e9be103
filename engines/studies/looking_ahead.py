"""Looking ahead: change one token, run again, and see which outputs move. Before the token, none may in a causal model.

The key and the value at the token are replaced by those of the position whose value is least like its own, so that the
change is one that this text itself could bring; the queries stay, so that what moves is what was read. Both runs are
the variant's own; beside them full causal attention on the same q, k, v.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engines.study import Curve, Line, Mark, Panel, Quantities, Quantity, Question, Study
from engines.trace import Matrix
from engines.variant import Inputs
from engines.words import Words

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch

BARS = 256
ALL_QUERIES_UP_TO = 4096
QUERIES_A_BAR, ONE_A_BAR_FROM = 4, 1 << 17
PAIRS_AT_ONCE = 1 << 22
BEFORE, AFTER = 0, -1  # colours: information from the future, and what may move


class LookingAhead(Study):
    name = "looking-ahead"
    label = "Why not causal"
    help = "One token is changed, and attention runs again: outputs before it move, which a causal model must not do."
    order = 1
    follows_locked = True

    def answer(self, question: Question) -> Iterator[tuple[Panel, ...]]:
        """The variant's own bars first; then full causal attention's beside them."""
        prepared, head = question.run.prepared, question.head
        length = prepared.inputs.q.shape[2]
        token = question.locked if 0 <= question.locked < length else length // 2
        inputs, changed = prepared.inputs, exchanged(prepared.inputs, token)
        rows = watched(length, token)
        run = replace(prepared, inputs=changed).attend()
        moved = (run[0, head].float() - _output(question)[head].float()).norm(dim=1).cpu().numpy()[rows]
        label = {"variant": prepared.variant.label, "token": f"{token:,}"}
        change = bars(rows, moved, token, length)
        own = Panel(
            Words("{variant}: token {token} is changed", label),
            change,
            Words("Its key and value are another token’s. Bars before it are information from the future."),
        )
        yield (own,)
        columns = tuple(x[:, head, None].detach() for x in (inputs.q, inputs.k, inputs.v))
        others = tuple(x[:, head, None].detach() for x in (changed.q, changed.k, changed.v))
        causal = np.zeros(len(rows))
        for start, part in causal_changes(columns, others, rows):
            question.check_cancelled()
            causal[start : start + len(part)] = part
            yield (own,)
        beside = bars(rows, causal, token, length)
        full = Panel(
            Words("Full attention, causal: token {token} is changed", label),
            beside,
            Words(
                "Nothing before the token can move. The upright scales differ: the tallest bar is {causal} here, "
                "{own} with {variant}.",
                {**label, "causal": f"{tallest(beside):.2g}", "own": f"{tallest(change):.2g}"},
            ),
        )
        numbers = (
            Quantity("change before the token", share_before(rows, moved, token), share=True),
            Quantity("full causal", share_before(rows, causal, token), share=True),
        )
        yield (own, full, Panel(Words("Of all the change"), Quantities(numbers)))


def _output(question: Question) -> Tensor:
    data = next(step.data for step in question.run.steps if step.name == "output")
    assert isinstance(data, Matrix)
    return data.values.detach()


def exchanged(inputs: Inputs, token: int) -> Inputs:
    """The inputs with k and v at ``token`` taken from the position whose value is farthest from its own."""
    heads = (values.float() for values in inputs.v[0].detach())
    distances = torch.stack([(values - values[token]).square_().sum(1) for values in heads])
    other = distances.sum(0).argmax()

    def swapped(x: Tensor) -> Tensor:
        x = x.detach().clone()
        x[:, :, token] = x.index_select(2, other[None])[:, :, 0]
        return x

    return replace(inputs, k=swapped(inputs.k), v=swapped(inputs.v))


def bar_edges(length: int, token: int) -> np.ndarray:
    """Integer edges of at most ``BARS`` bars, one of them at the token, so that no bar holds both sides."""
    before = min(token, max(1, min(BARS - 1, round(BARS * token / length))))
    after = min(length - token, BARS - before)
    edges = np.concatenate([np.linspace(0, token, before + 1)[:-1], np.linspace(token, length, after + 1)])
    return edges.astype(np.int64)


def watched(length: int, token: int) -> np.ndarray:
    """Positions whose outputs are compared: all of a short text, else a few in each bar."""
    if length <= ALL_QUERIES_UP_TO:
        return np.arange(length)
    edges = bar_edges(length, token)
    count = QUERIES_A_BAR if length < ONE_A_BAR_FROM else 1
    steps = (np.arange(count) + 0.5) / count
    return np.unique((edges[:-1, None] + steps * np.diff(edges)[:, None]).astype(np.int64).ravel())


def bars(rows: np.ndarray, change: np.ndarray, token: int, length: int) -> Curve:
    """The mean change in each bar, at the bar's middle; those before the token in a colour of their own."""
    edges = bar_edges(length, token)
    starts = np.searchsorted(rows, edges[:-1])
    heights = np.add.reduceat(change, starts) / np.diff(np.append(starts, len(rows)))
    middles, early = (edges[:-1] + edges[1:] - 1) / 2, edges[:-1] < token
    lines = (
        Line("before: information from the future", middles[early], heights[early], look="bars", colour=BEFORE),
        Line("from the token on", middles[~early], heights[~early], look="bars", colour=AFTER),
    )
    return Curve("position", "change of the output", lines, (Mark("changed", float(token)),))


def tallest(curve: Curve) -> float:
    return max((float(line.y.max()) for line in curve.lines if len(line.y)), default=0.0)


def causal_changes(
    before: tuple[Tensor, ...], after: tuple[Tensor, ...], rows: np.ndarray
) -> Iterator[tuple[int, np.ndarray]]:
    """‖Δ output‖ of full causal attention at some queries, in blocks: where a block starts in ``rows``, and its values.

    Each is q, k, v of one head, [1, 1, position, feature].
    """
    at_once = max(1, PAIRS_AT_ONCE // before[1].shape[2])
    for start in range(0, len(rows), at_once):
        block = torch.from_numpy(rows[start : start + at_once]).to(before[0].device)
        first, second = (causal_rows(tensors, block) for tensors in (before, after))
        yield start, (first - second).norm(dim=1).cpu().numpy()


def causal_rows(tensors: tuple[Tensor, ...], rows: Tensor) -> Tensor:
    """Full causal attention of some ascending queries, [query, feature]; keys past the last of them are not read."""
    q, k, v = tensors
    seen = int(rows[-1]) + 1
    scores = q[0, 0].index_select(0, rows).float() @ k[0, 0, :seen].float().T
    later = torch.arange(seen, device=rows.device) > rows[:, None]
    scores.mul_(q.shape[-1] ** -0.5).masked_fill_(later, float("-inf"))
    return torch.softmax(scores, -1, out=scores) @ v[0, 0, :seen].float()


def share_before(rows: np.ndarray, change: np.ndarray, token: int) -> float:
    """The part of the whole change that lies before the token."""
    total = float(change.sum())
    return float(change[rows < token].sum()) / total if total else 0.0
