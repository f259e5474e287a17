"""How large a Parquet file is when it is unpacked, by its own footer: nothing else of it is read."""

from __future__ import annotations

from pathlib import Path

import duckdb

from assay.base.errors import InputError


def unpacked(path: Path, name: str) -> tuple[int, int]:
    """Rows and bytes.

    Args:
        path: The file.
        name: What whoever sent it calls it.

    Raises:
        InputError: a footer that cannot be read.
    """
    with duckdb.connect(":memory:") as connection:
        try:
            rows = connection.execute("SELECT num_rows FROM parquet_file_metadata(?)", [str(path)]).fetchone()
            size = connection.execute(
                "SELECT sum(total_uncompressed_size) FROM parquet_metadata(?)", [str(path)]
            ).fetchone()
        except duckdb.Error as error:
            raise InputError(
                f"the file {name[:80]!r} is no Parquet file that can be read",
                rule="its footer says what it holds",
                fix="write it again",
            ) from error
    return int(rows[0]) if rows else 0, int(size[0] or 0) if size else 0
