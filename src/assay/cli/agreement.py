"""`assay agreement`."""

from __future__ import annotations

from typing import Any

import click

from assay.cli.progress import Shown


@click.command("agreement")
@click.argument("table", metavar="FILE")
@click.option("--item", default="", metavar="COLUMN", help="Column of what is rated.")
@click.option(
    "--rating", "ratings", multiple=True, metavar="COLUMN", help="Column of the rating; repeat it, one for each rater."
)
@click.option("--rater", default="", metavar="COLUMN", help="Column of who rates, where one column holds all ratings.")
@click.option("--unit", default="", metavar="COLUMN", help="Column of what was sampled; default: the item.")
@click.option(
    "--scale",
    type=click.Choice(["nominal", "ordinal", "interval", "ratio"]),
    default="nominal",
    show_default=True,
    help="What distances between ratings mean.",
)
@click.option(
    "--measure",
    "measures",
    multiple=True,
    metavar="MEASURE",
    help="krippendorff, cohen, fleiss, agreement, ceiling; default: krippendorff, agreement and ceiling.",
)
@click.option("--level", type=float, default=0.95, show_default=True, help="Level of the intervals.")
@click.option("--json", "json_path", metavar="FILE|-", help="Write JSON to a file, or to standard output.")
@click.option("--html", "html_path", metavar="FILE", help="Write a self-contained page.")
def command(json_path: str | None, html_path: str | None, **given: Any) -> int:
    """Say how far raters agree, with intervals over the items that were sampled.

    FILE is Parquet, CSV, TSV or JSON Lines: a line for each rating (--item, --rater, --rating), or a line for each item
    with a column of ratings for each rater (--item, --rating A --rating B). Empty ratings are ratings not given.
    """
    from assay.cli.output import publish
    from assay.report.agreement import agreement_page, render_agreement
    from assay.verbs import agreement as verb

    with Shown() as progress:
        found = verb.run(verb.AgreementRequest(**given), progress)
    for warning in found.warnings:
        click.echo(f"assay: warning: {warning}", err=True)
    publish(found.to_json(), lambda: agreement_page(found), lambda: render_agreement(found), json_path, html_path)
    return 0
