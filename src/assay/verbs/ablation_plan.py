"""`ablation` of a plan: what each component contributes, off the evidence that the plan is judged on."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from assay.base.errors import InputError
from assay.base.progress import Progress
from assay.readers.planfile import read_plan
from assay.records.ablation import Contributions
from assay.records.access import WRITE
from assay.remote.address import LabPlace
from assay.report.contributions import contributions_of
from assay.verbs import judge
from assay.verbs.served import served


def check_options(given: Iterable[str]) -> None:
    """Refuse options of a design: a plan says all of them itself.

    Raises:
        InputError: naming the first.
    """
    name = min(given, default="")
    if name:
        raise InputError(
            f"the option {name!r} is given beside a plan",
            rule="the plan says what is read and by which metrics",
            fix="leave it out, or name a table of runs instead of the plan",
        )


@served(WRITE, long=True, path="plan")
def run(
    path: Path, lab: LabPlace | None = None, progress: Progress | None = None, threads: int | None = None
) -> Contributions:
    """The contribution of each component that the plan's ablations leave out.

    It is read off the judgement, so that there is no look besides; a plan that was not judged is judged now.

    Args:
        path: The plan file; its frozen version counts.
        lab: The folder of the lab; by default the nearest from the working folder upwards.
        progress: Hears of the steps.
        threads: Of the engine; results do not depend on it.

    Raises:
        InputError: a plan without ablations that have predictions, or that keeps its numbers back.
        AssayError: what `judge` refuses.
    """
    plan = read_plan(path)
    if not any(a.model is not None for a in plan.ablations):
        raise InputError(
            f"the plan {plan.name!r:.100} has no ablation with predictions",
            rule="a component contributes what is lost without it",
            fix="add `ablations:` with `runs: sweep`, runs or a file to the plan, and freeze it",
            where=path.name,
        )
    if plan.reuse.release != "full":
        raise InputError(
            f"the plan {plan.name!r:.100} releases verdicts alone",
            rule="contributions are numbers of the same look",
            fix="assay judge PLAN for its verdicts",
            where=path.name,
        )
    done = judge.run(path, lab, progress, threads)
    found = contributions_of(plan, done.conclusion.judgement, done.conclusion.results)
    if found is None:
        raise InputError(
            "this evidence was judged before contributions were kept in it",
            rule="contributions are read off evidence",
            fix="freeze the plan again for fresh units, or assay ablation DESIGN on the runs' predictions",
            where=str(done.folder),
        )
    return found
