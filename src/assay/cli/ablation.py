"""`assay ablation`."""

from __future__ import annotations

from typing import Any

import click

from assay.cli.compare import listed_labels
from assay.cli.plugins import plugin_option
from assay.cli.progress import Shown


@click.command("ablation")
@click.argument("design", metavar="DESIGN")
@click.argument("predictions", required=False, metavar="[PREDICTIONS]")
@click.option("--factor", "factors", multiple=True, metavar="COLUMN", help="What runs have on or off, or at a level.")
@click.option("--model", default="", metavar="COLUMN", help="Names each run's column of PREDICTIONS, or its file.")
@click.option("--value", default="", metavar="COLUMN", help="A value for each run, instead of predictions.")
@click.option("--on", multiple=True, metavar="COLUMN", help="Key column; repeat it where several name a row.")
@click.option("--target", default="", metavar="COLUMN", help="Column of the truth.")
@click.option("--unit", default="", metavar="COLUMN", help="Column of what was sampled; default: each row.")
@click.option("--metric", "metrics", multiple=True, metavar="METRIC", help="For example accuracy, f1@0.5, mean(cost).")
@click.option("--score", "scores", multiple=True, metavar="COLUMN", help="Column of predictions, in files of one run.")
@click.option("--positive", metavar="CLASS", help="The positive class.")
@click.option("--threshold", type=float, metavar="T", help="Scores at or above T become the positive class.")
@click.option("--labels", callback=listed_labels, metavar="A,B,…", help="All classes, if the target lacks some.")
@click.option(
    "--missing",
    type=click.Choice(["refuse", "exclude", "failure"]),
    default="refuse",
    show_default=True,
    help="Rows that one run lacks or did not score.",
)
@click.option("--order", type=int, default=2, show_default=True, help="Most factors in an interaction.")
@click.option("--level", type=float, default=0.95, show_default=True, help="Level of the intervals.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the draws for simultaneous levels.")
@click.option("--threads", type=click.IntRange(1, 256), default=None, help="Threads; results do not depend on it.")
@plugin_option
@click.option("--json", "json_path", metavar="FILE|-", help="Write JSON to a file, or to standard output.")
@click.option("--html", "html_path", metavar="FILE", help="Write a self-contained page.")
def command(json_path: str | None, html_path: str | None, threads: int | None, **given: Any) -> int:
    """Estimate main effects and interactions of factors from runs of an ablation study.

    DESIGN has a row for each run and a column for each factor. The runs' predictions on the same units stand in
    PREDICTIONS, a column for each run, or in a file for each run; or DESIGN has a column of values (--value).
    """
    from assay.cli.output import publish
    from assay.report.ablation import ablation_page, render_ablation
    from assay.verbs import ablation as verb

    with Shown() as progress:
        found = verb.run(verb.AblationRequest(**given), progress, threads)
    publish(found.to_json(), lambda: ablation_page(found), lambda: render_ablation(found), json_path, html_path)
    return 0
