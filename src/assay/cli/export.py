"""`assay export`."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.output import say
from assay.cli.progress import Shown
from assay.cli.where import lab_option
from assay.remote.address import LabPlace


@click.group("export")
def command() -> None:
    """Write the lab in a form that others can keep."""


@command.command("site")
@click.argument("folder", type=click.Path(path_type=Path))
@lab_option
def site(folder: Path, lab: LabPlace | None) -> None:
    """Write every plan and memo as pages that open from a file."""
    from assay.verbs import export

    with Shown() as progress:
        pages = export.site(lab, folder, progress)
    say(f"{pages} pages; open {folder / 'index.html'}")
