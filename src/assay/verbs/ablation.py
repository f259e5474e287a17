"""Verb `ablation`: main effects and interactions of what was switched on and off, from runs on the same units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.base.errors import InputError, MetricError
from assay.base.progress import Progress, Silent
from assay.base.version import VERSION
from assay.engine import DuckEngine
from assay.evaluate.request import Label, Reading
from assay.flows.ablation import evaluated, measured, notes, read_design
from assay.flows.candidates import ManyOptions
from assay.metrics import parse
from assay.records.ablation import AblationSet
from assay.records.access import WRITE, Principal
from assay.records.comparison import MissingPolicy
from assay.records.protocols import Engine
from assay.remote.address import LabPlace
from assay.verbs import compare, reads
from assay.verbs.candidates import align_request, inputs_of
from assay.verbs.inputs import Opened, check_level, check_seed, check_threshold, open_input
from assay.verbs.served import served

Texts = Sequence[str]
READING = ("target", "unit", "scores", "positive", "threshold", "labels", "missing", "level", "seed", "order")
NAMED = ("factors", "model", "value", "predictions", "metrics", "on", *READING)
"""Options as the SDK names them."""


@dataclass(frozen=True, slots=True)
class AblationRequest:
    """What `assay ablation` asks for; the same for CLI and SDK.

    Attributes:
        design: A path, or a table in memory: a row for each run.
        factors: Columns of settings.
        model: The column that names each run's predictions: columns of `predictions`, or files.
        value: A column of values instead of predictions.
        predictions: One file or table with a column for each run.
        on: Columns that name a row of the predictions.
        order: The largest number of factors in an interaction.
    """

    design: Any
    factors: Texts = ()
    model: str = ""
    value: str = ""
    predictions: Any = None
    on: Texts = ()
    target: str = ""
    unit: str = ""
    metrics: Texts = ()
    scores: Texts = ()
    positive: Label | None = None
    threshold: float | None = None
    labels: Sequence[Label] = ()
    missing: MissingPolicy = "refuse"
    order: int = 2
    level: float = 0.95
    seed: int = 0
    seed_column: str = ""
    about: str = ""


def check_options(given: Iterable[str]) -> None:
    """Refuse what is no option of reading.

    Raises:
        AssayError: with all options, and the one that may be meant.
    """
    compare.check_options(given, READING, NAMED, "ablation")


@served(WRITE, long=True, request={"design": "file", "predictions": "file"})
def run(
    request: AblationRequest,
    progress: Progress | None = None,
    threads: int | None = None,
    lab: LabPlace | None = None,
    by: Principal | None = None,
) -> AblationSet:
    """Estimate the effects; a read of data that the lab knows is entered in its ledger.

    Args:
        request: What is asked.
        progress: Hears of the steps.
        threads: Of the engine; results do not depend on it.
        lab: That may know the data; by default the nearest from the working folder upwards, if there is one.
        by: Who asks over HTTP; they name uploaded files alone.

    Raises:
        AssayError: bad input; nothing is written then.
    """
    _check(request)
    options = ManyOptions(
        Reading(request.positive, request.threshold, tuple(request.labels)), "model", "", request.level, request.seed
    )
    shown = progress or Silent()
    with DuckEngine(threads) as engine:
        opened = open_input(engine, request.design, "design")
        plan = read_design(engine, opened.table, request.factors, request.model, request.order)
        if request.value:
            studies = [measured(engine, plan, opened.table, request.value, request.factors, options)]
            read: list[Opened] = []
        else:
            models, read = inputs_of(engine, *_inputs(request, plan.names, by is not None), request.scores)
            metrics = [parse(m) for m in dict.fromkeys(request.metrics)]
            studies = evaluated(engine, plan, align_request(request, models), metrics, options, shown)
        inputs = tuple(o.describe(engine) for o in _once(engine, [opened, *read]))
        unsure = reads.enter("ablation", inputs, request.metrics, None, (lab, by))
    settings = len(set(plan.design.cells.tolist()))
    return AblationSet(
        VERSION,
        request.seed,
        inputs,
        request.unit,
        request.level,
        plan.design.kind,
        plan.factors,
        settings,
        plan.design.missing,
        plan.design.absent,
        tuple(studies),
        notes(plan, request.order, not request.value),
        unsure,
    )


def _once(engine: Engine, opened: Sequence[Opened]) -> list[Opened]:
    return list({o.table.name: o for o in opened}.values())


def _inputs(request: AblationRequest, names: Texts, uploaded: bool) -> tuple[list[Any], list[str]]:
    """Files and columns of the runs: columns of one file, or a file each beside the design.

    Raises:
        InputError: a file elsewhere on this machine, for who has uploaded theirs.
    """
    if request.predictions is not None:
        return [request.predictions], list(names)
    outside = next((n for n in names if Path(n).is_absolute() or ".." in Path(n).parts), None)
    if uploaded and outside is not None:
        raise InputError(
            f"the design names the file {outside!r:.200}",
            rule="files are uploaded, and lie beside the design",
            fix="name it as it is uploaded",
        )
    folder = Path(request.design).parent if isinstance(request.design, (str, Path)) else Path()
    return [n if Path(n).is_absolute() else folder / n for n in names], []


def _check(request: AblationRequest) -> None:
    check_level(request.level)
    check_seed(request.seed)
    check_threshold(request.threshold)
    if not request.factors:
        raise InputError(
            "no factor is named", rule="a factor is what runs have on or off, or at some level", fix="--factor COLUMN"
        )
    if bool(request.model) == bool(request.value):
        raise InputError(
            "both a model and a value are named" if request.model else "neither a model nor a value is named",
            rule="runs have predictions (--model) or a value each (--value)",
            fix="--model COLUMN, or --value COLUMN",
        )
    if request.model and not request.metrics:
        raise MetricError("no metric is named", rule="what is compared is said, never guessed", fix="--metric accuracy")
    if request.value and (request.metrics or request.predictions is not None):
        raise InputError(
            "a column of values and a metric or predictions",
            rule="values are taken as they are, one a run",
            fix="leave --metric and the predictions out, or name --model",
        )
