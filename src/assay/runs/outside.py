"""What a program writes outside of the folder that it was given, in the places that are watched.

Without rights over the whole machine nobody sees every write. So what is watched is where the program is likely to:
folders that it names, in its command, its settings or its code, where it first ran, and the home folder.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from assay.runs.code import FILE_CAP, MOST_FILES, is_source
from assay.runs.skipped import made_by_tools

_Mark = tuple[int, int, int]
MOST_PLACES = 200
_FOLDER = (0, 0, -1)
_PATH = re.compile(r"(?<![\w.:/~<])~?(?:/[\w.+@=-]+)+")
# What the system and its packages have; nobody keeps results there without more rights than a rerun has.
_SYSTEM = re.compile(r"/(?:usr|bin|sbin|lib(?:32|64)?|proc|sys|dev|etc|boot|nix)(?:/|$)")


@dataclass(frozen=True, slots=True)
class Places:
    """Folders that are watched.

    Attributes:
        deep: With all that is below them.
        flat: What lies directly in them, and no deeper.
    """

    deep: tuple[Path, ...] = ()
    flat: tuple[Path, ...] = ()


class Watched:
    """Files of some folders as they are now; those of version control, of labs and caches are not looked at.

    Args:
        places: Of those that are watched deep, up to so many files each as the code of a run may have.
    """

    def __init__(self, places: Places) -> None:
        self._places = places
        self._cut: set[Path] = set()
        self._before = self._marks()

    def written(self) -> list[str]:
        """Files that are new, have changed or are gone since, sorted."""
        now = self._marks()
        # New folders may have taken the place of others among those that are looked at.
        now |= {folder: _files(folder) for folder in self._before if folder not in now}
        changed: set[str] = set()
        for folder, last in now.items():
            if folder not in self._before and any(folder.is_relative_to(root) for root in self._cut):
                continue  # nobody has looked into it before
            first = self._before.get(folder, {})
            changed |= {path for path in first.keys() | last.keys() if first.get(path) != last.get(path)}
        return sorted(changed)

    def cut(self) -> list[str]:
        """Folders that have more files than are watched."""
        return sorted(map(str, self._cut))

    def _marks(self) -> dict[Path, dict[str, _Mark]]:
        held: dict[Path, dict[str, _Mark]] = {}
        for root in self._places.deep:
            many = 0
            for at, folders, files in os.walk(root):
                folders[:] = sorted(f for f in folders if not made_by_tools(Path(at, f)))
                held[Path(at)] = {path: _mark(path) for path in sorted(os.path.join(at, name) for name in files)}
                many += len(files)
                if many > MOST_FILES:
                    self._cut.add(root)
                    break
        for root in self._places.flat:
            if root not in held:
                held[root] = _flat(root)
        return held


def _flat(folder: Path) -> dict[str, _Mark]:
    try:
        with os.scandir(folder) as found:
            # Of folders only whether they are there: their own times change with what belongs in them.
            return {e.path: _FOLDER if e.is_dir(follow_symlinks=False) else _mark(e.path) for e in found}
    except OSError:
        return {}


def _files(folder: Path) -> dict[str, _Mark]:
    return {path: mark for path, mark in _flat(folder).items() if mark != _FOLDER}


def _mark(path: str) -> _Mark:
    try:
        said = os.lstat(path)
    except OSError:
        return (-1, -1, -1)
    return (said.st_size, said.st_mtime_ns, said.st_ino)


def places_of(told: Iterable[Any], code: Path, first: Path, folder: Path) -> Places:
    """Where a program is likely to write.

    Args:
        told: Plain values that may name paths: its command, settings and variables, and what it has written before.
        code: Its code, where it is run again; paths that stand in it are watched.
        first: Where it first ran.
        folder: That holds `code`, and that it may write into.
    """
    deep, flat = [first] if first.is_dir() else [], [folder, *_home()]
    texts = (text for part in (_texts(list(told)), _sources(code)) for text in part)
    named = (
        Path("/", os.path.normpath(os.path.expanduser(match[0])).lstrip("/"))
        for text in texts
        for match in _PATH.finditer(text)
    )
    for path in islice(_outside(dict.fromkeys(named), [folder, first]), MOST_PLACES):
        above = path == path.parent or folder.is_relative_to(path) or first.is_relative_to(path) or path in flat
        if path.is_dir() and not above:
            deep.append(path)
        else:
            flat.append(path if path.is_dir() else path.parent)
    return Places(tuple(dict.fromkeys(deep)), tuple(dict.fromkeys(flat)))


def _home() -> list[Path]:
    try:
        return [Path.home()]
    except RuntimeError:
        return []


def _outside(paths: Iterable[Path], own: list[Path]) -> Iterator[Path]:
    """Of paths that are named those that exist, or would lie directly in the first folder above them that exists."""
    for path in paths:
        try:
            found = path if path.exists() else next(p for p in path.parents if p.exists())
        except OSError:
            continue
        root = found == Path(found.anchor)
        if not root and not _SYSTEM.match(str(path)) and not any(found.is_relative_to(p) for p in own):
            yield path if found == path else found / path.relative_to(found).parts[0]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value.replace("=", " ")
    elif isinstance(value, dict):
        yield from (text for held in value.values() for text in _texts(held))
    elif isinstance(value, (list, tuple)):
        yield from (text for held in value for text in _texts(held))


def _sources(code: Path) -> Iterator[str]:
    many = 0
    for at, folders, files in os.walk(code):
        folders[:] = [f for f in folders if not made_by_tools(Path(at, f))]
        for path in (Path(at, name) for name in files):
            try:
                if is_source(path) and path.stat().st_size <= FILE_CAP:
                    yield path.read_text("utf-8", "replace")
            except OSError:
                continue
        many += len(files)
        if many > MOST_FILES:
            return
