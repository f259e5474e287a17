"""Tampering with a lab's file, in every way that SQL allows, is noticed and named."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.base.canonical import digest
from assay.base.errors import StoreError
from assay.store import LedgerReport, LocalStore
from assay.store.ledger import entry_hash
from tests.store.labs import ANN, furnished, rows, tamper

TABLES = ("lab", "writers", "ledger", "plans", "evidence", "looks")
Cells = list[tuple[str, str, int, object]]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sound")
    furnished(root)
    with LocalStore.open(root, ANN) as store:
        assert store.verify().ok
        store.checkpoint(root / "checkpoint.json")
        store.flush()
    return root


@pytest.fixture(scope="module")
def cells(sound: Path) -> Cells:
    """Every value in the lab: table, column, row, value."""
    found: Cells = []
    for table in TABLES:
        columns = [str(c) for (c,) in rows(sound / ".assay/lab.db", f"SELECT name FROM pragma_table_info('{table}')")]
        for row in rows(sound / ".assay/lab.db", f"SELECT rowid, * FROM {table}"):
            found += [(table, column, int(str(row[0])), v) for column, v in zip(columns, row[1:], strict=True)]
    return found


@pytest.fixture
def copy(sound: Path, tmp_path: Path) -> Path:
    shutil.copytree(sound / ".assay", tmp_path / ".assay")
    return tmp_path


def fresh(sound: Path, base: pytest.TempPathFactory) -> Path:
    root = base.mktemp("copy")
    shutil.copytree(sound / ".assay", root / ".assay")
    return root


def verify(root: Path, checkpoint: Path | None = None) -> LedgerReport | None:
    """The report, or None when the lab is refused as damaged."""
    try:
        with LocalStore.open(root, ANN) as store:
            return store.verify(checkpoint)
    except StoreError:
        return None


def noticed(root: Path, checkpoint: Path | None = None) -> bool:
    report = verify(root, checkpoint)
    return report is None or not report.ok


def chain(root: Path) -> str:
    return str(rows(root / ".assay/lab.db", "SELECT id FROM writers WHERE user = 'ann'")[0][0])


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_changed_value_is_noticed(
    sound: Path, cells: Cells, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    table, column, row, value = data.draw(st.sampled_from(cells))
    others = [v for t, c, _, v in cells if (t, c) == (table, column) and v != value]
    # SQL ends at a NUL, so that none can stand in the statement.
    texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=9)
    wild = st.one_of(texts, st.integers(-9, 99), st.none(), *map(st.just, others))
    new = data.draw(wild.filter(lambda v: v != value and str(v) != str(value)))
    root = fresh(sound, tmp_path_factory)
    literal = "NULL" if new is None else str(new) if isinstance(new, int) else "'" + str(new).replace("'", "''") + "'"
    try:
        tamper(root / ".assay/lab.db", f"UPDATE {table} SET {column} = {literal} WHERE rowid = {row}")
    except (sqlite3.IntegrityError, sqlite3.OperationalError):
        return  # the schema itself refuses this value
    if rows(root / ".assay/lab.db", f"SELECT {column} FROM {table} WHERE rowid = {row}") == [(value,)]:
        return  # stored as the same value
    assert noticed(root)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_deleted_rows_are_noticed(
    sound: Path, cells: Cells, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    table = data.draw(st.sampled_from(TABLES))
    there = sorted({row for t, _, row, _ in cells if t == table})
    gone = data.draw(st.sets(st.sampled_from(there), min_size=1))
    root = fresh(sound, tmp_path_factory)
    ids = ",".join(map(str, gone))
    tamper(root / ".assay/lab.db", f"DELETE FROM {table} WHERE rowid IN ({ids})")
    checkpoint = sound / "checkpoint.json" if table == "ledger" else None
    assert noticed(root, checkpoint)


def swap(path: Path, columns: list[str], one: int, two: int) -> bool:
    """Swap some columns of the entries at two positions; False when they are equal already."""
    names = ", ".join(columns)
    query = f"SELECT {names} FROM ledger WHERE position = "
    first, second = rows(path, query + str(one))[0], rows(path, query + str(two))[0]
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        guard = raw.execute("SELECT sql FROM sqlite_master WHERE name = 'ledger_refuses_update'").fetchone()[0]
        raw.execute("DROP TRIGGER ledger_refuses_update")
        places = [raw.execute(f"SELECT rowid FROM ledger WHERE position = {p}").fetchone()[0] for p in (one, two)]
        free = [-1 if c in ("position", "seq") else v for c, v in zip(columns, first, strict=True)]
        raw.execute("PRAGMA ignore_check_constraints=ON")
        aside = -1 if "position" in columns else places[0]
        sets = ", ".join(f"{c} = ?" for c in columns)
        for values, place in ((free, places[0]), (first, places[1]), (second, aside)):
            raw.execute(f"UPDATE ledger SET {sets} WHERE rowid = {place}", values)
        raw.execute(guard)
    return first != second


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_two_entries_swapped_are_noticed(
    sound: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    size = len(rows(sound / ".assay/lab.db", "SELECT 1 FROM ledger"))
    one, two = data.draw(st.lists(st.integers(1, size), min_size=2, max_size=2, unique=True))
    sets = ["kind"], ["time"], ["payload"], ["payload", "payload_digest"], ["kind", "payload", "payload_digest", "time"]
    root = fresh(sound, tmp_path_factory)
    changed = swap(root / ".assay/lab.db", data.draw(st.sampled_from(sets)), one, two)
    assert noticed(root) == changed


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_any_reordering_of_a_chain_is_noticed(
    sound: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    there = [int(str(p)) for (p,) in rows(sound / ".assay/lab.db", "SELECT position FROM ledger ORDER BY writer, seq")]
    lengths = rows(sound / ".assay/lab.db", "SELECT count(*) FROM ledger GROUP BY writer ORDER BY writer")
    first = int(str(lengths[0][0]))
    places = data.draw(st.sampled_from([there[:first], there[first:]]))
    one, two = data.draw(st.lists(st.sampled_from(places), min_size=2, max_size=2, unique=True))
    root = fresh(sound, tmp_path_factory)
    swap(root / ".assay/lab.db", [data.draw(st.sampled_from(["position", "seq"]))], one, two)
    report = verify(root)
    assert report is not None
    assert {f.where for f in report.faults} >= {"chain"}


@settings(max_examples=20, deadline=None)
@given(cut=st.integers(2, 12))
def test_a_cut_chain_is_noticed_at_the_checkpoint(
    sound: Path, tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    root = fresh(sound, tmp_path_factory)
    tamper(root / ".assay/lab.db", f"DELETE FROM ledger WHERE position > {cut}")
    assert noticed(root, sound / "checkpoint.json")


def rewrite(path: Path, seq: int) -> None:
    """Change an event and every hash behind it, so that the chain fits together again."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("DROP TRIGGER ledger_refuses_update")
        query = "SELECT writer, seq, kind, payload_digest, time FROM ledger WHERE writer = ? AND seq >= ? ORDER BY seq"
        name = raw.execute("SELECT id FROM writers WHERE user = 'ann'").fetchone()[0]
        prev = raw.execute("SELECT hash FROM ledger WHERE writer = ? AND seq = ?", (name, seq - 1)).fetchone()[0]
        raw.execute(
            "UPDATE ledger SET payload = '{}', payload_digest = ? WHERE writer = ? AND seq = ?",
            (digest(b"{}"), name, seq),
        )
        for writer, number, kind, payload_digest, time in raw.execute(query, (name, seq)).fetchall():
            new = entry_hash(writer, number, prev, kind, payload_digest, time)
            raw.execute(
                "UPDATE ledger SET prev = ?, hash = ? WHERE writer = ? AND seq = ?", (prev, new, writer, number)
            )
            prev = new


def test_a_chain_rewritten_to_its_end_is_noticed_at_the_checkpoint(copy: Path, sound: Path) -> None:
    rewrite(copy / ".assay/lab.db", 3)
    report = verify(copy, sound / "checkpoint.json")
    assert report is not None
    assert [(f.where, f.what) for f in report.faults if f.where == "checkpoint"] == [
        ("checkpoint", "was rewritten after the checkpoint")
    ]


@pytest.mark.parametrize(
    ("statement", "seq", "said"),
    [
        ("UPDATE ledger SET payload = '{\"i\":9}' WHERE writer = '{w}' AND seq = 3", 3, "payload was changed"),
        ("UPDATE ledger SET time = '1999' WHERE writer = '{w}' AND seq = 3", 3, "hash does not fit"),
        ("UPDATE ledger SET kind = 'run.failed' WHERE writer = '{w}' AND seq = 3", 3, "hash does not fit"),
        ("DELETE FROM ledger WHERE writer = '{w}' AND seq = 3", 3, "entry is missing: 4 follows 2"),
        ("UPDATE ledger SET payload = NULL WHERE writer = '{w}' AND seq = 3", 3, "no entry says who erased it"),
        ("UPDATE ledger SET payload = '{}' WHERE writer = '{w}' AND seq = 10", 10, "payload was changed"),
        ("UPDATE writers SET user = 'eve' WHERE id = '{w}'", None, "writer's own row was changed"),
    ],
)
def test_the_first_fault_is_named(copy: Path, statement: str, seq: int | None, said: str) -> None:
    writer = chain(copy)
    tamper(copy / ".assay/lab.db", statement.replace("{w}", writer))
    report = verify(copy)
    assert report is not None
    fault = next(c.fault for c in report.chains if c.writer == writer)
    assert fault is not None
    assert (fault.seq, said in fault.what) == (seq, True), fault.line()
    assert said in fault.line()


def test_an_erased_payload_put_back_is_noticed(copy: Path) -> None:
    text = '{"text":"the patient is Carol"}'
    tamper(copy / ".assay/lab.db", f"UPDATE ledger SET payload = '{text}' WHERE payload IS NULL")
    report = verify(copy)
    assert report is not None
    assert ["its payload is back" in f.what for f in report.faults] == [True]


@pytest.mark.parametrize("table", ["plans", "evidence", "looks"])
def test_a_record_removed_or_changed_is_noticed(copy: Path, table: str) -> None:
    who = "frozen_by" if table == "plans" else "read_by" if table == "looks" else "recommendation"
    value = "adopt" if table == "evidence" else "eve"
    tamper(copy / ".assay/lab.db", f"UPDATE {table} SET {who} = '{value}' WHERE rowid = 1")
    tamper(copy / ".assay/lab.db", f"DELETE FROM {table} WHERE rowid = 2")
    report = verify(copy)
    assert report is not None
    said = [f.what for f in report.faults if f.where == "records"]
    assert sorted(said) == [
        f"the row of {table} is not what its entry says",
        f"the row of {table} that this entry names is missing",
    ]


def test_entries_after_the_checkpoint_are_no_fault(copy: Path, sound: Path) -> None:
    with LocalStore.open(copy, ANN) as store:
        store.append("run.ended", {})
    report = verify(copy, sound / "checkpoint.json")
    assert report is not None
    assert report.ok
