"""The prediction files that a plan names, checked against the digests it was frozen with."""

from __future__ import annotations

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


def model_inputs(engine: Engine, plan: Plan, folder: Path) -> tuple[list[ModelInput], tuple[InputFile, ...]]:
    """Open the files of a frozen plan; models in one file share its table.

    Raises:
        FrozenError: when a file's digest is not the frozen one.
        InputError: when a file cannot be read.
    """
    opened: dict[Path, tuple[Source, Table]] = {}
    models = []
    for spec in specs(plan):
        path = (folder / spec.file).absolute()
        if path not in opened:
            source = open_source(path)
            opened[path] = (source, engine.scan(path, source.form))
        source, table = opened[path]
        if spec.digest and source.digest != spec.digest:
            raise FrozenError(
                f"the predictions of {spec.name} changed: digest {source.digest[:19]}…, frozen {spec.digest[:19]}…",
                rule="a frozen plan is judged on the data that it was frozen with",
                fix="restore the file; if these are new units of a planned look, or another data set: "
                "`assay plan freeze PLAN --deviation 'why'`",
                where=spec.file,
            )
        models.append(ModelInput(spec.name, table, spec.score))
    files = []
    for source, table in opened.values():
        first = next(iter(table.columns))
        files.append(InputFile(table.source, source.digest, engine.profile(table, [first])[first].rows))
    return models, tuple(files)
