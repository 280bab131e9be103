"""Which views a run has, and what the views of its steps draw."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import view_presenters
from app.scene import Scene
from app.session import Pane, Text
from app.views import kinds_of, view_names, views_of
from engines.patterns import Pattern
from engines.samples import images
from engines.trace import Segments
from engines.variants import variant_named, variants
from tests.app.runs import known_of, model, run_of
from widgets.themes import DARK


def scene_of(variant: str, length: int = 40, locked: int = -1, **settings: object) -> Scene:
    causal = "causal" in variant_named(variant).masks
    run = run_of(variant, length, causal, **settings)
    known = known_of(run)
    pane = Pane(variant=variant, settings={variant: dict(settings)}, length=length, causal=causal, layer=1, head=2)
    pane = Pane(**{**vars(pane), "locked": locked})
    words = [f"w{i}" for i in range(length)]
    return Scene(0, pane, DARK, model(), known, known, words, words, fresh=True)


def pattern_of(scene: Scene) -> Pattern:
    run = run_of(scene.pane.variant, scene.pane.length, scene.pane.causal, **scene.pane.settings[scene.pane.variant])
    return run.pattern(2)


@pytest.mark.parametrize("name", list(variants()))
def test_every_run_has_pattern_weights_and_studies_of_its_own_name(name):
    scene = scene_of(name)
    views = views_of(scene.pane, kinds_of(scene.known.steps))
    names = [view.name for view in views]
    assert names[:2] == ["pattern", "weights"]
    assert {"receptive-field", "key-mass"} <= set(names)
    assert "closeness" not in names
    assert len(set(names)) == len(names)
    assert set(names) <= set(view_names())
    assert all(view.label and view.help for view in views)


@pytest.mark.parametrize(
    ("variant", "view"),
    [
        ("reformer", "buckets"),
        ("transformer-xl", "segments"),
        ("sparse-transformer", "fold"),
        ("linear-transformer", "state"),
        ("performer", "state"),
        ("linformer", "products"),
    ],
)
def test_what_only_some_have(variant, view):
    scene = scene_of(variant)
    assert view in [each.name for each in views_of(scene.pane, kinds_of(scene.known.steps))]
    full = scene_of("full")
    assert view not in [each.name for each in views_of(full.pane, kinds_of(full.known.steps))]


@given(st.integers(1, 12), st.integers(0, 20), st.integers(1, 60))
def test_pairs_with_and_without_the_cache(length, memory, n):
    segments = Segments(length, memory)
    tokens = np.arange(1, n + 1)
    cached = again = 0
    for t in range(n):
        start = t // length * length
        cached += t - max(0, start - memory) + 1
        again += sum(i + 1 for i in range(t + 1))
        assert view_presenters.pairs_cached(tokens, segments)[t] == cached
        assert view_presenters.pairs_again(tokens)[t] == again


def test_segments_are_those_of_the_run_and_the_cone_is_the_patterns():
    scene = scene_of("transformer-xl", segment=8, memory=8)
    pattern = pattern_of(scene)
    data = view_presenters.segments_data(scene, pattern, 37)
    assert (data.segment, data.memory, data.length) == (8, 8, 40)
    assert data.shares.shape == (model().layers + 1, 40)
    kept = pattern.kept(np.arange(40), np.arange(40))
    members = np.arange(40) == 37
    for layer in range(model().layers, -1, -1):
        np.testing.assert_array_equal(data.shares[layer] > 0, members)
        members = kept[members].any(0)
    assert view_presenters.segments_data(scene, pattern, 40) is None
    assert view_presenters.segments_data(scene_of("full"), pattern, 3) is None


def test_the_state_is_that_of_the_run():
    scene = scene_of("linear-transformer")
    data = view_presenters.state_data(scene)
    np.testing.assert_array_equal(data.positions, np.arange(40))
    outer = data.added_row[:, :, None] * data.added_column[:, None, :]
    np.testing.assert_allclose(data.state, np.cumsum(outer, 0), rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(data.normaliser, np.cumsum(data.added_row, 0), rtol=1e-4)
    assert data.cache_bytes_per_token * 40 > data.state_bytes / 10
    assert view_presenters.state_data(scene_of("full")) is None


def test_the_grid_shows_the_locked_tokens_parts():
    scene = scene_of("sparse-transformer", 40, 33, stride=6)
    pattern = pattern_of(scene)
    parts = view_presenters.fold_data(scene, pattern, (), None)
    assert parts.width == 6
    assert parts.locked == 33
    assert set(np.flatnonzero(parts.part_of >= 0)) <= set(pattern.keys_of(33))
    last = view_presenters.fold_data(scene_of("sparse-transformer", 40, stride=6), pattern, (), None)
    assert last.locked == 39


def test_an_image_lies_beneath_the_grid():
    scene = scene_of("sparse-transformer", 40, stride=6)
    assert view_presenters.shades_of(scene) is None
    pane = Pane(**{**vars(scene.pane), "text": Text("sample", images()[0].id)})
    shades = view_presenters.shades_of(Scene(0, pane, DARK))
    assert shades.shape == (40,)
    assert 0 <= shades.min() < shades.max() <= 1
    full = Pane(**{**vars(pane), "variant": "full", "settings": {}})
    assert "fold" in [view.name for view in views_of(full, frozenset())]
    pattern = run_of("full", 40).pattern(2)
    data = view_presenters.fold_data(Scene(0, full, DARK), pattern, (), shades)
    assert data.width == images()[0].width


def test_products_to_scale():
    study = view_presenters.products_study(scene_of("linformer"))
    extents = {extent.name: extent for extent in study.panels[0].plot.extents}
    assert (extents["Q"].rows, extents["Q·Kᵀ"].role) == (40, "never made")
    assert study.panels[0].title == "What is multiplied"
    assert view_presenters.products_study(scene_of("full")) is None


@given(st.integers(1, 70_000), st.integers(1, 600), st.data())
def test_the_shown_rows_of_a_fold_hold_the_locked_token(rows, width, data):
    locked = data.draw(st.integers(0, rows - 1))
    shown = view_presenters.shown_rows(rows, width, locked)
    assert locked in shown
    assert 0 <= shown.start <= shown.stop <= rows
    assert len(shown) == min(rows, max(32, 3 * width))
