"""Uploads as a folder: a plan and the files that it names, each a blob of the lab."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from assay.base.errors import AssayError, InputError, PlanError
from assay.readers.plan_files import files_of
from assay.records.plan import Plan
from assay.store import Blobs
from assay.verbs.models import specs

PLAN = "plan.yaml"
MOST_ROWS, MOST_UNPACKED = 500_000_000, 64 << 30
"""Of one Parquet file, whose few bytes may unpack to very many."""


@contextmanager
def planned(blobs: Blobs, text: str, files: Mapping[str, str]) -> Iterator[Path]:
    """A plan beside its files, of which none may lie elsewhere on this machine; its path.

    Raises:
        InputError: a name that leaves the folder, or a blob that was not uploaded.
    """
    with workspace(blobs, files) as folder:
        path = folder / PLAN
        path.write_text(text, encoding="utf-8")
        check_names(path)
        yield path


def known(blobs: Blobs, plan: Plan) -> dict[str, str]:
    """Files that a frozen plan names and that were uploaded: name -> digest.

    Raises:
        InputError: it was frozen on files that lie elsewhere on this machine, which nobody reads over HTTP.
    """
    named = named_files(plan)
    for name, _ in named:
        inside(Path(), name)
    return {name: digest for name, digest in named if digest and blobs.has(digest)}


def named_files(plan: Plan) -> list[tuple[str, str]]:
    """Every file that a frozen plan names, once, with its digest; empty where it was not there then."""
    named = [(m.file, m.digest) for m in specs(plan)] + [(plan.data.qrels, plan.data.qrels_digest)]
    return list({name: (name, digest) for name, digest in named if name}.values())


def check_names(plan: Path) -> None:
    """Refuse a plan that names files elsewhere on this machine.

    Raises:
        InputError: a name that leaves the plan's folder.
    """
    # What is no YAML names no file; the verb says what is wrong with it.
    with suppress(PlanError):
        for name in files_of(plan):
            inside(plan.parent, name)


@contextmanager
def workspace(blobs: Blobs, files: Mapping[str, str], copies: bool = False) -> Iterator[Path]:
    """A folder that is gone at the end.

    Args:
        blobs: Where uploads are kept.
        files: Name -> digest of an uploaded blob.
        copies: Whether they are copied; evidence takes no links.

    Raises:
        InputError: a name that leaves the folder, or a blob that was not uploaded.
    """
    with tempfile.TemporaryDirectory(prefix="assay-served-") as made:
        folder = Path(made)
        for name, digest in files.items():
            path = inside(folder, name)
            if not blobs.has(digest):
                raise InputError(
                    f"the file {name[:200]!r} is not uploaded",
                    rule="files come before what names them",
                    fix="PUT it to /api/v1/blobs first",
                )
            _check_size(blobs.path(digest), name)
            path.parent.mkdir(parents=True, exist_ok=True)
            if copies:
                shutil.copyfile(blobs.path(digest), path)
            else:
                os.symlink(blobs.path(digest).absolute(), path)
        try:
            yield folder
        except AssayError as error:
            # Whoever asks knows files by the names that they gave them.
            for part in ("what", "rule", "fix", "where"):
                setattr(error, part, getattr(error, part).replace(f"{folder}/", ""))
            raise


def _check_size(path: Path, name: str) -> None:
    """Refuse a Parquet file that is small and unpacks to more than this machine should read.

    Raises:
        InputError: too many rows or bytes.
    """
    with path.open("rb") as file:
        if file.read(4) != b"PAR1":
            return
    from assay.engine import unpacked

    rows, size = unpacked(path, name)
    if rows > MOST_ROWS or size > MOST_UNPACKED:
        raise InputError(
            f"the file {name[:80]!r} holds {rows:,} rows, {size:,} bytes unpacked",
            rule=f"a served lab reads at most {MOST_ROWS:,} rows and {MOST_UNPACKED:,} bytes of a file",
            fix="judge it where the lab's folder is",
        )


def inside(folder: Path, name: str) -> Path:
    """A name as a path below a folder.

    Raises:
        InputError: an absolute or odd name, or one that goes upwards.
    """
    pure = PurePosixPath(name)
    odd = "\\" in name or "\0" in name or any(ord(c) < 32 for c in name) or not pure.parts
    if odd or pure.is_absolute() or ".." in pure.parts or len(name) > 500:
        raise InputError(
            f"the name of a file is {name[:80]!r}",
            rule="a relative name below the plan's folder",
            fix="predictions.parquet",
        )
    return folder / pure
