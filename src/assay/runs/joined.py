"""Run folders of another lab brought into this one: whole, or not at all; same name and other bytes is a conflict.

A run that both hold may have been copied while it ran: its files are appended to, so that the longer one of two where
one begins with the other is the later, and is taken.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assay.runs.folder import END, START

DRAFT, PIECE = ".sync-", 1 << 20
_WRITTEN_ONCE = (START, END)


@dataclass(frozen=True, slots=True)
class JoinedRun:
    """What became of one run; `why` says what is in conflict."""

    run: str
    state: Literal["new", "grown", "same", "refused"]
    why: str = ""


def join_run(theirs: Path, ours: Path) -> JoinedRun:
    """Bring one run over.

    Args:
        theirs: Its folder in the other lab.
        ours: Its folder here, there or not.

    Raises:
        OSError: when a disk refuses.
    """
    name, why = ours.name, odd(theirs)
    if why:
        return JoinedRun(name, "refused", why)
    if not ours.exists():
        _copy_whole(theirs, ours)
        return JoinedRun(name, "new")
    if ours.is_symlink() or not ours.is_dir():
        return JoinedRun(name, "refused", "is no folder here")
    longer = []
    for path in _files(theirs):
        how = _compared(path, ours / path.name)
        if how == "other":
            return JoinedRun(name, "refused", f"{path.name} has other bytes here")
        if how == "longer":
            longer.append(path)
    # The end comes last: until it is there, the run is open, and the next sync takes up what is missing.
    for path in sorted(longer, key=lambda p: p.name == END):
        _replace(path, ours / path.name)
    return JoinedRun(name, "grown" if longer else "same")


def odd(folder: Path) -> str:
    """Why a run's folder is not taken; empty where it is: it holds plain files only, a start among them."""
    if folder.is_symlink() or not folder.is_dir():
        return "is no folder"
    with os.scandir(folder) as found:
        for entry in found:
            if not entry.name.startswith(".") and not entry.is_file(follow_symlinks=False):
                return f"holds {entry.name!r:.100}, which is no plain file"
    return "" if (folder / START).is_file() else f"has no {START}"


def _files(folder: Path) -> list[Path]:
    with os.scandir(folder) as found:
        return sorted(Path(e) for e in found if not e.name.startswith("."))


def _compared(theirs: Path, ours: Path) -> Literal["same", "longer", "shorter", "other"]:
    """How their file stands to ours; files that are written once are the same or another."""
    try:
        here = ours.lstat()
    except FileNotFoundError:
        return "longer"
    if not stat.S_ISREG(here.st_mode):
        return "other"
    with theirs.open("rb") as a, ours.open("rb") as b:
        while True:
            left, right = a.read(PIECE), b.read(PIECE)
            if left == right and left:
                continue
            if left == right:
                return "same"
            if theirs.name in _WRITTEN_ONCE:
                return "other"
            if left.startswith(right):
                return "longer"
            return "shorter" if right.startswith(left) else "other"


def _copy_whole(theirs: Path, ours: Path) -> None:
    draft = ours.parent / f"{DRAFT}{secrets.token_hex(6)}"
    try:
        draft.mkdir(parents=True)
        # The end first is copied last: a run that ends meanwhile is taken as open, and completed by the next sync.
        for path in sorted(_files(theirs), key=lambda p: p.name != END):
            _copy(path, draft / path.name)
        shutil.copystat(theirs, draft)
        draft.rename(ours)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _replace(theirs: Path, ours: Path) -> None:
    draft = ours.parent / f"{DRAFT}{secrets.token_hex(6)}"
    try:
        _copy(theirs, draft)
        draft.replace(ours)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _copy(source: Path, target: Path) -> None:
    """Copy a plain file with its times; a link that took its place meanwhile is not followed."""
    handle = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as a, target.open("xb") as b:
        shutil.copyfileobj(a, b, PIECE)
        b.flush()
        os.fsync(b.fileno())
        found = os.fstat(a.fileno())
    os.utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))
