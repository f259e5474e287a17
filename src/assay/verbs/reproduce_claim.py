"""`reproduce EVIDENCE --claim NAME`: run everything behind a claim again, and judge the claim on what came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assay.base.errors import InputError
from assay.base.progress import Progress, Silent
from assay.data.request import ModelInput
from assay.engine import DuckEngine
from assay.flows.bundle import MANIFEST, Bundle, read_bundle
from assay.flows.judge import Case, conclude
from assay.flows.reading import see
from assay.readers.planfile import plan_from_content
from assay.records.reproduction import ClaimNumbers, ReproducedClaim, Reproduction
from assay.records.verdict import Verdict
from assay.runs.causes import NO_NOISE
from assay.verbs import reproduce as one
from assay.verbs.kept import stacked
from assay.verbs.models import specs
from assay.verbs.portfolio import evidence_folder
from assay.verbs.where import existing_lab, local, open_lab

EXACT = 1e-12
Runs = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class ClaimRequest:
    """What `assay reproduce EVIDENCE --claim NAME` asks for.

    Attributes:
        evidence: The folder of the bundle, or its digest or a part of it.
        claim: Its name in the plan; the first primary claim where it is not given.
        how: Environment, tolerance, repository and lab, as for a run.
    """

    evidence: str
    claim: str
    how: one.ReproduceRequest


def run(request: ClaimRequest, progress: Progress | None = None) -> ReproducedClaim:
    """Run again what the claim's models were trained by, then judge it on the new predictions.

    The result is an event of the ledger. It is *reproduced* where the verdict is the same and its numbers agree, and
    *within noise* where the verdict is the same and the new difference lies in the interval of the old one, unless
    code, environment or data of a run are known to be others.

    Raises:
        InputError: an unknown claim, evidence that does not come from runs, or a run that cannot be made again.
        EvidenceError: evidence that is incomplete or was changed.
    """
    lab = existing_lab(local(request.how.lab))
    folder = Path(request.evidence)
    if not (folder / MANIFEST).is_file():
        folder = evidence_folder(request.how.lab, request.evidence)
    bundle = read_bundle(folder, plan_from_content)
    claimed = _claimed(bundle, request.claim)
    behind = _behind(bundle, claimed)
    made = {run: one.run(replace(request.how, run=run), progress) for held in behind.values() for run in held.values()}
    failed = [r for r in made.values() if r.outcome == "failed"]
    again = None if failed else _judged(bundle, claimed, _replaced(bundle.case.runs, made), lab, progress or Silent())
    said = _outcome(claimed, again, request.how.tolerance)
    causes = sorted((r for r in made.values() if r.cause), key=lambda r: r.cause not in NO_NOISE)
    culprit = causes[0] if causes and said != "reproduced" else None
    if said == "within noise" and culprit is not None and culprit.cause in NO_NOISE:
        said = "not reproduced"
    cause, why = (culprit.cause, f"run {culprit.run}: {culprit.why}") if culprit else ("", "")
    found = ReproducedClaim(
        bundle.id, claimed.claim.name, claimed.candidate, said, cause, why, numbers(claimed),
        numbers(again) if again is not None else None, tuple(made.values()),
    )  # fmt: skip
    with open_lab(request.how.lab) as store:
        store.append("claim.reproduced", found)
    return found


def is_evidence(named: str) -> bool:
    """Whether what is to be made again is the folder of a bundle, and no run."""
    return bool(named) and (Path(named) / MANIFEST).is_file()


def _claimed(bundle: Bundle, name: str) -> Verdict:
    """The verdict that is claimed, as it follows from the evidence."""
    verdicts = [v for r in conclude(bundle.case).judgement.recommendations for v in r.verdicts]
    wanted = [v for v in verdicts if v.claim.name == name] if name else [v for v in verdicts if v.claim.primary]
    if not wanted:
        raise InputError(
            f"the evidence has no claim {name!r:.100}",
            rule=f"its claims: {', '.join(dict.fromkeys(v.claim.name for v in verdicts))}",
            fix="--claim NAME",
        )
    return wanted[0]


def _behind(bundle: Bundle, verdict: Verdict) -> Runs:
    """Model -> seed -> run, for the models that the claim is about."""
    plan, known = bundle.case.plan, bundle.case.runs
    alone = verdict.claim.kind in ("at_least", "at_most")
    names = [verdict.candidate] if alone else [plan.baseline.name, verdict.candidate]
    lacking = [m.name for m in specs(plan) if m.name not in known]
    if lacking or plan.data.qrels:
        raise InputError(
            f"the predictions of {lacking[0]} came from a file" if lacking else "the plan reads a file of relevance",
            rule="a claim is made again from the runs behind it",
            fix="write `runs: sweep`, or ids of runs, into the plan; `assay recheck` needs none",
        )
    return {name: known[name] for name in names}


def _replaced(runs: Runs, made: Mapping[str, Reproduction]) -> Runs:
    """The runs of all models, those that were made again in place of the first."""
    return {m: {s: made[r].reruns[0] if r in made else r for s, r in held.items()} for m, held in runs.items()}


def _judged(bundle: Bundle, claimed: Verdict, runs: Runs, lab: Path, progress: Progress) -> Verdict:
    """The same claim on other predictions, at the same place among the lab's readings."""
    case = bundle.case
    with DuckEngine() as engine:
        models = [
            ModelInput(s.name, stacked(engine, s, runs[s.name], case.plan.data.seed, lab)[0], s.score)
            for s in specs(case.plan)
        ]
        seen = see(engine, case.plan, models, progress)
        new = replace(case, cells=seen.cells, setting=seen.setting, seeds=seen.seeds, inputs=(), flips=seen.flips)
        return _same(new, claimed)


def _same(case: Case, claimed: Verdict) -> Verdict:
    verdicts = (v for r in conclude(case).judgement.recommendations for v in r.verdicts)
    return next(v for v in verdicts if (v.claim.name, v.candidate) == (claimed.claim.name, claimed.candidate))


def numbers(verdict: Verdict) -> ClaimNumbers:
    """What a verdict says, in a few numbers."""
    difference = verdict.comparison.difference if verdict.comparison is not None else None
    if difference is None:
        return ClaimNumbers(verdict.status, None, None)
    return ClaimNumbers(verdict.status, difference.value, difference.interval)


def _outcome(first: Verdict, again: Verdict | None, tolerance: float) -> str:
    if again is None:
        return "failed"
    a, b = numbers(first), numbers(again)
    if a.status != b.status:
        return "not reproduced"
    if all(_near(x, y, max(tolerance, EXACT)) for x, y in zip(_flat(a), _flat(b), strict=True)):
        return "reproduced"
    inside = a.interval is not None and b.value is not None and a.interval[0] <= b.value <= a.interval[1]
    return "within noise" if inside else "not reproduced"


def _flat(found: ClaimNumbers) -> tuple[Any, ...]:
    return (found.value, *(found.interval or (None, None)))


def _near(a: float | None, b: float | None, tolerance: float) -> bool:
    if a is None or b is None:
        return a is b
    return a == b or abs(a - b) <= tolerance * max(abs(a), abs(b))
