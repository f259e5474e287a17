"""Tables as columns of Python values, and the files that they become."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

Columns = Mapping[str, Sequence[Any]]


def records(columns: Columns) -> list[dict[str, Any]]:
    """One mapping a row."""
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def write(path: Path, columns: Columns, types: Mapping[str, str] | None = None, rows_a_group: int = 2048) -> Path:
    """Write the form that the ending names; None is empty."""
    match path.suffix:
        case ".csv" | ".tsv":
            with path.open("w", newline="", encoding="utf-8") as out:
                writer = csv.writer(out, delimiter="\t" if path.suffix == ".tsv" else ",", lineterminator="\n")
                writer.writerow(columns)
                writer.writerows([["" if v is None else v for v in r.values()] for r in records(columns)])
        case ".jsonl":
            path.write_text("".join(json.dumps(r) + "\n" for r in records(columns)), encoding="utf-8")
        case _:
            parquet(path, columns, types or {}, rows_a_group)
    return path


def parquet(path: Path, columns: Columns, types: Mapping[str, str], rows_a_group: int) -> None:
    """Write Parquet with the types that the values call for, or those given."""

    def quoted(column: str) -> str:
        return '"' + column.replace('"', '""') + '"'

    chosen = {c: types.get(c) or _type(v) for c, v in columns.items()}
    with duckdb.connect() as connection:
        declared = ", ".join(f"{quoted(c)} {t}" for c, t in chosen.items())
        connection.execute(f"CREATE TABLE t ({declared})")
        values = ", ".join(f"unnest(?::{t}[])" for t in chosen.values())
        connection.execute(f"INSERT INTO t SELECT {values}", [list(v) for v in columns.values()])
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE {rows_a_group})")


def _type(values: Sequence[Any]) -> str:
    known = [v for v in values if v is not None]
    if known and all(isinstance(v, bool) for v in known):
        return "BOOLEAN"
    if known and all(isinstance(v, (int, np.integer)) and not isinstance(v, bool) for v in known):
        return "BIGINT"
    if known and all(isinstance(v, (int, float, np.number)) for v in known):
        return "DOUBLE"
    return "VARCHAR"


def binary(n: int, seed: int = 0, **more: Sequence[Any]) -> dict[str, list[Any]]:
    """`n` rows: id, a 0/1 target, and probabilities of two models, `a` and `b`, the second the better one."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, n)
    a = np.clip(np.round(0.5 + 0.15 * (2 * y - 1) + rng.normal(0, 0.25, n), 3), 0, 1)
    b = np.clip(np.round(0.5 + 0.25 * (2 * y - 1) + rng.normal(0, 0.25, n), 3), 0, 1)
    return {
        "id": list(range(n)),
        "y": y.tolist(),
        "a": a.tolist(),
        "b": b.tolist(),
        **{k: list(v) for k, v in more.items()},
    }


def two(folder: Path, columns: Columns, ending: str = ".csv", prediction: str = "p") -> tuple[Path, Path]:
    """`base` and `cand`, each with its own column of predictions under one name, from columns `a` and `b`."""
    shared = {c: v for c, v in columns.items() if c not in ("a", "b")}
    return (
        write(folder / f"base{ending}", {**shared, prediction: columns["a"]}),
        write(folder / f"cand{ending}", {**shared, prediction: columns["b"]}),
    )
