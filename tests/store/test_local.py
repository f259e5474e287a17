"""Opening, creating and using a lab."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.base.errors import InputError, StoreError
from assay.store import LocalStore, local
from tests.store.labs import ANN, BOB, furnished, rows, sha, tamper


def test_a_new_lab_has_one_verified_entry(tmp_path: Path) -> None:
    with LocalStore.create(tmp_path, ANN) as store:
        report = store.verify()
        assert report.ok
        assert report.entries == 1
        assert store.entries()[0].kind == "lab.created"
        assert store.entries()[0].content()["id"] == store.writer.lab


def test_what_was_written_is_there_after_reopening(tmp_path: Path) -> None:
    with LocalStore.create(tmp_path, ANN) as store:
        entry = store.append("run.ended", {"loss": 0.5})
    with LocalStore.open(tmp_path, ANN) as store:
        assert store.entries(after=1) == (entry,)
        assert entry.content() == {"loss": 0.5}


def test_the_database_is_durable_and_checked(tmp_path: Path) -> None:
    with LocalStore.create(tmp_path) as store, store._database.reading() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")
        }
    assert pragma == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000, "secure_delete": 1,
    }  # fmt: skip


def test_a_missing_lab_names_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="assay init"):
        LocalStore.open(tmp_path)
    with pytest.raises(StoreError, match="assay init"):
        LocalStore.find(tmp_path / "deep")
    assert list(tmp_path.iterdir()) == []


def test_a_lab_is_found_from_a_folder_below(tmp_path: Path) -> None:
    LocalStore.create(tmp_path).close()
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    with LocalStore.find(below) as store:
        assert store.root == tmp_path


def test_a_second_lab_in_the_folder_is_refused(tmp_path: Path) -> None:
    with LocalStore.create(tmp_path) as store:
        first = store.writer.lab
    with pytest.raises(StoreError, match="a lab already"):
        LocalStore.create(tmp_path)
    with LocalStore.open(tmp_path) as store:
        assert store.writer.lab == first
    assert [p.name for p in tmp_path.iterdir()] == [".assay"]


def test_of_two_that_make_a_lab_at_once_one_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def meanwhile(folder: Path) -> None:
        monkeypatch.undo()
        LocalStore.create(tmp_path / "lab", BOB).close()

    monkeypatch.setattr(local, "sync_folder", meanwhile)
    with pytest.raises(StoreError, match="a lab already"):
        LocalStore.create(tmp_path / "lab", ANN)
    with LocalStore.open(tmp_path / "lab") as store:
        assert [c.user for c in store.verify().chains] == ["bob"]
    assert [p.name for p in (tmp_path / "lab").iterdir()] == [".assay"]


def test_a_failed_transaction_leaves_neither_row_nor_entry(tmp_path: Path) -> None:
    with LocalStore.create(tmp_path) as store:
        blob = store.blobs.put(b"plan")

        def fail() -> None:
            with store.transaction() as session:
                session.plans.freeze("late", sha("a"), blob)
                session.ledger.append("run.ended", {})
                raise ValueError("the judge failed")

        with pytest.raises(ValueError, match="the judge failed"):
            fail()
        assert len(store.entries()) == 1
        with store.snapshot() as session:
            assert session.plans.all() == ()


def test_a_snapshot_cannot_see_what_commits_meanwhile(tmp_path: Path) -> None:
    with LocalStore.create(tmp_path) as store, store.snapshot() as before:
        assert before.ledger.size() == 1
        store.append("run.ended", {})
        assert before.ledger.size() == 1
        with store.snapshot() as after:
            assert after.ledger.size() == 2


def test_a_snapshot_refuses_to_write(tmp_path: Path) -> None:
    with LocalStore.create(tmp_path) as store:
        with pytest.raises(StoreError), store.snapshot() as session:
            session.ledger.append("run.ended", {})
        store.append("run.ended", {})
        assert len(store.entries()) == 2


def test_a_writer_that_waits_too_long_is_told_that_the_lab_is_busy(tmp_path: Path) -> None:
    LocalStore.create(tmp_path).close()
    with (
        LocalStore.open(tmp_path) as holder,
        LocalStore.open(tmp_path, busy_seconds=0.01) as waiter,
        holder.transaction(),
        pytest.raises(StoreError, match="busy"),
    ):
        waiter.append("run.ended", {})


def test_user_machine_and_folder_each_have_a_chain_of_their_own(tmp_path: Path) -> None:
    furnished(tmp_path / "one")
    (tmp_path / "one").rename(tmp_path / "two")
    with LocalStore.open(tmp_path / "two", ANN) as moved:
        moved.append("run.ended", {})
        chains = moved.verify().chains
    assert sorted((c.user, c.host) for c in chains) == [("ann", "north"), ("ann", "north"), ("bob", "south")]


def test_a_checkpoint_inside_the_lab_is_refused(tmp_path: Path) -> None:
    with LocalStore.create(tmp_path) as store:
        with pytest.raises(StoreError, match="only from outside"):
            store.checkpoint(store.folder / "c.json")
        assert not (store.folder / "c.json").exists()


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"assay":"x","heads":[]}'])
def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "c.json"
    path.write_bytes(content)
    with LocalStore.create(tmp_path) as store, pytest.raises(InputError, match=r"c\.json: the checkpoint"):
        store.verify(path)


def test_a_missing_checkpoint_is_refused(tmp_path: Path) -> None:
    with LocalStore.create(tmp_path) as store, pytest.raises(InputError, match="No such file"):
        store.verify(tmp_path / "none.json")


def test_the_checkpoint_of_another_lab_is_noticed(tmp_path: Path) -> None:
    with LocalStore.create(tmp_path / "a") as one, LocalStore.create(tmp_path / "b") as two:
        one.checkpoint(tmp_path / "c.json")
        assert [f.where for f in two.verify(tmp_path / "c.json").faults] == ["checkpoint"]


def test_an_erased_payload_leaves_no_bytes_in_the_lab(tmp_path: Path) -> None:
    with LocalStore.create(tmp_path, ANN) as store:
        secret = store.append("note.taken", {"text": "the patient is Carol"})
        for i in range(50):
            store.append("run.ended", {"i": i})
        assert any(b"Carol" in p.read_bytes() for p in store.folder.glob("lab.db*"))
        store.erase(secret.writer, secret.seq, "named a patient")
        assert not any(b"Carol" in p.read_bytes() for p in store.folder.glob("lab.db*"))
        after = store.entries(kind="note.taken")[0]
        assert (after.payload, after.content(), after.payload_digest) == (None, None, secret.payload_digest)
        assert store.verify().ok


def test_the_guards_refuse_changes_through_sql(tmp_path: Path) -> None:
    path = furnished(tmp_path)
    with LocalStore.open(tmp_path, BOB) as store:
        for table in ("lab", "writers", "ledger", "plans", "evidence", "looks"):
            column = rows(path, f"SELECT name FROM pragma_table_info('{table}')")[0][0]
            for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = {column}"):
                with (
                    pytest.raises(StoreError, match="append-only"),
                    store._database.writing() as connection,
                ):
                    connection.exec_driver_sql(statement)
        assert store.verify().ok


def test_opening_does_not_load_alembic(tmp_path: Path) -> None:
    LocalStore.create(tmp_path).close()
    script = (
        "import sys; from pathlib import Path; from assay.store import LocalStore\n"
        f"LocalStore.open(Path({str(tmp_path)!r})).append('run.ended', {{}})\n"
        "print([m for m in sys.modules if m.startswith('alembic')])"
    )
    run = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


_READ_ONLY = """
import os, sys
from pathlib import Path
from assay.base.errors import StoreError
from assay.store import LocalStore, local
if os.geteuid() == 0:
    os.setgid(65534); os.setuid(65534)
for act in (LocalStore.open, LocalStore.create):
    try:
        act(Path(sys.argv[1]) / act.__name__).append("run.ended", {})
        print("written")
    except StoreError as error:
        print(error)
"""


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A folder that another user may enter, since root could write anywhere and steps down for the test."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    for path in (p for p in folder.rglob("*") if p.is_dir()):
        path.chmod(0o755)
    shutil.rmtree(folder)


def test_a_folder_that_cannot_be_written_is_one_clear_error(open_to_all: Path) -> None:
    lab, empty = open_to_all / "open", open_to_all / "create"
    LocalStore.create(lab).close()
    empty.mkdir()
    for path in (lab / ".assay", lab, empty):
        path.chmod(0o555)
    command = [sys.executable, "-c", _READ_ONLY, str(open_to_all)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(lines) == 2
    assert all("permission" in line for line in lines), lines
    assert list(empty.iterdir()) == []


def test_a_removed_guard_is_noticed(tmp_path: Path) -> None:
    path = furnished(tmp_path)
    tamper(path)
    with LocalStore.open(tmp_path) as store:
        assert store.verify().ok
        with store._database.writing() as connection:
            connection.exec_driver_sql("DROP TRIGGER looks_refuses_delete")
        assert [f.what for f in store.verify().faults] == ["the guard against delete of looks was removed"]
