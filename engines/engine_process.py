"""Where the engine process begins; imported by the window too, so it imports nothing heavy itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.connection import Connection


def main(connection: Connection, threads: int | None = None, installed: bool = True) -> None:
    """Serve requests from the connection until its other end closes; ``installed`` loads packages' variants, too."""
    from engines import machine

    machine.die_with_parent()
    import torch

    if threads:
        torch.set_num_threads(threads)
    machine.limit_memory()
    machine.yield_to_the_window()

    from engines.worker import Worker

    Worker(connection, installed).serve()
