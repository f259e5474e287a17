"""CSV and JSON Lines: header, delimiter and the line that is wrong, where the database would guess or be vague."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.base.errors import InputError
from assay.engine.sql import literal

HEAD = 1 << 20
DELIMITERS = ",;\t|"
_TYPES = "['BIGINT', 'HUGEINT', 'DOUBLE', 'VARCHAR']"
_AS_TEXT = ("DATE", "TIME", "UUID")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV file is written: its delimiter and the names in its header."""

    delimiter: str
    header: tuple[str, ...]


def dialect(path: Path, form: str) -> Dialect:
    """Read the header; the delimiter is the one that splits it most.

    Raises:
        InputError: when the header is not text, or repeats a name.
    """
    with path.open("rb") as handle:
        head = handle.read(HEAD)
    text = head.decode("utf-8-sig", errors="replace")
    delimiter = "\t" if form == ".tsv" else max(DELIMITERS, key=lambda d: (len(_header(text, d)), d == ","))
    names = _header(text, delimiter)
    refuse_repeats(names, path.name)
    return Dialect(delimiter, tuple(names))


def _header(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []


def refuse_repeats(names: Sequence[str], where: str) -> None:
    """Column names that are equal, or equal but for upper and lower case, cannot be told apart.

    Raises:
        InputError: naming the first pair.
    """
    seen: dict[str, str] = {}
    for given in names:
        first = seen.setdefault(given.casefold(), given)
        if given and Counter(n.casefold() for n in names)[given.casefold()] > 1:
            twice = [n for n in names if n.casefold() == given.casefold()]
            raise InputError(
                f"has the column {first!r} {len(twice)} times" if len(set(twice)) == 1 else f"has the columns {twice}",
                rule="each column has a name of its own, upper and lower case taken as one",
                fix="rename or drop one of them",
                where=where,
            )


def csv_source(path: Path, form: str) -> str:
    """The expression that reads a CSV file as its header says, without skipping or guessing."""
    found = dialect(path, form)
    return (
        f"read_csv({literal(str(path))}, header=true, skip=0, delim={literal(found.delimiter)}, quote='\"',"
        f" escape='\"', comment='', nullstr='', strict_mode=true, sample_size=-1, auto_type_candidates={_TYPES})"
    )


def json_source(path: Path, types: Mapping[str, str]) -> str:
    """The expression that reads JSON Lines; text that looks like a date or an id stays text."""
    columns = ", ".join(
        f"{literal(c)}: {literal('VARCHAR' if t.startswith(_AS_TEXT) and not t.endswith(']') else t)}"
        for c, t in types.items()
    )
    return f"read_json({literal(str(path))}, format='newline_delimited', columns={{{columns}}})"


def json_sniffed(path: Path) -> str:
    """The expression that finds the columns of a JSON Lines file and their types, from all of its lines."""
    return (
        f"read_json({literal(str(path))}, format='newline_delimited', sample_size=-1, maximum_depth=2, records='true')"
    )


def wrong_line(path: Path, form: str) -> str:
    """What is wrong with the first CSV line that does not fit its header, e.g. `line 3 has 2 values, the header 3`."""
    found = dialect(path, form)
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.reader(handle, delimiter=found.delimiter, strict=True)
            for row in reader:
                if row and len(row) != len(found.header):
                    return f"line {reader.line_num} has {len(row)} values, the header {len(found.header)}"
    except UnicodeDecodeError:
        return "it holds bytes that are not UTF-8"
    except (csv.Error, OSError) as error:
        return str(error)
    return ""
