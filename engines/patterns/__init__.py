"""Which pairs of a query and a key one head keeps, and the exact share of them in any rectangle; numpy only.

A pattern is a union of pieces made disjoint when it is built, so that its coverage is a plain sum. Nothing is ever
built as queries × keys: bands and intervals are counted in closed form, buckets through their sorted order.
"""

from engines.patterns.constructors import dense, sliding_window
from engines.patterns.factorised import fixed, strided
from engines.patterns.hashed import HashedChunks, hashed_chunks
from engines.patterns.pattern import Pattern, Pieces

__all__ = ["HashedChunks", "Pattern", "Pieces", "dense", "fixed", "hashed_chunks", "sliding_window", "strided"]
