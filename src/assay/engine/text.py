"""CSV and JSON Lines: header, delimiter and the line that is wrong, where the database would guess or be vague."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.base.errors import InputError
from assay.engine.sql import literal

HEAD = 1 << 20
DELIMITERS = ",;\t|"
_TYPES = "['BIGINT', 'DOUBLE', 'VARCHAR']"
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


def csv_source(path: Path, form: str, head: int = -1, as_text: Sequence[str] = ()) -> str:
    """The expression that reads a CSV file as its header says, without skipping or guessing.

    Args:
        head: Rows from which types are guessed, where only these are wanted; all by default.
        as_text: Columns that are text whatever they look like.
    """
    found = dialect(path, form)
    lenient = ", ignore_errors=true" if head > 0 else ""
    texts = ", ".join(f"{literal(c)}: 'VARCHAR'" for c in as_text)
    types = f", types={{{texts}}}" if texts else ""
    return (
        f"read_csv({literal(str(path))}, header=true, skip=0, delim={literal(found.delimiter)}, quote='\"',"
        f" escape='\"', comment='', nullstr='', strict_mode=true, sample_size={head}{lenient},"
        f" auto_type_candidates={_TYPES}{types})"
    )


def head_source(path: Path, form: str, rows: int) -> str:
    """The expression that reads the first rows of a text file, its types guessed from them."""
    if form == ".jsonl":
        return (
            f"read_json({literal(str(path))}, format='newline_delimited', sample_size={rows}, maximum_depth=2,"
            " records='true', ignore_errors=true)"
        )
    return csv_source(path, form, rows)


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
    """What is wrong with the first line that does not fit, e.g. `line 3 has 2 values, the header 3`; empty if none."""
    return _wrong_json(path) if form == ".jsonl" else _wrong_csv(path, form)


def _wrong_json(path: Path) -> str:
    """The first line that is no JSON object; lines are counted as an editor does, empty ones included."""
    try:
        with path.open("rb") as handle:
            for number, line in enumerate(handle, start=1):
                why = _no_object(line.rstrip(b"\r\n")) if line.strip() else ""
                if why:
                    return f"line {number} {why}"
    except OSError as error:
        return str(error)
    return ""


def _no_object(line: bytes) -> str:
    try:
        value = json.loads(line.decode("utf-8-sig"))
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeDecodeError:
        return "holds bytes that are not UTF-8"
    except UnicodeEncodeError:
        return "holds half of a surrogate pair"
    except json.JSONDecodeError as error:
        return f"is no JSON: {error.msg.lower()} at character {error.colno}"
    except (ValueError, RecursionError):
        return "holds a value that is too long or too deep"
    return "" if isinstance(value, dict) else "holds no object"


def _wrong_csv(path: Path, form: str) -> str:
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
