"""Lake folders by reference: a Delta table at its newest version, an Iceberg table at its current snapshot.

Both are read as JSON, without their libraries; nothing is copied. Files of a Delta folder that its log has removed do
not count. The snapshots of Iceberg never change, so that one is named by its id and by what its list of files holds.
"""

from __future__ import annotations

import gzip
import json
import re
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assay.base.canonical import content_digest, digest_json
from assay.base.errors import InputError
from assay.readers.tables import TableContent

LOG, METADATA = "_delta_log", "metadata"
_COMMIT = re.compile(r"\d{20}\.json")
_VERSION = re.compile(r"(?:v(\d+)|(\d+)-.+?)(?:\.gz)?\.metadata\.json(?:\.gz)?")


def is_delta(folder: Path) -> bool:
    """Whether a folder is a Delta table whose log is there from its begin."""
    return (folder / LOG / f"{0:020}.json").is_file()


def is_iceberg(folder: Path) -> bool:
    """Whether a folder is an Iceberg table."""
    return bool(_versions(folder))


def delta_table(folder: Path, digest_of: Callable[[Path], tuple[str, int]]) -> TableContent:
    """The content of a Delta folder at its newest version: its schema, and the files that its log has not removed.

    Args:
        folder: With `_delta_log`, which is read as JSON, commit by commit.
        digest_of: A file -> its digest and size.

    Raises:
        InputError: a log with gaps, or that cannot be read; a file that lies elsewhere.

    Source: Delta Transaction Log Protocol, sections Delta Log Entries and Action Reconciliation.
    """
    live: dict[str, Any] = {}
    schema = ""
    for number, commit in enumerate(sorted(p for p in (folder / LOG).iterdir() if _COMMIT.fullmatch(p.name))):
        if int(commit.stem) != number:
            raise _log(commit, f"the log has no commit {number}")
        for action in _actions(commit):
            schema = str(action.get("metaData", {}).get("schemaString", schema))
            live.pop(str(action.get("remove", {}).get("path")), None)
            if "add" in action:
                live[str(action["add"]["path"])] = action["add"].get("deletionVector")
    held = []
    size = 0
    for name, deleted in sorted(live.items()):
        inner = Path(urllib.parse.unquote(name))
        if inner.is_absolute() or ".." in inner.parts or "://" in name:
            raise _log(folder / LOG, f"the file {name!r:.100} lies elsewhere")
        digest, many = digest_of(folder / inner)
        held.append([name, digest, deleted])
        size += many
    return TableContent(digest_json([schema, held]), digest_json(schema), len(held), size)


def _actions(commit: Path) -> list[dict[str, Any]]:
    try:
        found = [json.loads(line) for line in commit.read_text("utf-8").splitlines() if line.strip()]
        if not all(isinstance(a, dict) and all(isinstance(v, dict) for v in a.values()) for a in found):
            raise ValueError("a line is no action")
    except (OSError, ValueError) as error:
        raise _log(commit, f"cannot be read ({str(error)[:100]})") from error
    return found


def _log(where: Path, what: str) -> InputError:
    return InputError(
        what, rule="a Delta folder is read by its log, from the first commit on", fix="check the folder",
        where=str(where),
    )  # fmt: skip


def iceberg_table(folder: Path) -> TableContent:
    """The content of an Iceberg folder at the current snapshot of its newest metadata.

    The list of the snapshot's manifests is digested as a file; manifests and data files are not opened, since the
    format never changes them once they are written.

    Raises:
        InputError: metadata that cannot be read, or a snapshot whose list of manifests is not in the folder.

    Source: Iceberg Table Spec, sections Table Metadata Fields, Snapshots, and File System Tables.
    """
    path = _newest(folder)
    said = _metadata(path)
    schemas = said.get("schemas") or [said.get("schema")]
    chosen = said.get("current-schema-id")
    schema = next((s for s in schemas if isinstance(s, dict) and s.get("schema-id") == chosen), schemas[-1])
    now = said.get("current-snapshot-id")
    snapshots = [s for s in said.get("snapshots") or () if isinstance(s, dict) and s.get("snapshot-id") == now]
    shape = digest_json(_without(schema, "schema-id"))
    if now in (None, -1):
        return TableContent(digest_json([shape, said.get("table-uuid"), None]), shape, 0, 0, 0)
    if not snapshots:
        raise _iceberg(path, f"names the snapshot {now}, and does not have it")
    held, summary = snapshots[0], dict(snapshots[0].get("summary") or {})
    names = held.get("manifests") or [held.get("manifest-list", "")]
    lists = [_digest(folder / METADATA / Path(urllib.parse.urlsplit(str(n)).path).name, path) for n in names]
    digest = digest_json([shape, said.get("table-uuid"), now, lists])
    files, size, rows = (_count(summary, f"total-{of}") for of in ("data-files", "files-size", "records"))
    return TableContent(digest, shape, files or 0, size or 0, rows)


def _versions(folder: Path) -> list[tuple[int, Path]]:
    """Files of metadata with their numbers."""
    try:
        found = [(m, p) for p in (folder / METADATA).iterdir() if (m := _VERSION.fullmatch(p.name))]
    except OSError:
        return []
    return sorted((int(m[1] or m[2]), p) for m, p in found)


def _newest(folder: Path) -> Path:
    """The metadata of the largest number; of several of one number the one that was written last by its own words."""
    found = _versions(folder)
    last = [p for number, p in found if number == found[-1][0]]
    return max(last, key=lambda p: (int(_metadata(p).get("last-updated-ms") or 0), p.name))


def _metadata(path: Path) -> dict[str, Any]:
    try:
        content = path.read_bytes()
        said = json.loads(gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content)
        if not isinstance(said, dict):
            raise ValueError("is no object")
        int(said.get("last-updated-ms") or 0)
    except (OSError, ValueError, TypeError, EOFError) as error:
        raise _iceberg(path, f"cannot be read ({str(error)[:100]})") from error
    return said


def _without(schema: Any, name: str) -> Any:
    return {k: v for k, v in schema.items() if k != name} if isinstance(schema, dict) else schema


def _digest(path: Path, metadata: Path) -> str:
    try:
        return content_digest(path.read_bytes())
    except OSError as error:
        raise _iceberg(metadata, f"names {path.name!r:.100}, which cannot be read ({error.strerror})") from error


def _count(summary: dict[str, Any], name: str) -> int | None:
    value = str(summary.get(name, ""))
    return int(value) if value.isdecimal() else None


def _iceberg(where: Path, what: str) -> InputError:
    return InputError(
        what, rule="an Iceberg folder is read by its newest metadata and the snapshot that it names",
        fix="check the folder", where=str(where),
    )  # fmt: skip
