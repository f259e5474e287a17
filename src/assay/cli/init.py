"""`assay init`."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.output import say


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path), default=Path(), metavar="[FOLDER]")
def command(folder: Path) -> None:
    """Make a lab: a folder .assay that keeps plans, evidence and the ledger."""
    from assay.verbs import init

    made = init.run(folder)
    say(f"lab made in {made}; next: assay plan new > plan.yaml")
