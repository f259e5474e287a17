"""Verb `candidates`: many models on one test set, with the best, in all pairs, and over data sets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from assay.base.errors import InputError, MetricError
from assay.base.progress import Progress, Silent
from assay.base.version import VERSION
from assay.data.request import AlignRequest, ModelInput
from assay.engine import DuckEngine
from assay.evaluate.request import Label, Reading
from assay.flows.candidates import ManyOptions, candidates
from assay.flows.compare import left_out_warnings
from assay.metrics import parse
from assay.records.access import WRITE, Principal
from assay.records.candidates import CandidateSet
from assay.records.comparison import MissingPolicy
from assay.records.protocols import Engine
from assay.remote.address import LabPlace
from assay.verbs import compare, reads
from assay.verbs.inputs import Opened, check_level, check_seed, check_threshold, model_inputs
from assay.verbs.served import served

Texts = Sequence[str]


@dataclass(frozen=True, slots=True)
class CandidatesRequest:
    """What `assay candidates` asks for; the same for CLI and SDK.

    Attributes:
        files: A file or table for each model, or one with a column for each.
        models: The models' columns in one file.
        on: Columns that name a row.
        target: The column of the truth.
        unit: The column of what was sampled; each row where it is not given.
        block: The column of data sets: each counts once.
        metrics: In the notation of metrics.
        scores: The column of predictions, for all files or for each.
        about: `model` or `method`; by default `method` where there are seeds.
    """

    files: Sequence[Any] = ()
    models: Texts = ()
    on: Texts = ()
    target: str = ""
    unit: str = ""
    block: str = ""
    metrics: Texts = ()
    scores: Texts = ()
    positive: Label | None = None
    threshold: float | None = None
    labels: Sequence[Label] = ()
    seed_column: str = ""
    missing: MissingPolicy = "refuse"
    about: Literal["", "model", "method"] = ""
    level: float = 0.95
    seed: int = 0


READING = ("positive", "threshold", "labels", "seed_column", "missing", "about", "level", "seed")
NAMED = ("models", "metrics", "on", "score", "target", "unit", "block", *READING)
"""Options as the SDK names them."""


def check_options(given: Iterable[str]) -> None:
    """Refuse what is no option of reading.

    Raises:
        AssayError: with all options, and the one that may be meant.
    """
    compare.check_options(given, READING, NAMED, "candidates")


@served(WRITE, long=True, request={"files": "file"})
def run(
    request: CandidatesRequest,
    progress: Progress | None = None,
    threads: int | None = None,
    lab: LabPlace | None = None,
    by: Principal | None = None,
) -> CandidateSet:
    """Compare all models with one another; a read of data that the lab knows is entered in its ledger.

    Args:
        request: What is compared.
        progress: Hears of the steps.
        threads: Of the engine; results do not depend on it.
        lab: That may know the data; by default the nearest from the working folder upwards, if there is one.
        by: Who asks over HTTP.

    Raises:
        AssayError: bad input; nothing is written then.
    """
    check_level(request.level)
    check_seed(request.seed)
    check_threshold(request.threshold)
    if not request.metrics:
        raise MetricError("no metric is named", rule="what is compared is said, never guessed", fix="--metric accuracy")
    metrics = [parse(m) for m in dict.fromkeys(request.metrics)]
    options = ManyOptions(
        Reading(request.positive, request.threshold, tuple(request.labels)),
        request.about or ("method" if request.seed_column else "model"),
        request.block,
        request.level,
        request.seed,
    )
    with DuckEngine(threads) as engine:
        models, opened = inputs_of(engine, request.files, request.models, request.scores)
        wanted = align_request(request, models)
        aligned, rankings, warnings = candidates(engine, wanted, metrics, options, progress or Silent())
        inputs = tuple(o.describe(engine) for o in opened)
        unsure = reads.enter(
            "candidates", inputs, [m.label for m in metrics], reads.rows_of(engine, aligned), (lab, by)
        )
    said = (*unsure, *left_out_warnings(aligned.counts), *warnings)
    return CandidateSet(VERSION, request.seed, inputs, request.unit, request.level, tuple(rankings), said)


def align_request(request: Any, models: Sequence[ModelInput]) -> AlignRequest:
    """What to join for a request with the columns of `CandidatesRequest`.

    Raises:
        InputError: neither a key nor a unit: units cannot be left out in turn.
    """
    if not request.on and not request.unit:
        raise InputError(
            "neither a key nor a unit is named",
            rule="units are left out in turn, so that they need names",
            fix="--on COLUMN",
        )
    if request.about == "method" and not request.seed_column:
        raise InputError(
            "a claim about a method and no seeds",
            rule="a method is judged over training seeds",
            fix="--seed-column COLUMN",
        )
    return AlignRequest(
        models=tuple(models),
        id=tuple(request.on),
        target=request.target,
        unit=request.unit if request.unit not in request.on or len(request.on) > 1 else "",
        seed=request.seed_column,
        missing=request.missing,
    )


def inputs_of(
    engine: Engine, files: Sequence[Any], models: Texts, scores: Texts
) -> tuple[list[ModelInput], list[Opened]]:
    """The models: a column each of one file, or a file each.

    Raises:
        InputError: fewer than two models, or columns named for several files.
    """
    if (len(files) == 1 and len(models) < 2) or len(files) < 1:
        given = len(models) if len(files) == 1 else len(files)
        raise InputError(
            f"{given} {'model is' if given == 1 else 'models are'} named",
            rule="models are compared with one another: two at least",
            fix="a file for each model, or one file and --model COLUMN for each",
        )
    if len(files) > 1 and models:
        raise InputError(
            f"columns are named for {len(files)} files",
            rule="either a file for each model, or one file with a column for each",
            fix="--score COLUMN names the column of predictions",
        )
    if models:
        return model_inputs(engine, files, models[0], models[1:], ())
    return model_inputs(engine, files, "", (), scores)
