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


@command.command("run")
@click.argument("run")
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--as",
    "form",
    type=click.Choice(["ro-crate", "prov"]),
    default="ro-crate",
    show_default=True,
    help="A folder with the run's files and RO-Crate metadata, or one file of W3C PROV (PROV-JSON).",
)
@lab_option
def run(run: str, target: Path, form: str, lab: LabPlace | None) -> None:
    """Write where a run's numbers come from, in a form that other tools read.

    RUN is its id, or a part that only it has.
    """
    from assay.base.wording import counted
    from assay.verbs import provenance

    files = provenance.run(run, target, form, lab)
    say(f"{target} written" + (f", with {counted(files, 'file')}" if form == "ro-crate" else ""))
