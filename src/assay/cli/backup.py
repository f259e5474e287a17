"""`assay backup`."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.output import say
from assay.cli.where import lab_option
from assay.remote.address import LabPlace


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@lab_option
def command(file: Path, lab: LabPlace | None) -> None:
    """Write everything that a lab holds to one file, while it is in use."""
    from assay.base.wording import counted
    from assay.verbs import backup as verb

    say(f"{counted(verb.run(file, lab), 'file')} in {file}")
