"""`compare`: baseline against candidates, without a plan and without a lab."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from assay.base.canonical import plain
from assay.base.errors import AssayError, InputError, MetricError
from assay.base.numeric import check_number
from assay.base.progress import Progress, Silent
from assay.base.version import VERSION
from assay.data.request import Aligned, AlignRequest
from assay.engine import DuckEngine
from assay.evaluate.request import Label, Reading
from assay.flows.asked import Asked
from assay.flows.compare import CompareOptions, compare, left_out_warnings, unread_warnings
from assay.metrics import parse
from assay.records.access import WRITE, Principal
from assay.records.comparison import Comparison, ComparisonSet, MissingPolicy
from assay.remote.address import LabPlace
from assay.verbs import reads
from assay.verbs.inputs import (
    Opened,
    check_level,
    check_seed,
    check_threshold,
    check_uploaded,
    model_inputs,
    open_input,
)
from assay.verbs.served import served

Texts = Sequence[str]
READING = (
    "positive",
    "threshold",
    "labels",
    "seed_column",
    "repeat_column",
    "query",
    "qrels",
    "missing",
    "about",
    "level",
    "seed",
    "draws",
    "curves",
    "examples",
    "relative",
    "permutation",
    "simultaneous",
    "bayes",
    "rope",
    "prior",
    "discoveries",
)
NAMED = ("baseline", "candidates", "metrics", "on", "score", "slices", "target", "unit", *READING)
"""Options as the SDK names them."""
MOST_VALUES = 50
POLICIES = ("refuse", "exclude", "failure", "bounds")


@dataclass(frozen=True, slots=True)
class CompareRequest:
    """What to compare; the same for CLI and SDK.

    Attributes:
        files: Paths, or tables in memory: the baseline and its candidates, or one with a column per model.
        baseline: The baseline's column in one file, or its path.
        candidates: The same for the candidates.
        on: Columns that name a row.
        target: The column of the truth.
        unit: The column of what was sampled; each row where it is not given.
        slices: Columns, or columns crossed with `*`.
        metrics: In the notation of metrics.
        scores: The column of predictions, for all files or for each.
        positive: The positive class.
        threshold: Scores at or above it become the positive class.
        labels: All classes.
        seed_column: Training seeds in a long file: the claim is then about the method.
        repeat_column: Numbers repeated predictions of one row.
        query: The column of the query, where rows are documents: those of one query are one ranked list.
        qrels: A path or a table of relevance, besides what the files hold.
        missing: `refuse`, `exclude`, `failure` or `bounds`.
        curves: Make reliability diagrams of probabilities, and risk-coverage curves of selective metrics.
        examples: Look up a few rows that each candidate won and lost, by the first metric that single rows decide.
        about: `model` or `method`; by default `method` where there are seeds.
        relative: Show the difference as a share of the baseline too.
        permutation: Show the sign-flip test too.
        simultaneous: Let the intervals of all metrics of one candidate and slice hold together.
        bayes: Show a posterior of the difference too.
        rope: Differences up to it count as the same in the posterior.
        prior: Standard deviation of a normal prior around 0; none unless given.
        discoveries: Show for each slice the share of false findings among slices of its metric as far from 0.
    """

    files: Sequence[Any] = ()
    baseline: str = ""
    candidates: Texts = ()
    on: Texts = ()
    target: str = ""
    unit: str = ""
    slices: Texts = ()
    metrics: Texts = ()
    scores: Texts = ()
    positive: Label | None = None
    threshold: float | None = None
    labels: Sequence[Label] = ()
    seed_column: str = ""
    repeat_column: str = ""
    query: str = ""
    qrels: Any = None
    missing: MissingPolicy = "refuse"
    about: Literal["", "model", "method"] = ""
    level: float = 0.95
    seed: int = 0
    draws: int = 9999
    curves: bool = False
    examples: bool = False
    relative: bool = False
    permutation: bool = False
    simultaneous: bool = False
    bayes: bool = False
    rope: float = 0.0
    prior: float | None = None
    discoveries: bool = False


def check_options(given: Iterable[str], known: Texts = READING, named: Texts = NAMED, verb: str = "compare") -> None:
    """Refuse what is no option of reading.

    Args:
        given: Names of options.
        known: The options of reading that the verb takes.
        named: All of its options, as the SDK names them.
        verb: Its name.

    Raises:
        AssayError: with all options, and the one that may be meant.
    """
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, named, n=1)
            raise AssayError(
                f"{verb} has no option {name!r}",
                rule=f"its options: {', '.join(sorted(named))}",
                fix=f"did you mean {near[0]!r}?" if near else "leave it out",
            )


@served(WRITE, long=True, request={"files": "file", "qrels": "file"})
def run(
    request: CompareRequest,
    progress: Progress | None = None,
    threads: int | None = None,
    lab: LabPlace | None = None,
    by: Principal | None = None,
) -> ComparisonSet:
    """Compare and return every estimate; a read of data that the lab knows is entered in its ledger.

    Args:
        request: What is compared.
        progress: Hears of the steps.
        threads: Of the engine; results do not depend on it.
        lab: That may know the data; by default the nearest from the working folder upwards, if there is one.
        by: Who asks over HTTP; they name uploaded files alone.

    Raises:
        AssayError: bad input; nothing is written then.
    """
    if by is not None:
        check_uploaded(request.files, request.baseline, request.candidates)
    _check(request)
    metrics = [parse(m) for m in dict.fromkeys(request.metrics)]
    about: Literal["model", "method"] = request.about or ("method" if request.seed_column else "model")
    if about == "method" and not request.seed_column:
        raise InputError(
            "a claim about a method and no seeds",
            rule="a method is judged over training seeds",
            fix="--seed-column COLUMN",
        )
    options = _options(request, about)
    with DuckEngine(threads) as engine:
        models, opened = model_inputs(engine, request.files, request.baseline, request.candidates, request.scores)
        qrels = None if request.qrels in (None, "") else open_input(engine, request.qrels, "qrels")
        request = _named(request, [*opened, *([qrels] if qrels else [])])
        wanted = AlignRequest(
            models=tuple(models),
            id=tuple(request.on),
            target=request.target,
            unit=request.unit if request.unit not in request.on or len(request.on) > 1 else "",
            slices=_slices(request.slices),
            seed=request.seed_column,
            repeat=request.repeat_column,
            missing=request.missing,
            query=request.query,
            qrels=qrels.table if qrels else None,
        )
        found, aligned, drawn, rows = compare(engine, wanted, metrics, options, progress or Silent())
        inputs = tuple(o.describe(engine) for o in (*opened, *([qrels] if qrels else [])))
        unsure = reads.enter("compare", inputs, [m.label for m in metrics], reads.rows_of(engine, aligned), (lab, by))
    warnings = (*unsure, *aligned.warnings, *left_out_warnings(aligned.counts), *_unread(found, aligned))
    seeds = {m.name: len(m.seeds) for m in aligned.models} if request.seed_column else {}
    notes = {"unit": request.unit, "seeds": seeds}
    compared = tuple(found)
    made = ComparisonSet(VERSION, request.seed, inputs, compared, warnings, curves=tuple(drawn), notes=notes)
    if not rows:
        return made
    first, *others = rows
    return replace(made, won=first.won, lost=first.lost, notes={**notes, **first.notes}, others=tuple(others))


def _options(request: CompareRequest, about: Literal["model", "method"]) -> CompareOptions:
    return CompareOptions(
        reading=Reading(request.positive, request.threshold, tuple(request.labels)),
        about=about,
        level=request.level,
        seed=request.seed,
        draws=request.draws,
        curves=request.curves,
        examples=request.examples,
        asked=Asked(
            request.relative,
            request.permutation,
            request.simultaneous,
            request.bayes or request.rope > 0 or request.prior is not None,
            request.rope,
            request.prior,
            request.discoveries,
        ),
    )


def columns(file: Any, of: str = "") -> dict[str, Any]:
    """What a file of predictions holds: its rows, its columns with their kinds, and the values of one; no look.

    Args:
        file: A path, or a table in memory.
        of: A column whose values are wanted: all of them, or none where there are more than `MOST_VALUES`.

    Raises:
        InputError: a file that cannot be read.
    """
    with DuckEngine() as engine:
        opened = open_input(engine, file, "file")
        kinds = {name: str(kind) for name, kind in opened.table.columns.items()}
        values = engine.distinct(opened.table, of, MOST_VALUES) if of in kinds else []
        known = plain(values) if len(values) <= MOST_VALUES else []
        return {"rows": opened.describe(engine).rows, "columns": kinds, "values": known}


def _named(request: CompareRequest, opened: Sequence[Opened]) -> CompareRequest:
    """The request with the columns that files of trec_eval's form always have."""
    if not request.query and request.qrels in (None, "") and not any(o.is_trec for o in opened):
        return request
    query = request.query or "query"
    on = request.on or ((query, "document") if query == "query" else ())
    return replace(request, query=query, on=on, target=request.target or "relevance")


def _unread(found: Sequence[Comparison], aligned: Aligned) -> list[str]:
    """Queries that metrics of ranked lists leave out."""
    read: dict[tuple[int, int], list[str]] = {}
    for one in found:
        if one.metric.reads == "ranking" and not one.slice:
            rows = aligned.counts[one.candidate_name].rows
            read.setdefault((rows, one.alignment.rows), []).append(one.metric.label)
    return unread_warnings(read)


def _slices(given: Texts) -> tuple[tuple[str, ...], ...]:
    crossed = [tuple(c.strip() for c in s.split("*")) for s in given]
    for columns in crossed:
        if not all(columns) or len(set(columns)) < len(columns):
            raise InputError(
                f"cannot read the slice {'*'.join(columns)!r}",
                rule="columns, or different columns crossed with *",
                fix="region*lang",
            )
    return tuple(dict.fromkeys(crossed))


def _check(request: CompareRequest) -> None:
    if not request.metrics:
        raise MetricError("no metric is named", rule="what is compared is said, never guessed", fix="--metric accuracy")
    check_level(request.level)
    check_number("draws", request.draws, whole=True)
    if request.missing not in POLICIES:
        raise InputError(
            f"the missing policy is {request.missing!r}",
            rule=f"it is one of {', '.join(POLICIES)}",
            fix="--missing refuse",
        )
    if not 999 <= request.draws <= 10_000_000:
        raise InputError(f"draws is {request.draws}", rule="between 999 and 10,000,000 draws", fix="--draws 9999")
    check_seed(request.seed)
    _check_beside(request)
    check_threshold(request.threshold)


def _check_beside(request: CompareRequest) -> None:
    check_number("rope", request.rope)
    check_number("prior", 1.0 if request.prior is None else request.prior)
    if not (math.isfinite(request.rope) and request.rope >= 0):
        rule = "differences up to the rope count as the same: a number above 0"
        raise InputError(f"the rope is {request.rope}", rule=rule, fix="--rope 0.01")
    if request.prior is not None and not (math.isfinite(request.prior) and request.prior > 0):
        rule = "the standard deviation of a prior is a number above 0"
        raise InputError(f"the prior is {request.prior}", rule=rule, fix="--prior 0.02")
    if request.discoveries and not request.slices:
        rule = "discoveries are findings among several slices of one metric"
        raise InputError("discoveries are asked for and no slices", rule=rule, fix="--slice COLUMN")
    asked = request.relative or request.permutation or request.simultaneous or request.bayes
    asked = asked or request.rope > 0 or request.prior is not None
    if asked and not request.on and not request.unit:
        raise InputError(
            "neither a key nor a unit is named",
            rule="readings beside the intervals leave units out in turn, so that units need names",
            fix="--on COLUMN",
        )
