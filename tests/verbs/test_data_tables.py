"""Tables and lake folders by reference: the same content has one version, a change is named as one."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import duckdb
import pytest

import assay
from assay.base.errors import InputError
from tests.helpers.runs import assay as cli
from tests.helpers.runs import inside


def sqlite_table(path: Path, *statements: str) -> None:
    """Statements on a database."""
    with sqlite3.connect(path) as db:
        for one in statements:
            db.execute(one)
    db.close()


def duck_table(path: Path, *statements: str) -> None:
    """The same on DuckDB."""
    with duckdb.connect(str(path)) as db:
        for one in statements:
            db.execute(one)


MAKE = 'CREATE TABLE "fl\'ights" (id INTEGER, delay DOUBLE, who TEXT)'
ROWS = "INSERT INTO \"fl'ights\" VALUES (1, 0.5, 'a'), (2, NULL, 'b'), (2, NULL, 'b')"


@pytest.mark.parametrize("scheme", ["sqlite", "duckdb"])
def test_a_table_of_a_database(tmp_path: Path, scheme: str) -> None:
    do = sqlite_table if scheme == "sqlite" else duck_table
    lab = assay.Lab.create(tmp_path)
    do(tmp_path / "a.db", MAKE, ROWS)
    name = f"{scheme}:///{tmp_path / 'a.db'}?table=fl'ights"
    first = lab.data(name, "flights")
    assert (first.version, first.files, bool(first.schema)) == (1, 1, True)
    # The order of rows, what was deleted and other tables are not content.
    do(tmp_path / "a.db", 'DELETE FROM "fl\'ights" WHERE id = 1', "CREATE TABLE other (x INTEGER)")
    assert [c.state for c in lab.data_check("flights")] == ["changed"]
    do(tmp_path / "a.db", "INSERT INTO \"fl'ights\" VALUES (1, 0.5, 'a')")
    assert lab.data(name, "flights").digest == first.digest
    assert lab.data_check()[0].state == "unchanged"
    do(tmp_path / "a.db", "UPDATE \"fl'ights\" SET who = 'c' WHERE id = 1")
    (found,) = lab.data_check("flights")
    assert (found.state, found.what) == ("changed", "content")
    do(tmp_path / "a.db", 'ALTER TABLE "fl\'ights" ADD COLUMN more INTEGER')
    with inside(tmp_path):
        said = cli("data", "check")
        assert (said.code, "flights version 1: changed (schema and content)" in said.out) == (3, True), said
        again = cli("data", "add", name, "--name", "flights")
        assert "flights version 2 (changed since version 1): 1 file" in again.out
        assert cli("data", "check", "flights").code == 0
    (tmp_path / "a.db").unlink()
    assert lab.data_check()[0].state == "gone"


def test_every_type_of_a_column_has_a_digest(tmp_path: Path) -> None:
    lab = assay.Lab.create(tmp_path)
    columns = "d DECIMAL(9, 2), t TIMESTAMPTZ, i INTERVAL, l INTEGER[], s STRUCT(a INTEGER), b BLOB, u UUID, f DOUBLE"
    row = "1.5, '2026-01-01 00:00:00+00', INTERVAL 1 DAY, [1, NULL], {'a': 1}, '\\xFF'::BLOB, uuid(), 'nan'"
    duck_table(tmp_path / "a.db", f"CREATE TABLE t ({columns})", f"INSERT INTO t VALUES ({row})")
    first = lab.data(f"duckdb:///{tmp_path / 'a.db'}?table=t", "all")
    assert lab.data_check()[0].state == "unchanged"
    duck_table(tmp_path / "a.db", "UPDATE t SET s = {'a': 2}")
    assert lab.data_check()[0].what == "content"
    assert first.schema


def test_a_relative_place_is_found_from_anywhere(tmp_path: Path) -> None:
    lab = assay.Lab.create(tmp_path)
    sqlite_table(tmp_path / "a b.db", MAKE, ROWS)
    with inside(tmp_path):
        lab.data("sqlite:///a%20b.db?table=fl'ights", "flights")
    assert lab.data_check()[0].state == "unchanged"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("sqlite:///a.db", "names no table"),
        ("sqlite:///no.db?table=t", "no such database"),
        ("sqlite:///a.db?table=t", "has no table 't'"),
        ("sqlite:///a.txt?table=t", "cannot be read"),
        ("duckdb:///a.txt?table=t", "cannot be read"),
        ("sqlite:///a.db?table=x;DROP TABLE y", "has no table"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, name: str, said: str) -> None:
    assay.Lab.create(tmp_path)
    sqlite_table(tmp_path / "a.db", MAKE)
    (tmp_path / "a.txt").write_text("no database, " * 100)
    with inside(tmp_path):
        done = cli("data", "add", name, "--name", "x")
        assert (done.code, said in done.err, len(done.err.splitlines())) == (2, True, 1), done.err
        assert cli("data", "list").out == ""


def delta(folder: Path, number: int, *actions: dict[str, Any]) -> None:
    """A commit of a Delta folder."""
    log = folder / "_delta_log"
    log.mkdir(parents=True, exist_ok=True)
    (log / f"{number:020}.json").write_text("\n".join(map(json.dumps, actions)))


def added(folder: Path, name: str, content: str) -> dict[str, Any]:
    """A data file and the action that adds it."""
    (folder / name).write_text(content)
    return {"add": {"path": name, "size": len(content), "dataChange": True}}


META = {"metaData": {"id": "1", "schemaString": '{"type":"struct","fields":[]}'}}


def test_a_delta_folder_counts_as_its_newest_version(tmp_path: Path) -> None:
    lab, folder = assay.Lab.create(tmp_path), tmp_path / "lake"
    folder.mkdir()
    delta(folder, 0, {"protocol": {"minReaderVersion": 1}}, META, added(folder, "a.parquet", "1"))
    first = lab.data(folder, "lake")
    assert first.files == 1
    (folder / "orphan.parquet").write_text("of a write that never finished")
    assert lab.data(folder, "lake") == lab.data_versions()[0]
    delta(folder, 1, {"remove": {"path": "a.parquet"}}, added(folder, "b.parquet", "2"))
    assert lab.data_check()[0].what == "content"
    second = lab.data(folder, "lake")
    assert (second.version, second.files) == (2, 1)
    (folder / "a.parquet").unlink()
    assert lab.data_check()[0].state == "unchanged"
    delta(folder, 2, {"metaData": {"schemaString": "other"}})
    assert lab.data_check()[0].what == "schema and content"
    (folder / "b.parquet").write_text("3")
    assert lab.data(folder, "lake").version == 3


def test_an_unsound_delta_folder_is_refused(tmp_path: Path) -> None:
    lab, folder = assay.Lab.create(tmp_path), tmp_path / "lake"
    folder.mkdir()
    delta(folder, 0, META, added(folder, "a.parquet", "1"))
    for actions, said in (
        ([{"add": {"path": "../out.parquet"}}], "lies elsewhere"),
        ([{"add": {"path": "s3://bucket/x.parquet"}}], "lies elsewhere"),
        ([["add"]], "cannot be read"),
    ):
        delta(folder, 1, *actions)  # type: ignore[arg-type]
        with pytest.raises(InputError, match=said):
            lab.data(folder, "lake")
    (folder / "_delta_log" / f"{1:020}.json").unlink()
    delta(folder, 2, META)
    with pytest.raises(InputError, match="has no commit 1"):
        lab.data(folder, "lake")


def test_a_folder_of_parquet_is_known_by_content(tmp_path: Path) -> None:
    lab, folder = assay.Lab.create(tmp_path), tmp_path / "parts"
    folder.mkdir()
    for part in range(3):
        duckdb.sql(f"COPY (SELECT {part} AS part) TO '{folder}/{part}.parquet'")
    first = lab.data(folder, "parts")
    assert (first.files, lab.data_check()[0].state) == (3, "unchanged")
    (folder / "2.parquet").unlink()
    assert lab.data_check()[0].what == "content"
