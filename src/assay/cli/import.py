"""`assay import`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from assay.cli.progress import Shown
from assay.cli.where import lab_option

MISMATCH = 3


@click.group("import")
def command() -> None:
    """Import runs of another tracker."""


@command.command("mlflow")
@click.argument("source")
@click.option(
    "--artifacts",
    type=click.Path(path_type=Path),
    default=None,
    help="A folder with the artifacts, where they do not lie where the source says.",
)
@click.option("--deleted", is_flag=True, help="Take deleted runs too.")
@click.option("--json", "json_path", metavar="FILE|-", help="Write JSON to a file, or to standard output.")
@click.option("--html", "html_path", metavar="FILE", help="Write a self-contained page.")
@lab_option
def mlflow(json_path: str | None, html_path: str | None, **given: Any) -> int:
    """Import experiments, runs, parameters, metrics with their history, tags, artifacts and models from MLflow.

    SOURCE is sqlite:///mlflow.db, the folder mlruns, or the address of a server, whose host alone is asked. A second
    time adds nothing but what is new there. At the end both sides are counted; the exit code is 3 where they differ.
    """
    from assay.cli.output import publish
    from assay.report.imports import import_json, import_page, render_import
    from assay.verbs import import_ as verb

    with Shown() as progress:
        made = verb.run(verb.ImportRequest(**given), progress)
    publish(import_json(made), lambda: import_page(made), lambda: render_import(made), json_path, html_path)
    return 0 if made.whole else MISMATCH
