"""The prediction files that a plan names, checked against the digests it was frozen with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assay.base.errors import FrozenError
from assay.data.request import ModelInput
from assay.engine import DuckEngine
from assay.readers.files import Source, open_source
from assay.records.comparison import InputFile
from assay.records.plan import ModelSpec, Plan
from assay.records.protocols import Table
from assay.verbs.kept import coverage, refuse_gaps, stacked


def specs(plan: Plan) -> tuple[ModelSpec, ...]:
    """Every model that the plan has predictions of: baseline, candidates, ablations."""
    return (plan.baseline, *plan.candidates, *(a.model for a in plan.ablations if a.model is not None))


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a plan is judged on.

    Attributes:
        models: Each with its table.
        files: The files that were read, with their digests.
        qrels: The table of relevance besides those of the models.
        runs: Model -> seed -> the run that has its predictions, for models whose predictions runs keep.
    """

    models: list[ModelInput]
    files: tuple[InputFile, ...]
    qrels: Table | None = None
    runs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def model_inputs(engine: DuckEngine, plan: Plan, folder: Path, lab: Path | None = None) -> Inputs:
    """Open what a frozen plan is judged on; models in one file share its table.

    Args:
        engine: That reads.
        plan: As it was frozen.
        folder: Of the plan file.
        lab: The folder `.assay` with the runs that the plan names; its matrix has to be filled then.

    Raises:
        PlanError: a matrix that is not filled.
        FrozenError: when a file's digest is not the frozen one.
        InputError: when a file cannot be read.
    """
    opened: dict[Path, tuple[Source, Table]] = {}

    def table_of(file: str, digest: str, what: str) -> Table:
        path = (folder / file).absolute()
        if path not in opened:
            source = open_source(path)
            opened[path] = (source, engine.scan(path, source.form))
        source, table = opened[path]
        if digest and source.digest_like(digest) != digest:
            raise FrozenError(
                f"{what} changed: digest {source.digest[:19]}…, frozen {digest[:19]}…",
                rule="a frozen plan is judged on the data that it was frozen with",
                fix="restore the file; if these are new units of a planned look, or another data set: "
                "`assay plan freeze PLAN --deviation 'why'`",
                where=file,
            )
        return table

    arms = coverage(plan, folder, lab) if lab is not None else None
    if arms is not None:
        refuse_gaps(arms, plan)
    runs = arms.runs if arms is not None else {}
    d, models, stacks = plan.data, [], []
    for s in specs(plan):
        if s.name in runs and lab is not None:
            table, record = stacked(engine, s, runs[s.name], d.seed, lab)
            stacks.append(record)
        else:
            table = table_of(s.file, s.digest, f"the predictions of {s.name}")
        models.append(ModelInput(s.name, table, s.score))
    qrels = table_of(d.qrels, d.qrels_digest, "the qrels") if d.qrels else None
    files = []
    for source, table in opened.values():
        first = next(iter(table.columns))
        files.append(InputFile(table.source, source.digest, engine.profile(table, [first])[first].rows))
    return Inputs(models, (*files, *stacks), qrels, runs)
