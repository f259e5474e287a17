"""`plan`: a template, every problem at once, and the freeze."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from assay.base.canonical import canonical_json, digest, digest_file
from assay.base.errors import AssayError, FrozenError, InputError, LookError, PlanError
from assay.judge.policy import POLICIES
from assay.readers.plan_draft import Draft
from assay.readers.planfile import examine, plan_content, read_plan, template
from assay.records.access import WRITE, Principal
from assay.records.plan import ModelSpec, Plan
from assay.remote.address import LabPlace
from assay.store import FrozenPlan, LocalStore
from assay.verbs.deviating import foreseen
from assay.verbs.frozen import frozen_plan
from assay.verbs.history import what_changed
from assay.verbs.models import specs
from assay.verbs.plan_data import data_findings
from assay.verbs.served import served
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
    """Every problem and every warning of a plan file and of the data that it names, in the order of the lines.

    Of the data it reads heads and stated digests; nothing of them is shown, so that it is no look.
    """
    found = examine(path)
    problems, warnings = list(found.problems), list(found.warnings)
    if found.plan is not None:
        try:
            check_policy(found.plan, path)
        except AssayError as error:
            problems.append(error)
    if found.draft is not None:
        unfit, noted = _of_data(found.draft, path.parent)
        problems, warnings = problems + unfit, warnings + noted
    return sorted(problems, key=lambda p: _line(p.where)), sorted(warnings, key=_line)


def _of_data(draft: Draft, folder: Path) -> tuple[list[AssayError], list[str]]:
    """Problems and warnings of the data that a plan names."""
    problems: list[AssayError] = []
    warnings = []
    for wrong in data_findings(draft, folder):
        where = draft.document.where(wrong.path)
        if wrong.warning:
            warnings.append(f"{where}: {wrong.what}; {wrong.fix}")
        else:
            problems.append(InputError(wrong.what, rule=wrong.rule, fix=wrong.fix, where=where))
    return problems, warnings


def _line(where: str) -> int:
    """The line in what begins with, or is, `file:line`."""
    found = re.match(r"[^:]*:(\d+)", where)
    return int(found[1]) if found else 0


def check_policy(plan: Plan, path: Path) -> None:
    """The plan's policy is registered.

    Raises:
        PlanError: naming the policies known.
    """
    try:
        POLICIES.get(plan.policy)
    except PlanError as error:
        raise PlanError(error.what, rule=error.rule, fix=error.fix, where=path.name) from None


@served(WRITE, path="plan")
def freeze(path: Path, lab: LabPlace | None, deviation: str = "", by: Principal | None = None) -> Freeze:
    """Freeze a plan: hash it with the digests of its data, and enter it in the ledger.

    Args:
        deviation: Why this departs from the version frozen before.
        by: Who freezes it, where that is asked over HTTP.

    Raises:
        PlanError: a plan with problems.
        InputError: data that are there and do not fit the plan.
        FrozenError: a version is frozen already and no reason is given.
        LookError: a deviation that judge would refuse.
    """
    plan = read_plan(path, final=True)
    check_policy(plan, path)
    with open_lab(lab, by) as store:
        with store.snapshot() as session:
            versions = session.plans.versions(plan.name)
        latest = versions[-1] if versions else None
        fixed = _with_digests(plan, path.parent)
        if latest is not None:
            before = frozen_plan(store, latest)
            changed = what_changed(before, fixed)
            if not changed:
                return Freeze(latest, False, _pending(before))
            if not deviation:
                raise FrozenError(
                    f"the plan {plan.name!r} is frozen and this differs: {'; '.join(changed[:5])}",
                    rule="a deviation is a new version that says why",
                    fix=f"assay plan freeze {path} --deviation 'why', or choose another name",
                    where=path.name,
                )
            _check_foreseen(store, versions, fixed, path)
            fixed = replace(fixed, version=latest.version + 1, parent=latest.digest, deviation=deviation)
        elif deviation:
            raise FrozenError(
                f"the plan {plan.name!r} is not frozen yet",
                rule="a first version departs from nothing",
                fix="leave --deviation out",
            )
        _check_data(path)
        content = canonical_json(plan_content(fixed))
        blob = store.blobs.put(content)
        with store.transaction() as session:
            frozen = session.plans.freeze(
                plan.name, digest(content), blob, latest.digest if latest else None, deviation or None
            )
    return Freeze(frozen, True, _pending(fixed))


def _check_data(path: Path) -> None:
    """Refuse data that are there and do not fit, as `check` does: the frozen plan could never be judged on them.

    Raises:
        InputError: the only problem.
        PlanError: several; `problems` has every one.
    """
    draft = examine(path).draft
    problems = sorted(_of_data(draft, path.parent)[0], key=lambda p: _line(p.where)) if draft else []
    if len(problems) == 1:
        raise problems[0]
    if problems:
        raise PlanError(
            f"{len(problems)} problems of the plan's data; the first: {problems[0].line()}",
            fix=f"see them all: assay plan check {path.name}",
            where=path.name,
            problems=tuple(problems),
        )


def _check_foreseen(store: LocalStore, versions: tuple[FrozenPlan, ...], plan: Plan, path: Path) -> None:
    """Refuse a deviation that judge would refuse: frozen, it would only bar the version before.

    Raises:
        LookError: with what judge would say.
    """
    with store.snapshot() as session:
        why = foreseen(store, session, versions, plan)
    if why is not None:
        raise LookError(f"judge would refuse this deviation: {why.what}", rule=why.rule, fix=why.fix, where=path.name)


def _with_digests(plan: Plan, folder: Path) -> Plan:
    """The plan with the digest of each file that is there.

    Raises:
        FrozenError: when the plan gives a digest and the file has another.
        InputError: when a file cannot be read.
    """
    known: dict[str, str] = {}

    def of_file(file: str, said: str, what: str, key: str) -> str:
        found = known.setdefault(file, _digest(folder / file, file, said))
        if found and said not in ("", found):
            raise FrozenError(
                f"{what} have the digest {found[:19]}…, the plan says {said[:19]}…",
                rule="a digest in a plan is that of the file",
                fix=f"restore the file, or remove `{key}`: freezing fills it in",
                where=file,
            )
        return found or said

    def fixed(spec: ModelSpec) -> ModelSpec:
        return replace(spec, digest=of_file(spec.file, spec.digest, f"the predictions of {spec.name}", "digest"))

    data = plan.data
    if data.qrels:
        data = replace(data, qrels_digest=of_file(data.qrels, data.qrels_digest, "the qrels", "qrels_digest"))
    return replace(
        plan,
        data=data,
        baseline=fixed(plan.baseline),
        candidates=tuple(fixed(c) for c in plan.candidates),
        ablations=tuple(replace(a, model=fixed(a.model) if a.model else None) for a in plan.ablations),
    )


def _digest(path: Path, said: str, like: str) -> str:
    """A file's digest; empty where there is none yet."""
    try:
        return digest_file(path, like) if path.is_file() else ""
    except (OSError, ValueError) as error:
        raise InputError(
            f"cannot be opened: {error}", rule="predictions are files on this machine", fix="check the path", where=said
        ) from error


def _pending(plan: Plan) -> tuple[str, ...]:
    return tuple(m.name for m in specs(plan) if not m.digest and not m.runs)
