"""Files that runs keep: which path may be kept, and its content in pieces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assay.base.errors import InputError

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Place:
    """A file within the working folder, and its name there with `/` between its parts."""

    path: Path
    name: str


def artifact_place(path: Path, root: Path) -> Place:
    """Where a file lies within the working folder.

    Raises:
        InputError: a path with `..`, one that leads outside, a link in it, or what is no regular file.
    """
    rule = f"an artifact is a file within the working folder {root}, with no `..` and no link on the way"
    if ".." in path.parts:
        raise InputError(f"the artifact's path {str(path)!r:.300} has `..` in it", rule=rule, fix="copy the file there")
    full = path if path.is_absolute() else root / path
    if not full.is_relative_to(root):
        raise InputError(f"the artifact {str(path)!r:.300} lies outside", rule=rule, fix="copy the file there")
    inner = full.relative_to(root)
    for depth in range(1, len(inner.parts) + 1):
        if root.joinpath(*inner.parts[:depth]).is_symlink():
            raise InputError(
                f"the artifact {str(path)!r:.300} is or passes a link", rule=rule, fix="name the file itself"
            )
    if not full.is_file():
        raise InputError(f"the artifact {str(path)!r:.300} is no file", rule=rule, fix="write it first, then keep it")
    return Place(full, inner.as_posix())


def pieces_of(path: Path) -> Iterator[bytes]:
    """A file's content, one piece at a time."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
