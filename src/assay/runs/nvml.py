"""The driver's own library, asked how busy each device is. Source: NVML API reference guide, NVIDIA 2025."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable

from assay.runs.gpu import Sample

_LIBRARY = "libnvidia-ml.so.1"


class _Utilization(ctypes.Structure):
    _fields_ = (("gpu", ctypes.c_uint), ("memory", ctypes.c_uint))


class _Memory(ctypes.Structure):
    _fields_ = (("total", ctypes.c_ulonglong), ("free", ctypes.c_ulonglong), ("used", ctypes.c_ulonglong))


def nvml(load: Callable[[str], ctypes.CDLL] = ctypes.CDLL) -> Sample | None:
    """What asks the driver's own library about the devices that this process may use; None where it cannot be had."""
    try:
        library = load(_LIBRARY)
        if library.nvmlInit_v2():
            return None
    except (OSError, AttributeError):
        return None
    many = ctypes.c_uint()
    if library.nvmlDeviceGetCount_v2(ctypes.byref(many)):
        return None
    handles = []
    for number in visible(many.value, os.environ.get("CUDA_VISIBLE_DEVICES")):
        handle = ctypes.c_void_p()
        if not library.nvmlDeviceGetHandleByIndex_v2(number, ctypes.byref(handle)):
            handles.append(handle)

    def sample() -> list[tuple[float, int]]:
        found = []
        for handle in handles:
            share, memory = _Utilization(), _Memory()
            library.nvmlDeviceGetUtilizationRates(handle, ctypes.byref(share))
            library.nvmlDeviceGetMemoryInfo(handle, ctypes.byref(memory))
            found.append((share.gpu / 100, int(memory.used)))
        return found

    return sample if handles else None


def visible(many: int, said: str | None) -> list[int]:
    """The devices that a process may use, by number; all where it is not said in numbers.

    >>> visible(4, "2,0"), visible(2, None), visible(2, "-1")
    ([2, 0], [0, 1], [])
    """
    words = [] if said is None else [word.strip() for word in said.split(",")]
    if said is None or not all(word.lstrip("-").isdecimal() for word in words):
        return list(range(many))
    found: list[int] = []
    for number in map(int, words):
        if not 0 <= number < many:
            break
        found.append(number)
    return found
