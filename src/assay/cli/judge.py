"""`assay judge`."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.output import say
from assay.cli.plugins import plugin_option
from assay.cli.progress import Shown
from assay.cli.where import lab_option
from assay.remote.address import LabPlace

CODES = {"adopt": 0, "iterate": 3, "stop": 4, "hold": 5}


@click.command("judge")
@click.argument("file", type=click.Path(path_type=Path), metavar="PLAN.yaml")
@lab_option
@click.option("--threads", type=click.IntRange(1, 256), default=None, help="Threads; results do not depend on it.")
@click.option(
    "--stop-rule",
    "stop_rules",
    multiple=True,
    metavar="TEXT",
    help="A stop rule of the plan that is met, in its words.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the judgement as JSON.")
@plugin_option
def command(
    file: Path,
    lab: LabPlace | None,
    threads: int | None,
    stop_rules: tuple[str, ...],
    as_json: bool,
) -> int:
    """Judge a frozen plan: align, score, aggregate, infer, judge, recommend.

    Writes the evidence bundle and the memo. Exit code: 0 adopt, 3 iterate, 4 stop, 5 hold; 2 bad input. With several
    candidates the best of their recommendations counts.
    """
    from assay.base.canonical import canonical_json
    from assay.report.effects import unit_named
    from assay.report.terminal import columns, render_judgement
    from assay.verbs import judge as verb

    with Shown() as progress:
        done = verb.run(file, lab, progress, threads, stop_rules)
    if as_json:
        said = {"evidence": done.evidence, "folder": str(done.folder), **done.conclusion.to_json()}
        say(canonical_json(said).decode())
    else:
        say(render_judgement(done.conclusion.judgement, columns(), unit_named(done.conclusion.results)))
        note = " (judged before; nothing was read again)" if done.stored else ""
        say(f"evidence: {done.folder}{note}\nmemo:     {done.folder / 'memo.html'}")
    actions = {r.action for r in done.conclusion.judgement.recommendations}
    return next(CODES[a] for a in CODES if a in actions)
