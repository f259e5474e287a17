"""Alignment read off a table that was aligned before: what it found is counted again, never taken on trust."""

from __future__ import annotations

from collections.abc import Sequence

from assay.base.errors import EvidenceError
from assay.data.align import grouped
from assay.data.request import Aligned, AlignRequest, ModelArms
from assay.records.protocols import Engine, Member, Sides, Table


def realign(engine: Engine, request: AlignRequest, models: Sequence[ModelArms], table: Table) -> Aligned:
    """The aligned table around scores that were kept, with units, groups and counts found again.

    Args:
        models: Each with its columns of the table, the baseline first.

    Raises:
        EvidenceError: when the table lacks columns, or a model's columns are not its own.
    """
    request = request.of_queries
    columns = {c: f"s{i}" for i, c in enumerate(request.slice_columns)}
    keys = tuple(f"k{i}" for i in range(len(request.keys)))
    roles = {"y": request.target, "u": request.unit}
    shared = [*(role for role, column in roles.items() if column and role in table.columns), *columns.values()]
    arms = [_arms(m) for m in models]
    for model in models:
        labelled = len(set(model.seeds)) == len(model.seeds) and None not in model.seeds
        if not (labelled if request.seed else model.seeds == (None,)):
            raise _unfit(f"{model.name} has the seeds {model.seeds}")
    for place, named in enumerate(arms):
        _check(table, (*keys, *shared, *named))
        if any(not a.startswith(f"a{place}_") for a in named):
            raise _unfit(f"{models[place].name} has the columns {named}")
    here = [_present(table, named[0]) for named in arms]
    flags = tuple((f"in_{h}", h, None) for h in dict.fromkeys(here))
    brought = (*((a, a, None) for named in arms for a in named), *flags)
    joined = engine.join([Member(table, keys, {s: s for s in shared}, brought)])
    sides = [
        Sides(f"in_{here[0]}", f"in_{there}", (*arms[0], *named))
        for there, named in zip(here[1:], arms[1:], strict=True)
    ]
    return grouped(engine, request, joined, tuple(models), columns, engine.survey(joined, sides))


def _arms(model: ModelArms) -> tuple[str, ...]:
    named = tuple(a for columns in model.arms.values() for a in columns)
    if not named or any(len(columns) != len(model.seeds) for columns in model.arms.values()):
        raise _unfit(f"{model.name} has no column for each seed")
    return named


def _present(table: Table, arm: str) -> str:
    """The column that says whether the file of an arm has the row: it follows the arms of that file."""
    columns = list(table.columns)
    found = next((c for c in columns[columns.index(arm) :] if c.startswith("here")), None)
    if found is None:
        raise _unfit("no column says which rows each model has")
    return found


def _check(table: Table, columns: Sequence[str]) -> None:
    missing = [c for c in columns if c not in table.columns]
    if missing:
        raise _unfit(f"the column {missing[0]} is missing")


def _unfit(what: str) -> EvidenceError:
    return EvidenceError(
        f"the scores do not fit the manifest: {what}",
        rule="scores.parquet is the aligned table that judge wrote",
        fix="take the evidence from its source again",
    )
