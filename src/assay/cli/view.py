"""`assay view`."""

from __future__ import annotations

import click

from assay.cli.output import say
from assay.cli.where import lab_option
from assay.remote.address import LabPlace


@click.group("view")
def command() -> None:
    """Keep what a list of runs shows under a name."""


@command.command("save")
@click.argument("name")
@click.option("--where", multiple=True, metavar="CONDITION", help="As in `runs list`.")
@click.option("--sort", default="-started", show_default=True, help="As in `runs list`.")
@click.option("--column", "columns", multiple=True, metavar="NAME", help="A setting or metric to show; repeatable.")
@click.option("--by", multiple=True, metavar="SETTING", help="Group by these settings.")
@click.option("--metric", "metrics", multiple=True, metavar="NAME", help="Metrics of the groups.")
@lab_option
def save(
    name: str,
    where: tuple[str, ...],
    sort: str,
    columns: tuple[str, ...],
    by: tuple[str, ...],
    metrics: tuple[str, ...],
    lab: LabPlace | None,
) -> None:
    """Keep a view; `assay runs list --view NAME` and the page show it."""
    from assay.records.views import View
    from assay.verbs import view as verb

    made = verb.save(View(name, "", where, sort, columns, by, metrics), lab)
    say(f"the view {made.name} is kept")


@command.command("list")
@lab_option
def list_(lab: LabPlace | None) -> None:
    """List every view."""
    from assay.report.text import clean
    from assay.verbs import view as verb

    for view in verb.every(lab):
        say(f"{clean(view.name)}  {clean(' and '.join(view.where) or 'all runs')}  by {clean(view.sort)}")


@command.command("remove")
@click.argument("name")
@lab_option
def remove(name: str, lab: LabPlace | None) -> None:
    """Forget a view."""
    from assay.verbs import view as verb

    verb.remove(name, lab)
    say(f"the view {name} is gone")
