"""`assay ledger`."""

from __future__ import annotations

from pathlib import Path

import click

from assay.base.wording import counted
from assay.cli.output import say
from assay.cli.where import lab_option
from assay.remote.address import LabPlace


@click.group("ledger", invoke_without_command=True)
@click.option("--limit", type=click.IntRange(1, 100_000), default=20, show_default=True, help="Events to show.")
@click.option("--search", default="", metavar="WORDS", help="Only events that hold these words.")
@click.option("--kind", default=None, metavar="KIND", help="Only events of a kind, e.g. plan.frozen.")
@lab_option
@click.pass_context
def command(context: click.Context, limit: int, search: str, kind: str | None, lab: LabPlace | None) -> None:
    """Show the last events, or those that hold some words; verify the chains; write a checkpoint."""
    if context.invoked_subcommand is None:
        from assay.cli.events import line
        from assay.report.events import plan_names
        from assay.verbs import ledger

        plans = plan_names(e.content() for e in ledger.frozen(lab))
        for entry in reversed(ledger.search(lab, search, limit, None, kind).entries):
            say(line(entry, plans))


@command.command("verify")
@click.option("--checkpoint", type=click.Path(path_type=Path), default=None, help="A checkpoint kept elsewhere.")
@lab_option
def verify(checkpoint: Path | None, lab: LabPlace | None) -> int:
    """Check every hash chain: any change, deletion or reordering is found."""
    from assay.verbs import ledger

    report = ledger.verify(lab, checkpoint)
    for fault in report.faults:
        click.echo(f"assay: {fault.line()}", err=True)
    if report.ok:
        entries = "1 entry" if report.entries == 1 else f"{report.entries} entries"
        say(f"ledger ok: {entries} in {counted(len(report.chains), 'chain')}")
    return 0 if report.ok else 2


@command.command("checkpoint")
@click.argument("file", type=click.Path(path_type=Path))
@lab_option
def checkpoint(file: Path, lab: LabPlace | None) -> None:
    """Write the heads of all chains to FILE; keep it elsewhere, and truncation shows."""
    from assay.verbs import ledger

    made = ledger.checkpoint(lab, file)
    entries = "1 entry" if made.entries == 1 else f"{made.entries} entries"
    say(f"checkpoint of {entries} written to {file}")
