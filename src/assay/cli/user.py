"""`assay user`."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.output import say
from assay.cli.where import lab_option
from assay.remote.address import LabPlace


@click.group("user")
def command() -> None:
    """Add, list, change and remove the users of a served lab."""


@command.command("add")
@click.argument("name")
@click.option("--role", default="viewer", show_default=True, help="viewer, scientist, reviewer or admin.")
@click.option("--password-file", type=click.Path(path_type=Path), help="A file whose first line is the password.")
@lab_option
def add(name: str, role: str, password_file: Path | None, lab: LabPlace | None) -> None:
    """Add a user; the password is asked for unless a file holds it."""
    from assay.verbs import user as verb

    password = verb.password_of(password_file) if password_file else click.prompt("Password", hide_input=True)
    made = verb.add(lab, name, password, role)
    say(f"{made.name} may log in as {made.role}")


@command.command("list")
@lab_option
def show(lab: LabPlace | None) -> None:
    """List the users and their roles."""
    from assay.verbs import user as verb

    for found in verb.every(lab):
        say(f"{found.name}  {found.role}")


@command.command("change")
@click.argument("name")
@click.option("--role", default="", help="viewer, scientist, reviewer or admin.")
@click.option("--password", is_flag=True, help="Ask for another password.")
@click.option("--password-file", type=click.Path(path_type=Path), help="A file whose first line is the password.")
@lab_option
def change(name: str, role: str, password: bool, password_file: Path | None, lab: LabPlace | None) -> None:
    """Give a user another role, password, or both; their sessions end."""
    from assay.verbs import user as verb

    asked = click.prompt("Password", hide_input=True) if password and not password_file else ""
    made = verb.change(lab, name, verb.password_of(password_file) if password_file else asked, role)
    say(f"{made.name} may log in as {made.role}; sessions of theirs have ended")


@command.command("remove")
@click.argument("name")
@lab_option
def remove(name: str, lab: LabPlace | None) -> None:
    """Remove a user and end their sessions."""
    from assay.verbs import user as verb

    verb.remove(lab, name)
    say(f"{name} may no longer log in")
