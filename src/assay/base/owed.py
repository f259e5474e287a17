"""Checks that may be made while something else is computed, and never left out."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from types import TracebackType

from assay.base.errors import AssayError

Check = Callable[[], None]


class Owed:
    """A block that ends only when every check made over to it has passed.

    Checks run in the order in which they came, one at a time, in a thread of their own from `begin` on. What one of
    them refuses is raised where the block ends, before any refusal of the block itself, which may only follow from it.
    """

    def __init__(self) -> None:
        self._checks: list[Check] = []
        self._thread: Thread | None = None
        self._refused: BaseException | None = None

    def add(self, check: Check) -> None:
        """Make a check over to the block."""
        self._checks.append(check)

    def begin(self) -> None:
        """Start checking; nothing else may use what the checks use until the block ends."""
        if self._checks:
            self._thread = Thread(target=self._run)
            self._thread.start()

    def __enter__(self) -> Owed:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._thread is not None:
            self._thread.join()
        elif kind is None or issubclass(kind, AssayError):
            self._run()
        if self._refused is not None:
            raise self._refused from None

    def _run(self) -> None:
        try:
            for check in self._checks:
                check()
        except BaseException as refused:  # raised again by the thread that waits
            self._refused = refused
