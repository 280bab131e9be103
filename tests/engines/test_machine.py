"""What the machine can do, as the window is told."""

from __future__ import annotations

import psutil
import torch

from engines.machine import DTYPES, describe_machine, free_bytes


def test_every_device_and_dtype_is_named_with_the_reason_where_it_cannot_be_used():
    machine = describe_machine()
    assert machine.devices[0].name == "cpu"
    assert machine.devices[0].unavailable == ""
    cuda = [choice for choice in machine.devices if choice.name.startswith("cuda")]
    assert cuda
    assert all(bool(choice.unavailable) != torch.cuda.is_available() for choice in cuda)
    offered = dict(machine.dtypes)
    assert set(offered) == {choice.name for choice in machine.devices}
    assert [choice.name for choice in offered["cpu"]] == list(DTYPES)
    assert [choice.unavailable == "" for choice in offered["cpu"]] == [True, False, False]


def test_sizes():
    machine = describe_machine()
    assert 0 < free_bytes("cpu") <= machine.total_bytes == psutil.virtual_memory().total
    assert machine.threads == torch.get_num_threads()
    assert machine.torch_version == torch.__version__
    assert machine.processor
