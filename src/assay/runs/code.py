"""The code behind a run: commit, and the content of every file that differs from it or is not tracked.

Whole files instead of a diff: they restore binary files, odd line ends and deletions alike, and need no `git apply`.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import tarfile
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assay.base.canonical import content_digest, digest_json
from assay.base.errors import InputError
from assay.records.runs import BlobKeeper
from assay.runs.secrets import find, redact
from assay.runs.skipped import Skipped, may_be_built

SOURCES = re.compile(
    r"\.(pyi?|pyx|ipynb|ya?ml|toml|json|cfg|ini|conf|txt|md|rst|sh|bash|sql|r|jl|lua|scala|java|c|cc|cpp|cuh?|h|hpp|rs|go"
    r"|[jt]sx?|jinja2?|j2|tmpl|prompt|mustache|lock|proto)"
)
NAMES = frozenset({"Makefile", "Dockerfile", "Snakefile", "requirements.txt", ".gitmodules", ".gitignore"})
LEFT_OUT = "left out"
FILE_CAP, TOTAL_CAP, MOST_FILES, SECONDS = 1 << 20, 20 << 20, 5_000, 20.0
_OPERATIONS = {
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
    "MERGE_HEAD": "a merge",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "BISECT_LOG": "a bisection",
    "REVERT_HEAD": "a revert",
}


@dataclass(slots=True)
class Tree:
    """What version control says, and which files stand beside it.

    Attributes:
        root: Of the repository; the working folder where there is none.
        changed: Files to keep: tracked and changed, or not tracked.
        deleted: Tracked files that are gone.
        nested: Folders that are repositories of their own, and no submodules.
        dirty: Submodules that differ from the commit; `unread` are those of which nobody can say how.
        operation: What is half done, e.g. `a rebase`.
    """

    root: Path
    commit: str = ""
    branch: str = ""
    remote: str = ""
    operation: str = ""
    changed: list[str] = field(default_factory=list)
    untracked: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    nested: list[str] = field(default_factory=list)
    dirty: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    submodules: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def capture_code(folder: Path, blobs: BlobKeeper, refuse: bool = False) -> tuple[str, tuple[str, ...]]:
    """Keep the code of a folder; returns the digest of what is said of it, and what could not be kept, in words.

    Raises:
        InputError: when a file that would be kept, or that is in the commit, holds a secret and those are refused.
    """
    tree = read_tree(folder)
    kept, files = _overlay(tree, refuse)
    if refuse and tree.commit:
        _look_at_committed(tree)
    overlay = _put(blobs, _tar(kept)) if kept else ""
    said = {
        "type": "assay.code", "schema": 1, "root": str(tree.root), "commit": tree.commit, "branch": tree.branch,
        "remote": redact(tree.remote)[0], "operation": tree.operation, "files": files, "deleted": tree.deleted,
        "submodules": tree.submodules, "overlay": overlay,
    }  # fmt: skip
    content = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
    return _put(blobs, content), tuple(tree.notes)


def is_source(path: Path) -> bool:
    """Whether a file is code or what code is told by, after its name."""
    return bool(SOURCES.fullmatch(path.suffix.lower())) or path.name in NAMES


def versions(codes: Sequence[Mapping[str, Any]], made: Collection[str] = ()) -> list[str]:
    """For each code that was kept a digest by which two of them are the same program.

    Runs leave files behind, which stand beside the code of the next one. So of files that are not tracked only those
    count that all of them have, and none that runs are known to have made.

    Args:
        codes: What was captured.
        made: Paths of files that runs wrote, within their working folder.
    """
    files = [{p: f for p, f in code.get("files", {}).items() if "digest" in f} for code in codes]
    common = set(files[0]).intersection(*files[1:]) if files else set()
    tracked = {path for held in files for path, said in held.items() if said["state"].startswith("changed")}
    known = {path for path in common | tracked if not {path, *_ends(path)} & set(made)}
    return [
        digest_json([code.get("commit"), code.get("deleted"), {p: held[p]["digest"] for p in known & held.keys()}])
        for code, held in zip(codes, files, strict=True)
    ]


def _ends(path: str) -> list[str]:
    """A path as seen from each folder on its way."""
    parts = path.split("/")
    return ["/".join(parts[i:]) for i in range(1, len(parts))]


def read_tree(folder: Path) -> Tree:
    """What git says of a folder; where it is no repository, its source files."""
    asked = _git(folder, "rev-parse", "--show-toplevel", "--absolute-git-dir")
    if asked is None:
        return _walked(folder)
    root, _, rest = asked.decode("utf-8", "surrogateescape").partition("\n")
    tree, place = Tree(Path(root)), Path(rest.strip())
    status = _git(tree.root, "status", "--porcelain=v2", "--branch", "-z", "--untracked-files=all", "--no-renames")
    if status is None:
        tree.notes.append("git could not say what changed")
        return tree
    _parse(status, tree)
    url = _git(tree.root, "config", "--get", "remote.origin.url")
    tree.remote = url.decode("utf-8", "replace").strip() if url else ""
    tree.operation = next((words for name, words in _OPERATIONS.items() if (place / name).exists()), "")
    if not tree.commit:
        tree.notes.append("the repository has no commit: files are kept whole")
    if tree.operation:
        tree.notes.append(f"the repository is in the middle of {tree.operation}")
    if (tree.root / ".gitmodules").exists():
        _submodules(tree)
    _unwatched(tree)
    return tree


def _parse(status: bytes, tree: Tree) -> None:
    skipped = Skipped(tree.root)
    for record in status.decode("utf-8", "surrogateescape").split("\0"):
        kind, _, rest = record.partition(" ")
        if kind == "#":
            name, _, value = rest.partition(" ")
            if name == "branch.oid" and value != "(initial)":
                tree.commit = value
            elif name == "branch.head":
                tree.branch = value
        elif kind in ("1", "u"):
            fields = rest.split(" ", 7 if kind == "1" else 9)
            path, submodule = fields[-1], fields[1] != "N..."
            if submodule:
                tree.notes.append(f"the submodule {path} differs from the commit")
                tree.dirty.append(path)
            elif os.path.lexists(tree.root / path):
                tree.changed.append(path)
            else:
                tree.deleted.append(path)
        elif kind == "?" and not skipped.inside(rest):
            (tree.nested if rest.endswith("/") else tree.untracked).append(rest)
    tree.notes += skipped.notes()
    tree.notes += [f"{path} is a repository of its own and was not kept: make it a submodule" for path in tree.nested]


def _submodules(tree: Tree) -> None:
    said = _git(tree.root, "submodule", "status")
    for line in (said or b"").decode("utf-8", "surrogateescape").splitlines():
        commit, _, rest = line[1:].partition(" ")
        tree.submodules[rest.partition(" (")[0]] = commit
    for path in tree.dirty:
        _changed_within(tree, path)


def _changed_within(tree: Tree, path: str) -> None:
    """What differs within a submodule is kept as what differs beside it."""
    folder = tree.root / path
    inner = read_tree(folder) if (folder / ".git").exists() else None
    if inner is None or not inner.commit or inner.root.resolve() != folder.resolve():
        tree.unread.append(path)
        return
    for kind in ("changed", "untracked", "deleted", "nested", "unread"):
        getattr(tree, kind).extend(f"{path}/{name}" for name in getattr(inner, kind))
    tree.submodules |= {f"{path}/{name}": commit for name, commit in inner.submodules.items()}
    tree.notes += [f"{path}: {note}" for note in inner.notes]


def _unwatched(tree: Tree) -> None:
    """Files that git was told not to look at (`--assume-unchanged`, `--skip-worktree`) are kept as they are here."""
    listed = (_git(tree.root, "ls-files", "-v", "-z") or b"").decode("utf-8", "surrogateescape").split("\0")
    for tag, _, path in (line.partition(" ") for line in listed):
        if (tag.islower() or tag == "S") and (tree.root / path).is_file():
            tree.changed.append(path)


def _walked(folder: Path) -> Tree:
    tree, started = Tree(folder), time.monotonic()
    if folder in (Path(folder.anchor), Path.home()):
        tree.notes.append("the code was not kept: the working folder is a home or root folder and no repository")
        return tree
    skipped = Skipped(folder)
    for at, folders, names in os.walk(folder):
        inner = Path(at).relative_to(folder)
        folders[:] = sorted(f for f in folders if not skipped.inside(f"{inner / f}/"))
        tree.untracked += [str(inner / name) for name in sorted(names)]
        if len(tree.untracked) > MOST_FILES or time.monotonic() - started > SECONDS / 10:
            tree.notes.append(f"only the first {len(tree.untracked)} files were looked at")
            break
    tree.notes += skipped.notes()
    return tree


def _overlay(tree: Tree, refuse: bool) -> tuple[dict[str, tuple[bytes, int]], dict[str, Any]]:
    """Content and mode of each file to keep, and what is said of each file: digest, size, whether it is whole."""
    kept: dict[str, tuple[bytes, int]] = {}
    files: dict[str, Any] = {}
    left, total = 0, 0
    files |= {path: {"state": "a submodule that differs and cannot be read"} for path in tree.unread}
    files |= {path: {"state": f"a repository of its own{_commit_of(tree.root / path)}"} for path in tree.nested}
    # What may be built after all comes last, where there is not room for everything.
    untracked = sorted(tree.untracked, key=may_be_built)
    for path, tracked in [*((p, True) for p in tree.changed), *((p, False) for p in untracked)]:
        full = tree.root / path
        try:
            found = os.lstat(full)
            if full.is_symlink():
                files[path] = {"state": "link", "to": os.readlink(full)}
                continue
            source = tracked or is_source(full)
            if not full.is_file() or not source or found.st_size > FILE_CAP or total + found.st_size > TOTAL_CAP:
                files[path] = {"state": LEFT_OUT, "bytes": found.st_size}
                left += tracked or source
                continue
            content = full.read_bytes()
        except OSError as error:
            files[path] = {"state": f"cannot be read ({error.strerror})"}
            continue
        state = "changed" if tracked else "untracked"
        content, many = _without_secrets(path, content, refuse)
        if many:
            tree.notes.append(f"{path}: {many} that looks like a secret was replaced")
            state += ", redacted"
        kept[path] = (content, found.st_mode & 0o777)
        files[path] = {"state": state, "bytes": len(content), "digest": content_digest(content)}
        total += len(content)
    if left:
        tree.notes.append(f"{left} source files were too large to keep")
    return kept, files


def _commit_of(folder: Path) -> str:
    said = _git(folder, "rev-parse", "HEAD")
    return f", at {said.decode().strip()}" if said else ""


def _look_at_committed(tree: Tree) -> None:
    """Refuse a secret in a file that is as it was committed: whoever is told the commit is told the secret.

    Raises:
        InputError: naming the file and the line.
    """
    listed = (_git(tree.root, "ls-files", "-z") or b"").decode("utf-8", "surrogateescape").split("\0")
    seen, until = {"", *tree.changed, *tree.deleted}, time.monotonic() + SECONDS
    names = [name for name in listed if name not in seen]
    for number, name in enumerate(names):
        full = tree.root / name
        if time.monotonic() > until:
            tree.notes.append(f"only {number} of {len(names)} committed files were looked at for secrets")
            return
        with suppress(OSError):
            if full.is_file() and not full.is_symlink() and full.stat().st_size <= FILE_CAP:
                _without_secrets(name, full.read_bytes(), True)


def _without_secrets(path: str, content: bytes, refuse: bool) -> tuple[bytes, int]:
    if b"\0" in content[:8000]:
        return content, 0
    text = content.decode("utf-8", "surrogateescape")
    secrets = find(text)
    if not secrets:
        return content, 0
    if refuse:
        raise InputError(
            f"line {secrets[0].line} looks like a secret ({secrets[0].kind})",
            rule="code that is kept or committed holds no secrets",
            fix="take it from the environment, or leave out --refuse-secrets",
            where=path,
        )
    return redact(text)[0].encode("utf-8", "surrogateescape"), len(secrets)


def _tar(files: Mapping[str, tuple[bytes, int]]) -> bytes:
    """An archive that depends on names, modes and content alone."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(files):
            content, mode = files[path]
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = len(content), mode
            archive.addfile(entry, io.BytesIO(content))
    return held.getvalue()


def overlay_files(content: bytes) -> Iterator[tuple[str, bytes, int]]:
    """Path, content and mode of each file in such an archive; a path that would leave the folder is refused.

    Raises:
        InputError: a path with `..`, an absolute one, or what is no plain file.
    """
    with tarfile.open(fileobj=io.BytesIO(content), mode="r") as archive:
        for entry in archive:
            place = Path(entry.name)
            if place.is_absolute() or ".." in place.parts or not entry.isfile():
                raise InputError(f"the kept code names {entry.name!r:.200}", rule="kept files lie within their folder")
            held = archive.extractfile(entry)
            yield entry.name, held.read() if held is not None else b"", entry.mode


def _put(blobs: BlobKeeper, content: bytes) -> str:
    found = content_digest(content)
    return found if blobs.has(found) else blobs.put(content)


def _git(folder: Path, *words: str) -> bytes | None:
    """What git prints; None where it fails, is missing, or takes too long."""
    around = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(
            ["git", "-c", "core.quotepath=off", "-c", "core.fsmonitor=false", "-C", str(folder), *words],  # noqa: S607 - the user's own git
            capture_output=True,
            env=around,
            timeout=SECONDS,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
