"""`assay sweep PLAN`."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import click

from assay.cli.plugins import plugin_option
from assay.cli.where import lab_option

if TYPE_CHECKING:
    from assay.records.sweep import SweepState

INCOMPLETE = 3


class Live:
    """A sweep on standard error while it goes on: a bar on a terminal, a line for each cell elsewhere."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self._told: set[str] | None = None
        columns = (SpinnerColumn(), BarColumn(bar_width=24), TextColumn("{task.description}"), TimeElapsedColumn())
        self._bars = Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
        self._task = self._bars.add_task("", total=None)

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def seen(self, state: SweepState) -> None:
        """Redraw the bar, and name what has finished or failed since the last time."""
        from assay.report.sweep import counts

        running = [f"{c.cell.model} seed {c.cell.seed}" for c in state.cells if c.state == "running"]
        words = f"{counts(state)}  {', '.join(running[:4])}"
        self._bars.update(self._task, total=state.wanted, completed=state.count("finished"), description=words)
        over = [c for c in state.cells if c.state in ("finished", "failed")]
        # What was there before is not news.
        before = self._told if self._told is not None else {c.run for c in over}
        for c in over:
            if c.run not in before:
                said = f"{c.state}: {c.cell.model} seed {c.cell.seed}, run {c.run}{f': {c.why}' if c.why else ''}"
                self._bars.console.print(f"assay: {said}", highlight=False, markup=False, soft_wrap=True)
        self._told = before | {c.run for c in over}


@click.command("sweep", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": True})
@click.argument("plan", type=click.Path(path_type=Path), metavar="PLAN.yaml")
@click.argument("command_words", nargs=-1, type=click.UNPROCESSED, metavar="[-- COMMAND...]")
@click.option("--workers", type=int, default=1, show_default=True, help="Cells executed side by side.")
@click.option("--hours", type=float, default=None, help="Begin nothing after so many hours; default: the plan's.")
@click.option("--cpu-hours", type=float, default=None, help="Processor hours of all attempts; default: the plan's.")
@click.option("--anew", default="", metavar="WHY", help="Run every cell again; the earlier runs stay.")
@click.option("--status", is_flag=True, help="Begin nothing: say how the sweep stands.")
@click.option("--json", "json_path", metavar="FILE|-", help="Write JSON to a file, or to standard output.")
@plugin_option
@lab_option
def command(plan: Path, command_words: tuple[str, ...], status: bool, json_path: str | None, **given: Any) -> int:
    """Fill the matrix that a plan demands with runs: baseline, candidates and ablations, each seed, each setting.

    What has finished is not run again, also after kill -9. The command is the plan's, or stands after --. The exit
    code is 0 where every cell has finished, else 3.
    """
    from assay.base.canonical import encoded
    from assay.cli.output import say, write
    from assay.report.sweep import render_sweep, sweep_json
    from assay.verbs import sweep as verb

    if status:
        found = verb.look(plan, given["lab"])
    else:
        with Live() as live:
            found = verb.run(verb.SweepRequest(plan, command=command_words, **given), live)
    if json_path:
        write(json_path, encoded(sweep_json(found)).decode() + "\n")
    if json_path != "-":
        say(render_sweep(found))
    return 0 if found.complete else INCOMPLETE
