"""Predictions that runs keep, as a plan names them: which run has which cell of the matrix, and what misses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.base.canonical import digest_json
from assay.base.errors import InputError, PlanError, StoreError
from assay.base.wording import counted
from assay.engine import DuckEngine
from assay.readers.files import open_source
from assay.records.comparison import InputFile
from assay.records.plan import ModelSpec, Plan
from assay.records.protocols import Table
from assay.records.runs import RunEnd, RunStart
from assay.records.sweep import CellState, Coverage, Covered, SweepState
from assay.runs.folder import RUNS, find_run, read_record
from assay.runs.matrix import FROM_SWEEP
from assay.runs.reading import read_contents
from assay.store.blobs import Blobs
from assay.verbs.sweep import standing

PREDICTIONS = "predictions"
MOST_SEEDS = 10_000
AS_FROZEN = "as frozen"
SWEEP_AGAIN = "assay sweep PLAN; `assay plan coverage PLAN` shows the matrix"


@dataclass(frozen=True, slots=True)
class KeptTable:
    """The predictions of one run: the blob that holds them, and its form, e.g. `.parquet`."""

    run: str
    digest: str
    form: str


@dataclass(frozen=True, slots=True)
class Arms:
    """What each model of a plan has.

    Attributes:
        coverage: Every cell of the matrix.
        runs: Model -> seed -> the run that has the cell, for models whose predictions runs keep.
    """

    coverage: Coverage
    runs: Mapping[str, Mapping[str, str]]


def coverage(plan: Plan, folder: Path | None, lab: Path | None) -> Arms:
    """Which cells of baseline, candidates and ablations by seed are there.

    Of files, no more is read than their column of seeds.

    Args:
        plan: Whose matrix.
        folder: Of the plan file; None where there is none at hand: no file is opened then.
        lab: The folder `.assay`; None where there is none, and no run therefore.
    """
    state = standing(plan, lab) if lab is not None and plan.sweep is not None else None
    found: list[Covered] = []
    runs: dict[str, dict[str, str]] = {}
    with DuckEngine() as engine:
        for name, role, model in _roles(plan):
            cells = _cells(plan, (name, role, model), engine, folder, (lab, state))
            found += cells
            if model is not None and model.runs and not model.file:
                runs[name] = {c.seed: c.source for c in cells if c.state == "finished"}
    return Arms(Coverage(plan.name, tuple(found), state.notes if state is not None else ()), runs)


def _roles(plan: Plan) -> list[tuple[str, str, ModelSpec | None]]:
    models: list[tuple[str, str, ModelSpec | None]] = [(plan.baseline.name, "baseline", plan.baseline)]
    models += [(c.name, "candidate", c) for c in plan.candidates]
    return models + [(a.name, "ablation", a.model) for a in plan.ablations]


def wanted(plan: Plan, role: str) -> int:
    """How many seeds of a model the plan demands."""
    return 1 if role == "baseline" and plan.baseline.deterministic else plan.seeds


def _cells(
    plan: Plan,
    of: tuple[str, str, ModelSpec | None],
    engine: DuckEngine,
    folder: Path | None,
    kept: tuple[Path | None, SweepState | None],
) -> list[Covered]:
    name, role, model = of
    lab, state = kept
    many = wanted(plan, role)
    if model is None:
        return _absent(name, role, many, [], "the plan names no predictions of it")
    if (not model.runs or model.file) and folder is None:
        return [Covered(name, role, AS_FROZEN, "finished", model.file)]
    if folder is not None and (not model.runs or model.file):
        return _of_file(engine, plan, of, folder / model.file)
    if lab is None:
        return _absent(name, role, many, [], "there is no lab here")
    if model.runs == FROM_SWEEP and state is not None:
        return _of_sweep(name, role, many, state)
    return _of_runs(name, role, many, model.runs, lab)


def _absent(name: str, role: str, many: int, there: list[str], why: str) -> list[Covered]:
    """The cells that miss; named by number, since nobody knows their labels."""
    numbers = range(len(there), many)
    return [Covered(name, role, f"{n + 1} of {many}" if there else str(n), "missing", "", why) for n in numbers]


def _of_file(engine: DuckEngine, plan: Plan, of: tuple[str, str, ModelSpec | None], path: Path) -> list[Covered]:
    name, role, _ = of
    many = wanted(plan, role)
    if not path.is_file():
        return _absent(name, role, many, [], f"no file {path.name}")
    source = open_source(path)
    table = engine.scan(source.path, source.form)
    column = plan.data.seed
    seeds = [str(s) for s in engine.distinct(table, column, MOST_SEEDS)] if column in table.columns else ["only"]
    there = [Covered(name, role, s, "finished", path.name) for s in seeds]
    return there + _absent(name, role, many, seeds, f"{path.name} has {counted(len(seeds), 'seed')}")


def _of_sweep(name: str, role: str, many: int, state: SweepState) -> list[Covered]:
    """The cells of the setting that was chosen; none of them is there before the model's search is over."""
    mine = [c for c in state.cells if c.cell.model == name]
    chosen = next((s.number for s in state.settings if s.model == name and s.chosen), None)
    under_way = [c for c in mine if c.state in ("running", "waiting", "missing")]
    if name in state.unproposed or (len({c.cell.setting for c in mine}) > 1 and under_way):
        worst = {c.cell.seed: c for c in under_way}
        why = "the search is not over"
        waits: CellState = "waiting" if mine else "missing"
        return [Covered(name, role, str(s), worst[s].state if s in worst else waits, "", why) for s in range(many)]
    held = {c.cell.seed: c for c in mine if c.cell.setting == chosen}
    found = []
    for seed in range(many):
        cell = held.get(seed)
        at: CellState = cell.state if cell is not None else "missing"
        why = (cell.why if cell is not None else "no setting has finished with every seed") if at != "finished" else ""
        found.append(Covered(name, role, str(seed), at, cell.run if cell is not None else "", why))
    return found


def _of_runs(name: str, role: str, many: int, ids: tuple[str, ...], lab: Path) -> list[Covered]:
    found: list[Covered] = []
    for number, given in enumerate(ids):
        run = find_run(lab / RUNS, given).name
        start, _ = read_record(lab / RUNS / run, RunStart)
        end, faults = read_record(lab / RUNS / run, RunEnd)
        seed = _seed(start, lab / RUNS / run) if many > 1 or len(ids) > 1 else "0"
        there = end is not None and end.state == "finished" and not faults
        state: CellState = "finished" if there else "failed" if end is not None else "missing"
        why = "" if there else f"the run {run} is {end.state if end is not None else 'without an end'}"
        label = seed if seed is not None else f"{number + 1} of {many}"
        if seed is None:
            state, why = "missing", f"the run {run} says no seed"
        elif any(c.seed == seed for c in found):
            state, why, label = (
                "missing",
                f"the run {run} has the seed {seed} of another one",
                f"{number + 1} of {many}",
            )
        found.append(Covered(name, role, label, state, run, why))
    return found + _absent(name, role, many, [c.seed for c in found], f"{counted(len(ids), 'run')} named")


def _seed(start: RunStart | None, folder: Path) -> str | None:
    """The seed that a run was begun with, or told later."""
    if start is not None and start.seed is not None:
        return str(start.seed)
    told: dict[str, Any] = dict(start.config) if start is not None else {}
    for said in read_contents(folder).of("config"):
        told.update(said)
    return str(told["seed"]) if isinstance(told.get("seed"), int) else None


def refuse_gaps(arms: Arms, plan: Plan) -> None:
    """Refuse to judge a matrix that is not filled: a claim about a method needs every cell, and runs have to be there.

    Raises:
        PlanError: naming the cells.
    """
    method = any(c.about == "method" for c in (*plan.claims, *plan.guardrails))
    gaps = [c for c in arms.coverage.missing if method or c.model in arms.runs]
    if not gaps:
        return
    named = ", ".join(f"{c.model} seed {c.seed} ({c.why or c.state})" for c in gaps[:10])
    more = f" and {len(gaps) - 10} more" if len(gaps) > 10 else ""
    raise PlanError(
        f"the matrix of the plan is not filled: {named}{more}",
        rule="a claim about a method needs every seed of every model; one seed is anecdotal",
        fix=SWEEP_AGAIN if arms.runs else "train the missing seeds, or declare the baseline deterministic if it is",
    )


def stacked(
    engine: DuckEngine, spec: ModelSpec, runs: Mapping[str, str], column: str, lab: Path
) -> tuple[Table, InputFile]:
    """The predictions of a model's runs as one table with a column of seeds, and the record of it.

    Raises:
        InputError: a run that keeps no predictions, or several; tables that do not fit together.
    """
    tables, digests = [], []
    blobs = Blobs(lab / "blobs")
    for seed, run in runs.items():
        kept = predictions_of(lab, run)
        blobs.check(kept.digest)
        tables.append((engine.scan(blobs.path(kept.digest), kept.form), int(seed)))
        digests.append([seed, kept.digest])
    table = engine.stacked(tables, column, f"the runs of {spec.name}")
    first = next(iter(table.columns))
    rows = engine.profile(table, [first])[first].rows
    return table, InputFile(table.source, digest_json(digests), rows)


def predictions_of(lab: Path, run: str) -> KeptTable:
    """The predictions that a run keeps: those called `predictions`, or its only ones.

    Raises:
        InputError: none, or several of other names.
    """
    found = {str(said["name"]): said for said in read_contents(lab / RUNS / run).of(PREDICTIONS)}
    said = found.get(PREDICTIONS) or (next(iter(found.values())) if len(found) == 1 else None)
    if said is None:
        what = f"the run {run} keeps {len(found)} tables of predictions, and none is called `predictions`"
        raise InputError(
            what if found else f"the run {run} keeps no predictions",
            rule="a judgement reads what the runs have kept",
            fix="call run.predictions(table) in the code, or set `sweep.predictions` to the file that it writes",
        )
    form = f".{said['form']}"
    if form not in (".parquet", ".csv", ".tsv", ".jsonl", ".trec"):
        raise StoreError(f"the predictions of the run {run} are of the form {form!r:.40}", fix="keep them as Parquet")
    return KeptTable(run, str(said["digest"]), form)
