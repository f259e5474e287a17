"""Runs that are logged over HTTP, as the server keeps them: the same folders that a run of this machine makes."""

from __future__ import annotations

import fcntl
import os
import re
from pathlib import Path

from assay.base.errors import ConflictError, InputError, MissingError, RightsError
from assay.records.access import Principal
from assay.records.runs import RunEnd, RunStart
from assay.remote.address import LabPlace
from assay.runs.folder import END, RUNS, START, read_record, write_record
from assay.store.refusals import file_failures
from assay.verbs.where import existing_lab

OWNER = ".owner"
# Runs that came from another tracker have four digits more.
_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{8}([0-9a-f]{4})?")
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,200}\.seg|output\.log")


def begin(start: RunStart, by: Principal, lab: LabPlace | None = None) -> bool:
    """Make the folder of a run; False where it was begun with the same words before.

    Raises:
        InputError: an id that is none.
        RightsError: the id is another's run.
        ConflictError: it was begun with other words.
    """
    if not _ID.fullmatch(start.id):
        raise InputError(
            f"the run's id is {start.id!r:.80}", rule="such as 20261121-094420-3f9a2c1b", fix="make a new one"
        )
    folder = existing_lab(lab) / RUNS / start.id
    with file_failures(folder):
        folder.parent.mkdir(exist_ok=True)
        folder.mkdir(exist_ok=True)
        _claim(folder, by)
        held, _ = read_record(folder, RunStart)
        if held is None:
            write_record(folder, start)
            return True
    if held != start:
        raise ConflictError(
            f"the run {start.id} was begun with other words", rule="a start is written once", fix="begin a new run"
        )
    return False


def append(
    run: str, name: str, offset: int, content: bytes, by: Principal, lab: LabPlace | None = None, sync: bool = False
) -> int:
    """Continue a file of a run; what is there already is compared, so that sending twice changes nothing.

    The bytes are with the kernel when this returns: the death of the process loses none of them.

    Args:
        run: Its id.
        name: Of a segment, or `output.log`.
        offset: Where the content begins in the file.
        content: What comes there.
        by: Who sends it.
        lab: The folder of the lab.
        sync: Whether to bring the file to the disk too.

    Returns:
        The size of the file.

    Raises:
        MissingError: no such run was begun.
        RightsError: it is another's run.
        ConflictError: there is a gap before it, or something else is kept there.
        InputError: a name that no file of a run has.
    """
    if not _FILE.fullmatch(name):
        raise InputError(
            f"the file is {name!r:.80}", rule="segments (.seg) and output.log are sent", fix="name one of these"
        )
    folder = _owned(run, by, lab)
    with file_failures(folder):
        handle = os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            size = _continued(handle, offset, content, name)
            if sync:
                os.fsync(handle)
            return size
        finally:
            os.close(handle)


def finish(run: str, end: RunEnd, by: Principal, lab: LabPlace | None = None) -> bool:
    """Say how a run ended; False where the same was said before.

    Raises:
        MissingError: no such run was begun.
        RightsError: it is another's run.
        ConflictError: another end is kept.
    """
    folder = _owned(run, by, lab)
    held, _ = read_record(folder, RunEnd)
    if held is None and not (folder / END).exists():
        with file_failures(folder):
            write_record(folder, end)
        return True
    if held != end:
        raise ConflictError(f"the run {run} has ended otherwise", rule="an end is written once", fix="begin a new run")
    return False


def _continued(handle: int, offset: int, content: bytes, name: str) -> int:
    size = os.fstat(handle).st_size
    known = size - offset
    if known < 0 or os.pread(handle, min(known, len(content)), offset) != content[: max(0, known)]:
        raise ConflictError(
            f"{name} has {size} bytes here, and other bytes come at {offset}",
            rule="a file is continued where it ends",
            fix="send it from there on",
        )
    rest = content[known:]
    while rest:
        rest = rest[os.write(handle, rest) :]
    return max(size, offset + len(content))


def _claim(folder: Path, by: Principal) -> None:
    """Enter whose run it is, once."""
    if (folder / START).exists() or (folder / OWNER).exists():
        _check(folder, by)
        return
    handle = os.open(folder / OWNER, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    try:
        os.write(handle, by.name.encode())
    finally:
        os.close(handle)


def _owned(run: str, by: Principal, lab: LabPlace | None) -> Path:
    folder = existing_lab(lab) / RUNS / run
    if not _ID.fullmatch(run) or not folder.is_dir():
        raise MissingError(
            f"there is no run {run!r:.80}", rule="a run is begun first", fix=f"PUT /api/v1/runs/{run:.40}"
        )
    _check(folder, by)
    return folder


def _check(folder: Path, by: Principal) -> None:
    """Whether it is theirs; runs of the server's own machine are nobody's over HTTP."""
    try:
        owner = (folder / OWNER).read_text()
    except FileNotFoundError:
        owner = ""
    if owner != by.name:
        raise RightsError(
            f"the run {folder.name} was not begun by {by.name!r}",
            rule="a run is written by who began it",
            fix="begin a run",
        )
