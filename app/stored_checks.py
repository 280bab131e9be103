"""Whether a run from a file is one: arrays of the sizes that its own request says, numbers that name what is there."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from app.run_state import RunState
from app.stored_runs import StoredRun
from engines.messages import ModelInfo, RunSpec, WeightsReply
from engines.study import Curve, HeatMap, Panel, Reach, Scatter
from engines.trace import (
    Blocks,
    Groups,
    Matrix,
    Order,
    Pairs,
    PairValues,
    Products,
    Segments,
    StateOverTime,
    StepData,
)
from engines.variants import variant_named
from engines.weight_sets import CHOICES, DIGEST

LONGEST = 1_048_576
LONGEST_PLACE = 200  # characters of where and when a run was recorded


def require(holds: object, what: str) -> None:
    """A ValueError that names what is wrong."""
    if not holds:
        raise ValueError(what)


def check_stored(stored: StoredRun) -> None:
    """A ValueError where the parts of a stored run do not fit together."""
    run, model = stored.run, stored.model
    require(run.spec is not None and run.traced is not None and run.tokens is not None, "a run is not whole")
    assert run.spec is not None
    assert run.traced is not None
    require(stored.recorded.isprintable() and len(stored.recorded) <= LONGEST_PLACE, "a run was recorded nowhere")
    check_spec(run.spec, model)
    check_tokens(run, model)
    check_sources(run)
    require(0 <= run.traced.head < model.heads, "a run is of a head that is not there")
    for step in run.traced.steps:
        check_step(step.data, run.spec.length, f"step “{step.name}”")
    if stored.weights is not None:
        check_weights(stored.weights, run.spec.length)
    for answer in stored.answers:
        for panel in answer.panels:
            check_panel(panel, run.spec.length)


def check_spec(spec: RunSpec, model: ModelInfo) -> None:
    variant_named(spec.variant).parameters(**dict(spec.parameters))
    require(1 <= spec.length <= LONGEST, f"a run has {spec.length} tokens")
    sizes = (model.layers, model.heads, model.head_width, len(model.pieces))
    require(all(0 < size < 1_000_000 for size in sizes), f"a model has sizes {sizes}")
    require(0 <= spec.layer < model.layers, f"a run is of layer {spec.layer}")


def check_tokens(run: RunState, model: ModelInfo) -> None:
    assert run.spec is not None
    assert run.tokens is not None
    ids = run.tokens.ids
    check_array("tokens", ids, "iu", run.spec.length)
    require(not len(ids) or (ids.min() >= 0 and ids.max() < len(model.pieces)), "a token is in no vocabulary")


def check_sources(run: RunState) -> None:
    """A stored run names no file: its text and weights of somebody's own are named by digests."""
    assert run.spec is not None
    assert run.tokens is not None
    require(not run.spec.text.path, "a run names a text file")
    require(run.spec.weights in CHOICES or DIGEST.fullmatch(run.spec.weights), "a run names a folder of weights")
    own = "" if run.spec.weights in CHOICES else run.spec.weights
    require(run.tokens.weights == own, "a run is of two weights")


def check_step(data: StepData, n: int, what: str) -> None:
    """The recorded structure of one head of a run of n tokens."""
    if isinstance(data, Groups):
        check_array(what, data.labels, "iu", 1, None, n)
        labels = np.asarray(data.labels)
        require(labels.size and 0 <= labels.min() <= labels.max() < data.count, f"{what}: labels")
    elif isinstance(data, Order):
        check_array(what, data.positions, "iu", 1, None, None)
        for order in np.asarray(data.positions)[0]:
            require(np.array_equal(np.sort(order[order >= 0]), np.arange(n)), f"{what} is no order of the positions")
    elif isinstance(data, PairValues):
        rounds = (None,) if np.ndim(data.normaliser) == 3 else ()
        check_array(what, data.normaliser, "f", 1, *rounds, n)
    elif isinstance(data, StateOverTime):
        check_state(data, n, what)
    elif isinstance(data, Blocks):
        require(data.length >= 1 and data.look_back >= 0, what)
    elif isinstance(data, Segments):
        require(data.length >= 1 and data.memory >= 0, what)
    elif isinstance(data, Products):
        require(all(0 <= each.rows < 2**40 and 0 <= each.columns < 2**40 for each in data.extents), what)
    elif isinstance(data, Matrix):
        require(np.ndim(data.values) == 3, what)
    else:
        require(isinstance(data, Pairs), what)


def check_state(data: StateOverTime, n: int, what: str) -> None:
    check_array(what, data.positions, "iu", None)
    moments = len(data.positions)
    require(moments and all(a < b for a, b in pairwise(data.positions)), f"{what}: moments")
    require(data.positions[0] >= 0 and data.positions[-1] < n, f"{what}: moments")
    check_array(what, data.state, "f", 1, moments, None, None)
    _, _, rows, columns = data.state.shape
    check_array(what, data.normaliser, "f", 1, moments, rows)
    check_array(what, data.added_row, "f", 1, moments, rows)
    check_array(what, data.added_column, "f", 1, moments, columns)
    if data.difference is not None:
        check_array(what, data.difference, "f", 1)
    require(data.state_bytes >= 0 and data.cache_bytes_per_token >= 0, what)


def check_weights(weights: WeightsReply, n: int) -> None:
    for edges in (weights.row_edges, weights.column_edges):
        check_array("edges of weights", edges, "iu", None)
        require(len(edges) > 1 and edges[0] >= 0 and edges[-1] <= n, "edges of weights")
        require(bool((np.diff(edges) > 0).all()), "edges of weights")
    check_array("weights", weights.values, "f", len(weights.row_edges) - 1, len(weights.column_edges) - 1)
    require(weights.every >= 1, "weights")


def check_panel(panel: Panel, n: int) -> None:
    """Arrays that belong together have one length."""
    data, title = panel.data, panel.title
    if isinstance(data, Curve | Scatter):
        for one in data.lines if isinstance(data, Curve) else data.clouds:
            for name in ("x", "y", "low", "high"):
                if getattr(one, name, None) is not None:
                    check_array(title, getattr(one, name), "fiu", len(one.x))
    elif isinstance(data, HeatMap):
        check_array(title, data.values, "fiu", None, None)
        for edges, size in zip((data.row_edges, data.column_edges), data.values.shape, strict=True):
            if edges is not None:
                check_array(title, edges, "iu", size + 1)
    elif isinstance(data, Reach):
        check_array(title, data.shares, "f", None, None)
        check_array(title, data.edges, "iu", data.shares.shape[1] + 1)
        require(len(data.shares) and 0 <= data.target < n and data.segment >= 0, title)
    elif isinstance(data, Products):
        check_step(data, n, title)
    if panel.tokens is not None:
        check_array(title, panel.tokens.values, "f", n)


def check_array(what: str, given: Any, kinds: str, *sizes: int | None) -> None:
    """Numbers of these kinds, in this shape; None stands for any size."""
    array = np.asarray(given)
    fits = array.ndim == len(sizes) and all(size in (None, own) for size, own in zip(sizes, array.shape, strict=True))
    require(fits and array.dtype.kind in kinds, f"{what}: numbers of shape {list(array.shape)}")
