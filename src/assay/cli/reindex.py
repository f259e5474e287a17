"""`assay reindex`."""

from __future__ import annotations

import click

from assay.base.wording import counted
from assay.cli.output import say
from assay.cli.progress import Shown
from assay.cli.where import lab_option
from assay.remote.address import LabPlace


@click.command("reindex")
@lab_option
def command(lab: LabPlace | None) -> None:
    """Make the index of runs anew from their folders, which are the truth."""
    from assay.verbs import reindex as verb

    with Shown() as progress:
        many, bad = verb.run(lab, progress)
    say(f"{counted(many, 'run')} read" + (f", {counted(bad.total, 'run')} with something wrong:" if bad.total else ""))
    for row in bad.rows:
        for fault in row.faults:
            say(f"  {row.id}/{fault}")
