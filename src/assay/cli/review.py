"""`assay review`."""

from __future__ import annotations

import click

from assay.cli.where import lab_option
from assay.remote.address import LabPlace


@click.command("review")
@click.argument("evidence", metavar="EVIDENCE")
@click.option("--approve", is_flag=True, help="Say that you have read it and approve of it.")
@click.option("--object", "objects", is_flag=True, help="Say that you have read it and object to it.")
@click.option("--why", default=None, metavar="TEXT", help="The reason, in plain text.")
@click.option("--json", "json_path", metavar="FILE|-", help="Write JSON to a file, or to standard output.")
@click.option("--html", "html_path", metavar="FILE", help="Write a self-contained page.")
@lab_option
def command(
    evidence: str,
    approve: bool,
    objects: bool,
    why: str | None,
    json_path: str | None,
    html_path: str | None,
    lab: LabPlace | None,
) -> None:
    """Approve of judged EVIDENCE (its folder or digest) or object to it; without either, show its reviews."""
    from assay.cli.output import publish
    from assay.records.review import APPROVE, OBJECT
    from assay.report.reviews import render_reviews, reviews_page
    from assay.verbs import review as verb

    opinions = [opinion for opinion, said in ((APPROVE, approve), (OBJECT, objects)) if said]
    if len(opinions) > 1 or (why is not None and not opinions):
        raise click.UsageError("a review either approves or objects", click.get_current_context())
    named = verb.named(evidence)
    found = verb.run(named, opinions[0], why or "", lab) if opinions else verb.every(named, lab)
    publish(found.to_json(), lambda: reviews_page(found), lambda: render_reviews(found), json_path, html_path)
