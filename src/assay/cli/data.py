"""`assay data`."""

from __future__ import annotations

from pathlib import Path

import click

from assay.base.wording import counted
from assay.cli.output import say
from assay.cli.where import lab_option
from assay.remote.address import LabPlace


@click.group("data")
def command() -> None:
    """Name versions of data by their content."""


@command.command("add")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="What people call the data.")
@lab_option
def add(path: Path, name: str, lab: LabPlace | None) -> None:
    """Digest a file or folder and enter it in the ledger; content that is known keeps its version."""
    from assay.report.text import clean
    from assay.verbs import data as verb

    made = verb.add(path, name, lab)
    known = "" if made.new else " (known)"
    say(f"{clean(made.name)} version {made.version}{known}: {counted(made.files, 'file')}, {made.digest}")


@command.command("list")
@lab_option
def list_(lab: LabPlace | None) -> None:
    """List every version."""
    from assay.report.text import clean
    from assay.verbs import data as verb

    for one in verb.listed(lab):
        held = f"{counted(one.files, 'file')}  {one.digest[:19]}…  {clean(one.path)}"
        say(f"{clean(one.name)}  version {one.version}  {held}")
