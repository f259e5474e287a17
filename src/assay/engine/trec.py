"""Text files of retrieval: judgements (`query 0 document relevance`) and runs (`query Q0 document rank score tag`).

Fields stand between blanks or tabs. Empty lines and lines that begin with # are passed over, and so is what follows the
tag. The rank is not read: a list is ordered by its scores, as trec_eval does.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from assay.base.errors import InputError
from assay.records.metric import Array

LINES = 1 << 19
JUDGED, SCORED = ("query", "document", "relevance"), ("query", "document", "score")
_RULE = "a line of a run is `query Q0 document rank score tag`, one of judgements `query 0 document relevance`"


def pieces(path: Path, most: int | None = None) -> Iterator[dict[str, Array]]:
    """The columns of a file, so many lines at a time; query, document, and relevance or score.

    Args:
        path: The file.
        most: Lines to read; all by default.

    Raises:
        InputError: naming the line that is neither.
    """
    columns: tuple[str, ...] = ()
    try:
        with path.open(encoding="utf-8-sig") as handle:
            lines = enumerate(islice(handle, most), start=1)
            while block := list(islice(lines, LINES)):
                rows = [(n, f) for n, line in block if (f := line.split()) and not f[0].startswith("#")]
                if rows and not columns:
                    columns = JUDGED if len(rows[0][1]) < 5 else SCORED
                if rows:
                    yield _columns(rows, columns, path)
    except UnicodeDecodeError as error:
        what, fix = "holds bytes that are not UTF-8", "save it as UTF-8"
        raise InputError(what, rule=_RULE, fix=fix, where=path.name) from error
    if not columns:
        raise InputError("has no rows", rule=_RULE, fix="check how the file was written", where=path.name)


def _columns(rows: list[tuple[int, list[str]]], columns: tuple[str, ...], path: Path) -> dict[str, Array]:
    least, most, place = (4, 4, 3) if columns is JUDGED else (6, 1 << 30, 4)
    for number, fields in rows:
        if not least <= len(fields) <= most:
            raise InputError(
                f"line {number} has {len(fields)} fields",
                rule=_RULE,
                fix="mend the line; a table with a header is a .csv or .tsv",
                where=path.name,
            )
    texts = [f for _, f in rows]
    return {
        "query": np.array([f[0] for f in texts], dtype=object),
        "document": np.array([f[2] for f in texts], dtype=object),
        columns[2]: _numbers([f[place] for f in texts], columns[2], rows, path),
    }


def _numbers(texts: list[str], column: str, rows: list[tuple[int, list[str]]], path: Path) -> Array:
    try:
        return np.array(texts, dtype=float)
    except ValueError:
        wrong = next(i for i, t in enumerate(texts) if not _is_number(t))
        raise InputError(
            f"line {rows[wrong][0]} has the {column} {texts[wrong]!r}",
            rule=f"a {column} is a number; {_RULE}",
            fix="mend the line; a table with a header is a .csv or .tsv",
            where=path.name,
        ) from None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
