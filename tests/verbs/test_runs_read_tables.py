"""Runs that read tables and lake folders: by the digest that `assay data add` gives them."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from assay.base.errors import InputError
from assay.runs.hashing import DigestCache
from assay.runs.restore import restore_data
from assay.store import LocalStore
from assay.store.blobs import Blobs
from assay.verbs import runs
from assay.verbs.contents import is_as_read
from tests.helpers.runs import assay as cli
from tests.helpers.runs import inside
from tests.runs.scenes import begun, lab
from tests.verbs.test_data_tables import MAKE, META, ROWS, added, delta, duck_table, sqlite_table


def iceberg(folder: Path, version: int, snapshot: int | None, **more: Any) -> Path:
    """The metadata of an Iceberg folder, as the specification has it, and the list of its snapshot's manifests."""
    place = folder / "metadata"
    place.mkdir(parents=True, exist_ok=True)
    # source: Iceberg Table Spec, Table Metadata Fields and Snapshots, format version 2
    said = {
        "format-version": 2, "table-uuid": "9c12d441-03fe-4693-9a96-a0705ddf69c1", "location": "s3://b/orders",
        "last-updated-ms": 1602638573590 + version, "current-schema-id": 1,
        "schemas": [
            {"type": "struct", "schema-id": 0, "fields": []},
            {"type": "struct", "schema-id": 1, "fields": [{"id": 1, "name": "x", "required": True, "type": "long"}]},
        ],
        "current-snapshot-id": snapshot, "snapshots": [],
    }  # fmt: skip
    if snapshot is not None:
        (place / f"snap-{snapshot}.avro").write_text(f"manifests of {snapshot}")
        listed = f"s3://b/orders/metadata/snap-{snapshot}.avro"
        sums = {"total-data-files": "2", "total-files-size": "4096", "total-records": "10"}
        said["snapshots"] = [{"snapshot-id": snapshot, "manifest-list": listed, "summary": sums}]
    path = place / f"{version:05}-aa.metadata.json"
    path.write_text(json.dumps({**said, **more}))
    return path


@pytest.mark.parametrize("kind", ["sqlite", "duckdb", "delta", "iceberg"])
def test_what_a_run_reads_is_what_was_added(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    held = lab(tmp_path)
    name = "lake" if kind in ("delta", "iceberg") else f"{kind}:///a%20b.db?table=fl'ights"
    if kind == "delta":
        (tmp_path / "lake").mkdir()
        delta(tmp_path / "lake", 0, META, added(tmp_path / "lake", "a.parquet", "1"))
    elif kind == "iceberg":
        iceberg(tmp_path / "lake", 3, 17)
    else:
        (sqlite_table if kind == "sqlite" else duck_table)(tmp_path / "a b.db", MAKE, ROWS)
    version = held.data(name, "flights")
    with begun(tmp_path) as run:
        read = run.read(name)
    assert read == Path("lake" if name == "lake" else "a b.db")
    assert run.healthy
    (noted,) = _data(tmp_path, run.id)
    assert noted["digest"] == version.digest
    assert held.lineage("flights").results.links
    held.runs()
    with LocalStore.open(tmp_path) as store:
        (entry,) = store.entries(kind="data.read")
        assert entry.content()["data"] == ["flights"]


def _data(folder: Path, run: str) -> list[dict[str, Any]]:
    return [said for what, said in runs.read(run, folder).notes if what == "data"]


def test_a_command_that_reads_a_table(tmp_path: Path) -> None:
    held = lab(tmp_path)
    sqlite_table(tmp_path / "a.db", MAKE, ROWS)
    name = "sqlite:///a.db?table=fl'ights"
    with inside(tmp_path):
        version = held.data(name, "flights")
        done = cli("run", "--read", name, "--", sys.executable, "-c", "pass")
        assert done.code == 0, done.err
        (row,) = held.runs()
        (noted,) = _data(tmp_path, row.id)
        assert (noted["digest"], noted["path"], noted["name"]) == (version.digest, "a.db", name)
        for wrong, said in (("sqlite:///no.db?table=x", "no such database"), ("sqlite:///a.db", "names no table")):
            refused = cli("run", "--read", wrong, "--", sys.executable, "-c", "pass")
            assert (refused.code, said in refused.err) == (2, True), refused.err
        assert len(held.runs()) == 1


def test_the_database_of_a_table_is_put_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    lab(tmp_path)
    sqlite_table(tmp_path / "a.db", MAKE, ROWS)
    with begun(tmp_path) as run:
        run.read("sqlite:///a.db?table=fl'ights")
    notes, again = runs.read(run.id, tmp_path).notes, tmp_path / "again"
    again.mkdir()
    # Another file that holds the same rows, and one that does not.
    sqlite_table(tmp_path / "moved.db", MAKE, "CREATE TABLE other (x)", ROWS)
    sqlite_table(tmp_path / "wrong.db", MAKE)
    places = [tmp_path / "wrong.db", tmp_path / "moved.db"]
    blobs = Blobs(tmp_path / ".assay/blobs")
    assert restore_data(notes, blobs, again, lambda *_: places, is_as_read) == []
    assert (again / "a.db").resolve() == tmp_path / "moved.db"
    (again / "a.db").unlink()
    (gone,) = restore_data(notes, blobs, again, lambda *_: places[:1], is_as_read)
    assert "not there any more" in gone


def test_an_iceberg_folder_counts_as_its_current_snapshot(tmp_path: Path) -> None:
    held, folder = lab(tmp_path), tmp_path / "lake"
    iceberg(folder, 9, 17)
    first = held.data(folder, "lake")
    assert (first.files, first.bytes) == (2, 4096)
    # Properties and expired snapshots are not content; nor is an older version of the metadata.
    newer = iceberg(folder, 10, 17, properties={"owner": "ann"})
    (folder / "metadata/00011-bb.gz.metadata.json").write_bytes(gzip.compress(newer.read_bytes()))
    assert held.data_check()[0].state == "unchanged"
    iceberg(folder, 12, 18)
    assert held.data_check()[0].what == "content"
    iceberg(folder, 13, 18, **{"current-schema-id": 0})
    assert held.data_check()[0].what == "schema and content"
    iceberg(folder, 14, None)
    assert held.data(folder, "lake").files == 0
    for more, said in (({"current-snapshot-id": 5}, "names the snapshot 5"), ({"last-updated-ms": "x"}, "cannot be")):
        iceberg(folder, 15, 18, **more)
        with pytest.raises(InputError, match=said):
            held.data(folder, "lake")
    iceberg(folder, 15, 18)
    (folder / "metadata/snap-18.avro").unlink()
    with pytest.raises(InputError, match=r"snap-18\.avro"):
        held.data(folder, "lake")


def test_a_digest_is_remembered_by_runs_of_several_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("assay.runs.hashing.RACY", -1.0)
    lab(tmp_path)
    (tmp_path / "one.csv").write_text("1")
    (tmp_path / "two.csv").write_text("2")
    cache = tmp_path / ".assay/digests.json"
    meanwhile = DigestCache(cache)  # another process, which has looked before either file was read
    with begun(tmp_path) as run:
        run.read("one.csv")
    found = (tmp_path / "two.csv").stat()
    meanwhile.put(str(tmp_path / "two.csv"), found, "sha256:2", found.st_mtime)
    meanwhile.save()
    assert {Path(name).name for name in json.loads(cache.read_text())} == {"one.csv", "two.csv"}
    assert [p.name for p in (tmp_path / ".assay").glob(".digests*")] == []
    monkeypatch.setattr("assay.runs.hashing._digest_group", lambda paths: ["read again"] * len(paths))
    with begun(tmp_path) as again:
        again.read("one.csv")
    assert "read again" not in {said["digest"] for said in _data(tmp_path, again.id)}


def test_a_name_that_is_no_table_is_a_path(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lab(tmp_path)
    with begun(tmp_path) as run:
        run.read("postgres://host/db?table=x")
    assert not run.healthy
    assert "could not be taken in" in capsys.readouterr().err
