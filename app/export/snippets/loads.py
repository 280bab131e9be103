"""The part of a snippet that reads the file, by its extension."""

from __future__ import annotations

from collections.abc import Mapping

LOADS: Mapping[str, str] = {
    ".npz": '''\
def load(path=FILE):
    """(arrays by name, card)"""
    with np.load(path) as stored:
        arrays = {name: stored[name] for name in stored.files if name != "card"}
        return arrays, json.loads(str(stored["card"]))
''',
    ".json": '''\
def load(path=FILE):
    """(arrays by name, card)"""
    content = json.loads(Path(path).read_text(encoding="utf-8"))
    stored = content["arrays"].items()
    return {name: np.array(each["values"], each["dtype"]) for name, each in stored}, content["card"]
''',
    ".csv": '''\
def load(path=FILE):
    """(arrays by name, card); what is not in the table was not kept"""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    card = json.loads(lines[1].split(" ", 2)[2])
    name, axes = next(iter(card["axes"].items()))
    table = np.array([line.split(",") for line in lines[3:]])
    places = [table[:, at].astype(int) - first for at, (_, first) in enumerate(axes)]
    texts = table[:, -1]
    values = texts.astype(float if DTYPE.startswith("float") else int).astype(DTYPE)
    array = np.full(SHAPE, NOTHING, DTYPE)
    array[tuple(places)] = values
    return {name: array}, card
''',
    ".parquet": '''\
def load(path=FILE):
    """(arrays by name, card); what is not in the table was not kept"""
    from pyarrow import parquet

    table = parquet.read_table(path)
    card = json.loads(table.schema.metadata[b"attnscope"])
    name, axes = next(iter(card["axes"].items()))
    places = [table[axis].to_numpy() - first for axis, first in axes]
    array = np.full(SHAPE, NOTHING, DTYPE)
    array[tuple(places)] = table[name].to_numpy()
    return {name: array}, card
''',
}
