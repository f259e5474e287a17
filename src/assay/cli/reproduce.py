"""`assay reproduce RUN`, or the claim of some evidence, or every run that is known to be good."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from assay.cli.progress import Shown
from assay.cli.where import lab_option

FAILED = 3


@click.command("reproduce")
@click.argument("run", default="", metavar="RUN_OR_EVIDENCE")
@click.option("--claim", default=None, metavar="NAME", help="A claim of the evidence; default: the first primary one.")
@click.option("--known-good", is_flag=True, help="Every run that is known to be good; those that are stale are named.")
@click.option(
    "--environment",
    type=click.Choice(["auto", "present", "lock"]),
    default="auto",
    show_default=True,
    help="auto: the present one where its packages are the run's, else one built from the lock.",
)
@click.option(
    "--tolerance", type=float, default=0.0, show_default=True, help="Relative difference that counts as none."
)
@click.option(
    "--repository",
    type=click.Path(path_type=Path),
    default=None,
    help="A clone with the commit; default: where it was.",
)
@click.option("--json", "json_path", metavar="FILE|-", help="Write JSON to a file, or to standard output.")
@lab_option
def command(json_path: str | None, claim: str | None, known_good: bool, **given: Any) -> int:
    """Run a claimed number again, from a clean checkout of its code, and compare series and predictions.

    RUN is a run's id, or a part that only it has. Of the folder of evidence, or with --claim its digest, every run
    behind the claim is made again, and the claim is judged on what came out. The exit code is 0 where it is reproduced
    or within the noise between seeds, else 3. What came out is an event of the ledger.
    """
    from assay.base.canonical import canonical_json
    from assay.cli.output import say, write
    from assay.report.reproduction import render, render_known_good
    from assay.verbs import reproduce as verb
    from assay.verbs import reproduce_claim

    made: Any
    request = verb.ReproduceRequest(**given)
    with Shown() as progress:
        if known_good:
            made = verb.known_good(request, progress)
        elif claim is not None or reproduce_claim.is_evidence(request.run):
            made = reproduce_claim.run(reproduce_claim.ClaimRequest(request.run, claim or "", request), progress)
        else:
            made = verb.run(request, progress)
    if json_path:
        write(json_path, canonical_json(made).decode() + "\n")
    if json_path != "-":
        say(render_known_good(made) if known_good else render(made))
    outcomes = {one.outcome for one in (made if known_good else [made])}
    return 0 if outcomes <= {"reproduced", "within noise"} else FAILED
