"""What the engine says while an export waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.engine_client import EngineClient
    from engines.messages import Reply


@contextmanager
def heard(client: EngineClient) -> Iterator[list[Reply]]:
    """Every reply from now on, in order, as it comes; whoever reads one takes it out."""
    replies: list[Reply] = []

    def hear(reply: Reply) -> None:
        replies.append(reply)

    client.replied.connect(hear)
    try:
        yield replies
    finally:
        client.replied.disconnect(hear)
