"""Lines of chips against greedy breaking one token after the other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from widgets.token_flow import CHUNK, TokenFlow


def _greedy(widths: list[int], breaks: set[int], width: int, gap: int) -> list[list[int]]:
    lines: list[list[int]] = []
    used, ended = 0, True
    for position, chip in enumerate(widths):
        chip = min(chip, width)
        if ended or used + gap + chip > width:
            lines.append([])
            used = -gap
        used += gap + chip
        lines[-1].append(position)
        ended = position in breaks
    return lines


@given(st.lists(st.tuples(st.integers(1, 90), st.booleans()), max_size=60), st.integers(1, 200), st.integers(0, 6))
def test_lines_are_greedy(tokens: list[tuple[int, bool]], width: int, gap: int) -> None:
    widths = [chip for chip, _ in tokens]
    breaks = [at for at, (_, ends) in enumerate(tokens) if ends]
    flow = TokenFlow(len(widths), width, gap, lambda start, stop: (widths[start:stop], breaks))
    expected = _greedy(widths, set(breaks), width, gap)
    lines = flow.lines(0, 1000)
    assert [list(range(line.start, line.start + len(line.widths))) for line in lines] == expected
    assert flow.line_count == len(expected)
    for line in lines:
        assert line.lefts[0] == 0
        assert line.lefts[-1] + line.widths[-1] <= width
        for at, left in enumerate(line.lefts[1:]):
            assert left == line.lefts[at] + line.widths[at] + gap


def _counted(count: int) -> tuple[TokenFlow, list[int]]:
    """A flow that notes which chunks it measured. Chips grow along the text, so that estimates are wrong."""
    seen: list[int] = []

    def measure(start: int, stop: int) -> tuple[list[int], list[int]]:
        seen.append(start // CHUNK)
        return [20 + position * 60 // count for position in range(start, stop)], []

    return TokenFlow(count, 250, 4, measure), seen


def test_a_million_tokens_are_laid_out_only_where_one_looks() -> None:
    flow, seen = _counted(1_048_576)
    assert seen == [0]
    line = flow.line_of(700_000)
    assert seen == [0, 700_000 // CHUNK]
    (found,) = flow.lines(line, 1)
    assert found.start <= 700_000 < found.start + len(found.widths)


def test_a_wrong_estimate_keeps_the_place_within_the_chunk() -> None:
    flow, _ = _counted(20 * CHUNK)
    guess = flow.line_count * 0.777
    settled = flow.settled(guess)
    assert flow.settled(settled) == settled
    (line,) = flow.lines(int(settled), 1)
    assert abs(line.start / (20 * CHUNK) - 0.777) < 1 / 20


def test_all_lines_hold_all_tokens_once() -> None:
    flow, _ = _counted(3 * CHUNK + 17)
    held = [position for line in flow.lines(0, 10**9) for position in range(line.start, line.start + len(line.widths))]
    assert held == list(range(3 * CHUNK + 17))
    for position in (0, CHUNK - 1, CHUNK, 3 * CHUNK + 16):
        (line,) = flow.lines(flow.line_of(position), 1)
        assert line.start <= position < line.start + len(line.widths)


def test_nothing_has_no_lines() -> None:
    flow = TokenFlow(0, 100, 4, lambda start, stop: ([], []))
    assert flow.line_count == 0
    assert flow.lines(0, 5) == []
    assert flow.settled(0.0) == 0.0
