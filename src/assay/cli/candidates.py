"""`assay candidates`."""

from __future__ import annotations

from typing import Any

import click

from assay.cli.options import class_options, result_options, row_options
from assay.cli.progress import Shown


@click.command("candidates")
@click.argument("files", nargs=-1, metavar="FILE…")
@click.option("--model", "models", multiple=True, metavar="COLUMN", help="A model's column, where one file holds all.")
@row_options
@click.option("--block", default="", metavar="COLUMN", help="Column of data sets: average ranks, each counts once.")
@click.option(
    "--score", "scores", multiple=True, metavar="COLUMN", help="Column of predictions, for all files or each."
)
@class_options
@click.option("--seed-column", default="", metavar="COLUMN", help="Training seeds; claims are about the method.")
@click.option(
    "--about", type=click.Choice(["model", "method"]), default=None, help="These artefacts, or their training."
)
@click.option(
    "--level", type=float, default=0.95, show_default=True, help="Level of all intervals of a family together."
)
@result_options
def command(json_path: str | None, html_path: str | None, threads: int | None, **given: Any) -> int:
    """Compare many models on one test set, with the best of them and in all pairs.

    FILE is Parquet, CSV, TSV or JSON Lines: one for each model, or one with a column for each (--model). Rows are
    joined by key, and all intervals hold together.
    """
    from assay.cli.output import publish
    from assay.report.candidates import candidate_page, render_candidates
    from assay.verbs import candidates as verb

    given["about"] = given["about"] or ""
    with Shown() as progress:
        found = verb.run(verb.CandidatesRequest(**given), progress, threads)
    for warning in found.warnings:
        click.echo(f"assay: warning: {warning}", err=True)
    publish(found.to_json(), lambda: candidate_page(found), lambda: render_candidates(found), json_path, html_path)
    return 0
