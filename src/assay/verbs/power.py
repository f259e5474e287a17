"""`plan power`: units needed, what the planned units can detect, and the probability that all claims hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assay.base.canonical import digest_file
from assay.base.errors import PlanError
from assay.base.progress import Progress, Silent
from assay.engine import DuckEngine
from assay.flows.judge import Case, conclude
from assay.flows.power import Noises, PlanPower, declared_noises, pilot_noises, plan_power
from assay.flows.reading import see
from assay.readers.planfile import read_plan
from assay.records.plan import Plan
from assay.records.verdict import LookState
from assay.verbs.models import model_inputs, specs


def run(
    path: Path, pilot: Sequence[Path] = (), units: int | None = None, progress: Progress | None = None
) -> PlanPower:
    """Power of a plan.

    Args:
        path: The plan file; it need not be frozen, and its own data are not read.
        pilot: Predictions on development data with the plan's columns: one file with every model, or one for the
            baseline and one for each candidate.
        units: Units planned; by default those of the plan's last look.

    Raises:
        PlanError: no pilot, and a claim that declares no standard deviation.
    """
    plan = read_plan(path)
    planned = units if units is not None else plan.looks.units
    noises = _from_pilot(plan, path, pilot, progress or Silent()) if pilot else declared_noises(plan)
    return plan_power(plan, noises, planned)


def _from_pilot(plan: Plan, path: Path, pilot: Sequence[Path], progress: Progress) -> Noises:
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
    asked = replace(
        plan,
        data=replace(plan.data, qrels=qrels),
        baseline=replace(plan.baseline, file=files[0], digest=""),
        candidates=tuple(replace(c, file=f, digest="") for c, f in zip(plan.candidates, files[1:], strict=True)),
        ablations=(),
    )
    with DuckEngine() as engine:
        inputs = model_inputs(engine, asked, Path())
        seen = see(engine, asked, inputs.models, progress, inputs.qrels)
    look = LookState(planned=asked.looks.planned)
    case = Case(asked, "", seen.cells, seen.setting, look, (1.0,), seen.seeds)
    return pilot_noises(conclude(case))


def _same_content(file: Path, own: set[Path]) -> bool:
    """Whether a file is a copy of one of the plan's."""
    alike = [p for p in own if p.is_file() and file.is_file() and p.stat().st_size == file.stat().st_size]
    return any(digest_file(p) == digest_file(file) for p in alike)
