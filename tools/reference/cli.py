"""docs/cli.md: the help of every command."""

from __future__ import annotations

from collections.abc import Iterator

import click

from assay.cli.main import cli
from tools.reference.markdown import NOTE

WIDTH = 100
INTRO = """# The command line

Every command parses, calls a verb and prints; no rule lives in it, so that the [SDK](sdk.md) does the same. Results go
to standard output, progress, warnings and errors to standard error. Exit codes are in [errors](errors.md).
"""


def commands() -> Iterator[tuple[str, click.Command, click.Context]]:
    """Every command with its path, e.g. `assay plan check`, groups before their commands."""
    yield from _below(cli, _context(cli, None, "assay"))


def _below(command: click.Command, context: click.Context) -> Iterator[tuple[str, click.Command, click.Context]]:
    yield context.command_path, command, context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                yield from _below(inner, _context(inner, context, name))


def _context(command: click.Command, parent: click.Context | None, name: str) -> click.Context:
    return click.Context(
        command, parent, name, terminal_width=WIDTH, max_content_width=WIDTH, help_option_names=["-h", "--help"]
    )


def render() -> str:
    """The page."""
    parts = [NOTE + INTRO]
    for path, command, context in commands():
        parts.append(f"## {path}\n\n```console\n$ {path} --help\n{command.get_help(context).rstrip()}\n```\n")
    return "\n".join(parts)
