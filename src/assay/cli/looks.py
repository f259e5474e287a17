"""`assay looks`."""

from __future__ import annotations

import click

from assay.cli.where import lab_option
from assay.remote.address import LabPlace


@click.command("looks")
@click.argument("dataset", metavar="DATASET")
@click.option("--json", "json_path", metavar="FILE|-", help="Write JSON to a file, or to standard output.")
@click.option("--html", "html_path", metavar="FILE", help="Write a self-contained page.")
@lab_option
def command(dataset: str, json_path: str | None, html_path: str | None, lab: LabPlace | None) -> int:
    """Show what was read on a dataset: by whom, when, what it spent, what is left.

    DATASET is the name of the data in plans, the digest of a version, or a file of predictions.
    """
    from assay.cli.output import publish
    from assay.report.readings import readings_page, render_readings
    from assay.verbs import looks as verb

    found = verb.run(dataset, lab)
    publish(found.to_json(), lambda: readings_page(found), lambda: render_readings(found), json_path, html_path)
    return 0
