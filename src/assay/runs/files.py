"""Files that runs keep: which path may be kept, and its content in pieces."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.base.errors import InputError

CHUNK = PROMPT_CAP = 1 << 20


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


def inner_path(root: Path, path: Path) -> tuple[Path, str]:
    """A path in full, and within a folder with `/` between its parts; empty where it lies outside."""
    full = Path(os.path.abspath(root / path))
    return full, full.relative_to(root).as_posix() if full.is_relative_to(root) else ""


def prompt_text(path: Path) -> str:
    """The text of a prompt or template.

    Raises:
        InputError: what is no text, or too large for one.
        OSError: when it cannot be read.
    """
    rule = "a prompt or template is a file of text up to 1 MB"
    if path.stat().st_size > PROMPT_CAP:
        raise InputError(f"it has {path.stat().st_size:,} bytes", rule=rule, fix="name it with --read", where=str(path))
    content = path.read_bytes()
    if b"\0" in content:
        raise InputError("it is no text", rule=rule, fix="name it with --read", where=str(path))
    return content.decode("utf-8", "surrogateescape")


def check_named(folder: Path, reads: Sequence[str], prompts: Sequence[str]) -> None:
    """Refuse files that a command is said to use and that are not there, before it begins.

    Raises:
        InputError: naming the first.
    """
    for what, path in (*(("read", p) for p in reads), *(("prompt", p) for p in prompts)):
        place = folder / path
        if not place.is_file() and not (what == "read" and place.is_dir()):
            raise InputError(
                f"--{what} {path!r:.300}: there is no such file",
                rule=f"it is named as the command names it, from {folder}",
                fix="check the path",
            )
        if what == "prompt":
            try:
                prompt_text(place)
            except OSError as error:
                raise InputError(f"cannot be read ({error.strerror})", fix="check it", where=str(place)) from error
