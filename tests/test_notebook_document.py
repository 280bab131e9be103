"""The examples of docs/notebook.md run as they stand."""

import io
import re
from pathlib import Path

import numpy as np
import pypdf
import resvg_py
from PIL import Image

import main

DOCUMENT = Path(main.__file__).parent / "docs" / "notebook.md"


def test_every_example_runs_as_it_stands(qapp, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {}
    for code in re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL):
        exec(code, names)  # one notebook, cell after cell
    assert names["weights"].shape == (32, 64)
    assert [step.name for step in names["reformer"].steps][1] == "hash"
    assert np.allclose(np.nansum(names["rows"], axis=1), 1)
    assert names["picture"]._repr_png_().startswith(b"\x89PNG")
    with Image.open("buckets.png") as image:
        assert image.size == (1600, 1000)
        assert '"variant": "reformer"' in image.text["Attnscope"]
    assert pypdf.PdfReader("buckets.pdf").pages[0].extract_text()
    drawn = resvg_py.svg_to_bytes(svg_string=Path("weights.svg").read_text(encoding="utf-8"), dpi=150)
    with Image.open(io.BytesIO(bytes(drawn))) as image:
        assert len(image.getcolors(1 << 20)) > 50
