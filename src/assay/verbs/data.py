"""`data`: name a version of some data by its content."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assay.base.errors import InputError
from assay.records.access import READ, WRITE
from assay.remote.address import LabPlace, Remote
from assay.runs.hashing import CACHE, DigestCache, content_of
from assay.store import Entry
from assay.verbs.served import served
from assay.verbs.where import open_lab

ADDED = "data.added"
_NAME = re.compile(r"[\w][\w .:/+-]{0,199}")


@dataclass(frozen=True, slots=True)
class DataVersion:
    """One version of some data.

    Attributes:
        version: Counted from 1 for each name; the same content has one version.
        path: Where it was when it was added.
        new: Whether it was not known before.
    """

    name: str
    version: int
    digest: str
    path: str
    files: int
    bytes: int
    new: bool = True


@dataclass(frozen=True, slots=True)
class Contents:
    """What is named: its digest, and how much it is."""

    digest: str
    files: int
    bytes: int


def add(path: Path, name: str, lab: LabPlace | None = None) -> DataVersion:
    """Digest a file or folder and enter it in the ledger under a name; content that has a version keeps it.

    Raises:
        InputError: what cannot be read, or a name that is none.
    """
    _check_name(name)
    if isinstance(lab, Remote):
        with tempfile.TemporaryDirectory(prefix="assay-") as none:
            found = content_of(path, DigestCache(Path(none) / CACHE), time.time())
        return enter(name, Contents(found.digest, found.files, found.bytes), str(path.absolute()), lab)
    with open_lab(lab) as store:
        cache = DigestCache(store.folder / CACHE)
        content = content_of(path, cache, time.time())
        cache.save()
    return enter(name, Contents(content.digest, content.files, content.bytes), str(path.absolute()), lab)


@served(WRITE)
def enter(name: str, content: Contents, path: str, lab: LabPlace | None = None) -> DataVersion:
    """Enter data in the ledger whose digest is known; content that has a version keeps it.

    Args:
        name: What people call the data.
        content: Its digest and how much it is.
        path: Where it lies, in words.
        lab: The folder of the lab.

    Raises:
        InputError: a name that is none.
    """
    _check_name(name)
    with open_lab(lab) as store, store.transaction() as session:
        held = _numbered(session.ledger.entries(1 << 30, kind=ADDED))
        mine = [v for v in held if v.name == name]
        same = [v for v in mine if v.digest == content.digest]
        if same:
            return same[0]
        made = DataVersion(name, len(mine) + 1, content.digest, path, content.files, content.bytes)
        session.ledger.append(
            ADDED, {k: getattr(made, k) for k in ("name", "version", "digest", "path", "files", "bytes")}
        )
    return made


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise InputError(
            f"the name is {name!r:.200}",
            rule="a name has letters, digits, spaces and . : / + - _",
            fix="--name flights",
        )


@served(READ)
def listed(lab: LabPlace | None = None) -> tuple[DataVersion, ...]:
    """Every version, oldest first."""
    with open_lab(lab) as store, store.snapshot() as session:
        return tuple(_numbered(session.ledger.entries(1 << 30, kind=ADDED)))


def _numbered(entries: Iterable[Entry]) -> list[DataVersion]:
    """Versions by name and content, in the order of time: labs that were merged count alike."""
    found: list[DataVersion] = []
    for entry in sorted(entries, key=lambda e: (e.time, e.writer, e.seq)):
        one = _version(entry.content())
        mine = [v for v in found if v.name == one.name]
        if all(v.digest != one.digest for v in mine):
            found.append(replace(one, version=len(mine) + 1))
    return found


def _version(content: Any) -> DataVersion:
    held = content if isinstance(content, dict) else {}
    return DataVersion(
        str(held.get("name", "(erased)")),
        int(held.get("version", 0)),
        str(held.get("digest", "")),
        str(held.get("path", "")),
        int(held.get("files", 0)),
        int(held.get("bytes", 0)),
        False,
    )
