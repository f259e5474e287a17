"""The option that names plug-ins; they are executed before the command runs."""

from __future__ import annotations

import click


def _load(context: click.Context, parameter: click.Parameter, files: tuple[str, ...]) -> None:
    if files:
        from assay.verbs.plugins import load_all

        load_all(files)


plugin_option = click.option(
    "--plugin",
    multiple=True,
    expose_value=False,
    callback=_load,
    metavar="FILE.py",
    help="A Python file of your own metrics; it is executed.",
)
