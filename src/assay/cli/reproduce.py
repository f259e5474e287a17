"""`assay reproduce RUN`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from assay.cli.progress import Shown
from assay.cli.where import lab_option

FAILED = 3


@click.command("reproduce")
@click.argument("run")
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
def command(json_path: str | None, **given: Any) -> int:
    """Run a claimed number again, from a clean checkout of its code, and compare series and predictions.

    RUN is a run's id, or a part that only it has. The exit code is 0 where it is reproduced or within the noise between
    seeds, else 3. What came out is an event of the ledger.
    """
    from assay.base.canonical import canonical_json
    from assay.cli.output import say, write
    from assay.report.reproduction import render_reproduction
    from assay.verbs import reproduce as verb

    with Shown() as progress:
        made = verb.run(verb.ReproduceRequest(**given), progress)
    if json_path:
        write(json_path, canonical_json(made).decode() + "\n")
    if json_path != "-":
        say(render_reproduction(made))
    return 0 if made.outcome in ("reproduced", "within noise") else FAILED
