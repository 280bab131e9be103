"""What the user has chosen: written, read again, compared; and whatever else a file may hold instead."""

import json
from dataclasses import asdict, fields, replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.session import LINKED, RUN_FIELDS, Pane, Play, Session, Text, changed, needs_run
from app.session_file import FORMAT, from_json, to_json
from app.storage import Storage
from engines.messages import Budget, RunSpec
from engines.problems import Problem
from engines.samples import read_sample, samples
from engines.variants import variants

any_text = st.text(st.characters(codec="utf-8"))
texts = st.one_of(
    st.builds(Text, st.just("sample"), st.sampled_from([each.id for each in samples()])),
    st.builds(Text, st.just("typed"), any_text),
    st.builds(Text, st.just("file"), any_text),
)


def values_of(setting):
    low = int(setting.minimum if setting.minimum is not None else 0)
    high = int(setting.maximum if setting.maximum is not None else 10**6)
    numbers = st.integers(low, high)
    return {
        "integer": numbers,
        "real": numbers.map(float),
        "choice": st.sampled_from(setting.choices) if setting.choices else st.nothing(),
        "flag": st.booleans(),
        "integers": st.lists(numbers, min_size=1, max_size=4).map(tuple),
        "tokens": st.lists(numbers, max_size=4, unique=True).map(lambda each: tuple(sorted(each))),
    }[setting.kind]


settings = st.fixed_dictionaries(
    {},
    optional={
        name: st.fixed_dictionaries({}, optional={each.name: values_of(each) for each in variant.settings})
        for name, variant in variants().items()
    },
)
panes = st.builds(
    Pane,
    variant=st.sampled_from(list(variants())),
    settings=settings,
    text=texts,
    length=st.integers(8, 1_048_576),
    causal=st.booleans(),
    layer=st.integers(0, 11),
    head=st.integers(0, 11),
    seed=st.integers(0, 999_999),
    device=st.sampled_from(["cpu", "cuda:0", "cuda:7"]),
    dtype=st.sampled_from(["float32", "bfloat16", "float16"]),
    view=st.sampled_from(["pattern", "weights", "buckets"]),
    locked=st.integers(-1, 1000),
    logarithmic=st.booleans(),
    hash_round=st.integers(0, 15),
    zoom=st.just(()) | st.tuples(st.floats(0, 10), st.floats(11, 90), st.floats(0, 10), st.floats(11, 90)),
)
plays = st.builds(Play, st.sampled_from(["steps", "length"]), st.floats(0, 1), st.floats(0.25, 4), st.booleans())


@st.composite
def sessions(draw):
    chosen = tuple(draw(st.lists(panes, min_size=1, max_size=3)))
    budget = Budget(draw(st.floats(0.1, 600)), draw(st.floats(0.1, 1)))
    theme, one_text = draw(st.sampled_from(["dark", "light"])), draw(st.booleans())
    return Session(chosen, draw(st.integers(0, len(chosen) - 1)), budget, draw(plays), theme, one_text)


@given(sessions())
def test_what_is_written_is_read_again(session):
    assert from_json(to_json(session)) == session


def test_a_session_is_readable_text():
    text = to_json(Session((replace(Pane(), text=Text("typed", "静夜思")),)))
    assert "静夜思" in text
    assert json.loads(text)["format"] == FORMAT


junk = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**40), 10**40) | st.floats() | any_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(any_text, inner, max_size=3),
    max_leaves=6,
)


@given(sessions(), st.data())
def test_a_wrong_value_anywhere_gives_a_session_or_one_problem(session, data):
    raw = json.loads(to_json(session))
    where, pane = raw, raw["panes"][0]
    for inner in (pane, pane["text"], pane["settings"], raw["budget"]):
        if data.draw(st.booleans()):
            where = inner
    name = data.draw(st.sampled_from([*where, "more"]))
    where[name] = data.draw(junk)
    read = problem = None
    try:
        read = from_json(json.dumps(raw))
    except Problem as caught:
        problem = caught
    if problem is not None:
        assert problem.code in ("bad_session", "session_newer")
        assert "\n" not in str(problem)
    else:
        assert read.pane.spec().length == read.pane.length


@given(any_text)
@example("")
@example("null")
@example("[]")
@example("0")
@example("{}")
@example('"format"')
@example("[" * 200_000)
@example('{"format": 1, "panes": ' + "[" * 100_000)
@example("9" * 10_000)
@example("\ufeff{}")
def test_any_other_text_is_one_problem(text):
    with pytest.raises(Problem) as caught:
        from_json(text)
    assert caught.value.code == "bad_session"
    assert len(str(caught.value)) < 250
    assert not [word for word in ("object", "NoneType", "argument", "recursion") if word in str(caught.value)]


@pytest.mark.parametrize(
    "change",
    [
        {"variant": "nobody"},
        {"variant": ["full"]},
        {"length": 10**30},
        {"length": 0},
        {"length": -5},
        {"length": 64.0},
        {"length": True},
        {"layer": -1},
        {"locked": -2},
        {"hash_round": -3},
        {"seed": 1e400},
        {"view": "no view"},
        {"dtype": "complex64"},
        {"causal": 1},
        {"text": {"kind": "sample", "value": "no-such-text"}},
        {"text": {"kind": "url", "value": "x"}},
        {"text": {"kind": "typed", "value": 3}},
        {"text": {"kind": "typed", "value": "x", "more": 1}},
        {"settings": {"nobody": {}}},
        {"settings": {"longformer": {"window": []}}},
        {"settings": {"longformer": {"window": [[1]]}}},
        {"settings": {"longformer": {"no such": 1}}},
        {"settings": {"reformer": {"chunk_length": 10**400}}},
        {"settings": {"reformer": {"score_scale": {}}}},
        {"settings": [1]},
        {"zoom": [1, 2, 3]},
        {"zoom": [1, 1, 2, 3]},
        {"zoom": [0, float("nan"), 0, 1]},
        {"zoom": [0, "9", 0, 9]},
        {"zoom": [0, 1e-300, 0, 1e-300]},
        {"device": ""},
        {"device": "x" * 100_000},
        {"device": "../cpu"},
        {"weights": "a\0b"},
        {"weights": "a\nb"},
    ],
)
def test_a_pane_that_cannot_be_is_one_problem(change):
    raw = json.loads(to_json(Session()))
    raw["panes"][0].update(change)
    with pytest.raises(Problem) as caught:
        from_json(json.dumps(raw))
    assert caught.value.code == "bad_session"


@pytest.mark.parametrize(
    "change",
    [
        {"format": 0},
        {"format": True},
        {"format": "1"},
        {"panes": [1] * 5},
        {"panes": [json.loads(to_json(Session()))["panes"][0]] * 20_000},
        {"theme": 3},
        {"theme": "../dark"},
        {"one_text": 1},
        {"play": {"mode": "backwards"}},
        {"play": {"share": 2}},
        {"play": {"speed": float("inf")}},
        {"play": {"more": 1}},
        {"play": []},
        {"panes": []},
        {"panes": {}},
        {"active": 1},
        {"active": -1},
        {"active": 1e999},
        {"active": None},
        {"budget": {"seconds": -1, "memory_share": 0.5}},
        {"budget": {"seconds": float("nan"), "memory_share": 0.5}},
        {"budget": {"seconds": 2}},
        {"budget": {"seconds": 10**400, "memory_share": 0.5}},
    ],
)
def test_a_session_that_cannot_be_is_one_problem(change):
    with pytest.raises(Problem) as caught:
        from_json(json.dumps({**json.loads(to_json(Session())), **change}))
    assert caught.value.code == "bad_session"
    assert not [word for word in ("object", "NoneType", "__init__", "argument") if word in str(caught.value)]


def test_a_file_of_the_first_format_is_still_read():
    raw = json.loads(to_json(Session()))
    old = {"format": 1, "panes": raw["panes"], "active": 0, "budget": raw["budget"]}
    for name in ("zoom", "weights"):
        del old["panes"][0][name]
    assert from_json(json.dumps(old)) == Session()


def test_a_newer_format_is_left_as_it_is(tmp_path):
    newer = json.dumps({**json.loads(to_json(Session())), "format": FORMAT + 1, "clusters": []})
    (tmp_path / "session.json").write_text(newer, encoding="utf-8")
    storage = Storage(tmp_path)
    assert storage.load_session() == Session()
    assert storage.problem is not None
    assert f"format {FORMAT + 1}" in str(storage.problem)
    assert (tmp_path / "session.json").read_text(encoding="utf-8") == newer


@given(panes, panes)
def test_changed_names_the_fields_that_differ(old, new):
    names = changed(old, new)
    plain = {each.name for each in fields(Pane)} - {"settings"}
    assert names - {"settings"} == {name for name in plain if getattr(old, name) != getattr(new, name)}
    if old.variant == new.variant:
        assert ("settings" in names) == (old.parameters() != new.parameters())
    assert needs_run(old, new) == bool(names & RUN_FIELDS)
    if needs_run(old, new) is False:
        assert replace(old.spec(), head=0) == replace(new.spec(), head=0) if old.text.kind != "file" else True


@pytest.mark.parametrize(
    "look", [{"head": 3}, {"view": "weights"}, {"locked": 5}, {"logarithmic": True}, {"hash_round": 1}]
)
def test_ways_of_looking_need_no_run(look):
    assert changed(Pane(), replace(Pane(), **look)) == set(look)
    assert not needs_run(Pane(), replace(Pane(), **look))


def test_another_variants_parameters_need_no_run():
    other = replace(Pane(), settings={"reformer": {"rounds": 2}})
    assert not needs_run(Pane(variant="longformer"), other)


def test_a_parameter_set_to_its_default_needs_no_run():
    default = Pane().parameters().window
    assert not needs_run(Pane(), Pane().with_parameter("window", default))
    assert needs_run(Pane(), Pane().with_parameter("window", (default[0] + 2,)))


def test_going_back_to_a_variant_finds_its_parameters_again():
    pane = replace(Pane().with_parameter("window", "32"), variant="reformer").with_parameter("rounds", 2)
    assert replace(pane, variant="longformer").parameters().window == (32,)
    assert pane.parameters().rounds == 2


def test_a_parameter_that_cannot_be_changes_nothing():
    with pytest.raises(Problem, match="Window"):
        Pane().with_parameter("window", "0")
    with pytest.raises(Problem, match="has no parameter"):
        Pane().with_parameter("height", 1)


@given(panes)
def test_the_spec_says_all_that_a_run_depends_on(pane):
    spec = pane.spec()
    assert isinstance(spec, RunSpec)
    assert dict(spec.parameters) == dict(pane.parameters())
    for name in ("variant", "length", "causal", "layer", "head", "seed", "device", "dtype"):
        assert getattr(spec, name) == getattr(pane, name)
    given = {"sample": "text", "typed": "text", "file": "path"}[pane.text.kind]
    words = read_sample(pane.text.value) if pane.text.kind == "sample" else pane.text.value
    assert getattr(spec.text, given) == words


@given(sessions(), panes)
def test_what_panes_have_in_common_is_set_in_all(session, pane):
    new = session.with_pane(pane)
    assert new.pane == pane
    for old, each in zip(session.panes, new.panes, strict=True):
        assert all(getattr(each, name) == getattr(pane, name) for name in LINKED)
        assert each is new.pane or each.text == (
            pane.text if session.one_text and pane.text != session.pane.text else old.text
        )


@given(sessions(), panes)
def test_a_pane_comes_beside_the_active_one_and_goes_again(session, pane):
    more = session.with_another_pane(pane)
    assert more.pane is pane
    assert len(more.panes) == len(session.panes) + 1
    fewer = more.without_pane(more.active)
    assert fewer.panes == session.panes
    for index in range(len(session.panes)):
        left = session.without_pane(index)
        kept = len(session.panes) == 1 or index != session.active
        assert 0 <= left.active < len(left.panes)
        assert left.pane is session.pane or not kept


def test_a_pane_is_replaced_without_touching_the_others():
    first, second = Pane(head=2), Pane(head=3)
    session = Session((first, second), active=1)
    assert session.pane is second
    new = session.with_pane(Pane(head=4))
    assert [each.head for each in new.panes] == [2, 4]
    assert asdict(new.budget) == asdict(session.budget)
