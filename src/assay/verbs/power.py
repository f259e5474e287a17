"""Verb `power`: how many units it takes, and what a number of units can detect; for a plan, or before there is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assay.base.canonical import digest_file
from assay.base.errors import PlanError
from assay.base.progress import Progress, Silent
from assay.engine import DuckEngine
from assay.flows.power import plan_power
from assay.flows.power_basis import PowerOptions, check_effects, declared_bases
from assay.flows.power_figures import (
    PowerRequest,
    check_request,
    costs_of,
    figured_bases,
    figured_plan,
    request_from,
)
from assay.flows.power_pilot import Pilot, correlations, pilot_bases, read_pilot
from assay.flows.wording import plan_words
from assay.readers.planfile import read_plan
from assay.records.access import READ, WRITE, Principal
from assay.records.comparison import InputFile
from assay.records.plan import Plan
from assay.records.power import PlanPower
from assay.records.protocols import Engine
from assay.remote.address import LabPlace
from assay.verbs import portfolio, reads
from assay.verbs.inputs import check_seed, check_uploaded
from assay.verbs.inputs import model_inputs as given_inputs
from assay.verbs.models import model_inputs, specs
from assay.verbs.served import served

__all__ = ["PowerOptions", "PowerRequest", "ask", "of_frozen", "request_from", "run"]


@served(READ, long=True, path="plan", pilot="file")
def run(
    path: Path,
    pilot: Sequence[Path] = (),
    units: int | None = None,
    progress: Progress | None = None,
    options: PowerOptions | None = None,
    lab: LabPlace | None = None,
    by: Principal | None = None,
) -> PlanPower:
    """Power of a plan; a pilot that a lab knows is a read that is entered in its ledger.

    Args:
        path: The plan file; it need not be frozen, and its own data are not read.
        pilot: Predictions on development data with the plan's columns: one file with every model, or one for the
            baseline and one for each candidate.
        units: Units planned; by default those of the plan's last look.
        progress: Hears of the steps.
        options: How it is computed.
        lab: That may know the pilot; by default the nearest from the working folder upwards, if there is one.
        by: Who asks over HTTP.

    Raises:
        PlanError: no pilot, and a claim that declares no standard deviation.
    """
    plan, asked = read_plan(path), options or PowerOptions()
    planned = units if units is not None else plan.looks.units
    check_effects(plan)
    if not pilot:
        return plan_power(plan, declared_bases(plan), planned, asked, progress)
    renamed = _pilot_plan(plan, path, pilot)
    with DuckEngine() as engine, plan_words():
        inputs = model_inputs(engine, renamed, Path())
        pilot_read = read_pilot(engine, renamed, inputs.models, progress or Silent(), inputs.qrels)
        unsure = _enter(engine, pilot_read, inputs.files, (lab, by))
        found = _with_pilot(engine, renamed, pilot_read, planned, asked, progress or Silent())
    return replace(found, warnings=(*unsure, *found.warnings))


def of_frozen(name: str, lab: LabPlace | None, units: int | None = None) -> PlanPower:
    """Power of the version of a plan that holds, from the standard deviations that it declares; no data are read.

    Args:
        name: The plan's.
        lab: The folder of the lab.
        units: Units planned; by default those of the plan's last look.
    """
    plan = portfolio.plan(lab, name).plan
    check_effects(plan)
    return plan_power(plan, declared_bases(plan, whole=False), units if units is not None else plan.looks.units)


@served(WRITE, long=True, request={"files": "file"})
def ask(
    request: PowerRequest,
    progress: Progress | None = None,
    lab: LabPlace | None = None,
    by: Principal | None = None,
) -> PlanPower:
    """Power of one claim before there is a plan, from figures or from a pilot.

    Args:
        request: What is asked.
        progress: Hears of the steps.
        lab: That may know the pilot; by default the nearest from the working folder upwards, if there is one.
        by: Who asks over HTTP; they name uploaded files alone.

    Raises:
        AssayError: an effect that is not declared, figures that cannot be; nothing is written then.
    """
    if by is not None:
        check_uploaded(request.files, request.baseline, request.candidates)
    check_request(request)
    check_seed(request.seed)
    asked = PowerOptions(
        request.simulate, request.samples, request.seed, costs=costs_of(request), budget=request.budget
    )
    if not request.files:
        plan = figured_plan(request, "baseline", ("candidate",))
        return plan_power(plan, figured_bases(request, plan), request.units, asked, progress)
    with DuckEngine() as engine:
        models, opened = given_inputs(engine, request.files, request.baseline, request.candidates, request.scores)
        plan = figured_plan(request, models[0].name, tuple(m.name for m in models[1:]))
        pilot = read_pilot(engine, plan, models, progress or Silent())
        unsure = _enter(engine, pilot, [o.describe(engine) for o in opened], (lab, by))
        found = _with_pilot(engine, plan, pilot, request.units, asked, progress or Silent())
    return replace(found, warnings=(*unsure, *found.warnings))


def _enter(engine: Engine, pilot: Pilot, files: Sequence[InputFile], place: reads.Place) -> tuple[str, ...]:
    """A pilot that the lab knows, such as its test data under another name, is a read of it."""
    return reads.enter("power", files, [m.label for m in pilot.metrics], reads.rows_of(engine, pilot.aligned), place)


def _with_pilot(
    engine: Engine,
    plan: Plan,
    pilot: Pilot,
    units: int | None,
    asked: PowerOptions,
    progress: Progress,
) -> PlanPower:
    bases = pilot_bases(plan, pilot)
    known = correlations(engine, plan, pilot, progress)
    return plan_power(plan, bases, units, replace(asked, correlation=known, pilot=pilot.aligned.units), progress)


def _pilot_plan(plan: Plan, path: Path, pilot: Sequence[Path]) -> Plan:
    """The plan with the pilot's files in place of its own."""
    models = 1 + len(plan.candidates)
    if len(pilot) not in (1, models):
        raise PlanError(
            f"{len(pilot)} pilot files are given for {models} models",
            rule="one file with every model, or one for the baseline and one for each candidate, in order",
            fix="--pilot BASELINE --pilot CANDIDATE",
        )
    own = {(path.parent / m.file).resolve() for m in specs(plan)}
    for file in pilot:
        if file.resolve() in own or _same_content(file, own):
            raise PlanError(
                "is the plan's own test data",
                rule="a pilot comes from development data; planning on the test data is a look at them",
                fix="--pilot with predictions on other rows",
                where=str(file),
            )
    files = [str(p.absolute()) for p in (pilot if len(pilot) > 1 else list(pilot) * models)]
    qrels = str((path.parent / plan.data.qrels).absolute()) if plan.data.qrels else ""
    return replace(
        plan,
        data=replace(plan.data, qrels=qrels),
        baseline=replace(plan.baseline, file=files[0], digest=""),
        candidates=tuple(replace(c, file=f, digest="") for c, f in zip(plan.candidates, files[1:], strict=True)),
        ablations=(),
    )


def _same_content(file: Path, own: set[Path]) -> bool:
    """Whether a file is a copy of one of the plan's."""
    alike = [p for p in own if p.is_file() and file.is_file() and p.stat().st_size == file.stat().st_size]
    return any(digest_file(p) == digest_file(file) for p in alike)
