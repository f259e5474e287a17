"""`assay recheck`."""

from __future__ import annotations

from pathlib import Path

import click

from assay.base.wording import counted
from assay.cli.output import say
from assay.cli.plugins import plugin_option
from assay.cli.progress import Shown
from assay.remote.address import LabPlace


@click.command("recheck")
@click.argument("evidence", type=click.Path(path_type=Path), metavar="EVIDENCE")
@click.option(
    "--lab",
    type=click.Path(path_type=Path),
    default=None,
    metavar="FOLDER",
    help="The lab whose ledger has to have counted its look; by default the one that EVIDENCE lies in.",
)
@click.option("--threads", type=click.IntRange(1, 256), default=None, help="Threads; results do not depend on it.")
@plugin_option
def command(evidence: Path, lab: LabPlace | None, threads: int | None) -> int:
    """Recompute a verdict from its evidence, offline: scores to cells, cells to verdict."""
    from assay.verbs import recheck as verb

    with Shown() as progress:
        found = verb.run(evidence, lab, progress, threads)
    for difference in found.differences[:20]:
        click.echo(f"assay: {difference}", err=True)
    if not found.ok:
        click.echo(f"assay: the verdict does not follow: {counted(len(found.differences), 'difference')}", err=True)
        return 2
    for r in found.conclusion.judgement.recommendations:
        said = ", ".join(f"{v.claim.name} {v.status}" for v in r.verdicts)
        say(f"{r.candidate}: {r.action} ({said})")
    same = "identical bytes" if found.identical else f"numbers within {found.largest:.1e}"
    say(f"the verdict follows from the evidence: {same}")
    looks = f"were not checked: {found.unchecked}" if found.unchecked else "and the entry are those of the lab's ledger"
    say(f"looks {looks}")
    return 0
