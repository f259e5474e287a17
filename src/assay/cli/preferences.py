"""`assay preferences`."""

from __future__ import annotations

from typing import Any

import click

from assay.cli.progress import Shown


@click.command("preferences")
@click.argument("table", metavar="FILE")
@click.option("--first", default="", metavar="COLUMN", help="Column of the model shown first.")
@click.option("--second", default="", metavar="COLUMN", help="Column of the other model.")
@click.option(
    "--winner", default="", metavar="COLUMN", help="Column of who won: a model, the name of its column, or tie."
)
@click.option("--unit", default="", metavar="COLUMN", help="Column of who votes; default: every vote is a unit.")
@click.option(
    "--order",
    is_flag=True,
    help="Let the model shown first have an advantage, estimate it, and test whether the order was drawn by chance.",
)
@click.option(
    "--covariate", "covariates", multiple=True, metavar="COLUMN", help="A number a vote: first less second answer."
)
@click.option("--level", type=float, default=0.95, show_default=True, help="Level of the intervals.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the draws for simultaneous ranks.")
@click.option("--json", "json_path", metavar="FILE|-", help="Write JSON to a file, or to standard output.")
@click.option("--html", "html_path", metavar="FILE", help="Write a self-contained page.")
def command(json_path: str | None, html_path: str | None, **given: Any) -> int:
    """Rank models by votes between two of them, and say which are really tied.

    FILE is Parquet, CSV, TSV or JSON Lines, a line for each vote. Strengths are Bradley and Terry's, with ties.
    """
    from assay.cli.output import publish
    from assay.report.preferences import preference_page, render_preferences
    from assay.verbs import preferences as verb

    with Shown() as progress:
        found = verb.run(verb.PreferenceRequest(**given), progress)
    for warning in found.warnings:
        click.echo(f"assay: warning: {warning}", err=True)
    publish(found.to_json(), lambda: preference_page(found), lambda: render_preferences(found), json_path, html_path)
    return 0
