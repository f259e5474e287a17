"""`assay sync`."""

from __future__ import annotations

import click

from assay.cli.progress import Shown
from assay.cli.where import PlaceType, lab_option
from assay.remote.address import LabPlace

CONFLICT = 3


@click.command("sync")
@click.argument("other", type=PlaceType())
@click.option("--both", is_flag=True, help="Then give the other lab what is here.")
@click.option("--json", "json_path", metavar="FILE|-", help="Write JSON to a file, or to standard output.")
@lab_option
def command(other: LabPlace, both: bool, json_path: str | None, lab: LabPlace | None) -> int:
    """Merge another lab into this one: runs, files, plans, evidence, looks and its ledger. A second time adds nothing.

    OTHER is the folder of the other lab, which is only read. A run that both hold with different bytes is left as it is
    here and named; the exit code is then 3. Ledgers that contradict each other are refused.
    """
    from assay.base.canonical import canonical_json
    from assay.cli.output import say, write
    from assay.report.merges import merge_json, render_merge
    from assay.verbs import sync as verb

    with Shown() as progress:
        done = verb.run(verb.SyncRequest(other, both, lab), progress)
    if json_path:
        write(json_path, canonical_json([merge_json(d) for d in done]).decode() + "\n")
    if json_path != "-":
        for made, into in zip(done, ("here", "there"), strict=False):
            say(render_merge(made, into))
    return CONFLICT if any(d.refused for d in done) else 0
