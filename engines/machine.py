"""What this machine can do: devices, dtypes, threads, memory; and how the engine's process stays within it."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import TYPE_CHECKING

import psutil

from engines.measure import processor_name
from engines.messages import Choice, Machine

if TYPE_CHECKING:
    import torch
else:
    from engines.lazy_torch import torch

DTYPES = ("float32", "bfloat16", "float16")
PR_SET_PDEATHSIG = 1


def describe_machine() -> Machine:
    """Every device and dtype there could be, each with the reason where it cannot be used."""
    cuda = [f"cuda:{index}" for index in range(torch.cuda.device_count())] if torch.cuda.is_available() else []
    devices = [Choice("cpu"), *(Choice(name) for name in cuda)]
    if not cuda:
        devices.append(Choice("cuda", "no CUDA device was found"))
    cpu = tuple(Choice(name, "" if name == "float32" else "slower than float32 on this processor") for name in DTYPES)
    gpu = tuple(Choice(name) for name in DTYPES)
    return Machine(
        devices=tuple(devices),
        dtypes=tuple((choice.name, cpu if choice.name == "cpu" else gpu) for choice in devices),
        threads=torch.get_num_threads(),
        total_bytes=psutil.virtual_memory().total,
        torch_version=torch.version.__version__,
        processor=processor_name(),
    )


def free_bytes(device: str) -> int:
    """Memory that could be allocated now."""
    if device.startswith("cuda"):
        return int(torch.cuda.mem_get_info(device)[0])
    return int(psutil.virtual_memory().available)


def out_of_memory(error: Exception) -> bool:
    """Whether that is what an exception says; torch has no type of its own for it on the processor."""
    text = str(error).lower()
    return isinstance(error, MemoryError) or any(word in text for word in ("allocate", "bad_alloc", "out of memory"))


def die_with_parent() -> None:
    """On Linux: be killed when the parent is, however it ends. Elsewhere the closed pipe ends the engine."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def yield_to_the_window() -> None:
    """Let the window's process go first where both want a core: an engine a little later is not seen, a stall is."""
    if hasattr(os, "nice"):
        os.nice(5)


def limit_memory() -> None:
    """Let allocations beyond what the machine has fail as errors, instead of the system killing some process."""
    if sys.platform == "linux":
        import resource

        available = psutil.virtual_memory().available
        resource.setrlimit(resource.RLIMIT_DATA, (int(0.95 * available), resource.RLIM_INFINITY))
