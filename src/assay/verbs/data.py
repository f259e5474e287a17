"""`data`: name a version of some data by its content."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assay.base.errors import InputError
from assay.records.access import READ, WRITE
from assay.remote.address import LabPlace, Remote
from assay.runs.hashing import CACHE, DigestCache
from assay.store import Entry
from assay.verbs.contents import Contents, contents, placed
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
        schema: Digest of a table's columns and their types; empty for files.
    """

    name: str
    version: int
    digest: str
    path: str
    files: int
    bytes: int
    new: bool = True
    schema: str = ""


@dataclass(frozen=True, slots=True)
class DataCheck:
    """A version beside what lies at its place now.

    Attributes:
        state: `unchanged`, `changed` or `gone`.
        what: What has changed: `content`, or `schema and content`; or why nothing is there.
    """

    version: DataVersion
    state: str
    what: str = ""


def add(path: str | Path, name: str, lab: LabPlace | None = None) -> DataVersion:
    """Digest a file, folder or table and enter it in the ledger under a name; content that has a version keeps it.

    Args:
        path: A file or a folder; a Delta folder counts as its newest version, an Iceberg folder as its
            current snapshot. Or a table of a database:
            `sqlite:///FILE?table=NAME`, `duckdb:///FILE?table=NAME`.
        name: What people call the data.
        lab: The folder of the lab.

    Raises:
        InputError: what cannot be read, or a name that is none.
    """
    _check_name(name)
    if isinstance(lab, Remote):
        with tempfile.TemporaryDirectory(prefix="assay-") as none:
            found = contents(str(path), DigestCache(Path(none) / CACHE))
        return enter(name, found, placed(str(path)), lab)
    with open_lab(lab) as store:
        cache = DigestCache(store.folder / CACHE)
        found = contents(str(path), cache)
        cache.save()
    return enter(name, found, placed(str(path)), lab)


def check(name: str = "", lab: LabPlace | None = None) -> tuple[DataCheck, ...]:
    """The newest version of each name beside what lies at its place now, read again.

    Args:
        name: Of one; of all where it is empty.
        lab: The folder of the lab.

    Raises:
        InputError: there is no such name.
    """
    latest = {v.name: v for v in listed(lab) if name in ("", v.name)}
    if name and not latest:
        raise InputError(f"no data are named {name!r:.100}", rule="data are named by `data add`", fix="assay data list")
    with open_lab(lab) as store:
        cache = DigestCache(store.folder / CACHE)
        found = tuple(_checked(version, cache) for version in latest.values())
        cache.save()
    return found


def _checked(version: DataVersion, cache: DigestCache) -> DataCheck:
    try:
        now = contents(version.path, cache, version.digest)
    except InputError as error:
        return DataCheck(version, "gone", error.what)
    if now.digest == version.digest:
        return DataCheck(version, "unchanged")
    return DataCheck(version, "changed", "content" if now.schema == version.schema else "schema and content")


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
        sizes = (content.files, content.bytes)
        made = DataVersion(name, len(mine) + 1, content.digest, path, *sizes, schema=content.schema)
        kept = ("name", "version", "digest", "path", "files", "bytes", *(("schema",) if made.schema else ()))
        session.ledger.append(ADDED, {k: getattr(made, k) for k in kept})
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
        str(held.get("schema", "")),
    )
