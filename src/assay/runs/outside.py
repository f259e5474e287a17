"""What a program writes outside of the folder that it was given, in the places that are watched."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from assay.runs.code import MOST_FILES
from assay.runs.skipped import made_by_tools

_Mark = tuple[int, int, int]


class Watched:
    """Files of some folders as they are now; those of version control, of labs and caches are not looked at.

    Args:
        folders: Each with what is below it, up to so many files in all as the code of a run may have.
        beside: A folder of which what lies directly in it is looked at, and no deeper.
    """

    def __init__(self, folders: Iterable[Path], beside: Path) -> None:
        self._folders, self._beside = tuple(folders), beside
        self._before = self._marks()

    def written(self) -> list[str]:
        """Files that are new, have changed or are gone since, sorted."""
        now = self._marks()
        return sorted(p for p in self._before.keys() | now.keys() if self._before.get(p) != now.get(p))

    def _marks(self) -> dict[str, _Mark]:
        # Of folders beside only whether they are there: their own times change with what belongs in them.
        held: dict[str, _Mark] = {str(p): (0, 0, p.is_dir()) for p in self._beside.iterdir() if p.is_dir()}
        held |= {str(p): _mark(str(p)) for p in self._beside.iterdir() if not p.is_dir()}
        for root in self._folders:
            for at, folders, files in os.walk(root):
                folders[:] = sorted(f for f in folders if not made_by_tools(Path(at, f)))
                for name in sorted(files):
                    path = os.path.join(at, name)
                    held[path] = _mark(path)
                if len(held) > MOST_FILES:
                    return held
        return held


def _mark(path: str) -> _Mark:
    try:
        said = os.lstat(path)
    except OSError:
        return (-1, -1, -1)
    return (said.st_size, said.st_mtime_ns, said.st_ino)
