"""What a server serves and whom it lets in."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of one server.

    Attributes:
        lab: The folder that holds `.assay`.
        key: The secret that lets its one user in on this machine; empty where users log in.
        hosts: Names under which it may be asked for, against DNS rebinding.
        most_upload: Bytes of one upload.
        most_jobs: Jobs that run or wait.
        stop_seconds: Within how many seconds it stops, whatever runs.
    """

    lab: Path
    key: str = ""
    hosts: tuple[str, ...] = field(default=LOCAL_HOSTS)
    most_upload: int = 4 << 30
    most_jobs: int = 16
    stop_seconds: float = 30.0
