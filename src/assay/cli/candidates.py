"""`assay candidates`."""

from __future__ import annotations

from typing import Any

import click

from assay.cli.compare import listed_labels
from assay.cli.plugins import plugin_option
from assay.cli.progress import Shown


@click.command("candidates")
@click.argument("files", nargs=-1, metavar="FILE…")
@click.option("--model", "models", multiple=True, metavar="COLUMN", help="A model's column, where one file holds all.")
@click.option("--on", multiple=True, metavar="COLUMN", help="Key column; repeat it where several name a row.")
@click.option("--target", default="", metavar="COLUMN", help="Column of the truth.")
@click.option("--unit", default="", metavar="COLUMN", help="Column of what was sampled; default: each row.")
@click.option("--metric", "metrics", multiple=True, metavar="METRIC", help="For example accuracy, f1@0.5, mean(cost).")
@click.option("--block", default="", metavar="COLUMN", help="Column of data sets: average ranks, each counts once.")
@click.option(
    "--score", "scores", multiple=True, metavar="COLUMN", help="Column of predictions, for all files or each."
)
@click.option("--positive", metavar="CLASS", help="The positive class.")
@click.option("--threshold", type=float, metavar="T", help="Scores at or above T become the positive class.")
@click.option("--labels", callback=listed_labels, metavar="A,B,…", help="All classes, if the target lacks some.")
@click.option("--seed-column", default="", metavar="COLUMN", help="Training seeds; claims are about the method.")
@click.option(
    "--about", type=click.Choice(["model", "method"]), default=None, help="These artefacts, or their training."
)
@click.option(
    "--missing",
    type=click.Choice(["refuse", "exclude", "failure"]),
    default="refuse",
    show_default=True,
    help="Rows that one model lacks or did not score.",
)
@click.option(
    "--level", type=float, default=0.95, show_default=True, help="Level of all intervals of a family together."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the draws for simultaneous levels.")
@click.option("--threads", type=click.IntRange(1, 256), default=None, help="Threads; results do not depend on it.")
@plugin_option
@click.option("--json", "json_path", metavar="FILE|-", help="Write JSON to a file, or to standard output.")
@click.option("--html", "html_path", metavar="FILE", help="Write a self-contained page.")
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
