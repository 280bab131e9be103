"""The images that ship, and their pixels as tokens."""

from __future__ import annotations

import numpy as np
import pytest

from engines.messages import TextSource
from engines.problems import Problem
from engines.samples import images, read_pixels, read_sample, sample_named, samples, shades, source_of
from engines.tokens import byte_of_character, tokenise
from engines.weights import shipped_model
from scripts.make_image_sample import FILE, picture

TOKENIZER = shipped_model().tokenizer


def test_each_image_is_as_wide_as_it_says() -> None:
    for image in images():
        assert sample_named(image.id) == image
        assert read_pixels(image.id).shape == (image.width, image.width)
        assert image.licence == "CC0"
    assert not {image.id for image in images()} & {sample.id for sample in samples()}


def test_the_image_is_what_its_script_draws() -> None:
    np.testing.assert_array_equal(read_pixels("ball-on-cloth"), picture())
    assert FILE.stat().st_size < 2000


def test_the_pixel_above_tells_more_than_the_one_before() -> None:
    """What a stride of the image's width is for."""
    pixels = read_pixels("ball-on-cloth").astype(float)
    above = np.abs(np.diff(pixels, axis=0)).mean()
    before = np.abs(np.diff(pixels, axis=1)).mean()
    assert above < 0.7 * before


@pytest.mark.parametrize("length", [8, 1000, 1024, 4096])
def test_each_pixel_is_one_token(length: int) -> None:
    source = source_of("ball-on-cloth")
    found = tokenise(source, length, TOKENIZER)
    pixels = read_pixels("ball-on-cloth").reshape(-1)
    byte = byte_of_character()
    read = [byte[TOKENIZER.id_to_token(int(token))] for token in found.ids]
    assert read == np.resize(pixels, length).tolist()
    assert found.text_tokens == min(length, 1024)
    assert found.cut == (length < 1024)
    assert [note.code for note in found.notes] == ["pixels_not_text"]
    assert "trained on text" in str(found.notes[0])
    np.testing.assert_array_equal(shades("ball-on-cloth", length) * 255, np.float32(read))


def test_every_byte_has_a_token() -> None:
    assert all(TOKENIZER.token_to_id(sign) is not None for sign in byte_of_character())


def test_a_text_sample_is_given_as_text() -> None:
    assert source_of("sonnet-18") == TextSource(text=read_sample("sonnet-18"))


def test_an_image_is_not_read_as_text_nor_a_text_as_an_image() -> None:
    with pytest.raises(Problem, match="is an image"):
        read_sample("ball-on-cloth")
    with pytest.raises(Problem, match="choose one of ball-on-cloth"):
        read_pixels("sonnet-18")
    with pytest.raises(Problem, match="no sample"):
        source_of("mona-lisa")
