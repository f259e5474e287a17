"""`plan`: a template, every problem at once, and the freeze."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from assay.base.canonical import canonical_json, digest, digest_file
from assay.base.errors import AssayError, FrozenError, PlanError
from assay.judge.policy import POLICIES
from assay.readers.planfile import check_plan, plan_content, read_plan, template
from assay.records.plan import ModelSpec, Plan
from assay.store import FrozenPlan
from assay.verbs.frozen import difference, frozen_plan
from assay.verbs.where import open_lab

__all__ = ["Freeze", "check", "freeze", "new"]


@dataclass(frozen=True, slots=True)
class Freeze:
    """What freezing did.

    Attributes:
        fresh: False where the same content was frozen before.
        pending: Models whose predictions are not there yet: their digests are fixed by the first reading.
    """

    plan: FrozenPlan
    fresh: bool
    pending: tuple[str, ...]


def new() -> str:
    """A commented plan to start from."""
    return template()


def check(path: Path) -> tuple[list[AssayError], list[str]]:
    """Every problem and every warning of a plan file."""
    problems, warnings = check_plan(path)
    if not problems:
        try:
            check_policy(read_plan(path), path)
        except AssayError as error:
            problems.append(error)
    return problems, warnings


def check_policy(plan: Plan, path: Path) -> None:
    """The plan's policy is registered.

    Raises:
        PlanError: naming the policies known.
    """
    try:
        POLICIES.get(plan.policy)
    except PlanError as error:
        raise PlanError(error.what, rule=error.rule, fix=error.fix, where=path.name) from None


def freeze(path: Path, lab: Path | None, deviation: str = "") -> Freeze:
    """Freeze a plan: hash it with the digests of its data, and enter it in the ledger.

    Args:
        deviation: Why this departs from the version frozen before.

    Raises:
        PlanError: a plan with problems.
        FrozenError: a version is frozen already and no reason is given.
    """
    plan = read_plan(path, final=True)
    check_policy(plan, path)
    with open_lab(lab) as store:
        with store.snapshot() as session:
            versions = session.plans.versions(plan.name)
        latest = versions[-1] if versions else None
        fixed = _with_digests(plan, path.parent)
        if latest is not None:
            before = frozen_plan(store, latest)
            changed = [*difference(before, plan), *_new_data(before, fixed)]
            if not changed:
                return Freeze(latest, False, _pending(fixed))
            if not deviation:
                raise FrozenError(
                    f"the plan {plan.name!r} is frozen and this differs: {'; '.join(changed[:5])}",
                    rule="a deviation is a new version that says why",
                    fix=f"assay plan freeze {path} --deviation 'why', or choose another name",
                    where=path.name,
                )
            fixed = replace(fixed, version=latest.version + 1, parent=latest.digest, deviation=deviation)
        elif deviation:
            raise FrozenError(
                f"the plan {plan.name!r} is not frozen yet",
                rule="a first version departs from nothing",
                fix="leave --deviation out",
            )
        content = canonical_json(plan_content(fixed))
        blob = store.blobs.put(content)
        with store.transaction() as session:
            frozen = session.plans.freeze(
                plan.name, digest(content), blob, latest.digest if latest else None, deviation or None
            )
    return Freeze(frozen, True, _pending(fixed))


def _with_digests(plan: Plan, folder: Path) -> Plan:
    def fixed(spec: ModelSpec) -> ModelSpec:
        path = folder / spec.file
        return replace(spec, digest=digest_file(path)) if path.is_file() else spec

    return replace(
        plan,
        baseline=fixed(plan.baseline),
        candidates=tuple(fixed(c) for c in plan.candidates),
        ablations=tuple(replace(a, model=fixed(a.model) if a.model else None) for a in plan.ablations),
    )


def _new_data(before: Plan, now: Plan) -> list[str]:
    """Files whose content is another than the frozen one."""
    pairs = zip((before.baseline, *before.candidates), (now.baseline, *now.candidates), strict=False)
    return [f"the data of {b.name} changed" for b, n in pairs if b.digest and n.digest != b.digest]


def _pending(plan: Plan) -> tuple[str, ...]:
    return tuple(m.name for m in (plan.baseline, *plan.candidates) if not m.digest)
