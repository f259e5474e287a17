"""Progress on standard error: a bar on a terminal, nothing in a pipe."""

from __future__ import annotations

import sys
from types import TracebackType

from assay.base.progress import Progress, Silent


class Bar:
    """Progress as a line that rich redraws."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as RichProgress

        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=24), TimeElapsedColumn())
        self._bars = RichProgress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._bars.add_task("", total=None)

    def step(self, name: str, total: int | None = None) -> None:
        """Name the step that begins."""
        self._bars.reset(self._task, total=total, description=name)

    def advance(self, amount: int = 1) -> None:
        """Move the bar."""
        self._bars.advance(self._task, amount)

    def start(self) -> None:
        """Show the line."""
        self._bars.start()

    def stop(self) -> None:
        """Take the line away."""
        self._bars.stop()


class Shown:
    """A context that shows progress where a person looks at it."""

    def __init__(self, quiet: bool = False) -> None:
        self._bar = Bar() if sys.stderr.isatty() and not quiet else None

    def __enter__(self) -> Progress:
        if self._bar is None:
            return Silent()
        self._bar.start()
        return self._bar

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
