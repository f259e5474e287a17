"""`assay lineage`."""

from __future__ import annotations

import click

from assay.cli.progress import Shown
from assay.cli.where import lab_option
from assay.remote.address import LabPlace


@click.command("lineage")
@click.argument("name")
@click.option("--json", "json_path", metavar="FILE|-", help="Write JSON to a file, or to standard output.")
@click.option("--html", "html_path", metavar="FILE", help="Write a self-contained page.")
@lab_option
def command(name: str, json_path: str | None, html_path: str | None, lab: LabPlace | None) -> None:
    """Show what a run or data came of, and what came of it: data, runs, files, evidence.

    NAME is a run's id, the name of data, or a digest; of ids and digests a part that only one has.
    """
    from assay.cli.output import publish
    from assay.report.lineage import lineage_json, lineage_page, render_lineage
    from assay.verbs import lineage as verb

    with Shown() as progress:
        found = verb.run(name, lab, progress)
    publish(lineage_json(found), lambda: lineage_page(found), lambda: render_lineage(found), json_path, html_path)
