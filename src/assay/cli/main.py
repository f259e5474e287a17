"""The command `assay`: loads a command when it is called, and turns errors into one line and an exit code."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

import click

from assay.base.errors import AssayError, PlanError
from assay.base.version import VERSION

COMMANDS = {
    "init": "Make a lab in this folder.",
    "compare": "Compare models on predictions: no plan, no lab needed.",
    "candidates": "Compare many models on one test set, with the best and in all pairs.",
    "ablation": "Estimate main effects and interactions of what was switched on and off.",
    "agreement": "Say how far raters agree, with intervals.",
    "preferences": "Rank models by votes between two of them.",
    "run": "Execute a command as a run: code, environment and output are kept.",
    "runs": "List, show, compare and diff runs.",
    "view": "Keep what a list of runs shows under a name.",
    "sweep": "Fill the matrix of a plan with runs.",
    "reproduce": "Run a claimed number again from its code and environment.",
    "import": "Import runs of another tracker.",
    "sync": "Merge another lab into this one.",
    "lineage": "Show what a run or data came of, and what came of it.",
    "data": "Name versions of data by their content.",
    "power": "Say how many units a claim takes, before there is a plan.",
    "plan": "Write, check, power and freeze a plan.",
    "judge": "Judge a frozen plan: verdicts, recommendation, evidence, memo.",
    "recheck": "Recompute a verdict from its evidence, offline.",
    "memo": "Write the memo of stored evidence again.",
    "review": "Approve of judged evidence, or object to it, and say why.",
    "reindex": "Make the index of runs anew from their folders.",
    "looks": "Show what was read on a dataset, by whom, and what is left.",
    "ledger": "Show, verify and checkpoint the ledger.",
    "serve": "Open the lab in the browser.",
    "export": "Write the lab as pages that open from a file.",
    "backup": "Write everything that a lab holds to one file.",
    "restore": "Make a lab of a backup.",
    "user": "Add, list and remove the users of a served lab.",
    "token": "Make, list and revoke tokens for programs.",
}
BUG, BAD_INPUT, INTERRUPTED = 1, 2, 130


class Commands(click.Group):
    """Commands whose modules are imported when they are called, so that help is fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, in the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"assay.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="assay")
def cli() -> None:
    """Turn a claim about a model into evidence that holds, and evidence into a decision that can be audited."""


def run(arguments: Sequence[str] | None = None) -> None:
    """The entry point: 0 done (and `judge`: 3 iterate, 4 stop, 5 hold), 2 bad input, 1 a bug in Assay."""
    sys.exit(outcome(arguments))


def outcome(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; errors go to standard error, one line each."""
    try:
        code = cli.main(args=None if arguments is None else list(arguments), prog_name="assay", standalone_mode=False)
        sys.stdout.flush()
    except AssayError as error:
        return _refuse(error)
    except click.exceptions.Abort:
        return INTERRUPTED
    except click.ClickException as error:
        said = " ".join(error.format_message().split())
        path = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "assay"
        click.echo(f"assay: {said}; {path} --help", err=True)
        return BAD_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except MemoryError:
        click.echo("assay: out of memory; the data has to fit; use Parquet, or fewer slices", err=True)
        return BAD_INPUT
    except Exception as error:
        return _bug(error)
    return code if isinstance(code, int) else 0


def _refuse(error: AssayError) -> int:
    problems = error.problems if isinstance(error, PlanError) and error.problems else (error,)
    for problem in problems:
        click.echo(f"assay: {problem.line()}", err=True)
    return BAD_INPUT


def _bug(error: Exception) -> int:
    if os.environ.get("ASSAY_DEBUG"):
        raise error
    said = " ".join(str(error).split())[:300]
    click.echo(
        f"assay: a bug in Assay: {type(error).__name__}: {said}; please report it with the output of ASSAY_DEBUG=1",
        err=True,
    )
    return BUG
