"""`assay power`."""

from __future__ import annotations

from typing import Any

import click

from assay.cli.progress import Shown

KINDS = ["better", "not_worse", "equivalent", "at_least", "at_most"]
SPENDING = ["obrien-fleming", "pocock"]
MISSING = ["refuse", "exclude", "failure"]


@click.command("power")
@click.argument("files", nargs=-1, metavar="[PILOT]...")
@click.option("--metric", default="", metavar="METRIC", help="What is claimed about, e.g. auc or f1@0.5.")
@click.option("--effect", metavar="NUMBER", help="Least improvement worth detecting; never the one observed.")
@click.option("--kind", type=click.Choice(KINDS[:3]), default=None, help="What is claimed; default: better.")
@click.option("--margin", type=float, help="Of better, not_worse and equivalent, in the metric's unit.")
@click.option("--at-least", type=float, help="Claim that the candidate reaches this value, --effect beyond it.")
@click.option("--at-most", type=float, help="Claim that the candidate stays below this value, --effect below it.")
@click.option("--units", type=click.IntRange(1), help="Units planned: their power and detectable effect.")
@click.option("--power", type=float, default=0.8, show_default=True, help="The probability wanted.")
@click.option("--level", type=float, default=0.95, show_default=True, help="Two-sided level of the claim.")
@click.option("--looks", type=int, default=1, show_default=True, help="Planned looks.")
@click.option(
    "--spending", type=click.Choice(SPENDING), default=SPENDING[0], show_default=True, help="How looks spend the error."
)
@click.option("--value", type=float, help="The baseline's value expected (AUC).")
@click.option("--discordant", type=float, help="Share of rows that the models judge differently.")
@click.option("--sd", type=float, help="Standard deviation of one row's difference.")
@click.option("--positives", type=float, help="Share of the positive class (AUC).")
@click.option("--correlation", type=float, default=0.5, show_default=True, help="Of both models' scores in a class.")
@click.option("--icc", type=float, help="Correlation of the rows of one unit.")
@click.option("--rows-per-unit", type=float, default=1.0, show_default=True, help="Rows of a unit, on average.")
@click.option("--size-cv", type=float, default=0.0, show_default=True, help="Coefficient of variation of these sizes.")
@click.option("--slices", type=int, default=1, show_default=True, help="Slices judged beside each other (Bonferroni).")
@click.option("--share", type=float, default=1.0, show_default=True, help="Share of the units that are in this slice.")
@click.option("--seed-sd", type=float, help="Standard deviation over training seeds: a claim about the method.")
@click.option("--seeds", type=int, help="Training seeds of each model.")
@click.option("--budget", type=float, help="To be divided between seeds and units.")
@click.option("--cost-seed", type=float, help="Cost of a seed of every model.")
@click.option("--cost-unit", type=float, help="Cost of a unit.")
@click.option("--cost-each", type=float, default=0.0, help="Cost of judging a unit with one seed of every model.")
@click.option("--baseline", default="", metavar="COLUMN|FILE", help="Baseline of a pilot.")
@click.option("--candidate", "candidates", multiple=True, metavar="COLUMN|FILE", help="Candidate of a pilot.")
@click.option("--on", multiple=True, metavar="COLUMN", help="Column that names a row of the pilot; repeat it.")
@click.option("--target", default="", metavar="COLUMN", help="Column of the truth.")
@click.option("--unit", default="", metavar="COLUMN", help="Column of what is sampled.")
@click.option("--score", "scores", multiple=True, metavar="COLUMN", help="Column of predictions.")
@click.option("--positive", metavar="CLASS", help="The positive class.")
@click.option("--threshold", type=float, help="Scores at or above it become the positive class.")
@click.option("--seed-column", default="", metavar="COLUMN", help="Training seeds in the pilot.")
@click.option("--query", default="", metavar="COLUMN", help="Column of the query, where rows are documents of lists.")
@click.option("--slice", "slice_", default="", metavar="COLUMN=VALUE", help="Claim about these rows of the pilot.")
@click.option("--missing", type=click.Choice(MISSING), default="refuse", show_default=True, help="Rows that one lacks.")
@click.option("--simulate", is_flag=True, help="Simulate also where a formula is good.")
@click.option("--samples", type=int, default=1000, show_default=True, help="Samples of a simulation.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of everything random.")
@click.option("--json", "json_path", metavar="FILE|-", help="Write JSON to a file, or to standard output.")
@click.option("--html", "html_path", metavar="FILE", help="Write a self-contained page with curves.")
def command(json_path: str | None, html_path: str | None, **given: Any) -> int:
    """Say how many units a claim takes, and what a number of units can detect; no plan, no lab needed.

    From figures (assay power --metric accuracy --effect 0.02 --discordant 0.1), or from a pilot on development data:
    the files of baseline and candidate, or one file and two of its columns.
    """
    from assay.cli.output import publish
    from assay.report.power import power_page, render_power
    from assay.verbs import power as verb

    with Shown() as progress:
        found = verb.ask(verb.request_from(given), progress)
    publish(found.to_json(), lambda: power_page(found), lambda: render_power(found), json_path, html_path)
    return 0
