"""Which process this is: host, boot, id and birth name one process for ever; rank and worker its part in a run."""

from __future__ import annotations

import os
import re
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

_RANKS = ("RANK", "SLURM_PROCID", "OMPI_COMM_WORLD_RANK", "PMI_RANK")


@dataclass(frozen=True, slots=True)
class Process:
    """One process.

    Attributes:
        boot: What the kernel calls this start of the machine; empty where it does not say.
        birth: Ticks from the machine's start to the process's, as text; tells processes that share a number apart.
    """

    host: str
    boot: str
    pid: int
    birth: str

    @property
    def host_word(self) -> str:
        """The host's name as a part of a file's name."""
        return re.sub(r"[^A-Za-z0-9.]", "_", self.host)[:40] or "host"


_known: Process | None = None


def here() -> Process:
    """This process."""
    global _known
    pid = os.getpid()
    if _known is None or _known.pid != pid:
        _known = Process(socket.gethostname(), boot(), pid, birth(pid))
    return _known


def boot() -> str:
    """What names this start of the machine, and the space in which it numbers processes (containers have their own)."""
    try:
        space = os.readlink("/proc/self/ns/pid")
        return f"{Path('/proc/sys/kernel/random/boot_id').read_text().strip()} {space}"
    except OSError:
        return ""


def birth(pid: int) -> str:
    """When a process began, as the kernel counts; empty where there is none or it cannot be told."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return ""
    # The name, in brackets, may hold anything; the start is the 20th field behind it.
    fields = stat.rpartition(b")")[2].split()
    return fields[19].decode() if len(fields) > 19 and fields[0] not in (b"Z", b"X") else ""


def rank_number() -> int:
    """This process's rank as launchers of parallel training set it; -1 where it is alone."""
    for name in _RANKS:
        value = os.environ.get(name, "")
        if value.isdecimal():
            return int(value)
    return -1


def worker_number() -> int:
    """The number of the data loader's worker that this process is, as PyTorch says; -1 if none."""
    module = sys.modules.get("torch.utils.data")
    if module is None:
        return -1
    info = module.get_worker_info()
    return int(info.id) if info is not None else -1
