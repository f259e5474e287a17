"""Writing results: to standard output, or to a file all at once."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assay.base.errors import StoreError

if TYPE_CHECKING:
    from assay.report.blocks import Document


def say(text: str) -> None:
    """Print to standard output."""
    click.echo(text.rstrip("\n"))


def publish(
    content: dict[str, Any],
    page: Callable[[], Document],
    text: Callable[[], str],
    json_path: str | None,
    html_path: str | None,
) -> None:
    """Write what was asked for, JSON and a page; print the text unless standard output is taken.

    Args:
        content: Plain, as JSON holds it.
        page: Made only when it is asked for, as is the text.
        text: For a terminal.
        json_path: A file, `-` for standard output, or None.
        html_path: The same.
    """
    from assay.base.canonical import encoded

    if json_path:
        write(json_path, encoded(content).decode() + "\n")
    if html_path:
        from assay.report.html import render

        write(html_path, render(page()))
    if "-" not in (json_path, html_path):
        say(text())


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
