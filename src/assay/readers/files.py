"""Opening a file of predictions: what it is, whether it is what it says, and its digest."""

from __future__ import annotations

import os
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from assay.base.canonical import digest_file, kind_of
from assay.base.errors import InputError

FORMS = {
    ".parquet": ".parquet",
    ".pq": ".parquet",
    ".csv": ".csv",
    ".tsv": ".tsv",
    ".jsonl": ".jsonl",
    ".ndjson": ".jsonl",
    ".json": ".jsonl",
    ".trec": ".trec",
    ".run": ".trec",
    ".res": ".trec",
    ".qrels": ".trec",
    ".qrel": ".trec",
    ".txt": ".trec",
}
_RULE = "predictions are Parquet, CSV, TSV or JSON Lines files, or runs and qrels as trec_eval reads them"
_SNIFF = 1 << 16


@dataclass(frozen=True, slots=True)
class Source:
    """A file that looks like what its ending says.

    Attributes:
        form: `.parquet`, `.csv`, `.tsv`, `.jsonl` or `.trec`.
        pending: The digest of the content, on its way in another thread.
    """

    path: Path
    form: str
    pending: Future[str]

    @property
    def digest(self) -> str:
        """The digest, as soon as it is there."""
        return self.pending.result()

    def digest_like(self, other: str) -> str:
        """The digest in the kind of an earlier one, with which it is compared."""
        return self.digest if other.startswith(kind_of("")) else digest_file(self.path, other)


def _give_way() -> None:
    """Let this thread have what the reading of rows leaves over; only Linux has priorities of threads."""
    if sys.platform == "linux":
        os.nice(10)


_HASHING = ThreadPoolExecutor(max_workers=1, thread_name_prefix="digest", initializer=_give_way)


def open_source(path: Path) -> Source:
    """Check that a file exists, is not empty and starts like its form, and begin to digest it.

    Raises:
        InputError: naming the file, what it holds and what to do.
    """
    return Source(path, form_of(path), _HASHING.submit(digest_file, path))


def form_of(path: Path) -> str:
    """The form of a file that exists, is not empty and starts as its ending says; only its first bytes are read.

    Raises:
        InputError: naming the file, what it holds and what to do.
    """
    where = path.name
    if not path.exists():
        raise InputError(
            "no such file", rule="each input is a file on this machine", fix="check the path", where=str(path)
        )
    if not path.is_file():
        raise InputError("is not a file", rule="each input is one file", fix="name the file itself", where=str(path))
    form = FORMS.get(path.suffix.lower())
    if form is None:
        ending = path.suffix or "no ending"
        raise InputError(
            f"has the ending {ending!r}", rule=_RULE, fix="convert it, or rename it if it is one", where=where
        )
    if any(c in str(path) for c in "*?[]"):
        raise InputError(
            "has one of * ? [ ] in its path", rule="such names stand for many files", fix="rename it", where=where
        )
    try:
        with path.open("rb") as handle:
            head = handle.read(_SNIFF)
    except OSError as error:
        raise InputError(f"cannot be opened: {error.strerror}", fix="check its permissions", where=where) from error
    _fits(head, form, where)
    return form


def _fits(head: bytes, form: str, where: str) -> None:
    rule = "the content of a file has to be what its ending says"
    if not head:
        raise InputError("is empty", rule=_RULE, fix="write it again", where=where)
    parquet = head[:4] == b"PAR1"
    if parquet != (form == ".parquet"):
        what = "holds Parquet" if parquet else f"does not start as Parquet does but with {head[:4]!r}"
        raise InputError(what, rule=rule, fix="rename it by its true form", where=where)
    if parquet:
        return
    if b"\x00" in head:
        raise InputError("holds NUL bytes", rule=rule, fix="save it as UTF-8 text or as Parquet", where=where)
    if form == ".jsonl" and head.lstrip()[:1] != b"{":
        start = head.lstrip()[:1].decode(errors="replace")
        raise InputError(
            f"starts with {start!r}",
            rule="JSON Lines has one object a line",
            fix="write one object a line",
            where=where,
        )
