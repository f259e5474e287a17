"""`assay plan`."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.output import say
from assay.cli.plugins import plugin_option
from assay.cli.where import lab_option
from assay.remote.address import LabPlace

plan_file = click.argument("file", type=click.Path(path_type=Path), metavar="PLAN.yaml")


@click.group("plan")
def command() -> None:
    """Write, check, power and freeze a plan."""


@command.command("new")
def new() -> None:
    """Print a commented template: assay plan new > plan.yaml."""
    from assay.verbs import plan

    say(plan.new())


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@lab_option
def every(as_json: bool, lab: LabPlace | None) -> None:
    """List the frozen plans with what came of them."""
    from assay.base.canonical import canonical_json
    from assay.verbs import portfolio

    found = portfolio.plans(lab)
    if as_json:
        say(canonical_json([p.to_json() for p in found]).decode())
        return
    for p in found:
        evidence = f"  {p.judged.id[:19]}…" if p.judged else ""
        say(f"{p.plan.name}  version {p.latest.version}  {p.state}  frozen {p.latest.frozen_at[:10]}{evidence}")
    if not found:
        say("no plan is frozen; assay plan new > plan.yaml starts one")


@command.command("show")
@click.argument("name")
@lab_option
def show(name: str, lab: LabPlace | None) -> None:
    """Show a frozen plan with its versions and evidence, as JSON."""
    from assay.base.canonical import canonical_json
    from assay.verbs import portfolio

    say(canonical_json(portfolio.plan(lab, name).details()).decode())


@command.command("draft")
@click.argument("name")
@lab_option
def draft(name: str, lab: LabPlace | None) -> None:
    """Print a frozen plan as a plan file, to draft a deviation: assay plan draft NAME > plan.yaml."""
    from assay.verbs import portfolio

    say(portfolio.draft(lab, name))


@command.command("done")
@click.argument("name")
@click.argument("milestone")
@click.option("--note", default="", metavar="TEXT", help="What there is to say of it.")
@lab_option
def done(name: str, milestone: str, note: str, lab: LabPlace | None) -> None:
    """Say that a milestone of a frozen plan is done: by what it says, by its date, or by both.

    The ledger keeps who said so and when; saying it again adds nothing.
    """
    from assay.report.text import clean
    from assay.verbs import milestone as verb

    found = verb.done(lab, name, milestone, note)
    step = found.step
    said = "is done" if found.fresh else f"was done before, on {step.done_at[:10]} by {clean(step.done_by)}"
    say(f"{clean(step.what)} ({step.date}) of {clean(found.plan)} {said}")


@command.command("check")
@plan_file
@plugin_option
def check(file: Path) -> int:
    """Show every problem at once, each with line, rule and fix."""
    from assay.verbs import plan

    problems, warnings = plan.check(file)
    for warning in warnings:
        click.echo(f"assay: warning: {warning}", err=True)
    for problem in problems:
        click.echo(f"assay: {problem.line()}", err=True)
    if problems:
        return 2
    say(f"{file.name} is sound; next: assay plan power {file}, then assay plan freeze {file}")
    return 0


@command.command("coverage")
@plan_file
@plugin_option
@click.option("--json", "json_path", metavar="FILE|-", help="Write JSON to a file, or to standard output.")
@click.option("--html", "html_path", metavar="FILE", help="Write a self-contained page.")
@lab_option
def coverage(file: Path, json_path: str | None, html_path: str | None, lab: LabPlace | None) -> int:
    """Show which cells of the plan's matrix are there, and which miss: baseline, candidates, ablations by seed.

    The exit code is 0 where the matrix is filled, else 3. No prediction is read.
    """
    from assay.cli.output import publish
    from assay.report.sweep import coverage_json, coverage_page, render_coverage
    from assay.verbs import plan_coverage as verb

    found = verb.run(file, lab)
    shown = (lambda: coverage_page(found)), (lambda: render_coverage(found))
    publish(coverage_json(found), *shown, json_path, html_path)
    return 3 if found.missing else 0


@command.command("power")
@plan_file
@plugin_option
@click.option(
    "--pilot",
    "pilot",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Predictions on development data: one file with all models, or baseline, then candidates.",
)
@click.option("--units", type=click.IntRange(1), default=None, help="Units planned; by default the plan's looks.units.")
@click.option("--simulate", is_flag=True, help="Simulate also where a formula is good; it needs a pilot.")
@click.option("--samples", type=int, default=1000, show_default=True, help="Samples of a simulation.")
@click.option("--json", "json_path", metavar="FILE|-", help="Write JSON to a file, or to standard output.")
@click.option("--html", "html_path", metavar="FILE", help="Write a self-contained page with curves.")
def power(
    file: Path,
    pilot: tuple[Path, ...],
    units: int | None,
    simulate: bool,
    samples: int,
    json_path: str | None,
    html_path: str | None,
) -> None:
    """Show units needed, the minimal detectable effect, and the probability that all claims hold."""
    from assay.cli.output import publish
    from assay.cli.progress import Shown
    from assay.report.power import power_page, render_power
    from assay.verbs import power as verb

    with Shown() as progress:
        found = verb.run(file, pilot, units, progress, verb.PowerOptions(simulate, samples))
    publish(found.to_json(), lambda: power_page(found), lambda: render_power(found), json_path, html_path)


@command.command("looks")
@plan_file
@click.option("--json", "json_path", metavar="FILE|-", help="Write JSON to a file, or to standard output.")
@click.option("--html", "html_path", metavar="FILE", help="Write a self-contained page.")
def looks(file: Path, json_path: str | None, html_path: str | None) -> None:
    """Show the bounds of the planned looks, and where they are likely to end."""
    from assay.cli.output import publish
    from assay.report.looks import planned_page, render_planned
    from assay.verbs import plan_looks as verb

    found = verb.run(file)
    publish(found.to_json(), lambda: planned_page(found), lambda: render_planned(found), json_path, html_path)


@command.command("freeze")
@plan_file
@plugin_option
@click.option("--deviation", default="", metavar="WHY", help="Why this departs from the version frozen before.")
@lab_option
def freeze(file: Path, deviation: str, lab: LabPlace | None) -> None:
    """Pre-register: hash the plan with the digests of its data, and enter it in the ledger."""
    from assay.verbs import plan

    done = plan.freeze(file, lab, deviation)
    said = "frozen" if done.fresh else "was frozen before"
    say(f"{done.plan.name} version {done.plan.version} {said}: {done.plan.digest}")
    for name in done.pending:
        click.echo(f"assay: warning: the predictions of {name} are not there yet; their digest is not fixed", err=True)
