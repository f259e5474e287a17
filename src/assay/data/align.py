"""The join by key: counted, checked, and either refused or reported."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from assay.base.errors import AlignmentError, InputError
from assay.base.owed import Owed
from assay.base.wording import counted
from assay.data.columns import filled, held_somewhere, require, same_kind, score_column, told_apart
from assay.data.queries import check_lists, ranked_lists
from assay.data.request import Aligned, AlignRequest, ModelArms, ModelInput, Names
from assay.data.seeds import refuse_copies
from assay.records.comparison import Alignment
from assay.records.protocols import Engine, Member, PairCount, Sides, Survey, Table
from assay.records.sample import GROUPS

MOST_SEEDS = 200


def align(engine: Engine, request: AlignRequest, owed: Owed | None = None) -> Aligned:
    """Join baseline and candidates by key.

    Args:
        engine: Holds the tables.
        request: What is joined, and by which columns.
        owed: Takes over the check that no key of an only table is repeated, which no join waits for.

    Raises:
        InputError: a column that is missing or ambiguous.
        AlignmentError: keys that are empty or occur twice, targets that differ between files, rows that one side lacks
            (unless the policy says otherwise), a unit with one value, two seeds that are copies of one run.
    """
    tables = list({t.name: t for t in (*(m.table for m in request.models), request.qrels) if t is not None}.values())
    if request.query:
        request = check_lists(engine, request)
    _check_filled(engine, tables)
    _check_columns(request, tables)
    for table in tables:
        told_apart(engine, table, [*request.keys, request.unit, *request.slice_columns, request.seed])
        # Repeated documents of the only table show when its lists are made.
        alone = len(tables) == 1 and not request.seed
        if _check_filled_keys(engine, request, table) and not (alone and request.query):
            if owed is not None and alone:
                owed.add(partial(_check_repeats, engine, request, table))
            else:
                _check_repeats(engine, request, table)
    columns = {c: f"s{i}" for i, c in enumerate(request.slice_columns)}
    members, models = _members(engine, request, columns)
    joined = engine.join(members)
    place = {m.name: next(i for i, x in enumerate(members) if x.table.name == m.table.name) for m in request.models}
    sides = [_sides(models[0], other, place) for other in models[1:]]
    warnings: tuple[str, ...] = ()
    if request.query:
        if len(members) > 1 or request.seed:
            _check_changed(engine, request, joined, engine.survey(joined, []))
        joined, warnings = ranked_lists(engine, request, joined, models, columns)
        request = request.of_queries
    survey = engine.survey(joined, sides)
    _check_rows(engine, request, joined, survey)
    _check_infinite(engine, joined, models)
    refuse_copies(engine, joined, [f"k{i}" for i in range(len(request.keys))], models)
    return replace(grouped(engine, request, joined, tuple(models), columns, survey), warnings=warnings)


def _check_filled(engine: Engine, tables: list[Table]) -> None:
    for table in tables:
        column = next(iter(table.columns), None)
        if column is None or engine.profile(table, [column])[column].rows == 0:
            raise InputError(
                "has no rows", rule="a comparison needs rows", fix="check how the file was written", where=table.source
            )


def _check_columns(request: AlignRequest, tables: list[Table]) -> None:
    if not request.id and len(tables) > 1:
        raise AlignmentError(
            "the files have no common key", rule="rows are joined by key, never by order", fix="--on COLUMN"
        )
    for table in tables:
        require(table, request.keys, "the key")
        require(table, [c for c in (request.seed,) if c and table is not request.qrels], "the seed")
    for column, role in ((request.target, "the target"), (request.unit, "the unit")):
        if column:
            held_somewhere(tables, column, role, column == request.target and column in request.lists)
    for column in request.slice_columns:
        held_somewhere(tables, column, "a slice")
    for model in request.models:
        require(model.table, request.extra, f"a metric of {model.name}", request.lists)
    same_kind(tables, [c for c in (*request.keys, request.target, request.unit, *request.slice_columns) if c])


def _check_filled_keys(engine: Engine, request: AlignRequest, table: Table) -> bool:
    """Whether rows have a key; every one has, then."""
    keys = _keys(request, table)
    if keys:
        filled(engine, table, keys, "every row has a key", "fill or drop these rows", "key column")
    return bool(keys)


def _check_repeats(engine: Engine, request: AlignRequest, table: Table) -> None:
    keys = _keys(request, table)
    many, example = engine.duplicates(table, keys)
    if many:
        said = ", ".join(f"{k}={v}" for k, v in zip(keys, example, strict=True))
        raise AlignmentError(
            f"a key is repeated in {counted(many, 'row')}, first {said}",
            rule="each key occurs once in a file",
            fix="drop the duplicates, add a column to --on, or number them by --repeat or --seed-column",
            where=table.source,
        )


def _keys(request: AlignRequest, table: Table) -> tuple[str, ...]:
    return (*request.keys, request.seed) if request.seed and table is not request.qrels else request.keys


def _members(engine: Engine, request: AlignRequest, columns: dict[str, str]) -> tuple[list[Member], list[ModelArms]]:
    tables: dict[str, Table] = {m.table.name: m.table for m in request.models}
    arms: dict[str, list[tuple[str, str, Any]]] = {n: [] for n in tables}
    models = []
    for i, model in enumerate(request.models):
        seeds = _seeds(engine, request, model)
        reads = {"": score_column(model, request)} if _reads_score(request, model) else {}
        reads |= {c: c for c in request.extra}
        by_column: dict[str, Names] = {}
        for e, (label, column) in enumerate(reads.items()):
            named = tuple(f"a{i}_{e}_{j}" for j in range(len(seeds)))
            arms[model.table.name] += [(n, column, s) for n, s in zip(named, seeds, strict=True)]
            by_column[label] = named
        models.append(ModelArms(model.name, by_column, seeds))
    members = []
    shared = {"y": request.target, "u": request.unit, **{o: c for c, o in columns.items()}}
    for table in tables.values():
        held = {o: c for o, c in shared.items() if c and c in table.columns}
        members.append(Member(table, request.keys, held, tuple(arms[table.name]), request.seed))
    if request.qrels is not None:
        held = {o: c for o, c in shared.items() if c and c in request.qrels.columns}
        members.append(Member(request.qrels, request.keys, held, ()))
    return members, models


def _reads_score(request: AlignRequest, model: ModelInput) -> bool:
    """Metrics that name their own column do not need a score."""
    if model.score or not request.extra:
        return True
    taken = {*request.keys, request.target, request.unit, request.seed, *request.slice_columns, *request.extra}
    return any(c not in taken for c in model.table.columns)


def _seeds(engine: Engine, request: AlignRequest, model: ModelInput) -> tuple[Any, ...]:
    if not request.seed:
        return (None,)
    seeds = engine.distinct(model.table, request.seed, MOST_SEEDS)
    if len(seeds) > MOST_SEEDS:
        raise InputError(
            f"the seed column {request.seed!r} has more than {MOST_SEEDS} values",
            rule="seeds number the training runs of a model",
            fix="name the right column",
            where=model.table.source,
        )
    return tuple(seeds)


def _sides(baseline: ModelArms, candidate: ModelArms, place: dict[str, int]) -> Sides:
    arms = tuple(c for m in (baseline, candidate) for named in m.arms.values() for c in named)
    return Sides(f"here{place[baseline.name]}", f"here{place[candidate.name]}", arms)


def _check_changed(engine: Engine, request: AlignRequest, joined: Table, survey: Survey) -> None:
    for flag, count in survey.flags.items():
        if count:
            word, column = flag.split("_")[:2]
            role = _roles(request).get(column, "slice column")
            change = "differs between the files" if word == "changed" else "differs between the seeds of one row"
            raise AlignmentError(
                f"the {role} {change} in {counted(count, 'row')}, first at {_key(engine, request, joined, flag, True)}",
                rule="all files describe the same rows",
                fix="build both files from one version of the data",
                where=joined.source,
            )


def _roles(request: AlignRequest) -> dict[str, str]:
    return {"y": f"target {request.target!r}", "u": f"unit {request.unit!r}"}


def _check_rows(engine: Engine, request: AlignRequest, joined: Table, survey: Survey) -> None:
    if survey.rows == 0:
        raise AlignmentError("there are no rows", rule="a comparison needs rows", where=joined.source)
    _check_changed(engine, request, joined, survey)
    for column, missing in (("y", survey.no_target), ("u", survey.no_unit)):
        if column in joined.columns and missing and not (column == "y" and request.missing == "exclude"):
            first = _key(engine, request, joined, column, False)
            raise AlignmentError(
                f"the {_roles(request)[column]} is empty in {counted(missing, 'row')}, first at {first}",
                rule="every row has a target and a unit",
                fix="drop these rows from the files" + (", or --missing exclude" if column == "y" else ""),
                where=joined.source,
            )
    if request.missing == "refuse":
        for model, pair in zip(request.models[1:], survey.pairs, strict=True):
            _refuse(request.models[0], model, pair)
    _check_common(request, joined, survey)


def _check_common(request: AlignRequest, joined: Table, survey: Survey) -> None:
    """Both files describe some of the same rows; where rows are refused or excluded, some that both have scored."""
    for model, pair in zip(request.models[1:], survey.pairs, strict=True):
        both = pair.rows + (pair.unscored if request.missing in ("failure", "bounds") else 0)
        if both == 0:
            raise AlignmentError(
                f"{request.models[0].name} and {model.name} have no scored row in common",
                rule="rows are joined by key",
                fix="check that both files use the same ids",
                where=joined.source,
            )


def _refuse(baseline: ModelInput, candidate: ModelInput, pair: PairCount) -> None:
    found = []
    if pair.missing_in_candidate:
        found.append(f"{candidate.name} lacks {counted(pair.missing_in_candidate, 'row')} that {baseline.name} has")
    if pair.missing_in_baseline:
        found.append(f"{baseline.name} lacks {counted(pair.missing_in_baseline, 'row')} that {candidate.name} has")
    if pair.unscored:
        found.append(f"a prediction is empty or NaN in {counted(pair.unscored, 'row')}")
    if found:
        raise AlignmentError(
            ", ".join(found),
            rule="by default both models score every row",
            fix="complete the predictions, or say --missing exclude, failure or bounds",
        )


def _check_infinite(engine: Engine, joined: Table, models: list[ModelArms]) -> None:
    if joined.columns.get("y") == "number":
        infinite = engine.profile(joined, ["y"])["y"].infinite
        if infinite:
            raise InputError(
                f"the target has {counted(infinite, 'infinite value')}",
                rule="a target is finite",
                fix="correct them",
                where=joined.source,
            )
    for model in models:
        arms = [c for named in model.arms.values() for c in named]
        for column, found in engine.profile(joined, [c for c in arms if joined.columns[c] == "number"]).items():
            if found.infinite:
                raise InputError(
                    f"{model.name} has {counted(found.infinite, 'infinite prediction')}",
                    rule="predictions are finite",
                    fix="correct them, or leave them empty and choose a missing policy",
                    where=joined.source + (f" ({column})" if len(arms) > 1 else ""),
                )


def _key(engine: Engine, request: AlignRequest, joined: Table, column: str, is_true: bool) -> str:
    row = engine.example(joined, column, is_true)
    return ", ".join(f"{k}={row.get(f'k{i}')}" for i, k in enumerate(request.keys)) or "an unnamed row"


def grouped(
    engine: Engine,
    request: AlignRequest,
    joined: Table,
    models: tuple[ModelArms, ...],
    columns: dict[str, str],
    survey: Survey,
) -> Aligned:
    """Count units, and give each its group where inference needs groups."""
    many_arms = any(len(m.seeds) > 1 for m in models)
    unit = ("u",) if request.unit else tuple(f"k{i}" for i in range(len(request.id)))
    units, effective, clustered, groups = survey.rows, float(survey.rows), False, 0
    if request.unit or request.repeat or many_arms or request.grouped:
        joined, units, effective, largest = engine.groups(joined, unit, GROUPS)
        clustered = largest > 1
        groups = min(units, GROUPS) if clustered or many_arms or request.grouped else 0
        if units == 1 and survey.rows > 1:
            raise AlignmentError(
                f"the unit column {request.unit!r} has one value",
                rule="units are what was sampled: at least two, and ten for a verdict",
                fix="name the column of users, queries, days, …",
                where=joined.source,
            )
    counts = {}
    for model, pair in zip(models[1:], survey.pairs, strict=True):
        lost = pair.missing_in_baseline + pair.missing_in_candidate + pair.unscored
        kept = request.missing in ("failure", "bounds")
        counts[model.name] = Alignment(
            rows=pair.rows + (lost if kept else 0),
            units=units if clustered else pair.rows,
            effective_units=effective if clustered else float(pair.rows),
            dropped=0 if kept else lost,
            missing_in_baseline=pair.missing_in_baseline,
            missing_in_candidate=pair.missing_in_candidate,
            unscored=pair.unscored,
            imputed=lost if kept else 0,
        )
    keys = tuple(f"k{i}" for i in range(len(request.keys)))
    return Aligned(joined, models, columns, keys, units, effective, clustered, groups, request.missing, unit, counts)
