"""Plans written by people: a YAML file becomes a `Plan`, or every problem in it at once, each with its line."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from pydantic import ValidationError

from assay.base.errors import AssayError, PlanError
from assay.metrics import parse
from assay.readers.plan_content import plan_content, plan_from_content, plan_of, plan_to_yaml
from assay.readers.plan_draft import Draft, draft_of
from assay.readers.plan_lint import KnownMetric, lint, placeholders
from assay.readers.plan_problems import schema_problems, shown
from assay.readers.plan_schema import PlanKeys
from assay.readers.plan_yaml import Document, load
from assay.records.plan import Plan

__all__ = [
    "Examined",
    "examine",
    "plan_content",
    "plan_from_content",
    "plan_to_yaml",
    "read_plan",
    "template",
]

Numbered = list[tuple[int, AssayError]]


@dataclass(frozen=True, slots=True)
class Examined:
    """A plan file and what is wrong with it.

    Attributes:
        plan: None where there are problems.
        draft: What can be understood of it; None where it is no mapping.
    """

    plan: Plan | None
    problems: tuple[AssayError, ...]
    warnings: tuple[str, ...]
    draft: Draft | None = None


def read_plan(path: Path, known_metric: KnownMetric = parse, *, final: bool = False) -> Plan:
    """Read a plan.

    Args:
        path: The YAML file.
        known_metric: Reads a metric's notation.
        final: Whether the plan is about to be frozen: placeholders of the template are problems then.

    Raises:
        PlanError: when anything is wrong; `problems` has every one, in the order of the lines.
    """
    found = examine(path, known_metric, final=final)
    if found.plan is None or found.problems:
        raise _all(found.problems, path)
    return found.plan


def template() -> str:
    """A commented plan to start from: sound except for the texts in `<...>`."""
    return resources.files("assay.readers").joinpath("plan_template.yaml").read_text(encoding="utf-8")


def examine(path: Path, known_metric: KnownMetric = parse, *, final: bool = False) -> Examined:
    """Everything that can be said of a plan file; nothing is raised for a bad one."""
    try:
        document = load(path)
    except PlanError as error:
        return Examined(None, (error,), ())
    if not isinstance(document.value, dict) or not document.value:
        return Examined(None, (*document.problems, _no_mapping(document)), ())
    keys, problems, broken = _validated(document)
    draft = draft_of(document, broken)
    found = lint(draft, known_metric)
    problems += [(_line(problem), problem) for problem in document.problems]
    problems += found.problems
    warnings = list(found.warnings)
    for gap in placeholders(document.value):
        where = document.where(gap.path)
        unfilled = PlanError(gap.what, rule=gap.rule, fix=gap.fix, where=where)
        if final:
            problems.append((_line(unfilled), unfilled))
        else:
            warnings.append((_line(unfilled), f"{where}: {gap.what}; {gap.fix}"))
    problems.sort(key=lambda item: item[0])
    warnings.sort(key=lambda item: item[0])
    plan = plan_of(keys) if keys is not None and not problems else None
    said = tuple(text for _, text in warnings)
    return Examined(plan, tuple(problem for _, problem in problems), said, draft)


def _validated(document: Document) -> tuple[PlanKeys | None, Numbered, set[str]]:
    try:
        return PlanKeys.model_validate(document.value), [], set()
    except ValidationError as error:
        found = schema_problems(error, document)
        broken = {str(item["loc"][0]) for item in error.errors(include_url=False) if item["loc"]}
        return None, [(_line(problem), problem) for problem in found], broken


def _line(error: AssayError) -> int:
    return int(error.where.rpartition(":")[2])


def _no_mapping(document: Document) -> PlanError:
    empty = document.value in (None, {}, "")
    return PlanError(
        "the file is empty" if empty else f"the file holds {shown(document.value)}",
        rule="a plan is a mapping of keys such as `question:` and `claims:`",
        fix="start from `assay plan new`",
        where=f"{document.name}:1",
    )


def _all(problems: tuple[AssayError, ...], path: Path) -> PlanError:
    if len(problems) == 1:
        only = problems[0]
        return PlanError(only.what, rule=only.rule, fix=only.fix, where=only.where, problems=problems)
    return PlanError(
        f"{len(problems)} problems in the plan; the first: {problems[0].line()}",
        fix=f"see them all: assay plan check {path.name}",
        where=path.name,
        problems=problems,
    )
