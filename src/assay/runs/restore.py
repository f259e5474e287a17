"""Putting a run's code and environment back into a folder of their own, from what was kept."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assay.base.errors import AssayError, InputError
from assay.records.runs import BlobKeeper
from assay.runs.code import overlay_files
from assay.runs.environment import packages
from assay.runs.hashing import DigestCache, content_of
from assay.runs.secrets import redact

SECONDS = 3600
Places = Callable[[str, str], Iterable[Path]]
AsRead = Callable[[Path, Mapping[str, Any]], bool]
_MISSING = re.compile(
    r"No matching distribution found for (\S+)|requirement (\S+) \(from|Because (\S+) was not found"
    r"|there is no version of (\S+)"
)


def restore_code(code: Mapping[str, Any], blobs: BlobKeeper, target: Path, repository: Path | None) -> list[str]:
    """Check out the commit and lay the kept files over it; returns what could not be put back, in words.

    Args:
        code: What was captured.
        blobs: Where the files are kept.
        target: A folder that is not there yet.
        repository: Where the commit is; the folder that it was captured in where it is not given.

    Raises:
        InputError: when the commit is not there, or what was kept leads out of the folder.
    """
    commit = str(code.get("commit", ""))
    if commit:
        root = repository or Path(str(code["root"]))
        _checkout(root, commit, target, f"--repository PATH, a clone that has it ({code.get('remote') or 'no remote'})")
        for path, inner in dict(code.get("submodules", {})).items():
            place = _own(target, path)
            shutil.rmtree(place, ignore_errors=True)
            _checkout(root / path, str(inner), place, f"git submodule update --init {path}")
    else:
        target.mkdir()
    for path in code.get("deleted", ()):
        _own(target, path).unlink(missing_ok=True)
    states = {path: said["state"] for path, said in code.get("files", {}).items()}
    if code.get("overlay"):
        for path, content, mode in overlay_files(blobs.read(str(code["overlay"]))):
            place = _own(target, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.unlink(missing_ok=True)
            whole = _unredacted(Path(str(code["root"])) / path, content) if "redacted" in states.get(path, "") else None
            if whole is not None:
                del states[path]
            place.write_bytes(content if whole is None else whole)
            place.chmod(mode or 0o644)
    return [f"{path}: {state}" for path, state in states.items() if state not in ("changed", "untracked")]


def _lies_within(folder: Path, place: Path) -> bool:
    """Whether what is written there stays in the folder, links of the code itself followed."""
    return ".." not in place.parts and place.parent.resolve().is_relative_to(folder.resolve())


def _own(target: Path, path: str) -> Path:
    """A path of the kept code within the folder where it is put back.

    Raises:
        InputError: it leads outside, as the record of a run that was made to deceive may say.
    """
    place = target / path
    if not _lies_within(target, place):
        raise InputError(f"the kept code names {path!r:.200}", rule="kept files lie within their folder")
    return place


def _unredacted(first: Path, kept: bytes) -> bytes | None:
    """A file with its secrets, from where it was first used if it is still the same there; None where it is not."""
    try:
        content = first.read_bytes()
    except OSError:
        return None
    said = redact(content.decode("utf-8", "surrogateescape"))[0].encode("utf-8", "surrogateescape")
    return content if said == kept else None


def holding(commit: str, places: Sequence[Path]) -> Path | None:
    """The first of some folders whose repository has a commit."""
    for place in places:
        line = ["git", "-C", str(place), "cat-file", "-e", f"{commit}^{{commit}}"]
        try:
            if subprocess.run(line, capture_output=True, timeout=SECONDS, check=False).returncode == 0:
                return place
        except OSError:
            return None
    return None


def restore_data(
    notes: Sequence[tuple[str, Any]], blobs: BlobKeeper, where: Path, places: Places, is_as_read: AsRead | None = None
) -> list[str]:
    """Put data and prompts where the run read them; returns what is not there as it was, in words.

    Args:
        notes: Of the run, what was named and what is said of it.
        blobs: Where prompts are kept.
        where: The working folder of the run again.
        places: Where data of a name and a digest may lie now; they are taken where the digest is the same.
        is_as_read: Whether what lies at a place is what a note says, for data that are no files, such as tables.
    """
    wrong = []

    def as_read(at: Path) -> bool:
        return _is_as_read(at, digest) or bool(is_as_read and what == "data" and is_as_read(at, said))

    for what, said in notes:
        if what not in ("data", "prompt") or not isinstance(said, Mapping) or not said.get("path"):
            continue
        name, digest = str(said["path"]), str(said["digest"])
        place = where / name
        if ".." in Path(name).parts or (place.exists() and (Path(name).is_absolute() or as_read(place))):
            continue
        if not _lies_within(where, place):
            wrong.append(f"{name}: lies outside of the folder of the run again, where nothing is written")
            continue
        found = None if blobs.has(digest) else next((p for p in places(name, digest) if as_read(p)), None)
        if place.exists():
            # The commit has it with other content, which the run again names where nothing better is found.
            if found is not None:
                _replace(place, found)
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        if blobs.has(digest):
            # A link that leads nowhere would be followed.
            place.unlink(missing_ok=True)
            place.write_bytes(blobs.read(digest))
            if said.get("redacted"):
                wrong.append(f"{name}: a secret in it was not kept")
            continue
        if found is not None:
            _replace(place, found)
        else:
            how = "`assay data add PATH --name NAME` says where they lie"
            wrong.append(f"{name}: the data that were read, {digest[:19]}…, are not there any more; {how}")
    return wrong


def _replace(place: Path, found: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)
    place.symlink_to(found.resolve())


def _is_as_read(place: Path, digest: str) -> bool:
    """Whether a file or folder has the content that was read."""
    try:
        return content_of(place, DigestCache(Path(os.devnull)), time.time(), digest).digest == digest
    except (OSError, AssayError):
        return False


def restore_environment(python: Mapping[str, Any], target: Path) -> str:
    """A virtual environment with the packages of the lock; returns its Python.

    Raises:
        InputError: when a requirement cannot be had; the error names it.
    """
    known = str(python.get("executable", ""))
    base = known if os.path.exists(known) else sys.executable
    lines = requirements(python.get("packages", {}))
    inner = str(target / "bin" / "python")
    make, install = _by_uv(base, target, inner) or _by_pip(base, target, inner)
    listed = target.with_suffix(".txt")
    listed.write_text("\n".join(lines) + "\n")
    for line in (make, [*install, "--no-deps", "-r", str(listed)]):
        done = subprocess.run(line, capture_output=True, text=True, timeout=SECONDS, check=False)
        if done.returncode:
            raise _unmet(done.stderr)
    return inner


_Lines = tuple[list[str], list[str]]


def _by_uv(base: str, target: Path, inner: str) -> _Lines | None:
    uv = shutil.which("uv")
    if uv is None:
        return None
    return [uv, "venv", "-q", "--python", base, str(target)], [uv, "pip", "install", "-q", "--python", inner]


def _by_pip(base: str, target: Path, inner: str) -> _Lines:
    """A pip that is there already installs into the new environment; only where there is none is one made in it."""
    make, install = [base, "-m", "venv", str(target)], ["install", "--no-input", "-q"]
    for python in dict.fromkeys((base, sys.executable)):
        asked = subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False)
        if asked.returncode == 0:
            return [*make, "--without-pip"], [python, "-m", "pip", "--python", inner, *install]
    return make, [inner, "-m", "pip", *install]


def requirements(held: Mapping[str, str]) -> list[str]:
    """Packages as pip reads them: by version, or from where they were installed."""
    lines = []
    for name, version in held.items():
        number, at, origin = version.partition(" @ ")
        if name not in ("pip", "setuptools"):
            lines.append(f"{name} @ {origin}" if at else f"{name}=={number}")
    return lines


def package_changes(kept: Mapping[str, str], path: Sequence[str]) -> list[str]:
    """How packages along a path differ from those that were kept."""
    now = packages(path)
    return [
        f"{name} {kept.get(name, 'none')} → {now.get(name, 'none')}"
        for name in sorted(kept.keys() | now.keys())
        if kept.get(name) != now.get(name)
    ]


def _checkout(root: Path, commit: str, target: Path, fix: str) -> None:
    quiet = [
        "git",
        "-c",
        "core.hooksPath=/dev/null",
        "-c",
        "advice.detachedHead=false",
        "-c",
        "protocol.file.allow=always",
    ]
    clone = [*quiet, "clone", "-q", "--shared", "--no-checkout", "--", str(root), str(target)]
    for line in (clone, [*quiet, "-C", str(target), "checkout", "-q", "--detach", commit]):
        try:
            done = subprocess.run(line, capture_output=True, text=True, timeout=SECONDS, check=False)
        except OSError as error:
            raise InputError(f"git cannot be run ({error.strerror})", fix="install git") from error
        if done.returncode:
            why = (done.stderr.strip().splitlines() or ["git failed"])[-1]
            raise InputError(
                f"the commit {commit[:12]} cannot be checked out ({why:.200})",
                rule="code is restored from its commit and the files kept beside it",
                fix=fix,
                where=str(root),
            )


def _unmet(said: str) -> InputError:
    found = _MISSING.search(said)
    name = next((g for g in found.groups() if g), "") if found else ""
    last = (said.strip().splitlines() or ["it failed"])[-1]
    what = (
        f"the requirement {name} cannot be had any more" if name else f"the packages cannot be installed ({last:.300})"
    )
    return InputError(what, rule="the environment is built from the lock", fix="--environment present, which says so")
