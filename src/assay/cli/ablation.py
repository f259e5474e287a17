"""`assay ablation`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from assay.cli.options import class_options, result_options, row_options
from assay.cli.progress import Shown
from assay.cli.where import lab_option
from assay.remote.address import LabPlace

PLANS = (".yaml", ".yml")


@click.command("ablation")
@click.argument("design", metavar="DESIGN")
@click.argument("predictions", required=False, metavar="[PREDICTIONS]")
@click.option("--factor", "factors", multiple=True, metavar="COLUMN", help="What runs have on or off, or at a level.")
@click.option("--model", default="", metavar="COLUMN", help="Names each run's column of PREDICTIONS, or its file.")
@click.option("--value", default="", metavar="COLUMN", help="A value for each run, instead of predictions.")
@row_options
@click.option("--score", "scores", multiple=True, metavar="COLUMN", help="Column of predictions, in files of one run.")
@class_options
@click.option("--order", type=int, default=2, show_default=True, help="Most factors in an interaction.")
@click.option("--level", type=float, default=0.95, show_default=True, help="Level of the intervals.")
@lab_option
@result_options
def command(
    json_path: str | None, html_path: str | None, threads: int | None, lab: LabPlace | None, **given: Any
) -> int:
    """Estimate main effects and interactions of factors from runs of an ablation study.

    For a frozen plan with ablations (PLAN.yaml): what each component contributes, over seeds and units, as the plan is
    judged; one that was not judged is judged first, which is its look.

    DESIGN has a row for each run and a column for each factor. The runs' predictions on the same units stand in
    PREDICTIONS, a column for each run, or in a file for each run; or DESIGN has a column of values (--value).
    """
    from assay.cli.output import publish

    if str(given["design"]).endswith(PLANS):
        _plan(given, lab, threads, json_path, html_path)
        return 0
    from assay.report.ablation import ablation_page, render_ablation
    from assay.verbs import ablation as verb

    with Shown() as progress:
        found = verb.run(verb.AblationRequest(**given), progress, threads)
    publish(found.to_json(), lambda: ablation_page(found), lambda: render_ablation(found), json_path, html_path)
    return 0


def _plan(
    given: dict[str, Any], lab: LabPlace | None, threads: int | None, json_path: str | None, html_path: str | None
) -> None:
    """The components of a plan."""
    from assay.cli.output import publish
    from assay.report.contributions import contribution_page, render_contributions
    from assay.report.terminal import columns
    from assay.verbs import ablation_plan as verb

    context = click.get_current_context()
    own = {name for name in given if context.get_parameter_source(name) is not ParameterSource.DEFAULT} - {"design"}
    verb.check_options(own)
    with Shown() as progress:
        found = verb.run(Path(given["design"]), lab, progress, threads)
    page, text = (lambda: contribution_page(found)), (lambda: render_contributions(found, columns()))
    publish(found.to_json(), page, text, json_path, html_path)
