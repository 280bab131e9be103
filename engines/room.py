"""Memory for the temporaries of a block.

The allocator of the C library hands large blocks back to the system as soon as they are freed, and touching fresh ones
costs as much as the work that is done in them. What runs block after block takes its temporaries from a ``SameRoom``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


class Room:
    """Fresh memory each time."""

    def __call__(self, name: str, like: Tensor, *size: int) -> Tensor:
        """An uninitialised tensor of a size, of the dtype and device of another."""
        return like.new_empty(size)


class SameRoom(Room):
    """The same memory for every block. What it gave under a name is good until it is asked for that name again."""

    def __init__(self) -> None:
        self._kept: dict[str, Tensor] = {}

    def __call__(self, name: str, like: Tensor, *size: int) -> Tensor:
        count, kept = math.prod(size), self._kept.get(name)
        if kept is None or kept.numel() < count:
            kept = self._kept[name] = like.new_empty(count)
        return kept[:count].view(size)


FRESH = Room()
