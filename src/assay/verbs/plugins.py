"""Metrics of the user's own: a Python file that the user names is executed, and registers them."""

from __future__ import annotations

import runpy
from collections.abc import Iterable
from pathlib import Path

from assay.base.errors import AssayError, MetricError


def load_all(files: Iterable[str]) -> None:
    """Execute every plug-in that the user names."""
    for file in files:
        load(file)


def load(file: str) -> None:
    """Execute a plug-in.

    Raises:
        MetricError: when it is missing or fails.
    """
    path = Path(file)
    if path.suffix != ".py" or not path.is_file():
        raise MetricError("is not a Python file", rule="a plug-in is a .py file on this machine", where=file)
    try:
        runpy.run_path(str(path), run_name="assay_plugin")
    except AssayError:
        raise
    except Exception as error:
        raise MetricError(
            f"fails: {type(error).__name__}: {error}", rule="a plug-in runs without errors", where=file
        ) from error
