"""Options that verbs share which read predictions of several models at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from assay.cli.plugins import plugin_option

Command = TypeVar("Command", bound=Callable[..., Any])


def listed_labels(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[str, ...]:
    """Classes named with commas between them."""
    return tuple(v.strip() for v in value.split(",")) if value else ()


_ROWS = (
    click.option("--on", multiple=True, metavar="COLUMN", help="Key column; repeat it where several name a row."),
    click.option("--target", default="", metavar="COLUMN", help="Column of the truth."),
    click.option("--unit", default="", metavar="COLUMN", help="Column of what was sampled; default: each row."),
    click.option(
        "--metric", "metrics", multiple=True, metavar="METRIC", help="For example accuracy, f1@0.5, mean(cost)."
    ),
)
_CLASSES = (
    click.option("--positive", metavar="CLASS", help="The positive class."),
    click.option("--threshold", type=float, metavar="T", help="Scores at or above T become the positive class."),
    click.option("--labels", callback=listed_labels, metavar="A,B,…", help="All classes, if the target lacks some."),
    click.option(
        "--missing",
        type=click.Choice(["refuse", "exclude", "failure"]),
        default="refuse",
        show_default=True,
        help="Rows that one model lacks or did not score.",
    ),
)
_RESULT = (
    click.option("--seed", type=int, default=0, show_default=True, help="Seed of the draws for simultaneous levels."),
    click.option("--threads", type=click.IntRange(1, 256), default=None, help="Threads; results do not depend on it."),
    plugin_option,
    click.option("--json", "json_path", metavar="FILE|-", help="Write JSON to a file, or to standard output."),
    click.option("--html", "html_path", metavar="FILE", help="Write a self-contained page."),
)


def _all(options: Sequence[Callable[[Any], Any]]) -> Callable[[Command], Command]:
    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


row_options, class_options, result_options = _all(_ROWS), _all(_CLASSES), _all(_RESULT)
