"""`assay compare`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from assay.cli.options import listed_labels
from assay.cli.plugins import plugin_option
from assay.cli.progress import Shown

if TYPE_CHECKING:
    from assay.records.comparison import ComparisonSet
    from assay.report.blocks import Document


@click.command("compare")
@click.argument("files", nargs=-1, metavar="BASE CAND…")
@click.option("--on", multiple=True, metavar="COLUMN", help="Key column; repeat it where several name a row.")
@click.option("--target", default="", metavar="COLUMN", help="Column of the truth.")
@click.option(
    "--unit", default="", metavar="COLUMN", help="Column of what was sampled: user, query, day; default: each row."
)
@click.option(
    "--slice", "slices", multiple=True, metavar="COLUMN", help="Slice by a column, or by columns crossed with *."
)
@click.option(
    "--metric", "metrics", multiple=True, metavar="METRIC", help="For example auc, recall@0.5, ndcg@10, gap(f1, by=sex)"
)
@click.option("--baseline", default="", metavar="COLUMN|FILE", help="Baseline: a column of the one file, or a file.")
@click.option("--candidate", "candidates", multiple=True, metavar="COLUMN|FILE", help="Candidate; may be repeated.")
@click.option(
    "--score", "scores", multiple=True, metavar="COLUMN", help="Column of predictions, for all files or for each."
)
@click.option("--positive", metavar="CLASS", help="The positive class.")
@click.option("--threshold", type=float, metavar="T", help="Scores at or above T become the positive class.")
@click.option(
    "--labels", callback=listed_labels, metavar="A,B,…", help="All classes, where the target does not show them."
)
@click.option(
    "--seed-column", default="", metavar="COLUMN", help="Training seeds in a long file; claims are about the method."
)
@click.option(
    "--repeat", "repeat_column", default="", metavar="COLUMN", help="Numbers repeated predictions of one row."
)
@click.option(
    "--query", default="", metavar="COLUMN", help="Column of the query, where rows are documents of ranked lists."
)
@click.option("--qrels", metavar="FILE", help="Relevance of documents, besides what the files hold.")
@click.option(
    "--about", type=click.Choice(["model", "method"]), default=None, help="These artefacts, or how they are trained."
)
@click.option(
    "--missing",
    type=click.Choice(["refuse", "exclude", "failure", "bounds"]),
    default="refuse",
    show_default=True,
    help="Rows that one model lacks or did not score.",
)
@click.option("--level", type=float, default=0.95, show_default=True, help="Level of the intervals.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the random streams.")
@click.option("--draws", type=int, default=9999, show_default=True, help="Draws of resampling methods.")
@click.option("--relative", is_flag=True, help="Show the difference as a share of the baseline too.")
@click.option("--permutation", is_flag=True, help="Show a sign-flip test over units too.")
@click.option("--simultaneous", is_flag=True, help="Let the intervals of all metrics hold together.")
@click.option("--bayes", is_flag=True, help="Show a posterior of the difference too; it decides nothing.")
@click.option("--rope", type=float, default=0.0, metavar="W", help="Differences up to W count as the same in it.")
@click.option("--prior", type=float, default=None, metavar="SD", help="A normal prior around 0 for it; default: none.")
@click.option("--discoveries", is_flag=True, help="Show each slice's q too: the share of false findings among slices.")
@click.option("--examples", is_flag=True, help="Show a few rows that each candidate won and lost too.")
@click.option("--threads", type=click.IntRange(1, 256), default=None, help="Threads; results do not depend on it.")
@plugin_option
@click.option("--json", "json_path", metavar="FILE|-", help="Write JSON to a file, or to standard output.")
@click.option("--html", "html_path", metavar="FILE", help="Write a self-contained page.")
def command(json_path: str | None, html_path: str | None, threads: int | None, **given: Any) -> int:
    """Compare a baseline with candidates on the same rows.

    BASE and CAND are Parquet, CSV, TSV or JSON Lines files with a column of predictions each; rows are joined by key.
    One file with a column per model: name the columns with --baseline and --candidate. Ranked lists: a row a document,
    keyed by query and document, with --query; or runs and --qrels as trec_eval reads them.
    """
    from assay.cli.output import publish
    from assay.verbs import compare as verb

    given["about"] = given["about"] or ""
    given["curves"] = html_path is not None
    with Shown() as progress:
        found = verb.run(verb.CompareRequest(**given), progress, threads)
    for warning in found.warnings:
        click.echo(f"assay: warning: {warning}", err=True)
    publish(
        found.to_json(),
        lambda: _page(found),
        lambda: _text(found),
        json_path,
        html_path,
    )
    return 0


def _page(found: ComparisonSet) -> Document:
    from assay.report.page import comparison_page

    return comparison_page(found)


def _text(found: ComparisonSet) -> str:
    from assay.report.terminal import columns, render_comparisons

    return render_comparisons(found, columns())
