"""Checkpoints: the heads of all chains in a small file that is kept outside the lab."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assay.base.canonical import canonical_json
from assay.base.errors import InputError
from assay.store.chains import Fault
from assay.store.ledger import Ledger
from assay.store.rows import Head

_TAG, _VERSION, _MAX_BYTES = "ledger-checkpoint", 1, 16 << 20


@dataclass(frozen=True)
class Checkpoint:
    """What a ledger held at one moment: the lab, the time, the number of entries and every chain's last entry."""

    lab: str
    time: str
    entries: int
    heads: tuple[Head, ...]

    def to_bytes(self) -> bytes:
        """The checkpoint as one line of canonical JSON."""
        return canonical_json({"assay": _TAG, "schema": _VERSION, **asdict(self)}) + b"\n"


def read_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint file.

    Raises:
        InputError: when it is missing or no checkpoint.
    """
    try:
        with path.open("rb") as file:
            value = json.loads(file.read(_MAX_BYTES))
        return _checkpoint(value)
    except OSError as error:
        raise _refused(path, error.strerror or "cannot be read") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _refused(path, "is no checkpoint of an Assay ledger") from error


def check_checkpoint(checkpoint: Checkpoint, lab: str, ledger: Ledger) -> tuple[Fault, ...]:
    """What the ledger has lost since the checkpoint: nothing, or one fault per chain that was cut or rewritten."""
    if checkpoint.lab != lab:
        return (Fault("checkpoint", f"it was taken of the lab {checkpoint.lab}, this is {lab}"),)
    faults = []
    for head in checkpoint.heads:
        entry = ledger.entry(head.writer, head.seq)
        if entry is None:
            faults.append(Fault("checkpoint", "was there at the checkpoint and is missing", head.writer, head.seq))
        elif entry.hash != head.hash:
            faults.append(Fault("checkpoint", "was rewritten after the checkpoint", head.writer, head.seq))
    size = ledger.size()
    if not faults and size < checkpoint.entries:
        faults.append(Fault("checkpoint", f"the ledger held {checkpoint.entries} entries, now {size}"))
    return tuple(faults)


def _checkpoint(value: Mapping[str, Any]) -> Checkpoint:
    heads = tuple(Head(writer=h["writer"], seq=h["seq"], hash=h["hash"]) for h in value["heads"])
    found = Checkpoint(lab=value["lab"], time=value["time"], entries=value["entries"], heads=heads)
    numbers = (found.entries, *(h.seq for h in heads))
    texts = (found.lab, found.time, *(t for h in heads for t in (h.writer, h.hash)))
    typed = all(type(n) is int and 0 <= n < 1 << 63 for n in numbers) and all(isinstance(t, str) for t in texts)
    if (value["assay"], value["schema"]) != (_TAG, _VERSION) or not typed:
        raise ValueError(value["assay"])
    return found


def _refused(path: Path, what: str) -> InputError:
    return InputError(
        f"the checkpoint {what}",
        rule="a checkpoint is the JSON file that `assay ledger checkpoint` wrote",
        fix="give the path of such a file",
        where=str(path),
    )
