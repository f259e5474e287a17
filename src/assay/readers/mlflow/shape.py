"""What the three kinds of MLflow source share: states, times, series, and which files are taken."""

from __future__ import annotations

import os
import stat
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assay.records.imports import ForeignFile, ForeignRun, Points
from assay.records.runs import State

SYSTEM = "mlflow"
PIECE, DEEPEST = 1 << 20, 60
_STATES: dict[str, State | None] = {
    "FINISHED": "finished", "FAILED": "failed", "KILLED": "interrupted", "RUNNING": None, "SCHEDULED": None,
}  # fmt: skip
_BY_NUMBER = ("", "RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED")
# What MLflow's databases write for infinity, since some of them cannot hold it.
_GREATEST = np.finfo(np.float64).max


def state_of(said: Any) -> State | None:
    """How a run ended; None while it is open. Folders hold a number, databases and servers a word."""
    word = _BY_NUMBER[said] if isinstance(said, int) and 0 < said < len(_BY_NUMBER) else str(said)
    return _STATES.get(word)


def seconds(said: Any) -> float | None:
    """Milliseconds since 1970 as seconds; None where none are told."""
    return int(said) / 1000 if said not in (None, "", -1) else None


def points(steps: Sequence[int], values: Sequence[float], stamps: Sequence[int]) -> Points:
    """A series in the order of time and step, whatever the order in which it was read.

    Args:
        steps: [n].
        values: [n]; the greatest number that a float holds is infinity, as databases keep it.
        stamps: [n], milliseconds since 1970.
    """
    s, v, t = np.asarray(steps, "<i8"), np.asarray(values, "<f8"), np.asarray(stamps, "<i8")
    if len(t) > 1 and not ((t[1:] > t[:-1]) | ((t[1:] == t[:-1]) & (s[1:] > s[:-1]))).all():
        order = np.lexsort((v, s, t))
        s, v, t = s[order], v[order], t[order]
    v = np.where(np.abs(v) == _GREATEST, np.copysign(np.inf, v), v)
    return Points(np.ascontiguousarray(s), np.ascontiguousarray(v), t / 1000.0)


def run_of(
    info: Mapping[str, Any], experiment: str, params: Mapping[str, str], tags: Mapping[str, str],
    series: Mapping[str, Points], **more: Any,
) -> ForeignRun:  # fmt: skip
    """A run from what MLflow calls its info: the same names in all three kinds of source."""
    return ForeignRun(
        id=str(info.get("run_uuid") or info.get("run_id")),
        name=str(info.get("name") or info.get("run_name") or tags.get("mlflow.runName", "")),
        experiment=experiment,
        started=seconds(info.get("start_time")) or 0.0,
        ended=seconds(info.get("end_time")),
        state=state_of(info.get("status")),
        user=str(info.get("user_id") or tags.get("mlflow.user", "")),
        command=tags.get("mlflow.source.name", ""),
        parent=tags.get("mlflow.parentRunId", ""),
        params=params, tags=tags, series=series,
        deleted=info.get("lifecycle_stage") == "deleted",
        **more,
    )  # fmt: skip


def dataset(said: Mapping[str, Any]) -> dict[str, Any]:
    """A dataset that a run read: MLflow's digest is short and of its own kind, hence named so."""
    source = str(said.get("source") or said.get("dataset_source") or "")
    return {
        "name": str(said.get("name", "")), "digest": f"mlflow:{said.get('digest', '')}", "path": "",
        "source": source[:2000], "schema": str(said.get("schema") or said.get("dataset_schema") or "")[:20_000],
    }  # fmt: skip


def local_files(uri: str, allowed: Sequence[Path], prefix: str = "") -> Iterator[ForeignFile]:
    """Files below a local artifact folder; links, what lies outside, and what is no file are named as refused.

    Args:
        uri: As MLflow keeps it: a path or `file://`.
        allowed: Folders within which artifacts may lie.
        prefix: Put before each name.
    """
    root, why = local_root(uri, allowed)
    if root is None:
        yield refused(prefix or "(all artifacts)", why)
        return
    yield from walk(root, prefix)


def local_root(uri: str, allowed: Sequence[Path]) -> tuple[Path | None, str]:
    """The folder that a URI names, or why it is not read."""
    parts = urllib.parse.urlsplit(uri)
    if parts.scheme not in ("", "file") or parts.netloc not in ("", "localhost"):
        return None, f"lies at {uri!r:.200}, which is no local folder; a copy is named with --artifacts"
    path = Path(urllib.parse.unquote(parts.path) if parts.scheme else uri)
    if ".." in path.parts:
        return None, f"the folder {uri!r:.200} has `..` in it"
    tried = [path] if path.is_absolute() else [base / path for base in allowed]
    for one in tried:
        real = Path(os.path.realpath(one))
        if any(real.is_relative_to(os.path.realpath(base)) for base in allowed):
            return real, ""
    return None, f"the folder {uri!r:.200} lies outside of the source; name it with --artifacts"


def walk(root: Path, prefix: str = "") -> Iterator[ForeignFile]:
    """Every file below a folder, by sorted path."""
    for at, folders, names in os.walk(root):
        folders.sort()
        for name in sorted([*names, *(f for f in folders if os.path.islink(os.path.join(at, f)))]):
            path = Path(at, name)
            shown = prefix + path.relative_to(root).as_posix().encode("utf-8", "replace").decode()
            try:
                found = path.lstat()
            except OSError as error:
                yield refused(shown, f"cannot be read ({error.strerror})")
                continue
            if stat.S_ISLNK(found.st_mode):
                yield refused(shown, "is a link")
            elif not stat.S_ISREG(found.st_mode):
                yield refused(shown, "is no regular file")
            elif not os.access(path, os.R_OK):
                yield refused(shown, "cannot be read (Permission denied)")
            else:
                yield ForeignFile(shown, found.st_size, lambda path=path: pieces(path))  # type: ignore[misc]


def pieces(path: Path) -> Iterator[bytes]:
    """A file's content; a link that took its place meanwhile is not followed."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(handle, "rb") as file:
        while chunk := file.read(PIECE):
            yield chunk


def refused(name: str, why: str) -> ForeignFile:
    """A file that is not taken."""
    return ForeignFile(name, -1, _nothing, why)


def _nothing() -> Iterable[bytes]:
    return ()


def bad_name(name: str) -> str:
    """Why a name of an artifact that a server gives is refused; empty where it is not."""
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or (len(name) > 1 and name[1] == ":"):
        return "is an absolute path"
    if ".." in parts:
        return "has `..` in its path"
    if not name or "\0" in name or "" in parts or "." in parts:
        return "has an empty or odd path"
    return ""
