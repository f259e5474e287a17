"""`assay restore`."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.output import say


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--lab", type=click.Path(path_type=Path), metavar="FOLDER", help="Where the lab is made; by default this folder."
)
def command(file: Path, lab: Path | None) -> None:
    """Make a lab of a backup; every file and the ledger are checked before it stands."""
    from assay.base.wording import counted
    from assay.verbs import restore as verb

    say(f"{counted(verb.run(file, lab), 'file')} restored; the ledger holds")
