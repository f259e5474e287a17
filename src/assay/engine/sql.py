"""Quoting, and the few expressions that every query shares."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from assay.records.protocols import Kind

EXACT = float(2**53)
"""From here on floating point has no longer a value for each whole number."""
CHUNK = 122_880
"""Rows that leave the database at a time: one of its row groups."""
INTEGERS = {
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
    "UHUGEINT",
}


def name(column: str) -> str:
    """A quoted identifier."""
    return '"' + column.replace('"', '""') + '"'


def names(columns: Iterable[str]) -> str:
    """Quoted identifiers with commas."""
    return ", ".join(name(c) for c in columns)


def literal(value: Any) -> str:
    """A value as SQL; text is quoted."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and not math.isfinite(value):
        return f"'{value}'::DOUBLE"
    if isinstance(value, (int, float)):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"


def kind(type_name: str) -> Kind:
    """What a column's type means for us."""
    base = type_name.split("(")[0].upper()
    if type_name.endswith("]"):
        element = type_name[: type_name.rindex("[")]
        plain = element.strip('"') in ("JSON", "NULL") or kind(element) in ("integer", "number", "text", "boolean")
        return "list" if plain else "other"
    if base == "JSON":
        return "list"
    if base in INTEGERS:
        return "integer"
    if base in {"DOUBLE", "FLOAT", "DECIMAL"}:
        return "number"
    if base in {"VARCHAR", "ENUM", "UUID"}:
        return "text"
    if base == "BOOLEAN":
        return "boolean"
    if base.startswith(("DATE", "TIME")):
        return "time"
    return "other"


def plain_type(type_name: str) -> str | None:
    """The type to read a column as instead of its own: whole decimals as integers, categories as text; else None."""
    if type_name.endswith("]"):
        return None
    if type_name.strip('"') == "NULL":
        return "INTEGER"
    if type_name.startswith("DECIMAL"):
        digits, places = type_name[len("DECIMAL(") : -1].split(",")
        return "DOUBLE" if int(places) else "BIGINT" if int(digits) <= 18 else None
    return "VARCHAR" if type_name.startswith(("ENUM", "UUID")) else None


def may_exceed_64_bits(type_name: str) -> bool:
    """Whether a type holds whole numbers that NumPy would round: such columns are read as text where they do."""
    return type_name in ("UBIGINT", "HUGEINT", "UHUGEINT") or (
        type_name.startswith("DECIMAL") and type_name.endswith(",0)") and plain_type(type_name) is None
    )


def clean(column: str, kind_: Kind) -> str:
    """The column with NaN as missing, decimals as doubles, and lists as JSON, which every engine can compare."""
    if kind_ == "number":
        return f"CASE WHEN isnan({name(column)}::DOUBLE) THEN NULL ELSE {name(column)}::DOUBLE END"
    if kind_ == "list":
        return f"to_json({name(column)})"
    return name(column) if kind_ in ("integer", "boolean", "text") else f"{name(column)}::VARCHAR"


def measured(column: str, type_name: str) -> str | None:
    """Lists of floating point as they are, which as JSON would be written and read digit by digit; None for others."""
    return f"{name(column)}::DOUBLE[]" if type_name in ("DOUBLE[]", "FLOAT[]") else None


def shown(column: str, kind_: Kind) -> str:
    """The column in a result that people or readers of labels see: lists as JSON."""
    return f"to_json({name(column)}) AS {name(column)}" if kind_ == "list" else name(column)


def key(column: str, kind_: Kind) -> str:
    """A key, unit or slice column: NaN is missing, numbers that stand for whole ones compare equal to them."""
    return clean(column, kind_)
