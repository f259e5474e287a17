"""What the lab's tables hold, as frozen dataclasses; every read is checked against these types."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar

from assay.base.errors import StoreError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

R = TypeVar("R", bound="DataclassInstance")

_TYPES: dict[str, tuple[type, ...]] = {"str": (str,), "int": (int,), "str | None": (str, type(None))}


@dataclass(frozen=True)
class Writer:
    """Who appends to one chain of the ledger.

    `id` follows from the other fields, so that a copy of the lab, another user or another machine writes a chain of
    its own. `folder` is the digest of the lab folder's absolute path.
    """

    id: str
    lab: str
    user: str
    host: str
    folder: str


@dataclass(frozen=True)
class Entry:
    """One event of the ledger.

    `position` is the order of arrival in this lab, from 1. `seq` counts from 1 within the writer's chain. `payload` is
    canonical JSON, or None once it is erased; `payload_digest` stays.
    """

    position: int
    writer: str
    seq: int
    prev: str
    hash: str
    kind: str
    payload_digest: str
    payload: str | None
    time: str

    def content(self) -> Any:
        """The payload as JSON values; None once it is erased."""
        return None if self.payload is None else json.loads(self.payload)


@dataclass(frozen=True)
class Found:
    """A page of entries that a search found, the newest first, and how many there are in all."""

    entries: tuple[Entry, ...]
    total: int


@dataclass(frozen=True)
class FrozenPlan:
    """One frozen version of a plan. `content` is the blob of its canonical text; a later version names its parent."""

    id: str
    name: str
    version: int
    digest: str
    parent: str | None
    reason: str | None
    content: str
    frozen_at: str
    frozen_by: str


@dataclass(frozen=True)
class Look:
    """One reading of evaluation data: which candidate was judged on which dataset version, and what came of it.

    `lineage` is the digest of the dataset's first version; `scores` is the digest of the scores that were read.
    """

    plan: str
    dataset: str
    lineage: str
    candidate: str
    scores: str
    evidence: str
    read_at: str
    read_by: str


@dataclass(frozen=True)
class KeptEvidence:
    """One evidence bundle. `id` is its digest, `inputs` the key of what went in, `manifest` the blob that lists it."""

    id: str
    plan: str
    inputs: str
    manifest: str
    folder: str | None
    recommendation: str
    created_at: str


@dataclass(frozen=True)
class Head:
    """The last entry of one writer's chain."""

    writer: str
    seq: int
    hash: str


def decoded(kind: type[R], row: Mapping[Any, Any]) -> R:
    """A row as a dataclass.

    Raises:
        StoreError: when a value has a type that Assay never writes there, as in a damaged file.
    """
    values: dict[str, Any] = {}
    for field in fields(kind):
        value = row[field.name]
        if not isinstance(value, _TYPES[str(field.type)]):
            raise StoreError(
                f"the lab holds {value!r:.60} as {field.name} of a {kind.__name__}",
                rule=f"{field.name} is {field.type}",
                fix="the lab is damaged: restore it from a backup",
            )
        values[field.name] = value
    return kind(**values)
