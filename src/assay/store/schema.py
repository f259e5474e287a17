"""Which schema a lab has, and the way to the current one. Alembic is loaded only when they differ."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from assay.base.errors import StoreError
from assay.store.database import APPLICATION_ID, Database


@dataclass(frozen=True)
class Schema:
    """A line of schema revisions.

    Attributes:
        revisions: Every revision, oldest first; the last is what this version of Assay reads and writes.
        scripts: The folder whose `versions/` holds one migration a revision.
    """

    revisions: tuple[str, ...]
    scripts: Path


CURRENT = Schema(revisions=("0001",), scripts=Path(__file__).with_name("migrations"))


def ensure(database: Database, schema: Schema = CURRENT) -> None:
    """Bring a lab to the current schema; costs one read when it is there already.

    Raises:
        StoreError: when the file is no lab, or a newer Assay has written it.
    """
    with database.reading() as connection:
        found = _revision(connection, database.path, schema)
    if found != schema.revisions[-1]:
        with database.writing() as connection:
            _upgrade(connection, database.path, schema)


def install(database: Database, schema: Schema = CURRENT) -> None:
    """Create the tables in a new database."""
    with database.writing() as connection:
        _run(connection, schema, None)


def _revision(connection: Connection, path: Path, schema: Schema) -> str:
    marked = connection.exec_driver_sql("PRAGMA application_id").scalar()
    if marked != APPLICATION_ID:
        raise StoreError(
            "this database is no lab of Assay, or its head is damaged",
            rule="lab.db is a SQLite database that only Assay writes",
            fix="restore the folder .assay from a backup, or move it away and run `assay init`",
            where=str(path),
        )
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if found not in schema.revisions:
        raise StoreError(
            f"the lab has schema {found!r:.40}",
            rule=f"this version of Assay reads schemas up to {schema.revisions[-1]}",
            fix="a newer Assay wrote it: pip install --upgrade assay-lab",
            where=str(path),
        )
    return str(found)


def _upgrade(connection: Connection, path: Path, schema: Schema) -> None:
    # Read again under the write lock: another process may have upgraded meanwhile.
    found = _revision(connection, path, schema)
    if found != schema.revisions[-1]:
        _run(connection, schema, found)


def _run(connection: Connection, schema: Schema, found: str | None) -> None:
    # Loaded here because importing Alembic takes 0.2 s, and a lab that is up to date never needs it.
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(schema.scripts))
    context = MigrationContext.configure(connection)
    steps = list(script.iterate_revisions(schema.revisions[-1], found or "base"))
    with Operations.context(context):
        for step in reversed(steps):
            step.module.upgrade()
            context.stamp(script, step.revision)
