"""The folder of a run: `start.json`, segments, `end.json`. Each is written once; both records carry their digest."""

from __future__ import annotations

import dataclasses
import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from assay.base.canonical import digest, encoded, plain
from assay.base.errors import MissingError, StoreError
from assay.records.runs import RunEnd, RunFault, RunStart

RUNS, START, END = "runs", "start.json", "end.json"
SCHEMA = 1
_TAGS: dict[type, str] = {RunStart: "assay.run.start", RunEnd: "assay.run.end"}
_DIGEST = b',"digest":'
_NAMES = {kind: tuple(f.name for f in dataclasses.fields(kind)) for kind in _TAGS}
_TUPLES = ("command", "tags", "notes", "form")

R = TypeVar("R", RunStart, RunEnd)


def new_id(now: float) -> str:
    """A name that sorts by time: `20261121-094420-3f9a2c1b`, in UTC."""
    return time.strftime("%Y%m%d-%H%M%S-", time.gmtime(now)) + os.urandom(4).hex()


def make_folder(runs: Path, now: float) -> tuple[str, Path]:
    """A new run's id and folder.

    Raises:
        OSError: when it cannot be made.
    """
    for _ in range(100):
        run = new_id(now)
        try:
            os.mkdir(runs / run)
        except FileExistsError:
            continue
        except FileNotFoundError:
            runs.mkdir(parents=True, exist_ok=True)
            continue
        return run, runs / run
    raise FileExistsError(f"no free name for a run in {runs}")


def write_record(folder: Path, record: RunStart | RunEnd) -> str:
    """Write `start.json` or `end.json` in one `write(2)` under another name, then give it its own; returns its digest.

    Raises:
        OSError: when the disk refuses.
    """
    content = _content(record)
    found = digest(content)
    held = content[:-1] + _DIGEST + encoded(found) + b"}\n"
    name = START if isinstance(record, RunStart) else END
    draft = f"{folder}/.{name}.{os.urandom(4).hex()}"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
    try:
        done = 0
        while done < len(held):
            done += os.write(handle, held[done:])
        os.rename(draft, f"{folder}/{name}")
    except OSError:
        with suppress(OSError):
            os.unlink(draft)
        raise
    finally:
        os.close(handle)
    return found


def read_record(folder: Path, kind: type[R]) -> tuple[R | None, list[RunFault]]:
    """A run's start or end, and what is wrong with it; None where there is none, or it cannot be read."""
    name = START if kind is RunStart else END
    try:
        with open(f"{folder}/{name}", "rb", buffering=0) as file:
            held = file.read()
    except FileNotFoundError:
        return None, []
    except OSError as error:
        return None, [RunFault(folder.name, name, f"cannot be read ({error.strerror})")]
    try:
        content = json.loads(held.decode())
        said = content["digest"]
        record = _record(content, kind)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return None, [RunFault(folder.name, name, f"is no record of a run ({type(error).__name__})")]
    edited = digest(held.rpartition(_DIGEST)[0] + b"}") != said
    return record, [RunFault(folder.name, name, "was edited: it does not have its digest")] if edited else []


def run_folders(runs: Path) -> list[str]:
    """The names of all runs in a lab, sorted; a stray file is none."""
    try:
        with os.scandir(runs) as found:
            return sorted(e.name for e in found if not e.name.startswith(".") and e.is_dir())
    except FileNotFoundError:
        return []


def record_of(content: Mapping[str, Any], kind: type[R]) -> R:
    """A run's start or end from its plain values; what they hold is checked by who calls.

    Raises:
        ValueError: another type of record, or another schema.
        KeyError: a value that a record needs is missing.
    """
    return _record(dict(content), kind)


def find_run(runs: Path, name: str) -> Path:
    """The folder of a run by its id, or by the start or the end of it where only one run has such.

    Raises:
        MissingError: when there is none.
        StoreError: when there are several.
    """
    if name and "/" not in name and "\0" not in name and (runs / name).is_dir() and not name.startswith("."):
        return runs / name
    names = run_folders(runs)
    found = [n for n in names if name and (n.startswith(name) or n.endswith(name))]
    if len(found) == 1:
        return runs / found[0]
    rule, fix = "a run is named by its id, or a part that only it has", "assay runs list"
    if not found:
        raise MissingError(f"there is no run {name!r:.80}", rule=rule, fix=fix)
    raise StoreError(f"{len(found)} runs are named like {name!r:.80}", rule=rule, fix=fix)


def plain_record(record: RunStart | RunEnd) -> dict[str, Any]:
    """A run's start or end as plain values, with the tag of its type."""
    values: dict[str, Any] = json.loads(_content(record))
    return values


def _content(record: RunStart | RunEnd) -> bytes:
    values = {name: plain(getattr(record, name)) for name in _NAMES[type(record)]}
    text = json.dumps(
        {"type": _TAGS[type(record)], "schema": SCHEMA, **values},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=True,
        allow_nan=False,
    )
    return text.encode()


def _record(content: dict[str, Any], kind: type[R]) -> R:
    if content["type"] != _TAGS[kind] or content["schema"] != SCHEMA:
        raise ValueError("another type or schema")
    values = {name: content[name] for name in _NAMES[kind] if name in content}
    for name in _TUPLES:
        if name in values:
            values[name] = tuple(values[name])
    return kind(**values)
