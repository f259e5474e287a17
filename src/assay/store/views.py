"""Saved views of the runs: `.assay/views.json`, a convenience that is no part of the record."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from assay.base.errors import StoreError
from assay.records.views import View
from assay.store.files import write_whole
from assay.store.refusals import file_failures

FILE = "views.json"
FIELDS = ("name", "owner", "where", "sort", "columns", "by")
LATER: dict[str, list[str]] = {"metric": []}
"""What views that were saved before it was kept do not have."""
T = TypeVar("T")


class Views:
    """The views of a lab.

    Args:
        lab: The folder `.assay`.
    """

    def __init__(self, lab: Path) -> None:
        self.path = lab / FILE

    def all(self) -> dict[str, View]:
        """Every view by name.

        Raises:
            StoreError: when the file is damaged.
        """
        try:
            held: list[dict[str, Any]] = json.loads(self.path.read_bytes())
            found = [
                View(*(_field(v[n]) for n in FIELDS), *(_field(v.get(n, d)) for n, d in LATER.items())) for v in held
            ]
            return {view.name: view for view in found}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise StoreError(
                f"saved views cannot be read ({type(error).__name__})",
                rule="they are kept as JSON",
                fix="remove the file: views are a convenience",
                where=str(self.path),
            ) from error

    def change(self, how: Callable[[dict[str, View]], T]) -> T:
        """Change them; two who do so at once come one after the other, and a failure changes nothing."""
        with file_failures(self.path):
            handle = os.open(self.path.with_name("views.lock"), os.O_RDWR | os.O_CREAT, 0o666)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)
                views = self.all()
                done = how(views)
                kept = [asdict(views[name]) for name in sorted(views)]
                write_whole(self.path, json.dumps(kept, ensure_ascii=True).encode())
                return done
            finally:
                os.close(handle)


def _field(value: Any) -> Any:
    return tuple(map(str, value)) if isinstance(value, list) else str(value)
