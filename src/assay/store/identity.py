"""Who writes: one writer per lab folder, user and machine."""

from __future__ import annotations

import getpass
import os
import socket
from dataclasses import dataclass
from pathlib import Path

from assay.base.canonical import digest, digest_json
from assay.store.rows import Writer


@dataclass(frozen=True)
class Identity:
    """A user on a machine, as the lab names them."""

    user: str
    host: str

    @classmethod
    def current(cls) -> Identity:
        """The user who runs this process, and the machine's name."""
        try:
            user = getpass.getuser()
        except (KeyError, OSError):
            user = f"uid-{os.getuid()}"
        return cls(user=user, host=socket.gethostname())


def writer_of(lab: str, identity: Identity, folder: Path) -> Writer:
    """The writer whose chain this user, on this machine, in this folder, appends to.

    The path takes part so that a copied lab starts a chain of its own instead of forking the old one.
    """
    place = digest(str(folder.resolve()).encode(errors="surrogateescape"))
    return Writer(writer_id(lab, identity.user, identity.host, place), lab, identity.user, identity.host, place)


def writer_id(lab: str, user: str, host: str, folder: str) -> str:
    """The id that follows from a writer's other fields."""
    return "w-" + digest_json({"lab": lab, "user": user, "host": host, "folder": folder})[7:39]
