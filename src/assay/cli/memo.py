"""`assay memo`."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.output import write
from assay.cli.plugins import plugin_option


@click.command("memo")
@click.argument("evidence", type=click.Path(path_type=Path), metavar="EVIDENCE")
@click.option(
    "--format", "form", type=click.Choice(["html", "md", "json"]), default="html", show_default=True, help="Its form."
)
@click.option("--output", default="-", show_default=True, metavar="FILE|-", help="Where to write it.")
@plugin_option
def command(evidence: Path, form: str, output: str) -> None:
    """Write the memo of stored evidence: HTML (self-contained, prints well), Markdown or JSON."""
    from assay.verbs import memo as verb

    write(output, verb.run(evidence, form))
