"""The prediction files that a plan names, checked against the digests it was frozen with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assay.base.errors import FrozenError
from assay.data.request import ModelInput
from assay.readers.files import Source, open_source
from assay.records.comparison import InputFile
from assay.records.plan import ModelSpec, Plan
from assay.records.protocols import Engine, Table


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
    """

    models: list[ModelInput]
    files: tuple[InputFile, ...]
    qrels: Table | None = None


def model_inputs(engine: Engine, plan: Plan, folder: Path) -> Inputs:
    """Open the files of a frozen plan; models in one file share its table.

    Raises:
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
        if digest and source.digest != digest:
            raise FrozenError(
                f"{what} changed: digest {source.digest[:19]}…, frozen {digest[:19]}…",
                rule="a frozen plan is judged on the data that it was frozen with",
                fix="restore the file; if these are new units of a planned look, or another data set: "
                "`assay plan freeze PLAN --deviation 'why'`",
                where=file,
            )
        return table

    models = [
        ModelInput(s.name, table_of(s.file, s.digest, f"the predictions of {s.name}"), s.score) for s in specs(plan)
    ]
    d = plan.data
    qrels = table_of(d.qrels, d.qrels_digest, "the qrels") if d.qrels else None
    files = []
    for source, table in opened.values():
        first = next(iter(table.columns))
        files.append(InputFile(table.source, source.digest, engine.profile(table, [first])[first].rows))
    return Inputs(models, tuple(files), qrels)
