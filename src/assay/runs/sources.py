"""Packages that a run imports from outside of its repository: editable installs and folders of PYTHONPATH.

Nobody keeps their source. So each has a digest, by which a run again can say that one was edited since. It is bounded,
in files, bytes and time: capture must not keep a command waiting.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from assay.base.canonical import hasher, said
from assay.runs.code import is_source
from assay.runs.skipped import Skipped

INSIDE = "of the repository"
"""What stands in place of a digest where the folder is part of the code that is kept."""
UNKNOWN = ""
MOST_FILES, MOST_BYTES, SECONDS = 2_000, 16 << 20, 0.1
_OWN = ("assay/runs/capture.py", "src/assay/runs/capture.py")
Marks = tuple[tuple[str, int, int], ...]
# By folder: sizes and times of its files, and the digest that they had.
_known: dict[Path, tuple[Marks, str]] = {}


def sources(path: Sequence[str], prefix: str, root: Path) -> dict[str, str]:
    """Each folder of source on a path that neither Python nor an installer has made -> its digest.

    Args:
        path: `sys.path` of the program.
        prefix: Its `sys.prefix`.
        root: Of the code that is kept.
    """
    until, found = time.monotonic() + SECONDS, {}
    for folder in _folders(path, prefix):
        inside = folder == root or root in folder.parents
        found[str(folder)] = INSIDE if inside else source_digest(folder, until)
    return found


def known_of_both(a: Mapping[str, str], b: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What two runs have imported from, but for what nobody had the time to digest for one of them."""
    unknown = {name for held in (a, b) for name, digest in held.items() if digest == UNKNOWN}
    first, second = ({name: digest for name, digest in held.items() if name not in unknown} for held in (a, b))
    return first, second


def edited(kept: Mapping[str, str]) -> list[str]:
    """Which of these are no longer as they were, in words."""
    found = []
    for folder, digest in kept.items():
        if digest in (INSIDE, UNKNOWN):
            continue
        now = source_digest(Path(folder), time.monotonic() + 10)
        if not os.path.isdir(folder):
            found.append(f"{folder}: imported from outside of the repository, and not there any more")
        elif now not in (digest, UNKNOWN):
            found.append(f"{folder}: imported from outside of the repository, and edited since")
    return found


def source_digest(folder: Path, until: float) -> str:
    """The digest of the source files of a folder; empty where there are too many, or the time is over."""
    marks: list[tuple[str, int, int]] = []
    skipped = Skipped(folder)
    for at, folders, names in os.walk(folder):
        inner = Path(at).relative_to(folder)
        folders[:] = sorted(f for f in folders if not skipped.inside(f"{inner / f}/"))
        for name in sorted(names):
            if is_source(Path(name)):
                entry = os.lstat(os.path.join(at, name))
                marks.append((str(inner / name), entry.st_size, entry.st_mtime_ns))
        if len(marks) > MOST_FILES or sum(m[1] for m in marks) > MOST_BYTES or time.monotonic() > until:
            return UNKNOWN
    held = tuple(marks)
    if folder not in _known or _known[folder][0] != held:
        digest = hasher()
        for name, size, _ in held:
            if time.monotonic() > until:
                return UNKNOWN
            try:
                digest.update(f"{name}\0{size}\0".encode("utf-8", "surrogateescape") + (folder / name).read_bytes())
            except OSError:
                digest.update(f"{name}\0cannot be read".encode("utf-8", "surrogateescape"))
        _known[folder] = held, said(digest)
    return _known[folder][1]


def _folders(path: Sequence[str], prefix: str) -> list[Path]:
    """Folders on a path that are not Python's own, then editable packages that are on none of them."""
    of_python = [Path(p).resolve() for p in {prefix, sys.prefix, sys.base_prefix} if Path(p) != Path("/usr")]
    found: dict[Path, None] = {}
    for name in path:
        folder = Path(name).resolve()
        installed = {"site-packages", "dist-packages", "lib-dynload", "bin", "Scripts"} & set(folder.parts)
        if name and not installed and folder.is_dir() and not (folder / "os.py").exists():
            found[folder] = None
    for folder in _editable(path):
        if folder.is_dir() and not any(folder == f or folder in f.parents for f in found):
            found[folder] = None
    # What captures is no part of what is captured, also where it is being developed.
    own = {f for f in found if any((f / name).exists() for name in _OWN)}
    return [f for f in found if f not in own and not any(p == f or p in f.parents for p in of_python)]


def _editable(path: Iterable[str]) -> list[Path]:
    """Where packages lie that were installed to be edited, as installers note it."""
    found = []
    for place in path:
        for note in sorted(Path(place).glob("*.dist-info/direct_url.json")) if place else ():
            try:
                origin = json.loads(note.read_bytes())
                if origin.get("dir_info", {}).get("editable"):
                    found.append(Path(unquote(urlsplit(str(origin["url"])).path)).resolve())
            except (OSError, ValueError, KeyError, AttributeError):
                continue
    return found
