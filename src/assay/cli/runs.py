"""`assay runs`."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.output import say
from assay.cli.progress import Shown
from assay.cli.where import lab_option
from assay.remote.address import LabPlace

json_option = click.option("--json", "json_path", metavar="FILE|-", help="Write JSON to a file, or to standard output.")
html_option = click.option("--html", "html_path", metavar="FILE", help="Write a self-contained page.")


@click.group("runs")
def command() -> None:
    """List, show, compare and diff runs."""


@command.command("list")
@click.option(
    "--where",
    multiple=True,
    metavar="CONDITION",
    help="A condition, e.g. 'lr>=0.01', 'state=finished', 'max:accuracy>0.9', 'name~trial', 'name=~^trial [0-9]$'; "
    "repeatable, all hold.",
)
@click.option(
    "--sort", default="-started", show_default=True, help="Field, setting or metric; with - the largest first."
)
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="Runs to show.")
@click.option("--offset", type=click.IntRange(0), default=0, help="After so many.")
@click.option("--column", "columns", multiple=True, metavar="NAME", help="A setting or metric to show; repeatable.")
@click.option("--view", default="", metavar="NAME", help="Conditions, order and columns of a saved view.")
@json_option
@lab_option
def list_(
    where: tuple[str, ...],
    sort: str,
    limit: int,
    offset: int,
    columns: tuple[str, ...],
    view: str,
    json_path: str | None,
    lab: LabPlace | None,
) -> None:
    """List runs; the index is brought up to date first."""
    from assay.base.canonical import canonical_json
    from assay.cli.output import write
    from assay.report.runs import page_json, render_list
    from assay.report.terminal import columns as width
    from assay.verbs import runs as verb

    if view:
        from assay.verbs.view import one

        kept = one(view, lab)
        where, sort, columns = (*kept.where, *where), kept.sort, columns or kept.columns
    with Shown() as progress:
        page = verb.listed(verb.ListRequest(where, sort, limit, offset, lab), progress)
    if json_path:
        write(json_path, canonical_json(page_json(page)).decode() + "\n")
    if json_path != "-":
        say(render_list(page, columns, width()))


@command.command("show")
@click.argument("run")
@json_option
@html_option
@lab_option
def show(run: str, json_path: str | None, html_path: str | None, lab: LabPlace | None) -> None:
    """Show a run: its records, its series in a few numbers, what is wrong with its folder.

    RUN is its id, or a part that only it has.
    """
    from assay.base.canonical import plain
    from assay.cli.output import publish
    from assay.report.runs import render_run, run_json, run_page
    from assay.verbs import runfiles
    from assay.verbs import runs as verb

    shown = verb.read(run, lab)
    page = lambda: run_page(shown, runfiles.pictures(shown, lab))  # noqa: E731 - as the others
    publish(plain(run_json(shown)), page, lambda: render_run(shown), json_path, html_path)


@command.command("compare")
@click.option(
    "--metric", "metrics", multiple=True, metavar="NAME", help="A series: its last value, or min:NAME, max:NAME."
)
@click.option("--by", multiple=True, metavar="SETTING", help="Group by these settings; default: all but the seed.")
@click.option("--where", multiple=True, metavar="CONDITION", help="As in `runs list`.")
@click.option("--level", type=float, default=0.95, show_default=True, help="Level of the intervals.")
@json_option
@lab_option
def compare(
    metrics: tuple[str, ...],
    by: tuple[str, ...],
    where: tuple[str, ...],
    level: float,
    json_path: str | None,
    lab: LabPlace | None,
) -> None:
    """Compare configurations: mean and interval of each metric over their runs, which differ by the seed.

    A configuration with one run is anecdotal and has no interval.
    """
    from assay.base.canonical import canonical_json
    from assay.cli.output import write
    from assay.report.runs import render_groups
    from assay.verbs import runs as verb

    with Shown() as progress:
        found = verb.compared(verb.CompareRequest(metrics, by, where, level, lab), progress)
    if json_path:
        write(json_path, canonical_json(found).decode() + "\n")
    if json_path != "-":
        say(render_groups(found, level))


@command.command("names")
@click.option("--where", multiple=True, metavar="CONDITION", help="As in `runs list`.")
@json_option
@lab_option
def names(where: tuple[str, ...], json_path: str | None, lab: LabPlace | None) -> None:
    """Say which settings and metrics runs have, and how many have each; values too, where there are few."""
    from assay.base.canonical import canonical_json
    from assay.cli.output import write
    from assay.report.runs import render_names
    from assay.verbs import runs as verb

    with Shown() as progress:
        found = verb.names(where, lab, progress)
    if json_path:
        write(json_path, canonical_json(found).decode() + "\n")
    if json_path != "-":
        say(render_names(found))


@command.command("known-good")
@click.argument("run", default="")
@click.option("--off", is_flag=True, help="It is no longer.")
@click.option("--why", default="", metavar="TEXT", help="Why, for whoever reads it later.")
@lab_option
def known_good(run: str, off: bool, why: str, lab: LabPlace | None) -> None:
    """Mark a run as known to be good, or list those that are; `assay reproduce --known-good` makes them again.

    The ledger keeps who said so, when and why. A run may also be begun with the tag: `assay run --tag known-good`.
    """
    from assay.base.errors import InputError
    from assay.report.reproduction import render_known
    from assay.verbs import marks as verb

    if not run and (off or why):
        raise InputError("no run is named", rule="one run is marked at a time", fix="assay runs known-good RUN")
    if off:
        say(f"{verb.mark(run, False, why, lab).run} is not known to be good")
    else:
        say(render_known([verb.mark(run, True, why, lab)] if run else verb.every(lab)))


@command.command("diff")
@click.argument("first")
@click.argument("second")
@json_option
@lab_option
def diff(first: str, second: str, json_path: str | None, lab: LabPlace | None) -> None:
    """Say how two runs differ: configuration, seed, code, data, environment, command."""
    from assay.base.canonical import canonical_json
    from assay.cli.output import write
    from assay.report.runs import render_differences
    from assay.verbs import runs as verb

    found = verb.diffed(first, second, lab)
    if json_path:
        write(json_path, canonical_json(found).decode() + "\n")
    if json_path != "-":
        say(render_differences(found))


@command.command("send")
@click.argument("folder", type=click.Path(path_type=Path))
@lab_option
def send(folder: Path, lab: LabPlace | None) -> None:
    """Send runs to a served lab.

    FOLDER is what the warning of a run named that the server did not get: it is removed once the runs are there. Or
    it is a lab of this machine, for example one that runs were imported into: its runs stay.
    """
    from assay.verbs import sending as verb

    for run in verb.send(folder, lab):
        say(f"{run} is sent")
