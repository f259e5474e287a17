"""`assay data`."""

from __future__ import annotations

import click

from assay.base.wording import counted
from assay.cli.output import say
from assay.cli.where import lab_option
from assay.remote.address import LabPlace


@click.group("data")
def command() -> None:
    """Name versions of data by their content."""


@command.command("add")
@click.argument("path", metavar="PATH|TABLE")
@click.option("--name", required=True, help="What people call the data.")
@lab_option
def add(path: str, name: str, lab: LabPlace | None) -> None:
    """Digest a file, folder or table and enter it in the ledger; content that is known keeps its version.

    A table lies in a database, sqlite:///FILE?table=NAME or duckdb:///FILE?table=NAME, or is a Delta folder. Nothing is
    copied: `assay data check` says whether what lies there has changed.
    """
    from assay.report.text import clean
    from assay.verbs import data as verb

    made = verb.add(path, name, lab)
    known = "" if made.new else " (known)"
    changed = f" (changed since version {made.version - 1})" if made.new and made.version > 1 else ""
    say(f"{clean(made.name)} version {made.version}{known}{changed}: {counted(made.files, 'file')}, {made.digest}")


@command.command("check")
@click.argument("name", default="")
@lab_option
def check(name: str, lab: LabPlace | None) -> int:
    """Say whether data have changed since their newest version; the exit code is 3 where some have."""
    from assay.report.text import clean
    from assay.verbs import data as verb

    found = verb.check(name, lab)
    for one in found:
        what = f" ({clean(one.what)})" if one.what else ""
        say(f"{clean(one.version.name)} version {one.version.version}: {one.state}{what}  {clean(one.version.path)}")
    return 3 if any(one.state != "unchanged" for one in found) else 0


@command.command("list")
@lab_option
def list_(lab: LabPlace | None) -> None:
    """List every version."""
    from assay.report.text import clean
    from assay.verbs import data as verb

    for one in verb.listed(lab):
        held = f"{counted(one.files, 'file')}  {one.digest[:19]}…  {clean(one.path)}"
        say(f"{clean(one.name)}  version {one.version}  {held}")
