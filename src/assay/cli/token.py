"""`assay token`."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from assay.cli.output import say
from assay.cli.where import lab_option
from assay.remote.address import LabPlace


@click.group("token")
def command() -> None:
    """Make, list and revoke the tokens of programs that ask a served lab."""


@command.command("create")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, help="read, write, review or admin; may be repeated.")
@click.option("--days", type=int, default=90, show_default=True, help="Days until it expires.")
@lab_option
def create(name: str, scopes: tuple[str, ...], days: int, lab: LabPlace | None) -> None:
    """Make a token and print it, this once."""
    from assay.verbs import token as verb

    secret, _ = verb.create(lab, name, scopes, days)
    say(secret)


@command.command("list")
@lab_option
def show(lab: LabPlace | None) -> None:
    """List the tokens that have not expired."""
    from assay.verbs import token as verb

    for found in verb.every(lab):
        say(f"{found.name}  {', '.join(found.scopes)}  until {datetime.fromtimestamp(found.expires, UTC):%Y-%m-%d}")


@command.command("revoke")
@click.argument("name")
@lab_option
def revoke(name: str, lab: LabPlace | None) -> None:
    """Revoke every token of that name."""
    from assay.verbs import token as verb

    verb.revoke(lab, name)
    say(f"{name} is revoked")
