"""A stand-in for torch that imports it at first use.

The window reads parameters and patterns from files that also hold tensor code. Importing torch takes seconds and
threads, so those files write

    if TYPE_CHECKING:
        import torch
    else:
        from engines.lazy_torch import torch

and only the engine process, which computes, ever pays for it. The engine imports the real torch before it starts a
thread, so that two threads never race for the first access.
"""

from typing import Any


class _LazyTorch:
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # inspect and hypothesis probe every object for dunders; that is not a use
            raise AttributeError(name)
        import torch as real

        value = getattr(real, name)
        setattr(self, name, value)
        return value


torch = _LazyTorch()
