"""`assay init`."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.output import say


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path), default=Path(), metavar="[FOLDER]")
def command(folder: Path) -> None:
    """Make a lab: a folder .assay that keeps plans, evidence and the ledger.

    Runs that lie in such a folder whose database is gone are taken over.
    """
    from assay.base.wording import counted
    from assay.verbs import init

    there = init.left_runs(folder)
    made = init.run(folder)
    kept = f", with {counted(there, 'run')} that {'was' if there == 1 else 'were'} there" if there else ""
    say(f"lab made in {made}{kept}; next: assay plan new > plan.yaml")
