"""Writing results: to standard output, or to a file all at once."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click

from assay.base.errors import StoreError


def say(text: str) -> None:
    """Print to standard output."""
    click.echo(text.rstrip("\n"))


def write(target: str, text: str) -> None:
    """Write to standard output (`-`) or to a file, which appears whole or not at all.

    Raises:
        StoreError: when the file cannot be written.
    """
    if target == "-":
        click.echo(text, nl=False)
        return
    path = Path(target)
    try:
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise StoreError(f"cannot be written: {error.strerror}", fix="choose another folder", where=target) from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
        os.chmod(draft, 0o644)
        os.replace(draft, path)
    except OSError as error:
        Path(draft).unlink(missing_ok=True)
        raise StoreError(
            f"cannot be written: {error.strerror}", fix="make room, or choose another folder", where=target
        ) from error
