"""The option that names the lab."""

from __future__ import annotations

from pathlib import Path

import click

lab_option = click.option(
    "--lab",
    type=click.Path(path_type=Path),
    default=None,
    metavar="FOLDER",
    help="The folder of the lab; by default this one or the nearest above.",
)
