"""`assay run -- COMMAND`."""

from __future__ import annotations

from typing import Any

import click

from assay.cli.where import lab_option
from assay.remote.address import LabPlace


@click.command("run", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("command_words", nargs=-1, type=click.UNPROCESSED, metavar="-- COMMAND...")
@click.option("--name", default="", help="What people call the run; default: the program.")
@click.option("--experiment", default="", help="What it belongs to.")
@click.option("--tag", "tags", multiple=True, help="A word to find it by; repeatable.")
@click.option("--seed", type=int, default=None, help="The seed that the command uses, for the record.")
@click.option(
    "--refuse-secrets", is_flag=True, help="Refuse to begin when the code holds a secret; else it is left out."
)
@click.option(
    "--output-cap", type=click.IntRange(0), default=10_000_000, show_default=True, help="Bytes of output to keep."
)
@click.option(
    "--read",
    "reads",
    multiple=True,
    metavar="PATH|TABLE",
    help="Data that it reads, a table as `assay data add` names it: digested now; repeatable.",
)
@click.option(
    "--prompt", "prompts", multiple=True, metavar="FILE", help="A prompt or template that it uses: kept; repeatable."
)
@click.option("--predictions", default="", metavar="FILE", help="What it writes for `assay judge`: kept at its end.")
@click.option(
    "--metrics", default="", metavar="FILE", help="Numbers that it writes, as JSON, JSON Lines or CSV: kept as series."
)
@click.option(
    "--config",
    "settings",
    multiple=True,
    metavar="FILE|NAME=VALUE",
    help="Settings that it uses, for the record: a YAML or JSON file, or one setting; repeatable.",
)
@lab_option
def command(
    command_words: tuple[str, ...],
    name: str,
    experiment: str,
    tags: tuple[str, ...],
    seed: int | None,
    refuse_secrets: bool,
    output_cap: int,
    lab: LabPlace | None,
    **files: Any,
) -> int:
    """Execute a command, unchanged, as a run.

    Its code, environment and output are kept; the exit code is the command's. Code that calls `assay.run()` logs into
    this run. What code that does not call it is set to, reads, is prompted by, measures and predicts is named here;
    then runs can be grouped and compared, and `assay reproduce` can put it back.
    """
    from assay.runs.told import settings_of
    from assay.verbs import run as verb
    from assay.verbs.where import working_folder

    config = settings_of(files.pop("settings"), working_folder())
    request = verb.LaunchRequest(
        command_words, name, experiment, tags, seed, lab, refuse_secrets=refuse_secrets, output_cap=output_cap,
        config=config, **files,
    )  # fmt: skip
    done = verb.launch(request)
    if done.lost:
        click.echo(
            f"assay: warning: not all is kept that it was to write, and the run has failed: {done.lost}", err=True
        )
    click.echo(f"assay: run {done.run}", err=True)
    return done.exit_code
