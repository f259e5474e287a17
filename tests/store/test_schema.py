"""The schema: one history, run only when a lab is behind it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from assay.base.errors import StoreError
from assay.store import LocalStore, schema, tables
from assay.store.database import Database
from tests.store.labs import furnished, rows, tamper

_NEXT = '''
"""A later revision, for the tests."""
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "0002", "0001", None, None
def upgrade():
    op.create_table("added", sa.Column("id", sa.Text, primary_key=True))
    {then}
'''


def later(tmp_path: Path, then: str = "pass") -> schema.Schema:
    """A schema that has one revision more than the current one."""
    scripts = tmp_path / "migrations"
    shutil.copytree(schema.CURRENT.scripts, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "v0002_added.py").write_text(_NEXT.format(then=then))
    return schema.Schema((*schema.CURRENT.revisions, "0002"), scripts)


def test_the_revisions_named_are_the_scripts_there() -> None:
    scripts = ScriptDirectory(str(schema.CURRENT.scripts))
    assert tuple(reversed([s.revision for s in scripts.walk_revisions()])) == schema.CURRENT.revisions
    assert scripts.get_heads() == [schema.CURRENT.revisions[-1]]


def test_the_migrations_make_the_tables_that_the_code_reads(tmp_path: Path) -> None:
    with LocalStore.create(tmp_path) as store, store._database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []
        made = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE sql LIKE 'CREATE TABLE%'").scalars()
        checks = sum(sql.count("CHECK") for sql in made)
    assert checks == 3


def shape(path: Path) -> str:
    """Columns, keys, indices and triggers, in words that no version of a library phrases differently."""
    lines = []
    for (table,) in rows(path, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"):
        lines += [f"{table} column {row[1:]}" for row in rows(path, f"PRAGMA table_info({table})")]
        lines += sorted(f"{table} names {row[2:5]}" for row in rows(path, f"PRAGMA foreign_key_list({table})"))
        lines += sorted(
            f"{table} index {[str(c[2]) for c in rows(path, f'PRAGMA index_info({row[1]})')]} unique={row[2]}"
            for row in rows(path, f"PRAGMA index_list({table})")
        )
    triggers = rows(path, "SELECT sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
    return "\n".join([*lines, *(" ".join(str(sql).split()) for (sql,) in triggers)]) + "\n"


def test_released_migrations_do_not_change(tmp_path: Path) -> None:
    LocalStore.create(tmp_path).close()
    assert shape(tmp_path / ".assay/lab.db") == (Path(__file__).parent / "golden" / "schema-0001.txt").read_text()


def test_an_older_lab_is_upgraded_and_keeps_its_records(tmp_path: Path) -> None:
    path = furnished(tmp_path)
    before = rows(path, "SELECT * FROM ledger")
    database = Database(path)
    for _ in range(2):
        schema.ensure(database, later(tmp_path) if not (tmp_path / "migrations").exists() else _known(tmp_path))
    database.close()
    assert rows(path, "SELECT version_num FROM alembic_version") == [("0002",)]
    assert rows(path, "SELECT * FROM added") == []
    assert rows(path, "SELECT * FROM ledger") == before


def test_an_upgrade_that_fails_leaves_the_lab_as_it_was(tmp_path: Path) -> None:
    path = furnished(tmp_path)
    database = Database(path)
    with pytest.raises(StoreError):
        schema.ensure(database, later(tmp_path, "op.execute('SELECT * FROM nowhere')"))
    database.close()
    assert rows(path, "SELECT version_num FROM alembic_version") == [("0001",)]
    assert rows(path, "SELECT name FROM sqlite_master WHERE name = 'added'") == []


def test_a_newer_lab_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = furnished(tmp_path)
    tamper(path, "UPDATE alembic_version SET version_num = '0007'")
    with pytest.raises(StoreError, match=r"0007.*up to 0001.*pip install --upgrade"):
        LocalStore.open(tmp_path)
    assert rows(path, "SELECT version_num FROM alembic_version") == [("0007",)]


def _known(tmp_path: Path) -> schema.Schema:
    return schema.Schema((*schema.CURRENT.revisions, "0002"), tmp_path / "migrations")
