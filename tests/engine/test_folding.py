"""Rows of one key become one row, whatever the order of the rows and the size of the pieces."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas
import pytest

from assay.engine import DuckEngine, folding
from assay.records.protocols import Table


def counted(piece: dict[str, Any]) -> dict[str, Any]:
    keys, many = np.unique(piece["k"], return_counts=True)
    return {"k": keys, "said": np.array([f"{n} rows" for n in many], dtype=object)}


def found(engine: DuckEngine, table: Table) -> list[tuple[Any, ...]]:
    made = engine.fold(table, "k", counted, ("k", "x"), ("said",))
    assert dict(made.columns) == {"k": table.columns["k"], "said": "text"}
    return engine.connection.execute(f"SELECT k, said FROM {made.name} ORDER BY k").fetchall()


@pytest.mark.parametrize("ordered", [True, False])
@pytest.mark.parametrize("ending", [".parquet", ".csv"])
@pytest.mark.parametrize("text", [True, False])
@pytest.mark.parametrize("threads", [1, 2])
def test_pieces_hold_whole_keys(
    ordered: bool, ending: str, text: bool, threads: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(6)
    keys = np.repeat(np.arange(300), rng.integers(1, 40, 300))
    names = [f"it's q{k:03d}" if text else int(k) for k in (keys if ordered else rng.permutation(keys))]
    file = tmp_path / f"t{ending}"
    table = pandas.DataFrame({"k": names, "x": 1.5})
    form = "(FORMAT parquet, ROW_GROUP_SIZE 2048)" if ending == ".parquet" else "(HEADER)"
    duckdb.connect().register("t", table).execute(f"COPY t TO '{file}' {form}")
    with DuckEngine(threads) as engine:
        whole = found(engine, engine.scan(file, ending))
        monkeypatch.setattr(folding, "PIECE", 1000)
        pieces: list[int] = []
        monkeypatch.setitem(globals(), "counted", lambda piece, made=counted: (pieces.append(1), made(piece))[1])
        assert found(engine, engine.scan(file, ending)) == whole
    assert len(pieces) >= 3
    assert len(whole) == 300
    assert sum(int(said.split()[0]) for _, said in whole) == len(names)


def test_an_ordered_file_is_read_in_place_and_another_one_ordered_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "PIECE", 1000)
    with DuckEngine() as engine:
        for key, in_place in (("range", True), ("-range", False)):
            file = tmp_path / f"{key}.parquet"
            copy = f"COPY (SELECT {key} AS k, 0.0 AS x FROM range(9000)) TO '{file}' (ROW_GROUP_SIZE 2048)"
            duckdb.connect().execute(copy)
            table = engine.scan(file, ".parquet")
            source, ends = engine._pieces(table, "k", ("k", "x"))
            assert (source == table.name) == in_place
            assert ends == sorted(ends)
            assert len(ends) > 1
